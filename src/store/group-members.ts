// Who is in which group or room, the owner included. Whoever adds or removes members counts them in
// `groups.member_count` in the same transaction.
import { dropConversation, dropConversationsOfMembers } from './conversations.ts'
import type { Sql } from './db.ts'
import { removeFilesOfGroup } from './files.ts'
import { dropMemberAttributes, forgetMemberAttributes, removeAttributesOfGroup } from './group-attributes.ts'
import { removeRequestsOfGroup, withdrawInvitations } from './group-requests.ts'
import { dropMemberRoles, forgetRoles, removeRolesOfGroup } from './group-roles.ts'
import type { GroupRow, StoredKind } from './groups.ts'
import { leaveThreads, removeThreadsOfGroup } from './threads.ts'

export interface MemberRow {
  readonly uid: number
  readonly username: string
  readonly joinedAt: number
}

/** Where a page of members goes on: after the one who joined at this moment under this uid. */
export interface MemberPlace {
  readonly joinedAt: number
  readonly uid: number
}

export interface MemberPage {
  readonly order: 'oldest_first' | 'newest_first'
  readonly after: MemberPlace
  readonly offset: number
  readonly limit: number
  /** A uid that is not listed; 0 = nobody. */
  readonly except: number
}

export async function isMember(sql: Sql, groupId: number, uid: number): Promise<boolean> {
  const row = await sql.one('SELECT uid FROM group_members WHERE group_id = $1 AND uid = $2', groupId, uid)
  return row !== undefined
}

/** Does a member get what is said? @returns false for no member too */
export async function isHearing(sql: Sql, groupId: number, uid: number): Promise<boolean> {
  const row = await sql.one<{ isShielded: number }>(
    'SELECT is_shielded AS "isShielded" FROM group_members WHERE group_id = $1 AND uid = $2',
    groupId,
    uid,
  )
  return row?.isShielded === 0
}

export async function setShielded(
  sql: Sql,
  groupId: number,
  uid: number,
  isShielded: boolean,
): Promise<void> {
  await sql.run(
    'UPDATE group_members SET is_shielded = $1 WHERE group_id = $2 AND uid = $3',
    Number(isShielded),
    groupId,
    uid,
  )
}

/** The uids of all members. */
export async function listMemberIds(sql: Sql, groupId: number): Promise<number[]> {
  const rows = await sql.all<{ uid: number }>('SELECT uid FROM group_members WHERE group_id = $1', groupId)
  return rows.map(({ uid }) => uid)
}

/** Members without a live session, who are to hear what is said all the same. */
export function listAbsentMembers(
  sql: Sql,
  groupId: number,
): Promise<{ readonly uid: number; readonly username: string }[]> {
  return sql.all(
    `SELECT m.uid, u.username FROM group_members m JOIN users u ON u.uid = m.uid
     WHERE m.group_id = $1 AND m.is_shielded = 0
       AND NOT EXISTS (SELECT 1 FROM user_devices d WHERE d.uid = m.uid AND d.session IS NOT NULL)`,
    groupId,
  )
}

export function listMembers(sql: Sql, groupId: number, page: MemberPage): Promise<MemberRow[]> {
  const isOldestFirst = page.order === 'oldest_first'
  const direction = isOldestFirst ? '' : ' DESC'
  return sql.all<MemberRow>(
    `SELECT m.uid, u.username, m.joined_at AS "joinedAt" FROM group_members m JOIN users u ON u.uid = m.uid
     WHERE m.group_id = $1 AND (m.joined_at, m.uid) ${isOldestFirst ? '>' : '<'} ($2, $3) AND m.uid <> $4
     ORDER BY m.joined_at${direction}, m.uid${direction} LIMIT $5 OFFSET $6`,
    groupId,
    page.after.joinedAt,
    page.after.uid,
    page.except,
    page.limit,
    page.offset,
  )
}

/** How many groups or rooms a user is in; memberships of dissolved ones that are still there do not count. */
export async function countJoined(sql: Sql, uid: number, kind: StoredKind): Promise<number> {
  const row = await sql.one<{ count: number }>(
    `SELECT COUNT(*) AS count FROM group_members m JOIN groups g ON g.group_id = m.group_id
     WHERE m.uid = $1 AND m.kind = $2`,
    uid,
    kind,
  )
  return row!.count
}

