// Requests that Node's parser gives up on. What reaches us is an error code and the bytes at hand; from them comes the
// refusal, and from the request line, where there is one, the dialect it is worded in.
import { STATUS_CODES } from 'node:http'
import { Refusal } from '../../contract/refusal.ts'
import type { Answer } from './answer.ts'

export interface ParserError extends Error {
  readonly code?: string
  readonly rawPacket?: Buffer
  readonly bytesParsed?: number
}

export interface RequestLine {
  readonly method: string
  readonly url: string
}

const methodToken = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/

/** The request line of the message that failed, as far as it can be made out. */
export function requestLineOf({ rawPacket, bytesParsed = 0 }: ParserError): RequestLine | undefined {
  if (!rawPacket) return undefined
  const text = rawPacket.toString('latin1')
  const boundary = text.lastIndexOf('\r\n\r\n', Math.max(0, bytesParsed - 1))
  const start = boundary === -1 ? 0 : boundary + 4
  const [method = '', url = '', version = ''] = text
    .slice(start, start + 8_192)
    .split('\r\n', 1)[0]!
    .split(' ')
  const isRequest = methodToken.test(method) && url.startsWith('/') && version.startsWith('HTTP/')
  return isRequest ? { method, url } : undefined
}

export function refusalOf(error: ParserError, line: RequestLine | undefined): Refusal {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Refusal('request_timeout')
    case 'HPE_HEADER_OVERFLOW':
      return new Refusal('head_too_large')
    case 'HPE_INVALID_METHOD':
      return new Refusal(line ? 'method_unknown' : 'http_malformed')
    case 'HPE_INVALID_VERSION':
      return new Refusal('http_version_unsupported')
    case 'HPE_INVALID_URL':
    case 'HPE_INVALID_CONSTANT':
      return new Refusal('target_invalid')
    case 'HPE_INVALID_TRANSFER_ENCODING':
      return new Refusal(isUnknownCoding(error) ? 'transfer_coding_unknown' : 'http_malformed')
    default:
      return new Refusal('http_malformed')
  }
}

/** Both a length and a coding is an attack on framing (400); a coding we do not know is only unknown (501). */
function isUnknownCoding({ rawPacket }: ParserError): boolean {
  const text = rawPacket?.toString('latin1') ?? ''
  return !/^content-length:/im.test(text)
}

/** A whole HTTP message: there is no ServerResponse for a request that was never one. */
export function toMessage({ status, headers, body }: Answer, requestId: string): string {
  const lines = Object.entries({
    ...headers,
    'X-Request-Id': requestId,
    Date: new Date().toUTCString(),
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\n${lines.join('\r\n')}\r\n\r\n${body.toString()}`
}
