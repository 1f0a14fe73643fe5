// A device that says exactly what a test wants: packets or bytes over TCP, answers one by one.
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import mqttPacket, { type Packet } from 'mqtt-packet'
import type { DeviceAccess } from './mqtt-device.ts'
import type { TestApp } from './start-app.ts'

export type Answer = Packet | 'closed'

const withinMs = 10_000

export class RawDevice {
  readonly #socket: Socket
  readonly #version: 4 | 5
  readonly #answers: Answer[] = []
  #waiting: ((answer: Answer) => void) | undefined

  private constructor(socket: Socket, version: 4 | 5) {
    this.#socket = socket
    this.#version = version
    const parser = mqttPacket.parser({ protocolVersion: version })
    parser.on('packet', packet => this.#take(packet))
    parser.on('error', error => {
      throw error
    })
    socket.on('data', bytes => parser.parse(bytes as Buffer))
    socket.on('error', () => {})
    socket.on('close', () => this.#take('closed'))
  }

  static async open(t: TestContext, app: TestApp, version: 4 | 5): Promise<RawDevice> {
    const { hostname, port } = new URL(app.runtime.mqtt)
    const socket = connect(Number(port), hostname)
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    t.after(() => socket.destroy())
    return new RawDevice(socket, version)
  }

  /** Opens a connection and gets through CONNECT. */
  static async connected(
    t: TestContext,
    app: TestApp,
    version: 4 | 5,
    access: DeviceAccess,
    { appKey = app.demo.app_key, ...options }: { readonly appKey?: string; readonly keepalive?: number } = {},
  ): Promise<RawDevice> {
    const device = await RawDevice.open(t, app, version)
    device.send(connectPacket(version, appKey, access, options))
    const connack = await device.next()
    if (connack === 'closed' || connack.cmd !== 'connack' || (connack.returnCode ?? connack.reasonCode) !== 0)
      throw new Error(`CONNECT was answered with ${JSON.stringify(connack)}`)
    return device
  }

  send(packet: Packet): void {
    this.write(mqttPacket.generate(packet, { protocolVersion: this.#version }))
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  /** Takes nothing more from the network. */
  stopReading(): void {
    this.#socket.pause()
  }

  readOn(): void {
    this.#socket.resume()
  }

  /** Ends without DISCONNECT. */
  drop(): void {
    this.#socket.destroy()
  }

  /** The next packet, or that the server has closed the connection. */
  async next(): Promise<Answer> {
    const answer = this.#answers.shift()
    if (answer) return answer
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    this.#waiting = resolve
    const timer = setTimeout(() => reject(new Error('no answer in time')), withinMs)
    return promise.finally(() => clearTimeout(timer))
  }

  async subscribe(rid: string): Promise<Answer> {
    const subscriptions = [{ topic: `devices/${rid}/push`, qos: 1 as const }]
    this.send({ cmd: 'subscribe', messageId: 1, subscriptions })
    return this.next()
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) waiting(answer)
    else this.#answers.push(answer)
  }
}

export function connectPacket(
  version: 4 | 5,
  appKey: string,
  { rid, password }: DeviceAccess,
  options: object = {},
): Packet {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: version,
    clean: true,
    keepalive: 60,
    clientId: rid,
    username: appKey,
    password: Buffer.from(password),
    ...options,
  }
}
