// When a user wants to be notified: for everything (target ''), for one conversation (`u:{peer}`, `g:{group id}`), and in
// which language.
import type { Remind } from '../contract/operations/notifications.ts'
import type { Sql } from './db.ts'

export interface NotificationRow {
  readonly target: string
  readonly remind: Remind
  /** `22:00-8:30`; '' = none. */
  readonly quietInterval: string
  /** Epoch ms; 0 = not. */
  readonly quietUntil: number
}

const columns = 'target, remind, quiet_interval AS "quietInterval", quiet_until AS "quietUntil"'

export function findNotification(
  sql: Sql,
  uid: number,
  target: string,
): Promise<NotificationRow | undefined> {
  return sql.one<NotificationRow>(
    `SELECT ${columns} FROM notification_settings WHERE uid = $1 AND target = $2`,
    uid,
    target,
  )
}

/** Those of conversations, by name, after this one. */
export function listNotifications(
  sql: Sql,
  uid: number,
  after: string,
  limit: number,
): Promise<NotificationRow[]> {
  return sql.all<NotificationRow>(
    `SELECT ${columns} FROM notification_settings WHERE uid = $1 AND target > $2 ORDER BY target LIMIT $3`,
    uid,
    after,
    limit,
  )
}

export async function countNotifications(sql: Sql, uid: number): Promise<number> {
  const row = await sql.one<{ count: number }>(
    'SELECT COUNT(*) AS count FROM notification_settings WHERE uid = $1',
    uid,
  )
  return row!.count
}

export async function putNotification(sql: Sql, uid: number, row: NotificationRow): Promise<void> {
  await sql.run(
    `INSERT INTO notification_settings (uid, target, remind, quiet_interval, quiet_until)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (uid, target) DO UPDATE SET remind = excluded.remind,
       quiet_interval = excluded.quiet_interval, quiet_until = excluded.quiet_until`,
    uid,
    row.target,
    row.remind,
    row.quietInterval,
    row.quietUntil,
  )
}

export async function deleteNotification(sql: Sql, uid: number, target: string): Promise<void> {
  await sql.run('DELETE FROM notification_settings WHERE uid = $1 AND target = $2', uid, target)
}

/** @returns undefined = the user has never said */
export async function findLanguage(sql: Sql, uid: number): Promise<string | undefined> {
  const row = await sql.one<{ language: string }>(
    'SELECT language FROM notification_languages WHERE uid = $1',
    uid,
  )
  return row?.language
}

export async function putLanguage(sql: Sql, uid: number, language: string): Promise<void> {
  await sql.run(
    `INSERT INTO notification_languages (uid, language) VALUES ($1, $2)
     ON CONFLICT (uid) DO UPDATE SET language = excluded.language`,
    uid,
    language,
  )
}

export async function forgetNotifications(sql: Sql, uid: number): Promise<number> {
  const settings = await sql.run('DELETE FROM notification_settings WHERE uid = $1', uid)
  return settings + (await sql.run('DELETE FROM notification_languages WHERE uid = $1', uid))
}
