// The HTTP door: node:http held tight. It finds the dialect of a request, lets it answer, and is the one place where a
// failure of any kind leaves, also for bytes that never became a request.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Config } from '../../config.ts'
import type { Dialect } from '../../contract/failure.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { Log } from '../log.ts'
import type { DialectDoor } from './dialect-door.ts'
import { Exchange } from './exchange.ts'
import { checkHead } from './head.ts'
import { lingeringClose } from './linger.ts'
import { parseTarget } from './target.ts'
import { type ParserError, refusalOf, requestLineOf, toMessage } from './unreadable.ts'

export interface DoorOptions {
  readonly config: Config
  readonly log: Log
  readonly doors: Readonly<Record<Dialect, DialectDoor>>
  /** WebSocket doors by path; any other `Upgrade` is ignored and the request answered as it is. */
  readonly upgrades: ReadonlyMap<string, (request: IncomingMessage, socket: Duplex, head: Buffer) => void>
  readonly onAnswer: (dialect: Dialect, status: number, startedAt: number) => void
}

/** First segments that belong to the server itself (DESIGN.md §6). */
const neutralSegments: ReadonlySet<string> = new Set(
  'admin device console docs healthz readyz metrics openapi.json websocket mqtt'.split(' '),
)
const jpushSegments: ReadonlySet<string> = new Set(['v1', 'v2', 'v3'])
const drainRetryMs = 30_000

export function dialectOf(path: string): Dialect {
  const [, first = '', second] = path.split('/', 3)
  if (jpushSegments.has(first)) return 'jpush'
  return neutralSegments.has(first) || second === undefined ? 'neutral' : 'easemob'
}

export class HttpDoor {
  readonly #options: DoorOptions
  readonly #server: Server
  readonly #current = new WeakMap<Duplex, Exchange>()
  readonly #refused = new WeakSet<Duplex>()
  readonly #idPrefix = Math.random().toString(36).slice(2, 8)
  #lastId = 0
  #isDraining = false
  #open = 0
  #drained: (() => void) | undefined

