// What a call that did not succeed throws: one class, safe to log as it is.
import type { Advice } from '../../src/contract/failure.ts'

export type { Advice }

/** What became of the request: only `unknown` may have been executed without the caller knowing. */
export type Outcome = 'accepted' | 'rejected' | 'not_sent' | 'unknown'

/** What kind of trouble it is (contract.md §4.5). */
export type ErrorClass =
  | 'request' // the request is wrong and stays so
  | 'auth'
  | 'policy' // forbidden
  | 'missing' // no such resource
  | 'gone' // retired for good
  | 'conflict'
  | 'too_large'
  | 'throttled'
  | 'plan_limit'
  | 'transient' // the server's own trouble
  | 'unavailable'
  | 'upstream' // a gateway answered for a server that did not
  | 'protocol' // not an answer of this API
  | 'network'
  | 'timeout'
  | 'cancelled'
  | 'config' // a wrong host, or a certificate that is not trusted

/** Why no further attempt was made although one could have helped. */
export type Stopped = 'attempts' | 'deadline' | 'quota' | 'breaker'

/** Why another attempt is made. */
export type RetryReason =
  | 'unsent' // no server was reached
  | 'stale' // the connection was found closed
  | 'transient' // the server's trouble, or the way's
  | 'throttled' // a limit
  | 'refresh' // with a new token

/** One attempt, as it goes into the log. */
export interface Attempt {
  /** Epoch ms. */
  readonly at: number
  readonly tookMs: number
  /** Absent: no answer came. */
  readonly status?: number
  /** The failure's id in the catalogue, or `ok`. */
  readonly id: string
  readonly outcome: Outcome
  /** What the runtime said of a connection that failed. */
  readonly detail?: string
  readonly requestId?: string
  /** How long it was held back before: calls are slowed down near a limit. */
  readonly pacedMs?: number
  /** Why another attempt follows; absent after the last. */
  readonly retry?: RetryReason
  /** The wait before that. */
  readonly waitMs?: number
  /** The wait is not the client's own back-off: the server asked for it. */
  readonly isAsked?: boolean
  /**
   * Why none follows one that failed. `refused`: the same request would be again; `unrepeatable`: it may have been executed,
   * and would be once more.
   */
  readonly stopped?: Stopped | 'refused' | 'unrepeatable' | 'cancelled'
}

/** What a `PosthouseError` says. */
export interface ErrorFields {
  /** The failure's permanent id in the catalogue; for what no catalogue knows, a name of the client's own. */
  readonly id: string
  readonly dialect: 'jpush' | 'easemob'
  /** Such as `POST /v3/push`. */
  readonly operation: string
  readonly class: ErrorClass
  readonly outcome: Outcome
  readonly advice: Advice
  readonly status?: number
  /** A JPush code or an Easemob error name, as the server sent it. */
  readonly code?: string
  /** The variable parts of the server's text. */
  readonly params: Readonly<Record<string, string>>
  /** The server's text, or the start of a body that is none of its answers. */
  readonly text: string
  /** How long the server, or the client's own back-off, asks to wait. */
  readonly retryAfterMs?: number
  readonly attempts: readonly Attempt[]
  readonly requestId?: string
  /** The cid or Idempotency-Key under which a repeat is the same request. */
  readonly key?: string
  readonly stopped?: Stopped
}

const brand = Symbol.for('posthouse.client.error')
/** For one log line. */
const jsonCharsMax = 4_096
const textCharsMax = 512

/**
 * A call that did not succeed. `JSON.stringify` of it, its message and its properties hold no credential, no request
 * body and at most 4 KiB. `instanceof` holds across copies of this package.
 */
export class PosthouseError extends Error implements ErrorFields {
  override readonly name = 'PosthouseError'
  declare readonly id: string
  declare readonly dialect: 'jpush' | 'easemob'
  declare readonly operation: string
  declare readonly class: ErrorClass
  declare readonly outcome: Outcome
  declare readonly advice: Advice
  declare readonly status?: number
  declare readonly code?: string
  declare readonly params: Readonly<Record<string, string>>
  declare readonly text: string
  declare readonly retryAfterMs?: number
  declare readonly attempts: readonly Attempt[]
  declare readonly requestId?: string
  declare readonly key?: string
  declare readonly stopped?: Stopped

  constructor(fields: ErrorFields) {
    super(messageOf(fields))
    Object.assign(this, fields, { text: fields.text.slice(0, textCharsMax) })
    Object.defineProperty(this, brand, { value: true })
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, brand)
  }

  /** These members and no others; older attempts are left out where all would be too much for a line. */
  toJSON(): object {
    const { name, message, id, dialect, operation, outcome, advice, status, code, params, text } = this
    const { retryAfterMs, requestId, key, stopped } = this
    const fields = { name, message, id, dialect, operation, class: this.class, outcome, advice, status, code }
    const rest = { params, text, retryAfterMs, requestId, key, stopped }
    let attempts = this.attempts
    while (attempts.length > 1 && JSON.stringify({ ...fields, ...rest, attempts }).length > jsonCharsMax)
      attempts = attempts.slice(Math.ceil(attempts.length / 2))
    const whole = { ...fields, ...rest, attempts }
    return JSON.stringify(whole).length <= jsonCharsMax ? whole : fields
  }
}

function messageOf({ operation, id, outcome, status, code, text, stopped }: ErrorFields): string {
  const answer = [status, code].filter(part => part !== undefined).join(' ')
  const said = text && `: ${text.slice(0, textCharsMax)}`
  return `${operation}: ${id}${answer && ` (${answer})`}${said} [${outcome}${stopped ? `, ${stopped}` : ''}]`
}
