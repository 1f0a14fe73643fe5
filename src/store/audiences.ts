// The devices an audience means. One index leads: a page of its entries is read, and each entry is tested against the
// rest of the audience by its key. So the cost of a page is bounded by its size, whatever the app holds.
import { type Audience, type Platform, platforms } from '../contract/operations/pushes.ts'
import type { Sql, SqlValue } from './db.ts'

export interface AudienceQuery {
  readonly appId: number
  readonly platforms: readonly Platform[]
  readonly audience: Audience
  /** Epoch ms: devices not seen since count as inactive. */
  readonly activeSince: number
}

export interface Candidate {
  readonly deviceId: number
  /** 0 not meant, 1 meant but inactive, 2 meant. */
  readonly fit: 0 | 1 | 2
}

export interface NamedCandidate extends Candidate {
  readonly alias: string
}

/** Which entries are read: those of any of these tags, or of the platforms asked for. */
export type Lead =
  | { readonly by: 'tag'; readonly tags: readonly string[]; readonly isWholeOr: boolean }
  | { readonly by: 'platform' }

export interface PositionRange {
  readonly first: number
  readonly last: number
}

/** The ids between which the app's devices lie. */
export async function rangeOfDevices(sql: Sql, appId: number): Promise<PositionRange> {
  let range = { first: Number.MAX_SAFE_INTEGER, last: 0 }
  // The index goes by platform: each end is one look.
  for (const platform of platforms) {
    const ends = await sql.one<{ first: number | null; last: number | null }>(
      `SELECT (SELECT MIN(device_id) FROM devices WHERE app_id = $1 AND platform = $2) AS first,
         (SELECT MAX(device_id) FROM devices WHERE app_id = $1 AND platform = $2) AS last`,
      appId,
      platform,
    )
    const { first, last } = ends!
    if (first === null || last === null) continue
    range = { first: Math.min(range.first, first), last: Math.max(range.last, last) }
  }
  return range
}

/** How many devices carry the tag; stops counting at `most`. */
export async function countTagged(sql: Sql, appId: number, tag: string, most: number): Promise<number> {
  const row = await sql.one<{ count: number }>(
    `SELECT COUNT(*) AS count FROM (
       SELECT device_id FROM device_tags WHERE app_id = $1 AND tag = $2 LIMIT $3
     ) AS found`,
    appId,
    tag,
    most,
  )
  return row!.count
}

/** How many devices the app has on a platform; stops counting at `most`. */
export async function countOnPlatform(
  sql: Sql,
  appId: number,
  platform: Platform,
  most: number,
): Promise<number> {
  const row = await sql.one<{ count: number }>(
    `SELECT COUNT(*) AS count FROM (
       SELECT device_id FROM devices WHERE app_id = $1 AND platform = $2 LIMIT $3
     ) AS found`,
    appId,
    platform,
    most,
  )
  return row!.count
}

/** Up to `limit` entries of the lead with an id greater than `after`; fewer = the lead ends here. */
export function scanLead(
  sql: Sql,
  query: AudienceQuery,
  lead: Lead,
  after: number,
  limit: number,
): Promise<Candidate[]> {
  const params = new Params()
  const scan = scanOf(query, lead, { beyond: '>', order: 'device_id' }, after, limit, params)
  return sql.all<Candidate>(`${scan} ORDER BY page.device_id`, ...params.values)
}

export interface Look {
  /** Entries looked at; fewer than asked for = the lead ends here. */
  readonly count: number
  /** The smallest id among them. */
  readonly last: number
  readonly bestFit: Candidate['fit']
}

/** Looks at up to `limit` entries of the lead with an id smaller than `before`, the newest devices first. */
export async function lookAtLead(
  sql: Sql,
  query: AudienceQuery,
  lead: Lead,
  before: number,
  limit: number,
): Promise<Look> {
  const params = new Params()
  const scan = scanOf(query, lead, { beyond: '<', order: 'device_id DESC' }, before, limit, params)
  const look = await sql.one<Look>(
    `SELECT COUNT(*) AS count, COALESCE(MIN("deviceId"), 0) AS last, COALESCE(MAX(fit), 0) AS "bestFit"
     FROM (${scan}) AS scan`,
    ...params.values,
  )
  return look!
}

interface Direction {
  readonly beyond: '>' | '<'
  readonly order: string
}

