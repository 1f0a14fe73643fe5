import { setTimeout } from 'node:timers/promises'
import type { Clock } from '../src/clock.ts'

/** Time passes so many times as fast as it does. */
export class ScaledClock implements Clock {
  readonly #startedAt = performance.now()
  readonly #speed: number

  constructor(speed: number) {
    this.#speed = speed
  }

  now(): number {
    return Date.UTC(2026, 0, 5) + Math.floor((performance.now() - this.#startedAt) * this.#speed)
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    // A timer has whole milliseconds.
    await setTimeout(Math.max(1, ms / this.#speed), undefined, { ...(signal && { signal }) }).catch(() => {})
  }
}
