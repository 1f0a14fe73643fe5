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
  /** What stands at the end of the line; '' in HTTP/0.9. */
  readonly version: string
}

const requestLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}) (\/.*?|https?:\/\/.*?)(?: (HTTP\/\d\.\d))?$/
const lineBytesMax = 16_384

/** The request line of the message that failed, as far as it can be made out. */
export function requestLineOf(error: ParserError): RequestLine | undefined {
  const [line = ''] = failedMessage(error).slice(0, lineBytesMax).split(/\r?\n/, 1)
  const found = requestLine.exec(line)
  return found ? { method: found[1]!, url: found[2]!, version: found[3] ?? '' } : undefined
}

/** The failed message from its request line on, without the good ones that came before it in the same packet. */
function failedMessage({ rawPacket, bytesParsed = 0 }: ParserError): string {
  if (!rawPacket) return ''
  const text = rawPacket.toString('latin1')
  const boundary = text.lastIndexOf('\r\n\r\n', Math.max(0, bytesParsed - 1))
  return text.slice(boundary === -1 ? 0 : boundary + 4).replace(/^[\r\n]+/, '')
}

export function refusalOf(error: ParserError, line: RequestLine | undefined): Refusal {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Refusal('request_timeout')
    case 'HPE_HEADER_OVERFLOW':
      return new Refusal('head_too_large')
    case 'HPE_INVALID_METHOD':
      return new Refusal(line?.version ? 'method_unknown' : 'http_malformed')
    case 'HPE_INVALID_VERSION':
      // Node reports a line that ends without CR under this code as well.
      return new Refusal(
        /^HTTP\/1\.[01]$/.test(line?.version ?? '') ? 'http_malformed' : 'http_version_unsupported',
      )
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
function isUnknownCoding(error: ParserError): boolean {
  const [head = ''] = failedMessage(error).split('\r\n\r\n', 1)
  return !/^content-length:/im.test(head)
}

/** A whole HTTP message: there is no ServerResponse for a request that was never one. */
export function toMessage({ status, headers, body }: Answer, requestId: string, isHead: boolean): string {
  const lines = Object.entries({
    ...headers,
    'X-Request-Id': requestId,
    Date: new Date().toUTCString(),
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`)
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\n${lines.join('\r\n')}\r\n\r\n`
  return isHead ? head : head + body.toString()
}
