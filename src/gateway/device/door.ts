// The door for devices: MQTT 3.1.1 and 5 over TCP and over WebSocket.
import type { IncomingMessage } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Config } from '../../config.ts'
import { retryAfter } from '../../contract/limits.ts'
import { Refusal } from '../../contract/refusal.ts'
import { TimerWheel } from '../../lib/timer-wheel.ts'
import type { Link } from '../../link/link.ts'
import type { Log } from '../log.ts'
import { Connection, type ConnectionSurroundings } from './connection.ts'
import { DeviceSessions } from './device-sessions.ts'
import type { Transport } from './transport.ts'
import { WebSocketDoor } from './websocket.ts'

const tickMs = 250
/** A dead peer that promised no keep-alive is noticed by the network's own probes. */
const tcpProbeMs = 60_000

export class DeviceDoor {
  readonly #config: Config
  readonly #log: Log
  readonly #server: Server
  readonly #webSockets: WebSocketDoor
  readonly #connections = new Set<Connection>()
  readonly #surroundings: ConnectionSurroundings

  constructor(link: Link, config: Config, log: Log) {
    this.#config = config
    this.#log = log
    this.#surroundings = {
      config: config.device,
      sessions: new DeviceSessions(link, config.device),
      wheel: new TimerWheel(tickMs),
      onClosed: connection => this.#connections.delete(connection),
      onError: error => log.error({ err: error }, 'a device connection failed'),
    }
    this.#server = createServer(
      { noDelay: true, keepAlive: true, keepAliveInitialDelay: tcpProbeMs },
      socket => this.#serve(socket),
    )
    this.#server.maxConnections = config.device.connectionsMax
    this.#webSockets = new WebSocketDoor({
      messageBytesMax: config.device.packetBytesMax,
      accept: transport => this.#accept(transport),
    })
  }

  /** Devices that are connected and known. */
  get sessionCount(): number {
    return this.#surroundings.sessions.count
  }

  /** @returns the port of MQTT over TCP */
  async listen(): Promise<number> {
    const { host, mqttPort: port, device } = this.#config
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port, backlog: device.backlog }, resolve)
    })
    this.#server.removeAllListeners('error')
    this.#server.on('error', error => this.#log.error({ err: error }, 'the MQTT server failed'))
    this.#surroundings.wheel.start()
    return (this.#server.address() as AddressInfo).port
  }

  /** A WebSocket handshake at `/mqtt`. @throws Refusal */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#connections.size >= this.#config.device.connectionsMax)
      throw new Refusal('core_overloaded', {}, { retryAfterMs: retryAfter.overloadMostMs })
    this.#webSockets.upgrade(request, socket, head)
  }

  /** Sends every device away, so that each comes back elsewhere or later; what waits for it waits on. */
  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()))
    const { sessions, wheel } = this.#surroundings
    await sessions.closeAll()
    for (const connection of this.#connections) connection.end('shuttingDown')
    const cutOff = setTimeout(() => {
      for (const connection of this.#connections) connection.cut()
    }, tickMs)
    await closed
    clearTimeout(cutOff)
    wheel.stop()
  }

  #serve(socket: Socket): void {
    const connection = this.#accept(socket)
    socket.on('data', chunk => connection.receive(chunk))
    socket.on('drain', () => connection.drained())
    // What went wrong is told by the closing that follows.
    socket.on('error', () => {})
    socket.on('close', () => connection.lost())
  }

  #accept(transport: Transport): Connection {
    const connection = new Connection(transport, this.#surroundings)
    this.#connections.add(connection)
    return connection
  }
}
