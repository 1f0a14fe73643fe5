import type { Platform } from '../contract/operations/pushes.ts'
import type { Sql } from './db.ts'
import { deleteBindingsOfDevice } from './user-bindings.ts'

export interface DeviceRow {
  readonly deviceId: number
  readonly appId: number
  readonly registrationId: string
  readonly passwordDigest: string
  readonly platform: Platform
  /** '' = none. */
  readonly alias: string
  readonly mobile: string
  /** JSON object: vendor channels. */
  readonly channels: string
  /** The name of the session that was opened last and not closed since; null = offline. */
  readonly session: string | null
  readonly lastOnlineAt: number
  /** A message id: pushes after it came while the device was offline. */
  readonly offlineFrom: number
  /** A message id: broadcasts up to it are settled for this device, but for those kept. */
  readonly broadcastCursor: number
  /** JSON array of message ids: broadcasts up to the cursor that the device may have still to acknowledge. */
  readonly keptBroadcasts: string
  readonly createdAt: number
  /** Epoch ms: until when the device is counted as online, and as active. */
  readonly onlineNotedAt: number
  readonly activeNotedAt: number
}

const columns = `device_id AS "deviceId", app_id AS "appId", registration_id AS "registrationId",
  password_digest AS "passwordDigest", platform, alias, mobile, channels, session,
  last_online_at AS "lastOnlineAt", offline_from AS "offlineFrom", broadcast_cursor AS "broadcastCursor",
  kept_broadcasts AS "keptBroadcasts", created_at AS "createdAt", online_noted_at AS "onlineNotedAt",
  active_noted_at AS "activeNotedAt"`

export function findDevice(sql: Sql, registrationId: string): Promise<DeviceRow | undefined> {
  return sql.one<DeviceRow>(`SELECT ${columns} FROM devices WHERE registration_id = $1`, registrationId)
}

export function findDeviceById(sql: Sql, deviceId: number): Promise<DeviceRow | undefined> {
  return sql.one<DeviceRow>(`SELECT ${columns} FROM devices WHERE device_id = $1`, deviceId)
}

/** A device that has said how a vendor can reach it. */
export interface ReachableDevice {
  readonly deviceId: number
  readonly platform: Platform
  /** JSON, as in `DeviceRow`. */
  readonly channels: string
}

/** Of the app's devices after this one, in the order of their ids. */
export function listReachable(
  sql: Sql,
  appId: number,
  after: number,
  limit: number,
): Promise<ReachableDevice[]> {
  return sql.all<ReachableDevice>(
    `SELECT device_id AS "deviceId", platform, channels FROM devices
     WHERE app_id = $1 AND device_id > $2 AND channels <> '{}' ORDER BY device_id LIMIT $3`,
    appId,
    after,
    limit,
  )
}

/** Those of these devices. @param deviceIds each once */
export async function pickReachable(
  sql: Sql,
  deviceIds: readonly number[],
): Promise<readonly ReachableDevice[]> {
  const reachable: ReachableDevice[] = []
  for (const [list, ids] of listsOf(deviceIds))
    reachable.push(
      ...(await sql.all<ReachableDevice>(
        `SELECT device_id AS "deviceId", platform, channels FROM devices
         WHERE device_id IN (${list}) AND channels <> '{}'`,
        ...ids,
      )),
    )
  return reachable
}

/** Ids come in lists of these lengths, so that few statements are prepared: the last one repeats. */
const listLengths = [1, 10, 100, 1_000]

/** How many of these devices there are on each platform. @param deviceIds each once */
export async function countByPlatform(
  sql: Sql,
  deviceIds: readonly number[],
): Promise<ReadonlyMap<Platform, number>> {
  const counts = new Map<Platform, number>()
  for (const [list, ids] of listsOf(deviceIds)) {
    const rows = await sql.all<{ platform: Platform; count: number }>(
      `SELECT platform, COUNT(*) AS count FROM devices WHERE device_id IN (${list}) GROUP BY platform`,
      ...ids,
    )
    for (const { platform, count } of rows) counts.set(platform, (counts.get(platform) ?? 0) + count)
  }
  return counts
}

/** The ids in lists, each with its place holders. */
function* listsOf(ids: readonly number[]): Iterable<[placeHolders: string, list: readonly number[]]> {
  const most = listLengths.at(-1)!
  for (let at = 0; at < ids.length; at += most) {
    const part = ids.slice(at, at + most)
    const length = listLengths.find(each => each >= part.length)!
    const list = Array.from({ length }, (_, index) => part[index] ?? part.at(-1)!)
    yield [list.map((_, index) => `$${index + 1}`).join(', '), list]
  }
}

