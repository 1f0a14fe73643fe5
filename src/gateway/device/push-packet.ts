// A push as the PUBLISH packets of its subscribers: encoded once a protocol version and platform, then copied for each
// with its own topic and packet id written over the placeholders (limits.md, consequence 5).
import type { PushPayloads } from '../../contract/operations/devices.ts'
import type { Platform } from '../../contract/operations/pushes.ts'
import { encode, type Version } from './codec.ts'

/** Every registration id this server gives has this length, so the packets of all devices have the same form. */
const placeholder = '0'.repeat(19)
const topicStart = 'devices/'.length

export function pushTopic(registrationId: string): string {
  return `devices/${registrationId}/push`
}

export function eventsTopic(registrationId: string): string {
  return `devices/${registrationId}/events`
}

export class PushPacket {
  readonly #bytes: Buffer
  readonly #idAt: number
  readonly #nameAt: number

  constructor(payload: string, version: Version) {
    const topic = pushTopic(placeholder)
    this.#bytes = encode(
      { cmd: 'publish', topic, payload, qos: 1, messageId: 1, dup: false, retain: false },
      version,
    )
    const topicAt = this.#bytes.indexOf(topic)
    this.#nameAt = topicAt + topicStart
    this.#idAt = topicAt + topic.length
  }

  get length(): number {
    return this.#bytes.length
  }

  /** Writes the packet for one subscriber into `target`. @returns where it ends */
  copyTo(target: Buffer, at: number, registrationId: string, packetId: number): number {
    this.#bytes.copy(target, at)
    target.write(registrationId, at + this.#nameAt, 'latin1')
    target.writeUInt16BE(packetId, at + this.#idAt)
    return at + this.#bytes.length
  }
}

export class Push {
  readonly msgId: number
  readonly isBroadcast: boolean
  readonly #payloads: PushPayloads['payloads']
  readonly #packets = new Map<string, PushPacket>()

  constructor({ msgId, isBroadcast, payloads }: PushPayloads) {
    this.msgId = msgId
    this.isBroadcast = isBroadcast
    this.#payloads = payloads
  }

  /** Undefined when the push says nothing to this platform. */
  packetFor(platform: Platform, version: Version): PushPacket | undefined {
    const key = platform + version
    const known = this.#packets.get(key)
    if (known) return known
    const payload = this.#payloads[platform]
    if (payload === undefined) return undefined
    const packet = new PushPacket(payload, version)
    this.#packets.set(key, packet)
    return packet
  }
}
