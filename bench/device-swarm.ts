// Thousands of MQTT subscribers in a process of their own, as lean as they can be: they connect, subscribe with QoS 1,
// acknowledge and count. Forked: takes a Swarm and then `expect` messages, answers `ready` and `received`.
import { connect, type Socket } from 'node:net'

export interface SwarmDevice {
  readonly clientId: string
  readonly username: string
  readonly password: string
  readonly topic: string
}

export interface Swarm {
  readonly port: number
  readonly devices: readonly SwarmDevice[]
  /** Connections being opened at once. */
  readonly opening: number
}

export type ToSwarm =
  | { readonly swarm: Swarm }
  /** `every`: how many deliveries make a step that is told. */
  | { readonly expect: number; readonly every?: number }

export type FromSwarm =
  | { readonly ready: number }
  | { readonly steps: number }
  | {
      readonly received: number
      /** When the first and the last one came (epoch ms). */
      readonly firstAt: number
      readonly lastAt: number
      readonly latenciesMs: { readonly p50: number; readonly p99: number }
    }

/** Publishers put the moment of sending (epoch ms, three decimals) between these marks. */
export const stampMark = { before: '@@', after: '##' } as const

const connack = 2
const publish = 3
const suback = 9

const counter = { expected: 0, every: 0, received: 0, firstAt: 0, latencies: [] as number[] }

class Device {
  readonly #socket: Socket
  readonly #onReady: () => void
  readonly #topic: string
  #rest: Buffer | undefined

  constructor(port: number, device: SwarmDevice, onReady: () => void) {
    this.#topic = device.topic
    this.#onReady = onReady
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true }, () =>
      this.#socket.write(connectPacket(device)),
    )
    this.#socket.on('data', chunk => this.#receive(chunk))
    this.#socket.on('error', error => {
      throw error
    })
  }

  #receive(chunk: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk
    let at = 0
    const acks: number[] = []
    while (at < bytes.length) {
      const frame = frameAt(bytes, at)
      if (!frame) break
      this.#handle(bytes, frame, acks)
      at = frame.end
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : undefined
    if (acks.length > 0) this.#socket.write(Buffer.from(acks))
  }

  #handle(bytes: Buffer, { type, start, end, qos }: Frame, acks: number[]): void {
    if (type === connack) this.#socket.write(subscribePacket(this.#topic))
    else if (type === suback) this.#onReady()
    else if (type === publish) {
      const topicEnd = start + 2 + bytes.readUInt16BE(start)
      if (qos > 0) acks.push(0x40, 2, bytes[topicEnd]!, bytes[topicEnd + 1]!)
      count(bytes, topicEnd, end)
    }
  }
}

interface Frame {
  readonly type: number
  readonly qos: number
  readonly start: number
  readonly end: number
}

/** MQTT 3.1.1 §2.2: type and flags, then the remaining length in up to four bytes of seven bits. */
function frameAt(bytes: Buffer, at: number): Frame | undefined {
  let length = 0
  for (let index = 1; index <= 4; index++) {
    const byte = bytes[at + index]
    if (byte === undefined) return undefined
    length += (byte & 0x7f) * 128 ** (index - 1)
    if (byte & 0x80) continue
    const start = at + index + 1
    if (start + length > bytes.length) return undefined
    return { type: bytes[at]! >> 4, qos: (bytes[at]! >> 1) & 3, start, end: start + length }
  }
  return undefined
}

function connectPacket({ clientId, username, password }: SwarmDevice): Buffer {
  const keepAliveSeconds = 600
  const head = Buffer.from([
    0,
    4,
    0x4d,
    0x51,
    0x54,
    0x54,
    4,
    0xc2,
    keepAliveSeconds >> 8,
    keepAliveSeconds & 0xff,
  ])
  return packet(0x10, [head, text(clientId), text(username), text(password)])
}

function subscribePacket(topic: string): Buffer {
  return packet(0x82, [Buffer.from([0, 1]), text(topic), Buffer.from([1])])
}

function packet(first: number, parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7]
  return Buffer.concat([Buffer.from([first, ...length]), body])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
}

function count(bytes: Buffer, start: number, end: number): void {
  const now = performance.timeOrigin + performance.now()
  if (counter.received === 0) counter.firstAt = now
  counter.received++
  // One in sixteen is enough for the percentiles, and cheap enough not to slow the rest.
  if (counter.received % 16 === 1 || counter.expected < 4_096) {
    const from = bytes.indexOf(stampMark.before, start)
    const to = from === -1 ? -1 : bytes.indexOf(stampMark.after, from)
    if (to !== -1 && to < end) counter.latencies.push(now - Number(bytes.toString('latin1', from + 2, to)))
  }
  if (counter.received === counter.expected) report(now)
  else if (counter.every > 0 && counter.received % counter.every === 0)
    tell({ steps: counter.received / counter.every })
}

function report(now: number): void {
  const sorted = Float64Array.from(counter.latencies).sort()
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  tell({
    received: counter.received,
    firstAt: counter.firstAt,
    lastAt: now,
    latenciesMs: { p50: at(0.5), p99: at(0.99) },
  })
}

function tell(message: FromSwarm): void {
  process.send?.(message)
}

async function open({ port, devices, opening }: Swarm): Promise<void> {
  let next = 0
  const openOne = async (): Promise<void> => {
    for (let device = devices[next++]; device; device = devices[next++]) {
      const { promise, resolve } = Promise.withResolvers<void>()
      new Device(port, device, resolve)
      await promise
    }
  }
  await Promise.all(Array.from({ length: opening }, openOne))
  tell({ ready: devices.length })
}

process.on('message', (message: ToSwarm) => {
  if ('swarm' in message) void open(message.swarm)
  else
    Object.assign(counter, {
      expected: message.expect,
      every: message.every ?? 0,
      received: 0,
      latencies: [],
    })
})
process.on('disconnect', () => process.exit(0))
