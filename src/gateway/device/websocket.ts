// MQTT over WebSocket (MQTT 3.1.1 §6, MQTT 5 §6): binary messages whose bounds mean nothing.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { Refusal } from '../../contract/refusal.ts'
import { checkHandshake } from '../http/websocket-handshake.ts'
import type { Connection } from './connection.ts'
import type { Transport } from './transport.ts'

const subprotocol = 'mqtt'
/** RFC 6455 §7.4.1 */
const closeCodes = { goingAway: 1001, unsupportedData: 1003 } as const

class WebSocketTransport implements Transport {
  readonly #socket: WebSocket
  readonly #stream: Duplex

  constructor(socket: WebSocket, stream: Duplex) {
    this.#socket = socket
    this.#stream = stream
  }

  get writableLength(): number {
    return this.#socket.bufferedAmount
  }

  write(bytes: Uint8Array): boolean {
    this.#socket.send(bytes)
    return !this.#stream.writableNeedDrain
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  end(): void {
    this.#socket.close(closeCodes.goingAway)
  }

  destroy(): void {
    this.#socket.terminate()
  }
}

export interface WebSocketDoorOptions {
  readonly messageBytesMax: number
  /** A new connection over this transport. */
  readonly accept: (transport: Transport) => Connection
}

export class WebSocketDoor {
  readonly #server: WebSocketServer
  readonly #options: WebSocketDoorOptions

  constructor(options: WebSocketDoorOptions) {
    this.#options = options
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.messageBytesMax,
      autoPong: false,
      handleProtocols: () => subprotocol,
    })
  }

  /** @throws Refusal `request_invalid` for a handshake that is none, or does not offer `mqtt` [MQTT-6.0.0-3] */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const offered = String(request.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/)
    if (!offered.includes(subprotocol))
      throw new Refusal('request_invalid', { reason: 'Offer the WebSocket subprotocol mqtt' })
    checkHandshake(request)
    this.#server.handleUpgrade(request, socket, head, webSocket => this.#serve(webSocket, socket))
  }

  #serve(webSocket: WebSocket, socket: Duplex): void {
    const connection = this.#options.accept(new WebSocketTransport(webSocket, socket))
    webSocket.binaryType = 'nodebuffer'
    webSocket.on('message', (data: Buffer, isBinary) => {
      // [MQTT-6.0.0-1]
      if (isBinary) connection.receive(data)
      else webSocket.close(closeCodes.unsupportedData)
    })
    // Of pings that a device does not take the answers to, it is owed the last at most (RFC 6455 §5.5.3).
    webSocket.on('ping', (data: Buffer) => {
      if (!socket.writableNeedDrain) webSocket.pong(data)
    })
    socket.on('drain', () => connection.drained())
    webSocket.on('error', () => {})
    webSocket.on('close', () => connection.lost())
  }
}
