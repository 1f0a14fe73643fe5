// One request and its one answer.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline, type Writable } from 'node:stream'
import type { HttpConfig } from '../../config.ts'
import type { FailureId } from '../../contract/failures.ts'
import type { CallerFacts } from '../../contract/operations.ts'
import { Refusal } from '../../contract/refusal.ts'
import { type Answer, FileAnswer, type FileSlice } from './answer.ts'
import { BodyPipe, type PipeLimits } from './body-pipe.ts'
import { lingeringClose } from './linger.ts'
import { Query } from './query.ts'
import { pathHint, type Target } from './target.ts'

export interface ExchangeOptions {
  readonly id: string
  readonly config: HttpConfig
  readonly expectsContinue: boolean
  /** What is wrong with it before anybody has looked at it. */
  readonly refusal: Refusal | undefined
}

export class Exchange {
  readonly id: string
  readonly request: IncomingMessage
  readonly refusal: Refusal | undefined
  readonly startedAt = Date.now()
  /** What the core said of the caller, whether it served or refused. */
  facts: CallerFacts = {}
  /** The group of routes this one belongs to: some failures are worded by it. */
  family = ''
  /**
   * What the matched route may refuse, asked only when it does; undefined until there is a route. Bound to the route, not
   * closed over it: with a closure over all that a door holds of the request, every request outlived its young
   * generation, and a fifth of the gateway's time went into moving the dead.
   */
  declared: (() => ReadonlySet<FailureId>) | undefined
  readonly #response: ServerResponse
  readonly #config: HttpConfig
  #expectsContinue: boolean
  #target: Target | undefined
  #query: Query | undefined
  #broken: Refusal | undefined
  #failBody: ((refusal: Refusal) => void) | undefined

  constructor(request: IncomingMessage, response: ServerResponse, options: ExchangeOptions) {
    this.id = options.id
    this.request = request
    this.refusal = options.refusal
    this.#response = response
    this.#config = options.config
    this.#expectsContinue = options.expectsContinue
  }

  /** GET for HEAD: the answer is the same, Node leaves the body out. */
  get method(): string {
    const method = this.request.method!
    return method === 'HEAD' ? 'GET' : method
  }

  get ip(): string {
    return this.request.socket.remoteAddress ?? ''
  }

  get target(): Target {
    return this.#target!
  }

  set target(target: Target) {
    this.#target = target
  }

  /** The path as far as it is known: of a target that is refused, only what names the dialect. */
  get path(): string {
    return this.#target?.path ?? pathHint(this.request.url!)
  }

  get query(): Query {
    this.#query ??= new Query(this.target.query, this.#config.queryParamsMax)
    return this.#query
  }

  get isAnswered(): boolean {
    return this.#response.headersSent
  }

  /** Of the answer given. */
  get status(): number {
    return this.#response.statusCode
  }

