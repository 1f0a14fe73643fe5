// A small pool of HTTP/2 connections to one origin: made when they are needed, replaced when they are lost.
import type { SecureContext } from 'node:tls'
import type { ChannelSurroundings } from './channel.ts'
import {
  type ConnectionLimits,
  Http2Connection,
  type Http2Request,
  type Http2Result,
} from './http2-connection.ts'
import { identified, type TlsIdentity, trusting } from './trust.ts'

export type { Http2Request, Http2Result } from './http2-connection.ts'

export interface Http2Limits extends ConnectionLimits {
  readonly connectionsMax: number
  /** Requests that wait for a connection; more are turned away unprocessed. */
  readonly waitingMax: number
}

const defaults: Http2Limits = {
  connectionsMax: 4,
  waitingMax: 10_000,
  connectTimeoutMs: 10_000,
  streamsMax: 1_000,
  // Vendors ask for connections that stay (Apple, "Sending notification requests to APNs").
  idleMs: 600_000,
  pingEveryMs: 60_000,
  staleMs: 5_000,
  pingTimeoutMs: 3_000,
  answerBytesMax: 65_536,
}

interface Waiting {
  readonly request: Http2Request
  /** By performance.now(). */
  readonly deadline: number
  readonly resolve: (result: Http2Result) => void
  readonly timer: NodeJS.Timeout
  /** It has been turned away once: by GOAWAY, say, that crossed it on the way. */
  readonly wasRefused: boolean
}

/** With less time left, no answer can be expected. */
const answerMsLeast = 20

export class Http2Pool {
  readonly #origin: string
  readonly #prefix: string
  readonly #timeoutMs: number
  readonly #limits: Http2Limits
  readonly #secureContext: SecureContext | undefined
  readonly #waiting = new Set<Waiting>()
  #connections: Http2Connection[] = []
  #isClosed = false

  /** @param baseUrl its path, if any, goes before the path of each request. `http:` speaks HTTP/2 without TLS. */
  constructor(
    baseUrl: string,
    {
      ca,
      timeoutMs,
      identity,
    }: Pick<ChannelSurroundings, 'ca' | 'timeoutMs'> & { readonly identity?: TlsIdentity | undefined },
    limits: Partial<Http2Limits> = {},
  ) {
    const { origin, pathname } = new URL(baseUrl)
    this.#origin = origin
    this.#prefix = pathname.replace(/\/+$/, '')
    this.#timeoutMs = timeoutMs
    this.#limits = { ...defaults, ...limits }
    if (identity) this.#secureContext = identified(ca, identity)
    else if (ca.length > 0) this.#secureContext = trusting(ca)
  }

  /** How many connections there are, those that are being made or closed among them. */
  get connections(): number {
    return this.#connections.length
  }

  /**
   * Never rejects. What is refused unprocessed, by a connection whose peer is leaving for example, is tried once more
   * within the same time.
   */
  request(request: Http2Request): Promise<Http2Result> {
    if (this.#isClosed) return unprocessed('the channel is closed')
    if (this.#waiting.size >= this.#limits.waitingMax) return unprocessed('too many requests wait')
    const { promise, resolve } = Promise.withResolvers<Http2Result>()
    const whole = { ...request, path: this.#prefix + request.path }
    this.#wait({ request: whole, deadline: performance.now() + this.#timeoutMs, resolve, wasRefused: false })
    return promise
  }

  /** What waits is turned away unprocessed, what is under way ends first. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#turnAway('the channel is closed')
    await Promise.all(this.#connections.map(connection => connection.close()))
  }

  #wait(entry: Omit<Waiting, 'timer'>): void {
    const timer = setTimeout(() => {
      this.#waiting.delete(waiting)
      entry.resolve({ is: 'unprocessed', reason: 'no connection was free in time' })
    }, entry.deadline - performance.now())
    const waiting = { ...entry, timer }
    this.#waiting.add(waiting)
    this.#pump()
  }

  #pump(): void {
    for (const waiting of this.#waiting) {
      // Its timer is about to say so: sent now, nobody would know what became of it.
      if (waiting.deadline - performance.now() < answerMsLeast) continue
      const connection = this.#connections.find(each => each.takesRequest())
      if (!connection) return this.#grow()
      this.#waiting.delete(waiting)
      clearTimeout(waiting.timer)
      void this.#exchange(connection, waiting)
    }
  }

  async #exchange(connection: Http2Connection, waiting: Waiting): Promise<void> {
    const { request, deadline, resolve, wasRefused } = waiting
    const result = await connection.exchange(request, Math.max(1, deadline - performance.now()))
    const isAgain = result.is === 'unprocessed' && !wasRefused && !this.#isClosed
    if (isAgain) this.#wait({ request, deadline, resolve, wasRefused: true })
    else resolve(result)
  }

  #grow(): void {
    // One that only ends what it has begun is replaced at once.
    const staying = this.#connections.filter(connection => !connection.isLeaving)
    if (this.#isClosed || staying.length >= this.#limits.connectionsMax) return
    if (staying.some(connection => connection.isPending)) return
    const connection: Http2Connection = new Http2Connection(
      this.#origin,
      this.#secureContext,
      this.#limits,
      () => this.#changed(connection),
    )
    this.#connections.push(connection)
  }

  #changed(connection: Http2Connection): void {
    if (connection.isClosed) {
      this.#connections = this.#connections.filter(each => each !== connection)
      // One that ends before it has answered anything is not made again and again: who asks next tries anew.
      if (!connection.hasAnswered && this.#connections.length === 0) this.#turnAway(connection.failure)
    }
    this.#pump()
  }

  #turnAway(reason: string): void {
    for (const { timer, resolve } of this.#waiting) {
      clearTimeout(timer)
      resolve({ is: 'unprocessed', reason })
    }
    this.#waiting.clear()
  }
}

function unprocessed(reason: string): Promise<Http2Result> {
  return Promise.resolve({ is: 'unprocessed', reason })
}
