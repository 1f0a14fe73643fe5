// One user's session on one device: the queues the client pulls, the rooms it is in, what it sends.
import type { Entry, OpenedUserSession, UserSessionName } from '../../contract/operations/inbox.ts'
import type { Args, OperationName, Result } from '../../contract/operations.ts'
import { Refusal } from '../../contract/refusal.ts'
import { Lanes } from '../../lib/lanes.ts'
import { Turns } from '../../lib/turns.ts'
import type { Decoded, Int64, Jid, Meta } from '../../msync/codec.ts'
import { type Because, endingMeta, type Reader, toMeta } from '../../msync/meta.ts'
import type { Sender } from './client-message.ts'
import type { Connection } from './connection.ts'
import type { CoreCommands } from './core-commands.ts'
import { Feed, type FeedClient, type Source } from './feed.ts'
import { batchFrame, doneFrame, keyFrame, noticeFrame, refusedFrame, unreadFrame } from './frames.ts'
import { jidOf } from './queue-names.ts'
import { RoomSource } from './room-source.ts'
import type { Performed } from './sync.ts'

export interface SessionSurroundings {
  readonly core: CoreCommands
  readonly pullMax: number
  readonly pullsMax: number
  readonly answerBytesMax: number
  readonly roomsMax: number
  /** How long something that a client sends may wait for the core. */
  readonly sendMs: number
  readonly onRoom: (session: Session, room: string, isIn: boolean) => void
  readonly onError: (error: unknown) => void
}

/** The session has ended without its gateway's knowledge. */
function isOver({ id }: Refusal): boolean {
  return id === 'user_session_gone' || id === 'token_unknown'
}

/** What a Meta takes beside its payload, about. */
const metaBytes = 256

/**
 * Older than any id: acknowledges nothing. Given out at the start of a session, because a client that comes back has two
 * beliefs from its last connection. When the first batch ends with the key that it saw last, its acknowledgement having
 * been lost, it drops the queue and asks for it no more: with this key it has seen another one since. And where it
 * believes a queue to be open, it asks for none any more: the end that answers this key makes it look at the next one.
 */
const firstKey = 1

export class Session implements FeedClient, Sender, Reader {
  /** Its name in the core's books. */
  readonly name: string
  readonly uid: number
  readonly appId: number
  readonly deviceId: number
  readonly username: string
  readonly resource: string
  /** `org#app` */
  readonly appKey: string
  readonly connection: Connection
  readonly #surroundings: SessionSurroundings
  readonly #feeds = new Map<string, Feed>()
  /** None for most sessions. */
  #rooms: Map<string, RoomSource> | undefined
  #isFresh = true
  readonly #sends = new Lanes()
  readonly #pulls: Turns

  constructor(
    name: string,
    opened: OpenedUserSession,
    client: { readonly appKey: string; readonly resource: string },
    connection: Connection,
    surroundings: SessionSurroundings,
  ) {
    this.name = name
    this.uid = opened.uid
    this.appId = opened.appId
    this.deviceId = opened.deviceId
    this.username = opened.username
    this.resource = client.resource
    this.appKey = client.appKey
    this.connection = connection
    this.#surroundings = surroundings
    this.#pulls = new Turns(surroundings.pullsMax)
  }

  get isClosed(): boolean {
    return this.connection.isClosed
  }

  /** As the core's books name it. */
  get books(): UserSessionName {
    return { uid: this.uid, deviceId: this.deviceId, session: this.name }
  }

  get rooms(): Iterable<string> {
    return this.#rooms?.keys() ?? []
  }

  isInRoom(room: string): boolean {
    return this.#rooms?.has(room) === true
  }

