// The request target, taken apart once and for all: slashes collapsed, a trailing one ignored (DESIGN.md §7), nothing
// in it that two readers could read differently.
import { Refusal } from '../../contract/refusal.ts'

export interface Target {
  /** Without query, repeated or trailing slashes; percent-encoding as sent. `/` for the root. */
  readonly path: string
  /** What follows the `?`, '' when there is none. */
  readonly query: string
  /** The first path segment, '' for the root: it decides the dialect. */
  readonly first: string
}

/** Segments of letters that mean themselves; no dot segment can hide among them. */
const plainPath = /^(?:\/[A-Za-z0-9_~!$&'()*+,;=:@-][A-Za-z0-9_~!$&'()*+,;=:@.-]*)+$/

/** @throws Refusal `target_invalid` */
export function parseTarget(url: string, bytesMax: number): Target {
  if (url.length > bytesMax) throw new Refusal('target_invalid')
  const mark = url.indexOf('?')
  const rawPath = mark === -1 ? url : url.slice(0, mark)
  const query = mark === -1 ? '' : url.slice(mark + 1)
  const path = plainPath.test(rawPath) ? rawPath : normalise(rawPath)
  if (query.includes('#')) throw new Refusal('target_invalid')
  const end = path.indexOf('/', 1)
  return { path, query, first: end === -1 ? path.slice(1) : path.slice(1, end) }
}

function normalise(rawPath: string): string {
  if (!rawPath.startsWith('/') || /[\\#\s]|[^\x21-\x7e]/.test(rawPath)) throw new Refusal('target_invalid')
  const segments = rawPath.split('/').filter(segment => segment !== '')
  for (const segment of segments) {
    const decoded = decodeSegment(segment)
    // `a/..%2fb` walks up as soon as somebody decodes it twice.
    if (decoded.split(/[\\/]/).some(part => part === '.' || part === '..') || decoded.includes('\0'))
      throw new Refusal('target_invalid')
  }
  return `/${segments.join('/')}`
}

/** @throws Refusal `target_invalid` for a stray % or bytes that are no UTF-8 */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Refusal('target_invalid')
  }
}
