// What waits for users, one row a user and entry, whatever the number of its devices: how far each device has come in
// each queue is its cursor. A row goes when every device of the user has passed it, or with its time.
import type { Sql } from './db.ts'
import type { MessageRow } from './messages.ts'
import type { UserDeviceRow } from './user-devices.ts'

/** An entry on its way to queues. */
export interface Parcel {
  readonly entryId: number
  /** The sender's own device, for the sender's other devices: it has the entry already. 0 = from nobody's. */
  readonly origin: number
  /** Only for devices that are online when it is written. */
  readonly isTransient: boolean
}

export interface EntryRow extends Omit<MessageRow, 'conversation' | 'priority'> {
  readonly entryId: number
  /** JSON; null when the entry is a message. */
  readonly notice: string | null
}

export async function addToInbox(sql: Sql, uid: number, queue: string, parcel: Parcel): Promise<void> {
  await sql.run(
    `INSERT INTO inbox (uid, queue, entry_id, origin, is_transient) VALUES ($1, $2, $3, $4, $5)`,
    uid,
    queue,
    parcel.entryId,
    parcel.origin,
    Number(parcel.isTransient),
  )
}

/** Into the inbox of every member who hears what is said, but one (a uid; 0 = of all). @returns their uids */
export async function addToInboxesOfGroup(
  sql: Sql,
  groupId: number,
  queue: string,
  { entryId, isTransient }: Parcel,
  except: number,
): Promise<number[]> {
  const onlineOnly = 'AND EXISTS (SELECT 1 FROM user_devices d WHERE d.uid = m.uid AND d.session IS NOT NULL)'
  const rows = await sql.all<{ uid: number }>(
    `SELECT m.uid FROM group_members m WHERE m.group_id = $1 AND m.uid <> $2 AND m.is_shielded = 0
     ${isTransient ? onlineOnly : ''}`,
    groupId,
    except,
  )
  // Row by row: one statement for all of them keeps a copy of each page it changes, since it could fail half way, and
  // takes twice as long in a large group.
  for (const { uid } of rows) await addToInbox(sql, uid, queue, { entryId, isTransient, origin: 0 })
  return rows.map(({ uid }) => uid)
}

/** What of a queue a device is to get, as a condition on `inbox i`. */
const isForDevice = `i.origin <> $3 AND (i.is_transient = 0 OR i.entry_id > $4)
  AND (i.origin = 0 OR i.entry_id > $5)`

/** The entries after the id `after` that are for this device, oldest first. */
export function listEntries(
  sql: Sql,
  { uid, deviceId, sessionFrom, since }: UserDeviceRow,
  queue: string,
  after: number,
  limit: number,
): Promise<EntryRow[]> {
  return sql.all<EntryRow>(
    `SELECT i.entry_id AS "entryId", n.content AS notice, m.msg_id AS "msgId", m.app_id AS "appId",
       m.chat_type AS "chatType", m.sender, m.target, m.payload, m.sender_resource AS "senderResource", m.body, m.edit
     FROM inbox i LEFT JOIN messages m ON m.msg_id = i.entry_id LEFT JOIN notices n ON n.notice_id = i.entry_id
     WHERE i.uid = $1 AND i.queue = $6 AND i.entry_id > $2 AND ${isForDevice} AND (m.msg_id IS NOT NULL OR n.notice_id IS NOT NULL)
     ORDER BY i.entry_id LIMIT $7`,
    uid,
    after,
    deviceId,
    sessionFrom,
    since,
    queue,
    limit,
  )
}

/**
 * The names of a user's queues that hold anything, found from one to the next: what it takes does not grow with what
 * waits in them.
 */
const queuesOfUser = `WITH RECURSIVE queues (queue) AS (
    SELECT MIN(queue) FROM inbox WHERE uid = $1
    UNION ALL
    SELECT (SELECT MIN(i.queue) FROM inbox i WHERE i.uid = $1 AND i.queue > q.queue)
    FROM queues q WHERE q.queue IS NOT NULL
  )`

async function listQueues(sql: Sql, uid: number): Promise<string[]> {
  const rows = await sql.all<{ queue: string }>(
    `${queuesOfUser} SELECT queue FROM queues WHERE queue IS NOT NULL`,
    uid,
  )
  return rows.map(({ queue }) => queue)
}

/**
 * The queues in which anything of id `from` and later waits for this device, and how much of it, `countMax` at most.
 */