  turn(work: () => Promise<void>): Promise<void> {
    return this.#pulls.run(async () => {
      await this.connection.room()
      await work()
    })
  }

  /** @throws Refusal @param until epoch ms; then the last refusal counts */
  ask<Name extends OperationName>(op: Name, args: Args<Name>, until?: number): Promise<Result<Name>> {
    const isWanted = () => !this.isClosed
    return this.#surroundings.core.call(op, args, this.appId, {
      isWanted,
      ...(until !== undefined && { until }),
    })
  }

  /** UNREAD: what waits for the device (msync.md §5 step 5). */
  async tellUnread(): Promise<void> {
    await this.connection.room()
    if (this.isClosed) return
    if (this.#isFresh) this.connection.send(keyFrame(jidOf(this.appKey, ''), firstKey))
    this.#isFresh = false
    const { queues } = await this.ask('inbox.waiting', this.books)
    if (this.isClosed) return
    // Of a room, what came before it was entered is not read.
    const unread = queues
      .filter(({ queue }) => !this.#roomOf(queue))
      .map(({ queue, count }) => ({ queue: jidOf(this.appKey, queue), n: count }))
    this.connection.send(unreadFrame(unread, Date.now()))
  }

  /** Something waits in this queue. */
  wake(queue: string): void {
    const room = this.#roomOf(queue)
    if (room) room.mayHaveMore = true
    this.#feedOf(queue).wake()
  }

  wakeRoom(room: string): void {
    if (this.isInRoom(room)) this.wake(`g:${room}`)
  }

  /** The core has been away: what it announced meanwhile was not heard. */
  async recheck(): Promise<void> {
    for (const feed of this.#feeds.values()) feed.wake()
    for (const room of this.rooms) this.wakeRoom(room)
    const { queues } = await this.ask('inbox.waiting', this.books)
    if (!this.isClosed) for (const { queue } of queues) this.wake(queue)
  }

  /** A client pulls a queue; the key acknowledges what it has of it. */
  async pull(queue: string, key: number | undefined): Promise<void> {
    if (queue === '' && key === firstKey) return this.turn(async () => this.#endFirst())
    const feed = this.#feedOf(queue)
    try {
      await feed.pull(key)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // It hears the room no longer; the queue has been ended for the client.
      if (error.id === 'sender_no_member' || error.id === 'target_room_unknown')
        this.leaveRoom(queue.slice(2))
      else if (isOver(error)) throw error
    }
    if (feed.isSpent && !this.#roomOf(queue) && this.#feeds.get(queue) === feed) this.#feeds.delete(queue)
  }

  /** @param from an id: messages after it are read */
  enterRoom(room: string, from: number): void {
    if (this.isInRoom(room) || (this.#rooms?.size ?? 0) >= this.#surroundings.roomsMax) return
    this.#rooms ??= new Map()
    this.#rooms.set(room, new RoomSource(this, room, this.#surroundings.pullMax, from))
    // What was known under this name before was no room to this session.
    this.#feeds.delete(`g:${room}`)
    this.#surroundings.onRoom(this, room, true)
  }

  leaveRoom(room: string): void {
    if (!this.#rooms?.delete(room)) return
    this.#feeds.delete(`g:${room}`)
    this.#surroundings.onRoom(this, room, false)
  }

  notice(queue: Jid): void {
    this.connection.send(noticeFrame(queue))
  }

  batch(queue: Jid, entries: readonly Entry[]): number {
    const metas: Meta[] = []
    let bytes = 0
    for (const entry of entries) {
      const meta = toMeta(this, entry)
      bytes += metaBytes + meta.payload!.length
      if (metas.length > 0 && bytes > this.#surroundings.answerBytesMax) break
      metas.push(meta)
    }
    this.connection.send(batchFrame(queue, metas, Date.now()))
    return metas.length
  }

  /**
   * What the client sends to one receiver is done in its order, one after the other, and acknowledged when it is
   * committed. What it sends to others does not wait for it.
   * @param perform gets the moment (epoch ms) after which the client has given up
   */
  send({ id, to }: Decoded<Meta>, perform: (until: number) => Promise<Performed>): void {
    const until = Date.now() + this.#surroundings.sendMs
    const lane = `${to?.name ?? ''} ${to?.domain ?? ''}`
    this.connection.run(() => this.#sends.run(lane, () => this.#perform(id, perform, until)))
  }

  async #perform(
    metaId: Int64,
    perform: (until: number) => Promise<Performed>,
    until: number,
  ): Promise<void> {
    await this.connection.room()
    if (this.isClosed) return
    try {
      if (Date.now() > until) throw new Refusal('core_deadline_passed')
      const performed = await perform(until)
      if (!this.isClosed) this.connection.send(doneFrame(metaId, performed))
    } catch (error) {
      // What is no Refusal is a bug.
      if (!(error instanceof Refusal)) this.#surroundings.onError(error)
      const refusal = error instanceof Refusal ? error : new Refusal('internal')
      if (!this.isClosed) this.connection.send(refusedFrame(metaId, refusal, Date.now()))
      if (isOver(refusal)) throw refusal
    }
  }

  /** Tells the client why, so that it does not come back by itself, and closes (msync.md §5 step 12). */
  end(because: Because, reason = ''): void {
    if (this.isClosed) return
    const now = Date.now()
    this.connection.send(batchFrame(jidOf(this.appKey, ''), [endingMeta(this, because, reason, now)], now))
    this.connection.finish()
  }

  #endFirst(): void {
    if (!this.isClosed) this.batch(jidOf(this.appKey, ''), [])
  }

  #feedOf(queue: string): Feed {
    const known = this.#feeds.get(queue)
    if (known) return known
    const room = this.#roomOf(queue)
    const feed = new Feed(jidOf(this.appKey, queue), room ?? this.#sourceOf(queue), this, room?.from)
    this.#feeds.set(queue, feed)
    return feed
  }

  #roomOf(queue: string): RoomSource | undefined {
    return queue.startsWith('g:') ? this.#rooms?.get(queue.slice(2)) : undefined
  }

  #sourceOf(queue: string): Source {
    return { read: (after, key) => this.read(queue, after, key) }
  }

  /** What waits in a queue after an id; the key acknowledges. @throws Refusal */
  async read(queue: string, after: number, key: number | undefined): Promise<readonly Entry[]> {
    const wish = { ...this.books, queue, after, limit: this.#surroundings.pullMax }
    const { entries } =
      key === undefined
        ? await this.ask('inbox.pull', wish)
        : await this.ask('inbox.acknowledge', { ...wish, through: key })
    return entries
  }
}
