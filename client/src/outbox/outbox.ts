// The durable outbox: what is put in is on the disk, and is sent however long the server is away.
import { type Clock, systemClock } from '../clock.ts'
import type { EasemobClient } from '../easemob/client.ts'
import { type SentMessages, sendMessage } from '../easemob/messages.ts'
import { PosthouseError } from '../error.ts'
import type { JpushClient } from '../jpush/client.ts'
import { sendFilePush, sendPush } from '../jpush/push.ts'
import type { Logger } from '../options.ts'
import { makeUuid } from '../uuid.ts'
import type { Random } from '../waits.ts'
import {
  type OutboxContent,
  type OutboxItem,
  type OutboxOptions,
  type OutboxState,
  outboxDefaults,
} from './item.ts'
import { judgeFailure } from './next-state.ts'
import { type Changes, type ItemFilter, isFinal, type NewItem, SqliteStore } from './sqlite-store.ts'

/** Where an outbox is kept, and by which clients it sends. */
export interface OpenOptions extends Partial<OutboxOptions> {
  /** Of the SQLite file; it is made where it is not there. */
  readonly path: string
  /** For pushes. */
  readonly jpush?: JpushClient
  /** For messages. */
  readonly easemob?: EasemobClient
  /**
   * Is a message that may have been sent sent again by itself, where no key makes that harmless? Its receivers may get it
   * twice. Default false: it stays `unknown` until a person decides.
   */
  readonly mayDuplicate?: boolean
  readonly logger?: Logger
  /** After every change of an item. */
  readonly onChange?: (item: OutboxItem) => void
  readonly clock?: Clock
  readonly random?: Random
}

/** What is to be sent, and how. */
export type Send = OutboxContent & {
  /** Items of one conversation are sent in their order. */
  readonly conversation?: string
  /** Epoch ms: nobody wants it any more then. Default in seven days. */
  readonly expiresAt?: number
}

/** What became, at the close, of the items that were under way or waited. */
export interface Closing {
  readonly sent: readonly string[]
  /** On the disk, and sent when the outbox is opened again. */
  readonly kept: readonly string[]
  /** May have been sent: repeated under its key when the outbox is opened again, where it has one that the server knows. */
  readonly unknown: readonly string[]
  /** Refused, or too late. */
  readonly failed: readonly string[]
}

const purgeMs = 60_000

/** Keeps what is to be sent on the disk, and sends it. */
export class Outbox {
  readonly #store: SqliteStore
  readonly #options: OutboxOptions
  readonly #given: OpenOptions
  readonly #clock: Clock
  readonly #random: Random
  /** Of this opening: another process has another. */
  readonly #owner = makeUuid()
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #closing = new AbortController()
  /** Breaks off what is under way when the close has waited long enough. */
  readonly #cut = new AbortController()
  readonly #inserting = new Set<Promise<void>>()
  #wake = Promise.withResolvers<void>()
  #purgedAt = 0
  readonly #worker: Promise<void>

  /** @throws Error of SQLite, for a file that cannot be read or written */
  constructor(given: OpenOptions) {
    const { path, jpush: _jpush, easemob: _easemob, mayDuplicate: _may, logger: _logger, ...rest } = given
    const { onChange: _onChange, clock = systemClock, random = Math.random, ...options } = rest
    this.#given = given
    this.#options = { ...outboxDefaults, ...options }
    this.#clock = clock
    this.#random = random
    this.#store = new SqliteStore(path)
    this.#worker = this.#work()
  }

