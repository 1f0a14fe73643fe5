/** Pieces of work in the same lane are done one after the other, in different lanes side by side. */
export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>()

  /** How many lanes have work. */
  get size(): number {
    return this.#last.size
  }

  /** Work that fails does not stop what comes after it. */
  run<T>(lane: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(lane) ?? Promise.resolve()
    const done = before.then(work)
    const settled: Promise<void> = done.then(
      () => this.#left(lane, settled),
      () => this.#left(lane, settled),
    )
    this.#last.set(lane, settled)
    return done
  }

  #left(lane: string, settled: Promise<unknown>): void {
    if (this.#last.get(lane) === settled) this.#last.delete(lane)
  }
}
