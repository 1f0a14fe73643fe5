// Slows calls down before a limit is met: by the rate headers of the answers (X-Rate-Limit-*), for each quota its own.
import type { Clock } from './clock.ts'

/** From this share of the limit on, what is left is spread over what is left of the window. */
const paceFrom = 0.1
/** Nobody is held up for longer by what may be a mistake. */
const windowMsMax = 3_600_000
/** The header counts in whole seconds: so far apart, two ends are the same. */
const roundingMs = 1_000

interface Window {
  readonly endsAt: number
  readonly remaining: number
  /** Between two calls. */
  readonly stepMs: number
  nextAt: number
}

export class Pacer {
  readonly #clock: Clock
  readonly #windows = new Map<string, Window>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes the next place. @returns ms until it; 0 where nothing has to be spread */
  reserve(quota: string): number {
    const now = this.#clock.now()
    const window = this.#windows.get(quota)
    if (!window) return 0
    if (now >= window.endsAt) {
      this.#windows.delete(quota)
      return 0
    }
    const at = Math.max(now, window.nextAt)
    // Past the end a new window begins, in which there is no hurry to wait.
    if (at >= window.endsAt) return window.endsAt - now
    window.nextAt = at + window.stepMs
    return at - now
  }

  /** What an answer says of its quota; headers that are missing or no numbers say nothing. */
  observe(quota: string, headers: Headers): void {
    const [limit, remaining, resetSeconds] = ['limit', 'remaining', 'reset'].map(name => {
      const value = headers.get(`x-rate-limit-${name}`)
      return value !== null && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : undefined
    })
    if (limit === undefined || remaining === undefined || resetSeconds === undefined) return
    const now = this.#clock.now()
    const saidMs = Math.min(windowMsMax, resetSeconds * 1_000)
    const window = this.#windows.get(quota)
    // In one window there are never more left than before: an answer that says so was overtaken by another.
    const isSame = window && now < window.endsAt && Math.abs(now + saidMs - window.endsAt) <= roundingMs
    const same = isSame ? window : undefined
    const left = Math.min(remaining, same?.remaining ?? remaining)
    if (left > limit * paceFrom) {
      this.#windows.delete(quota)
      return
    }
    const endsAt = same?.endsAt ?? now + saidMs
    const stepMs = Math.ceil((endsAt - now) / (left + 1))
    const nextAt = Math.max(window?.nextAt ?? 0, now + stepMs)
    this.#windows.set(quota, { endsAt, remaining: left, stepMs, nextAt })
  }
}
