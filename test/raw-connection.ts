// A connection under the test's control: it sends exactly these bytes, in these pieces, and reads answers one by one.
import { connect, type Socket } from 'node:net'
import type { Received } from './http-client.ts'

export class RawConnection {
  readonly #socket: Socket
  #bytes = Buffer.alloc(0)
  #isClosed = false
  #changed = Promise.withResolvers<void>()

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', chunk => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      this.#change()
    })
    const closed = () => {
      this.#isClosed = true
      this.#change()
    }
    socket.on('end', closed)
    socket.on('close', closed)
    // A reset is a way to close; what matters is what was read before.
    socket.on('error', () => {})
  }

  static async open(httpBase: string): Promise<RawConnection> {
    const { hostname, port } = new URL(httpBase)
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new RawConnection(socket)
  }

  /** Resolves when the bytes have been handed to the system. */
  send(bytes: string | Buffer): Promise<void> {
    const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
    return new Promise(resolve => this.#socket.write(buffer, () => resolve()))
  }

  /** Shuts down the sending half. */
  end(): void {
    this.#socket.end()
  }

  reset(): void {
    this.#socket.resetAndDestroy()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  onClose(closed: () => void): void {
    this.#socket.once('close', closed)
  }

  /** The next answer. @param isHead it is one to HEAD: no body follows @throws Error when the server closes before */
  async next(isHead = false): Promise<Received> {
    for (;;) {
      const answer = this.#take(isHead)
      if (answer) return answer
      if (this.#isClosed) throw new Error(`closed after ${JSON.stringify(this.#bytes.toString('latin1'))}`)
      await this.#changed.promise
    }
  }

  /** What came after the answers read so far, once the server has closed. */
  async rest(): Promise<string> {
    while (!this.#isClosed) await this.#changed.promise
    return this.#bytes.toString('utf8')
  }

  #change(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }

  #take(isHead: boolean): Received | undefined {
    const end = this.#bytes.indexOf('\r\n\r\n')
    if (end === -1) return undefined
    const [start = '', ...lines] = this.#bytes.toString('latin1', 0, end).split('\r\n')
    if (!start.startsWith('HTTP/1.1 ')) throw new Error(`no answer: ${start}`)
    const headers = Object.fromEntries(
      lines.map(line => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      }),
    )
    const length = isHead ? 0 : Number(headers['content-length'] ?? 0)
    if (this.#bytes.length < end + 4 + length) return undefined
    const text = this.#bytes.toString('utf8', end + 4, end + 4 + length)
    this.#bytes = this.#bytes.subarray(end + 4 + length)
    return {
      status: Number(start.split(' ')[1]),
      headers,
      text,
      get json() {
        return JSON.parse(text)
      },
    }
  }
}
