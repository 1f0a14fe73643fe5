// The request target, taken apart once and for all: slashes collapsed, a trailing one ignored (DESIGN.md §7), nothing
// in it that two readers could read differently.
import { Refusal } from '../../contract/refusal.ts'

export interface Target {
  /** Without query, repeated or trailing slashes; letters never percent-encoded. `/` for the root. */
  readonly path: string
  /** What follows the `?`, '' when there is none. */
  readonly query: string
}

/** Segments of letters that mean themselves; no dot segment can hide among them. */
const plainPath = /^(?:\/[A-Za-z0-9_~!$&'()*+,;=:@-][A-Za-z0-9_~!$&'()*+,;=:@.-]*)+$/
/** `http://host:port`, as a client sends it to a proxy (RFC 9112 §3.2.2). */
const absoluteForm = /^https?:\/\/([^/?#]*)/i
const percentEncoded = /%[0-9A-Fa-f]{2}/g
const unreserved = /[A-Za-z0-9._~-]/

/**
 * @param host the Host header: a target in absolute form must name the same
 * @throws Refusal `target_invalid`
 */
export function parseTarget(url: string, host: string | undefined, bytesMax: number): Target {
  if (url.length > bytesMax) throw new Refusal('target_invalid')
  const relative = url.startsWith('/') ? url : toOriginForm(url, host)
  const mark = relative.indexOf('?')
  const rawPath = mark === -1 ? relative : relative.slice(0, mark)
  const query = mark === -1 ? '' : relative.slice(mark + 1)
  if (query.includes('#')) throw new Refusal('target_invalid')
  return { path: plainPath.test(rawPath) ? rawPath : normalise(rawPath), query }
}

/** The path of a target that may be broken: enough to tell whose dialect the refusal has to speak. */
export function pathHint(url: string): string {
  const [path = ''] = url.replace(absoluteForm, '').split('?', 1)
  return `/${path.split('/').filter(Boolean).join('/')}`
}

function toOriginForm(url: string, host: string | undefined): string {
  const found = absoluteForm.exec(url)
  if (!found || found[1]!.toLowerCase() !== host?.toLowerCase()) throw new Refusal('target_invalid')
  const rest = url.slice(found[0].length)
  return rest.startsWith('/') ? rest : `/${rest}`
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
  return `/${segments.map(decodeUnreserved).join('/')}`
}

/** `%6a` and `j` are the same letter to everybody (RFC 3986 §6.2.2.2); any other encoding stays. */
function decodeUnreserved(segment: string): string {
  return segment.replace(percentEncoded, encoded => {
    const letter = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
    return unreserved.test(letter) ? letter : encoded
  })
}

/** @throws Refusal `target_invalid` for a stray % or bytes that are no UTF-8 */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Refusal('target_invalid')
  }
}
