// Bytes to packets and back. One parser a protocol version serves every connection: it is given whole packets only, so
// it holds nothing between them.
import mqttPacket, { type Packet, type Parser } from 'mqtt-packet'

export type Version = 4 | 5

class Decoder {
  readonly #parser: Parser
  #packet: Packet | undefined

  constructor(version: Version) {
    this.#parser = mqttPacket.parser({ protocolVersion: version })
    this.#parser.on('packet', packet => {
      this.#packet = packet
    })
    // Told by the packet that does not come; unheard, it would be thrown.
    this.#parser.on('error', () => {})
  }

  decode(frame: Buffer): Packet | undefined {
    this.#packet = undefined
    try {
      this.#parser.parse(frame)
    } catch {
      return undefined
    }
    return this.#packet
  }
}

const decoders: Readonly<Record<Version, Decoder>> = { 4: new Decoder(4), 5: new Decoder(5) }

/** @returns undefined when the bytes are no packet */
export function decode(frame: Buffer, version: Version): Packet | undefined {
  return decoders[version].decode(frame)
}

/** A CONNECT changes what its parser takes the version to be, so each gets a parser of its own. */
export function decodeConnect(frame: Buffer): Packet | undefined {
  return new Decoder(4).decode(frame)
}

export function encode(packet: Packet, version: Version): Buffer {
  return mqttPacket.generate(packet, { protocolVersion: version })
}

const protocolNames: readonly string[] = ['MQTT', 'MQIsdp']

/** The protocol level a CONNECT asks for (MQTT 3.1.1 §3.1.2.2); undefined when it is no CONNECT of MQTT. */
export function levelOf(frame: Buffer): number | undefined {
  let at = 1
  while (at < frame.length && (frame[at]! & 0x80) !== 0) at++
  at++
  if (frame.length < at + 2) return undefined
  const end = at + 2 + frame.readUInt16BE(at)
  if (!protocolNames.includes(frame.toString('latin1', at + 2, end))) return undefined
  return frame[end]
}
