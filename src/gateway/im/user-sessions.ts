// The sessions of users that this gateway holds: opened and closed with the core's knowledge, confirmed when the core has
// been away, told what the core announces. The connections stay whatever becomes of the core.
import type { ImConfig } from '../../config.ts'
import type { UserSessionName } from '../../contract/operations/inbox.ts'
import type { Wake } from '../../contract/operations/wakes.ts'
import { Refusal } from '../../contract/refusal.ts'
import { messageIdAt } from '../../lib/message-id.ts'
import { Turns } from '../../lib/turns.ts'
import type { Link } from '../../link/link.ts'
import { Batcher } from '../batcher.ts'
import { type Connection, closeCodes } from './connection.ts'
import { CoreCommands } from './core-commands.ts'
import type { Login } from './provision.ts'
import { Session, type SessionSurroundings } from './session.ts'
import { SessionRegistry } from './session-registry.ts'

export class UserSessions {
  readonly #link: Link
  readonly #config: ImConfig
  readonly #registry = new SessionRegistry()
  readonly #closings: Batcher<UserSessionName>
  readonly #opens: Turns
  readonly #checks: Turns
  readonly #core: CoreCommands
  readonly #surroundings: SessionSurroundings
  readonly #onError: (error: unknown) => void
  /** Names of sessions are told apart from those of other gateways, and of this one before it started anew. */
  readonly #namePrefix = Math.random().toString(36).slice(2, 10)
  #lastName = 0
  #confirming: Promise<void> | undefined

  constructor(link: Link, config: ImConfig, onError: (error: unknown) => void) {
    this.#link = link
    this.#config = config
    this.#onError = onError
    this.#core = new CoreCommands(link, config.retryMs)
    this.#opens = new Turns(config.opensMax)
    this.#checks = new Turns(config.opensMax)
    this.#closings = new Batcher({
      max: config.batchMax,
      retryMs: config.retryMs,
      send: sessions => this.#sendClosings(sessions),
    })
    this.#surroundings = {
      core: this.#core,
      pullMax: config.pullMax,
      answerBytesMax: config.bufferBytesMax,
      roomsMax: config.roomsPerSessionMax,
      sendMs: config.sendMs,
      onRoom: (session, room, isIn) => this.#registry.setRoom(session, room, isIn),
      onError,
    }
    link.onWake(wake => this.#wake(wake))
    link.onCoreStart(() => this.#coreStarted())
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
      await this.#confirming
      const name = `${this.#namePrefix}-${(++this.#lastName).toString(36)}`
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
    const { uid, deviceId, name } = session
    if (this.#registry.remove(session)) this.#closings.add({ uid, deviceId, session: name })
  }

  /** Ends every session and tells the core, as far as it listens. Clients come back by themselves. */
  async closeAll(): Promise<void> {
    for (const session of [...this.#registry.all()]) session.connection.finish(closeCodes.goingAway)
    await this.#closings.settled()
  }

  async #sendClosings(sessions: readonly UserSessionName[]): Promise<boolean> {
    const reply = await this.#link.call({
      op: 'inbox.close',
      args: { sessions },
      caller: { as: 'door' },
      request: 'im',
    })
    return !('refusal' in reply)
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

  #coreStarted(): void {
    const confirming = this.#confirmAll().then(isDone => {
      if (this.#confirming !== confirming) return
      this.#confirming = undefined
      if (!isDone) setTimeout(() => this.#coreStarted(), this.#config.retryMs).unref()
    })
    this.#confirming = confirming
  }

  /** Ends first, then what lives on; every session then hears of what waits for it. */
  async #confirmAll(): Promise<boolean> {
    if (!(await this.#closings.settled())) return false
    const sessions = [...this.#registry.all()]
    for (let at = 0; at < sessions.length; at += this.#config.batchMax)
      if (!(await this.#confirm(sessions.slice(at, at + this.#config.batchMax)))) return false
    return true
  }

  async #confirm(sessions: readonly Session[]): Promise<boolean> {
    const reply = await this.#link.call({
      op: 'inbox.confirm',
      args: { sessions: sessions.map(({ uid, deviceId, name }) => ({ uid, deviceId, session: name })) },
      caller: { as: 'door' },
      request: 'im',
    })
    if ('refusal' in reply) return false
    const lost = new Set(reply.result.lost)
    for (const session of sessions) {
      // Why it has ended, nobody knows any more: the next login tells the client whether it may.
      if (lost.has(session.deviceId)) session.connection.finish(closeCodes.goingAway)
      else void this.#checks.run(() => this.#recheck(session))
    }
    return true
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
