// Range requests for one range of bytes (RFC 9110 §14).
import type { Exchange } from './exchange.ts'

export interface ByteRange {
  readonly start: number
  readonly bytes: number
}

const oneRange = /^bytes\s*=\s*(?:(\d{1,15})\s*-\s*(\d{1,15})?|-(\d{1,15}))\s*$/i

/**
 * What a GET asks for of `length` bytes. Several ranges, other units and what cannot be read are passed over, as is a
 * range of a representation that has changed since (§13.1.5): the answer is the whole then.
 * @returns undefined = all of it
 */
export function readRange(
  exchange: Exchange,
  etag: string,
  length: number,
): ByteRange | 'unsatisfiable' | undefined {
  if (exchange.request.method !== 'GET') return undefined
  const condition = exchange.header('if-range')
  if (condition !== undefined && condition.trim() !== etag) return undefined
  const found = oneRange.exec(exchange.header('range')?.trim() ?? '')
  if (!found) return undefined
  const [, first, last, suffix] = found
  return first === undefined ? lastBytes(Number(suffix), length) : between(Number(first), last, length)
}

function lastBytes(count: number, length: number): ByteRange | 'unsatisfiable' {
  if (count === 0 || length === 0) return 'unsatisfiable'
  const bytes = Math.min(count, length)
  return { start: length - bytes, bytes }
}

function between(
  start: number,
  last: string | undefined,
  length: number,
): ByteRange | 'unsatisfiable' | undefined {
  const end = last === undefined ? Number.POSITIVE_INFINITY : Number(last)
  // A range that ends before it begins is none (§14.1.1).
  if (end < start) return undefined
  if (start >= length) return 'unsatisfiable'
  return { start, bytes: Math.min(end + 1, length) - start }
}
