/** The time, and waiting for it. Given as an option, a test can hold it. */
export interface Clock {
  /** Epoch ms. */
  now(): number
  /** Resolves after `ms`, or when `signal` aborts, whichever is first; never rejects. */
  wait(ms: number, signal?: AbortSignal): Promise<void>
}

/** setTimeout takes no more: what is longer is waited for in pieces. */
const timerMsMax = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  async wait(ms, signal) {
    for (let left = ms; left > 0 && !signal?.aborted; left -= timerMsMax) {
      await new Promise<void>(resolve => {
        const done = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, Math.min(left, timerMsMax))
        signal?.addEventListener('abort', done)
      })
    }
  },
}
