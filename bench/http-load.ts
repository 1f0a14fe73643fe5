// A load generator in a process of its own: raw sockets, requests made beforehand, answers only counted. Reads a Load
// from standard input, prints a LoadResult.
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Load {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  readonly warmUpSeconds: number
  /** Requests per second over all connections; 0 = the next one as soon as the last is answered. */
  readonly rate: number
  /** One request of each, in turn. */
  readonly requests: readonly {
    readonly method: string
    readonly path: string
    readonly headers: Record<string, string>
    readonly body: string
  }[]
}

export interface LoadResult {
  readonly perSecond: number
  readonly offered: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly failures: number
}

const headEnd = Buffer.from('\r\n\r\n')

class Lane {
  readonly #socket: Socket
  readonly #run: Run
  #sentAt = 0
  #isIdle = true
  #rest: Buffer = Buffer.alloc(0)

  constructor(run: Run) {
    this.#run = run
    this.#socket = connect({ port: run.load.port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', chunk => this.#receive(chunk))
    this.#socket.on('error', () => run.failed())
    this.#socket.on('connect', () => run.ready(this))
  }

  get isIdle(): boolean {
    return this.#isIdle
  }

  /** @param at when it should have gone (ms): waiting for a free lane counts as latency */
  send(request: Buffer, at: number): void {
    this.#isIdle = false
    this.#sentAt = at
    this.#socket.write(request)
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const end = bytes.indexOf(headEnd)
    const length = end === -1 ? undefined : contentLength(bytes.toString('latin1', 0, end))
    if (length === undefined || bytes.length < end + 4 + length) {
      this.#rest = bytes
      return
    }
    this.#rest = bytes.subarray(end + 4 + length)
    this.#isIdle = true
    this.#run.answered(bytes[9] === 0x32, performance.now() - this.#sentAt, this)
  }
}

function contentLength(head: string): number {
  return Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
}

class Run {
  readonly load: Load
  readonly #requests: readonly Buffer[]
  readonly #lanes: Lane[] = []
  readonly #idle: Lane[] = []
  readonly #latencies: number[] = []
  #next = 0
  #failures = 0
  #offered = 0
  #isMeasuring = false
  #isOver = false

  constructor(load: Load) {
    this.load = load
    this.#requests = load.requests.map(({ method, path, headers, body }) => {
      const lines = Object.entries({
        Host: '127.0.0.1',
        'Content-Length': String(Buffer.byteLength(body)),
        ...headers,
      })
      return Buffer.from(
        `${method} ${path} HTTP/1.1\r\n${lines.map(line => line.join(': ')).join('\r\n')}\r\n\r\n${body}`,
      )
    })
  }

  async measure(): Promise<LoadResult> {
    for (let count = 0; count < this.load.connections; count++) this.#lanes.push(new Lane(this))
    const pace = this.load.rate > 0 ? this.#pace() : undefined
    await sleep(this.load.warmUpSeconds)
    this.#isMeasuring = true
    const startedAt = performance.now()
    await sleep(this.load.seconds)
    const seconds = (performance.now() - startedAt) / 1_000
    this.#isOver = true
    clearInterval(pace)
    for (const lane of this.#lanes) lane.close()
    const sorted = Float64Array.from(this.#latencies).sort()
    return {
      perSecond: sorted.length / seconds,
      offered: this.load.rate > 0 ? this.#offered / seconds : sorted.length / seconds,
      p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? Number.NaN,
      p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
      failures: this.#failures,
    }
  }

  ready(lane: Lane): void {
    if (this.load.rate > 0) this.#idle.push(lane)
    else lane.send(this.#request(), performance.now())
  }

  answered(isSuccess: boolean, ms: number, lane: Lane): void {
    if (this.#isOver) return
    if (!isSuccess) this.#failures++
    if (this.#isMeasuring) this.#latencies.push(ms)
    if (this.load.rate > 0) this.#idle.push(lane)
    else lane.send(this.#request(), performance.now())
  }

  failed(): void {
    this.#failures++
  }

  /** Open loop: requests fall due by the clock, whether or not the earlier ones were answered. */
  #pace(): NodeJS.Timeout {
    let due = performance.now()
    const waiting: number[] = []
    return setInterval(() => {
      const now = performance.now()
      for (; due <= now; due += 1_000 / this.load.rate) {
        waiting.push(due)
        if (this.#isMeasuring) this.#offered++
      }
      while (waiting.length > 0 && this.#idle.length > 0)
        this.#idle.pop()!.send(this.#request(), waiting.shift()!)
    }, 1)
  }

  #request(): Buffer {
    this.#next = (this.#next + 1) % this.#requests.length
    return this.#requests[this.#next]!
  }
}

function sleep(seconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, seconds * 1_000))
}

const load = JSON.parse(await text(process.stdin)) as Load
console.log(JSON.stringify(await new Run(load).measure()))
