// The conversations of a user, as it lists them. What is in them is in the log (messages.ts); here is what the user has
// made of them. Those with groups follow from membership, and have a row only where there is anything to keep.
import type { Sql } from './db.ts'

export interface ConversationRow {
  /** As in MessageRow. */
  readonly conversation: string
  /** A message id: everything up to it counts as read. */
  readonly readThrough: number
  /** A message id: with nothing after it, the conversation is not listed. */
  readonly removedThrough: number
  /** Epoch ms; 0 = not pinned. */
  readonly pinnedAt: number
  /** A bit a mark. */
  readonly marks: number
  /** A message id: the user has removed everything up to it from its own view. */
  readonly startsAfter: number
  /** The id of the newest message; 0 = none is kept. */
  readonly last: number
  /** Of a group: epoch ms; 0 of users. */
  readonly joinedAt: number
}

/** All conversations of a user: those with others, and those with the `groupsMax` groups it joined last. */
export function listConversations(
  sql: Sql,
  appId: number,
  uid: number,
  groupsMax: number,
): Promise<ConversationRow[]> {
  return sql.all(
    `WITH named (conversation, joined_at) AS (
       SELECT conversation, 0 FROM conversations
       WHERE uid = $2 AND conversation >= 'u:' AND conversation < 'u;'
       UNION ALL
       SELECT 'g:' || CAST(group_id AS TEXT), joined_at FROM
         (SELECT m.group_id, m.joined_at FROM group_members m JOIN groups g ON g.group_id = m.group_id
          WHERE m.uid = $2 AND m.kind = 'group'
          ORDER BY m.joined_at DESC, m.group_id DESC LIMIT $3) AS joined
     )
     SELECT n.conversation, COALESCE(c.read_through, 0) AS "readThrough",
       COALESCE(c.removed_through, 0) AS "removedThrough", COALESCE(c.pinned_at, 0) AS "pinnedAt",
       COALESCE(c.marks, 0) AS marks, COALESCE(h.after, 0) AS "startsAfter",
       COALESCE((SELECT MAX(m.msg_id) FROM messages m
         WHERE m.app_id = $1 AND m.conversation = n.conversation), 0) AS last,
       n.joined_at AS "joinedAt"
     FROM named n
       LEFT JOIN conversations c ON c.uid = $2 AND c.conversation = n.conversation
       LEFT JOIN history_starts h ON h.uid = $2 AND h.conversation = n.conversation`,
    appId,
    uid,
    groupsMax,
  )
}

/** Of the newest messages after the id `after`, `limit` at most, how many are from others and not removed by the user. */
export async function countUnread(
  sql: Sql,
  place: { readonly appId: number; readonly uid: number; readonly conversation: string },
  username: string,
  after: number,
  limit: number,
): Promise<number> {
  const row = await sql.one<{ count: number }>(
    `SELECT COUNT(*) AS count FROM
       (SELECT m.msg_id, m.sender FROM messages m WHERE m.app_id = $1 AND m.conversation = $2 AND m.msg_id > $3
        ORDER BY m.msg_id DESC LIMIT $4) AS newest
     WHERE newest.sender <> $5
       AND NOT EXISTS (SELECT 1 FROM history_hidden h WHERE h.uid = $6 AND h.msg_id = newest.msg_id)`,
    place.appId,
    place.conversation,
    after,
    limit,
    username,
    place.uid,
  )
  return row!.count
}

/**
 * Begins a conversation, where it is not there yet.
 * @param readThrough a message id: what was said before counts as read
 * @returns whether it was not
 */
export async function openConversation(
  sql: Sql,
  uid: number,
  conversation: string,
  readThrough: number,
): Promise<boolean> {
  const opened = await sql.run(
    `INSERT INTO conversations (uid, conversation, read_through, removed_through, pinned_at, marks)
     VALUES ($1, $2, $3, 0, 0, 0) ON CONFLICT (uid, conversation) DO NOTHING`,
    uid,
    conversation,
    readThrough,
  )
  return opened > 0
}

const withUsers = `uid = $1 AND conversation >= 'u:' AND conversation < 'u;'`

