// What a JPush route says of itself, and the call its handler gets.
import type { TSchema } from 'typebox'
import type { FailuresOf } from '../../contract/failures.ts'
import type { Caller, QuotaClass, SecretCaller } from '../../contract/operations/caller.ts'
import type { Args, IdempotencyKey, OperationName, Replay, Result } from '../../contract/operations.ts'
import type { JpushFamily } from '../../contract/wire.ts'
import type { Link } from '../../link/link.ts'
import type { Contents } from '../content/contents.ts'
import { perform } from '../core-calls.ts'
import { readBasic } from '../http/basic.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Match, RouteMethod } from '../http/route-table.ts'

export interface JpushRoute {
  readonly method: RouteMethod
  readonly path: string
  readonly summary: string
  /** The API it belongs to: its block of codes (jpush.md §4). */
  readonly family: JpushFamily
  /** Which window a call is taken from; absent = none. */
  readonly quota?: QuotaClass
  /** Whose secret it takes; absent = an app's. */
  readonly secretOf?: 'app_group' | 'app_or_developer' | 'developer'
  /** Present when the route reads a JSON object, a long one where it is a batch; absent = a body is ignored. */
  readonly body?: 'json' | 'batch'
  /** The route takes a form, and reads it by itself. */
  readonly isUpload?: true
  /** The members of the body, for the API description; handlers check them, since the order of codes matters. */
  readonly schema?: TSchema
  /** The failures this operation can answer beside those that every route can. */
  readonly raises: readonly FailuresOf<'jpush'>[]
  readonly handle: (call: JpushCall) => Promise<unknown>
}

/** What any route can answer, whatever it does. */
const common: readonly FailuresOf<'jpush'>[] = [
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
  'https_required',
  'credentials_missing',
  'internal',
  'core_gone',
  'core_silent',
  'core_deadline_passed',
  'core_draining',
  'core_overloaded',
  'store_unavailable',
  'node_rate_limited',
]

/** What is asked of an app's own calls, and of a group's. */
const ofApps: readonly FailuresOf<'jpush'>[] = [
  'retired',
  'credentials_wrong',
  'app_blacklisted',
  'ip_not_allowed',
  'rate_limited',
]

const ofDevelopers: readonly FailuresOf<'jpush'>[] = [
  'developer_key_unknown',
  'developer_secret_wrong',
  'developer_not_permitted',
]

/** What a route that reads a body can answer beside that. */
const withBody: readonly FailuresOf<'jpush'>[] = [
  'body_too_large',
  'media_type_unsupported',
  'json_malformed',
  'json_value_invalid',
  'body_not_object',
]

/** Every failure of a route: what it declares, and what it shares with others. */
export function failuresOf({ raises, body, secretOf }: JpushRoute): ReadonlySet<FailuresOf<'jpush'>> {
  const ofCaller = secretOf === 'developer' ? ofDevelopers : ofApps
  return new Set([...raises, ...common, ...ofCaller, ...(body ? withBody : [])])
}

export interface JpushSurroundings {
  readonly link: Link
  readonly contents: Contents
  /** Of the times this dialect writes. */
  readonly timeZoneMinutes: number
}

export class JpushCall {
  readonly exchange: Exchange
  readonly params: Readonly<Record<string, string>>
  /** The zone this dialect's times are written in. */
  readonly timeZoneMinutes: number
  readonly contents: Contents
  readonly #link: Link
  readonly #route: JpushRoute
  body: Readonly<Record<string, unknown>> = {}
  replay: Replay | undefined
  #isAdmitted = false

  constructor(
    { link, contents, timeZoneMinutes }: JpushSurroundings,
    exchange: Exchange,
    { route, params }: Match<JpushRoute>,
  ) {
    this.#link = link
    this.contents = contents
    this.timeZoneMinutes = timeZoneMinutes
    this.exchange = exchange
    this.#route = route
    this.params = params
  }

  get isAdmitted(): boolean {
    return this.#isAdmitted
  }

  /** The app key the caller claims; '' when none can be read. */
  get appKey(): string {
    return readBasic(this.exchange.header('authorization')).key ?? ''
  }

  query(name: string): string | undefined {
    return this.exchange.query.get(name)
  }

  /** Runs an operation as this caller; admission (credentials, bars, quota) happens with the first one. */
  async run<Name extends OperationName>(
    op: Name,
    args: Args<Name>,
    key?: IdempotencyKey,
  ): Promise<Result<Name>> {
    const caller = this.#caller(this.#isAdmitted)
    this.#isAdmitted = true
    const { result, replay } = await perform(this.#link, this.exchange, op, args, caller, key)
    this.replay = replay
    return result
  }

  /** Only the checks of the caller: before a failure that must not win over them (contract.md §3.2). */
  async admit(): Promise<void> {
    const caller = this.#caller(this.#isAdmitted)
    this.#isAdmitted = true
    await perform(this.#link, this.exchange, 'app.admit', {}, caller)
  }

  #caller(isCounted: boolean): Caller {
    const { quota, secretOf } = this.#route
    if (secretOf === 'developer' || quota === undefined)
      return { as: 'developer', ...readBasic(this.exchange.header('authorization')) }
    return { ...secretCaller(this.exchange, quota), ...(secretOf && { of: secretOf }), isCounted }
  }
}

export function secretCaller(exchange: Exchange, quota: QuotaClass): SecretCaller {
  return {
    as: 'secret',
    ...readBasic(exchange.header('authorization')),
    ip: exchange.ip,
    quota,
    method: exchange.method,
    path: exchange.target.path,
  }
}
