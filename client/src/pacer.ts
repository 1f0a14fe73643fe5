// Slows calls down before a limit is met: by the rate headers of the answers (X-Rate-Limit-*), for each quota its own.
import type { Clock } from './clock.ts'

/** From this share of the limit on, what is left is spread over what is left of the window. */
const paceFrom = 0.1

interface Window {
  readonly endsAt: number
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
    if (remaining > limit * paceFrom) {
      this.#windows.delete(quota)
      return
    }
    const leftMs = resetSeconds * 1_000
    const stepMs = leftMs / (remaining + 1)
    const nextAt = Math.max(this.#windows.get(quota)?.nextAt ?? 0, now + stepMs)
    this.#windows.set(quota, { endsAt: now + leftMs, stepMs, nextAt })
  }
}
