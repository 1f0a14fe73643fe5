// The HTTP door: node:http held tight. It finds the dialect of a request, lets it answer, and is the one place where a
// failure of any kind leaves, also for bytes that never became a request.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Config } from '../../config.ts'
import type { Dialect } from '../../contract/failure.ts'
import { serviceFailures } from '../../contract/failures/service.ts'
import { retryAfter } from '../../contract/limits.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { Log } from '../log.ts'
import { undeclaredFailures } from '../undeclared.ts'
import { type Answer, jsonType } from './answer.ts'
import { Connection, type Ending } from './connection.ts'
import type { DialectDoor, Spot } from './dialect-door.ts'
import { dialectOf, isForOperator } from './dialects.ts'
import { Exchange } from './exchange.ts'
import { checkHead } from './head.ts'
import { lingeringClose } from './linger.ts'
import { NodeRate } from './node-rate.ts'
import { parseTarget, pathHint, type Target } from './target.ts'
import { type ParserError, refusalOf, requestLineOf, toMessage } from './unreadable.ts'

/** Takes the connection over. @throws Refusal when the handshake is to be answered with a failure */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

export interface DoorOptions {
  readonly config: Config
  readonly log: Log
  readonly doors: Readonly<Record<Dialect, DialectDoor>>
  /** WebSocket doors by path; any other `Upgrade` is ignored and the request answered as it is. */
  readonly upgrades: ReadonlyMap<string, Upgrade>
  readonly onAnswer: (dialect: Dialect, status: number, startedAt: number) => void
}

export class HttpDoor {
  readonly #options: DoorOptions
  readonly #server: Server
  readonly #connections = new WeakMap<Duplex, Connection>()
  readonly #rate: NodeRate
  readonly #idPrefix = Math.random().toString(36).slice(2, 8)
  #lastId = 0
  #isDraining = false
  #serving = 0
  #drained: (() => void) | undefined

