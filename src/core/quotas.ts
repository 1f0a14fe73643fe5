// How much an app may ask: fixed one-minute windows (jpush.md §1.8) and buckets of calls per second (easemob.md §1.12).
// Kept in memory: a window is shorter than a restart is rare.
import type { Clock } from '../lib/clock.ts'
import { Lru } from '../lib/lru.ts'

const windowMs = 60_000
const countersMax = 100_000

export interface Window {
  readonly limit: number
  readonly remaining: number
  /** Until the window turns. */
  readonly resetMs: number
  readonly isExceeded: boolean
}

export class Quotas {
  readonly #clock: Clock
  readonly #windows = new Lru<string, { readonly endsAt: number; used: number }>(countersMax)
  readonly #buckets = new Lru<string, { tokens: number; filledAt: number }>(countersMax)

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Spends `count` of a fixed window: all of it, or nothing when there is not enough left. */
  spend(counter: string, limit: number, count = 1): Window {
    const now = this.#clock.now()
    let window = this.#windows.get(counter)
    if (!window || window.endsAt <= now) {
      window = { endsAt: now + windowMs, used: 0 }
      this.#windows.set(counter, window)
    }
    const isExceeded = window.used + count > limit
    if (!isExceeded) window.used += count
    return { limit, remaining: Math.max(0, limit - window.used), resetMs: window.endsAt - now, isExceeded }
  }

  /** Takes `count` from a bucket that refills at `perSecond` and holds one second's worth. @returns ms to wait, or 0 */
  take(bucket: string, perSecond: number, count = 1): number {
    const now = this.#clock.now()
    const known = this.#buckets.get(bucket)
    const state = known ?? { tokens: perSecond, filledAt: now }
    if (!known) this.#buckets.set(bucket, state)
    state.tokens = Math.min(perSecond, state.tokens + ((now - state.filledAt) / 1_000) * perSecond)
    state.filledAt = now
    if (state.tokens < count) return Math.ceil(((count - state.tokens) / perSecond) * 1_000)
    state.tokens -= count
    return 0
  }
}
