// Attributes of users, and how many bytes those of an app's users take: whoever changes the one counts the other.
import type { Sql } from './db.ts'

export interface AttributesRow {
  readonly uid: number
  readonly appId: number
  /** JSON: an object of texts. */
  readonly attributes: string
  /** UTF-8, names and texts. */
  readonly bytes: number
}

export function findAttributes(sql: Sql, uid: number): Promise<AttributesRow | undefined> {
  return sql.one<AttributesRow>(
    'SELECT uid, app_id AS "appId", attributes, bytes FROM user_attributes WHERE uid = $1',
    uid,
  )
}

export async function putAttributes(sql: Sql, row: AttributesRow, bytesBefore: number): Promise<void> {
  await sql.run(
    `INSERT INTO user_attributes (uid, app_id, attributes, bytes) VALUES ($1, $2, $3, $4)
     ON CONFLICT (uid) DO UPDATE SET attributes = excluded.attributes, bytes = excluded.bytes`,
    row.uid,
    row.appId,
    row.attributes,
    row.bytes,
  )
  await sql.run(
    `INSERT INTO user_attribute_bytes (app_id, bytes) VALUES ($1, $2)
     ON CONFLICT (app_id) DO UPDATE SET bytes = user_attribute_bytes.bytes + excluded.bytes`,
    row.appId,
    row.bytes - bytesBefore,
  )
}

export async function countAttributeBytes(sql: Sql, appId: number): Promise<number> {
  const row = await sql.one<{ bytes: number }>(
    'SELECT bytes FROM user_attribute_bytes WHERE app_id = $1',
    appId,
  )
  return row?.bytes ?? 0
}

/** @returns how many rows */
export async function forgetAttributes(sql: Sql, uid: number): Promise<number> {
  const row = await findAttributes(sql, uid)
  if (!row) return 0
  await sql.run('UPDATE user_attribute_bytes SET bytes = bytes - $1 WHERE app_id = $2', row.bytes, row.appId)
  return sql.run('DELETE FROM user_attributes WHERE uid = $1', uid)
}

/** Of a deleted app, when its users are gone. */
export async function forgetAttributeBytes(sql: Sql, appId: number): Promise<void> {
  await sql.run('DELETE FROM user_attribute_bytes WHERE app_id = $1', appId)
}
