import type { Clock } from '../src/clock.ts'

/** Time passes when somebody waits for it, and at once. */
export class FakeClock implements Clock {
  time = Date.UTC(2026, 0, 5)
  readonly waits: number[] = []

  now(): number {
    return this.time
  }

  async wait(ms: number): Promise<void> {
    this.waits.push(ms)
    this.time += ms
  }
}