  /**
   * Puts a send in. @returns its id, once it is on the disk: from then on it is sent, even if this process dies
   * @throws Error of SQLite, such as of a disk that is full: it is not kept
   */
  async send(send: Send): Promise<string> {
    if (this.#closing.signal.aborted) throw new Error('the outbox is closed')
    if (!this.#canSend(send)) throw new TypeError(`the outbox has no client for a ${send.kind}`)
    const { conversation = '', expiresAt, ...content } = send
    const createdAt = this.#clock.now()
    const item: NewItem = {
      itemId: makeUuid(),
      content,
      conversation,
      createdAt,
      expiresAt: expiresAt ?? createdAt + this.#options.lifeMs,
      ...this.#freshKey(content, createdAt),
    }
    const kept = this.#store.insert(item)
    this.#inserting.add(kept)
    try {
      await kept
    } finally {
      this.#inserting.delete(kept)
    }
    this.#kick()
    return item.itemId
  }

  /** @returns undefined: there is none, or it was sent long ago */
  find(itemId: string): OutboxItem | undefined {
    return this.#store.find(itemId)
  }

  /** In the order they were put in. @param after the id of the last item before */
  list(filter: ItemFilter = {}, count = 100, after?: string): readonly OutboxItem[] {
    return this.#store.list(filter, count, after)
  }

  /** How many there are, by state. */
  count(filter?: ItemFilter): Readonly<Partial<Record<OutboxState, number>>> {
    return this.#store.count(filter)
  }

  /**
   * A person sends an item again that is `unknown`, `dead`, `expired`, `cancelled` or waits. One that may have been sent
   * keeps its key while the server knows it; later it is refused unless `mayDuplicate` says that twice is better than never.
   * @returns false where it is being sent, has been sent, or another was faster
   * @throws Error that says so, where it might be sent twice
   */
  async resend(
    itemId: string,
    { mayDuplicate = false }: { readonly mayDuplicate?: boolean } = {},
  ): Promise<boolean> {
    const item = this.#store.find(itemId)
    if (!item || item.state === 'sending' || item.state === 'sent') return false
    const now = this.#clock.now()
    const mayHaveRun = item.state === 'unknown' || item.failure?.outcome === 'unknown'
    const isKeyAlive = this.#isKeyed(item) && now < item.keyAt + this.#options.keyMsMax
    if (mayHaveRun && !isKeyAlive && !mayDuplicate)
      throw new Error(`${itemId} may have been sent, and its key is forgotten by now: it might be sent twice`)
    const fresh = mayHaveRun && isKeyAlive ? {} : this.#freshKey(item.content, now)
    const expiry = item.expiresAt > now ? {} : { expiresAt: now + this.#options.lifeMs }
    return this.#change(item, { state: 'pending', dueAt: now, tries: 0, misses: 0, ...fresh, ...expiry })
  }

  /** @returns false where it is being sent, is done, or another was faster */
  async cancel(itemId: string): Promise<boolean> {
    const item = this.#store.find(itemId)
    if (!item || item.state === 'sending' || isFinal(item)) return false
    return this.#change(item, { state: 'cancelled', dueAt: null })
  }

  /** Changes what is sent, of an item that has never been sent. @returns false where it may have been, or another was faster */
  async edit(itemId: string, content: OutboxContent): Promise<boolean> {
    const item = this.#store.find(itemId)
    const isUntouched = item && !['sending', 'sent', 'unknown'].includes(item.state)
    if (!isUntouched || item.failure?.outcome === 'unknown') return false
    return this.#change(item, { content, ...this.#freshKey(content, this.#clock.now()) })
  }

  /** Takes nothing more in, lets what is under way end, and says what became of each. What takes longer than `timeoutMs` is broken off: it may have
   * been sent. */
  async close({ timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {}): Promise<Closing> {
    this.#closing.abort()
    this.#kick()
    await Promise.allSettled(this.#inserting)
    const open = [...this.#store.list({ states: ['pending', 'sending', 'waiting', 'unknown'] }, 1_000_000)]
    const ended = Promise.all([this.#worker, ...this.#underWay.values()])
    const patience = new AbortController()
    await Promise.race([ended, this.#clock.wait(timeoutMs, patience.signal)])
    patience.abort()
    this.#cut.abort()
    await ended
    const closing = { sent: [], kept: [], unknown: [], failed: [] } as Record<keyof Closing, string[]>
    for (const { itemId } of open) closing[placeOf(this.#store.find(itemId))].push(itemId)
    this.#store.close()
    return closing
  }

  #kick(): void {
    this.#wake.resolve()
  }

  /** Sends what is due, until the close. What a failing disk says is tried again; nothing is lost by it. */
  async #work(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#wake = Promise.withResolvers()
      const waitMs = (await this.#startDue()) - this.#clock.now()
      if (waitMs <= 0) continue
      const patience = new AbortController()
      await Promise.race([this.#clock.wait(waitMs, patience.signal), this.#wake.promise])
      patience.abort()
    }
    await Promise.all(this.#underWay.values())
  }

  /** @returns until when there is nothing to do, epoch ms */
  async #startDue(): Promise<number> {
    const { leaseMs, atOnceMax, keyMsMax } = this.#options
    const now = this.#clock.now()
    const keysFrom = now - keyMsMax
    try {
      await Promise.all([
        this.#store.recover(now, item => this.#mayRepeat(item)),
        now - this.#purgedAt > purgeMs && this.#purge(now),
        this.#underWay.size > 0 && this.#store.renew(this.#owner, now + leaseMs),
      ])
      const free = atOnceMax - this.#underWay.size
      const claimed =
        free > 0 ? await this.#store.claim(this.#owner, { now, leaseMs, count: free, keysFrom }) : []
      for (const item of claimed) this.#start(item)
      const nextAt = free > claimed.length ? this.#store.nextAt(now) : undefined
      // What waits for another process's item of its conversation is looked at again, too.
      const renewMs = leaseMs / 3
      return Math.min(now + renewMs, nextAt ?? Number.POSITIVE_INFINITY)
    } catch (error) {
      this.#given.logger?.error({ err: error }, 'the outbox cannot be read or written')
      return now + 1_000
    }
  }

  #purge(now: number): Promise<void> {
    const { sentMs, deadMs, deadMax } = this.#options
    this.#purgedAt = now
    return this.#store.purge(now - sentMs, now - deadMs, deadMax)
  }

  #start(item: OutboxItem): void {
    const work = this.#deliver(item)
      // It stays as it is on the disk: when its lease is over, it is taken up again.
      .catch(error =>
        this.#given.logger?.error({ err: error, itemId: item.itemId }, 'an item could not be handled'),
      )
      .finally(() => {
        this.#underWay.delete(item.itemId)
        this.#kick()
      })
    this.#underWay.set(item.itemId, work)
  }

  async #deliver(claimed: OutboxItem): Promise<void> {
    let item = claimed
    // Another process that shares the file has one, or this one will when it is opened otherwise.
    if (!this.#canSend(item.content)) {
      await this.#change(item, { dueAt: this.#clock.now() + this.#options.missMsMax })
      return
    }
    try {
      if (item.state !== 'sending') {
        const key = await this.#fetchKey(item)
        // From here on it may have been sent, and a crash must find that it may.
        const keyAt = this.#clock.now()
        if (!(await this.#change(item, { state: 'sending', key, keyAt, dueAt: null }))) return
        item = this.#store.find(item.itemId)!
      }
      const { result, children } = await this.#call(item)
      await this.#change(item, { state: 'sent', dueAt: null, result, failure: null }, children)
    } catch (error) {
      await this.#fail(item, error)
    }
  }

  async #fail(item: OutboxItem, error: unknown): Promise<void> {
    const now = this.#clock.now()
    const { next, mayHaveRun, forgetsKey } = judgeFailure(item, error, {
      options: this.#options,
      now,
      random: this.#random,
      mayRepeat: this.#mayRepeat(item),
    })
    const said =
      error instanceof PosthouseError ? error.toJSON() : { id: 'client_failed', message: String(error) }
    const failure = mayHaveRun ? { ...said, outcome: 'unknown' } : { ...said }
    await this.#change(item, { ...next, failure, ...(forgetsKey && this.#freshKey(item.content, now)) })
  }

  /** @throws PosthouseError `not_sent` */
  async #fetchKey({ content }: OutboxItem): Promise<string> {
    if (content.kind === 'message') return makeUuid()
    try {
      return (await this.#given.jpush!.cids.push.take())[0]!
    } catch (error) {
      if (error instanceof PosthouseError) throw new PosthouseError({ ...error, outcome: 'not_sent' })
      throw error
    }
  }

  #canSend({ kind }: OutboxContent): boolean {
    return (kind === 'push' ? this.#given.jpush : this.#given.easemob) !== undefined
  }

  async #call({ content, key, conversation, createdAt, expiresAt }: OutboxItem) {
    const { signal } = this.#cut
    if (content.kind === 'push') {
      const { audience } = content.push
      const send = audience !== 'all' && audience.file ? sendFilePush : sendPush
      return {
        result: await send(this.#given.jpush!, { push: { ...content.push, cid: key }, signal }),
        children: [],
      }
    }
    const { ids, failed } = await sendMessage(this.#given.easemob!, { ...content.message, key, signal })
    // Those of several requests that failed are items of their own, each under the key that it had.
    const kind = Object.keys(content.message.to)[0]!
    const children = failed.map(({ receivers, error }) =>
      this.#childOf({ conversation, createdAt, expiresAt }, content.message, { [kind]: receivers }, error),
    )
    return { result: { ids } satisfies Pick<SentMessages, 'ids'>, children }
  }

  #childOf(
    parent: Pick<OutboxItem, 'conversation' | 'createdAt' | 'expiresAt'>,
    message: Extract<OutboxContent, { kind: 'message' }>['message'],
    to: object,
    error: PosthouseError,
  ): NewItem {
    const now = this.#clock.now()
    const content = { kind: 'message', message: { ...message, to } } as OutboxContent
    const item: NewItem = { ...parent, itemId: makeUuid(), content, key: error.key ?? makeUuid(), keyAt: now }
    const seen: OutboxItem = {
      ...parent,
      itemId: item.itemId,
      content,
      version: 0,
      state: 'sending',
      key: item.key!,
      keyAt: now,
      changedAt: now,
      dueAt: null,
      tries: 0,
      misses: 0,
      failure: null,
      result: null,
    }
    const around = { options: this.#options, now, random: this.#random, mayRepeat: this.#mayRepeat(seen) }
    const { state, dueAt, tries } = judgeFailure(seen, error, around).next
    return { ...item, state, dueAt, tries, failure: { ...error.toJSON() } }
  }

  /** A message's key is of our own making; a push's comes from the server, and may have to be waited for. */
  #freshKey({ kind }: OutboxContent, now: number): Pick<OutboxItem, 'key' | 'keyAt'> {
    if (kind === 'message') return { key: makeUuid(), keyAt: now }
    const ready = this.#given.jpush?.cids.push.takeReady()
    return { key: ready?.cid ?? '', keyAt: ready?.fetchedAt ?? 0 }
  }

  /** Does the server know a repeat by its key? */
  #isKeyed({ content, key }: OutboxItem): boolean {
    return key !== '' && (content.kind === 'push' || this.#given.easemob?.isPosthouse === true)
  }

  #mayRepeat(item: OutboxItem): boolean {
    if (this.#isKeyed(item)) return this.#clock.now() < item.keyAt + this.#options.keyMsMax
    return this.#given.mayDuplicate === true
  }

  async #change(seen: OutboxItem, changes: Changes, children: readonly NewItem[] = []): Promise<boolean> {
    const isChanged = await this.#store.change(seen, changes, this.#clock.now(), children)
    if (!isChanged) return false
    const item = this.#store.find(seen.itemId)!
    this.#given.onChange?.(item)
    const { itemId, state, tries, dueAt, conversation } = item
    this.#given.logger?.info({ itemId, state, tries, dueAt, conversation }, 'outbox item changed')
    this.#kick()
    return true
  }
}

function placeOf(item: OutboxItem | undefined): keyof Closing {
  if (!item || item.state === 'sent') return 'sent'
  if (item.state === 'unknown' || item.state === 'sending') return 'unknown'
  return isFinal(item) ? 'failed' : 'kept'
}
