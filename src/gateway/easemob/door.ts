// The Easemob dialect's door. The order of checks is easemob.md §1.7: method token, size, rate, token, app, path and
// method, right, JSON, fields, existence, rule.

import { Refusal } from '../../contract/refusal.ts'
import { renderEasemob } from '../../contract/render.ts'
import type { EasemobFamily } from '../../contract/wire.ts'
import { type Answer, FileAnswer } from '../http/answer.ts'
import { isShapedAs } from '../http/body-check.ts'
import type { DialectDoor, Spot } from '../http/dialect-door.ts'
import type { Exchange } from '../http/exchange.ts'
import { parseJson } from '../http/json.ts'
import { declaredType, isBlank, isCompressed, isJsonType, startsAsJson } from '../http/media.ts'
import type { Match } from '../http/route-table.ts'
import { isKnownMethod, RouteTable } from '../http/route-table.ts'
import { corsHeaders, preflight, withCors } from './cors.ts'
import { readForm } from './form.ts'
import {
  EasemobCall,
  type EasemobPlace,
  type EasemobRoute,
  type EasemobSurroundings,
  failuresOf,
} from './route.ts'
import { easemobRoutes } from './routes.ts'

export class EasemobDoor implements DialectDoor {
  readonly dialect = 'easemob'
  readonly #surroundings: EasemobSurroundings
  readonly #bodyBytesMax: number
  readonly #table = new RouteTable<EasemobRoute>(easemobRoutes)

  constructor(surroundings: EasemobSurroundings, bodyBytesMax: number) {
    this.#surroundings = surroundings
    this.#bodyBytesMax = bodyBytesMax
  }

  async serve(exchange: Exchange): Promise<Answer | FileAnswer> {
    if (!isKnownMethod(exchange.request.method!)) throw new Refusal('method_unknown')
    if (exchange.method === 'OPTIONS') return preflight(exchange)
    const place = placeOf(exchange.target.path)
    const match = this.#table.find(exchange.method, place.subPath)
    if (match) {
      exchange.family = match.route.family ?? 'users'
      exchange.declared = failuresOf.bind(undefined, match.route)
    }
    const call = new EasemobCall(this.#surroundings, exchange, place, match ?? unmatched)
    try {
      if (match?.route.body !== 'form_data') {
        const bytes = await exchange.readBody(this.#bodyBytesMax, () => call.admit())
        if (!match) throw this.#refusePath(place.subPath)
        call.body = readBody(match.route, call, bytes)
      }
      return this.#answer(call, await match.route.handle(call))
    } catch (error) {
      // What is wrong with the request may be told only to a caller who passes the checks that come first.
      if (error instanceof Refusal && !call.isAdmitted && !firstOfAll.has(error.id)) await call.admit()
      throw error
    }
  }

  word(refusal: Refusal, { exchange }: Spot): Answer {
    const now = Date.now()
    const { status, headers, body } = renderEasemob(refusal, {
      edition: exchange?.facts.edition ?? 'seed',
      family: (exchange?.family || undefined) as EasemobFamily | undefined,
      timestamp: now,
      duration: exchange ? Math.max(0, now - exchange.startedAt) : 0,
    })
    return {
      status,
      headers: { ...headers, 'Content-Type': 'application/json', ...corsHeaders(exchange) },
      body,
    }
  }

  refuseMethod(): Refusal {
    return new Refusal('method_unknown')
  }

  #refusePath(subPath: string): Refusal {
    const allow = this.#table.allowed(subPath)
    return allow.length === 0 ? new Refusal('path_unknown') : new Refusal('method_not_allowed', {}, { allow })
  }

  #answer(call: EasemobCall, body: object | FileAnswer): Answer | FileAnswer {
    if (body instanceof FileAnswer) return withCors(call.exchange, body)
    const isRepeat = call.replay?.isRepeat === true
    return {
      status: 200,
      headers: {
        'Content-Type': 'application/json',
        ...corsHeaders(call.exchange),
        ...(isRepeat && { 'Idempotent-Replayed': 'true' }),
      },
      body: JSON.stringify(body),
    }
  }
}

/** The refusals that win over the checks of the caller. */
const firstOfAll: ReadonlySet<string> = new Set(['body_too_large', 'request_timeout', 'http_malformed'])

/** Stands for a path that is not offered: whoever asks is checked as far as the app, no further. */
const unmatched: Match<EasemobRoute> = {
  route: {
    method: 'GET',
    path: '*',
    summary: '',
    need: () => ({ is: 'open' }),
    raises: [],
    handle: () => Promise.resolve({}),
  },
  params: {},
}

function placeOf(path: string): EasemobPlace {
  const [, org = '', app = ''] = path.split('/', 3)
  return { org, app, subPath: path.slice(org.length + app.length + 2) || '/' }
}

type BufferedBody = Exclude<EasemobRoute['body'], 'form_data' | undefined>

function readBody(route: EasemobRoute, call: EasemobCall, bytes: Buffer): unknown {
  if (!route.body || route.body === 'form_data') return {}
  const body = parseBody(route.body, call.exchange, bytes)
  if (typeof body !== 'object' || body === null) throw new Refusal('body_not_object')
  route.check?.(body as Record<string, unknown>, call)
  if (route.schema && !isShapedAs(route.schema, body)) throw new Refusal('invalid_request')
  return body
}

function parseBody(kind: BufferedBody, exchange: Exchange, bytes: Buffer): unknown {
  if (bytes.length === 0 && kind === 'optional') return {}
  if (isCompressed(exchange)) throw new Refusal('media_type_unsupported')
  const type = declaredType(exchange)
  const isForm = type === '' || type.startsWith('application/x-www-form-urlencoded')
  if (isForm && kind === 'form' && !startsAsJson(bytes)) return readForm(bytes)
  if (bytes.length > 0 && !startsAsJson(bytes)) {
    if (!isForm && !isJsonType(type) && !type.startsWith('text/plain'))
      throw new Refusal('media_type_unsupported')
    if (isBlank(bytes)) throw new Refusal('body_not_object')
  }
  if (isOtherCharset(type)) throw new Refusal('media_type_unsupported')
  return parseJson(bytes)
}

/** ISO 8859-1 is what an old HttpClient declares for any text; its JSON is ASCII or UTF-8 all the same. */
function isOtherCharset(type: string): boolean {
  const charset = /charset\s*=\s*"?([\w.:-]+)/.exec(type)?.[1]
  return charset !== undefined && !['utf-8', 'utf8', 'us-ascii', 'iso-8859-1'].includes(charset)
}