/**
 * More conversations with users than `most`? Then those that have been silent longest go, down to `kept`.
 * @param except one that stays: it has just begun
 * @returns how many went
 */
export async function cutConversations(
  sql: Sql,
  appId: number,
  uid: number,
  { most, kept, except }: { readonly most: number; readonly kept: number; readonly except: string },
): Promise<number> {
  const row = await sql.one(
    `SELECT uid FROM conversations WHERE ${withUsers} ORDER BY conversation LIMIT 1 OFFSET $2`,
    uid,
    most,
  )
  if (!row) return 0
  return sql.run(
    `DELETE FROM conversations WHERE uid = $1 AND conversation IN
       (SELECT c.conversation FROM conversations c
        WHERE c.uid = $1 AND c.conversation >= 'u:' AND c.conversation < 'u;' AND c.conversation <> $5
        ORDER BY CASE WHEN c.pinned_at > 0 OR c.marks > 0 THEN 1 ELSE 0 END DESC,
          COALESCE((SELECT MAX(m.msg_id) FROM messages m
            WHERE m.app_id = $2 AND m.conversation = c.conversation), 0) DESC
        LIMIT $4 OFFSET $3)`,
    uid,
    appId,
    kept - 1,
    most + 1,
    except,
  )
}

export async function findConversation(
  sql: Sql,
  uid: number,
  conversation: string,
): Promise<{ readonly pinnedAt: number; readonly marks: number } | undefined> {
  return sql.one(
    'SELECT pinned_at AS "pinnedAt", marks FROM conversations WHERE uid = $1 AND conversation = $2',
    uid,
    conversation,
  )
}

/** Moves on, never back; nothing where the conversation has no row. */
export async function readConversation(
  sql: Sql,
  uid: number,
  conversation: string,
  through: number,
): Promise<void> {
  await sql.run(
    `UPDATE conversations SET read_through = $1 WHERE uid = $2 AND conversation = $3 AND read_through < $1`,
    through,
    uid,
    conversation,
  )
}

/** @param pinnedAt epoch ms; 0 = no longer */
export async function pinConversation(
  sql: Sql,
  uid: number,
  conversation: string,
  pinnedAt: number,
): Promise<void> {
  await sql.run(
    'UPDATE conversations SET pinned_at = $1 WHERE uid = $2 AND conversation = $3',
    pinnedAt,
    uid,
    conversation,
  )
}

/** @param marks a bit a mark */
export async function markConversation(
  sql: Sql,
  uid: number,
  conversation: string,
  marks: number,
): Promise<void> {
  await sql.run(
    'UPDATE conversations SET marks = $1 WHERE uid = $2 AND conversation = $3',
    marks,
    uid,
    conversation,
  )
}

/** Off the list, until something is said after the id `through`; nothing where the conversation has no row. */
export async function removeConversation(
  sql: Sql,
  uid: number,
  conversation: string,
  through: number,
): Promise<void> {
  await sql.run(
    `UPDATE conversations SET removed_through = $1, read_through = $1, pinned_at = 0, marks = 0
     WHERE uid = $2 AND conversation = $3`,
    through,
    uid,
    conversation,
  )
}

/** For a user that is in a group no longer. */
export async function dropConversation(sql: Sql, uid: number, groupId: number): Promise<void> {
  await sql.run('DELETE FROM conversations WHERE uid = $1 AND conversation = $2', uid, `g:${groupId}`)
}

/** For the next `limit` members of a group, by uid. */
export async function dropConversationsOfMembers(sql: Sql, groupId: number, limit: number): Promise<void> {
  await sql.run(
    `DELETE FROM conversations WHERE conversation = $1 AND uid IN
       (SELECT uid FROM group_members WHERE group_id = $2 ORDER BY uid LIMIT $3)`,
    `g:${groupId}`,
    groupId,
    limit,
  )
}

/** @returns how many rows */
export function forgetConversations(sql: Sql, uid: number): Promise<number> {
  return sql.run('DELETE FROM conversations WHERE uid = $1', uid)
}
