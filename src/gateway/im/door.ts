// The door for clients of users: MSYNC in the binary messages of a WebSocket (msync.md §1).
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { ImConfig } from '../../config.ts'
import { retryAfter } from '../../contract/limits.ts'
import { Refusal } from '../../contract/refusal.ts'
import { TimerWheel } from '../../lib/timer-wheel.ts'
import type { Link } from '../../link/link.ts'
import { checkHandshake } from '../http/websocket-handshake.ts'
import type { Log } from '../log.ts'
import { Connection, type ConnectionSurroundings, closeCodes } from './connection.ts'
import { UserSessions } from './user-sessions.ts'

const tickMs = 250

export class ImDoor {
  readonly #config: ImConfig
  readonly #server: WebSocketServer
  readonly #connections = new Set<Connection>()
  readonly #surroundings: ConnectionSurroundings
  #isClosing = false
  #allClosed: (() => void) | undefined

  constructor(link: Link, config: ImConfig, log: Log) {
    const onError = (error: unknown) => log.error({ err: error }, 'an IM connection failed')
    this.#config = config
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: config.frameBytesMax,
      autoPong: false,
    })
    this.#surroundings = {
      config,
      sessions: new UserSessions(link, config, onError),
      wheel: new TimerWheel(tickMs),
      onClosed: connection => this.#closed(connection),
      onError,
    }
    this.#surroundings.wheel.start()
  }

  /** Clients that are connected and logged in. */
  get sessionCount(): number {
    return this.#surroundings.sessions.count
  }

  /** A WebSocket handshake. @throws Refusal */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#isClosing) throw new Refusal('core_draining', {}, { retryAfterMs: retryAfter.drainMs })
    if (this.#connections.size >= this.#config.connectionsMax)
      throw new Refusal('core_overloaded', {}, { retryAfterMs: retryAfter.overloadMostMs })
    checkHandshake(request)
    const ip = request.socket.remoteAddress ?? ''
    this.#server.handleUpgrade(request, socket, head, webSocket => this.#serve(webSocket, socket, ip))
  }

  /** Sends every client away, so that each comes back elsewhere or later; what waits for it waits on. */
  async close(): Promise<void> {
    this.#isClosing = true
    const { sessions, wheel } = this.#surroundings
    await sessions.closeAll()
    for (const connection of this.#connections) connection.finish(closeCodes.goingAway)
    const closed = new Promise<void>(resolve => {
      this.#allClosed = resolve
    })
    const cutOff = setTimeout(() => {
      for (const connection of this.#connections) connection.cut()
    }, tickMs)
    if (this.#connections.size > 0) await closed
    clearTimeout(cutOff)
    wheel.stop()
  }

  #serve(webSocket: WebSocket, socket: Duplex, ip: string): void {
    const connection = new Connection(webSocket, socket, ip, this.#surroundings)
    this.#connections.add(connection)
    webSocket.binaryType = 'nodebuffer'
    webSocket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) connection.receive(data)
      else connection.finish(closeCodes.unsupportedData)
    })
    webSocket.on('ping', (data: Buffer) => connection.pinged(data))
    socket.on('drain', () => connection.drained())
    // What went wrong is told by the closing that follows.
    webSocket.on('error', () => {})
    webSocket.on('close', () => connection.lost())
  }

  #closed(connection: Connection): void {
    this.#connections.delete(connection)
    if (this.#connections.size === 0) this.#allClosed?.()
  }
}
