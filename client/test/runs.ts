// How often a property is tried: seldom in each run of the tests, CLIENT_RUNS times as often where somebody has the time.

const factor = Number(process.env.CLIENT_RUNS ?? 1)

/** @param usual in a run of the tests */
export function runs(usual: number): { readonly numRuns: number } {
  return { numRuns: usual * factor }
}
