// Browsers may call the Easemob dialect from anywhere: its callers carry tokens, never cookies (usergrid.md §1.2).
import { type Answer, FileAnswer } from '../http/answer.ts'
import type { Exchange } from '../http/exchange.ts'

const exposed = 'X-Request-Id, Retry-After, Idempotent-Replayed, Allow'
const anyOrigin = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': exposed }

export function corsHeaders(exchange: Exchange | undefined): Readonly<Record<string, string>> {
  const origin = exchange?.header('origin')
  if (origin === undefined) return anyOrigin
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': exposed,
    Vary: 'Origin',
  }
}

/** A file shows more of its head to pages: how long it is, which part of it came. */
export function withCors(exchange: Exchange, { status, headers, body }: FileAnswer): FileAnswer {
  const shown = {
    'Access-Control-Expose-Headers': `${exposed}, Content-Length, Content-Range, Content-Disposition, ETag`,
  }
  return new FileAnswer(status, { ...headers, ...corsHeaders(exchange), ...shown }, body)
}

/** Answered without a check of any kind, as the browser asks before it sends a token. */
export function preflight(exchange: Exchange): Answer {
  const wanted = exchange.header('access-control-request-headers')
  return {
    status: 204,
    headers: {
      ...corsHeaders(exchange),
      Allow: 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
      'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
      'Access-Control-Allow-Headers': wanted ?? 'Authorization, Content-Type, Idempotency-Key',
      'Access-Control-Max-Age': '600',
    },
    body: '',
  }
}
