/** What a work takes when the machine does nothing beside: the best of several runs, in milliseconds. */
export async function bestMs(work: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let count = 0; count < 5; count++) {
    const before = performance.now()
    await work()
    best = Math.min(best, performance.now() - before)
  }
  return best
}
