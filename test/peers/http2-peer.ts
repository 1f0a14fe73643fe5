// What every vendor's peer stands on: an HTTP/2 server with TLS that keeps what it is asked, and whose answer to a request
// may be any of what a network does: silence, resets before and after the request was read, GOAWAY, a closed socket.
import { once } from 'node:events'
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type Certificate, peerCertificate } from './certificate.ts'

interface Scope {
  after(fn: () => Promise<void> | void): void
}

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** 1 is the first session that this peer has had. */
  readonly session: number
}

/** Says what becomes of a request that has been read whole. */
export type Reply = (stream: ServerHttp2Stream, asked: Asked) => void

/** When the head of a request has come, before its body: true = it has been dealt with. */
export type HeadReply = (stream: ServerHttp2Stream) => boolean

export interface PeerOptions {
  readonly certificate?: Certificate
  readonly port?: number
  /** SETTINGS_MAX_CONCURRENT_STREAMS of each session. */
  readonly streamsMax?: number
  /** Ask clients for a certificate; whose it is, `reply` judges. */
  readonly asksCertificate?: boolean
}

export const answer =
  (status: number, body?: unknown, headers: Record<string, string> = {}): Reply =>
  stream => {
    if (stream.destroyed) return
    stream.respond({ ':status': status, ...headers }, { endStream: body === undefined })
    if (body !== undefined) stream.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

/** No answer, ever. */
export const silence: Reply = () => undefined

export const reset =
  (code: number): Reply =>
  stream =>
    stream.close(code)

/** REFUSED_STREAM: the peer promises that it did nothing (RFC 9113 §8.7). */
export const refuse: Reply = reset(constants.NGHTTP2_REFUSED_STREAM)

/** The socket ends as one that the network cut. */
export const cut: Reply = stream => stream.session?.socket.destroy()

export class Http2Peer {
  readonly #server: Http2SecureServer
  readonly #sessions = new Set<ServerHttp2Session>()
  readonly #sockets = new Set<TLSSocket>()
  readonly asked: Asked[] = []
  reply: Reply
  onHead: HeadReply = () => false
  onSession: (session: ServerHttp2Session) => void = () => undefined
  /** Kept: what is under way while it stops still asks for it. */
  port = 0
  sessionsEver = 0
  #changed = Promise.withResolvers<void>()

  private constructor(
    reply: Reply,
    { certificate = peerCertificate(), streamsMax, asksCertificate }: PeerOptions,
  ) {
    this.reply = reply
    const settings = streamsMax === undefined ? {} : { maxConcurrentStreams: streamsMax }
    const asking = asksCertificate ? { requestCert: true, rejectUnauthorized: false } : {}
    this.#server = createSecureServer({ ...certificate, settings, ...asking })
    this.#server.on('secureConnection', (socket: TLSSocket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket)).on('error', () => undefined)
      // Its handshake was under way when the peer stopped.
      if (!this.#server.listening) socket.destroy()
    })
    this.#server.on('session', session => this.#welcome(session))
    this.#server.on('sessionError', () => undefined)
  }

  static async start(scope: Scope, reply: Reply, options: PeerOptions = {}): Promise<Http2Peer> {
    const peer = new Http2Peer(reply, options)
    peer.#server.listen(options.port ?? 0, '127.0.0.1')
    await once(peer.#server, 'listening')
    peer.port = (peer.#server.address() as AddressInfo).port
    scope.after(() => peer.stop())
    return peer
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`
  }

  get sessions(): ReadonlySet<ServerHttp2Session> {
    return this.#sessions
  }

  /** What it was asked, once there is so much. @throws Error after `withinMs` */
  async heard(count: number, withinMs = 10_000): Promise<Asked[]> {
    const deadline = AbortSignal.timeout(withinMs)
    while (this.asked.length < count) {
      if (deadline.aborted) throw new Error(`asked ${this.asked.length} times, not ${count}`)
      await Promise.race([this.#changed.promise, once(deadline, 'abort')])
    }
    return this.asked
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const session of this.#sessions) session.destroy()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #welcome(session: ServerHttp2Session): void {
    const number = ++this.sessionsEver
    this.#sessions.add(session)
    session.on('close', () => this.#sessions.delete(session)).on('error', () => undefined)
    this.onSession(session)
    session.on('stream', async (stream, headers) => {
      stream.on('error', () => undefined)
      if (this.onHead(stream)) return
      const body = await readWhole(stream)
      if (body === undefined) return
      const [method, path] = [String(headers[':method']), String(headers[':path'])]
      const asked = { method, path, headers, body, session: number }
      this.asked.push(asked)
      this.#changed.resolve()
      this.#changed = Promise.withResolvers()
      this.reply(stream, asked)
    })
  }
}

async function readWhole(stream: ServerHttp2Stream): Promise<string | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of stream) chunks.push(chunk as Buffer)
  } catch {
    return undefined
  }
  return Buffer.concat(chunks).toString('utf8')
}
