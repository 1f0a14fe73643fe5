// The two lists of a group or room: whom it bars, and who may speak while all others are silent.
import type { GroupList, GroupRoleOperations, ListChange } from '../contract/operations/group-roles.ts'
import type { GroupEventName } from '../contract/operations/notices.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { deleteRole, hasRole, listRole, putRole } from '../store/group-roles.ts'
import type { GroupRow } from '../store/groups.ts'
import { findUser, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { leave } from './group-membership.ts'
import { lastPlace, readCursor, toCursor } from './group-places.ts'
import { checkTarget, findMemberUser, getGroupFor, getMemberUser } from './group-rights.ts'
import { tellStaff } from './group-role-events.ts'
import { type Handlers, reads, writes } from './handler.ts'

type ListOperation = Extract<keyof GroupRoleOperations, `group_list.${string}`>

const events = {
  blocked: { added: 'blocked', removed: 'unblocked' },
  allowed: { added: 'allowed', removed: 'disallowed' },
} as const satisfies Record<GroupList, { added: GroupEventName; removed: GroupEventName }>

export const groupListHandlers: Handlers<ListOperation> = {
  'group_list.get': reads(async (call, { list, limit, cursor, ...ref }, sql) => {
    const { groupId } = await getGroupFor(call, sql, 'run', ref)
    const [since, uid] = readCursor(cursor) ?? lastPlace
    const rows = await listRole(sql, groupId, list, call.now, { since, uid }, limit + 1)
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return {
      usernames: shown.map(({ username }) => username),
      ...(last && { next: toCursor([last.since, last.uid]) }),
    }
  }),

  'group_list.has': reads(async (call, { list, user: text, ...ref }, sql) => {
    const user = await findUser(sql, call.app.appId, text)
    const { principal } = call
    const isOwn = principal.is === 'user' && principal.uid === user?.uid
    const { groupId } = await getGroupFor(call, sql, isOwn ? 'see' : 'run', ref)
    const isListed = user !== undefined && (await hasRole(sql, groupId, user.uid, list, call.now))
    return { username: user?.username ?? text, isListed }
  }),

  'group_list.add_one': writes(async (call, { list, user: text, ...ref }, sql) => {
    const group = await getGroupFor(call, sql, 'run', ref)
    const user = await getMemberUser(call, sql, group, text)
    await put(call, sql, group, list, [user])
    return { username: user.username }
  }),

  'group_list.add': writes(async (call, { list, users: texts, ...ref }, sql) => {
    const group = await getGroupFor(call, sql, 'run', ref)
    const members = new Map<number, UserRow>()
    const changes = new Map<string, ListChange>()
    for (const text of texts) {
      const member = await findMemberUser(call, sql, group, text)
      if (member) members.set(member.uid, member)
      const user = member?.username ?? text
      changes.set(user, { user, isDone: member !== undefined })
    }
    await put(call, sql, group, list, [...members.values()])
    return { changes: [...changes.values()] }
  }),

  'group_list.remove': writes(async (call, { list, users: texts, ...ref }, sql) => {
    const group = await getGroupFor(call, sql, 'run', ref)
    const usernames = new Set<string>()
    const removed: UserRow[] = []
    for (const text of texts) {
      const user = await findUser(sql, call.app.appId, text)
      usernames.add(user?.username ?? text)
      if (user && (await deleteRole(sql, group.groupId, user.uid, list))) removed.push(user)
    }
    await tellStaff(call, sql, group, events[list].removed, removed)
    return { usernames: [...usernames] }
  }),
}

async function put(
  call: Call,
  sql: Sql,
  group: GroupRow,
  list: GroupList,
  members: readonly UserRow[],
): Promise<void> {
  if (members.length === 0) return
  for (const user of members) {
    // Whom an admin may not send away it may allow to speak.
    if (list === 'blocked') await checkTarget(call, sql, group, user)
    else if (user.uid === group.ownerUid) throw new Refusal('owner_protected')
  }
  const added: UserRow[] = []
  for (const user of members) {
    if (!(await hasRole(sql, group.groupId, user.uid, list, call.now))) added.push(user)
    await putRole(sql, group.groupId, user.uid, list, call.now)
  }
  if (list === 'blocked') await leave(call, sql, group, members)
  await tellStaff(call, sql, group, events[list].added, added)
}
