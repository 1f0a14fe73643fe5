// The devices a user has logged in from, each named by its resource; a live session is named as for push devices.
import type { Sql } from './db.ts'

export interface UserDeviceRow {
  readonly deviceId: number
  readonly uid: number
  readonly appId: number
  readonly resource: string
  readonly deviceUuid: string
  readonly deviceName: string
  readonly os: string
  /** The live session, by the name its gateway gave it; null when there is none. */
  readonly session: string | null
  /** A message id: what was for online devices only, and is older, is not for this session. */
  readonly sessionFrom: number
  /** A message id: when the device was first seen. What the user sent before from others is not for it. */
  readonly since: number
  /** Epoch ms. */
  readonly seenAt: number
}

const columns = `device_id AS "deviceId", uid, app_id AS "appId", resource, device_uuid AS "deviceUuid",
  device_name AS "deviceName", os, session, session_from AS "sessionFrom", since, seen_at AS "seenAt"`

export function findUserDevice(sql: Sql, deviceId: number): Promise<UserDeviceRow | undefined> {
  return sql.one<UserDeviceRow>(`SELECT ${columns} FROM user_devices WHERE device_id = $1`, deviceId)
}

/** All devices of a user, the one seen last first. */
export function listUserDevices(sql: Sql, uid: number): Promise<UserDeviceRow[]> {
  return sql.all<UserDeviceRow>(
    `SELECT ${columns} FROM user_devices WHERE uid = $1 ORDER BY seen_at DESC, device_id DESC`,
    uid,
  )
}

/** Devices with a session in the books, by id. */
export function listUserSessions(
  sql: Sql,
  after: number,
  limit: number,
): Promise<{ readonly deviceId: number; readonly uid: number; readonly session: string }[]> {
  return sql.all(
    `SELECT device_id AS "deviceId", uid, session FROM user_devices
     WHERE session IS NOT NULL AND device_id > $1 ORDER BY device_id LIMIT $2`,
    after,
    limit,
  )
}

/** Writes the device as it is now, whether it was known or not. */
export async function putUserDevice(sql: Sql, row: UserDeviceRow): Promise<void> {
  await sql.run(
    `INSERT INTO user_devices (device_id, uid, app_id, resource, device_uuid, device_name, os, session,
       session_from, since, seen_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (device_id) DO UPDATE SET device_uuid = excluded.device_uuid,
       device_name = excluded.device_name, os = excluded.os, session = excluded.session,
       session_from = excluded.session_from, seen_at = excluded.seen_at`,
    row.deviceId,
    row.uid,
    row.appId,
    row.resource,
    row.deviceUuid,
    row.deviceName,
    row.os,
    row.session,
    row.sessionFrom,
    row.since,
    row.seenAt,
  )
}

/** Does nothing when the device has another session by now. @returns whether it had this one */
export async function endUserSession(
  sql: Sql,
  deviceId: number,
  session: string,
  at: number,
): Promise<boolean> {
  const ended = await sql.run(
    'UPDATE user_devices SET session = NULL, seen_at = $1 WHERE device_id = $2 AND session = $3',
    at,
    deviceId,
    session,
  )
  return ended > 0
}

/** The device with its cursors. What is known of what it sent goes with its time. @returns how many rows */
export async function deleteUserDevice(sql: Sql, uid: number, deviceId: number): Promise<number> {
  const cursors = await sql.run('DELETE FROM inbox_cursors WHERE uid = $1 AND device_id = $2', uid, deviceId)
  return cursors + (await sql.run('DELETE FROM user_devices WHERE device_id = $1', deviceId))
}

/** Devices by id. */
export function listDevicesAfter(sql: Sql, deviceId: number, limit: number): Promise<UserDeviceRow[]> {
  return sql.all<UserDeviceRow>(
    `SELECT ${columns} FROM user_devices WHERE device_id > $1 ORDER BY device_id LIMIT $2`,
    deviceId,
    limit,
  )
}

export async function countUserDevices(sql: Sql, uid: number): Promise<number> {
  const row = await sql.one<{ count: number }>(
    'SELECT COUNT(*) AS count FROM user_devices WHERE uid = $1',
    uid,
  )
  return row!.count
}

export async function isUserOnline(sql: Sql, uid: number): Promise<boolean> {
  const row = await sql.one(
    'SELECT device_id FROM user_devices WHERE uid = $1 AND session IS NOT NULL LIMIT 1',
    uid,
  )
  return row !== undefined
}

/** Under which id the device stored what it calls `clientId`. */
export async function findSentMessage(
  sql: Sql,
  deviceId: number,
  clientId: string,
): Promise<number | undefined> {
  const row = await sql.one<{ msgId: number }>(
    'SELECT msg_id AS "msgId" FROM sent_messages WHERE device_id = $1 AND client_id = $2',
    deviceId,
    clientId,
  )
  return row?.msgId
}

export async function addSentMessage(
  sql: Sql,
  deviceId: number,
  clientId: string,
  msgId: number,
): Promise<void> {
  await sql.run(
    'INSERT INTO sent_messages (device_id, client_id, msg_id) VALUES ($1, $2, $3)',
    deviceId,
    clientId,
    msgId,
  )
}

/** Forgets up to `limit` messages sent under ids before this one. @returns how many */
export function forgetSentMessages(sql: Sql, before: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM sent_messages WHERE (device_id, client_id) IN
       (SELECT device_id, client_id FROM sent_messages WHERE msg_id < $1 ORDER BY msg_id LIMIT $2)`,
    before,
    limit,
  )
}
