// Which devices a user is pushed to while away: names that an app gives them, and what each is pushed through.
import type { Sql } from './db.ts'

export interface BindingRow {
  /** A dispatch through a vendor is for a device, or for a binding: then it has this number with a minus (dispatches.ts). */
  readonly bindingId: number
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
  readonly bindingId: number
  readonly notifier: string
  /** The device of this server that it is; null = one that only its vendor can reach. */
  readonly deviceId: number | null
  readonly registrationId: string | null
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

const columns = `binding_id AS "bindingId", uid, device_name AS "deviceName", app_id AS "appId", notifier, token,
  push_device AS "pushDevice", bound_at AS "boundAt"`

/** The one bound last first. */
export function listBindings(sql: Sql, uid: number): Promise<BindingRow[]> {
  return sql.all<BindingRow>(
    `SELECT ${columns} FROM user_bindings WHERE uid = $1 ORDER BY bound_at DESC, device_name`,
    uid,
  )
}

export function findBinding(sql: Sql, bindingId: number): Promise<BindingRow | undefined> {
  return sql.one<BindingRow>(`SELECT ${columns} FROM user_bindings WHERE binding_id = $1`, bindingId)
}

/** One that is there already keeps its number. Whoever else was bound to the same token is no longer: a device shows what is for one user. */
export async function putBinding(sql: Sql, row: BindingRow): Promise<void> {
  await sql.run(
    `DELETE FROM user_bindings WHERE app_id = $1 AND notifier = $2 AND token = $3
       AND (uid <> $4 OR device_name <> $5)`,
    row.appId,
    row.notifier,
    row.token,
    row.uid,
    row.deviceName,
  )
  await sql.run(
    `INSERT INTO user_bindings (uid, device_name, app_id, notifier, token, push_device, bound_at, binding_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (uid, device_name) DO UPDATE SET notifier = excluded.notifier, token = excluded.token,
       push_device = excluded.push_device, bound_at = excluded.bound_at`,
    row.uid,
    row.deviceName,
    row.appId,
    row.notifier,
    row.token,
    row.pushDevice,
    row.boundAt,
    row.bindingId,
  )
}

export async function deleteBinding(sql: Sql, uid: number, deviceName: string): Promise<void> {
  await sql.run('DELETE FROM user_bindings WHERE uid = $1 AND device_name = $2', uid, deviceName)
}

/** For a device whose vendor says that its token is dead. */
export async function deleteBindingById(sql: Sql, bindingId: number): Promise<void> {
  await sql.run('DELETE FROM user_bindings WHERE binding_id = $1', bindingId)
}

/** For a device that is no more. */
export function deleteBindingsOfDevice(sql: Sql, pushDevice: number): Promise<number> {
  return sql.run('DELETE FROM user_bindings WHERE push_device = $1', pushDevice)
}

export function forgetBindings(sql: Sql, uid: number): Promise<number> {
  return sql.run('DELETE FROM user_bindings WHERE uid = $1', uid)
}

const deviceColumns = `u.uid, u.username, b.binding_id AS "bindingId", b.notifier, d.device_id AS "deviceId", d.registration_id AS "registrationId",
  b.device_name AS "deviceName", u.push_settings AS "pushSettings", l.language,
  a.remind, a.quiet_interval AS "quietInterval", a.quiet_until AS "quietUntil",
  c.remind AS "ownRemind", c.quiet_interval AS "ownQuietInterval", c.quiet_until AS "ownQuietUntil"`

/** @param conversation the parameter that names the conversation's settings */
const deviceJoins = (conversation: string) => `LEFT JOIN devices d ON d.device_id = b.push_device
  JOIN users u ON u.uid = b.uid AND u.activated = 1
  LEFT JOIN notification_languages l ON l.uid = b.uid
  LEFT JOIN notification_settings a ON a.uid = b.uid AND a.target = ''
  LEFT JOIN notification_settings c ON c.uid = b.uid AND c.target = ${conversation}`

const isAway = (uid: string) => `NOT EXISTS
  (SELECT 1 FROM user_devices s WHERE s.uid = ${uid} AND s.session IS NOT NULL)`

/** Where no vendor is asked, the devices that only vendors reach are not read. */
export type Reach = 'own' | 'vendors'

const isReached: Readonly<Record<Reach, string>> = {
  own: 'AND b.push_device IS NOT NULL',
  vendors: '',
}

/** The devices of a user, if it is away and not barred. @param conversation as NotificationRow has it */
export function listDevicesOfAbsent(
  sql: Sql,
  uid: number,
  conversation: string,
  reach: Reach,
): Promise<AbsentDevice[]> {
  return sql.all<AbsentDevice>(
    `SELECT ${deviceColumns} FROM user_bindings b ${deviceJoins('$1')}
     WHERE b.uid = $2 ${isReached[reach]} AND ${isAway('b.uid')} ORDER BY b.device_name`,
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
  reach: Reach,
): Promise<AbsentDevice[]> {
  return sql.all<AbsentDevice>(
    `SELECT ${deviceColumns} FROM group_members m JOIN user_bindings b ON b.uid = m.uid ${deviceJoins('$1')}
     WHERE m.group_id = $2 AND m.uid <> $3 AND m.is_shielded = 0 ${isReached[reach]} AND ${isAway('m.uid')}
     ORDER BY m.uid, b.device_name`,
    conversation,
    groupId,
    except,
  )
}

/** Is anybody of the app bound to a device? @param reach `own`: of this server, through this notifier */
export async function hasBindings(
  sql: Sql,
  appId: number,
  reach: Reach,
  ownNotifier: string,
): Promise<boolean> {
  const row =
    reach === 'own'
      ? await sql.one(
          'SELECT uid FROM user_bindings WHERE app_id = $1 AND notifier = $2 LIMIT 1',
          appId,
          ownNotifier,
        )
      : await sql.one('SELECT uid FROM user_bindings WHERE app_id = $1 LIMIT 1', appId)
  return row !== undefined
}
