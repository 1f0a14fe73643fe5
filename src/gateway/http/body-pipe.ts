// A body too large to hold, on its way into a stream that takes it: with back-pressure, and with limits of size and time.
// The request itself is left alone when that fails, since its connection has an answer to carry yet.
import type { IncomingMessage } from 'node:http'
import type { Writable } from 'node:stream'
import { Refusal } from '../../contract/refusal.ts'

export interface PipeLimits {
  readonly bytesMax: number
  /** What is thrown when there is more. */
  readonly tooLarge: () => Refusal
  /** For all of it. */
  readonly timeoutMs: number
  /** For the next part of it. */
  readonly stallMs: number
}

export class BodyPipe {
  /** Resolves when the sink has everything. */
  readonly done: Promise<void>
  readonly #request: IncomingMessage
  readonly #sink: Writable
  readonly #limits: PipeLimits
  readonly #ended = Promise.withResolvers<void>()
  readonly #deadline: NodeJS.Timeout
  #stall: NodeJS.Timeout
  #bytes = 0

  constructor(request: IncomingMessage, sink: Writable, limits: PipeLimits) {
    this.#request = request
    this.#sink = sink
    this.#limits = limits
    this.#deadline = setTimeout(this.#late, limits.timeoutMs)
    this.#stall = setTimeout(this.#late, limits.stallMs)
    sink.on('drain', this.#goOn)
    sink.on('finish', this.#ended.resolve)
    sink.on('error', this.#ended.reject)
    request.on('data', this.#take)
    request.on('end', this.#finish)
    request.on('close', this.#cutOff)
    request.on('error', this.#cutOff)
    this.done = this.#ended.promise.finally(() => this.#letGo())
  }

  /** The rest will not come. */
  fail(refusal: Refusal): void {
    this.#ended.reject(refusal)
  }

  readonly #take = (chunk: Buffer): void => {
    this.#bytes += chunk.length
    if (this.#bytes > this.#limits.bytesMax) this.#ended.reject(this.#limits.tooLarge())
    else if (this.#sink.write(chunk)) this.#stall.refresh()
    else this.#hold()
  }

  /** It is this side that is slow now. */
  #hold(): void {
    clearTimeout(this.#stall)
    this.#request.pause()
  }

  readonly #goOn = (): void => {
    clearTimeout(this.#stall)
    this.#stall = setTimeout(this.#late, this.#limits.stallMs)
    this.#request.resume()
  }

  readonly #finish = (): void => {
    clearTimeout(this.#stall)
    this.#sink.end()
  }

  readonly #late = (): void => {
    this.#ended.reject(new Refusal('request_timeout'))
  }

  /** After the end of a body, its closing means nothing. */
  readonly #cutOff = (): void => {
    if (!this.#request.complete) this.#ended.reject(new Refusal('http_malformed'))
  }

  /** What still comes is read and dropped. */
  #letGo(): void {
    clearTimeout(this.#deadline)
    clearTimeout(this.#stall)
    this.#sink.off('drain', this.#goOn)
    this.#sink.on('error', () => {})
    this.#request.off('data', this.#take)
    this.#request.off('end', this.#finish)
    this.#request.on('error', () => {})
    this.#request.resume()
  }
}
