// The sessions of users that this gateway holds: opened and closed with the core's knowledge, told what the core announces.
import type { ImConfig } from '../../config.ts'
import type { UserSessionName } from '../../contract/operations/inbox.ts'
import type { Wake } from '../../contract/operations/wakes.ts'
import { Refusal } from '../../contract/refusal.ts'
import { messageIdAt } from '../../lib/message-id.ts'
import { Turns } from '../../lib/turns.ts'
import type { Link } from '../../link/link.ts'
import { SessionBooks } from '../session-books.ts'
import { type Connection, closeCodes } from './connection.ts'
import { CoreCommands } from './core-commands.ts'
import type { Login } from './provision.ts'
import { Session, type SessionSurroundings } from './session.ts'
import { SessionRegistry } from './session-registry.ts'

export class UserSessions {
  readonly #link: Link
  readonly #config: ImConfig
  readonly #registry = new SessionRegistry()
  readonly #books: SessionBooks<Session, UserSessionName>
  readonly #opens: Turns
  readonly #checks: Turns
  readonly #toCheck = new Set<Session>()
  readonly #core: CoreCommands
  readonly #surroundings: SessionSurroundings
  readonly #onError: (error: unknown) => void

  constructor(link: Link, config: ImConfig, onError: (error: unknown) => void) {
    this.#link = link
    this.#config = config
    this.#onError = onError
    this.#core = new CoreCommands(link, config.retryMs)
    this.#opens = new Turns(config.opensMax)
    this.#checks = new Turns(config.opensMax)
    this.#books = new SessionBooks({
      link,
      batchMax: config.batchMax,
      retryMs: config.retryMs,
      sessions: () => this.#registry.all(),
      tellEnds: sessions => this.#tellEnds(sessions),
      tellLives: sessions => this.#tellLives(sessions),
      // Why it has ended, nobody knows any more: the next login tells the client whether it may.
      onLost: ({ connection }) => connection.finish(closeCodes.goingAway),
      onConfirmed: session => this.#check(session),
    })
    this.#surroundings = {
      core: this.#core,
      pullMax: config.pullMax,
      pullsMax: config.pullsMax,
      answerBytesMax: config.bufferBytesMax,
      roomsMax: config.roomsPerSessionMax,
      sendMs: config.sendMs,
      onRoom: (session, room, isIn) => this.#registry.setRoom(session, room, isIn),
      onError,
    }
    link.onWake(wake => this.#wake(wake))
  }

  get count(): number {
    return this.#registry.size
  }

  /**
   * The session of a user who has proved who it is. An earlier one of the same device is ended.
   * @throws Refusal of the core, or of the link to it
   */
  open(connection: Connection, login: Login): Promise<{ session: Session; expiresAt: number }> {
    const until = Date.now() + this.#config.loginMs * answerShare
    const isWanted = () => !connection.isClosed
    return this.#opens.run(async () => {
      // It has waited for its turn until nobody waits for it.
      if (connection.isClosed) throw new Refusal('core_overloaded')
      await this.#books.confirmed()
      const name = this.#books.nextName()
      const { appKey, reason, ...named } = login
      const args = { ...named, ip: connection.ip, session: name }
      const opened = await this.#core.call('inbox.open', args, undefined, { until, isWanted })
      const session = new Session(name, opened, login, connection, this.#surroundings)
      this.#registry.ofDevice(opened.deviceId)?.end('takenOver', reason)
      this.#registry.add(session)
      for (const room of opened.rooms) session.enterRoom(room, opened.roomsFrom)
      return { session, expiresAt: opened.tokenExpiresAt ?? Number.POSITIVE_INFINITY }
    })
  }

  /** The connection is gone. */
  close(session: Session): void {
    if (this.#registry.remove(session)) this.#books.addEnd(session.books)
  }

  /** Ends every session and tells the core, as far as it listens. Clients come back by themselves. */
  async closeAll(): Promise<void> {
    for (const session of [...this.#registry.all()]) session.connection.finish(closeCodes.goingAway)
    await this.#books.endsTold()
  }

  async #tellEnds(sessions: readonly UserSessionName[]): Promise<boolean> {
    const reply = await this.#link.call({
      op: 'inbox.close',
      args: { sessions },
      caller: { as: 'door' },
      request: 'im',
    })
    return !('refusal' in reply)
  }

  async #tellLives(sessions: readonly Session[]): Promise<readonly number[] | undefined> {
    const reply = await this.#link.call({
      op: 'inbox.confirm',
      args: { sessions: sessions.map(({ books }) => books) },
      caller: { as: 'door' },
      request: 'im',
    })
    return 'refusal' in reply ? undefined : reply.result.lost
  }

  /** After the answers that came with it have been taken: one of them may be the session it is for. */
  #wake(wake: Wake): void {
    setImmediate(() => this.#handle(wake))
  }

  #handle(wake: Wake): void {
    switch (wake.kind) {
      case 'inbox':
        for (const uid of wake.users)
          for (const session of this.#registry.ofUser(uid))
            if (session.deviceId !== wake.origin) session.wake(wake.queue)
        return
      case 'room':
        for (const session of this.#registry.ofRoom(wake.room))
          if (session.deviceId !== wake.origin) session.wakeRoom(wake.room)
        return
      case 'room_members':
        return this.#changeRoom(wake)
      case 'token_renewed':
        for (const session of this.#registry.ofUser(wake.uid))
          session.connection.prolong(wake.expiresAt ?? Number.POSITIVE_INFINITY)
        return
      case 'end_user_sessions':
        for (const session of this.#registry.ofUser(wake.uid))
          if (isMeant(session, wake)) session.end(wake.because)
    }
  }

  #changeRoom({ room, users, areIn, from }: Extract<Wake, { kind: 'room_members' }>): void {
    for (const uid of users)
      for (const session of this.#registry.ofUser(uid))
        if (areIn) session.enterRoom(room, from ?? messageIdAt(Date.now()))
        else session.leaveRoom(room)
  }

  /** However often the core comes back before its turn, a session is checked once. */
  #check(session: Session): void {
    if (this.#toCheck.has(session)) return
    this.#toCheck.add(session)
    void this.#checks.run(() => {
      this.#toCheck.delete(session)
      return this.#recheck(session)
    })
  }

  async #recheck(session: Session): Promise<void> {
    if (session.isClosed) return
    try {
      await session.recheck()
    } catch (error) {
      // Its client asks for everything by itself when it hears nothing.
      if (!(error instanceof Refusal)) this.#onError(error)
    }
  }
}

/** Of the time that a client gives to its login, what the core may use of it. */
const answerShare = 0.8

function isMeant({ deviceId, name }: Session, wake: Extract<Wake, { kind: 'end_user_sessions' }>): boolean {
  return (
    (wake.deviceId === undefined || wake.deviceId === deviceId) &&
    (wake.session === undefined || wake.session === name)
  )
}
