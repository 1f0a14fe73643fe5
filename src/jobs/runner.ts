// Work that is due without anybody asking: each job runs at its interval, when it is nudged and when it has said, in slices
// that let everything else in between.
import type { JobName, World } from '../core/world.ts'

/** Nothing to do before that moment (epoch ms), by the core's clock. */
export interface DueAt {
  readonly dueAt: number
}

export interface Job<Surroundings = World> {
  readonly name: JobName
  /** Absent = it knows itself when there is something to do, and is nudged for the rest. */
  readonly everyMs?: number
  /** Does one bounded slice. @returns whether there is more to do at once; a number = in so many ms */
  run(world: Surroundings): Promise<boolean | number | DueAt>
}

/** After a slice that failed, where no interval brings the next. */
const failedMs = 1_000

/** `Surroundings`: what the jobs want of the world, and what the runner does. */
export class JobRunner<Surroundings extends Pick<World, 'log' | 'clock'> = World> {
  readonly #world: Surroundings
  readonly #jobs: ReadonlyMap<JobName, Job<Surroundings>>
  readonly #timers: NodeJS.Timeout[] = []
  readonly #running = new Map<JobName, Promise<void>>()
  readonly #nudged = new Set<JobName>()
  /** What a job has asked for last; each takes it back. */
  readonly #later = new Map<JobName, () => void>()
  #isStopped = false

  constructor(world: Surroundings, jobs: readonly Job<Surroundings>[]) {
    this.#world = world
    this.#jobs = new Map(jobs.map(job => [job.name, job]))
  }

  /** Each job runs at once: what an earlier core left undone goes on. */
  start(): void {
    for (const { name, everyMs } of this.#jobs.values()) {
      if (everyMs !== undefined) this.#timers.push(setInterval(() => this.nudge(name), everyMs))
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
    for (const cancel of this.#later.values()) cancel()
    await this.idle()
  }

  async #runUntilDone(job: Job<Surroundings>): Promise<void> {
    while (this.#nudged.delete(job.name) && !this.#isStopped) {
      // The slice finds out anew what comes after it.
      this.#later.get(job.name)?.()
      this.#later.delete(job.name)
      const more = await this.#runSlice(job)
      if (more === true) this.#nudged.add(job.name)
      else if (more !== false) this.#nudgeLater(job.name, more)
    }
    this.#running.delete(job.name)
  }

  #nudgeLater(name: JobName, when: number | DueAt): void {
    if (this.#isStopped) return
    const nudge = () => this.nudge(name)
    if (typeof when === 'object') {
      this.#later.set(name, this.#world.clock.at(when.dueAt, nudge))
      return
    }
    const timer = setTimeout(nudge, when)
    this.#later.set(name, () => clearTimeout(timer))
  }

  /** A slice that fails is tried again at the next interval. */
  async #runSlice(job: Job<Surroundings>): Promise<boolean | number | DueAt> {
    try {
      return await job.run(this.#world)
    } catch (error) {
      if (!this.#isStopped) this.#world.log.error({ err: error, job: job.name }, 'a job failed')
      return job.everyMs === undefined && failedMs
    }
  }
}
