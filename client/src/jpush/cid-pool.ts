// cids are fetched ahead, so that every push has one: under it, a repeat is the same push (jpush.md §3.1.3).
import type { Clock } from '../clock.ts'
import { PosthouseError } from '../error.ts'
import { makeUuid } from '../uuid.ts'

/** How many cids are kept ready, and how old they may be. */
export interface CidPoolOptions {
  /** Fetched at once, 1–1000. */
  readonly fetched: number
  /** From so many left on, the next are fetched beside. */
  readonly refillAt: number
  /** The server forgets a cid after a day; a push may be repeated for some hours yet. */
  readonly ageMsMax: number
  /**
   * Where none can be fetched, one is made here, instead of an error before anything is sent. A Posthouse takes it; whether
   * JPush's own cloud knows a repeat by it is not documented. Default false.
   */
  readonly allowLocalCid: boolean
}

export const cidPoolDefaults: CidPoolOptions = {
  fetched: 100,
  refillAt: 20,
  ageMsMax: 20 * 3_600_000,
  allowLocalCid: false,
}

export class CidPool {
  readonly #fetch: (count: number) => Promise<readonly string[]>
  readonly #makeLocal: () => string
  readonly #options: CidPoolOptions
  readonly #clock: Clock
  #batches: { readonly fetchedAt: number; readonly cids: string[] }[] = []
  #fetching: Promise<void> | undefined

  constructor(
    fetch: (count: number) => Promise<readonly string[]>,
    options: CidPoolOptions,
    clock: Clock,
    makeLocal: () => string = makeUuid,
  ) {
    this.#fetch = fetch
    this.#makeLocal = makeLocal
    this.#options = options
    this.#clock = clock
  }

  /** @throws PosthouseError `not_sent`, where none is left and none can be fetched: what it was for has not been sent */
  async take(count = 1): Promise<readonly string[]> {
    const taken: string[] = []
    for (;;) {
      this.#discard()
      for (const { cids } of this.#batches) taken.push(...cids.splice(0, count - taken.length))
      if (taken.length === count) break
      // Who waits for the same fetch may take all of it: then there is another round.
      try {
        await this.#refill(count - taken.length)
      } catch (error) {
        if (!(error instanceof PosthouseError)) throw error
        if (!this.#options.allowLocalCid) throw new PosthouseError({ ...error, outcome: 'not_sent' })
        while (taken.length < count) taken.push(this.#makeLocal())
        return taken
      }
    }
    this.#refillBeside()
    return taken
  }

  #refillBeside(): void {
    const left = this.#batches.reduce((sum, { cids }) => sum + cids.length, 0)
    // Whoever needs one when none is left hears of what goes wrong here.
    if (left <= this.#options.refillAt) this.#refill(this.#options.fetched).catch(() => {})
  }

  /** One that is there already, or undefined: then the next ones are fetched beside. */
  takeReady(): { readonly cid: string; readonly fetchedAt: number } | undefined {
    this.#discard()
    const [batch] = this.#batches
    this.#refillBeside()
    return batch && { cid: batch.cids.shift()!, fetchedAt: batch.fetchedAt }
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
  }
}
