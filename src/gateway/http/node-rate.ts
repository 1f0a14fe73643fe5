/** The calls this node takes a second, whoever makes them: a bucket that holds one second's worth. */
export class NodeRate {
  readonly #perSecond: number
  #tokens: number
  #filledAt = performance.now()

  /** @param perSecond 0 = no limit */
  constructor(perSecond: number) {
    this.#perSecond = perSecond
    this.#tokens = perSecond
  }

  /** @returns ms until the next call is taken, 0 when this one is */
  take(): number {
    if (this.#perSecond === 0) return 0
    const now = performance.now()
    const refill = ((now - this.#filledAt) / 1_000) * this.#perSecond
    this.#tokens = Math.min(this.#perSecond, this.#tokens + refill)
    this.#filledAt = now
    if (this.#tokens < 1) return ((1 - this.#tokens) / this.#perSecond) * 1_000
    this.#tokens--
    return 0
  }
}
