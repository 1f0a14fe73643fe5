// What is known to be allowed, and how much of it is spent: for quotas that no header tells of.

/** So many in any span of so long. */
export interface Rate {
  readonly max: number
  readonly perMs: number
  /** What is counted: the calls (default), or what they carry, such as messages to one receiver each. */
  readonly counts?: 'calls' | 'units'
}

/** What is allowed, by quota; `*`: any other. Where there are several, all of them hold. */
export type Rates = Readonly<Record<string, readonly Rate[]>>

/** What was taken of one rate: the newest last, some of it in the time to come. */
export class SpentRate {
  readonly #rate: Rate
  readonly #max: number
  #taken: { readonly at: number; units: number }[] = []

  constructor(rate: Rate, share: number) {
    this.#rate = rate
    this.#max = Math.max(1, Math.floor(rate.max * share))
  }

  /** @returns when there is room for it, never before `from` */
  roomAt(from: number, units: number): number {
    const { perMs } = this.#rate
    const wanted = this.#countOf(units)
    const last = this.#taken.at(-1)?.at ?? from
    let at = Math.max(from, last)
    const firstKept = this.#taken.findIndex(entry => entry.at > from - perMs)
    if (firstKept !== 0) this.#taken = firstKept === -1 ? [] : this.#taken.slice(firstKept)
    let sum = this.#taken.reduce((total, entry) => total + (entry.at > at - perMs ? entry.units : 0), 0)
    for (const entry of this.#taken) {
      if (entry.at <= at - perMs) continue
      if (sum + wanted <= this.#max) break
      at = entry.at + perMs
      sum -= entry.units
    }
    return at
  }

  take(at: number, units: number): void {
    const last = this.#taken.at(-1)
    if (last?.at === at) last.units += this.#countOf(units)
    else this.#taken.push({ at, units: this.#countOf(units) })
  }

  /** What is more than all that is allowed at once goes when nothing else does. */
  #countOf(units: number): number {
    return Math.min(this.#max, this.#rate.counts === 'units' ? units : 1)
  }
}