/** Is a user in `count` groups or rooms at least? Counts those that are dissolved as long as they are there. */
export async function hasMemberships(
  sql: Sql,
  uid: number,
  kind: StoredKind,
  count: number,
): Promise<boolean> {
  const row = await sql.one(
    'SELECT uid FROM group_members WHERE uid = $1 AND kind = $2 LIMIT 1 OFFSET $3',
    uid,
    kind,
    count - 1,
  )
  return row !== undefined
}

/** Adds users of whom none is a member yet, and counts them. @returns false when there is no room for them */
export async function addMembers(
  sql: Sql,
  { groupId, kind }: GroupRow,
  uids: readonly number[],
  joinedAt: number,
): Promise<boolean> {
  const hasRoom = await sql.run(
    `UPDATE groups SET member_count = member_count + $1
     WHERE group_id = $2 AND member_count + $1 <= max_users`,
    uids.length,
    groupId,
  )
  if (hasRoom === 0) return false
  await insertMembers(sql, groupId, kind, uids, joinedAt)
  return true
}

/** Adds members to a group whose count includes them already. */
export async function insertMembers(
  sql: Sql,
  groupId: number,
  kind: StoredKind,
  uids: readonly number[],
  joinedAt: number,
): Promise<void> {
  for (const uid of uids) {
    await sql.run(
      'INSERT INTO group_members (group_id, uid, kind, joined_at) VALUES ($1, $2, $3, $4)',
      groupId,
      uid,
      kind,
      joinedAt,
    )
  }
}

/** Removes those of the users who are members, and counts them. */
export async function removeMembers(sql: Sql, groupId: number, uids: readonly number[]): Promise<void> {
  let count = 0
  for (const uid of uids) {
    count += await sql.run('DELETE FROM group_members WHERE group_id = $1 AND uid = $2', groupId, uid)
    await dropMemberRoles(sql, groupId, uid)
    await dropMemberAttributes(sql, groupId, uid)
    await withdrawInvitations(sql, groupId, uid)
    await leaveThreads(sql, groupId, uid)
    await dropConversation(sql, uid, groupId)
  }
  await sql.run('UPDATE groups SET member_count = member_count - $1 WHERE group_id = $2', count, groupId)
}

/** Takes a user out of every group and room. */
export async function forgetMemberships(sql: Sql, uid: number): Promise<void> {
  await sql.run(
    `UPDATE groups SET member_count = member_count - 1
     WHERE group_id IN (SELECT group_id FROM group_members WHERE uid = $1)`,
    uid,
  )
  await sql.run('DELETE FROM group_members WHERE uid = $1', uid)
  await forgetRoles(sql, uid)
  await forgetMemberAttributes(sql, uid)
}

/** What a group has beside members. */
const belongings = [
  removeFilesOfGroup,
  removeRolesOfGroup,
  removeAttributesOfGroup,
  removeRequestsOfGroup,
  removeThreadsOfGroup,
]

/** Deletes up to `limit` members and belongings of one dissolved group, and forgets the group once it has none. */
export async function deleteDissolvedMembers(sql: Sql, limit: number): Promise<'more' | 'done'> {
  const row = await sql.one<{ groupId: number }>(
    'SELECT group_id AS "groupId" FROM dissolved_groups ORDER BY group_id LIMIT 1',
  )
  if (!row) return 'done'
  for (const remove of [...belongings, deleteMembers])
    if ((await remove(sql, row.groupId, limit)) >= limit) return 'more'
  await forgetDissolved(sql, row.groupId)
  return 'more'
}

/** Deletes what a dissolved group has left, so that its id can be used again; does nothing for any other id. */
export async function clearDissolved(sql: Sql, groupId: number, membersMax: number): Promise<void> {
  if (!(await sql.one('SELECT group_id FROM dissolved_groups WHERE group_id = $1', groupId))) return
  await deleteMembers(sql, groupId, membersMax)
  for (const remove of belongings) while ((await remove(sql, groupId, membersMax)) === membersMax);
  await forgetDissolved(sql, groupId)
}

async function deleteMembers(sql: Sql, groupId: number, limit: number): Promise<number> {
  await dropConversationsOfMembers(sql, groupId, limit)
  return sql.run(
    `DELETE FROM group_members WHERE group_id = $1 AND uid IN
       (SELECT uid FROM group_members WHERE group_id = $1 ORDER BY uid LIMIT $2)`,
    groupId,
    limit,
  )
}

async function forgetDissolved(sql: Sql, groupId: number): Promise<void> {
  await sql.run('DELETE FROM dissolved_groups WHERE group_id = $1', groupId)
}
