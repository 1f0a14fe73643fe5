// Whose path is it? The first segment tells.
import type { Dialect } from '../../contract/failure.ts'

/** First segments that belong to the server itself (DESIGN.md §6). */
const neutralSegments: ReadonlySet<string> = new Set(
  'admin device console docs healthz readyz metrics openapi.json websocket mqtt'.split(' '),
)
/** In any letter case: nobody who writes /V3 means an organisation of that name. */
const jpushSegment = /^v[123]$/i

/** @param path without repeated slashes */
export function dialectOf(path: string): Dialect {
  const [, first = '', second] = path.split('/', 3)
  if (jpushSegment.test(first)) return 'jpush'
  return neutralSegments.has(first) || second === undefined ? 'neutral' : 'easemob'
}

/** What an operator's tools ask has to be answered while the server drains or is flooded. */
export function isForOperator(path: string): boolean {
  return path === '/healthz' || path === '/metrics' || path.startsWith('/admin/')
}
