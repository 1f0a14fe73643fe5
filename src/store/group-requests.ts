// Who has asked to join a group and who has been invited to one, until it is answered. An inviter of 0 = the user has
// asked by itself.
import type { Sql } from './db.ts'

/** Keeps the newest that the group has, and the newest that the user has. */
export async function putGroupRequest(
  sql: Sql,
  request: { readonly groupId: number; readonly uid: number; readonly inviterUid: number },
  askedAt: number,
  most: { readonly ofGroup: number; readonly ofUser: number },
): Promise<void> {
  const { groupId, uid, inviterUid } = request
  await sql.run(
    `INSERT INTO group_requests (group_id, uid, inviter_uid, asked_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (group_id, uid, inviter_uid) DO UPDATE SET asked_at = excluded.asked_at`,
    groupId,
    uid,
    inviterUid,
    askedAt,
  )
  await sql.run(
    `DELETE FROM group_requests WHERE (group_id, uid, inviter_uid) IN
       (SELECT group_id, uid, inviter_uid FROM group_requests WHERE group_id = $1
        ORDER BY asked_at DESC, uid DESC, inviter_uid DESC LIMIT 1 OFFSET $2)`,
    groupId,
    most.ofGroup,
  )
  await sql.run(
    `DELETE FROM group_requests WHERE (group_id, uid, inviter_uid) IN
       (SELECT group_id, uid, inviter_uid FROM group_requests WHERE uid = $1
        ORDER BY asked_at DESC, group_id DESC, inviter_uid DESC LIMIT 1 OFFSET $2)`,
    uid,
    most.ofUser,
  )
}

/** Has the user asked to join? */
export async function hasApplied(sql: Sql, groupId: number, uid: number): Promise<boolean> {
  const row = await sql.one(
    'SELECT uid FROM group_requests WHERE group_id = $1 AND uid = $2 AND inviter_uid = 0',
    groupId,
    uid,
  )
  return row !== undefined
}

export async function dropApplication(sql: Sql, groupId: number, uid: number): Promise<void> {
  await sql.run(
    'DELETE FROM group_requests WHERE group_id = $1 AND uid = $2 AND inviter_uid = 0',
    groupId,
    uid,
  )
}

/** @returns the uid of who has invited the user last */
export async function findInviter(sql: Sql, groupId: number, uid: number): Promise<number | undefined> {
  const row = await sql.one<{ inviterUid: number }>(
    `SELECT inviter_uid AS "inviterUid" FROM group_requests
     WHERE group_id = $1 AND uid = $2 AND inviter_uid > 0 ORDER BY asked_at DESC LIMIT 1`,
    groupId,
    uid,
  )
  return row?.inviterUid
}

export async function dropInvitations(sql: Sql, groupId: number, uid: number): Promise<void> {
  await sql.run(
    'DELETE FROM group_requests WHERE group_id = $1 AND uid = $2 AND inviter_uid > 0',
    groupId,
    uid,
  )
}

/** The user is a member: nothing is left to answer. */
export async function dropGroupRequests(sql: Sql, groupId: number, uid: number): Promise<void> {
  await sql.run('DELETE FROM group_requests WHERE group_id = $1 AND uid = $2', groupId, uid)
}

/** For one who is no member any more: whom it has invited is invited no longer. */
export async function withdrawInvitations(sql: Sql, groupId: number, inviterUid: number): Promise<void> {
  await sql.run('DELETE FROM group_requests WHERE inviter_uid = $1 AND group_id = $2', inviterUid, groupId)
}

/** What a user has been asked, and what it has asked others. @returns how many rows went, `limit` at most */
export async function forgetGroupRequests(sql: Sql, uid: number, limit: number): Promise<number> {
  let removed = 0
  for (const column of ['uid', 'inviter_uid'])
    removed += await sql.run(
      `DELETE FROM group_requests WHERE (group_id, uid, inviter_uid) IN
         (SELECT group_id, uid, inviter_uid FROM group_requests WHERE ${column} = $1 LIMIT $2)`,
      uid,
      limit - removed,
    )
  return removed
}

/** For a dissolved group. @returns how many rows went, `limit` at most */
export function removeRequestsOfGroup(sql: Sql, groupId: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM group_requests WHERE (group_id, uid, inviter_uid) IN
       (SELECT group_id, uid, inviter_uid FROM group_requests WHERE group_id = $1 LIMIT $2)`,
    groupId,
    limit,
  )
}
