// Tags, aliases and mobile numbers of devices.
import type { Platform } from '../contract/operations/pushes.ts'
import type { Sql } from './db.ts'

/** In byte order. */
export async function listTagsOf(sql: Sql, deviceId: number): Promise<string[]> {
  const rows = await sql.all<{ tag: string }>(
    'SELECT tag FROM device_tags WHERE device_id = $1 ORDER BY tag',
    deviceId,
  )
  return rows.map(({ tag }) => tag)
}

export async function hasTag(sql: Sql, appId: number, tag: string, deviceId: number): Promise<boolean> {
  const row = await sql.one(
    'SELECT device_id FROM device_tags WHERE app_id = $1 AND tag = $2 AND device_id = $3',
    appId,
    tag,
    deviceId,
  )
  return row !== undefined
}

/** Whoever keeps sets of the devices with a tag is told of each that gets it. */
export interface TagMarks {
  add(appId: number, tag: string, deviceId: number): void
}

export async function addTag(
  sql: Sql,
  marks: TagMarks,
  appId: number,
  tag: string,
  deviceId: number,
): Promise<void> {
  marks.add(appId, tag, deviceId)
  await sql.run(
    'INSERT INTO device_tags (app_id, tag, device_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    appId,
    tag,
    deviceId,
  )
}

/** The first devices after `after` that carry the tag, in order. As one text: a row each takes twice as long. */
export async function listTagged(
  sql: Sql,
  appId: number,
  tag: string,
  after: number,
  limit: number,
): Promise<number[]> {
  const row = await sql.one<{ ids: string | null }>(
    `SELECT string_agg(CAST(device_id AS TEXT), ',') AS ids FROM (
       SELECT device_id FROM device_tags WHERE app_id = $1 AND tag = $2 AND device_id > $3
       ORDER BY device_id LIMIT $4
     ) AS found`,
    appId,
    tag,
    after,
    limit,
  )
  return row?.ids ? row.ids.split(',').map(Number) : []
}

export async function removeTag(sql: Sql, appId: number, tag: string, deviceId: number): Promise<void> {
  await sql.run(
    'DELETE FROM device_tags WHERE app_id = $1 AND tag = $2 AND device_id = $3',
    appId,
    tag,
    deviceId,
  )
}

export async function countTagsOf(sql: Sql, deviceId: number): Promise<number> {
  const row = await sql.one<{ count: number }>(
    'SELECT COUNT(*) AS count FROM device_tags WHERE device_id = $1',
    deviceId,
  )
  return row!.count
}

/** The first tag of the app after `after` in byte order: listing tags this way costs one seek each. */
export async function nextTag(sql: Sql, appId: number, after: string): Promise<string | undefined> {
  const row = await sql.one<{ tag: string }>(
    'SELECT tag FROM device_tags WHERE app_id = $1 AND tag > $2 ORDER BY tag LIMIT 1',
    appId,
    after,
  )
  return row?.tag
}

/** Takes the tag from every device on one of the platforms. */
export async function deleteTag(
  sql: Sql,
  appId: number,
  tag: string,
  platforms: readonly Platform[],
): Promise<void> {
  for (const platform of platforms)
    await sql.run(
      `DELETE FROM device_tags WHERE app_id = $1 AND tag = $2 AND EXISTS (
         SELECT 1 FROM devices d WHERE d.device_id = device_tags.device_id AND d.platform = $3)`,
      appId,
      tag,
      platform,
    )
}

export async function setAlias(sql: Sql, deviceId: number, alias: string): Promise<void> {
  await sql.run('UPDATE devices SET alias = $1 WHERE device_id = $2', alias, deviceId)
}

export async function setMobile(sql: Sql, deviceId: number, mobile: string): Promise<void> {
  await sql.run('UPDATE devices SET mobile = $1 WHERE device_id = $2', mobile, deviceId)
}

export interface AliasedDevice {
  readonly deviceId: number
  readonly registrationId: string
  readonly platform: Platform
  readonly lastOnlineAt: number
  readonly createdAt: number
  readonly isOnline: number
}

/** Oldest first. An alias is bound to few devices: see `devicesPerAliasMax`. */
export function listDevicesOfAlias(sql: Sql, appId: number, alias: string): Promise<AliasedDevice[]> {
  return sql.all<AliasedDevice>(
    `SELECT device_id AS "deviceId", registration_id AS "registrationId", platform,
       last_online_at AS "lastOnlineAt", created_at AS "createdAt",
       CASE WHEN session IS NULL THEN 0 ELSE 1 END AS "isOnline"
     FROM devices WHERE app_id = $1 AND alias = $2 ORDER BY device_id`,
    appId,
    alias,
  )
}
