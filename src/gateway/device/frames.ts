// Where one MQTT packet ends and the next begins (MQTT 3.1.1 §2.2, MQTT 5 §2.1).

export interface Frame {
  /** Of the whole packet, its fixed header included. */
  readonly start: number
  readonly end: number
}

export type FrameFault = 'malformed' | 'too_large'

const lengthBytesMax = 4

/**
 * The packet that begins at `start`. Its `end` may lie beyond the bytes at hand.
 * @returns undefined when not even the length is there yet
 */
export function frameAt(bytes: Uint8Array, start: number, bytesMax: number): Frame | FrameFault | undefined {
  let length = 0
  for (let index = 0; index < lengthBytesMax; index++) {
    const byte = bytes[start + 1 + index]
    if (byte === undefined) return undefined
    length += (byte & 0x7f) * 128 ** index
    if ((byte & 0x80) !== 0) continue
    return length > bytesMax ? 'too_large' : { start, end: start + 2 + index + length }
  }
  return 'malformed'
}

/** A packet of which a part has arrived. The parts are put together once, when the last one is there. */
export class PartialFrame {
  readonly #parts: Buffer[] = []
  #bytes = 0
  /** How many bytes there have to be before another look is worth it. */
  readonly #wanted: number

  constructor(part: Buffer, wanted: number) {
    this.#wanted = wanted
    this.#add(part)
  }

  /** @returns all bytes so far, once there are enough */
  add(part: Buffer): Buffer | undefined {
    this.#add(part)
    return this.#bytes < this.#wanted ? undefined : Buffer.concat(this.#parts)
  }

  /** All bytes so far, enough or not. */
  join(): Buffer {
    return Buffer.concat(this.#parts)
  }

  /** A copy: the part may be a small piece of a large buffer that would live as long. */
  #add(part: Buffer): void {
    this.#parts.push(Buffer.from(part))
    this.#bytes += part.length
  }
}