export function listWaiting(
  sql: Sql,
  { uid, deviceId, sessionFrom, since }: UserDeviceRow,
  from: number,
  countMax: number,
): Promise<{ queue: string; count: number }[]> {
  return sql.all(
    `${queuesOfUser}, places (queue, after) AS (
       SELECT q.queue, CASE WHEN c.acknowledged > $2 THEN c.acknowledged ELSE $2 END
       FROM queues q LEFT JOIN inbox_cursors c ON c.uid = $1 AND c.queue = q.queue AND c.device_id = $3
       WHERE q.queue IS NOT NULL
     ), waiting (queue, count) AS (
       SELECT p.queue, (SELECT COUNT(*) FROM
         (SELECT i.entry_id FROM inbox i WHERE i.uid = $1 AND i.queue = p.queue AND i.entry_id > p.after
           AND ${isForDevice}
           AND (EXISTS (SELECT 1 FROM messages m WHERE m.msg_id = i.entry_id)
             OR EXISTS (SELECT 1 FROM notices n WHERE n.notice_id = i.entry_id))
         ORDER BY i.entry_id LIMIT $6) AS counted)
       FROM places p
     )
     SELECT queue, count FROM waiting WHERE count > 0`,
    uid,
    from - 1,
    deviceId,
    sessionFrom,
    since,
    countMax,
  )
}

/** The id up to which the device has everything of the queue. */
export async function findCursor(sql: Sql, uid: number, queue: string, deviceId: number): Promise<number> {
  const row = await sql.one<{ acknowledged: number }>(
    'SELECT acknowledged FROM inbox_cursors WHERE uid = $1 AND queue = $2 AND device_id = $3',
    uid,
    queue,
    deviceId,
  )
  return row?.acknowledged ?? 0
}

/** The greatest id in a queue, for whichever device it is; 0 = the queue is empty. */
export async function lastInQueue(sql: Sql, uid: number, queue: string): Promise<number> {
  const row = await sql.one<{ last: number }>(
    'SELECT COALESCE(MAX(entry_id), 0) AS last FROM inbox WHERE uid = $1 AND queue = $2',
    uid,
    queue,
  )
  return row!.last
}

/** Moves the device's cursor, never back, and removes what every device of the user has passed. */
export async function moveCursor(
  sql: Sql,
  uid: number,
  queue: string,
  deviceId: number,
  through: number,
): Promise<void> {
  await sql.run(
    `INSERT INTO inbox_cursors (uid, queue, device_id, acknowledged) VALUES ($1, $2, $3, $4)
     ON CONFLICT (uid, queue, device_id) DO UPDATE SET acknowledged = excluded.acknowledged
     WHERE inbox_cursors.acknowledged < excluded.acknowledged`,
    uid,
    queue,
    deviceId,
    through,
  )
  await removePassed(sql, uid, queue)
}

async function removePassed(sql: Sql, uid: number, queue: string): Promise<void> {
  await sql.run(
    `DELETE FROM inbox WHERE uid = $1 AND queue = $2 AND entry_id <=
       (SELECT MIN(COALESCE(c.acknowledged, 0)) FROM user_devices d
        LEFT JOIN inbox_cursors c ON c.uid = d.uid AND c.queue = $2 AND c.device_id = d.device_id
        WHERE d.uid = $1)`,
    uid,
    queue,
  )
}

/** For a user that has lost a device: what had waited for that one alone goes. */
export async function removeAllPassed(sql: Sql, uid: number): Promise<void> {
  for (const queue of await listQueues(sql, uid)) await removePassed(sql, uid, queue)
}

/** A new device of a user begins where the furthest of the others is: it gets what none of them has. */
export async function startCursors(sql: Sql, uid: number, deviceId: number): Promise<void> {
  await sql.run(
    `INSERT INTO inbox_cursors (uid, queue, device_id, acknowledged)
     SELECT uid, queue, CAST($1 AS BIGINT), MAX(acknowledged) FROM inbox_cursors WHERE uid = $2
     GROUP BY uid, queue`,
    deviceId,
    uid,
  )
}

/** A message from somebody else, kept for those who are away. */
const isMessageFromOther = `i.queue <> '' AND i.origin = 0 AND i.is_transient = 0
  AND EXISTS (SELECT 1 FROM messages m WHERE m.msg_id = i.entry_id)`

