// Requests to any origin over TLS: by HTTP/2 where it is offered (ALPN, RFC 7301), by HTTP/1.1 where it is not. Some of
// the push services that browsers name speak one, some the other.
import { Agent, request as requestHttp1 } from 'node:https'
import { connect, type SecureContext } from 'node:tls'
import type { ChannelSurroundings } from './channel.ts'
import { Http2Pool, type Http2Request, type Http2Result } from './http2.ts'
import { wordFor } from './http2-answer.ts'
import { trusting } from './trust.ts'

export interface HttpRequest extends Http2Request {
  /** `https://host` or `https://host:port`. */
  readonly origin: string
}

export type HttpResult = Http2Result

const originsMax = 64
/** To one origin, by HTTP/1.1. */
const socketsMax = 8
/** Shorter than what servers keep: one that is closed while it is taken leaves unknown what became of the request. */
const idleMs = 4_000
const connectTimeoutMs = 10_000
const answerBytesMax = 65_536

type Spoken =
  | { readonly is: 'h2'; readonly pool: Http2Pool }
  | { readonly is: 'http/1.1' }
  | { readonly is: 'nothing'; readonly reason: string }

export class HttpOrigins {
  readonly #surroundings: Pick<ChannelSurroundings, 'ca' | 'timeoutMs'>
  readonly #secureContext: SecureContext
  readonly #agent: Agent
  /** The longest unused first. */
  readonly #origins = new Map<string, Promise<Spoken>>()
  /** By HTTP/1.1. */
  readonly #underWay = new Set<Promise<HttpResult>>()
  #isClosed = false

  constructor(surroundings: Pick<ChannelSurroundings, 'ca' | 'timeoutMs'>) {
    this.#surroundings = surroundings
    this.#secureContext = trusting(surroundings.ca)
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: socketsMax,
      maxFreeSockets: socketsMax,
      timeout: idleMs,
      secureContext: this.#secureContext,
      ALPNProtocols: ['http/1.1'],
    })
  }

  /** Never rejects, and follows no redirect. */
  async request(request: HttpRequest): Promise<HttpResult> {
    const { origin } = request
    if (this.#isClosed) return { is: 'unprocessed', reason: 'the channel is closed' }
    const spoken = await this.#spokenBy(origin)
    if (spoken.is === 'nothing') return { is: 'unprocessed', reason: spoken.reason }
    if (spoken.is === 'http/1.1') return this.#exchange(request)
    const result = await spoken.pool.request(request)
    // It may have stopped speaking it: the next request asks anew.
    if (result.is === 'unprocessed' && spoken.pool.connections === 0) void this.#forget(origin)
    return result
  }

  /** What is under way ends first: each request has its own time. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#origins.keys()].map(origin => this.#forget(origin)))
    await Promise.all(this.#underWay)
    this.#agent.destroy()
  }

  async #exchange(request: HttpRequest): Promise<HttpResult> {
    if (this.#isClosed) return { is: 'unprocessed', reason: 'the channel is closed' }
    const result = exchange(request, this.#agent, this.#surroundings.timeoutMs)
    this.#underWay.add(result)
    await result
    this.#underWay.delete(result)
    return result
  }

  #spokenBy(origin: string): Promise<Spoken> {
    const asked = this.#origins.get(origin) ?? this.#ask(origin)
    this.#origins.delete(origin)
    this.#origins.set(origin, asked)
    if (this.#origins.size > originsMax) void this.#forget(this.#origins.keys().next().value!)
    return asked
  }

  async #ask(origin: string): Promise<Spoken> {
    const timeoutMs = Math.min(connectTimeoutMs, this.#surroundings.timeoutMs)
    const { alpn, failure } = await negotiate(origin, this.#secureContext, timeoutMs)
    if (failure !== undefined) {
      this.#origins.delete(origin)
      return { is: 'nothing', reason: failure }
    }
    return alpn === 'h2' ? { is: 'h2', pool: new Http2Pool(origin, this.#surroundings) } : { is: 'http/1.1' }
  }

  async #forget(origin: string): Promise<void> {
    const asked = this.#origins.get(origin)
    this.#origins.delete(origin)
    const spoken = await asked
    if (spoken?.is === 'h2') await spoken.pool.close()
  }
}

function negotiate(
  origin: string,
  secureContext: SecureContext,
  timeoutMs: number,
): Promise<{ alpn?: string; failure?: string }> {
  const { promise, resolve } = Promise.withResolvers<{ alpn?: string; failure?: string }>()
  const { hostname, port } = new URL(origin)
  const host = hostname.replace(/^\[|\]$/g, '')
  const socket = connect({
    host,
    port: Number(port || 443),
    // An address is no name to ask for (RFC 6066 §3).
    ...(!/^[\d.]+$|:/.test(host) && { servername: host }),
    secureContext,
    ALPNProtocols: ['h2', 'http/1.1'],
  })
  const timer = setTimeout(() => {
    resolve({ failure: 'no connection in time' })
    socket.destroy()
  }, timeoutMs)
  socket
    .on('secureConnect', () => {
      resolve({ alpn: socket.alpnProtocol || 'http/1.1' })
      socket.end()
    })
    .on('error', error => resolve({ failure: wordFor(error) }))
    .on('close', () => {
      clearTimeout(timer)
      resolve({ failure: 'the connection was closed' })
    })
  return promise
}

function exchange(
  { origin, method, path, headers, body }: HttpRequest,
  agent: Agent,
  timeoutMs: number,
): Promise<HttpResult> {
  const { promise, resolve } = Promise.withResolvers<HttpResult>()
  const asked = requestHttp1(origin + path, {
    method,
    agent,
    headers: { ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) },
  })
  // Nothing has been sent before there is a connection, and its peer has shown its certificate.
  let isSent = false
  const end = (reason: string) => resolve(isSent ? { is: 'unknown', reason } : { is: 'unprocessed', reason })
  let endInTime = () => end('no answer in time')
  const timer = setTimeout(() => {
    endInTime()
    asked.destroy()
  }, timeoutMs)
  asked
    .on('socket', socket => {
      if (!socket.connecting) isSent = true
      else socket.once('secureConnect', () => (isSent = true))
    })
    .on('error', error => end(wordFor(error)))
    .on('close', () => {
      clearTimeout(timer)
      end('the connection was closed')
    })
    .on('response', answer => {
      const chunks: Buffer[] = []
      let bytes = 0
      const answered = () => {
        const text = Buffer.concat(chunks).subarray(0, answerBytesMax).toString('utf8')
        resolve({ is: 'answered', status: answer.statusCode ?? 0, headers: answer.headers, text })
      }
      // The status counts even where the body breaks off.
      endInTime = answered
      answer
        .on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          bytes += chunk.length
          if (bytes > answerBytesMax) answer.destroy()
        })
        .on('end', answered)
        .on('error', answered)
        .on('close', answered)
    })
  asked.end(body)
  return promise
}
