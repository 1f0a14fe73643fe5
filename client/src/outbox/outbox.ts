// The durable outbox: what is put in is on the disk, and is sent however long the server is away.
import { type Clock, systemClock } from '../clock.ts'
import type { EasemobClient } from '../easemob/client.ts'
import { type SentMessages, sendMessage } from '../easemob/messages.ts'
import { PosthouseError } from '../error.ts'
import type { JpushClient } from '../jpush/client.ts'
import { sendFilePush, sendPush } from '../jpush/push.ts'
import { type Observer, observersOf, tell } from '../observer.ts'
import type { Logger } from '../options.ts'
import { makeUuid } from '../uuid.ts'
import type { Random } from '../waits.ts'
import { type ByHand, OutboxDesk } from './desk.ts'
import {
  isFinal,
  type OutboxContent,
  type OutboxItem,
  type OutboxOptions,
  type OutboxState,
  openStates,
  outboxDefaults,
} from './item.ts'
import { isKeyed, mayHaveRun } from './keys.ts'
import { asKept, makeItem, type Send } from './new-item.ts'
import { judgeFailure } from './next-state.ts'
import { SqliteStore } from './sqlite-store.ts'
import type { AuditFilter, AuditRow, Changes, Imported, ItemFilter, NewItem, OutboxStore } from './store.ts'

/** Where an outbox is kept, by which clients it sends, and all its numbers. */
export type OpenOptions = Place & SendOptions

/** Where the items are kept. */
export type Place =
  | {
      /** Of the SQLite file; it is made where it is not there. */
      readonly path: string
      readonly store?: undefined
    }
  | {
      /** Such as a `PostgresStore`; who has opened it closes it. */
      readonly store: OutboxStore
      readonly path?: undefined
    }

/** With neither client nothing is sent: such an outbox is for looking at, and for deciding by hand. */
export interface SendOptions extends Partial<OutboxOptions> {
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
  /** After an item was put in, and after every change of it. */
  readonly onChange?: (item: OutboxItem) => void
  /** Told of every change of an item and, each minute, how many there are and how long the oldest has waited. */
  readonly observer?: Observer | readonly Observer[]
  readonly clock?: Clock
  readonly random?: Random
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
/** Until a database that has failed is asked again. */
const failedMs = 1_000
const batchSize = 500
/** So often observers hear how the outbox stands. */
const toldMs = 60_000

/** Keeps what is to be sent on the disk, and sends it. */
export class Outbox {
  readonly #store: OutboxStore
  readonly #closeStore: () => void
  readonly #options: OutboxOptions
  readonly #given: OpenOptions
  readonly #clock: Clock
  readonly #random: Random
  readonly #observers: readonly Observer[]
  /** Of this opening: another process has another. */
  readonly #owner = makeUuid()
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #closing = new AbortController()
  /** Breaks off what is under way when the close has waited long enough. */
  readonly #cut = new AbortController()
  readonly #inserting = new Set<Promise<void>>()
  #wake = () => {}
  #purgedAt = 0
  #toldAt = 0
  #renewedAt = 0
  /** The last claim has failed, or not been heard of. */
  #isUnsure = false
  readonly #worker: Promise<void>
  /** What people do with it by hand. */
  readonly desk: OutboxDesk

  /** @throws Error of SQLite, for a file that cannot be read or written */
  constructor(given: OpenOptions) {
    const { path, store, clock = systemClock, random = Math.random, onChange, observer, ...rest } = given
    const { jpush, easemob, mayDuplicate: _may, logger: _logger, ...options } = rest
    this.#given = given
    const whole = observersOf(observer)
    this.#observers = onChange
      ? [...whole, event => void (event.is === 'item' && onChange(event.item))]
      : whole
    this.#options = { ...outboxDefaults, ...options }
    this.#clock = clock
    this.#random = random
    const own = store === undefined ? new SqliteStore(path) : undefined
    this.#store = store ?? own!
    this.#closeStore = () => own?.close()
    this.desk = new OutboxDesk({
      store: this.#store,
      keyMsMax: this.#options.keyMsMax,
      lifeMs: this.#options.lifeMs,
      isPosthouse: easemob?.isPosthouse === true,
      mayDuplicate: given.mayDuplicate === true,
      freshKey: (content, now) => this.#freshKey(content, now),
      onChange: item => this.#tell(item),
      wake: () => this.#wake(),
      clock,
    })
    this.#worker = jpush || easemob ? this.#work() : Promise.resolve()
  }

