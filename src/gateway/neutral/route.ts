// What a route outside both vendors' dialects says of itself, and the call its handler gets.
import type { TSchema } from 'typebox'
import type { FailuresOf } from '../../contract/failures.ts'
import type { Caller } from '../../contract/operations/caller.ts'
import type { Args, OperationName, Result } from '../../contract/operations.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { CoreState, Link } from '../../link/link.ts'
import type { Contents } from '../content/contents.ts'
import { perform } from '../core-calls.ts'
import type { Answer, FileAnswer } from '../http/answer.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Match, RouteMethod } from '../http/route-table.ts'

export interface NeutralRoute {
  readonly method: RouteMethod
  readonly path: string
  readonly summary: string
  /** `operator`: the admin token. Absent: the operation checks its caller, or anybody may ask. */
  readonly need?: 'operator'
  /** Who asks, where it is no operator: a failure the route finds by itself is told to those only that may call. */
  readonly caller?: (call: NeutralCall) => Caller
  readonly body?: 'json'
  readonly schema?: TSchema
  /** Media type of the answer; absent = JSON. */
  readonly produces?: string
  readonly raises: readonly FailuresOf<'neutral'>[]
  readonly handle: (call: NeutralCall) => Promise<object | Answer | FileAnswer>
}

/** What any route can answer, whatever it does. */
const common: readonly FailuresOf<'neutral'>[] = [
  'http_malformed',
  'transfer_coding_unknown',
  'host_invalid',
  'http_version_unsupported',
  'head_too_large',
  'target_invalid',
  'header_repeated',
  'expectation_unknown',
  'request_timeout',
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
const withBody: readonly FailuresOf<'neutral'>[] = [
  'body_too_large',
  'media_type_unsupported',
  'json_malformed',
  'json_value_invalid',
  'body_not_object',
  'request_invalid',
]

const forOperators: readonly FailuresOf<'neutral'>[] = ['admin_token_missing', 'admin_token_wrong']

/** Every failure of a route: what it declares, and what it shares with others. */
export function failuresOf({ raises, body, need }: NeutralRoute): ReadonlySet<FailuresOf<'neutral'>> {
  return new Set([...raises, ...common, ...(body ? withBody : []), ...(need ? forOperators : [])])
}

/** What the server lets its operator see and do beside the core's operations. */
export interface Operator {
  readonly isAdminToken: (token: string) => boolean
  readonly coreState: () => CoreState
  readonly isCoreReady: () => boolean
  readonly controlCore: (state: CoreState) => Promise<void>
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>
  /** The API description, as JSON text. */
  readonly describeApi: () => string
}

export interface NeutralSurroundings {
  readonly link: Link
  readonly operator: Operator
  readonly contents: Contents
}

export class NeutralCall {
  readonly exchange: Exchange
  readonly params: Readonly<Record<string, string>>
  readonly operator: Operator
  readonly contents: Contents
  readonly #link: Link
  #isAdmitted = false
  body: Readonly<Record<string, unknown>> = {}

  constructor(
    { link, operator, contents }: NeutralSurroundings,
    exchange: Exchange,
    { params }: Match<NeutralRoute>,
  ) {
    this.#link = link
    this.operator = operator
    this.contents = contents
    this.exchange = exchange
    this.params = params
  }

  /** @throws Refusal `admin_token_missing`, `admin_token_wrong` */
  needOperator(): void {
    const token = /^bearer +(\S+) *$/i.exec(this.exchange.header('authorization') ?? '')?.[1]
    if (token === undefined) throw new Refusal('admin_token_missing')
    if (!this.operator.isAdminToken(token)) throw new Refusal('admin_token_wrong')
  }

  /** Has the core been asked already? Then it has checked the caller. */
  get isAdmitted(): boolean {
    return this.#isAdmitted
  }

  /** @param caller absent = this door itself, for an operator it has recognised */
  async run<Name extends OperationName>(
    op: Name,
    args: Args<Name>,
    caller: Caller = { as: 'door' },
  ): Promise<Result<Name>> {
    this.#isAdmitted = true
    return (await perform(this.#link, this.exchange, op, args, caller)).result
  }
}
