import type { Clock } from '../src/clock.ts'

/** Time passes when the test says so. */
export class ManualClock implements Clock {
  #time = Date.UTC(2026, 0, 5)
  readonly #waiting = new Set<{ readonly at: number; readonly done: () => void }>()

  now(): number {
    return this.#time
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const entry = {
        at: this.#time + ms,
        done: () => {
          this.#waiting.delete(entry)
          resolve()
        },
      }
      this.#waiting.add(entry)
      signal?.addEventListener('abort', entry.done)
      if (signal?.aborted || ms <= 0) entry.done()
    })
  }

  advance(ms: number): void {
    this.#time += ms
    for (const entry of [...this.#waiting]) if (entry.at <= this.#time) entry.done()
  }
}
