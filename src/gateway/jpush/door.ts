// The JPush dialect's door. The order of checks is contract.md §3.2: path, method, credentials, bars, quota, media
// type, size, JSON, members.

import { Refusal } from '../../contract/refusal.ts'
import { renderJpush } from '../../contract/render.ts'
import type { JpushFamily } from '../../contract/wire.ts'
import type { Link } from '../../link/link.ts'
import { type Answer, jsonType } from '../http/answer.ts'
import type { DialectDoor } from '../http/dialect-door.ts'
import type { Exchange } from '../http/exchange.ts'
import { parseJson } from '../http/json.ts'
import { RouteTable } from '../http/route-table.ts'
import { retiredByVendor } from './retired.ts'
import { JpushCall, type JpushRoute } from './route.ts'
import { jpushRoutes } from './routes.ts'

export class JpushDoor implements DialectDoor {
  readonly dialect = 'jpush'
  readonly #link: Link
  readonly #bodyBytesMax: number
  readonly #table = new RouteTable<JpushRoute>(jpushRoutes)

  constructor(link: Link, bodyBytesMax: number) {
    this.#link = link
    this.#bodyBytesMax = bodyBytesMax
  }

  async serve(exchange: Exchange): Promise<Answer> {
    const { method, target } = exchange
    exchange.family = familyOf(target.path)
    const retired = retiredByVendor(target.path)
    if (retired) throw new Refusal('retired', { notice: retired })
    if (method === 'OPTIONS') return this.#options(target.path)
    const match = this.#table.find(method, target.path)
    if (!match) throw this.#refusePath(target.path)
    exchange.family = match.route.family
    const call = new JpushCall(this.#link, exchange, match)
    try {
      if (match.route.body) call.body = await this.#readBody(call)
      return this.#answer(call, await match.route.handle(call))
    } catch (error) {
      // What is wrong with the request may be told only to a caller who passes the checks that come first.
      if (error instanceof Refusal && !call.isAdmitted && !firstOfAll.has(error.id)) await call.admit()
      throw error
    }
  }

  word(refusal: Refusal, exchange: Exchange | undefined): Answer {
    const family = (exchange?.family || 'push') as JpushFamily
    const { status, headers, body } = renderJpush(refusal, { family })
    return { status, headers: { ...headers, 'Content-Type': jsonType, ...rateHeaders(exchange) }, body }
  }

  refuseMethod(path: string): Refusal {
    return this.#refusePath(path)
  }

  #refusePath(path: string): Refusal {
    const allow = this.#table.allowed(path)
    return allow.length === 0 ? new Refusal('path_unknown') : new Refusal('method_not_allowed', {}, { allow })
  }

  #options(path: string): Answer {
    const allow = this.#table.allowed(path)
    if (allow.length === 0) throw new Refusal('path_unknown')
    return { status: 204, headers: { Allow: [...allow, 'OPTIONS'].join(', ') }, body: '' }
  }

  async #readBody(call: JpushCall): Promise<Readonly<Record<string, unknown>>> {
    const { exchange } = call
    refuseOtherCodings(exchange)
    const bytes = await exchange.readBody(this.#bodyBytesMax, () => call.admit())
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

const firstOfAll: ReadonlySet<string> = new Set(['request_timeout', 'http_malformed'])

/** The API a path belongs to, for failures that come before there is a route. */
function familyOf(path: string): JpushFamily {
  const [, , api = ''] = path.split('/', 3)
  if (['devices', 'tags', 'aliases', 'device'].includes(api)) return 'device'
  if (['received', 'messages', 'users', 'status', 'report'].includes(api)) return 'report'
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

function refuseOtherCodings(exchange: Exchange): void {
  const coding = exchange.header('content-encoding')
  if (coding !== undefined && coding.toLowerCase() !== 'identity') throw new Refusal('media_type_unsupported')
}

/** The first byte decides; the declared type counts only for a body that is no JSON (DESIGN.md §7). */
function refuseOtherFormats(exchange: Exchange, bytes: Buffer): void {
  const start = bytes.toString('latin1', 0, 64).replace(/^\u00ef\u00bb\u00bf/, '')
  if (/^\s*[{[]/.test(start)) return
  const type = exchange.header('content-type')?.toLowerCase() ?? ''
  if (type !== '' && !type.startsWith('application/json')) throw new Refusal('media_type_unsupported')
}
