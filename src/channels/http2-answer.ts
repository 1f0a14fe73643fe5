import type { IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2'
import type { Http2Result } from './http2-connection.ts'

/** What has come of an answer so far. */
export class Http2Answer {
  readonly #bytesMax: number
  readonly #chunks: Buffer[] = []
  #bytes = 0
  #headers: (IncomingHttpHeaders & IncomingHttpStatusHeader) | undefined

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  begin(headers: IncomingHttpHeaders & IncomingHttpStatusHeader): void {
    this.#headers = headers
  }

  add(chunk: Buffer): void {
    const rest = chunk.subarray(0, this.#bytesMax - this.#bytes)
    this.#bytes += rest.length
    if (rest.length > 0) this.#chunks.push(rest)
  }

  get isFull(): boolean {
    return this.#bytes >= this.#bytesMax
  }

  get result(): Http2Result | undefined {
    const headers = this.#headers
    if (!headers) return undefined
    const text = Buffer.concat(this.#chunks).toString('utf8')
    return { is: 'answered', status: headers[':status'] ?? 0, headers, text }
  }
}

/** The code alone: texts of errors may name hosts, paths and what was sent. */
export function wordFor(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return `the connection failed (${code})`
}
