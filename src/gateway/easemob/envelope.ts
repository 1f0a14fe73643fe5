// The success envelopes of easemob.md §1.5 and §2.0: which members, in which order.
import type { EasemobCall } from './route.ts'

export interface EnvelopeParts {
  /** Default: the request's verb in lower case. */
  readonly action?: string
  readonly path?: string
  /** Below the app's URL; default: the request's path. */
  readonly uri?: string
  readonly entities?: readonly object[]
  /** What a query's `select` asked for; stands in the place of the entities. */
  readonly list?: readonly unknown[] | undefined
  readonly data?: unknown
  readonly cursor?: string | undefined
  readonly count?: number
  /** How many there are, where `count` says how many are shown. */
  readonly total?: number
  readonly params?: boolean
  /** Threads: where the next page begins. */
  readonly properties?: object
}

/** Users, files: `action … entities … timestamp, duration, organization, applicationName`. */
export function fullEnvelope(call: EasemobCall, parts: EnvelopeParts): object {
  return {
    action: actionOf(call, parts),
    application: call.exchange.facts.appUuid,
    params: parts.params ? paramsOf(call) : undefined,
    path: parts.path,
    uri: uriOf(call, parts),
    entities: parts.list ? undefined : (parts.entities ?? []),
    list: parts.list,
    data: parts.data,
    ...stamps(call),
    organization: call.place.org,
    applicationName: call.place.app,
    cursor: parts.cursor,
    count: parts.count,
  }
}

/** Groups, rooms, the older message call: `data` beside an empty `entities`, no `path`. */
export function dataEnvelope(call: EasemobCall, parts: EnvelopeParts): object {
  return {
    action: actionOf(call, parts),
    application: call.exchange.facts.appUuid,
    params: parts.params ? paramsOf(call) : undefined,
    uri: uriOf(call, parts),
    entities: parts.entities ?? [],
    data: parts.data,
    ...stamps(call),
    organization: call.place.org,
    applicationName: call.place.app,
    cursor: parts.cursor,
    count: parts.count,
    total: parts.total,
    properties: parts.properties,
  }
}

/** Reads below a user: status, offline counts, joined groups. */
export function shortEnvelope(call: EasemobCall, parts: EnvelopeParts): object {
  return {
    action: actionOf(call, parts),
    params: parts.params ? paramsOf(call) : undefined,
    uri: uriOf(call, parts),
    entities: parts.entities ?? [],
    data: parts.data,
    ...stamps(call),
    cursor: parts.cursor,
    count: parts.count,
  }
}

/** Commands: activate, set user password. */
export function commandEnvelope(call: EasemobCall, parts: EnvelopeParts): object {
  return { action: actionOf(call, parts), entities: parts.entities, data: parts.data, ...stamps(call) }
}

/** What a user does with its contacts: nothing to tell but that it is done. */
export function statusEnvelope(call: EasemobCall): object {
  const { timestamp, duration } = stamps(call)
  return { action: actionOf(call, {}), duration, status: 'ok', timestamp, uri: uriOf(call, {}) }
}

/** The 2020s' message service. */
export function messageEnvelope(call: EasemobCall, parts: EnvelopeParts): object {
  const { timestamp, duration } = stamps(call)
  return {
    path: parts.path,
    uri: uriOf(call, parts),
    timestamp,
    organization: call.place.org,
    application: call.exchange.facts.appUuid,
    action: actionOf(call, parts),
    entities: parts.entities,
    data: parts.data,
    duration,
    applicationName: call.place.app,
  }
}

/** Attributes: nothing about the call. */
export function dataOnlyEnvelope(call: EasemobCall, data: unknown): object {
  const { timestamp, duration } = stamps(call)
  return { timestamp, data, duration }
}

/** Reactions: the service has a stamp and no more. */
export function reactionEnvelope(call: EasemobCall, data?: unknown): object {
  return { requestStatusCode: 'ok', timestamp: stamps(call).timestamp, data }
}

function actionOf(call: EasemobCall, { action }: EnvelopeParts): string {
  return action ?? call.exchange.method.toLowerCase()
}

function uriOf(call: EasemobCall, { uri }: EnvelopeParts): string {
  const { exchange, place } = call
  return exchange.origin + (uri === undefined ? exchange.target.path : `/${place.org}/${place.app}${uri}`)
}

/** A repeat under a key carries the stamps of the first answer, so that both are the same to the byte. */
function stamps({ replay, exchange }: EasemobCall): { timestamp: number; duration: number } {
  if (replay) return { timestamp: replay.at, duration: replay.tookMs }
  const timestamp = Date.now()
  return { timestamp, duration: Math.max(0, timestamp - exchange.startedAt) }
}

/** The query as arrays of strings, without what must not be echoed (usergrid.md §4.1). */
function paramsOf(call: EasemobCall): Record<string, string[]> | undefined {
  const { query } = call.exchange
  const names = [...new Set(query.names)].filter(name => !secretParams.has(name))
  if (names.length === 0) return undefined
  return Object.fromEntries(names.map(name => [name, query.getAll(name)]))
}

const secretParams: ReadonlySet<string> = new Set([
  'access_token',
  'password',
  'client_secret',
  'client_id',
  'username',
])
