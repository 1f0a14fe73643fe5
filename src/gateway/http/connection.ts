// The requests of one connection: served one at a time in the order they came (RFC 9112 §9.3.2 wants that of all that
// are not safe), so that a peer that pipelines takes one place in the queue to the core, not all of them.
import type { Socket } from 'node:net'
import type { Refusal } from '../../contract/refusal.ts'
import type { Exchange } from './exchange.ts'
import type { RequestLine } from './unreadable.ts'

/** What ends a connection: bytes that are no request, or one that came too slowly. */
export interface Ending {
  readonly refusal: Refusal
  readonly line: RequestLine | undefined
}

export interface ConnectionOptions {
  readonly socket: Socket
  /** Serves one request; `over` is called when its answer has left or can no longer leave. */
  readonly serve: (exchange: Exchange, over: () => void) => void
  /** Writes the answer that ends the connection. `path` is that of the request before, if there was one. */
  readonly end: (ending: Ending, path: string | undefined) => void
  /** Requests that may wait behind the one being served before reading stops. */
  readonly waitingMax: number
}

export class Connection {
  readonly #options: ConnectionOptions
  readonly #waiting: Exchange[] = []
  /** The one being served, or whose body has not come to its end; any other is let go, to die young. */
  #last: Exchange | undefined
  #lastPath: string | undefined
  #isServing = false
  #ending: Ending | undefined
  #isOver = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    options.socket.once('close', () => {
      this.#isOver = true
      this.#waiting.length = 0
    })
  }

  /** What still arrives is read away at most. */
  finish(): void {
    this.#isOver = true
    this.#waiting.length = 0
  }

  take(exchange: Exchange): void {
    if (this.#isOver || this.#ending) return
    if (!this.#isServing) return this.#serve(exchange)
    this.#waiting.push(exchange)
    // Node starts reading again after each request it has parsed, so stop after that.
    if (this.#waiting.length >= this.#options.waitingMax) process.nextTick(() => this.#pause())
  }

  /** The peer sent what is no request, or stopped in the middle of one. */
  break(ending: Ending): void {
    if (this.#isOver || this.#ending) return
    const newest = this.#waiting.at(-1) ?? this.#last
    if (newest && !newest.isAnswered && newest.failBody(ending.refusal)) return
    if (newest && !newest.request.complete) {
      // Its answer has gone out already, and there is no telling where the next request would begin.
      this.finish()
      this.#options.socket.destroy()
      return
    }
    this.#ending = ending
    if (!this.#isServing) this.#end(ending)
  }

  #serve(exchange: Exchange): void {
    this.#isServing = true
    this.#last = exchange
    this.#options.serve(exchange, () => this.#next())
  }

  #next(): void {
    this.#lastPath = this.#last?.path
    if (this.#last?.request.complete) this.#last = undefined
    if (this.#waiting.length > 0) {
      // Others get their turn between two requests of one peer.
      setImmediate(() => this.#serveNext())
      return
    }
    this.#isServing = false
    if (this.#ending && !this.#isOver) this.#end(this.#ending)
  }

  #serveNext(): void {
    const next = this.#waiting.shift()
    // The connection may have closed in between.
    if (!next) return
    this.#serve(next)
    const { socket, waitingMax } = this.#options
    if (this.#waiting.length < waitingMax && socket.isPaused()) socket.resume()
  }

  #end(ending: Ending): void {
    this.finish()
    this.#options.end(ending, this.#lastPath)
  }

  #pause(): void {
    if (this.#waiting.length >= this.#options.waitingMax) this.#options.socket.pause()
  }
}