  /** Calls back when the answer has left, or can no longer leave. */
  onOver(over: () => void): void {
    this.#response.once('close', over)
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name]
    return typeof value === 'string' ? value : value?.join(', ')
  }

  /** Where this server is reached: what it answers with as its own address begins so. */
  get origin(): string {
    if (this.#config.publicUrl !== '') return this.#config.publicUrl
    const proto = this.header('x-forwarded-proto') === 'https' ? 'https' : 'http'
    // HTTP/1.0 needs no Host.
    return `${proto}://${this.header('host') ?? 'localhost'}`
  }

  /**
   * The whole body.
   * @param beforeContinue runs before a client that waits for `100 Continue` is told to go on
   * @throws Refusal `body_too_large`; `http_malformed` or `request_timeout` when the rest does not arrive
   */
  async readBody(bytesMax: number, beforeContinue?: () => Promise<void>): Promise<Buffer> {
    if (this.declaredBytes > bytesMax) throw tooLarge(bytesMax)
    if (this.#expectsContinue) await beforeContinue?.()
    this.#continue()
    return this.#collect(bytesMax)
  }

  /**
   * The body into `sink`, as fast as that takes it; resolves when it has all of it. Whoever sends it has been admitted.
   * @throws Refusal `http_malformed` or `request_timeout` when the rest does not arrive, that of the limits when there is
   *   too much; whatever `sink` fails with
   */
  async pipeBody(sink: Writable, limits: PipeLimits): Promise<void> {
    this.#continue()
    const pipe = new BodyPipe(this.request, sink, limits)
    this.#failBody = refusal => pipe.fail(refusal)
    await pipe.done
  }

  /** As the head says; 0 where it does not. */
  get declaredBytes(): number {
    return Number(this.request.headers['content-length'] ?? 0)
  }

  /** @throws Refusal when the rest will not come */
  #continue(): void {
    if (this.#expectsContinue) this.#response.writeContinue()
    this.#expectsContinue = false
    if (this.#broken) throw this.#broken
  }

  #collect(bytesMax: number): Promise<Buffer> {
    const { request } = this
    const chunks: Buffer[] = []
    let bytes = 0
    return new Promise((resolve, reject) => {
      const fail = (refusal: Refusal) => {
        clearTimeout(timer)
        reject(refusal)
      }
      const timer = setTimeout(() => fail(new Refusal('request_timeout')), this.#config.requestTimeoutMs)
      this.#failBody = fail
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > bytesMax) fail(tooLarge(bytesMax))
        else chunks.push(chunk)
      })
      request.on('end', () => {
        clearTimeout(timer)
        resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))
      })
      request.on('error', () => fail(new Refusal('http_malformed')))
    })
  }

  /** The rest of the body will never arrive, or is not HTTP. @returns false when the request was complete */
  failBody(refusal: Refusal): boolean {
    if (this.request.complete) return false
    this.#broken ??= refusal
    this.#failBody?.(refusal)
    return true
  }

  /** The one exit: whatever came first stands. @returns true when the connection ends with this answer */
  answer(answer: Answer | FileAnswer, mustClose = false): boolean {
    const { status, headers, body } = answer
    const response = this.#response
    if (response.headersSent) {
      if (answer instanceof FileAnswer) closeQuietly(answer.body)
      return false
    }
    const isClosing = mustClose || this.#broken !== undefined || (this.#isUnread && this.#bodyIsLong)
    response.writeHead(status, {
      ...headers,
      'X-Request-Id': this.id,
      // A 204 must not have one, a 304 only that of the 200 (RFC 9110 §8.6).
      ...(status !== 204 && status !== 304 && { 'Content-Length': bytesOf(body) }),
      ...(isClosing && { Connection: 'close' }),
    })
    if (isClosing) this.#lingerAfterwards()
    if (answer instanceof FileAnswer) this.#sendSlice(answer.body)
    else response.end(body)
    return isClosing
  }

  /** A file that cannot be read to its end ends the connection: the peer sees that bytes are missing. */
  #sendSlice(slice: FileSlice): void {
    const { handle, start, bytes } = slice
    // Whoever has gone away in the meantime gets nothing.
    if (this.request.method === 'HEAD' || bytes === 0 || this.#response.destroyed) {
      this.#response.end()
      closeQuietly(slice)
      return
    }
    pipeline(handle.createReadStream({ start, end: start + bytes - 1 }), this.#response, () => {})
  }

  /** Node destroys the socket right after the last answer; replaced so that the peer can still read it. */
  #lingerAfterwards(): void {
    const { socket } = this.request
    socket.destroySoon = () => lingeringClose(socket, this.#config)
  }

  get #isUnread(): boolean {
    const { headers, complete } = this.request
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
    return hasBody && !complete
  }

  /** Too long to read away for the sake of keeping the connection. */
  get #bodyIsLong(): boolean {
    const length = this.request.headers['content-length']
    return this.#expectsContinue || length === undefined || Number(length) > this.#config.neutralBodyBytesMax
  }
}

function bytesOf(body: Answer['body'] | FileSlice): number {
  return typeof body === 'object' && 'handle' in body ? body.bytes : Buffer.byteLength(body)
}

function closeQuietly({ handle }: FileSlice): void {
  handle.close().catch(() => {})
}

function tooLarge(bytesMax: number): Refusal {
  return new Refusal('body_too_large', { limit: String(bytesMax) })
}
