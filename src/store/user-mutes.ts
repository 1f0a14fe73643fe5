// Whom an app's server has muted, for each kind of chat, until when.
import type { ChatType } from '../contract/operations/messages.ts'
import type { Sql } from './db.ts'

export interface MuteRow {
  readonly username: string
  readonly chatType: ChatType
  /** Epoch ms; `muteForever` = without end. */
  readonly endsAt: number
}

export const muteForever = Number.MAX_SAFE_INTEGER

export async function isMuted(sql: Sql, uid: number, chatType: ChatType, now: number): Promise<boolean> {
  const row = await sql.one(
    'SELECT uid FROM user_mutes WHERE uid = $1 AND chat_type = $2 AND ends_at > $3',
    uid,
    chatType,
    now,
  )
  return row !== undefined
}

export function listMutesOf(
  sql: Sql,
  uid: number,
  now: number,
): Promise<Pick<MuteRow, 'chatType' | 'endsAt'>[]> {
  return sql.all(
    'SELECT chat_type AS "chatType", ends_at AS "endsAt" FROM user_mutes WHERE uid = $1 AND ends_at > $2',
    uid,
    now,
  )
}

/** By the age of the users. */
export function listMutes(
  sql: Sql,
  appId: number,
  now: number,
  offset: number,
  limit: number,
): Promise<MuteRow[]> {
  return sql.all<MuteRow>(
    `SELECT u.username, m.chat_type AS "chatType", m.ends_at AS "endsAt"
     FROM user_mutes m JOIN users u ON u.uid = m.uid
     WHERE m.app_id = $1 AND m.ends_at > $2 ORDER BY m.uid, m.chat_type LIMIT $3 OFFSET $4`,
    appId,
    now,
    limit,
    offset,
  )
}

export async function putMute(
  sql: Sql,
  user: { readonly uid: number; readonly appId: number },
  chatType: ChatType,
  endsAt: number,
): Promise<void> {
  await sql.run(
    `INSERT INTO user_mutes (uid, chat_type, app_id, ends_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (uid, chat_type) DO UPDATE SET ends_at = excluded.ends_at`,
    user.uid,
    chatType,
    user.appId,
    endsAt,
  )
}

export async function deleteMute(sql: Sql, uid: number, chatType: ChatType): Promise<void> {
  await sql.run('DELETE FROM user_mutes WHERE uid = $1 AND chat_type = $2', uid, chatType)
}

export function forgetMutes(sql: Sql, uid: number): Promise<number> {
  return sql.run('DELETE FROM user_mutes WHERE uid = $1', uid)
}

/** Those that have ended. */
export async function purgeMutes(sql: Sql, now: number, limit: number): Promise<boolean> {
  const removed = await sql.run(
    `DELETE FROM user_mutes WHERE (uid, chat_type) IN
       (SELECT uid, chat_type FROM user_mutes WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2)`,
    now,
    limit,
  )
  return removed === limit
}
