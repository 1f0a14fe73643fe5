// The log of messages between users, in the order of their ids, and what of it waits for whom. A message id holds the
// moment of sending, so that age is a range of ids.
import type { ChatType } from '../contract/operations/messages.ts'
import type { Sql } from './db.ts'

export interface MessageRow {
  readonly msgId: number
  readonly appId: number
  readonly chatType: ChatType
  /** Names in lower case; a group or room by its id. */
  readonly sender: string
  readonly target: string
  /** JSON, as it came. */
  readonly payload: string
}

const columns = 'msg_id AS "msgId", app_id AS "appId", chat_type AS "chatType", sender, target, payload'

/** The greatest id ever given to a push or a message; 0 before the first. */
export async function greatestMessageId(sql: Sql): Promise<number> {
  const row = await sql.one<{ greatest: number }>(
    `SELECT COALESCE(MAX(greatest), 0) AS greatest FROM (
       SELECT MAX(msg_id) AS greatest FROM pushes UNION ALL SELECT MAX(msg_id) AS greatest FROM messages
       UNION ALL SELECT value AS greatest FROM sequences WHERE name = 'message_ids'
     ) AS ids`,
  )
  return row!.greatest
}

/** Before rows with the newest ids go: what devices and cursors know of them must stay in the past. */
export async function keepGreatestMessageId(sql: Sql, msgId: number): Promise<void> {
  await sql.run(
    `INSERT INTO sequences (name, value) VALUES ('message_ids', $1)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE sequences.value < excluded.value`,
    msgId,
  )
}

export async function insertMessage(sql: Sql, row: MessageRow): Promise<void> {
  await sql.run(
    `INSERT INTO messages (msg_id, app_id, chat_type, sender, target, payload)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    row.msgId,
    row.appId,
    row.chatType,
    row.sender,
    row.target,
    row.payload,
  )
}

/** The app's messages with `from` <= id < `until`, oldest first. */
export function listMessages(
  sql: Sql,
  appId: number,
  from: number,
  until: number,
  limit: number,
): Promise<MessageRow[]> {
  return sql.all<MessageRow>(
    `SELECT ${columns} FROM messages WHERE app_id = $1 AND msg_id >= $2 AND msg_id < $3
     ORDER BY msg_id LIMIT $4`,
    appId,
    from,
    until,
    limit,
  )
}

/** Puts a message into a user's inbox. */
export async function addToInbox(sql: Sql, uid: number, msgId: number): Promise<void> {
  await sql.run('INSERT INTO inbox (uid, msg_id) VALUES ($1, $2)', uid, msgId)
}

/** Puts a message into the inbox of every member but the sender (a uid; 0 = no user). */
export async function addToInboxesOfGroup(
  sql: Sql,
  groupId: number,
  msgId: number,
  sender: number,
): Promise<void> {
  await sql.run(
    `INSERT INTO inbox (uid, msg_id)
     SELECT uid, CAST($1 AS BIGINT) FROM group_members WHERE group_id = $2 AND uid <> $3`,
    msgId,
    groupId,
    sender,
  )
}

/** Puts a message into one user's inbox, if that user is a member of the group. */
export async function addToInboxOfMember(
  sql: Sql,
  groupId: number,
  msgId: number,
  uid: number,
): Promise<void> {
  await sql.run(
    `INSERT INTO inbox (uid, msg_id)
     SELECT uid, CAST($1 AS BIGINT) FROM group_members WHERE group_id = $2 AND uid = $3`,
    msgId,
    groupId,
    uid,
  )
}

/** How many messages of id `from` and later wait for a user. */
export async function countInbox(sql: Sql, uid: number, from: number): Promise<number> {
  const row = await sql.one<{ count: number }>(
    'SELECT COUNT(*) AS count FROM inbox WHERE uid = $1 AND msg_id >= $2',
    uid,
    from,
  )
  return row!.count
}

export async function isInInbox(sql: Sql, uid: number, msgId: number): Promise<boolean> {
  const row = await sql.one('SELECT msg_id FROM inbox WHERE uid = $1 AND msg_id = $2', uid, msgId)
  return row !== undefined
}

/** Deletes up to `limit` messages older than the id `before`. @returns how many */
export function deleteOldMessages(sql: Sql, before: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM messages WHERE msg_id IN
       (SELECT msg_id FROM messages WHERE msg_id < $1 ORDER BY msg_id LIMIT $2)`,
    before,
    limit,
  )
}

/** The first user after `uid` for whom something waits. */
export async function nextInboxOwner(sql: Sql, uid: number): Promise<number | undefined> {
  const row = await sql.one<{ uid: number }>('SELECT uid FROM inbox WHERE uid > $1 ORDER BY uid LIMIT 1', uid)
  return row?.uid
}

/** Removes up to `limit` messages older than the id `before` from a user's inbox. @returns how many */
export function expireInbox(sql: Sql, uid: number, before: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM inbox WHERE uid = $1 AND msg_id IN
       (SELECT msg_id FROM inbox WHERE uid = $1 AND msg_id < $2 ORDER BY msg_id LIMIT $3)`,
    uid,
    before,
    limit,
  )
}
