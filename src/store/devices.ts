import type { Sql } from './db.ts'

export interface DeviceRow {
  readonly deviceId: number
  readonly appId: number
  readonly registrationId: string
  readonly passwordDigest: string
  readonly platform: string
  /** '' = none. */
  readonly alias: string
  readonly mobile: string
  /** The live session's name; null = offline. */
  readonly session: string | null
  readonly lastOnlineAt: number
  /** A message id: pushes after it came while the device was offline. */
  readonly offlineFrom: number
  /** A message id: broadcasts up to it are settled for this device. */
  readonly broadcastCursor: number
  readonly createdAt: number
}

const columns = `device_id AS "deviceId", app_id AS "appId", registration_id AS "registrationId",
  password_digest AS "passwordDigest", platform, alias, mobile, session, last_online_at AS "lastOnlineAt",
  offline_from AS "offlineFrom", broadcast_cursor AS "broadcastCursor", created_at AS "createdAt"`

export function findDevice(sql: Sql, registrationId: string): Promise<DeviceRow | undefined> {
  return sql.one<DeviceRow>(`SELECT ${columns} FROM devices WHERE registration_id = $1`, registrationId)
}
