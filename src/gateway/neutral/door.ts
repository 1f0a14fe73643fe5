// The door of what belongs to neither vendor: administration, device registration, health, unclaimed paths.

import { Refusal } from '../../contract/refusal.ts'
import { renderNeutral } from '../../contract/render.ts'
import { type Answer, type FileAnswer, jsonType } from '../http/answer.ts'
import { isShapedAs } from '../http/body-check.ts'
import type { DialectDoor, Spot } from '../http/dialect-door.ts'
import type { Exchange } from '../http/exchange.ts'
import { parseJson } from '../http/json.ts'
import { declaredType, isCompressed, isJsonType, startsAsJson } from '../http/media.ts'
import { isKnownMethod, RouteTable } from '../http/route-table.ts'
import { failuresOf, NeutralCall, type NeutralRoute, type NeutralSurroundings } from './route.ts'
import { neutralRoutes } from './routes.ts'

export class NeutralDoor implements DialectDoor {
  readonly dialect = 'neutral'
  readonly #surroundings: NeutralSurroundings
  readonly #bodyBytesMax: number
  readonly #table = new RouteTable<NeutralRoute>(neutralRoutes)

  constructor(surroundings: NeutralSurroundings, bodyBytesMax: number) {
    this.#surroundings = surroundings
    this.#bodyBytesMax = bodyBytesMax
  }

  async serve(exchange: Exchange): Promise<Answer | FileAnswer> {
    const { method, target } = exchange
    if (method === 'OPTIONS') return this.#options(exchange)
    const match = this.#table.find(method, target.path)
    if (!match) throw isKnownMethod(method) ? this.#refusePath(target.path) : this.refuseMethod(target.path)
    exchange.declared = failuresOf.bind(undefined, match.route)
    const call = new NeutralCall(this.#surroundings, exchange, match)
    if (match.route.need === 'operator') call.needOperator()
    const result = await this.#handle(match.route, call)
    if (isAnswer(result)) return result
    return { status: 200, headers: { 'Content-Type': jsonType }, body: JSON.stringify(result) }
  }

  async #handle(route: NeutralRoute, call: NeutralCall): Promise<object | Answer | FileAnswer> {
    try {
      if (route.body) call.body = await this.#readBody(route, call.exchange)
      return await route.handle(call)
    } catch (error) {
      const isOwn = error instanceof Refusal && !call.isAdmitted && !firstOfAll.has(error.id)
      if (isOwn && route.caller) await call.run('app.admit', {}, route.caller(call))
      throw error
    }
  }

  word(refusal: Refusal, { requestId }: Spot): Answer {
    const { status, headers, body } = renderNeutral(refusal, { requestId })
    return { status, headers: { ...headers, 'Content-Type': jsonType }, body }
  }

  refuseMethod(path: string): Refusal {
    return this.#table.allowed(path).length === 0
      ? new Refusal('path_unknown')
      : new Refusal('method_unknown')
  }

  #refusePath(path: string): Refusal {
    const allow = this.#table.allowed(path)
    return allow.length === 0 ? new Refusal('path_unknown') : new Refusal('method_not_allowed', {}, { allow })
  }

  #options(exchange: Exchange): Answer {
    const isServerWide = exchange.request.url === '*'
    const allow = isServerWide
      ? ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']
      : this.#table.allowed(exchange.target.path)
    if (allow.length === 0) throw new Refusal('path_unknown')
    return { status: 204, headers: { Allow: [...allow, 'OPTIONS'].join(', ') }, body: '' }
  }

  async #readBody(route: NeutralRoute, exchange: Exchange): Promise<Readonly<Record<string, unknown>>> {
    const bytes = await exchange.readBody(this.#bodyBytesMax)
    refuseOtherFormats(exchange, bytes)
    const body = bytes.length === 0 ? {} : parseJson(bytes)
    if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal('body_not_object')
    if (route.schema && !isShapedAs(route.schema, body))
      throw new Refusal('request_invalid', { reason: `The body does not have the shape of ${route.summary}` })
    return body as Record<string, unknown>
  }
}

/** The refusals that win over the checks of the caller. */
const firstOfAll: ReadonlySet<string> = new Set(['body_too_large', 'request_timeout', 'http_malformed'])

function refuseOtherFormats(exchange: Exchange, bytes: Buffer): void {
  const type = declaredType(exchange)
  const isForm = type.startsWith('application/x-www-form-urlencoded')
  const isOther = type !== '' && !isForm && !isJsonType(type)
  if (isCompressed(exchange) || (bytes.length > 0 && !startsAsJson(bytes) && isOther))
    throw new Refusal('media_type_unsupported')
}

function isAnswer(value: object | Answer | FileAnswer): value is Answer | FileAnswer {
  return 'status' in value && 'headers' in value && 'body' in value
}