export async function insertDevice(sql: Sql, row: DeviceRow): Promise<void> {
  await sql.run(
    `INSERT INTO devices (device_id, app_id, registration_id, password_digest, platform, alias, mobile, channels,
       session, last_online_at, offline_from, broadcast_cursor, kept_broadcasts, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    row.deviceId,
    row.appId,
    row.registrationId,
    row.passwordDigest,
    row.platform,
    row.alias,
    row.mobile,
    row.channels,
    row.session,
    row.lastOnlineAt,
    row.offlineFrom,
    row.broadcastCursor,
    row.keptBroadcasts,
    row.createdAt,
  )
  await changeDeviceCount(sql, row.appId, row.platform, 1)
}

async function changeDeviceCount(sql: Sql, appId: number, platform: Platform, change: 1 | -1): Promise<void> {
  await sql.run(
    `INSERT INTO device_counts (app_id, platform, devices) VALUES ($1, $2, $3)
     ON CONFLICT (app_id, platform) DO UPDATE SET devices = device_counts.devices + excluded.devices`,
    appId,
    platform,
    change,
  )
}

/** How many devices the app has on the platform. */
export async function countDevices(sql: Sql, appId: number, platform: Platform): Promise<number> {
  const row = await sql.one<{ devices: number }>(
    'SELECT devices FROM device_counts WHERE app_id = $1 AND platform = $2',
    appId,
    platform,
  )
  return row?.devices ?? 0
}

export async function setPlatform(
  sql: Sql,
  { deviceId, appId, platform: before }: DeviceRow,
  platform: Platform,
): Promise<void> {
  await sql.run('UPDATE devices SET platform = $1 WHERE device_id = $2', platform, deviceId)
  await changeDeviceCount(sql, appId, before, -1)
  await changeDeviceCount(sql, appId, platform, 1)
}

export async function noteActive(sql: Sql, deviceId: number, at: number): Promise<void> {
  await sql.run(
    'UPDATE devices SET online_noted_at = $1, active_noted_at = $1 WHERE device_id = $2',
    at,
    deviceId,
  )
}

export async function noteOnline(sql: Sql, deviceId: number, at: number): Promise<void> {
  await sql.run('UPDATE devices SET online_noted_at = $1 WHERE device_id = $2', at, deviceId)
}

export async function setChannels(sql: Sql, deviceId: number, channels: string): Promise<void> {
  await sql.run('UPDATE devices SET channels = $1 WHERE device_id = $2', channels, deviceId)
}

/** With its tags, and what users are bound to it. @returns how many rows */
export async function deleteDevice(sql: Sql, deviceId: number): Promise<number> {
  const device = await findDeviceById(sql, deviceId)
  if (!device) return 0
  await changeDeviceCount(sql, device.appId, device.platform, -1)
  const bindings = await deleteBindingsOfDevice(sql, deviceId)
  const tags = await sql.run('DELETE FROM device_tags WHERE device_id = $1', deviceId)
  return bindings + tags + (await sql.run('DELETE FROM devices WHERE device_id = $1', deviceId))
}

export interface SessionStart {
  readonly session: string
  readonly at: number
  readonly broadcastCursor: number
  readonly keptBroadcasts: string
}

export async function startSession(sql: Sql, deviceId: number, start: SessionStart): Promise<void> {
  await sql.run(
    `UPDATE devices SET session = $1, last_online_at = $2, broadcast_cursor = $3, kept_broadcasts = $4
     WHERE device_id = $5`,
    start.session,
    start.at,
    start.broadcastCursor,
    start.keptBroadcasts,
    deviceId,
  )
}

export interface SessionEnd {
  readonly deviceId: number
  readonly session: string
  readonly at: number
  /** A message id: what is greater comes while the device is offline. */
  readonly offlineFrom: number
  /** Moves the broadcast cursor on; a smaller one leaves it. */
  readonly settled: number
}

/** Does nothing when the session is the device's no longer. */
export async function endSession(sql: Sql, end: SessionEnd): Promise<boolean> {
  const changed = await sql.run(
    `UPDATE devices SET session = NULL, last_online_at = $1, offline_from = $2,
       broadcast_cursor = CASE WHEN broadcast_cursor < $3 THEN $3 ELSE broadcast_cursor END
     WHERE device_id = $4 AND session = $5`,
    end.at,
    end.offlineFrom,
    end.settled,
    end.deviceId,
    end.session,
  )
  return changed > 0
}

/** The devices after this one that have a session, in the order of their ids. */
export function listSessions(
  sql: Sql,
  after: number,
  limit: number,
): Promise<{ readonly deviceId: number; readonly session: string }[]> {
  return sql.all(
    `SELECT device_id AS "deviceId", session FROM devices
     WHERE session IS NOT NULL AND device_id > $1 ORDER BY device_id LIMIT $2`,
    after,
    limit,
  )
}
