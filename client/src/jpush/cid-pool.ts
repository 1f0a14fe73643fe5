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

export interface Cid {
  readonly cid: string
  /** Epoch ms: from then on the server knows it, for a day. */
  readonly fetchedAt: number
}

export class CidPool {
  readonly #fetch: (count: number) => Promise<readonly string[]>
  readonly #makeLocal: () => string
  readonly #options: CidPoolOptions
  readonly #clock: Clock
  /** The oldest first. */
  #cids: Cid[] = []
  readonly #onLevel: (left: number, isStarved: boolean) => void
  #fetching: Promise<void> | undefined

  /** @param onLevel told how many are left, and whether one was wanted that could not be had */
  constructor(
    fetch: (count: number) => Promise<readonly string[]>,
    options: CidPoolOptions,
    clock: Clock,
    makeLocal: () => string = makeUuid,
    onLevel: (left: number, isStarved: boolean) => void = () => {},
  ) {
    this.#fetch = fetch
    this.#makeLocal = makeLocal
    this.#options = options
    this.#clock = clock
    this.#onLevel = onLevel
  }

  /** How many are there. */
  get left(): number {
    return this.#cids.length
  }

  /** @throws PosthouseError, `not_sent`, where none is left and none can be fetched */
  async take(count = 1): Promise<readonly Cid[]> {
    const taken: Cid[] = []
    try {
      for (;;) {
        this.#discard()
        taken.push(...this.#cids.splice(0, count - taken.length))
        if (taken.length >= count) break
        // Who waits for the same fetch may take all of it: then there is another round.
        await this.#refill(count - taken.length)
      }
    } catch (error) {
      this.#onLevel(this.left, true)
      if (error instanceof PosthouseError && this.#options.allowLocalCid) return this.#withLocal(taken, count)
      this.#cids.unshift(...taken)
      throw error instanceof PosthouseError ? new PosthouseError({ ...error, outcome: 'not_sent' }) : error
    }
    this.#onLevel(this.left, false)
    this.#refillBeside()
    return taken
  }

  #withLocal(taken: readonly Cid[], count: number): readonly Cid[] {
    const fetchedAt = this.#clock.now()
    const more = Array.from({ length: count - taken.length }, () => ({ cid: this.#makeLocal(), fetchedAt }))
    return [...taken, ...more]
  }

  /** One that is there already, or undefined: then the next ones are fetched beside. */
  takeReady(): Cid | undefined {
    this.#discard()
    const cid = this.#cids.shift()
    this.#refillBeside()
    if (cid) this.#onLevel(this.left, false)
    return cid
  }

  #discard(): void {
    const oldest = this.#clock.now() - this.#options.ageMsMax
    this.#cids = this.#cids.filter(({ fetchedAt }) => fetchedAt > oldest)
  }

  #refillBeside(): void {
    // Whoever needs one when none is left hears of what goes wrong here.
    if (this.#cids.length <= this.#options.refillAt) this.#refill(this.#options.fetched).catch(() => {})
  }

  /** One fetch at a time, whoever asks. */
  #refill(count: number): Promise<void> {
    this.#fetching ??= this.#fetchMore(Math.min(1_000, Math.max(count, this.#options.fetched))).finally(
      () => {
        this.#fetching = undefined
      },
    )
    return this.#fetching
  }

  async #fetchMore(count: number): Promise<void> {
    // What is kept for later is as old as its fetch: the answer may have been long on its way.
    const fetchedAt = this.#clock.now()
    const cids = await this.#fetch(count)
    this.#cids.push(...cids.map(cid => ({ cid, fetchedAt })))
    this.#onLevel(this.left, false)
  }
}
