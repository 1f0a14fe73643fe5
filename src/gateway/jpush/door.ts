// The JPush dialect's door. The order of checks is contract.md §3.2: path, method, credentials, bars, quota, media
// type, size, JSON, members.

import { Refusal } from '../../contract/refusal.ts'
import { renderJpush } from '../../contract/render.ts'
import type { JpushFamily } from '../../contract/wire.ts'
import { perform } from '../core-calls.ts'
import { type Answer, jsonType } from '../http/answer.ts'
import type { DialectDoor, Spot } from '../http/dialect-door.ts'
import type { Exchange } from '../http/exchange.ts'
import { parseJson } from '../http/json.ts'
import { declaredType, isCompressed, isJsonType, startsAsJson } from '../http/media.ts'
import { RouteTable } from '../http/route-table.ts'
import { planPaths } from './plans.ts'
import { retiredByVendor } from './retired.ts'
import { failuresOf, JpushCall, type JpushRoute, type JpushSurroundings, secretCaller } from './route.ts'
import { jpushRoutes } from './routes.ts'

export interface JpushDoorOptions {
  readonly bodyBytesMax: number
  /** For the routes that take many pushes in one body. */
  readonly batchBytesMax: number
  /** Refuse plain HTTP (code 1020). */
  readonly httpsOnly: boolean
}

export class JpushDoor implements DialectDoor {
  readonly dialect = 'jpush'
  readonly #surroundings: JpushSurroundings
  readonly #options: JpushDoorOptions
  readonly #table = new RouteTable<JpushRoute>(jpushRoutes)

  constructor(surroundings: JpushSurroundings, options: JpushDoorOptions) {
    this.#surroundings = surroundings
    this.#options = options
  }

  async serve(exchange: Exchange): Promise<Answer> {
    const { method, target } = exchange
    if (this.#options.httpsOnly && exchange.header('x-forwarded-proto') !== 'https')
      throw new Refusal('https_required')
    if (method === 'OPTIONS') return this.#answerOptions(target.path)
    const match = this.#table.find(method, target.path)
    if (!match) return this.#refuse(exchange, this.refuseMethod(target.path))
    exchange.family = match.route.family
    exchange.declared = failuresOf.bind(undefined, match.route)
    const call = new JpushCall(this.#surroundings, exchange, match)
    try {
      if (match.route.body) call.body = await this.#readBody(call, match.route.body)
      return this.#answer(call, await match.route.handle(call))
    } catch (error) {
      // What is wrong with the request may be told only to a caller who passes the checks that come first.
      if (error instanceof Refusal && !call.isAdmitted && error.id !== 'http_malformed') await call.admit()
      throw error
    }
  }

  word(refusal: Refusal, { path, exchange }: Spot): Answer {
    const family = (exchange?.family || familyOf(path)) as JpushFamily
    const { status, headers, body } = renderJpush(refusal, { family })
    return { status, headers: { ...headers, 'Content-Type': jsonType, ...rateHeaders(exchange) }, body }
  }

  refuseMethod(path: string): Refusal {
    const retired = retiredByVendor(path)
    if (retired) return new Refusal('retired', { notice: retired })
    const allow = this.#table.allowed(path)
    return allow.length === 0 ? new Refusal('path_unknown') : new Refusal('method_not_allowed', {}, { allow })
  }

  /**
   * Refuses before there is a route. A key that is known pays for the call and sees its window all the same (jpush.md
   * §1.7, §1.8); only what its operator has retired outranks the refusal.
   */
  async #refuse(exchange: Exchange, refusal: Refusal): Promise<never> {
    if (exchange.header('authorization') === undefined) throw refusal
    const family = familyOf(exchange.target.path)
    // Calls of developer accounts are not counted.
    if (family === 'admin') throw refusal
    const quota = family === 'plan' ? 'push' : family
    try {
      await perform(this.#surroundings.link, exchange, 'app.admit', {}, secretCaller(exchange, quota))
    } catch (error) {
      if (!(error instanceof Refusal) || error.id === 'retired') throw error
    }
    throw refusal
  }

  #answerOptions(path: string): Answer {
    const allow = this.#table.allowed(path)
    if (allow.length === 0) throw this.refuseMethod(path)
    return { status: 204, headers: { Allow: [...allow, 'OPTIONS'].join(', ') }, body: '' }
  }

  async #readBody(
    call: JpushCall,
    kind: NonNullable<JpushRoute['body']>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const { exchange } = call
    if (isCompressed(exchange)) throw new Refusal('media_type_unsupported')
    const { bodyBytesMax, batchBytesMax } = this.#options
    // Megabytes are taken from those only who may send them.
    if (kind === 'batch') await call.admit()
    const bytesMax = kind === 'batch' ? batchBytesMax : bodyBytesMax
    const bytes = await exchange.readBody(bytesMax, () => call.admit())
    if (bytes.length === 0) return {}
    refuseOtherFormats(exchange, bytes)
    const body = parseJson(bytes)
    // PHP writes an empty map as an empty list (jpush.md §1.5).
    if (Array.isArray(body) && body.length === 0) return {}
    if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal('body_not_object')
    return body as Record<string, unknown>
  }

  #answer(call: JpushCall, body: unknown): Answer {
    const { replay, exchange } = call
    return {
      status: 200,
      headers: {
        'Content-Type': jsonType,
        ...rateHeaders(exchange),
        ...(replay?.isRepeat && { 'Idempotent-Replayed': 'true' }),
        ...(replay?.isMismatch && { 'Idempotency-Conflict': 'payload' }),
      },
      body: JSON.stringify(body),
    }
  }
}

/** The API a path belongs to, for failures that come before there is a route. */
function familyOf(path: string): JpushFamily {
  if (planPaths.some(start => path === start || path.startsWith(`${start}/`))) return 'plan'
  const [, version, api = ''] = path.split('/', 3)
  if (version === 'v1') return 'admin'
  if (['devices', 'tags', 'aliases', 'device', 'test'].includes(api)) return 'device'
  if (['received', 'messages', 'users', 'status', 'report', 'group'].includes(api)) return 'report'
  return api === 'schedules' ? 'schedule' : 'push'
}

/** jpush.md §1.7; both names of the limit, since SDKs read one and people the other. */
function rateHeaders(exchange: Exchange | undefined): Readonly<Record<string, string>> {
  const quota = exchange?.facts.quota
  if (!quota) return {}
  return {
    'X-Rate-Limit-Limit': String(quota.limit),
    'X-Rate-Limit-Quota': String(quota.limit),
    'X-Rate-Limit-Remaining': String(quota.remaining),
    'X-Rate-Limit-Reset': String(Math.ceil(quota.resetMs / 1_000)),
  }
}

/** The declared type counts only for a body that does not look like JSON (DESIGN.md §7). */
function refuseOtherFormats(exchange: Exchange, bytes: Buffer): void {
  const type = declaredType(exchange)
  if (type !== '' && !startsAsJson(bytes) && !isJsonType(type)) throw new Refusal('media_type_unsupported')
}
