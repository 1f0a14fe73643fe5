/** Lets at most `max` pieces of work run at once; the rest wait their turn, first come first served. */
export class Turns {
  readonly #waiting: (() => void)[] = []
  #free: number

  constructor(max: number) {
    this.#free = max
  }

  /** How many wait. */
  get queue(): number {
    return this.#waiting.length
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>(resolve => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      // A turn goes from one to the next without ever being free in between.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}
