// What an Easemob route says of itself, and the call its handler gets.
import type { TSchema } from 'typebox'
import type { FailuresOf } from '../../contract/failures.ts'
import type { Need, TokenCaller } from '../../contract/operations/caller.ts'
import type { Args, IdempotencyKey, OperationName, Replay, Result } from '../../contract/operations.ts'
import type { EasemobFamily } from '../../contract/wire.ts'
import type { Link } from '../../link/link.ts'
import type { Contents } from '../content/contents.ts'
import { perform } from '../core-calls.ts'
import type { FileAnswer } from '../http/answer.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Match, RouteMethod } from '../http/route-table.ts'
import { readIdempotencyKey } from '../idempotency-key.ts'

export type Members = Readonly<Record<string, unknown>>

export interface EasemobRoute {
  readonly method: RouteMethod
  /** Below `/{org}/{app}`. */
  readonly path: string
  /** One line for the API description. */
  readonly summary: string
  /** Decides how some failures are worded; absent = `users`. */
  readonly family?: EasemobFamily
  /** Routes of one bucket share the rate limit; absent = a bucket of its own. */
  readonly bucket?: string
  readonly need: (call: EasemobCall) => Need
  /**
   * - absent: a body, should one come, is ignored
   * - `json`: one JSON value, `optional` = none is `{}`; `form` also takes a form
   * - `form_data`: a form with a file in it; the handler takes it as it comes
   */
  readonly body?: 'json' | 'optional' | 'form' | 'form_data'
  /** The members of the body: checked after `check`, a mismatch is `invalid_request`. */
  readonly schema?: TSchema
  /** Rules of the body that have rows of their own, in their order. @throws Refusal */
  readonly check?: (body: Members, call: EasemobCall) => void
  /** The failures this operation can answer beside those that every route can. */
  readonly raises: readonly FailuresOf<'easemob'>[]
  /** Media type of the answer when all went well; absent = JSON. */
  readonly produces?: string
  readonly handle: (call: EasemobCall) => Promise<object | FileAnswer>
}

/** What any route can answer, whatever it does. */
const common: readonly FailuresOf<'easemob'>[] = [
  'http_malformed',
  'transfer_coding_unknown',
  'host_invalid',
  'http_version_unsupported',
  'head_too_large',
  'target_invalid',
  'query_invalid',
  'header_repeated',
  'expectation_unknown',
  'request_timeout',
  'body_too_large',
  'app_unknown',
  'app_blacklisted',
  'ip_not_allowed',
  'token_missing',
  'token_insufficient',
  'token_corrupt',
  'token_unknown',
  'token_expired',
  'rate_limited',
  'internal',
  'core_gone',
  'core_silent',
  'core_deadline_passed',
  'core_draining',
  'core_overloaded',
  'store_unavailable',
  'node_rate_limited',
]

/** What a route that reads a body can answer beside that. */
const withBody: readonly FailuresOf<'easemob'>[] = [
  'media_type_unsupported',
  'json_malformed',
  'json_value_invalid',
  'body_not_object',
  'invalid_request',
]

/** What one that takes a form with a file can. */
const withForm: readonly FailuresOf<'easemob'>[] = ['media_type_unsupported', 'invalid_request']

/** What a route that takes an `Idempotency-Key` can answer beside that. */
const withKey: readonly FailuresOf<'easemob'>[] = ['idempotency_key_invalid', 'idempotency_key_reused']

/** Every failure of a route: what it declares, and what it shares with others. */
export function failuresOf(route: EasemobRoute): ReadonlySet<FailuresOf<'easemob'>> {
  return new Set([
    ...route.raises,
    ...common,
    ...(route.body === 'form_data' ? withForm : route.body ? withBody : []),
    ...(takesKey(route) ? withKey : []),
  ])
}

/** A result is kept for a day, in clear: a token must not be in it, and asking for one twice does no harm. */
function takesKey({ method, family }: EasemobRoute): boolean {
  return method !== 'GET' && family !== 'token'
}

export interface EasemobPlace {
  readonly org: string
  readonly app: string
  /** Below `/{org}/{app}`, '/' at least. */
  readonly subPath: string
}

/** What every call of the dialect shares. */
export interface EasemobSurroundings {
  readonly link: Link
  readonly contents: Contents
}

export class EasemobCall {
  readonly exchange: Exchange
  readonly contents: Contents
  readonly place: EasemobPlace
  readonly params: Readonly<Record<string, string>>
  readonly #link: Link
  readonly #route: EasemobRoute
  /** The parsed body; `{}` where the route reads none. */
  body: unknown = {}
  /** Set by a keyed call: its answer is stamped as the first one was. */
  replay: Replay | undefined
  #isAdmitted = false

  constructor(
    { link, contents }: EasemobSurroundings,
    exchange: Exchange,
    place: EasemobPlace,
    { route, params }: Match<EasemobRoute>,
  ) {
    this.#link = link
    this.contents = contents
    this.exchange = exchange
    this.place = place
    this.#route = route
    this.params = params
  }

  get isAdmitted(): boolean {
    return this.#isAdmitted
  }

  /** The body as an object; the pipeline has refused everything else where the route has a schema. */
  get members(): Members {
    return this.body as Members
  }

  query(name: string): string | undefined {
    return this.exchange.query.get(name)
  }

  /**
   * Runs an operation as this caller; admission (rate, token, app, right) happens with the first one.
   * @param key what makes a repeat recognisable; absent = the `Idempotency-Key` header, if there is one
   */
  async run<Name extends OperationName>(
    op: Name,
    args: Args<Name>,
    key = this.#key(),
  ): Promise<Result<Name>> {
    const caller = this.#caller(this.#isAdmitted)
    this.#isAdmitted = true
    const { result, replay } = await perform(this.#link, this.exchange, op, args, caller, key)
    this.replay = replay
    return result
  }

  /** Only the checks of the caller: before a failure that must not win over them (easemob.md §1.7). */
  async admit(): Promise<void> {
    const caller = this.#caller(this.#isAdmitted)
    this.#isAdmitted = true
    await perform(this.#link, this.exchange, 'app.admit', {}, caller)
  }

  #caller(isCounted: boolean): TokenCaller {
    const { org, app } = this.place
    const { method, path, bucket } = this.#route
    return {
      as: 'token',
      org,
      app,
      uri: this.exchange.target.path.slice(1),
      token: readBearer(this.exchange),
      ip: this.exchange.ip,
      bucket: bucket ?? `${method} ${path}`,
      need: this.#route.need(this),
      isCounted,
    }
  }

  #key(): IdempotencyKey | undefined {
    const { method, path } = this.#route
    const value = this.exchange.header('idempotency-key')
    if (value === undefined || !takesKey(this.#route)) return undefined
    const request = [this.params, this.exchange.target.query, this.body]
    return readIdempotencyKey(value, `easemob ${method} ${path}`, request)
  }
}

/** Any other scheme counts as no token (seed S-11 speaks of tokens only); an empty one is a corrupt token. */
function readBearer(exchange: Exchange): string | undefined {
  const header = exchange.header('authorization')
  const found = header === undefined ? null : /^bearer(?:[ \t]+(.*))?$/i.exec(header)
  if (found) return found[1]?.trim() ?? ''
  return exchange.target.query === '' ? undefined : exchange.query.get('access_token')
}
