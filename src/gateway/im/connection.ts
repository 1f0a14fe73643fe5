// One connection of a client: frames to their handlers, and everything that leaves.
//
// - new: nothing but a PROVISION is taken, and not for long.
// - opening: the core is being asked; the client may have sent more already, which waits.
// - open: has a session.
// - closed: what still arrives is ignored.
//
// While as many commands as may be wait for the core, the client is not read.
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { ImConfig } from '../../config.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { Timed, TimerWheel } from '../../lib/timer-wheel.ts'
import { commands, type Decoded, type Frame, frameCodec, MalformedBytes } from '../../msync/codec.ts'
import { logoutFrame } from './frames.ts'
import { provision } from './provision.ts'
import type { Session } from './session.ts'
import { synchronise } from './sync.ts'
import type { UserSessions } from './user-sessions.ts'

/** What the connections of one door share. */
export interface ConnectionSurroundings {
  readonly config: ImConfig
  readonly sessions: UserSessions
  readonly wheel: TimerWheel
  readonly onClosed: (connection: Connection) => void
  readonly onError: (error: unknown) => void
}

/** RFC 6455 §7.4.1 */
export const closeCodes = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  unsupportedData: 1003,
  invalidData: 1007,
  policy: 1008,
} as const

type State = 'new' | 'opening' | 'open' | 'closed'

export class Connection implements Timed {
  slot = -1
  readonly ip: string
  readonly #socket: WebSocket
  readonly #stream: Duplex
  readonly #surroundings: ConnectionSurroundings
  #state: State = 'new'
  #session: Session | undefined
  /** Commands whose answers are still to come, and the frames that arrived since there are as many as may be. */
  #commands = 0
  #waiting: Uint8Array[] | undefined
  #roomWanted: (() => void)[] | undefined
  /** Ticks of the wheel: when something last came; since when the client has not taken what was written. */
  #heardAt: number
  #stuckSince: number | undefined
  #endsAt = Number.POSITIVE_INFINITY

  /** @param stream what carries the WebSocket */
  constructor(socket: WebSocket, stream: Duplex, ip: string, surroundings: ConnectionSurroundings) {
    this.#socket = socket
    this.#stream = stream
    this.ip = ip
    this.#surroundings = surroundings
    this.#heardAt = surroundings.wheel.now
    surroundings.wheel.set(this, surroundings.wheel.ticksOf(surroundings.config.loginMs))
  }

  get config(): ImConfig {
    return this.#surroundings.config
  }

