// A refusal as a dialect words it: status, the headers that follow from the failure, and the body. The one
// place where the wire tables become bytes; parse.ts is its inverse.
import { easemobWire } from './easemob.ts'
import type { Edition } from './failure.ts'
import { jpushWire } from './jpush.ts'
import { msyncWire } from './msync.ts'
import { neutralWire } from './neutral.ts'
import type { RefusalFacts } from './refusal.ts'
import { renderTemplate } from './template.ts'
import {
  type EasemobFamily,
  type EasemobRow,
  type JpushFamily,
  type JpushRow,
  type MsyncRow,
  type NeutralRow,
  pickRow,
  type Rows,
} from './wire.ts'

/**
 * What a refusal says, without its being an Error: the client and the lab render what they only read about.
 */
export interface RefusalLike {
  readonly id: string
  readonly params: Readonly<Record<string, string>>
  readonly facts: RefusalFacts
}

export interface Rendered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** One JSON object, compact. */
  readonly body: string
}

export interface EasemobContext {
  readonly edition: Edition
  readonly family: EasemobFamily | undefined
  /** Epoch ms at which the answer is made. */
  readonly timestamp: number
  /** Ms spent on the request. */
  readonly duration: number
  /** Stands for the identity hash of seed row S-5 when the refusal brings none: 6 to 8 hex digits. */
  readonly hex?: string
}

export function renderEasemob(refusal: RefusalLike, context: EasemobContext): Rendered {
  const row = pickRow(rowsFor<EasemobRow>(easemobWire, refusal.id), context.edition, context.family ?? '')
  const source = context.hex === undefined ? {} : { source: context.hex }
  const text = renderTemplate(row.text, { ...source, ...refusal.params })
  const headers = headersFor(row.status, refusal.facts, challengeOf(refusal.id))
  if (row.shape === 'oauth') {
    return {
      status: row.status,
      headers,
      body: JSON.stringify({ error: row.error, error_description: text }),
    }
  }
  const body = JSON.stringify({
    error: row.error,
    timestamp: context.timestamp,
    duration: context.duration,
    exception: row.exception,
    error_description: text,
    error_code: row.errorCode,
  })
  return { status: row.status, headers, body }
}

export function renderJpush(refusal: RefusalLike, context: { readonly family: JpushFamily }): Rendered {
  const { id, params, facts } = refusal
  const row = pickRow(rowsFor<JpushRow>(jpushWire, id), 'seed', context.family)
  const error = {
    code: row.code,
    message: renderTemplate(row.text, params),
    illegal_rids: facts.illegalRids,
  }
  return {
    status: row.status,
    headers: headersFor(row.status, facts, 'Basic realm="jpush"'),
    body: JSON.stringify(context.family === 'plan' ? error : { msg_id: facts.msgId, error }),
  }
}

export function renderNeutral(refusal: RefusalLike, context: { readonly requestId: string }): Rendered {
  const { id, params, facts } = refusal
  const row = pickRow(rowsFor<NeutralRow>(neutralWire, id), 'seed', '')
  const knownId = Object.hasOwn(neutralWire, id) ? id : 'internal'
  return {
    status: row.status,
    headers: headersFor(row.status, facts, row.challenge ?? 'Bearer'),
    body: JSON.stringify({
      error: { id: knownId, message: renderTemplate(row.text, params) },
      request_id: context.requestId,
    }),
  }
}

/** What instant-messaging clients read of a refusal: a `Status`. */
export function renderMsync({ id, params }: Pick<RefusalLike, 'id' | 'params'>): MsyncRow {
  const { code, reason } = rowsFor<MsyncRow>(msyncWire, id)
  return { code, reason: renderTemplate(reason, params) }
}

/**
 * A failure that the dialect has no row for must not leave a caller without an answer: it is a bug, so
 * `internal`.
 */
function rowsFor<Row>(table: Readonly<Record<string, Rows<Row>>>, id: string): Rows<Row> {
  return Object.hasOwn(table, id) ? table[id]! : table.internal!
}

/** RFC 6750 §3.1 names the expired token; the other 401 rows say only which scheme is wanted. */
function challengeOf(id: string): string {
  return id === 'token_expired' ? 'Bearer error="invalid_token"' : 'Bearer'
}

function headersFor(status: number, facts: RefusalFacts, challenge: string): Record<string, string> {
  const headers: Record<string, string> = {}
  if (facts.allow) headers.Allow = facts.allow.join(', ')
  if (facts.fileBytes !== undefined) headers['Content-Range'] = `bytes */${facts.fileBytes}`
  const mustWait = status === 429 || status === 503
  if (mustWait || facts.retryAfterMs !== undefined)
    headers['Retry-After'] = secondsUp(facts.retryAfterMs ?? 0)
  if (status === 401) headers['WWW-Authenticate'] = challenge
  return headers
}

/** Whole seconds, never earlier than asked for, and at least one: 0 would invite a hammer. */
function secondsUp(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)))
}