  /**
   * Puts a send in. @returns its id, once it is on the disk: from then on it is sent, even if this process dies
   * @throws Error of SQLite, such as of a disk that is full: it is not kept
   */
  async send(send: Send): Promise<string> {
    if (this.#closing.signal.aborted) throw new Error('the outbox is closed')
    if (!this.#canSend(send)) throw new TypeError(`the outbox has no client for a ${send.kind}`)
    const now = this.#clock.now()
    const made = makeItem(send, now, this.#options.lifeMs)
    const item = { ...made, ...this.#freshKey(made.content, now) }
    const kept = this.#store.insert(item)
    this.#inserting.add(kept)
    try {
      await kept
    } finally {
      this.#inserting.delete(kept)
    }
    this.#tell(asKept(item))
    this.#wake()
    return item.itemId
  }

  /** @returns undefined: there is none, or it was sent long ago */
  find(itemId: string): Promise<OutboxItem | undefined> {
    return this.#store.find(itemId)
  }

  /** In the order they were put in. @param after the id of the last item before */
  list(filter: ItemFilter = {}, count = 100, after?: string): Promise<readonly OutboxItem[]> {
    return this.#store.list(filter, count, after)
  }

  /** How many there are, by state. */
  count(filter?: ItemFilter): Promise<Readonly<Partial<Record<OutboxState, number>>>> {
    return this.#store.count(filter)
  }

  /** What was done by hand, in its order; kept as long as dead items. @param after the id of the last row before */
  audits(filter: AuditFilter = {}, count = 100, after?: string): Promise<readonly AuditRow[]> {
    return this.#store.audits(filter, count, after)
  }

  /**
   * A person sends an item again that is `unknown`, `dead`, `expired`, `cancelled` or waits. One that may have been sent
   * keeps its key while the server knows it; later it is refused unless `mayDuplicate` says that twice is better than never.
   * @returns false where it is due, is being sent, has been sent, or another was faster; `desk.resend` says which
   * @throws Error that says so, where it might be sent twice
   */
  async resend(itemId: string, options: ByHand & { readonly mayDuplicate?: boolean } = {}): Promise<boolean> {
    const [result] = await this.desk.resend([{ itemId }], options)
    if (result!.outcome === 'might_duplicate')
      throw new Error(`${itemId} may have been sent, and its key is forgotten by now: it might be sent twice`)
    return result!.outcome === 'done'
  }

  /** @returns false where it is being sent, is done, or another was faster */
  async cancel(itemId: string, by: ByHand = {}): Promise<boolean> {
    return (await this.desk.cancel([{ itemId }], by))[0]!.outcome === 'done'
  }

  /**
   * Changes what is sent, of an item that has never been sent. @returns false where it may have been, or another was faster
   * @throws TypeError for a content that cannot be sent
   */
  async edit(itemId: string, content: OutboxContent, by: ByHand = {}): Promise<boolean> {
    return (await this.desk.edit({ itemId }, content, by)).outcome === 'done'
  }

  /**
   * Puts in what another outbox has listed, as it was; what was being sent there may have been sent. All of it, or, where
   * it is refused, nothing. @param items as `JSON.stringify` has written them
   * @throws TypeError for what is no item
   */
  import(items: readonly OutboxItem[], by: ByHand = {}): Promise<Imported> {
    return this.desk.import(items, by)
  }

  /** Takes nothing more in, lets what is under way end, and says what became of each. What takes longer than `timeoutMs` is
   * broken off: it may have been sent. */
  async close({ timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {}): Promise<Closing> {
    this.#closing.abort()
    this.#wake()
    await Promise.allSettled(this.#inserting)
    const listed = this.#listOpen()
    // That it failed is told below, when all has ended.
    await listed.catch(() => {})
    const ended = Promise.all([this.#worker, ...this.#underWay.values()])
    const patience = new AbortController()
    await Promise.race([ended, this.#clock.wait(timeoutMs, patience.signal)])
    patience.abort()
    this.#cut.abort()
    await ended
    try {
      return await this.#outcomesOf(await listed)
    } finally {
      this.#closeStore()
    }
  }

  async #outcomesOf(open: readonly string[]): Promise<Closing> {
    const closing = { sent: [], kept: [], unknown: [], failed: [] } as Record<keyof Closing, string[]>
    for (let from = 0; from < open.length; from += batchSize) {
      const itemIds = open.slice(from, from + batchSize)
      const items = new Map((await this.#store.list({ itemIds }, batchSize)).map(item => [item.itemId, item]))
      for (const itemId of itemIds) closing[placeOf(items.get(itemId))].push(itemId)
    }
    return closing
  }

  async #listOpen(): Promise<readonly string[]> {
    const ids: string[] = []
    for (;;) {
      const page = await this.#store.list({ states: openStates }, batchSize, ids.at(-1))
      ids.push(...page.map(({ itemId }) => itemId))
      if (page.length < batchSize) return ids
    }
  }

  /** Sends what is due, until the close. What a failing disk says is tried again; nothing is lost by it. */
  async #work(): Promise<void> {
    const unwatch = this.#store.watch?.(() => this.#wake())
    while (!this.#closing.signal.aborted) {
      const woken = new AbortController()
      this.#wake = () => woken.abort()
      const waitMs = (await this.#startDue()) - this.#clock.now()
      if (waitMs > 0) await this.#clock.wait(waitMs, woken.signal)
    }
    unwatch?.()
    await Promise.all(this.#underWay.values())
  }

  /** @returns until when there is nothing to do, epoch ms */
  async #startDue(): Promise<number> {
    const { leaseMs, atOnceMax, keyMsMax } = this.#options
    const now = this.#clock.now()
    const keysFrom = now - keyMsMax
    try {
      // Twice as often as it is looked at all.
      if (now - this.#renewedAt > leaseMs / 6) await this.#renew(now)
      const free = atOnceMax - this.#underWay.size
      const none = { claimed: [], expired: [] }
      const held = this.#isUnsure && [...this.#underWay.keys()]
      this.#isUnsure = true
      const options = { now, leaseMs, count: free, keysFrom, ...(held && { held }) }
      const { claimed, expired } = free > 0 ? await this.#store.claim(this.#owner, options) : none
      this.#isUnsure = false
      // One without a key is only taken, to get one.
      for (const item of [...expired, ...claimed.filter(({ state }) => state === 'sending')]) this.#tell(item)
      for (const item of claimed) this.#start(item)
      await this.#tellAge(now)
      const nextAt = free > claimed.length ? await this.#store.nextAt(now) : undefined
      // What waits for another process's item of its conversation is looked at again, too.
      const lookMs = Math.min(leaseMs / 3, this.#store.pollMs ?? Number.POSITIVE_INFINITY)
      return Math.min(now + lookMs, nextAt ?? Number.POSITIVE_INFINITY)
    } catch (error) {
      this.#given.logger?.error({ err: error }, 'the outbox cannot be read or written')
      return now + failedMs
    }
  }

  /** Says that it lives, and looks for those that do not. */
  async #renew(now: number): Promise<void> {
    const [recovered] = await Promise.all([
      this.#store.recover(now, item => this.#mayRepeat(item)),
      this.#store.renew(this.#owner, [...this.#underWay.keys()], now + this.#options.leaseMs),
      now - this.#purgedAt > purgeMs && this.#purge(now),
    ])
    this.#renewedAt = now
    for (const item of recovered) this.#tell(item)
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
        this.#wake()
      })
    this.#underWay.set(item.itemId, work)
  }

  async #deliver(claimed: OutboxItem): Promise<void> {
    // Another process that shares the store has one, or this one will when it is opened otherwise.
    if (!this.#canSend(claimed.content)) {
      await this.#change(claimed, { dueAt: this.#clock.now() + this.#options.missMsMax })
      return
    }
    const item = claimed.state === 'sending' ? claimed : await this.#markSending(claimed)
    if (!item) return
    const answer = await this.#call(item).catch(error => ({ error }))
    if ('error' in answer) return this.#fail(item, answer.error)
    const { result, children } = answer
    await this.#change(item, { state: 'sent', dueAt: null, result, failure: null }, children)
  }

  /** From here on it may have been sent, and a crash must find that it may. @returns undefined: it is not this one's to send */
  async #markSending(item: OutboxItem): Promise<OutboxItem | undefined> {
    // The server has forgotten its key meanwhile: under another it might be sent twice.
    if (mayHaveRun(item) && !this.#mayRepeat(item)) {
      await this.#change(item, { state: 'unknown', dueAt: null })
      return undefined
    }
    const fresh = await this.#fetchKey(item).catch(error => ({ error }))
    if ('key' in fresh) return this.#change(item, { state: 'sending', ...fresh, dueAt: null })
    await this.#fail(item, fresh.error)
    return undefined
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
  async #fetchKey({ content }: OutboxItem): Promise<Pick<OutboxItem, 'key' | 'keyAt'>> {
    if (content.kind === 'message') return { key: makeUuid(), keyAt: this.#clock.now() }
    const [taken] = await this.#given.jpush!.cids.push.take()
    // It may have lain in the pool for hours: its day is counted from there.
    return { key: taken!.cid, keyAt: taken!.fetchedAt }
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
  #isKeyed(item: OutboxItem): boolean {
    return isKeyed(item, this.#given.easemob?.isPosthouse === true)
  }

  #mayRepeat(item: OutboxItem): boolean {
    if (this.#isKeyed(item)) return this.#clock.now() < item.keyAt + this.#options.keyMsMax
    return this.#given.mayDuplicate === true
  }

  /**
   * Writes down what has happened, however long the database is away: nobody else knows it.
   * @returns undefined where another has changed the item
   */
  async #change(
    seen: OutboxItem,
    changes: Changes,
    children: readonly NewItem[] = [],
  ): Promise<OutboxItem | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        const now = this.#clock.now()
        const changed = await this.#store.change(seen, changes, { now, children })
        // A try whose connection broke may have been committed.
        const item = changed ?? (tries > 1 ? await this.#findChanged(seen, changes) : undefined)
        if (item) for (const each of [item, ...children.map(asKept)]) this.#tell(each)
        this.#wake()
        return item
      } catch (error) {
        if (this.#cut.signal.aborted) throw error
        this.#given.logger?.error({ err: error, itemId: seen.itemId }, 'the outbox cannot be written')
        await this.#clock.wait(failedMs, this.#cut.signal)
      }
    }
  }

  async #findChanged({ itemId, version }: OutboxItem, { state }: Changes): Promise<OutboxItem | undefined> {
    const item = await this.#store.find(itemId)
    return item?.version === version + 1 && item.state === state ? item : undefined
  }

  /** Of every change; in a line at error level where nobody but a person does more about it. */
  #tell(item: OutboxItem): void {
    const { logger } = this.#given
    const { itemId, state, tries, dueAt, conversation, content, failure } = item
    const isLost = state === 'dead' || (state === 'unknown' && dueAt === null)
    const fields = { itemId, state, kind: content.kind, tries, dueAt, conversation, failure: failure?.id }
    logger?.[isLost ? 'error' : state === 'expired' ? 'warn' : 'info'](fields, 'outbox item changed')
    const operation = typeof failure?.operation === 'string' ? failure.operation : `outbox ${content.kind}`
    const dialect = content.kind === 'push' ? 'jpush' : 'easemob'
    tell(this.#observers, { is: 'item', dialect, host: '', operation, item }, logger)
  }

  async #tellAge(now: number): Promise<void> {
    if (this.#observers.length === 0 || now - this.#toldAt < toldMs) return
    this.#toldAt = now
    const first = await this.#store.list({ states: ['pending', 'sending', 'waiting'] }, 1)
    // Those without a time wait for a person.
    const repeated = (await this.#store.list({ states: ['unknown'] }, 100)).filter(
      ({ dueAt }) => dueAt !== null,
    )
    const [oldest] = [...first, ...repeated].sort((one, other) => one.createdAt - other.createdAt)
    const oldestMs = oldest ? Math.max(0, now - oldest.createdAt) : 0
    const dialect = oldest?.content.kind === 'message' ? 'easemob' : 'jpush'
    const place = { dialect, host: '', operation: '' } as const
    const counts = await this.#store.count()
    tell(this.#observers, { ...place, is: 'outbox', counts, oldestMs }, this.#given.logger)
  }
}

function placeOf(item: OutboxItem | undefined): keyof Closing {
  if (!item || item.state === 'sent') return 'sent'
  if (item.state === 'unknown' || item.state === 'sending') return 'unknown'
  return isFinal(item) ? 'failed' : 'kept'
}
