// Pushes that are being written into the queues of many devices, and how far that has come.
import type { Sql } from './db.ts'

export interface FanOutRow {
  readonly msgId: number
  readonly appId: number
  /** Devices up to this one are done; chunks of its file where one is the audience. */
  readonly position: number
  /** Epoch ms: not before. */
  readonly dueAt: number
  /** Absent = as fast as may be. */
  readonly pace: Pace | undefined
}

/** From the push's acceptance until then, at one speed from the first position to the last. */
export interface Pace {
  readonly first: number
  readonly last: number
  /** Epoch ms. */
  readonly endsAt: number
}

type Kept = Omit<FanOutRow, 'pace'> & { readonly [Name in keyof Pace]: Pace[Name] | null }

export async function insertFanOut(sql: Sql, row: FanOutRow): Promise<void> {
  await sql.run(
    `INSERT INTO fan_outs (msg_id, app_id, position, due_at, first_position, last_position, ends_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    row.msgId,
    row.appId,
    row.position,
    row.dueAt,
    row.pace?.first ?? null,
    row.pace?.last ?? null,
    row.pace?.endsAt ?? null,
  )
}

/** Of those that are due, the one that has waited longest: they take turns. */
export async function nextFanOut(sql: Sql, now: number): Promise<FanOutRow | undefined> {
  const row = await sql.one<Kept>(
    `SELECT msg_id AS "msgId", app_id AS "appId", position, due_at AS "dueAt", first_position AS first,
       last_position AS last, ends_at AS "endsAt"
     FROM fan_outs WHERE due_at <= $1 ORDER BY due_at, msg_id LIMIT 1`,
    now,
  )
  if (!row) return undefined
  const { first, last, endsAt, ...rest } = row
  return {
    ...rest,
    pace: first === null || last === null || endsAt === null ? undefined : { first, last, endsAt },
  }
}

export async function moveFanOut(sql: Sql, msgId: number, position: number, dueAt: number): Promise<void> {
  await sql.run('UPDATE fan_outs SET position = $1, due_at = $2 WHERE msg_id = $3', position, dueAt, msgId)
}

export function deleteFanOut(sql: Sql, msgId: number): Promise<number> {
  return sql.run('DELETE FROM fan_outs WHERE msg_id = $1', msgId)
}

/** How many of the app's pushes go out at a speed of their own. */
export async function countPaced(sql: Sql, appId: number): Promise<number> {
  const row = await sql.one<{ count: number }>(
    'SELECT COUNT(*) AS count FROM fan_outs WHERE app_id = $1 AND ends_at IS NOT NULL',
    appId,
  )
  return row!.count
}

export async function isFanningOut(sql: Sql, msgId: number): Promise<boolean> {
  return (await sql.one('SELECT msg_id FROM fan_outs WHERE msg_id = $1', msgId)) !== undefined
}
