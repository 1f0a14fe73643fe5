// cids are fetched ahead, so that every push has one: under it, a repeat is the same push (jpush.md §3.1.3).
import type { Clock } from '../clock.ts'

export interface CidPoolOptions {
  /** Fetched at once, 1–1000. */
  readonly fetched: number
  /** From so many left on, the next are fetched beside. */
  readonly refillAt: number
  /** The server forgets a cid after a day; a push may be repeated for some hours yet. */
  readonly ageMsMax: number
}

export const cidPoolDefaults: CidPoolOptions = { fetched: 100, refillAt: 20, ageMsMax: 20 * 3_600_000 }

export class CidPool {
  readonly #fetch: (count: number) => Promise<readonly string[]>
  readonly #options: CidPoolOptions
  readonly #clock: Clock
  readonly #onLevel: (left: number, isStarved: boolean) => void
  #batches: { readonly fetchedAt: number; readonly cids: string[] }[] = []
  #fetching: Promise<void> | undefined

  /** @param onLevel told how many are left, and whether one was wanted that could not be had */
  constructor(
    fetch: (count: number) => Promise<readonly string[]>,
    options: CidPoolOptions,
    clock: Clock,
    onLevel: (left: number, isStarved: boolean) => void = () => {},
  ) {
    this.#fetch = fetch
    this.#options = options
    this.#clock = clock
    this.#onLevel = onLevel
  }

  /** How many are there. */
  get left(): number {
    return this.#batches.reduce((sum, { cids }) => sum + cids.length, 0)
  }

  /** @throws PosthouseError where none is left and none can be fetched: nothing has been sent */
  async take(count = 1): Promise<readonly string[]> {
    const taken: string[] = []
    for (;;) {
      this.#discard()
      for (const { cids } of this.#batches) taken.push(...cids.splice(0, count - taken.length))
      if (taken.length === count) break
      // Who waits for the same fetch may take all of it: then there is another round.
      await this.#refill(count - taken.length).catch(error => {
        this.#onLevel(this.left, true)
        throw error
      })
    }
    this.#onLevel(this.left, false)
    this.#refillBeside()
    return taken
  }

  #refillBeside(): void {
    // Whoever needs one when none is left hears of what goes wrong here.
    if (this.left <= this.#options.refillAt) this.#refill(this.#options.fetched).catch(() => {})
  }

  /** One that is there already, or undefined: then the next ones are fetched beside. */
  takeReady(): { readonly cid: string; readonly fetchedAt: number } | undefined {
    this.#discard()
    const [batch] = this.#batches
    this.#refillBeside()
    if (!batch) return undefined
    const cid = batch.cids.shift()!
    this.#onLevel(this.left, false)
    return { cid, fetchedAt: batch.fetchedAt }
  }

  #discard(): void {
    const oldest = this.#clock.now() - this.#options.ageMsMax
    this.#batches = this.#batches.filter(({ fetchedAt, cids }) => fetchedAt > oldest && cids.length > 0)
  }

  /** One fetch at a time, whoever asks. */
  #refill(count: number): Promise<void> {
    this.#fetching ??= this.#fetchBatch(Math.min(1_000, Math.max(count, this.#options.fetched))).finally(
      () => {
        this.#fetching = undefined
      },
    )
    return this.#fetching
  }

  async #fetchBatch(count: number): Promise<void> {
    const fetchedAt = this.#clock.now()
    const cids = [...(await this.#fetch(count))]
    if (cids.length > 0) this.#batches.push({ fetchedAt, cids })
    this.#onLevel(this.left, false)
  }
}
