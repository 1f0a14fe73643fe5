// Time comes from here and nowhere else, so that a test can set it.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls `run` once, at that moment (epoch ms) or soon after it. @returns takes it back */
  at(moment: number, run: () => void): () => void
}

/** A timer knows nothing of a clock that is set, and ends at once past 24 days: it looks at the clock in between. */
const timerMsMax = 3_600_000

export const systemClock: Clock = {
  now: () => Date.now(),
  at(moment, run) {
    const restMs = () => Math.min(Math.max(moment - Date.now(), 0), timerMsMax)
    const look = () => {
      if (restMs() === 0) run()
      else timer = setTimeout(look, restMs())
    }
    let timer = setTimeout(look, restMs())
    return () => clearTimeout(timer)
  },
}

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  #now: number
  readonly #waiting = new Set<{ readonly moment: number; readonly run: () => void }>()

  constructor(now: number) {
    this.#now = now
  }

  /** The next moment that anything waits for. */
  get next(): number | undefined {
    const moments = [...this.#waiting].map(({ moment }) => moment)
    return moments.length === 0 ? undefined : Math.min(...moments)
  }

  now(): number {
    return this.#now
  }

  at(moment: number, run: () => void): () => void {
    const waiting = { moment, run }
    this.#waiting.add(waiting)
    queueMicrotask(() => this.#ring())
    return () => this.#waiting.delete(waiting)
  }

  advance(ms: number): void {
    this.#now += ms
    this.#ring()
  }

  #ring(): void {
    for (const waiting of [...this.#waiting]) {
      if (waiting.moment > this.#now || !this.#waiting.delete(waiting)) continue
      waiting.run()
    }
  }
}
