// Retries are paid for out of what successes bring in: while a server is down, callers do not multiply their requests.

export interface RetryQuotaOptions {
  readonly capacity: number
  readonly transientCost: number
  readonly throttledCost: number
}

export class RetryQuota {
  readonly #options: RetryQuotaOptions
  #left: number

  constructor(options: RetryQuotaOptions) {
    this.#options = options
    this.#left = options.capacity
  }

  get left(): number {
    return this.#left
  }

  /** Pays for one retry. @returns what was paid, undefined where there is not enough */
  take(kind: 'transient' | 'throttled' | 'free'): number | undefined {
    const { transientCost, throttledCost } = this.#options
    const cost = kind === 'free' ? 0 : kind === 'transient' ? transientCost : throttledCost
    if (cost > this.#left) return undefined
    this.#left -= cost
    return cost
  }

  /** A call succeeded, having paid `paid` for its last retry: that comes back, or one for a call that needed none. */
  refund(paid: number): void {
    this.#left = Math.min(this.#options.capacity, this.#left + (paid || 1))
  }

  /** To full, by a person who knows that the trouble is over. */
  reset(): void {
    this.#left = this.#options.capacity
  }
}
