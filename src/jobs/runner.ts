// Work that is due without anybody asking: each job runs at its interval and when it is nudged, in slices that let
// everything else in between.
import type { JobName, World } from '../core/world.ts'

export interface Job<Surroundings = World> {
  readonly name: JobName
  readonly everyMs: number
  /** Does one bounded slice. @returns whether there is more to do at once; a number = in so many ms */
  run(world: Surroundings): Promise<boolean | number>
}

/** `Surroundings`: what the jobs want of the world, and a log. */
export class JobRunner<Surroundings extends Pick<World, 'log'> = World> {
  readonly #world: Surroundings
  readonly #jobs: ReadonlyMap<JobName, Job<Surroundings>>
  readonly #timers: NodeJS.Timeout[] = []
  readonly #running = new Map<JobName, Promise<void>>()
  readonly #nudged = new Set<JobName>()
  readonly #later = new Map<JobName, NodeJS.Timeout>()
  #isStopped = false

  constructor(world: Surroundings, jobs: readonly Job<Surroundings>[]) {
    this.#world = world
    this.#jobs = new Map(jobs.map(job => [job.name, job]))
  }

  /** Each job runs at once: what an earlier core left undone goes on. */
  start(): void {
    for (const { name, everyMs } of this.#jobs.values()) {
      this.#timers.push(setInterval(() => this.nudge(name), everyMs))
      this.nudge(name)
    }
  }

  nudge(name: JobName): void {
    const job = this.#jobs.get(name)
    if (!job || this.#isStopped) return
    this.#nudged.add(name)
    if (!this.#running.has(name)) this.#running.set(name, this.#runUntilDone(job))
  }

  /** Resolves when nothing is left to do at once. */
  async idle(): Promise<void> {
    await Promise.all(this.#running.values())
  }

  /** Resolves when the slices under way are finished. */
  async stop(): Promise<void> {
    this.#isStopped = true
    for (const timer of this.#timers) clearInterval(timer)
    for (const timer of this.#later.values()) clearTimeout(timer)
    await this.idle()
  }

  async #runUntilDone(job: Job<Surroundings>): Promise<void> {
    while (this.#nudged.delete(job.name) && !this.#isStopped) {
      const more = await this.#runSlice(job)
      if (typeof more === 'number') this.#nudgeLater(job.name, more)
      else if (more) this.#nudged.add(job.name)
    }
    this.#running.delete(job.name)
  }

  #nudgeLater(name: JobName, ms: number): void {
    if (this.#isStopped) return
    clearTimeout(this.#later.get(name))
    this.#later.set(
      name,
      setTimeout(() => this.nudge(name), ms),
    )
  }

  /** A slice that fails is tried again at the next interval. */
  async #runSlice(job: Job<Surroundings>): Promise<boolean | number> {
    try {
      return await job.run(this.#world)
    } catch (error) {
      if (!this.#isStopped) this.#world.log.error({ err: error, job: job.name }, 'a job failed')
      return false
    }
  }
}
