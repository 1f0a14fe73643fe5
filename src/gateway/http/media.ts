// What a body is, whatever its label says: clients of ten years send JSON as forms, as text and as nothing at all, so
// its first byte decides (DESIGN.md §7).
import type { Exchange } from './exchange.ts'

const jsonType = /^(?:application|text)\/(?:[\w.-]+\+)?json\b/

/** Neither a BOM nor white space; undefined when the body has nothing else. */
function firstByte(bytes: Buffer): number | undefined {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0a || bytes[at] === 0x0d) at++
  return bytes[at]
}

export function startsAsJson(bytes: Buffer): boolean {
  const byte = firstByte(bytes)
  return byte === 0x7b || byte === 0x5b
}

export function isBlank(bytes: Buffer): boolean {
  return firstByte(bytes) === undefined
}

/** The declared media type in lower case with its parameters; '' when there is none. */
export function declaredType(exchange: Exchange): string {
  return exchange.header('content-type')?.trim().toLowerCase() ?? ''
}

export function isJsonType(type: string): boolean {
  return jsonType.test(type)
}

/** A compressed body: no client of either vendor sends one, and unpacking invites bombs. */
export function isCompressed(exchange: Exchange): boolean {
  const coding = exchange.header('content-encoding')?.trim().toLowerCase() ?? ''
  return coding !== '' && coding !== 'identity'
}
