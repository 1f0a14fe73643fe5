// Deadlines of very many things with one timer: time goes in ticks, each tick has a slot, and each thing lies in the
// slot of the tick at which it wants to be looked at. Coarse and cheap; nothing here is exact to less than a tick.

export interface Timed {
  /** The wheel's own note of where the thing lies; starts as -1. */
  slot: number
  /** Its time has come. @returns in how many ticks it wants to be looked at again; undefined = no more */
  due(): number | undefined
}

const slotCount = 1_024

export class TimerWheel {
  readonly #slots: (Set<Timed> | undefined)[] = new Array(slotCount).fill(undefined)
  readonly #tickMs: number
  #timer: NodeJS.Timeout | undefined
  #now = 0

  constructor(tickMs: number) {
    this.#tickMs = tickMs
  }

  /** Ticks since the wheel began. */
  get now(): number {
    return this.#now
  }

  /** At least one; the last tick may be almost over when counting begins, so one more than the time alone asks for. */
  ticksOf(ms: number): number {
    return Math.ceil(ms / this.#tickMs) + 1
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), this.#tickMs)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Replaces an earlier wish. What lies further ahead than the wheel is round is asked again when it comes by. */
  set(thing: Timed, ticks: number): void {
    this.delete(thing)
    const slot = (this.#now + Math.min(Math.max(1, ticks), slotCount - 1)) % slotCount
    thing.slot = slot
    this.#slots[slot] ??= new Set()
    this.#slots[slot].add(thing)
  }

  delete(thing: Timed): void {
    if (thing.slot === -1) return
    this.#slots[thing.slot]?.delete(thing)
    thing.slot = -1
  }

  tick(): void {
    this.#now++
    const slot = this.#now % slotCount
    const due = this.#slots[slot]
    if (!due) return
    for (const thing of due) {
      this.delete(thing)
      const ticks = thing.due()
      if (ticks !== undefined) this.set(thing, ticks)
    }
    // Nothing can have come in meanwhile: no wish reaches once around.
    this.#slots[slot] = undefined
  }
}
