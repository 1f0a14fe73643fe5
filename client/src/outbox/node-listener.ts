import { bodyBytesMax } from './protocol.ts'

/** What is needed of `IncomingMessage`. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Where a framework has read it already: as it has parsed it. */
  readonly body?: unknown
}

/** What is needed of `ServerResponse`. */
export interface NodeResponse {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown
  end(body: Uint8Array): unknown
}

/** A handler of `fetch`'s shape as a listener of `node:http`, Express and what else has their shape. Never rejects. */
export function toNodeListener(
  handler: (request: Request) => Promise<Response>,
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return async (request, response) => {
    try {
      const read = new BodyReader(request)
      const answer = await handler(toRequest(request, read))
      const headers = Object.fromEntries(answer.headers)
      // Before what is left of a body no further request can be read.
      if (!(await read.finish())) headers.connection = 'close'
      const body = new Uint8Array(await answer.arrayBuffer())
      response.writeHead(answer.status, { ...headers, 'content-length': String(body.length) })
      response.end(body)
    } catch {
      const text = JSON.stringify({ error: { id: 'request_invalid', message: 'the request cannot be read' } })
      response.writeHead(400, { 'content-type': 'application/json', connection: 'close' })
      response.end(new TextEncoder().encode(text))
    }
  }
}

function toRequest(request: NodeRequest, read: BodyReader): Request {
  const { method = 'GET', url = '/', headers } = request
  const pairs = Object.entries(headers)
    // Names of HTTP/2 that are no headers.
    .filter(([name, value]) => value !== undefined && !name.startsWith(':'))
    .map(([name, value]): [string, string] => [name, String(value)])
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const init = { method, headers: pairs, ...(hasBody && { body: read.body, duplex: 'half' }) }
  return new Request(`http://outbox${url}`, init as RequestInit)
}

/** Of an answer that came before its end: what an honest client is still sending. */
const leftBytesMax = bodyBytesMax

class BodyReader {
  readonly body: string | ReadableStream<Uint8Array>
  readonly #chunks: AsyncIterator<Uint8Array>
  #isOver = false

  constructor(request: NodeRequest) {
    const { body } = request
    this.#chunks = request[Symbol.asyncIterator]()
    this.#isOver = body !== undefined
    if (body !== undefined) this.body = typeof body === 'string' ? body : JSON.stringify(body)
    else this.body = new ReadableStream({ pull: controller => this.#pull(controller) }, { highWaterMark: 0 })
  }

  /** @returns false: it is not at its end */
  async finish(): Promise<boolean> {
    for (let left = leftBytesMax; left > 0 && !this.#isOver; ) left -= (await this.#next())?.length ?? 0
    return this.#isOver
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const chunk = await this.#next()
    if (chunk) controller.enqueue(new Uint8Array(chunk))
    else controller.close()
  }

  async #next(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#chunks.next()
    this.#isOver = done === true
    return done ? undefined : value
  }
}
