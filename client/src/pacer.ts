// Slows calls down before a limit is met, for each quota its own: by the rate headers of the answers (X-Rate-Limit-*), and
// by what is known to be allowed, where the caller asks for it.
import type { Clock } from './clock.ts'
import { type Rates, SpentRate } from './rates.ts'

/** How near to a limit calls are slowed down; shares of it, 0–1. */
export interface PaceOptions {
  /** From where on what is left, as answers tell, is spread over what is left of the window. Default 0.1. */
  readonly from: number
  /** How much is spent of `rates`: others may call as well, and two clocks never agree. Default 0.9. */
  readonly share: number
}
/** Nobody is held up for longer by what may be a mistake. */
const windowMsMax = 3_600_000
/** The header counts in whole seconds: so far apart, two ends are the same. */
const roundingMs = 1_000

export const paceDefaults: PaceOptions = { from: 0.1, share: 0.9 }
interface Window {
  readonly endsAt: number
  readonly remaining: number
  /** Between two calls. */
  readonly stepMs: number
  nextAt: number
}

export class Pacer {
  readonly #clock: Clock
  readonly #rates: Rates
  readonly #options: PaceOptions
  readonly #windows = new Map<string, Window>()
  readonly #spent = new Map<string, readonly SpentRate[]>()

  constructor(clock: Clock, rates: Rates = {}, options = paceDefaults) {
    this.#clock = clock
    this.#options = options
    this.#rates = rates
  }

  /** Takes the next place, if it is to be had in `waitMsMax`. @returns ms until it; 0 where nothing has to be spread */
  reserve(quota: string, units = 1, waitMsMax = Number.POSITIVE_INFINITY): number {
    const now = this.#clock.now()
    const window = this.#reserveInWindow(quota, now)
    const rates = this.#ratesOf(quota)
    if (rates.length === 0) return window
    // Later than each has room, each has room too.
    const at = Math.max(...rates.map(rate => rate.roomAt(now + window, units)))
    if (at - now <= waitMsMax) for (const rate of rates) rate.take(at, units)
    return at - now
  }

  #ratesOf(quota: string): readonly SpentRate[] {
    const name = this.#rates[quota] ? quota : '*'
    let spent = this.#spent.get(quota)
    if (!spent) {
      spent = (this.#rates[name] ?? []).map(rate => new SpentRate(rate, this.#options.share))
      this.#spent.set(quota, spent)
    }
    return spent
  }

  #reserveInWindow(quota: string, now: number): number {
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
    const limit = countOf(headers, 'x-rate-limit-limit')
    if (limit === undefined) return
    const remaining = countOf(headers, 'x-rate-limit-remaining')
    const resetSeconds = countOf(headers, 'x-rate-limit-reset')
    if (remaining === undefined || resetSeconds === undefined) return
    const now = this.#clock.now()
    const saidMs = Math.min(windowMsMax, resetSeconds * 1_000)
    const window = this.#windows.get(quota)
    // In one window there are never more left than before: an answer that says so was overtaken by another.
    const isSame = window && now < window.endsAt && Math.abs(now + saidMs - window.endsAt) <= roundingMs
    const same = isSame ? window : undefined
    const left = Math.min(remaining, same?.remaining ?? remaining)
    if (left > limit * this.#options.from) {
      this.#windows.delete(quota)
      return
    }
    const endsAt = same?.endsAt ?? now + saidMs
    const stepMs = Math.ceil((endsAt - now) / (left + 1))
    const nextAt = Math.max(window?.nextAt ?? 0, now + stepMs)
    this.#windows.set(quota, { endsAt, remaining: left, stepMs, nextAt })
  }
}

function countOf(headers: Headers, name: string): number | undefined {
  const value = headers.get(name)
  return value !== null && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : undefined
}
