// One connection of a device: bytes to packets, packets to their handlers, and everything that leaves.
//
// - new: nothing but a CONNECT is taken, and not for long.
// - opening: the core is being asked; the device may have sent more already, which waits.
// - open: has a session.
// - closed: what still arrives is ignored.
import type { Packet } from 'mqtt-packet'
import type { DeviceConfig } from '../../config.ts'
import type { Timed, TimerWheel } from '../../lib/timer-wheel.ts'
import { decode, decodeConnect, encode, levelOf, type Version } from './codec.ts'
import type { DeviceSessions } from './device-sessions.ts'
import { frameAt, PartialFrame } from './frames.ts'
import { answerConnect, connect } from './packets/connect.ts'
import { handle } from './packets/handlers.ts'
import type { PushPacket } from './push-packet.ts'
import { type Reason, reasons } from './reasons.ts'
import type { Session } from './session.ts'
import type { Transport } from './transport.ts'

/** What the connections of one door share. */
export interface ConnectionSurroundings {
  readonly config: DeviceConfig
  readonly sessions: DeviceSessions
  readonly wheel: TimerWheel
  readonly onClosed: (connection: Connection) => void
  readonly onError: (error: unknown) => void
}

type State = 'new' | 'opening' | 'open' | 'closed'

const connectType = 1
const pubackFirstByte = 0x40

export class Connection implements Timed {
  slot = -1
  version: Version = 4
  registrationId = ''
  /** The largest packet the device takes. */
  packetBytesMax = Number.MAX_SAFE_INTEGER
  readonly #transport: Transport
  readonly #surroundings: ConnectionSurroundings
  #state: State = 'new'
  #session: Session | undefined
  #partial: PartialFrame | undefined
  #isHeld = false
  /** Ticks of the wheel: when something last came; since when the device has not taken what was written. */
  #heardAt: number
  #stuckSince: number | undefined
  #quietTicksMax: number

