// One queue as one client pulls it (msync.md §5 step 6).
//
// - idle: the client has everything. What is new is announced by a NOTICE.
// - announced: it will pull; it ignores another NOTICE until it has.
// - open: its last pull was answered with a batch, or is being answered. It ignores NOTICEs for the queue, so what comes
//   meanwhile is noted and announced after the answer that ends the queue for it.
//
// A pull without a key acknowledges nothing, and yet what was sent on this connection has arrived: it is not sent twice.
import type { Entry } from '../../contract/operations/inbox.ts'
import type { Jid } from '../../msync/codec.ts'

export interface Source {
  /**
   * The entries after an id, oldest first.
   * @param key acknowledges everything up to it
   * @throws Refusal when there is nothing to be read any more
   */
  read(after: number, key: number | undefined): Promise<readonly Entry[]>
}

export interface FeedClient {
  readonly isClosed: boolean
  /** Runs the work when the connection takes more. Of several works only so many at once. */
  turn(work: () => Promise<void>): Promise<void>
  notice(queue: Jid): void
  /** As much of the entries as goes into one answer. @returns how many */
  batch(queue: Jid, entries: readonly Entry[]): number
}

type State = 'idle' | 'announced' | 'open'

export class Feed {
  readonly #jid: Jid
  readonly #source: Source
  readonly #client: FeedClient
  #state: State = 'idle'
  #hasNews = false
  /** Pulls that wait for their answers, and the last of them. */
  #pulls = 0
  #lastPull: Promise<void> = Promise.resolve()
  /** Ids: what was sent on this connection, and what of it was acknowledged. */
  #sent: number
  #acknowledged: number

  /** @param from an id: what is older is not for this client */
  constructor(jid: Jid, source: Source, client: FeedClient, from = 0) {
    this.#jid = jid
    this.#source = source
    this.#client = client
    this.#sent = from
    this.#acknowledged = from
  }

  /** Nothing would be lost with it. */
  get isSpent(): boolean {
    return this.#state === 'idle' && this.#pulls === 0 && this.#acknowledged >= this.#sent
  }

  /** There may be something new. */
  wake(): void {
    if (this.#state === 'idle') this.#announce()
    else this.#hasNews = true
  }

  /** One after the other. @throws Refusal when the queue could not be read; it was ended for the client then */
  pull(key: number | undefined): Promise<void> {
    this.#pulls++
    const answered = this.#lastPull.then(() => this.#answer(key)).finally(() => this.#pulls--)
    this.#lastPull = answered.catch(() => {})
    return answered
  }

  #answer(key: number | undefined): Promise<void> {
    this.#state = 'open'
    return this.#client.turn(() => this.#answerNow(key))
  }

  async #answerNow(key: number | undefined): Promise<void> {
    if (this.#client.isClosed) return
    if (key !== undefined) this.#acknowledged = Math.max(this.#acknowledged, key)
    this.#sent = Math.max(this.#sent, this.#acknowledged)
    this.#hasNews = false
    const entries = await this.#read(key)
    if (this.#client.isClosed) return
    const sent = this.#client.batch(this.#jid, entries)
    if (sent > 0) {
      this.#sent = entries[sent - 1]!.id
      return
    }
    this.#state = 'idle'
    if (this.#hasNews && this.#pulls === 1) this.#announce()
  }

  async #read(key: number | undefined): Promise<readonly Entry[]> {
    try {
      return await this.#source.read(this.#sent, key)
    } catch (error) {
      this.#state = 'idle'
      // Without its end, the client would wait for this queue, and for all others behind it.
      if (!this.#client.isClosed) this.#client.batch(this.#jid, [])
      throw error
    }
  }

  #announce(): void {
    this.#state = 'announced'
    this.#hasNews = false
    this.#client.notice(this.#jid)
  }
}
