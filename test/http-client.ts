// Two ways to speak HTTP to a server under test: one that is correct, and one that sends exactly these bytes.
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'

export interface Received {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body as JSON; throws when it is none. */
  readonly json: any
}

export interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON, without a Content-Type unless `headers` has one. */
  readonly body?: string | Buffer | object
}

export function send(url: string, { method, headers, body }: Sent = {}): Promise<Received> {
  const payload = typeof body === 'object' && !Buffer.isBuffer(body) ? JSON.stringify(body) : body
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      { method: method ?? (payload === undefined ? 'GET' : 'POST'), headers: { ...headers }, agent: false },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve(received(response.statusCode!, response.headers, Buffer.concat(chunks).toString('utf8'))),
        )
        response.on('error', reject)
      },
    )
    request.on('error', reject)
    request.end(payload)
  })
}

/** Sends `parts` as they are, one write each, and returns every byte that came back until the server closed. */
function sendRaw(httpBase: string, ...parts: (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(httpBase)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      for (const part of parts) socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part)
    })
    const chunks: Buffer[] = []
    socket.on('data', chunk => chunks.push(chunk))
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')))
    socket.on('error', error =>
      chunks.length > 0 ? resolve(Buffer.concat(chunks).toString('utf8')) : reject(error),
    )
  })
}

/** The answers in what `sendRaw` returned, in order; every one must have a Content-Length. */
function parseAnswers(bytes: string): Received[] {
  const answers: Received[] = []
  let rest = Buffer.from(bytes, 'utf8')
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n')
    if (end === -1) throw new Error(`not an HTTP answer: ${rest.toString()}`)
    const [start = '', ...lines] = rest.toString('utf8', 0, end).split('\r\n')
    const headers = Object.fromEntries(
      lines.map(line => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    )
    const length = Number(headers['content-length'] ?? 0)
    answers.push(
      received(Number(start.split(' ')[1]), headers, rest.toString('utf8', end + 4, end + 4 + length)),
    )
    rest = rest.subarray(end + 4 + length)
  }
  return answers
}

export async function sendRawOnce(httpBase: string, ...parts: (string | Buffer)[]): Promise<Received> {
  const [answer] = parseAnswers(await sendRaw(httpBase, ...parts))
  if (!answer) throw new Error('the server closed without an answer')
  return answer
}

function received(status: number, headers: IncomingHttpHeaders, text: string): Received {
  return {
    status,
    headers,
    text,
    get json() {
      return JSON.parse(text)
    },
  }
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
