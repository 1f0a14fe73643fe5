// Which devices a user is pushed to while away: names that an app gives them, and what each is pushed through.
import type { Sql } from './db.ts'

export interface BindingRow {
  readonly uid: number
  /** The app's own name of the device. */
  readonly deviceName: string
  readonly appId: number
  readonly notifier: string
  readonly token: string
  /** The device of this server that it is; null = one that only its vendor can reach. */
  readonly pushDevice: number | null
  /** Epoch ms. */
  readonly boundAt: number
}

/** One of the devices of a user who is away, with everything that decides how it is notified. */
export interface AbsentDevice {
  readonly uid: number
  readonly username: string
  readonly deviceId: number
  readonly registrationId: string
  readonly deviceName: string
  /** As UserRow. */
  readonly pushSettings: string
  /** null = the user has never said. */
  readonly language: string | null
  /** What holds for all conversations; null = nothing was set, as below. */
  readonly remind: string | null
  readonly quietInterval: string | null
  readonly quietUntil: number | null
  /** What holds for this conversation. */
  readonly ownRemind: string | null
  readonly ownQuietInterval: string | null
  readonly ownQuietUntil: number | null
}

const columns = `uid, device_name AS "deviceName", app_id AS "appId", notifier, token,
  push_device AS "pushDevice", bound_at AS "boundAt"`

/** The one bound last first. */
export function listBindings(sql: Sql, uid: number): Promise<BindingRow[]> {
  return sql.all<BindingRow>(
    `SELECT ${columns} FROM user_bindings WHERE uid = $1 ORDER BY bound_at DESC, device_name`,
    uid,
  )
}

/** Whoever else was bound to the same token is no longer: a device shows what is for one user. */
export async function putBinding(sql: Sql, row: BindingRow): Promise<void> {
  await sql.run(
    'DELETE FROM user_bindings WHERE app_id = $1 AND notifier = $2 AND token = $3',
    row.appId,
    row.notifier,
    row.token,
  )
  await sql.run(
    `INSERT INTO user_bindings (uid, device_name, app_id, notifier, token, push_device, bound_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (uid, device_name) DO UPDATE SET notifier = excluded.notifier, token = excluded.token,
       push_device = excluded.push_device, bound_at = excluded.bound_at`,
    row.uid,
    row.deviceName,
    row.appId,
    row.notifier,
    row.token,
    row.pushDevice,
    row.boundAt,
  )
}

export async function deleteBinding(sql: Sql, uid: number, deviceName: string): Promise<void> {
  await sql.run('DELETE FROM user_bindings WHERE uid = $1 AND device_name = $2', uid, deviceName)
}

/** For a device that is no more. */
export function deleteBindingsOfDevice(sql: Sql, pushDevice: number): Promise<number> {
  return sql.run('DELETE FROM user_bindings WHERE push_device = $1', pushDevice)
}

export function forgetBindings(sql: Sql, uid: number): Promise<number> {
  return sql.run('DELETE FROM user_bindings WHERE uid = $1', uid)
}

const deviceColumns = `u.uid, u.username, d.device_id AS "deviceId", d.registration_id AS "registrationId",
  b.device_name AS "deviceName", u.push_settings AS "pushSettings", l.language,
  a.remind, a.quiet_interval AS "quietInterval", a.quiet_until AS "quietUntil",
  c.remind AS "ownRemind", c.quiet_interval AS "ownQuietInterval", c.quiet_until AS "ownQuietUntil"`

/** @param conversation the parameter that names the conversation's settings */
const deviceJoins = (conversation: string) => `JOIN devices d ON d.device_id = b.push_device
  JOIN users u ON u.uid = b.uid AND u.activated = 1
  LEFT JOIN notification_languages l ON l.uid = b.uid
  LEFT JOIN notification_settings a ON a.uid = b.uid AND a.target = ''
  LEFT JOIN notification_settings c ON c.uid = b.uid AND c.target = ${conversation}`

const isAway = (uid: string) => `NOT EXISTS
  (SELECT 1 FROM user_devices s WHERE s.uid = ${uid} AND s.session IS NOT NULL)`

/** The devices of a user, if it is away and not barred. @param conversation as NotificationRow has it */
export function listDevicesOfAbsent(sql: Sql, uid: number, conversation: string): Promise<AbsentDevice[]> {
  return sql.all<AbsentDevice>(
    `SELECT ${deviceColumns} FROM user_bindings b ${deviceJoins('$1')}
     WHERE b.uid = $2 AND b.push_device IS NOT NULL AND ${isAway('b.uid')} ORDER BY b.device_name`,
    conversation,
    uid,
  )
}

/** The devices of the members who are away, but one (a uid). */
export function listDevicesOfAbsentMembers(
  sql: Sql,
  groupId: number,
  conversation: string,
  except: number,
): Promise<AbsentDevice[]> {
  return sql.all<AbsentDevice>(
    `SELECT ${deviceColumns} FROM group_members m JOIN user_bindings b ON b.uid = m.uid ${deviceJoins('$1')}
     WHERE m.group_id = $2 AND m.uid <> $3 AND m.is_shielded = 0 AND b.push_device IS NOT NULL
       AND ${isAway('m.uid')}
     ORDER BY m.uid, b.device_name`,
    conversation,
    groupId,
    except,
  )
}

/** Is anybody of the app bound to a device of this server? */
export async function hasBoundDevices(sql: Sql, appId: number, notifier: string): Promise<boolean> {
  const row = await sql.one(
    'SELECT uid FROM user_bindings WHERE app_id = $1 AND notifier = $2 LIMIT 1',
    appId,
    notifier,
  )
  return row !== undefined
}
