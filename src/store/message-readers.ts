// Who has read which message of a group, and has said so. It goes with the time of its message; what a message that is
// taken back leaves is found by nobody until then.
import type { Sql } from './db.ts'

/** The first time counts. */
export async function addReader(sql: Sql, msgId: number, uid: number, readAt: number): Promise<void> {
  await sql.run(
    `INSERT INTO message_readers (msg_id, uid, read_at) VALUES ($1, $2, $3)
     ON CONFLICT (msg_id, uid) DO NOTHING`,
    msgId,
    uid,
    readAt,
  )
}

export async function countReaders(sql: Sql, msgId: number): Promise<number> {
  const row = await sql.one<{ count: number }>(
    'SELECT COUNT(*) AS count FROM message_readers WHERE msg_id = $1',
    msgId,
  )
  return row!.count
}

/** In the order in which they have read it. */
export function listReaders(
  sql: Sql,
  msgId: number,
  after: { readonly readAt: number; readonly uid: number },
  limit: number,
): Promise<{ readonly uid: number; readonly username: string; readonly readAt: number }[]> {
  return sql.all(
    `SELECT r.uid, u.username, r.read_at AS "readAt" FROM message_readers r JOIN users u ON u.uid = r.uid
     WHERE r.msg_id = $1 AND (r.read_at, r.uid) > ($2, $3) ORDER BY r.read_at, r.uid LIMIT $4`,
    msgId,
    after.readAt,
    after.uid,
    limit,
  )
}

/** A deleted user, out of what it has read. @returns how many rows */
export function forgetReader(sql: Sql, uid: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM message_readers WHERE uid = $1 AND msg_id IN
       (SELECT msg_id FROM message_readers WHERE uid = $1 ORDER BY msg_id LIMIT $2)`,
    uid,
    limit,
  )
}

/** Deletes up to `limit` rows about messages older than the id `before`: they are gone. @returns how many */
export function deleteOldReaders(sql: Sql, before: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM message_readers WHERE (msg_id, uid) IN
       (SELECT msg_id, uid FROM message_readers WHERE msg_id < $1 ORDER BY msg_id LIMIT $2)`,
    before,
    limit,
  )
}
