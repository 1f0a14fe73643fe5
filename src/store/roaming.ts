// Conversations as their members read them again: what each has removed from its own view stays out of it.
import type { Sql } from './db.ts'
import type { MessageRow } from './messages.ts'

export interface RoamingPlace {
  readonly appId: number
  readonly uid: number
  readonly conversation: string
  /** Ids: both excluded. */
  readonly after: number
  readonly before: number
  readonly order: 'newest_first' | 'oldest_first'
}

const columns = `m.msg_id AS "msgId", m.app_id AS "appId", m.chat_type AS "chatType", m.sender, m.target, m.payload,
  m.conversation, m.sender_resource AS "senderResource", m.body, m.edit, m.priority`

export function listRoaming(sql: Sql, place: RoamingPlace, limit: number): Promise<MessageRow[]> {
  const direction = place.order === 'newest_first' ? 'DESC' : 'ASC'
  return sql.all<MessageRow>(
    `SELECT ${columns} FROM messages m
     WHERE m.app_id = $1 AND m.conversation = $2 AND m.msg_id > $3 AND m.msg_id < $4
       AND NOT EXISTS (SELECT 1 FROM history_hidden h WHERE h.uid = $5 AND h.msg_id = m.msg_id)
     ORDER BY m.msg_id ${direction} LIMIT $6`,
    place.appId,
    place.conversation,
    place.after,
    place.before,
    place.uid,
    limit,
  )
}

/** The user sees nothing of the conversation up to this id. */
export async function findHistoryStart(sql: Sql, uid: number, conversation: string): Promise<number> {
  const row = await sql.one<{ after: number }>(
    'SELECT after FROM history_starts WHERE uid = $1 AND conversation = $2',
    uid,
    conversation,
  )
  return row?.after ?? 0
}

/** Moves on, never back. */
export async function startHistory(
  sql: Sql,
  uid: number,
  conversation: string,
  after: number,
): Promise<void> {
  await sql.run(
    `INSERT INTO history_starts (uid, conversation, after) VALUES ($1, $2, $3)
     ON CONFLICT (uid, conversation) DO UPDATE SET after = excluded.after
     WHERE history_starts.after < excluded.after`,
    uid,
    conversation,
    after,
  )
}

export async function hideMessage(sql: Sql, uid: number, msgId: number): Promise<void> {
  await sql.run(
    'INSERT INTO history_hidden (uid, msg_id) VALUES ($1, $2) ON CONFLICT (uid, msg_id) DO NOTHING',
    uid,
    msgId,
  )
}

/** What a user has removed, for one who is deleted. @returns how many rows */
export async function forgetHistoryViews(sql: Sql, uid: number): Promise<number> {
  const starts = await sql.run('DELETE FROM history_starts WHERE uid = $1', uid)
  return starts + (await sql.run('DELETE FROM history_hidden WHERE uid = $1', uid))
}

/** Deletes up to `limit` rows about messages older than the id `before`: they are gone. @returns how many */
export async function deleteOldHistoryViews(sql: Sql, before: number, limit: number): Promise<number> {
  const starts = await sql.run(
    `DELETE FROM history_starts WHERE (uid, conversation) IN
       (SELECT uid, conversation FROM history_starts WHERE after < $1 LIMIT $2)`,
    before,
    limit,
  )
  const hidden = await sql.run(
    `DELETE FROM history_hidden WHERE (uid, msg_id) IN
       (SELECT uid, msg_id FROM history_hidden WHERE msg_id < $1 ORDER BY msg_id LIMIT $2)`,
    before,
    limit,
  )
  return Math.max(starts, hidden)
}