  constructor(transport: Transport, surroundings: ConnectionSurroundings) {
    const { wheel, config } = surroundings
    this.#transport = transport
    this.#surroundings = surroundings
    this.#heardAt = wheel.now
    this.#quietTicksMax = wheel.ticksOf(config.connectMs)
    wheel.set(this, this.#quietTicksMax)
  }

  get config(): DeviceConfig {
    return this.#surroundings.config
  }

  get sessions(): DeviceSessions {
    return this.#surroundings.sessions
  }

  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  get session(): Session | undefined {
    return this.#session
  }

  get unsentBytes(): number {
    return this.#transport.writableLength
  }

  receive(chunk: Buffer): void {
    if (this.#state === 'closed') return
    if (this.#state !== 'new') this.#heardAt = this.#surroundings.wheel.now
    const bytes = this.#partial ? this.#partial.add(chunk) : chunk
    if (!bytes) return
    this.#partial = undefined
    this.#read(bytes)
  }

  /** The network has taken everything. */
  drained(): void {
    this.#stuckSince = undefined
    this.#session?.drained()
  }

  /** The other side is gone. */
  lost(): void {
    this.#close()
    this.#surroundings.onClosed(this)
  }

  /** A new CONNECT is taken or refused; `session` is what it got. */
  opened(session: Session, keepAliveSeconds: number): void {
    const { wheel } = this.#surroundings
    this.#session = session
    this.#state = 'open'
    this.#heardAt = wheel.now
    // One and a half times what the device promised [MQTT-3.1.2-24]; 0 = it promised nothing.
    this.#quietTicksMax = keepAliveSeconds === 0 ? 0 : wheel.ticksOf(keepAliveSeconds * 1_500)
    wheel.set(this, this.#quietTicksMax || wheel.ticksOf(this.config.stallMs))
    this.release()
  }

  /** Stops reading: what has arrived waits, and so does the device. */
  hold(): void {
    if (this.#isHeld) return
    this.#isHeld = true
    this.#transport.pause()
  }

  release(): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    const rest = this.#partial?.join()
    this.#partial = undefined
    if (rest) this.#read(rest)
    if (!this.#isHeld) this.#transport.resume()
  }

  send(packet: Packet): void {
    this.#write(encode(packet, this.version))
  }

  /** Several pushes in one write. @param bytes how long they are together */
  sendPushes(
    pushes: readonly { readonly packet: PushPacket; readonly packetId: number }[],
    bytes: number,
  ): void {
    const target = Buffer.allocUnsafe(bytes)
    let at = 0
    for (const { packet, packetId } of pushes) at = packet.copyTo(target, at, this.registrationId, packetId)
    this.#write(target)
  }

  /** PUBACK of an event the device has published. */
  acknowledgeEvent(packetId: number): void {
    this.send({ cmd: 'puback', messageId: packetId, reasonCode: 0 })
  }

  /** Tells an MQTT 5 device why, then closes. An MQTT 3.1.1 device learns it from the closing (§4.8). */
  end(reason: Reason): void {
    if (this.#state === 'closed') return
    if (this.#state === 'open' && this.version === 5)
      this.send({ cmd: 'disconnect', reasonCode: reasons[reason] })
    this.finish()
  }

  /** Closes after what was written has left. */
  finish(): void {
    if (this.#state === 'closed') return
    this.#close()
    this.#transport.end()
    this.#transport.resume()
    // A device that does not take its leave is cut off.
    this.#surroundings.wheel.set(this, this.#surroundings.wheel.ticksOf(this.config.connectMs))
  }

  /** Closes at once. */
  cut(): void {
    this.#close()
    this.#transport.destroy()
  }

  due(): number | undefined {
    const { wheel } = this.#surroundings
    if (this.#state === 'closed') {
      this.#transport.destroy()
      return undefined
    }
    const stallTicks = wheel.ticksOf(this.config.stallMs)
    const stuckTicks = this.#stuckSince === undefined ? 0 : wheel.now - this.#stuckSince
    const quietTicks = wheel.now - this.#heardAt
    if (stuckTicks >= stallTicks) {
      this.cut()
      return undefined
    }
    // While the core is asked, or events wait for it, the device is not read: its silence is ours.
    const isQuiet = this.#quietTicksMax > 0 && quietTicks >= this.#quietTicksMax && !this.#isHeld
    if (isQuiet) {
      this.end('keepAliveTimeout')
      return wheel.ticksOf(this.config.connectMs)
    }
    const untilQuiet = this.#quietTicksMax > 0 ? this.#quietTicksMax - quietTicks : stallTicks
    return Math.max(1, Math.min(untilQuiet, stallTicks - stuckTicks))
  }

  #read(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length) {
      if (this.isClosed) return
      if (this.#isHeld) break
      // The first packet is a CONNECT, or the connection is none of ours [MQTT-3.1.0-1]; it need not be there whole.
      if (this.#state === 'new' && bytes[at]! >> 4 !== connectType) return this.finish()
      if (this.#isPuback(bytes, at)) {
        this.#session!.acknowledge(bytes.readUInt16BE(at + 2))
        at += 4
        continue
      }
      const frame = frameAt(bytes, at, this.config.packetBytesMax)
      if (frame === 'malformed') return this.end('malformed')
      if (frame === 'too_large') return this.end('packetTooLarge')
      if (!frame || frame.end > bytes.length) {
        this.#partial = new PartialFrame(bytes.subarray(at), frame ? frame.end - at : bytes.length - at + 1)
        return
      }
      this.#take(bytes.subarray(at, frame.end))
      at = frame.end
    }
    if (at < bytes.length && !this.isClosed) this.#partial = new PartialFrame(bytes.subarray(at), 0)
  }

  /** The commonest packet in its commonest form, taken without its handler: a fan-out brings one from every device. */
  #isPuback(bytes: Buffer, at: number): boolean {
    return (
      bytes[at] === pubackFirstByte &&
      bytes[at + 1] === 2 &&
      at + 4 <= bytes.length &&
      (bytes[at + 2] !== 0 || bytes[at + 3] !== 0) &&
      this.#state === 'open'
    )
  }

  #take(frame: Buffer): void {
    if (this.#state === 'new') return this.#takeConnect(frame)
    // A second CONNECT [MQTT-3.1.0-2].
    if (frame[0]! >> 4 === connectType) return this.end('protocolError')
    const packet = decode(frame, this.version)
    if (packet) handle(this, packet)
    else this.end('malformed')
  }

  #takeConnect(frame: Buffer): void {
    const level = levelOf(frame)
    if (level === undefined) return this.finish()
    this.version = level >= 5 ? 5 : 4
    if (level !== 4 && level !== 5) return answerConnect(this, 'versionUnsupported')
    const packet = decodeConnect(frame)
    if (packet?.cmd !== 'connect')
      return this.version === 5 ? answerConnect(this, 'malformed') : this.finish()
    this.#state = 'opening'
    this.hold()
    connect(this, packet).catch(error => {
      this.#surroundings.onError(error)
      this.finish()
    })
  }

  #write(bytes: Buffer): void {
    if (this.#state === 'closed') return
    const isTaken = this.#transport.write(bytes)
    if (isTaken !== false || this.#stuckSince !== undefined) return
    const { wheel } = this.#surroundings
    this.#stuckSince = wheel.now
    wheel.set(this, wheel.ticksOf(this.config.stallMs))
  }

  #close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#partial = undefined
    this.#surroundings.wheel.delete(this)
    if (this.#session) this.sessions.close(this.#session)
  }
}
