import type { Sql } from './db.ts'

export interface PushRow {
  readonly msgId: number
  readonly appId: number
  /** Comma-separated: those it goes to. */
  readonly platforms: string
  /** JSON: `"all"` or an Audience. */
  readonly audience: string
  /** JSON: PushContents. */
  readonly content: string
  readonly isBroadcast: number
  readonly state: PushState
  /** The push it replaces. */
  readonly overrideOf: number | null
  /** What that one replaces, and so on, to the first: what devices show all of them as. */
  readonly chainRoot: number | null
  /** It is the notice that this push is withdrawn; null = it is a push. */
  readonly withdraws: number | null
  /** Of a broadcast: the last device that was counted among its targets. */
  readonly throughDevice: number
  readonly createdAt: number
  /** Not after `createdAt` = only for devices that were online then. */
  readonly expiresAt: number
}

export type PushState = 'live' | 'withdrawn'

const columns = `msg_id AS "msgId", app_id AS "appId", platforms, audience, content, is_broadcast AS "isBroadcast",
  state, override_of AS "overrideOf", chain_root AS "chainRoot", withdraws, through_device AS "throughDevice", created_at AS "createdAt",
  expires_at AS "expiresAt"`

export function findPush(sql: Sql, msgId: number): Promise<PushRow | undefined> {
  return sql.one<PushRow>(`SELECT ${columns} FROM pushes WHERE msg_id = $1`, msgId)
}

/** The app's pushes with ids after `msgId`, oldest first. */
export function listPushesAfter(sql: Sql, appId: number, msgId: number, limit: number): Promise<PushRow[]> {
  return sql.all<PushRow>(
    `SELECT ${columns} FROM pushes WHERE app_id = $1 AND msg_id > $2 ORDER BY msg_id LIMIT $3`,
    appId,
    msgId,
    limit,
  )
}

/** Does a later push stand in the place where devices show this one? */
export async function isReplacedLater(sql: Sql, { msgId, chainRoot }: PushRow): Promise<boolean> {
  const row = await sql.one(
    'SELECT 1 AS found FROM pushes WHERE chain_root = $1 AND msg_id > $2 AND withdraws IS NULL LIMIT 1',
    chainRoot ?? msgId,
    msgId,
  )
  return row !== undefined
}

export async function insertPush(sql: Sql, row: PushRow): Promise<void> {
  await sql.run(
    `INSERT INTO pushes (msg_id, app_id, platforms, audience, content, is_broadcast, state, override_of,
       chain_root, withdraws, through_device, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    row.msgId,
    row.appId,
    row.platforms,
    row.audience,
    row.content,
    row.isBroadcast,
    row.state,
    row.overrideOf,
    row.chainRoot,
    row.withdraws,
    row.throughDevice,
    row.createdAt,
    row.expiresAt,
  )
}

/** How many broadcasts the app has made from the message id `from` on; stops counting at `most`. */
export function countBroadcasts(sql: Sql, appId: number, from: number, most: number): Promise<number> {
  return count(sql, 'is_broadcast = 1', appId, from, most)
}

/** As `countBroadcasts`, with the pushes to everybody that are written down device by device. */
export function countToEverybody(sql: Sql, appId: number, from: number, most: number): Promise<number> {
  return count(sql, `audience = '"all"' AND withdraws IS NULL`, appId, from, most)
}

async function count(sql: Sql, which: string, appId: number, from: number, most: number): Promise<number> {
  const row = await sql.one<{ count: number }>(
    `SELECT COUNT(*) AS count FROM (
       SELECT msg_id FROM pushes WHERE app_id = $1 AND ${which} AND msg_id >= $2 LIMIT $3
     ) AS found`,
    appId,
    from,
    most,
  )
  return row!.count
}