  get sessions(): UserSessions {
    return this.#surroundings.sessions
  }

  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  receive(bytes: Uint8Array): void {
    if (this.#state === 'closed') return
    this.#heardAt = this.#surroundings.wheel.now
    if (this.#waiting) this.#waiting.push(bytes)
    else this.#take(bytes)
  }

  /** Of pings that a client does not take the answers to, it is owed the last at most (RFC 6455 §5.5.3). */
  pinged(data: Buffer): void {
    if (this.#state === 'closed') return
    this.#heardAt = this.#surroundings.wheel.now
    if (!this.#stream.writableNeedDrain) this.#socket.pong(data)
  }

  /** The network has taken everything. */
  drained(): void {
    this.#stuckSince = undefined
    this.#giveRoom()
  }

  /** The other side is gone. */
  lost(): void {
    this.#close()
    this.#surroundings.onClosed(this)
  }

  /** The client is logged in. @param endsAt epoch ms */
  opened(session: Session, endsAt: number): void {
    this.#session = session
    this.#state = 'open'
    this.#endsAt = endsAt
    this.#heardAt = this.#surroundings.wheel.now
    this.#surroundings.wheel.set(this, this.#untilNextLook())
  }

  /** @param endsAt epoch ms; a session never ends earlier than it would have */
  prolong(endsAt: number): void {
    if (this.#state !== 'open' || endsAt <= this.#endsAt) return
    this.#endsAt = endsAt
    this.#surroundings.wheel.set(this, this.#untilNextLook())
  }

  /** Work for the client; there may be only so much of it at a time. */
  run(work: () => Promise<void>): void {
    if (++this.#commands >= this.config.commandsMax) this.#hold()
    work()
      .catch(error => this.#failed(error))
      .finally(() => {
        this.#commands--
        this.#release()
      })
  }

  /** Resolves when not too much is waiting to be sent, or the connection is closed. */
  room(): Promise<void> {
    // Where no drain is to come, there is room: the stream's own mark is not reached.
    const isFull = this.#socket.bufferedAmount >= this.config.bufferBytesMax && this.#stream.writableNeedDrain
    if (this.isClosed || !isFull) return Promise.resolve()
    return new Promise(resolve => {
      this.#roomWanted ??= []
      this.#roomWanted.push(resolve)
    })
  }

  send(frame: Uint8Array): void {
    if (this.#state === 'closed') return
    this.#socket.send(frame)
    if (!this.#stream.writableNeedDrain || this.#stuckSince !== undefined) return
    this.#stuckSince = this.#surroundings.wheel.now
    this.#surroundings.wheel.set(this, this.#untilNextLook())
  }

  /** Closes after what was written has left. */
  finish(code: number = closeCodes.normal): void {
    if (this.#state === 'closed') return
    this.#close()
    this.#socket.resume()
    this.#socket.close(code)
    // A client that does not take its leave is cut off.
    const { wheel } = this.#surroundings
    wheel.set(this, wheel.ticksOf(this.config.loginMs))
  }

  /** Closes at once. */
  cut(): void {
    this.#close()
    this.#socket.terminate()
  }

  due(): number | undefined {
    const { wheel } = this.#surroundings
    if (this.#state === 'closed') {
      this.#socket.terminate()
      return undefined
    }
    const stuckTicks = this.#stuckSince === undefined ? 0 : wheel.now - this.#stuckSince
    if (stuckTicks >= wheel.ticksOf(this.config.stallMs)) {
      this.cut()
      return undefined
    }
    // While it is not read, its silence is ours.
    const isSilent = this.#ticksOfSilence() >= this.#silenceMax() && !this.#waiting
    if (isSilent || Date.now() >= this.#endsAt) {
      this.finish(closeCodes.policy)
      return undefined
    }
    return this.#untilNextLook()
  }

  #ticksOfSilence(): number {
    return this.#surroundings.wheel.now - this.#heardAt
  }

  #silenceMax(): number {
    const { silenceMs, loginMs } = this.config
    return this.#surroundings.wheel.ticksOf(this.#state === 'open' ? silenceMs : loginMs)
  }

  #untilNextLook(): number {
    const { wheel } = this.#surroundings
    const untilSilent = this.#silenceMax() - this.#ticksOfSilence()
    const untilStalled =
      this.#stuckSince === undefined
        ? untilSilent
        : wheel.ticksOf(this.config.stallMs) - (wheel.now - this.#stuckSince)
    const untilEnd = Math.min(wheel.ticksOf(this.#endsAt - Date.now()), Number.MAX_SAFE_INTEGER)
    return Math.max(1, Math.min(untilSilent, untilStalled, untilEnd))
  }

  #take(bytes: Uint8Array): void {
    try {
      const frame = frameCodec.decode(bytes)
      if (this.#session) this.#handle(frame, this.#session)
      else this.#takeFirst(frame)
    } catch (error) {
      if (!(error instanceof MalformedBytes)) this.#surroundings.onError(error)
      this.finish(closeCodes.invalidData)
    }
  }

  /** A client that has not said who it is has nothing else to say. */
  #takeFirst(frame: Decoded<Frame>): void {
    if (frame.command !== commands.provision) return this.finish(closeCodes.protocolError)
    this.#state = 'opening'
    this.#hold()
    this.run(() => provision(this, frame))
  }

  #handle(frame: Decoded<Frame>, session: Session): void {
    switch (frame.command) {
      case commands.sync:
        return synchronise(session, frame.payload)
      case commands.unread:
        return this.run(() => session.tellUnread())
      case commands.logout:
        this.send(logoutFrame())
        return this.finish()
      default:
        // What only a server says, or a second login.
        return this.finish(closeCodes.protocolError)
    }
  }

  #failed(error: unknown): void {
    // The session is over in the core's books, or it could not be served: the client has to log in again.
    if (error instanceof Refusal) this.finish(closeCodes.policy)
    else this.#surroundings.onError(error)
  }

  #hold(): void {
    if (this.#waiting) return
    this.#waiting = []
    this.#socket.pause()
  }

  #release(): void {
    if (!this.#waiting || this.#state === 'opening' || this.#commands >= this.config.commandsMax) return
    const waiting = this.#waiting
    this.#waiting = undefined
    for (const [index, bytes] of waiting.entries()) {
      if (this.isClosed) return
      this.#take(bytes)
      // Held again, and with it whatever else had arrived.
      if (this.#isHeld()) {
        this.#waiting = waiting.slice(index + 1)
        return
      }
    }
    this.#socket.resume()
  }

  #isHeld(): boolean {
    return this.#waiting !== undefined
  }

  #giveRoom(): void {
    const wanted = this.#roomWanted
    this.#roomWanted = undefined
    for (const resolve of wanted ?? []) resolve()
  }

  #close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#waiting = undefined
    this.#surroundings.wheel.delete(this)
    this.#giveRoom()
    if (this.#session) this.sessions.close(this.#session)
  }
}
