// Whom each user has blocked.
import type { ListPlace } from './contacts.ts'
import type { Sql } from './db.ts'

export interface BlockRow {
  readonly blockedUid: number
  readonly username: string
  readonly blockedAt: number
}

export async function isBlocked(sql: Sql, uid: number, byUid: number): Promise<boolean> {
  const row = await sql.one('SELECT uid FROM user_blocks WHERE uid = $1 AND blocked_uid = $2', byUid, uid)
  return row !== undefined
}

/** Deleted users do not count. */
export async function countBlocks(sql: Sql, uid: number): Promise<number> {
  const row = await sql.one<{ count: number }>(
    'SELECT COUNT(*) AS count FROM user_blocks b JOIN users u ON u.uid = b.blocked_uid WHERE b.uid = $1',
    uid,
  )
  return row!.count
}

/** Newest first. */
export function listBlocks(sql: Sql, uid: number, after: ListPlace, limit: number): Promise<BlockRow[]> {
  return sql.all<BlockRow>(
    `SELECT b.blocked_uid AS "blockedUid", u.username, b.blocked_at AS "blockedAt"
     FROM user_blocks b JOIN users u ON u.uid = b.blocked_uid
     WHERE b.uid = $1 AND (b.blocked_at, b.blocked_uid) < ($2, $3)
     ORDER BY b.blocked_at DESC, b.blocked_uid DESC LIMIT $4`,
    uid,
    after.at,
    after.uid,
    limit,
  )
}

/** One who is blocked already stays where it is. */
export async function insertBlock(sql: Sql, uid: number, blockedUid: number, at: number): Promise<void> {
  await sql.run(
    `INSERT INTO user_blocks (uid, blocked_uid, blocked_at) VALUES ($1, $2, $3)
     ON CONFLICT (uid, blocked_uid) DO NOTHING`,
    uid,
    blockedUid,
    at,
  )
}

export async function deleteBlock(sql: Sql, uid: number, blockedUid: number): Promise<void> {
  await sql.run('DELETE FROM user_blocks WHERE uid = $1 AND blocked_uid = $2', uid, blockedUid)
}

/** Those that a user has blocked itself. */
export function forgetBlocks(sql: Sql, uid: number): Promise<number> {
  return sql.run('DELETE FROM user_blocks WHERE uid = $1', uid)
}

/** A deleted user, out of the lists of those who have blocked it: any number of them. */
export function removeFromBlocks(sql: Sql, uid: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM user_blocks WHERE blocked_uid = $1 AND uid IN
       (SELECT uid FROM user_blocks WHERE blocked_uid = $1 ORDER BY uid LIMIT $2)`,
    uid,
    limit,
  )
}
