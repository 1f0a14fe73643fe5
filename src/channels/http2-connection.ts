// One HTTP/2 connection to a vendor. What was asked on it ends in one of three ways: answered, certainly not processed,
// or unknown (RFC 9113 §8.7 says which failures promise that nothing was done).
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
} from 'node:http2'
import type { Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import { Http2Answer, wordFor } from './http2-answer.ts'

const { HTTP2_HEADER_METHOD, HTTP2_HEADER_PATH, NGHTTP2_CANCEL, NGHTTP2_REFUSED_STREAM } = constants

export interface Http2Request {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export type Http2Result =
  /** `text`: as much of the body as came, up to `answerBytesMax`. The status counts even where the body broke off. */
  | {
      readonly is: 'answered'
      readonly status: number
      readonly headers: IncomingHttpHeaders
      readonly text: string
    }
  | { readonly is: 'unprocessed'; readonly reason: string }
  | { readonly is: 'unknown'; readonly reason: string }

/** For the last bytes to leave; then the socket is ended, whatever the peer does. */
const partingMs = 100

export interface ConnectionLimits {
  /** Until the peer's SETTINGS have come. */
  readonly connectTimeoutMs: number
  /** Requests under way at once, however many more the peer would take. */
  readonly streamsMax: number
  /** Without a request; then it is closed. */
  readonly idleMs: number
  /** Between the pings that keep an idle connection alive. */
  readonly pingEveryMs: number
  /** Having heard nothing for so long, the peer is pinged before it is given another request. */
  readonly staleMs: number
  readonly pingTimeoutMs: number
  readonly answerBytesMax: number
}

/**
 * connecting → open → leaving → closed. It is open once the peer's SETTINGS have come, since they say how many streams it
 * takes. It leaves when the peer says GOAWAY or nobody has needed it for long: requests under way end, no others begin.
 * While a ping is unanswered it is given no requests; a ping that stays unanswered closes it.
 */
export class Http2Connection {
  readonly #session: ClientHttp2Session
  readonly #limits: ConnectionLimits
  readonly #changed: () => void
  readonly #closed = Promise.withResolvers<void>()
  #state: 'connecting' | 'open' | 'leaving' | 'closed' = 'connecting'
  #streams = 0
  #streamsMax = 0
  #hasAnswered = false
  #isPinging = false
  #heardAt = performance.now()
  #lastStreamId: number | undefined
  #failure = 'the connection was closed'
  #connectTimer: NodeJS.Timeout | undefined
  #idleTimer: NodeJS.Timeout | undefined
  #pingTimer: NodeJS.Timeout | undefined
  #partingTimer: NodeJS.Timeout | undefined
  #socket: Socket | undefined

  /** @param changed is told of everything after which it may take more, or less, than before */
  constructor(
    origin: string,
    secureContext: SecureContext | undefined,
    limits: ConnectionLimits,
    changed: () => void,
  ) {
    this.#limits = limits
    this.#changed = changed
    // Nobody asks for pushes of the peer's own (RFC 9113 §8.4).
    this.#session = connect(origin, {
      settings: { enablePush: false },
      ...(secureContext && { secureContext }),
    })
    this.#connectTimer = setTimeout(() => {
      this.#fail('no connection in time')
    }, limits.connectTimeoutMs)
    this.#session
      .on('connect', (_, socket) => {
        this.#socket = socket
        // A peer may refuse our certificate after our side of the handshake (RFC 8446 §4.4.2.4). Node's session is
        // destroyed then and never says that it has closed.
        socket.on('error', error => {
          this.#failure = wordFor(error)
          if (this.isConnecting) setImmediate(() => this.#close())
        })
      })
      .on('remoteSettings', ({ maxConcurrentStreams = Number.POSITIVE_INFINITY }) => {
        this.#settle(maxConcurrentStreams)
      })
      .on('goaway', (code, lastStreamId) => {
        this.#lastStreamId = lastStreamId
        this.#leave(`the peer is leaving (GOAWAY ${code})`)
      })
      .on('error', error => {
        this.#failure = wordFor(error)
      })
      .on('close', () => this.#close())
  }

  get isConnecting(): boolean {
    return this.#state === 'connecting'
  }

  get isLeaving(): boolean {
    return this.#state === 'leaving'
  }

  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** It takes no request now and may soon: others need not be opened beside it. */
  get isPending(): boolean {
    // APNs takes one stream until it has accepted a token, and many after it (Apple, "Sending notification requests to
    // APNs"): a connection shows what it can take with its first answer.
    return this.isConnecting || (this.#state === 'open' && (this.#isPinging || !this.#hasAnswered))
  }

  get hasAnswered(): boolean {
    return this.#hasAnswered
  }

  get failure(): string {
    return this.#failure
  }

  /** Can a request begin now? A connection that has long been silent is pinged instead, and says so when it answers. */
  takesRequest(): boolean {
    if (!this.#isUsable || this.#isPinging || this.#streams >= this.#streamsMax) return false
    if (performance.now() - this.#heardAt < this.#limits.staleMs) return true
    this.#ping()
    return false
  }

  /** Never rejects. */
  exchange(request: Http2Request, timeoutMs: number): Promise<Http2Result> {
    const { promise, resolve } = Promise.withResolvers<Http2Result>()
    const stream = this.#begin(request)
    if (!stream) return Promise.resolve({ is: 'unprocessed', reason: this.#failure })
    const answer = new Http2Answer(this.#limits.answerBytesMax)
    const timer = setTimeout(() => {
      resolve(answer.result ?? { is: 'unknown', reason: 'no answer in time' })
      stream.close(NGHTTP2_CANCEL)
      // One slow answer is no proof that the peer has gone.
      this.#ping()
    }, timeoutMs)
    stream
      .on('response', headers => {
        answer.begin(headers)
        this.#hear()
        this.#hasAnswered = true
      })
      .on('data', (chunk: Buffer) => {
        answer.add(chunk)
        if (answer.isFull) stream.close(NGHTTP2_CANCEL)
      })
      // What it was is decided when it closes.
      .on('error', () => undefined)
      .on('close', () => {
        clearTimeout(timer)
        resolve(answer.result ?? this.#failed(stream))
        this.#end()
      })
    return promise
  }

  /** Requests under way end first: each has its own time. */
  async close(): Promise<void> {
    if (this.isConnecting) this.#fail('the connection was closed')
    else this.#leave(this.#failure)
    await this.#closed.promise
  }

  /** The session knows of its end before it says so. */
  get #isUsable(): boolean {
    return this.#state === 'open' && !this.#session.closed && !this.#session.destroyed
  }

  #begin({ method, path, headers, body }: Http2Request): ClientHttp2Stream | undefined {
    try {
      const head = { ...headers, [HTTP2_HEADER_METHOD]: method, [HTTP2_HEADER_PATH]: path }
      const stream = this.#session.request(head, { endStream: body === undefined })
      if (body !== undefined) stream.end(body)
      this.#streams++
      clearTimeout(this.#idleTimer)
      this.#session.ref()
      return stream
    } catch (error) {
      this.#failure = wordFor(error)
      return undefined
    }
  }

  #end(): void {
    this.#streams--
    if (this.#streams === 0 && this.#state === 'open') this.#rest()
    if (this.#streams === 0 && this.#state === 'leaving') this.#part()
    this.#changed()
  }

  #failed({ id, rstCode }: ClientHttp2Stream): Http2Result {
    if (rstCode === NGHTTP2_REFUSED_STREAM)
      return { is: 'unprocessed', reason: 'the peer refused the stream' }
    // Without an id it never left; above the last that GOAWAY names it was not looked at (RFC 9113 §6.8).
    if (id === undefined || (this.#lastStreamId !== undefined && id > this.#lastStreamId))
      return { is: 'unprocessed', reason: this.#failure }
    const reason = this.#session.destroyed ? this.#failure : `the peer reset the stream (${rstCode})`
    return { is: 'unknown', reason }
  }

  #settle(streamsMax: number): void {
    this.#streamsMax = Math.min(streamsMax, this.#limits.streamsMax)
    this.#hear()
    if (this.isConnecting) {
      clearTimeout(this.#connectTimer)
      this.#state = 'open'
      this.#pingTimer = setInterval(() => {
        if (this.#streams === 0) this.#ping()
      }, this.#limits.pingEveryMs).unref()
      this.#rest()
    }
    this.#changed()
  }

  /** An idle connection holds no process up, and is closed after a while. */
  #rest(): void {
    this.#session.unref()
    clearTimeout(this.#idleTimer)
    this.#idleTimer = setTimeout(
      () => this.#leave('nobody needed the connection'),
      this.#limits.idleMs,
    ).unref()
  }

  #ping(): void {
    if (this.#isPinging || !this.#isUsable) return
    this.#isPinging = true
    const timer = setTimeout(
      () => this.#fail('the peer has fallen silent'),
      this.#limits.pingTimeoutMs,
    ).unref()
    this.#session.ping(error => {
      clearTimeout(timer)
      this.#isPinging = false
      if (!error) this.#hear()
      this.#changed()
    })
  }

  #hear(): void {
    this.#heardAt = performance.now()
  }

  #leave(reason: string): void {
    if (this.#state !== 'open') return
    this.#state = 'leaving'
    this.#failure = reason
    this.#session.close()
    if (this.#streams === 0) this.#part()
    this.#changed()
  }

  /** Nothing is under way. A peer that has fallen silent never ends its side. */
  #part(): void {
    this.#partingTimer = setTimeout(() => this.#socket?.destroy(), partingMs)
  }

  #fail(reason: string): void {
    this.#failure = reason
    this.#session.destroy()
  }

  #close(): void {
    if (this.isClosed) return
    this.#state = 'closed'
    clearTimeout(this.#connectTimer)
    clearTimeout(this.#idleTimer)
    clearTimeout(this.#partingTimer)
    clearInterval(this.#pingTimer)
    this.#closed.resolve()
    this.#changed()
  }
}
