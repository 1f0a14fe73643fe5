// A server with TLS for peers that are asked by HTTP/2 and HTTP/1.1 alike: it keeps what it is asked, bytes as they came.
import { once } from 'node:events'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Server, TLSSocket } from 'node:tls'
import { peerCertificate } from './certificate.ts'

interface Scope {
  after(fn: () => Promise<void> | void): void
}

export interface HttpAsked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly version: string
}

export type HttpAnswer = ServerResponse | Http2ServerResponse
export type HttpReply = (answer: HttpAnswer, asked: HttpAsked) => Promise<void> | void

export interface HttpPeerOptions {
  readonly port?: number
  readonly protocol?: 'h2' | 'http/1.1'
}

export const respond =
  (status: number, body: unknown = '', headers: Record<string, string> = {}): HttpReply =>
  answer =>
    send(answer, status, body, headers)

/** Not its overloads: the two kinds of answer word them differently. */
export function send(
  answer: HttpAnswer,
  status: number,
  body: unknown = '',
  headers: Record<string, string> = {},
): void {
  answer.statusCode = status
  for (const [name, value] of Object.entries(headers)) answer.setHeader(name, value)
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  if ('stream' in answer) answer.end(text)
  else answer.end(text)
}

/** No answer, ever. */
export const silence: HttpReply = () => undefined

/** The socket ends as one that the network cut. */
export const cut: HttpReply = answer => {
  if ('stream' in answer) answer.stream.session?.destroy()
  else answer.socket?.destroy()
}

export class HttpPeer {
  readonly #server: Server
  readonly #sockets = new Set<TLSSocket>()
  readonly asked: HttpAsked[] = []
  reply: HttpReply
  /** Kept: what is under way while it stops still asks for it. */
  port = 0
  connectionsEver = 0
  #changed = Promise.withResolvers<void>()

  private constructor(reply: HttpReply, protocol: 'h2' | 'http/1.1') {
    this.reply = reply
    const listener = (asked: IncomingMessage | Http2ServerRequest, answer: HttpAnswer) =>
      void this.#take(asked, answer)
    this.#server =
      protocol === 'h2'
        ? createSecureServer(peerCertificate(), listener)
        : createServer({ ...peerCertificate(), ALPNProtocols: ['http/1.1'] }, listener)
    this.#server.on('secureConnection', (socket: TLSSocket) => {
      this.connectionsEver++
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket)).on('error', () => undefined)
    })
    this.#server.on('sessionError', () => undefined)
  }

  static async start(
    scope: Scope,
    reply: HttpReply,
    { port = 0, protocol = 'h2' }: HttpPeerOptions = {},
  ): Promise<HttpPeer> {
    const peer = new HttpPeer(reply, protocol)
    peer.#server.listen(port, '127.0.0.1')
    await once(peer.#server, 'listening')
    peer.port = (peer.#server.address() as AddressInfo).port
    scope.after(() => peer.stop())
    return peer
  }

  get origin(): string {
    return `https://127.0.0.1:${this.port}`
  }

  /** What it was asked, once there is so much. @throws Error after `withinMs` */
  async heard(count: number, withinMs = 10_000): Promise<HttpAsked[]> {
    const deadline = AbortSignal.timeout(withinMs)
    while (this.asked.length < count) {
      if (deadline.aborted) throw new Error(`asked ${this.asked.length} times, not ${count}`)
      await Promise.race([this.#changed.promise, once(deadline, 'abort')])
    }
    return this.asked
  }

  /** The connections there are. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  get connections(): number {
    return this.#sockets.size
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.cutAll()
    await closed
  }

  async #take(request: IncomingMessage | Http2ServerRequest, answer: HttpAnswer): Promise<void> {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      return
    }
    const asked = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks),
      version: request.httpVersion,
    }
    this.asked.push(asked)
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
    await this.reply(answer, asked)
  }
}