function scanOf(
  query: AudienceQuery,
  lead: Lead,
  { beyond, order }: Direction,
  from: number,
  limit: number,
  params: Params,
): string {
  const app = params.add(query.appId)
  const start = params.add(from)
  const most = params.add(limit)
  const [table, column, keys] =
    lead.by === 'tag' ? ['device_tags', 'tag', lead.tags] : ['devices', 'platform', query.platforms]
  const arms = keys.map(
    (key, index) => `SELECT device_id FROM (
      SELECT device_id FROM ${table} WHERE app_id = ${app} AND ${column} = ${params.add(key)}
        AND device_id ${beyond} ${start} ORDER BY ${order} LIMIT ${most}) AS arm${index}`,
  )
  const rest = lead.by === 'tag' ? withoutLead(query.audience, lead) : query.audience
  // Tags first: the row of a device that they rule out is never read.
  const fit = `(SELECT ${deviceFit(query, params)} FROM devices d WHERE d.device_id = page.device_id)`
  const tags = tagConditions(query.appId, rest, 'page.device_id', params)
  return `SELECT page.device_id AS "deviceId",
      ${tags ? `CASE WHEN ${tags} THEN COALESCE(${fit}, 0) ELSE 0 END` : `COALESCE(${fit}, 0)`} AS fit
    FROM (SELECT device_id FROM (${arms.join(' UNION ')}) AS arms ORDER BY ${order} LIMIT ${most}) AS page`
}

export function findByRegistrationId(
  sql: Sql,
  query: AudienceQuery,
  registrationId: string,
): Promise<NamedCandidate[]> {
  return findByKey(sql, query, 'registration_id', registrationId)
}

export function findByAlias(sql: Sql, query: AudienceQuery, alias: string): Promise<NamedCandidate[]> {
  return findByKey(sql, query, 'alias', alias)
}

/** @param deviceIds of the app; a device that is gone is not among the answers */
export function findAmong(
  sql: Sql,
  query: AudienceQuery,
  deviceIds: readonly number[],
): Promise<Candidate[]> {
  const params = new Params()
  const fit = deviceFit(query, params)
  const tags = tagConditions(query.appId, query.audience, 'd.device_id', params)
  return sql.all<Candidate>(
    `SELECT d.device_id AS "deviceId", ${tags ? `CASE WHEN ${tags} THEN ${fit} ELSE 0 END` : fit} AS fit
     FROM devices d WHERE d.device_id IN (${params.list(deviceIds)})`,
    ...params.values,
  )
}

function findByKey(sql: Sql, query: AudienceQuery, column: string, key: string): Promise<NamedCandidate[]> {
  const params = new Params()
  const fit = deviceFit(query, params)
  const tags = tagConditions(query.appId, query.audience, 'd.device_id', params)
  return sql.all<NamedCandidate>(
    `SELECT d.device_id AS "deviceId", d.alias AS alias,
       ${tags ? `CASE WHEN ${tags} THEN ${fit} ELSE 0 END` : fit} AS fit
     FROM devices d WHERE d.${column} = ${params.add(key)} AND d.app_id = ${params.add(query.appId)}
     ORDER BY d.device_id`,
    ...params.values,
  )
}

/** What an entry of the lead has fulfilled by being one need not be asked again. */
function withoutLead(audience: Audience, lead: Lead & { by: 'tag' }): Audience {
  const { tag, tagAnd, ...rest } = audience
  if (lead.isWholeOr) return { ...rest, ...(tagAnd && { tagAnd }) }
  const others = tagAnd?.filter(one => !lead.tags.includes(one)) ?? []
  return { ...rest, ...(tag && { tag }), ...(others.length > 0 && { tagAnd: others }) }
}

/** Aliases and registration ids are not tested: they lead wherever they occur. */
function tagConditions(
  appId: number,
  { tag, tagAnd, tagNot }: Audience,
  deviceId: string,
  params: Params,
): string | undefined {
  const carries = (tags: string) =>
    `EXISTS (SELECT 1 FROM device_tags t WHERE t.app_id = ${params.add(appId)} AND t.tag IN (${tags})
       AND t.device_id = ${deviceId})`
  const conditions = (tagAnd ?? []).map(one => carries(params.add(one)))
  if (tag) conditions.push(carries(params.list(tag)))
  if (tagNot) conditions.push(`NOT ${carries(params.list(tagNot))}`)
  return conditions.length > 0 ? conditions.join(' AND ') : undefined
}

/** How far the device itself fits: its platform, and when it was last seen. */
function deviceFit({ platforms, activeSince }: AudienceQuery, params: Params): string {
  const since = params.add(activeSince)
  const isActive = `d.session IS NOT NULL OR d.last_online_at >= ${since} OR d.created_at >= ${since}`
  return `CASE WHEN d.platform IN (${params.list(platforms)}) THEN CASE WHEN ${isActive} THEN 2 ELSE 1 END
    ELSE 0 END`
}

/** Lists come in these lengths only, so that few different statements are prepared. */
const listLengths = [1, 2, 5, 10, 20]

class Params {
  readonly values: SqlValue[] = []

  add(value: SqlValue): string {
    this.values.push(value)
    return `$${this.values.length}`
  }

  /** The last entry repeats to fill the list. */
  list(entries: readonly (string | number)[]): string {
    const length = listLengths.find(each => each >= entries.length) ?? entries.length
    const filled = Array.from({ length }, (_, index) => entries[index] ?? entries.at(-1)!)
    return filled.map(entry => this.add(entry)).join(', ')
  }
}
