// Another way to bound retries than the quota: a share of the calls that succeed, beside a few that are always allowed.
import { type Clock, systemClock } from './clock.ts'
import type { RetryBudget } from './retry-quota.ts'

/** How many retries a `shareBudget` allows. */
export interface ShareBudgetOptions {
  /** Retries for each call that succeeds. Default 0.2. */
  readonly share?: number
  /** Retries a second that need no success before them. Default 10. */
  readonly perSecond?: number
  /** How long what was earned and spent is remembered. Default 10 000. */
  readonly ttlMs?: number
  readonly clock?: Clock
}

/**
 * For the option `quota` of a client: `quota: () => shareBudget()`. Of the calls in the last ten seconds one retry for every
 * five that succeeded, and ten a second besides.
 */
export function shareBudget(options: ShareBudgetOptions = {}): RetryBudget {
  const { share = 0.2, perSecond = 10, ttlMs = 10_000, clock = systemClock } = options
  const allowance = (perSecond * ttlMs) / 1_000
  let entries: { readonly at: number; readonly amount: number }[] = []
  const left = () => {
    const oldest = clock.now() - ttlMs
    entries = entries.filter(({ at }) => at > oldest)
    return allowance + entries.reduce((sum, { amount }) => sum + amount, 0)
  }
  const add = (amount: number) => {
    const at = clock.now()
    const last = entries.at(-1)
    // One entry a millisecond is enough.
    if (last?.at === at) entries[entries.length - 1] = { at, amount: last.amount + amount }
    else entries.push({ at, amount })
  }
  return {
    get left() {
      return left()
    },
    take(kind) {
      const cost = kind === 'free' ? 0 : 1
      if (cost > left()) return undefined
      if (cost > 0) add(-cost)
      return cost
    },
    refund: () => add(share),
    reset: () => {
      entries = []
    },
  }
}
