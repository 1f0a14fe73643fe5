// What a JPush route says of itself, and the call its handler gets.
import type { TSchema } from 'typebox'
import type { FailuresOf } from '../../contract/failures.ts'
import type { QuotaClass, SecretCaller } from '../../contract/operations/caller.ts'
import type { Args, IdempotencyKey, OperationName, Replay, Result } from '../../contract/operations.ts'
import type { JpushFamily } from '../../contract/wire.ts'
import type { Link } from '../../link/link.ts'
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
  readonly quota: QuotaClass
  /** Present when the route reads a JSON object; absent = a body, should one come, is ignored. */
  readonly body?: 'json'
  /** The members of the body, for the API description; handlers check them, since the order of codes matters. */
  readonly schema?: TSchema
  /** The failures this operation can answer beside those that every route can. */
  readonly raises: readonly FailuresOf<'jpush'>[]
  readonly handle: (call: JpushCall) => Promise<unknown>
}

export class JpushCall {
  readonly exchange: Exchange
  readonly params: Readonly<Record<string, string>>
  readonly #link: Link
  readonly #route: JpushRoute
  body: Readonly<Record<string, unknown>> = {}
  replay: Replay | undefined
  #isAdmitted = false

  constructor(link: Link, exchange: Exchange, { route, params }: Match<JpushRoute>) {
    this.#link = link
    this.exchange = exchange
    this.#route = route
    this.params = params
  }

  get isAdmitted(): boolean {
    return this.#isAdmitted
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
    this.#isAdmitted = true
    const { result, replay } = await perform(this.#link, this.exchange, op, args, this.#caller(), key)
    this.replay = replay
    return result
  }

  /** Only the checks of the caller: before a failure that must not win over them (contract.md §3.2). */
  async admit(): Promise<void> {
    this.#isAdmitted = true
    await perform(this.#link, this.exchange, 'app.admit', {}, this.#caller())
  }

  #caller(): SecretCaller {
    const { exchange } = this
    const { method, quota } = this.#route
    const path = exchange.target.path
    return {
      as: 'secret',
      ...readBasic(exchange.header('authorization')),
      ip: exchange.ip,
      quota,
      method,
      path,
    }
  }
}