  constructor(options: DoorOptions) {
    this.#options = options
    const { http } = options.config
    this.#server = createServer({
      maxHeaderSize: http.headBytesMax,
      headersTimeout: http.headersTimeoutMs,
      requestTimeout: http.requestTimeoutMs,
      keepAliveTimeout: http.keepAliveTimeoutMs,
      connectionsCheckingInterval: http.connectionsCheckMs,
      requireHostHeader: false,
      noDelay: true,
      shouldUpgradeCallback: request => this.#upgradeOf(request) !== undefined,
    })
    this.#server.maxHeadersCount = 0
    this.#server.maxConnections = http.connectionsMax
    this.#server.on('request', (request, response) => void this.#serve(request, response, false))
    this.#server.on('checkContinue', (request, response) => void this.#serve(request, response, true))
    this.#server.on(
      'checkExpectation',
      (request, response) => void this.#serve(request, response, false, new Refusal('expectation_unknown')),
    )
    this.#server.on('clientError', (error, socket) =>
      this.#unreadable(error as ParserError, socket as Socket),
    )
    this.#server.on('connect', (_request, socket) =>
      this.#refuseRaw(socket as Socket, new Refusal('http_malformed')),
    )
    this.#server.on('upgrade', (request, socket, head) => this.#upgradeOf(request)?.(request, socket, head))
  }

  /** @returns the port it listens on */
  async listen(): Promise<number> {
    const { host, port, http } = this.#options.config
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port, backlog: http.backlog }, resolve)
    })
    return (this.#server.address() as AddressInfo).port
  }

  /** New requests get 503; resolves when the ones in hand are answered, or their time is up. */
  async drain(): Promise<void> {
    this.#isDraining = true
    if (this.#open === 0) return
    const { drainMs } = this.#options.config.http
    await Promise.race([
      new Promise<void>(resolve => {
        this.#drained = resolve
      }),
      new Promise<void>(resolve => setTimeout(resolve, drainMs).unref()),
    ])
  }

  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
    refusal?: Refusal,
  ): Promise<void> {
    const id = this.#nextId()
    const exchange = new Exchange(request, response, {
      id,
      config: this.#options.config.http,
      expectsContinue,
    })
    this.#current.set(request.socket, exchange)
    this.#open++
    response.once('close', () => this.#answered())
    let dialect: Dialect = 'neutral'
    try {
      dialect = dialectOf(request.url!.split('?', 1)[0]!)
      if (refusal) throw refusal
      exchange.target = this.#admit(request)
      dialect = dialectOf(exchange.target.path)
      exchange.answer(await this.#options.doors[dialect].serve(exchange), this.#isDraining)
    } catch (error) {
      this.#fail(exchange, dialect, error)
    }
    this.#options.onAnswer(dialect, response.statusCode, exchange.startedAt)
  }

  #admit(request: IncomingMessage) {
    const { config } = this.#options
    checkHead(request, config.http)
    if (request.method === 'OPTIONS' && request.url === '*') return { path: '/', query: '', first: '' }
    const target = parseTarget(request.url!, config.http.targetBytesMax)
    if (this.#isDraining) throw new Refusal('core_draining', {}, { retryAfterMs: drainRetryMs })
    if (config.httpsOnly && request.headers['x-forwarded-proto'] !== 'https')
      throw new Refusal('https_required')
    return target
  }

  #fail(exchange: Exchange, dialect: Dialect, error: unknown): void {
    const refusal = error instanceof Refusal ? error : new Refusal('internal')
    if (refusal !== error) this.#options.log.error({ err: error, request: exchange.id }, 'a request failed')
    const answer = this.#options.doors[dialect].word(refusal, exchange)
    if (answer.status >= 500)
      this.#options.log.warn(
        { request: exchange.id, failure: refusal.id, status: answer.status },
        'answered a failure',
      )
    exchange.answer(answer, this.#isDraining || closing.has(refusal.id))
  }

  #answered(): void {
    this.#open--
    if (this.#open === 0) this.#drained?.()
  }

  #unreadable(error: ParserError, socket: Socket): void {
    // Once refused, what still arrives is only being read away.
    if (this.#refused.has(socket) || !socket.writable) return
    const line = requestLineOf(error)
    const refusal = refusalOf(error, line)
    const exchange = this.#current.get(socket)
    if (exchange?.failBody(refusal)) return
    if (error.code === 'ECONNRESET' || (!line && socket.bytesRead === 0)) {
      socket.destroy()
      return
    }
    this.#refused.add(socket)
    if (!exchange || exchange.isDone) return this.#refuseRaw(socket, refusal, line)
    // The answer to the request before it goes first.
    exchange.onDone(() => this.#refuseRaw(socket, refusal, line))
  }

  #refuseRaw(socket: Socket, refusal: Refusal, line?: { method: string; url: string }): void {
    this.#refused.add(socket)
    const path = line ? line.url.split('?', 1)[0]! : '/'
    const door = this.#options.doors[dialectOf(path)]
    const worded = refusal.id === 'method_unknown' ? door.refuseMethod(path) : refusal
    const answer = door.word(worded, undefined)
    if (!socket.writable) return
    socket.write(toMessage(answer, this.#nextId()))
    lingeringClose(socket, this.#options.config.http)
  }

  #upgradeOf(request: IncomingMessage) {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') return undefined
    return this.#options.upgrades.get(request.url!.split('?', 1)[0]!)
  }

  #nextId(): string {
    return `${this.#idPrefix}-${(++this.#lastId).toString(36)}`
  }
}

/** After these nothing more can be read from the connection. */
const closing: ReadonlySet<string> = new Set([
  'http_malformed',
  'request_timeout',
  'host_invalid',
  'http_version_unsupported',
  'transfer_coding_unknown',
  'core_draining',
])
