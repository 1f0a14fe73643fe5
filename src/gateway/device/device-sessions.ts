// The sessions that this gateway holds: opened and closed with the core's knowledge, confirmed when the core has been
// away, told what the core announces. The connections stay whatever becomes of the core.
import type { DeviceConfig } from '../../config.ts'
import type { OpenedSession } from '../../contract/operations/devices.ts'
import type { Wake } from '../../contract/operations/wakes.ts'
import { Refusal } from '../../contract/refusal.ts'
import { Turns } from '../../lib/turns.ts'
import type { Link } from '../../link/link.ts'
import { Batcher } from '../batcher.ts'
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
  readonly #config: DeviceConfig
  readonly #registry = new SessionRegistry()
  readonly #receipts: Receipts
  readonly #fanOut: FanOut
  readonly #closings: Batcher<Closing>
  readonly #opens: Turns
  readonly #surroundings: SessionSurroundings
  /** Names of sessions are told apart from those of other gateways, and of this one before it started anew. */
  readonly #namePrefix = Math.random().toString(36).slice(2, 10)
  #lastName = 0
  #confirming: Promise<void> | undefined

  constructor(link: Link, config: DeviceConfig) {
    this.#link = link
    this.#config = config
    const contents = new Contents(link, config.contentsMax)
    const pulls = new Pulls(link, contents, config)
    this.#receipts = new Receipts(link, config)
    this.#fanOut = new FanOut(this.#registry, contents, config)
    this.#opens = new Turns(config.opensMax)
    this.#closings = new Batcher({
      max: config.batchMax,
      retryMs: config.retryMs,
      send: closings => this.#sendClosings(closings),
    })
    this.#surroundings = {
      receipts: this.#receipts,
      pull: session => pulls.add(session),
      wakeCount: () => this.#fanOut.count,
      bufferBytesMax: config.bufferBytesMax,
      eventsMax: config.eventsMax,
    }
    link.onWake(wake => this.#wake(wake))
    link.onCoreStart(() => this.#coreStarted())
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
      await this.#confirming
      if (!(await this.#receipts.settled()) || !(await this.#closings.settled()))
        throw new Refusal('core_gone')
      const name = `${this.#namePrefix}-${(++this.#lastName).toString(36)}`
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
    if (this.#registry.remove(session)) this.#closings.add({ deviceId, session: name, settled })
  }

  /** Ends every session and tells the core, as far as it listens. */
  async closeAll(): Promise<void> {
    for (const session of [...this.#registry.all()]) session.connection.end('shuttingDown')
    await this.#closings.settled()
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

  async #sendClosings(sessions: readonly Closing[]): Promise<boolean> {
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

  #wake(wake: Wake): void {
    if (wake.kind === 'push' || wake.kind === 'broadcast') return this.#fanOut.add(wake)
    if (wake.kind !== 'end_session') return
    // A session that was opened just before is entered once its answer, of this same turn, has been taken.
    setImmediate(() => {
      const session = this.#registry.ofDevice(wake.deviceId)
      if (session?.name === wake.session) session.connection.end(wake.because)
    })
  }

  #coreStarted(): void {
    this.#fanOut.forget()
    const confirming = this.#confirmAll().then(isDone => {
      if (this.#confirming !== confirming) return
      this.#confirming = undefined
      if (!isDone) setTimeout(() => this.#coreStarted(), this.#config.retryMs).unref()
    })
    this.#confirming = confirming
  }

  /** Receipts first, then ends, then what lives on; every session then asks for its queue. */
  async #confirmAll(): Promise<boolean> {
    if (!(await this.#receipts.settled()) || !(await this.#closings.settled())) return false
    const sessions = [...this.#registry.all()]
    for (let at = 0; at < sessions.length; at += this.#config.batchMax)
      if (!(await this.#confirm(sessions.slice(at, at + this.#config.batchMax)))) return false
    return true
  }

  async #confirm(sessions: readonly Session[]): Promise<boolean> {
    const reply = await this.#link.call({
      op: 'session.confirm',
      args: { sessions: sessions.map(({ deviceId, name }) => ({ deviceId, session: name })) },
      caller: { as: 'door' },
      request: 'devices',
    })
    if ('refusal' in reply) return false
    const lost = new Set(reply.result.lost)
    for (const session of sessions)
      if (lost.has(session.deviceId)) session.connection.end('takenOver')
      else session.recheck()
    return true
  }
}
