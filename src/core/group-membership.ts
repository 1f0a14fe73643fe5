// Who is in which group or room: listing, adding, removing. A room takes whoever is in it already without a word, a
// group refuses (easemob.md §6.33). The count of a group always equals its list, and never passes its maximum.
import type { FailureId } from '../contract/failures.ts'
import type {
  Group,
  GroupOperations,
  GroupRef,
  Member,
  MemberRole,
  Removal,
} from '../contract/operations/groups.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import {
  addMembers,
  countJoined,
  isMember,
  listMemberIds,
  listMembers,
  type MemberRow,
  removeMembers,
} from '../store/group-members.ts'
import { dropGroupRequests } from '../store/group-requests.ts'
import { hasRole, listAdminIds } from '../store/group-roles.ts'
import { type GroupRow, listJoinedGroups } from '../store/groups.ts'
import { findUser, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { tellOfLeavers, tellOfNewcomers } from './group-events.ts'
import { checkUserLimits } from './group-limits.ts'
import { getGroup, getUsers, toGroup } from './group-lookup.ts'
import { firstPlace, lastPlace, readCursor, toCursor } from './group-places.ts'
import { checkNotBlocked, checkTarget, getGroupFor } from './group-rights.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { dropAttributesOf } from './room-attributes.ts'

type MembershipOperation =
  | 'group.members'
  | 'group.plain_members'
  | 'group.has_member'
  | 'group.add_member'
  | 'group.add_members'
  | 'group.remove_member'
  | 'group.remove_members'
  | 'group.join_many'
  | 'group.joined'

export const membershipHandlers: Handlers<Extract<keyof GroupOperations, MembershipOperation>> = {
  'group.members': reads(async (call, args, sql) => {
    const group = await getReadableGroup(call, sql, args)
    const { limit } = args
    const members = await readMembers(sql, group, { ...args, limit: limit + 1 })
    const page = members.slice(0, limit)
    const last = members.length > limit ? page.at(-1) : undefined
    return {
      members: page.map(({ uid: _, ...member }) => member),
      ...(last && { next: toCursor([last.joinedAt, last.uid]) }),
    }
  }),

  'group.plain_members': reads(async (call, { cursor, limit, order, ...ref }, sql) => {
    const { groupId, ownerUid } = await getReadableGroup(call, sql, ref)
    const [joinedAt, uid] = readCursor(cursor) ?? (order === 'oldest_first' ? firstPlace : lastPlace)
    const rows = await listMembers(sql, groupId, {
      order,
      after: { joinedAt, uid },
      offset: 0,
      limit: limit + 1,
      except: ownerUid,
    })
    const members = rows.slice(0, limit)
    const last = members.at(-1)
    const hasMore = rows.length > limit && last
    return {
      usernames: members.map(({ username }) => username),
      ...(hasMore && { next: toCursor([last.joinedAt, last.uid]) }),
    }
  }),

  'group.has_member': reads(async (call, { user: text, ...ref }, sql) => {
    const { groupId } = await getReadableGroup(call, sql, ref)
    const user = await findUser(sql, call.app.appId, text)
    return { isMember: user !== undefined && (await isMember(sql, groupId, user.uid)) }
  }),

  'group.add_member': writes(async (call, { user: text, ...ref }, sql) => {
    const group = await getGroupFor(call, sql, 'run', ref)
    const user = await findUser(sql, call.app.appId, text)
    if (!user) throw new Refusal('single_member_unknown', { username: text })
    await join(call, sql, group, [user])
    return { username: user.username }
  }),

  'group.add_members': writes(async (call, { usernames, isSilent, ...ref }, sql) => {
    const group = await getGroupFor(call, sql, 'run', ref)
    const users = await getUsers(call, sql, usernames)
    const joined = await (isSilent ? joinSilently : join)(call, sql, group, users)
    return { added: joined.map(({ username }) => username) }
  }),

  'group.remove_member': writes(async (call, { user: text, ...ref }, sql) => {
    const group = await getGroupFor(call, sql, 'run', ref)
    const member = await findMember(call, sql, group, text)
    if (!member) throw new Refusal('member_absent', { username: text })
    await checkTarget(call, sql, group, member)
    await leave(call, sql, group, [member])
    return { username: member.username }
  }),

  'group.remove_members': writes(async (call, { users, ...ref }, sql) => {
    const group = await getGroupFor(call, sql, 'run', ref)
    const members = new Map<number, UserRow>()
    const removals = new Map<string, Removal>()
    for (const text of users) {
      const member = await findMember(call, sql, group, text)
      if (member) await checkTarget(call, sql, group, member)
      if (member) members.set(member.uid, member)
      const user = member?.username ?? text
      removals.set(user, { user, isRemoved: member !== undefined })
    }
    if (members.size === 0) throw new Refusal('member_absent', { username: users.join(', ') })
    await leave(call, sql, group, [...members.values()])
    return { removals: [...removals.values()] }
  }),

  'group.join_many': writes(async (call, { user: text, groups }, sql) => {
    const user = await findUser(sql, call.app.appId, text)
    if (!user) throw new Refusal('user_unknown')
    const joined: { group: string; isMember: boolean }[] = []
    for (const group of new Set(groups))
      joined.push({ group, isMember: await putInto(call, sql, group, user) })
    return { joined }
  }),

  'group.joined': reads(async (call, { kind, user: text, offset, limit, withRoles = false }, sql) => {
    const user = await findUser(sql, call.app.appId, text)
    if (!user) throw new Refusal('user_unknown')
    const rows = await listJoinedGroups(sql, user.uid, kind, offset, limit)
    const groups: (Group & { role?: MemberRole })[] = []
    for (const row of rows)
      groups.push({
        ...toGroup(row),
        ...(withRoles && { role: await roleOf(sql, row, user.uid, call.now) }),
      })
    return { groups, total: await countJoined(sql, user.uid, kind) }
  }),
}

/** Members of a group, the owner among them. */
export async function readMembers(
  sql: Sql,
  { groupId, ownerUid }: GroupRow,
  page: Pick<GroupOperations['group.members']['args'], 'order' | 'offset' | 'limit' | 'cursor'>,
): Promise<(Member & Pick<MemberRow, 'uid'>)[]> {
  const { order, offset, limit, cursor } = page
  const [joinedAt, uid] = readCursor(cursor) ?? (order === 'oldest_first' ? firstPlace : lastPlace)
  const rows = await listMembers(sql, groupId, { order, offset, limit, after: { joinedAt, uid }, except: 0 })
  const admins = new Set(await listAdminIds(sql, groupId))
  return rows.map(({ uid: member, username, joinedAt: at }) => ({
    uid: member,
    username,
    joinedAt: at,
    role: member === ownerUid ? 'owner' : admins.has(member) ? 'admin' : 'member',
  }))
}

/** Members of a room are no secret, those of a group are told to members. */
function getReadableGroup(call: Call, sql: Sql, ref: GroupRef): Promise<GroupRow> {
  return ref.kind === 'room' ? getGroup(call, sql, ref) : getGroupFor(call, sql, 'see', ref)
}

async function roleOf(
  sql: Sql,
  { groupId, ownerUid }: GroupRow,
  uid: number,
  now: number,
): Promise<MemberRole> {
  if (uid === ownerUid) return 'owner'
  return (await hasRole(sql, groupId, uid, 'admin', now)) ? 'admin' : 'member'
}

/** As `joinSilently`, and whoever is there is told. @param isOwnWill they come, and are not put there */
export async function join(
  call: Call,
  sql: Sql,
  group: GroupRow,
  users: readonly UserRow[],
  isOwnWill = false,
): Promise<UserRow[]> {
  const newcomers = await joinSilently(call, sql, group, users)
  if (newcomers.length > 0) await tellOfNewcomers(call, sql, group, newcomers, isOwnWill)
  return newcomers
}

/** Checks everything before it writes. @returns those who were no members before */
async function joinSilently(
  call: Call,
  sql: Sql,
  group: GroupRow,
  users: readonly UserRow[],
): Promise<UserRow[]> {
  const { groupId, kind } = group
  const newcomers: UserRow[] = []
  for (const user of users) if (!(await isMember(sql, groupId, user.uid))) newcomers.push(user)
  if (newcomers.length === 0) {
    const [first] = users
    if (!first || kind === 'room') return []
    throw new Refusal('member_already', { username: first.username, group: String(groupId) })
  }
  await checkMayJoin(call, sql, group, newcomers)
  const uids = newcomers.map(({ uid }) => uid)
  if (!(await addMembers(sql, group, uids, call.now))) throw new Refusal('group_full')
  if (kind === 'room') hear(call, group, uids)
  for (const uid of uids) await dropGroupRequests(sql, groupId, uid)
  return newcomers
}

const keepingOut: ReadonlySet<FailureId> = new Set([
  'group_unknown',
  'member_blocked',
  'user_groups_too_many',
  'group_full',
])

/** @returns whether the user is in the group now: what keeps it out is found before anything is written */
async function putInto(call: Call, sql: Sql, text: string, user: UserRow): Promise<boolean> {
  try {
    const group = await getGroup(call, sql, { kind: 'group', group: text })
    if (!(await isMember(sql, group.groupId, user.uid))) await join(call, sql, group, [user])
    return true
  } catch (error) {
    if (error instanceof Refusal && keepingOut.has(error.id)) return false
    throw error
  }
}

/** @throws Refusal `member_blocked`, `user_groups_too_many`, `group_full` */
export async function checkMayJoin(
  call: Call,
  sql: Sql,
  group: GroupRow,
  newcomers: readonly UserRow[],
): Promise<void> {
  await checkNotBlocked(call, sql, group, newcomers)
  await checkUserLimits(call, sql, group.kind, newcomers)
  if (group.memberCount + newcomers.length > group.maxUsers) throw new Refusal('group_full')
}

/** Before one who may be in a room already leaves others for it. @throws Refusal `member_blocked`, `group_full` */
export async function checkTakes(call: Call, sql: Sql, room: GroupRow, user: UserRow): Promise<void> {
  if (await isMember(sql, room.groupId, user.uid)) return
  await checkNotBlocked(call, sql, room, [user])
  if (room.memberCount >= room.maxUsers) throw new Refusal('group_full')
}

/** A user goes into a room by itself. @throws Refusal `user_groups_too_many`, `group_full` */
export async function joinRoom(call: Call, sql: Sql, room: GroupRow, user: UserRow): Promise<void> {
  const joined = await join(call, sql, room, [user], true)
  // Its other devices hear the room already; the one that asks may not.
  if (joined.length === 0) hear(call, room, [user.uid])
}

/** The room is no more: nobody hears it. */
export async function silence(call: Call, sql: Sql, { groupId }: Pick<GroupRow, 'groupId'>): Promise<void> {
  const members = await listMemberIds(sql, groupId)
  const users = members.filter(uid => call.world.onlineUsers.has(uid))
  if (users.length > 0) call.wake({ kind: 'room_members', room: String(groupId), users, areIn: false })
}

/** Sessions of these users hear the room from now on. */
function hear(call: Call, { groupId }: GroupRow, users: readonly number[]): void {
  call.wake({ kind: 'room_members', room: String(groupId), users, areIn: true, from: call.world.ids.last })
}

/** @param isOwnWill they go, and are not sent */
export async function leave(
  call: Call,
  sql: Sql,
  group: GroupRow,
  users: readonly UserRow[],
  isOwnWill = false,
): Promise<void> {
  const { groupId, kind } = group
  const uids = users.map(({ uid }) => uid)
  await removeMembers(sql, groupId, uids)
  if (kind === 'room') call.wake({ kind: 'room_members', room: String(groupId), users: uids, areIn: false })
  if (kind === 'room') await dropAttributesOf(call, sql, group, users)
  await tellOfLeavers(call, sql, group, users, isOwnWill)
}

/** @throws Refusal `owner_protected` */
async function findMember(call: Call, sql: Sql, group: GroupRow, text: string): Promise<UserRow | undefined> {
  const user = await findUser(sql, call.app.appId, text)
  if (!user) return undefined
  if (user.uid === group.ownerUid) throw new Refusal('owner_protected')
  return (await isMember(sql, group.groupId, user.uid)) ? user : undefined
}
