// Checks of the request head that Node leaves to us (contract.md §8.1, §9).
import type { IncomingMessage } from 'node:http'
import type { HttpConfig } from '../../config.ts'
import { Refusal } from '../../contract/refusal.ts'

/** Headers that mean something else when they come twice; Node would silently keep the first. */
const singular: ReadonlySet<string> = new Set(['authorization', 'content-type', 'host', 'idempotency-key'])
/** `: ` and CRLF around each header. */
const separators = 4
const plainHost = /^(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/

/** @throws Refusal `head_too_large`, `http_version_unsupported`, `host_invalid`, `header_repeated`, … */
export function checkHead(request: IncomingMessage, config: HttpConfig): void {
  const { rawHeaders, httpVersion, headers } = request
  if (rawHeaders.length / 2 > config.headersMax) throw new Refusal('head_too_large')
  checkHeaders(rawHeaders, config.headBytesMax - request.url!.length)
  if (httpVersion !== '1.1' && httpVersion !== '1.0') throw new Refusal('http_version_unsupported')
  const { host } = headers
  if (host === undefined ? httpVersion === '1.1' : !plainHost.test(host)) throw new Refusal('host_invalid')
  const coding = headers['transfer-encoding']
  if (coding === undefined) return
  if (coding.toLowerCase() !== 'chunked') throw new Refusal('transfer_coding_unknown')
  // HTTP/1.0 knows no chunks: whoever forwarded this may see another end of the message (RFC 9112 §6.1).
  if (httpVersion === '1.0') throw new Refusal('http_malformed')
}

function checkHeaders(rawHeaders: readonly string[], bytesMax: number): void {
  let bytes = 0
  let seen: Set<string> | undefined
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!
    bytes += name.length + rawHeaders[index + 1]!.length + separators
    if (bytes > bytesMax) throw new Refusal('head_too_large')
    // Only names of these lengths can be one of the four.
    if (name.length !== 4 && name.length !== 12 && name.length !== 13 && name.length !== 15) continue
    const lower = name.toLowerCase()
    if (!singular.has(lower)) continue
    seen ??= new Set()
    if (seen.has(lower))
      throw lower === 'host' ? new Refusal('host_invalid') : new Refusal('header_repeated', { name })
    seen.add(lower)
  }
}
