// One request and its one answer.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpConfig } from '../../config.ts'
import type { CallerFacts } from '../../contract/operations.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { Answer } from './answer.ts'
import { lingeringClose } from './linger.ts'
import { Query } from './query.ts'
import type { Target } from './target.ts'

export interface ExchangeOptions {
  readonly id: string
  readonly config: HttpConfig
  readonly expectsContinue: boolean
}

export class Exchange {
  readonly id: string
  readonly request: IncomingMessage
  readonly startedAt = Date.now()
  /** What the core said of the caller, whether it served or refused. */
  facts: CallerFacts = {}
  /** The group of routes this one belongs to: some failures are worded by it. */
  family = ''
  readonly #response: ServerResponse
  readonly #config: HttpConfig
  #expectsContinue: boolean
  #target: Target | undefined
  #query: Query | undefined
  #isAnswered = false
  #failBody: ((refusal: Refusal) => void) | undefined

  constructor(request: IncomingMessage, response: ServerResponse, options: ExchangeOptions) {
    this.id = options.id
    this.request = request
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

  get query(): Query {
    this.#query ??= new Query(this.target.query, this.#config.queryParamsMax)
    return this.#query
  }

  /** The answer has left entirely. */
  get isDone(): boolean {
    return this.#response.writableFinished
  }

  onDone(then: () => void): void {
    this.#response.once('finish', then)
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name]
    return typeof value === 'string' ? value : value?.join(', ')
  }

  get origin(): string {
    const proto = this.header('x-forwarded-proto') === 'https' ? 'https' : 'http'
    return `${proto}://${this.header('host')}`
  }

  /**
   * The whole body.
   * @param beforeContinue runs before a client that waits for `100 Continue` is told to go on
   * @throws Refusal `body_too_large`; `http_malformed` or `request_timeout` when the rest does not arrive
   */
  async readBody(bytesMax: number, beforeContinue?: () => Promise<void>): Promise<Buffer> {
    if (Number(this.request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge(bytesMax)
    if (this.#expectsContinue) {
      await beforeContinue?.()
      this.#response.writeContinue()
      this.#expectsContinue = false
    }
    return this.#collect(bytesMax)
  }

  #collect(bytesMax: number): Promise<Buffer> {
    const { request } = this
    const chunks: Buffer[] = []
    let bytes = 0
    return new Promise((resolve, reject) => {
      this.#failBody = reject
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > bytesMax) reject(tooLarge(bytesMax))
        else chunks.push(chunk)
      })
      request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
      request.on('error', () => reject(new Refusal('http_malformed')))
    })
  }

  /** The rest of the request will never arrive, or is not HTTP. @returns false when nobody waits for it */
  failBody(refusal: Refusal): boolean {
    if (!this.#failBody || this.request.complete) return false
    this.#failBody(refusal)
    return true
  }

  /** The one exit: whatever came first stands. */
  answer({ status, headers, body }: Answer, mustClose = false): void {
    if (this.#isAnswered) return
    this.#isAnswered = true
    const response = this.#response
    const isUnread = !this.request.complete
    const isClosing = mustClose || (isUnread && this.#bodyIsLong())
    if (isClosing) {
      const { socket } = this.request
      // Node closes the socket right after the answer; replaced so that the peer can still read it.
      if (isUnread) socket.destroySoon = () => lingeringClose(socket, this.#config)
    }
    response.writeHead(status, {
      ...headers,
      'X-Request-Id': this.id,
      'Content-Length': Buffer.byteLength(body),
      ...(isClosing && { Connection: 'close' }),
    })
    response.end(body)
  }

  /** Too long to read away for the sake of keeping the connection. */
  #bodyIsLong(): boolean {
    const length = this.request.headers['content-length']
    return this.#expectsContinue || length === undefined || Number(length) > this.#config.neutralBodyBytesMax
  }
}

function tooLarge(bytesMax: number): Refusal {
  return new Refusal('body_too_large', { limit: String(bytesMax) })
}
