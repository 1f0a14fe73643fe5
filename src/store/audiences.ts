// The devices an audience means. One index leads: a page of its entries is read, and each entry is tested against the
// rest of the audience by its key. So the cost of a page is bounded by its size, whatever the app holds.
import type { Audience, Platform } from '../contract/operations/pushes.ts'
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
  readonly alias: string
  /** 0 not meant, 1 meant but inactive, 2 meant. */
  readonly fit: 0 | 1 | 2
}

/** Which entries are read: those of any of these tags, or of the platforms asked for. */
export type Lead =
  | { readonly by: 'tag'; readonly tags: readonly string[]; readonly isWholeOr: boolean }
  | { readonly by: 'platform' }

export type Direction = 'oldest_first' | 'newest_first'

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

/** Up to `limit` entries of the lead beyond the device id `from`; fewer = the lead ends here. */
export function scanLead(
  sql: Sql,
  query: AudienceQuery,
  lead: Lead,
  direction: Direction,
  from: number,
  limit: number,
): Promise<Candidate[]> {
  const params = new Params()
  const beyond = direction === 'oldest_first' ? '>' : '<'
  const order = direction === 'oldest_first' ? 'device_id' : 'device_id DESC'
  const app = params.add(query.appId)
  const start = params.add(from)
  const most = params.add(limit)
  const keys = lead.by === 'tag' ? lead.tags : query.platforms
  const arms = keys.map((key, index) => {
    const table = lead.by === 'tag' ? 'device_tags' : 'devices'
    const column = lead.by === 'tag' ? 'tag' : 'platform'
    return `SELECT device_id FROM (
      SELECT device_id FROM ${table} WHERE app_id = ${app} AND ${column} = ${params.add(key)}
        AND device_id ${beyond} ${start} ORDER BY ${order} LIMIT ${most}) AS arm${index}`
  })
  const rest = lead.by === 'tag' ? withoutLead(query.audience, lead) : query.audience
  return sql.all<Candidate>(
    `SELECT page.device_id AS "deviceId", COALESCE(d.alias, '') AS alias, ${fitOf({ ...query, audience: rest }, params)} AS fit
     FROM (SELECT device_id FROM (${arms.join(' UNION ')}) AS arms ORDER BY ${order} LIMIT ${most}) AS page
     LEFT JOIN devices d ON d.device_id = page.device_id
     ORDER BY page.${order}`,
    ...params.values,
  )
}

export function findByRegistrationId(
  sql: Sql,
  query: AudienceQuery,
  registrationId: string,
): Promise<Candidate[]> {
  return findByKey(sql, query, 'registration_id', registrationId)
}

export function findByAlias(sql: Sql, query: AudienceQuery, alias: string): Promise<Candidate[]> {
  return findByKey(sql, query, 'alias', alias)
}

function findByKey(sql: Sql, query: AudienceQuery, column: string, key: string): Promise<Candidate[]> {
  const params = new Params()
  const fit = fitOf(query, params)
  return sql.all<Candidate>(
    `SELECT d.device_id AS "deviceId", d.alias AS alias, ${fit} AS fit FROM devices d
     WHERE d.${column} = ${params.add(key)} AND d.app_id = ${params.add(query.appId)}
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

/** Aliases and registration ids are not tested here: they lead wherever they occur. */
function fitOf({ appId, platforms, audience, activeSince }: AudienceQuery, params: Params): string {
  const app = params.add(appId)
  const carries = (tags: string) =>
    `EXISTS (SELECT 1 FROM device_tags t WHERE t.app_id = ${app} AND t.tag IN (${tags})
       AND t.device_id = d.device_id)`
  const conditions = [`d.platform IN (${params.list(platforms)})`]
  if (audience.tag) conditions.push(carries(params.list(audience.tag)))
  for (const tag of audience.tagAnd ?? []) conditions.push(carries(params.add(tag)))
  if (audience.tagNot) conditions.push(`NOT ${carries(params.list(audience.tagNot))}`)
  const since = params.add(activeSince)
  const isActive = `d.session IS NOT NULL OR d.last_online_at >= ${since} OR d.created_at >= ${since}`
  return `CASE WHEN ${conditions.join(' AND ')} THEN CASE WHEN ${isActive} THEN 2 ELSE 1 END ELSE 0 END`
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
  list(entries: readonly string[]): string {
    const length = listLengths.find(each => each >= entries.length) ?? entries.length
    const filled = Array.from({ length }, (_, index) => entries[index] ?? entries.at(-1)!)
    return filled.map(entry => this.add(entry)).join(', ')
  }
}
