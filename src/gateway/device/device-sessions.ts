// The sessions that this gateway holds: opened and closed with the core's knowledge, told what the core announces.
import type { DeviceConfig } from '../../config.ts'
import type { OpenedSession } from '../../contract/operations/devices.ts'
import type { Wake } from '../../contract/operations/wakes.ts'
import { Refusal } from '../../contract/refusal.ts'
import { Turns } from '../../lib/turns.ts'
import type { Link } from '../../link/link.ts'
import { SessionBooks } from '../session-books.ts'
import type { Connection } from './connection.ts'
import { Contents } from './contents.ts'
import { FanOut } from './fan-out.ts'
import { Pulls } from './pulls.ts'
import { Receipts } from './receipts.ts'
import { Session, type SessionSurroundings } from './session.ts'
import { SessionRegistry } from './session-registry.ts'

export interface Credentials {
  readonly registrationId: string
  readonly password: string
  readonly appKey: string
}

interface Closing {
  readonly deviceId: number
  readonly session: string
  readonly settled: number
}

export class DeviceSessions {
  readonly #link: Link
  readonly #registry = new SessionRegistry()
  readonly #receipts: Receipts
  readonly #fanOut: FanOut
  readonly #books: SessionBooks<Session, Closing>
  readonly #opens: Turns
  readonly #surroundings: SessionSurroundings

  constructor(link: Link, config: DeviceConfig) {
    this.#link = link
    const contents = new Contents(link, config.contentsMax)
    const pulls = new Pulls(link, contents, config)
    this.#receipts = new Receipts(link, config)
    this.#fanOut = new FanOut(this.#registry, contents, config)
    this.#opens = new Turns(config.opensMax)
    link.onCoreStart(() => this.#fanOut.forget())
    this.#books = new SessionBooks({
      link,
      batchMax: config.batchMax,
      retryMs: config.retryMs,
      sessions: () => this.#registry.all(),
      tellEnds: closings => this.#tellEnds(closings),
      tellLives: sessions => this.#tellLives(sessions),
      onLost: ({ connection }) => connection.end('takenOver'),
      onConfirmed: session => session.recheck(),
    })
    this.#surroundings = {
      receipts: this.#receipts,
      pull: session => pulls.add(session),
      wakeCount: () => this.#fanOut.count,
      bufferBytesMax: config.bufferBytesMax,
      eventsMax: config.eventsMax,
    }
    link.onWake(wake => this.#wake(wake))
  }

  get count(): number {
    return this.#registry.size
  }

  /**
   * The session of a device that has proved who it is. Its earlier session, if this gateway holds it, is ended.
   * @param window how many pushes the connection takes unacknowledged
   * @throws Refusal of the core, or of the link to it
   */
  open(connection: Connection, credentials: Credentials, window: number): Promise<Session> {
    return this.#opens.run(async () => {
      // What the device has acknowledged in its last session must not come again in this one.
      await this.#books.confirmed()
      if (!(await this.#receipts.settled()) || !(await this.#books.endsTold())) throw new Refusal('core_gone')
      const name = this.#books.nextName()
      const opened = await this.#ask(name, credentials)
      const session = new Session(name, opened, connection, window, this.#surroundings)
      const earlier = this.#registry.ofDevice(opened.deviceId)
      earlier?.connection.end('takenOver')
      this.#registry.add(session)
      return session
    })
  }

  /** The connection is gone. */
  close(session: Session): void {
    session.unsubscribe()
    const { deviceId, name, settled } = session
    if (this.#registry.remove(session)) this.#books.addEnd({ deviceId, session: name, settled })
  }

  /** Ends every session and tells the core, as far as it listens. */
  async closeAll(): Promise<void> {
    for (const session of [...this.#registry.all()]) session.connection.end('shuttingDown')
    await this.#books.endsTold()
  }

  async #ask(session: string, { registrationId, password, appKey }: Credentials): Promise<OpenedSession> {
    const reply = await this.#link.call({
      op: 'session.open',
      args: { session, appKey },
      caller: { as: 'device', registrationId, password },
      request: session,
    })
    if ('refusal' in reply) throw reply.refusal
    return reply.result
  }

  async #tellEnds(sessions: readonly Closing[]): Promise<boolean> {
    // A session's receipts come before its end, which says how far they go.
    if (!(await this.#receipts.settled())) return false
    const reply = await this.#link.call({
      op: 'session.close',
      args: { sessions },
      caller: { as: 'door' },
      request: 'devices',
    })
    return !('refusal' in reply)
  }

  async #tellLives(sessions: readonly Session[]): Promise<readonly number[] | undefined> {
    // What they have acknowledged is no longer in the queues that they are about to ask for.
    if (!(await this.#receipts.settled())) return undefined
    const reply = await this.#link.call({
      op: 'session.confirm',
      args: { sessions: sessions.map(({ deviceId, name }) => ({ deviceId, session: name })) },
      caller: { as: 'door' },
      request: 'devices',
    })
    return 'refusal' in reply ? undefined : reply.result.lost
  }

  #wake(wake: Wake): void {
    if (wake.kind === 'push' || wake.kind === 'broadcast') return this.#fanOut.add(wake)
    if (wake.kind !== 'end_session') return
    // A session that was opened just before is entered once its answer, of this same turn, has been taken.
    setImmediate(() => {
      const session = this.#registry.ofDevice(wake.deviceId)
      if (session?.name === wake.session) session.connection.end(wake.because)
    })
  }
}
