// The log of messages between users, in the order of their ids. A message id holds the moment of sending, so that age is
// a range of ids. What of it waits for whom is in inbox.ts.
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
  /** `u:{a} {b}` with the names in order, `g:{group id}` or `r:{room id}`; `only {id} {names}` for some members. */
  readonly conversation: string
  /** The device it was sent from; '' = none. */
  readonly senderResource: string
  /** The sender's own MessageBody, base64; null when it came through REST. */
  readonly body: string | null
  /** JSON of an EditMark; null = as it was sent. */
  readonly edit: string | null
  /** Of a room's message: RoomPriority; null = nothing was said. */
  readonly priority: string | null
}

/** As it is when it is sent. */
export type NewMessage = Omit<MessageRow, 'edit' | 'priority'> & Partial<Pick<MessageRow, 'priority'>>

export interface EditMark {
  readonly operator: string
  /** Epoch ms. */
  readonly editedAt: number
  readonly count: number
}

const columns = `msg_id AS "msgId", app_id AS "appId", chat_type AS "chatType", sender, target, payload,
  conversation, sender_resource AS "senderResource", body, edit, priority`

export function findMessage(sql: Sql, msgId: number): Promise<MessageRow | undefined> {
  return sql.one<MessageRow>(`SELECT ${columns} FROM messages WHERE msg_id = $1`, msgId)
}

/** Messages of one conversation with ids after `after`, oldest first. */
export function listConversation(
  sql: Sql,
  appId: number,
  conversation: string,
  after: number,
  limit: number,
): Promise<MessageRow[]> {
  return sql.all<MessageRow>(
    `SELECT ${columns} FROM messages WHERE app_id = $1 AND conversation = $2 AND msg_id > $3
     ORDER BY msg_id LIMIT $4`,
    appId,
    conversation,
    after,
    limit,
  )
}

/** The newest message of a conversation. */
export function findLastMessage(
  sql: Sql,
  appId: number,
  conversation: string,
): Promise<MessageRow | undefined> {
  return sql.one<MessageRow>(
    `SELECT ${columns} FROM messages WHERE app_id = $1 AND conversation = $2 ORDER BY msg_id DESC LIMIT 1`,
    appId,
    conversation,
  )
}

/** The greatest id ever given to a push or a message; 0 before the first. */
export async function greatestMessageId(sql: Sql): Promise<number> {
  const row = await sql.one<{ greatest: number }>(
    `SELECT COALESCE(MAX(greatest), 0) AS greatest FROM (
       SELECT MAX(msg_id) AS greatest FROM pushes UNION ALL SELECT MAX(msg_id) AS greatest FROM messages
       UNION ALL SELECT MAX(notice_id) AS greatest FROM notices
       UNION ALL SELECT MAX(callback_id) AS greatest FROM callbacks
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

/** The smallest id from `from` on that neither a message nor a notice has, of those below `until`. */
export async function findFreeId(sql: Sql, from: number, until: number): Promise<number | undefined> {
  const row = await sql.one<{ last: number }>(
    `SELECT MAX(last) AS last FROM (
       SELECT COALESCE(MAX(msg_id), $1 - 1) AS last FROM messages WHERE msg_id >= $1 AND msg_id < $2
       UNION ALL
       SELECT COALESCE(MAX(notice_id), $1 - 1) AS last FROM notices WHERE notice_id >= $1 AND notice_id < $2
     ) AS taken`,
    from,
    until,
  )
  const free = row!.last + 1
  return free < until ? free : undefined
}

/** Gives a message another content: no client's own form of it is left. */
export async function replaceContent(
  sql: Sql,
  msgId: number,
  payload: string,
  edit: EditMark,
): Promise<void> {
  await sql.run(
    'UPDATE messages SET payload = $1, body = NULL, edit = $2 WHERE msg_id = $3',
    payload,
    JSON.stringify(edit),
    msgId,
  )
}

export async function insertMessage(sql: Sql, row: NewMessage): Promise<void> {
  await sql.run(
    `INSERT INTO messages (msg_id, app_id, chat_type, sender, target, payload, conversation, sender_resource,
       body, priority)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    row.msgId,
    row.appId,
    row.chatType,
    row.sender,
    row.target,
    row.payload,
    row.conversation,
    row.senderResource,
    row.body,
    row.priority ?? null,
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

/** Deletes up to `limit` messages older than the id `before`. @returns how many */
export function deleteOldMessages(sql: Sql, before: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM messages WHERE msg_id IN
       (SELECT msg_id FROM messages WHERE msg_id < $1 ORDER BY msg_id LIMIT $2)`,
    before,
    limit,
  )
}