  constructor(options: DoorOptions) {
    this.#options = options
    const { http, files } = options.config
    this.#rate = new NodeRate(http.callsPerSecondMax)
    this.#server = createServer({
      // Above our own limit, so that most oversize heads are still read and answered in their dialect.
      maxHeaderSize: 4 * http.headBytesMax,
      headersTimeout: Math.min(http.headersTimeoutMs, http.requestTimeoutMs),
      // That of the longest; any other body has a timer of its own.
      requestTimeout: Math.max(http.requestTimeoutMs, files.uploadMs),
      keepAliveTimeout: http.keepAliveTimeoutMs,
      connectionsCheckingInterval: http.connectionsCheckMs,
      requireHostHeader: false,
      noDelay: true,
      shouldUpgradeCallback: request => this.#upgradeOf(request) !== undefined,
    })
    this.#server.maxHeadersCount = 0
    this.#server.maxConnections = http.connectionsMax
    this.#server.timeout = http.stallTimeoutMs
    // A peer that shuts its half down after the request still waits for the answer.
    Object.assign(this.#server, { httpAllowHalfOpen: true })
    this.#listen()
  }

  #listen(): void {
    const server = this.#server
    server.on('request', (request, response) => this.#take(request, response))
    server.on('checkContinue', (request, response) =>
      this.#take(request, response, { expectsContinue: true }),
    )
    server.on('checkExpectation', (request, response) =>
      this.#take(request, response, { refusal: new Refusal('expectation_unknown') }),
    )
    server.on('clientError', (error, socket) => this.#unreadable(error as ParserError, socket as Socket))
    server.on('connect', (_request, socket) =>
      this.#connectionOf(socket as Socket).break({ refusal: new Refusal('http_malformed'), line: undefined }),
    )
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket as Socket, head))
  }

  /** @returns the port it listens on */
  async listen(): Promise<number> {
    const { host, port, http } = this.#options.config
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port, backlog: http.backlog }, resolve)
    })
    this.#server.removeAllListeners('error')
    this.#server.on('error', error => this.#options.log.error({ err: error }, 'the HTTP server failed'))
    return (this.#server.address() as AddressInfo).port
  }

  /** New requests get 503; resolves when the ones in hand are answered, or their time is up. */
  async drain(): Promise<void> {
    this.#isDraining = true
    if (this.#serving === 0) return
    const { drainMs } = this.#options.config.http
    await Promise.race([
      new Promise<void>(resolve => {
        this.#drained = resolve
      }),
      after(drainMs),
    ])
  }

  /** Ends every connection; one whose peer still has to read its answer gets a moment for that. */
  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()))
    this.#server.closeIdleConnections()
    await Promise.race([closed, after(this.#options.config.http.lingerMs)])
    this.#server.closeAllConnections()
  }

  #take(
    request: IncomingMessage,
    response: ServerResponse,
    { expectsContinue = false, refusal }: { expectsContinue?: boolean; refusal?: Refusal } = {},
  ): void {
    const exchange = new Exchange(request, response, {
      id: this.#nextId(),
      config: this.#options.config.http,
      expectsContinue,
      refusal,
    })
    this.#connectionOf(request.socket).take(exchange)
  }

  #connectionOf(socket: Socket): Connection {
    const known = this.#connections.get(socket)
    if (known) return known
    const connection: Connection = new Connection({
      socket,
      serve: (exchange, over) => void this.#serve(exchange, connection, over),
      end: (ending, path) => this.#end(socket, ending, path),
      waitingMax: this.#options.config.http.pipelinedMax,
    })
    this.#connections.set(socket, connection)
    return connection
  }

  async #serve(exchange: Exchange, connection: Connection, over: () => void): Promise<void> {
    this.#serving++
    exchange.onOver(() => {
      if (--this.#serving === 0) this.#drained?.()
      over()
    })
    let dialect: Dialect | undefined
    let isLast = false
    try {
      if (exchange.refusal) throw exchange.refusal
      exchange.target = this.#admit(exchange)
      dialect = dialectOf(exchange.target.path)
      isLast = exchange.answer(await this.#options.doors[dialect].serve(exchange), this.#isDraining)
    } catch (error) {
      dialect ??= dialectOf(exchange.path)
      isLast = this.#fail(exchange, dialect, error)
    }
    if (isLast) connection.finish()
    this.#options.onAnswer(dialect, exchange.status, exchange.startedAt)
  }

  #admit({ request }: Exchange): Target {
    const { config } = this.#options
    checkHead(request, config.http)
    if (request.method === 'OPTIONS' && request.url === '*') return { path: '/', query: '' }
    const target = parseTarget(request.url!, request.headers.host, config.http.targetBytesMax)
    if (isForOperator(target.path)) return target
    if (this.#isDraining) throw draining()
    const waitMs = this.#rate.take()
    if (waitMs > 0) throw new Refusal('node_rate_limited', {}, { retryAfterMs: waitMs })
    return target
  }

  #fail(exchange: Exchange, dialect: Dialect, error: unknown): boolean {
    const { log } = this.#options
    const refusal = error instanceof Refusal ? error : new Refusal('internal')
    if (refusal !== error) log.error({ err: error, request: exchange.id }, 'a request failed')
    else if (Object.hasOwn(serviceFailures, refusal.id) && refusal.id !== 'rate_limited')
      log.warn({ request: exchange.id, failure: refusal.id }, 'answered a failure of the server')
    this.#checkDeclared(exchange, refusal)
    const answer = this.#word(dialect, refusal, { requestId: exchange.id, path: exchange.path, exchange })
    const mustClose = this.#isDraining || closing.has(refusal.id)
    try {
      return exchange.answer(answer, mustClose)
    } catch (cause) {
      log.error({ err: cause, request: exchange.id }, 'a failure could not be answered')
      return exchange.answer(lastResort, true)
    }
  }

  /** A route that refuses what it did not say it would is a gap in the API description, not in the answer. */
  #checkDeclared({ declared, id, path, request }: Exchange, { id: failure }: Refusal): void {
    if (!declared || declared().has(failure)) return
    this.#options.log.warn({ request: id, failure, method: request.method, path }, 'undeclared failure')
    undeclaredFailures.publish({ failure, method: request.method, path })
  }

  /** Must not fail: it is what every failure ends in. */
  #word(dialect: Dialect, refusal: Refusal, spot: Spot): Answer {
    try {
      return this.#options.doors[dialect].word(refusal, spot)
    } catch (error) {
      this.#options.log.error({ err: error, request: spot.requestId }, 'a failure could not be worded')
      return lastResort
    }
  }

  #unreadable(error: ParserError, socket: Socket): void {
    if (!socket.writable) return
    const line = requestLineOf(error)
    const isSilent = socket.bytesRead === 0
    // A connection that was never used is closed without a word: an answer nobody asked for confuses pools.
    if (error.code === 'ECONNRESET' || isSilent) socket.destroy()
    else this.#connectionOf(socket).break({ refusal: refusalOf(error, line), line })
  }

  #end(socket: Socket, { refusal, line }: Ending, lastPath = '/'): void {
    // Without a readable request line, the peer is answered in the dialect it spoke before.
    const path = line ? pathHint(line.url) : lastPath
    const dialect = dialectOf(path)
    const door = this.#options.doors[dialect]
    const worded = refusal.id === 'method_unknown' ? door.refuseMethod(path) : refusal
    const requestId = this.#nextId()
    const answer = this.#word(dialect, worded, { requestId, path, exchange: undefined })
    if (!socket.writable) return
    socket.write(toMessage(answer, requestId, line?.method === 'HEAD'))
    lingeringClose(socket, this.#options.config.http)
    this.#options.onAnswer(dialect, answer.status, Date.now())
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    try {
      this.#upgradeOf(request)?.(request, socket, head)
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal('internal')
      if (refusal !== error) this.#options.log.error({ err: error }, 'an upgrade failed')
      this.#connectionOf(socket).break({
        refusal,
        line: { method: 'GET', url: request.url!, version: 'HTTP/1.1' },
      })
    }
  }

  #upgradeOf(request: IncomingMessage): Upgrade | undefined {
    if (this.#isDraining || request.headers.upgrade?.toLowerCase() !== 'websocket') return undefined
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

/** When a failure itself fails: an object with an `error` is the most that all dialects have in common. */
const lastResort: Answer = {
  status: 500,
  headers: { 'Content-Type': jsonType },
  body: '{"error":{"code":1000,"message":"System internal error"}}',
}

function draining(): Refusal {
  return new Refusal('core_draining', {}, { retryAfterMs: retryAfter.drainMs })
}

function after(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms).unref())
}
