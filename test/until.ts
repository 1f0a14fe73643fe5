import { setTimeout } from 'node:timers/promises'

/** Asking without a pause would take the core from those who make the answer come true. */
const pauseMs = 3

/** Asks again and again until the answer is what one waits for. @throws Error when that takes longer than `withinMs` */
export async function until<T>(ask: () => Promise<T | undefined | false>, withinMs = 10_000): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (performance.now() > deadline) throw new Error(`still not so after ${withinMs} ms: ${ask}`)
    await setTimeout(pauseMs)
  }
}
