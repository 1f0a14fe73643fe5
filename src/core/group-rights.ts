// What a user may do in a group or room with its own token. The app's server may do everything.
import type { GroupRef } from '../contract/operations/groups.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { isMember } from '../store/group-members.ts'
import { hasRole } from '../store/group-roles.ts'
import type { GroupRow } from '../store/groups.ts'
import { isSuperAdmin } from '../store/super-admins.ts'
import { findUser, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { getGroup } from './group-lookup.ts'

/** `see`: every member; `run`: the owner and the admins, a room's super admins too; `own`: the owner. */
export type GroupRight = 'see' | 'run' | 'own'

/** @throws Refusal `group_unknown`, `group_right_missing` */
export async function getGroupFor(call: Call, sql: Sql, right: GroupRight, ref: GroupRef): Promise<GroupRow> {
  const group = await getGroup(call, sql, ref)
  if (!(await hasRight(call, sql, right, group))) throw new Refusal('group_right_missing')
  return group
}

export async function hasRight(
  { principal, now }: Call,
  sql: Sql,
  right: GroupRight,
  { groupId, ownerUid, kind }: GroupRow,
): Promise<boolean> {
  if (principal.is !== 'user' || principal.uid === ownerUid) return true
  if (right === 'own') return false
  if (kind === 'room' && (await isSuperAdmin(sql, principal.uid))) return true
  if (right === 'see') return isMember(sql, groupId, principal.uid)
  return hasRole(sql, groupId, principal.uid, 'admin', now)
}

/**
 * Nobody acts on the owner, and an admin on no admin; a super admin does.
 * @throws Refusal `owner_protected`, `group_right_missing`
 */
export async function checkTarget(
  call: Call,
  sql: Sql,
  { groupId, ownerUid, kind }: GroupRow,
  { uid }: UserRow,
): Promise<void> {
  if (uid === ownerUid) throw new Refusal('owner_protected')
  const { principal, now } = call
  if (principal.is !== 'user' || principal.uid === ownerUid) return
  if (kind === 'room' && (await isSuperAdmin(sql, principal.uid))) return
  if (await hasRole(sql, groupId, uid, 'admin', now)) throw new Refusal('group_right_missing')
}

/** The member that a text names, by username or uuid. */
export async function findMemberUser(
  call: Call,
  sql: Sql,
  { groupId }: GroupRow,
  text: string,
): Promise<UserRow | undefined> {
  const user = await findUser(sql, call.app.appId, text)
  return user && (await isMember(sql, groupId, user.uid)) ? user : undefined
}

/** @throws Refusal `role_member_absent` */
export async function getMemberUser(call: Call, sql: Sql, group: GroupRow, text: string): Promise<UserRow> {
  const user = await findMemberUser(call, sql, group, text)
  if (!user) throw new Refusal('role_member_absent', { username: text, group: String(group.groupId) })
  return user
}

/** @throws Refusal `member_blocked` naming the first of the users whom the group bars */
export async function checkNotBlocked(
  call: Call,
  sql: Sql,
  { groupId }: GroupRow,
  users: readonly UserRow[],
): Promise<void> {
  for (const { uid, username } of users)
    if (await hasRole(sql, groupId, uid, 'blocked', call.now))
      throw new Refusal('member_blocked', { username, group: String(groupId) })
}
