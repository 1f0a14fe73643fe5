// Reactions to messages. A message has few of them; one reaction may have as many users as its group has members, so
// they are counted beside it.
import type { Sql } from './db.ts'

export interface ReactionRow {
  readonly reactionId: number
  readonly msgId: number
  readonly reaction: string
  readonly userCount: number
  readonly createdAt: number
  readonly modifiedAt: number
}

const columns = `reaction_id AS "reactionId", msg_id AS "msgId", reaction, user_count AS "userCount",
  created_at AS "createdAt", modified_at AS "modifiedAt"`

export function findReaction(sql: Sql, msgId: number, reaction: string): Promise<ReactionRow | undefined> {
  return sql.one<ReactionRow>(
    `SELECT ${columns} FROM reactions WHERE msg_id = $1 AND reaction = $2`,
    msgId,
    reaction,
  )
}

/** Of one message, the earliest first. */
export function listReactions(sql: Sql, msgId: number): Promise<ReactionRow[]> {
  return sql.all<ReactionRow>(
    `SELECT ${columns} FROM reactions WHERE msg_id = $1 ORDER BY reaction_id`,
    msgId,
  )
}

export async function insertReaction(sql: Sql, row: ReactionRow): Promise<void> {
  await sql.run(
    `INSERT INTO reactions (reaction_id, msg_id, reaction, user_count, created_at, modified_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    row.reactionId,
    row.msgId,
    row.reaction,
    row.userCount,
    row.createdAt,
    row.modifiedAt,
  )
}

export async function hasReacted(sql: Sql, reactionId: number, uid: number): Promise<boolean> {
  const row = await sql.one(
    'SELECT uid FROM reaction_users WHERE reaction_id = $1 AND uid = $2',
    reactionId,
    uid,
  )
  return row !== undefined
}

/** Where a page of the users of a reaction goes on. */
export interface ReactionUserRow {
  readonly place: number
  readonly username: string
}

/** The users after a place, the earliest first. */
export function listReactionUsers(
  sql: Sql,
  reactionId: number,
  after: number,
  limit: number,
): Promise<ReactionUserRow[]> {
  return sql.all<ReactionUserRow>(
    `SELECT r.place, u.username FROM reaction_users r JOIN users u ON u.uid = r.uid
     WHERE r.reaction_id = $1 AND r.place > $2 ORDER BY r.place LIMIT $3`,
    reactionId,
    after,
    limit,
  )
}

/** One user more, who is not behind it yet. */
export async function addReactionUser(
  sql: Sql,
  reactionId: number,
  uid: number,
  place: number,
  at: number,
): Promise<void> {
  await sql.run(
    'INSERT INTO reaction_users (reaction_id, uid, place) VALUES ($1, $2, $3)',
    reactionId,
    uid,
    place,
  )
  await sql.run(
    'UPDATE reactions SET user_count = user_count + 1, modified_at = $1 WHERE reaction_id = $2',
    at,
    reactionId,
  )
}

/** One user less; without its last one a reaction goes. @returns whether the user was behind it */
export async function removeReactionUser(sql: Sql, reactionId: number, uid: number): Promise<boolean> {
  const count = await sql.run(
    'DELETE FROM reaction_users WHERE reaction_id = $1 AND uid = $2',
    reactionId,
    uid,
  )
  if (count === 0) return false
  await sql.run('UPDATE reactions SET user_count = user_count - 1 WHERE reaction_id = $1', reactionId)
  await sql.run('DELETE FROM reactions WHERE reaction_id = $1 AND user_count = 0', reactionId)
  return true
}

/**
 * For a message that is taken back: its reactions are gone, and what is left of their users is found by nobody; it goes
 * with its time.
 */
export async function dropReactions(sql: Sql, msgId: number): Promise<void> {
  await sql.run('DELETE FROM reactions WHERE msg_id = $1', msgId)
}

/** A deleted user, out of the reactions to messages: any number of them. @returns how many rows */
export async function forgetReactions(sql: Sql, uid: number, limit: number): Promise<number> {
  const rows = await sql.all<{ reactionId: number }>(
    'SELECT reaction_id AS "reactionId" FROM reaction_users WHERE uid = $1 ORDER BY reaction_id LIMIT $2',
    uid,
    limit,
  )
  for (const { reactionId } of rows) await removeReactionUser(sql, reactionId, uid)
  return rows.length
}

/** Deletes up to `limit` rows about messages older than the id `before`: they are gone. @returns how many */
export async function deleteOldReactions(sql: Sql, before: number, limit: number): Promise<number> {
  const reactions = await sql.run(
    `DELETE FROM reactions WHERE reaction_id IN
       (SELECT reaction_id FROM reactions WHERE msg_id < $1 ORDER BY msg_id LIMIT $2)`,
    before,
    limit,
  )
  // A reaction comes after its message.
  const users = await sql.run(
    `DELETE FROM reaction_users WHERE (reaction_id, uid) IN
       (SELECT reaction_id, uid FROM reaction_users WHERE reaction_id < $1 ORDER BY reaction_id LIMIT $2)`,
    before,
    limit,
  )
  return Math.max(reactions, users)
}
