// Retries are paid for out of what successes bring in: while a server is down, callers do not multiply their requests.

/** Retries are paid for: what there is at most, and what each costs. A success brings one, or what its retry had cost. */
export interface RetryQuotaOptions {
  readonly capacity: number
  readonly transientCost: number
  readonly throttledCost: number
}

/** What retries are paid for from. */
export interface RetryBudget {
  /** For a person to look at. */
  readonly left: number
  /** Pays for one retry; `free`: the server was not reached. @returns what was paid, undefined where there is not enough */
  take(kind: 'transient' | 'throttled' | 'free'): number | undefined
  /** A call succeeded, having paid `paid` for its last retry. */
  refund(paid: number): void
  /** As at first. */
  reset(): void
}

export class RetryQuota implements RetryBudget {
  readonly #options: RetryQuotaOptions
  #left: number

  constructor(options: RetryQuotaOptions) {
    this.#options = options
    this.#left = options.capacity
  }

  get left(): number {
    return this.#left
  }

  take(kind: 'transient' | 'throttled' | 'free'): number | undefined {
    const { transientCost, throttledCost } = this.#options
    const cost = kind === 'free' ? 0 : kind === 'transient' ? transientCost : throttledCost
    if (cost > this.#left) return undefined
    this.#left -= cost
    return cost
  }

  /** What was paid comes back, or one for a call that needed none. */
  refund(paid: number): void {
    this.#left = Math.min(this.#options.capacity, this.#left + (paid || 1))
  }

  reset(): void {
    this.#left = this.#options.capacity
  }
}