/**
 * Of the messages from others, how many of id `from` and later no device of the user has acknowledged.
 * @param queueMax so many of one queue at most are counted
 */
export async function countUndelivered(
  sql: Sql,
  uid: number,
  from: number,
  queueMax = Number.MAX_SAFE_INTEGER,
): Promise<number> {
  const row = await sql.one<{ count: number }>(
    `${queuesOfUser}, places (queue, after) AS (
       SELECT q.queue, (SELECT COALESCE(MAX(c.acknowledged), 0) FROM inbox_cursors c
         WHERE c.uid = $1 AND c.queue = q.queue)
       FROM queues q WHERE q.queue IS NOT NULL
     ), undelivered (count) AS (
       SELECT (SELECT COUNT(*) FROM
         (SELECT i.entry_id FROM inbox i WHERE i.uid = $1 AND i.queue = p.queue
           AND i.entry_id > CASE WHEN p.after > $2 THEN p.after ELSE $2 END AND ${isMessageFromOther}
         LIMIT $3) AS counted)
       FROM places p
     )
     SELECT COALESCE(SUM(count), 0) AS count FROM undelivered`,
    uid,
    from - 1,
    queueMax,
  )
  return row!.count
}

/** Is this message, of id `from` or later, one that no device of the user has acknowledged? */
export async function isUndeliveredTo(sql: Sql, uid: number, from: number, msgId: number): Promise<boolean> {
  if (msgId < from) return false
  for (const queue of await listQueues(sql, uid))
    if (await isUndeliveredIn(sql, uid, queue, msgId)) return true
  return false
}

/** The same of one of its queues. */
export async function isUndeliveredIn(sql: Sql, uid: number, queue: string, msgId: number): Promise<boolean> {
  const row = await sql.one(
    `SELECT i.entry_id FROM inbox i
     WHERE i.uid = $1 AND i.queue = $2 AND i.entry_id = $3 AND ${isMessageFromOther}
       AND NOT EXISTS (SELECT 1 FROM inbox_cursors c
         WHERE c.uid = i.uid AND c.queue = i.queue AND c.acknowledged >= i.entry_id)`,
    uid,
    queue,
    msgId,
  )
  return row !== undefined
}

/** The first user after `uid` for whom something waits. */
export async function nextInboxOwner(sql: Sql, uid: number): Promise<number | undefined> {
  const row = await sql.one<{ uid: number }>('SELECT uid FROM inbox WHERE uid > $1 ORDER BY uid LIMIT 1', uid)
  return row?.uid
}

/** The first user after `uid` of whom cursors are kept. */
export async function nextCursorOwner(sql: Sql, uid: number): Promise<number | undefined> {
  const row = await sql.one<{ uid: number }>(
    'SELECT uid FROM inbox_cursors WHERE uid > $1 ORDER BY uid LIMIT 1',
    uid,
  )
  return row?.uid
}

/** Removes a user's cursors that stand before the id `before`: they tell no more than none does. @returns how many */
export function removeOldCursors(sql: Sql, uid: number, before: number): Promise<number> {
  return sql.run('DELETE FROM inbox_cursors WHERE uid = $1 AND acknowledged < $2', uid, before)
}

/** Removes up to `limit` entries older than the id `before` from a user's inbox. @returns how many */
export function expireInbox(sql: Sql, uid: number, before: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM inbox WHERE uid = $1 AND (queue, entry_id) IN
       (SELECT queue, entry_id FROM inbox WHERE uid = $1 AND entry_id < $2 LIMIT $3)`,
    uid,
    before,
    limit,
  )
}

export async function insertNotice(
  sql: Sql,
  noticeId: number,
  appId: number,
  content: string,
): Promise<void> {
  await sql.run(
    'INSERT INTO notices (notice_id, app_id, content) VALUES ($1, $2, $3)',
    noticeId,
    appId,
    content,
  )
}

/** @returns its content, JSON */
export async function findNotice(sql: Sql, noticeId: number): Promise<string | undefined> {
  const row = await sql.one<{ content: string }>('SELECT content FROM notices WHERE notice_id = $1', noticeId)
  return row?.content
}

/** Deletes up to `limit` notices older than the id `before`. @returns how many */
export function deleteOldNotices(sql: Sql, before: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM notices WHERE notice_id IN
       (SELECT notice_id FROM notices WHERE notice_id < $1 ORDER BY notice_id LIMIT $2)`,
    before,
    limit,
  )
}
