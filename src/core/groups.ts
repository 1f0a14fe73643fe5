// Groups and chat rooms: making, showing, changing and dissolving them. Who is in them is group-membership.ts.
import { easemobLimits } from '../contract/limits.ts'
import type { GroupKind, GroupOperations, GroupSettings, NewGroup } from '../contract/operations/groups.ts'
import type { Result } from '../contract/operations.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { clearDissolved, insertMembers, isHearing, isMember } from '../store/group-members.ts'
import { dropAllRoles } from '../store/group-roles.ts'
import {
  dissolveAbandoned,
  dissolveGroup,
  findOwnedGroup,
  type GroupRow,
  insertGroup,
  isGroupIdTaken,
  listGroups,
  updateGroup,
} from '../store/groups.ts'
import { findUserById, findUserByName } from '../store/users.ts'
import { checkGroupName } from './blocked-words.ts'
import type { Call } from './call.ts'
import { callBackOfGroup } from './callback-events.ts'
import { tellMembers, tellUsers } from './group-events.ts'
import { checkAppLimit, checkUserLimits } from './group-limits.ts'
import { getGroup, getUsers, toColumns, toGroup, toGroupId, toSettings } from './group-lookup.ts'
import { membershipHandlers, readMembers, silence } from './group-membership.ts'
import { lastPlace, readCursor, toCursor } from './group-places.ts'
import { invite } from './group-requests.ts'
import { getGroupFor, hasRight } from './group-rights.ts'
import { type Handlers, reads, writes } from './handler.ts'

export const groupHandlers: Handlers<keyof GroupOperations> = {
  'group.create': writes(async (call, wanted, sql) => ({ groupId: String(await create(call, wanted, sql)) })),

  'group.list': reads(async (call, { kind, limit, cursor, offset = 0, isPublic = false }, sql) => {
    const most = limitOf(call, limit)
    const [createdAt, groupId] = readCursor(cursor) ?? lastPlace
    const place = { createdAt, groupId, offset }
    const rows = await listGroups(sql, call.app.appId, kind, place, most + 1, isPublic)
    const groups = rows.slice(0, most)
    const last = groups.at(-1)
    const hasMore = rows.length > most && last
    return {
      groups: groups.map(toGroup),
      ...(hasMore && { next: toCursor([last.createdAt, last.groupId]) }),
    }
  }),

  'group.get': reads(async (call, { kind, groups: asked }, sql) => {
    const groups: Result<'group.get'>['groups'] = []
    for (const text of new Set(asked)) {
      const groupId = toGroupId(text)
      const row = groupId && (await findOwnedGroup(sql, call.app.appId, kind, groupId))
      if (!row) continue
      const isOpen = kind === 'room' || (await hasRight(call, sql, 'see', row))
      // Whoever is not in it learns of a group what everybody may know.
      if (!isOpen && !row.isPublic) continue
      const members = isOpen && asked.length === 1 && (await readMembers(sql, row, firstMembers))
      const own = asked.length === 1 && (await shieldOf(call, sql, row))
      groups.push({ ...toGroup(row), ...(members && { members }), ...own })
    }
    if (groups.length === 0) throw new Refusal('group_details_unknown', { group: asked.join(',') })
    return { groups }
  }),

  'group.change': writes(async (call, { changes, newOwner, ...args }, sql) => {
    checkFields(call, args)
    const group = await getGroupFor(call, sql, newOwner === undefined ? 'run' : 'own', args)
    checkGroupName(call.app, changes.name)
    if (changes.maxUsers !== undefined && changes.maxUsers < group.memberCount)
      throw new Refusal('maxusers_below_count')
    const ownerUid = newOwner === undefined ? group.ownerUid : await findHeir(call, sql, group, newOwner)
    const columns = toColumns({ ...toSettings(group), ...changes })
    const after = { ...group, ...columns, ownerUid, modifiedAt: call.now }
    await updateGroup(sql, after)
    if (newOwner !== undefined) await dropAllRoles(sql, group.groupId, ownerUid)
    await tellOfChange(call, sql, after, changes, newOwner)
    return {}
  }),

  'group.set_disabled': writes(async (call, { isDisabled, ...ref }, sql) => {
    const group = await getGroup(call, sql, ref)
    await updateGroup(sql, { ...group, isDisabled: Number(isDisabled), modifiedAt: call.now })
    const event = isDisabled ? 'disabled' : 'enabled'
    await tellMembers(call, sql, group, event, [await nameOfOwner(sql, group)])
    return {}
  }),

  'group.delete': writes(async (call, ref, sql) => {
    const group = await getGroupFor(call, sql, 'own', ref)
    await tellMembers(call, sql, group, 'destroyed', [await nameOfOwner(sql, group)])
    if (group.kind === 'room') await silence(call, sql, group)
    await dissolveGroup(sql, group)
    call.afterCommit(() => call.world.nudge('dissolve'))
    return {}
  }),

  ...membershipHandlers,
}

/** Nothing for a caller who is no member, nor for rooms, which have no shields. */
async function shieldOf(
  { principal }: Call,
  sql: Sql,
  { groupId, kind }: GroupRow,
): Promise<{ isShielded?: boolean }> {
  if (kind === 'room' || principal.is !== 'user') return {}
  if (!(await isMember(sql, groupId, principal.uid))) return {}
  return { isShielded: !(await isHearing(sql, groupId, principal.uid)) }
}

const firstMembers = { order: 'newest_first', offset: 0, limit: easemobLimits.affiliationsMax } as const

async function tellOfChange(
  call: Call,
  sql: Sql,
  group: GroupRow,
  changes: Partial<GroupSettings>,
  newOwner: string | undefined,
): Promise<void> {
  const owner = await nameOfOwner(sql, group)
  if (newOwner !== undefined) await tellMembers(call, sql, group, 'owner_changed', [owner])
  if (Object.keys(changes).length === 0) return
  const { name, description, maxUsers } = group
  await tellMembers(call, sql, group, 'updated', [owner], { settings: { name, description, maxUsers } })
}

async function nameOfOwner(sql: Sql, { ownerUid }: GroupRow): Promise<string> {
  return (await findUserById(sql, ownerUid))?.username ?? ''
}

/** Existence first, then what the app's state forbids (easemob.md §1.7). */
async function create(call: Call, wanted: NewGroup, sql: Sql): Promise<number> {
  const { appId } = call.app
  const { kind } = wanted
  const owner = await findUserByName(sql, appId, wanted.owner)
  if (!owner) throw new Refusal('owner_unknown', { username: wanted.owner })
  const { principal } = call
  if (principal.is === 'user' && principal.uid !== owner.uid) throw new Refusal('group_right_missing')
  const named = (await getUsers(call, sql, wanted.members)).filter(({ uid }) => uid !== owner.uid)
  const asked = principal.is === 'user' && wanted.asksMembers ? named : []
  const users = [owner, ...named.filter(user => !asked.includes(user))]
  if (wanted.groupId !== undefined && (await isGroupIdTaken(sql, wanted.groupId)))
    throw new Refusal('group_id_exists', { group: String(wanted.groupId) })
  checkGroupName(call.app, wanted.name)
  await checkAppLimit(call, sql, kind)
  await checkUserLimits(call, sql, kind, [...users, ...asked])
  const maxUsers = wanted.maxUsers ?? defaultMaxUsers(call, kind)
  if (users.length + asked.length > maxUsers) throw new Refusal('group_full')
  const groupId = wanted.groupId ?? (await nextGroupId(call, sql))
  await dissolveAbandoned(sql, groupId)
  await clearDissolved(sql, groupId, easemobLimits.roomUsersMax)
  const group: GroupRow = {
    ...toColumns({ ...wanted, maxUsers }),
    groupId,
    appId,
    kind,
    scale: wanted.scale,
    isDisabled: 0,
    isMuted: 0,
    ownerUid: owner.uid,
    memberCount: users.length,
    createdAt: call.now,
    modifiedAt: call.now,
  }
  await insertGroup(sql, group)
  await insertMembers(
    sql,
    groupId,
    kind,
    users.map(({ uid }) => uid),
    call.now,
  )
  const others = users.slice(1)
  const names = others.map(({ username }) => username)
  const details = { memberCount: users.length }
  const uids = others.map(({ uid }) => uid)
  await callBackOfGroup(call, sql, group, 'created', names, details)
  await tellUsers(call, sql, group, 'added', names, uids, details)
  if (asked.length > 0) await invite(call, sql, group, owner, asked)
  return groupId
}

/** Callers may choose ids, so one that was never given out can be taken all the same. */
export async function nextGroupId(call: Call, sql: Sql): Promise<number> {
  let groupId = call.world.ids.next()
  while (await isGroupIdTaken(sql, groupId)) groupId = call.world.ids.next()
  return groupId
}

function defaultMaxUsers(call: Call, kind: GroupKind): number {
  const isLiveRoom = kind === 'room' && call.app.settings.edition === 'live'
  return isLiveRoom ? easemobLimits.roomUsersDefaultLive : easemobLimits.groupUsersDefault
}

function limitOf(call: Call, wanted: number | undefined): number {
  const { groupsPageDefault, groupsPageMax } = easemobLimits
  if (wanted !== undefined) return Math.min(wanted, groupsPageMax)
  return call.app.settings.edition === 'seed' ? groupsPageMax : groupsPageDefault
}

function checkFields(
  call: Call,
  { fixedFields, unknownFields }: { fixedFields: readonly string[]; unknownFields: readonly string[] },
): void {
  const isSeed = call.app.settings.edition === 'seed'
  const refused = isSeed ? fixedFields : [...fixedFields, ...unknownFields]
  if (refused.length > 0) throw new Refusal('fields_unknown', { fields: refused.join(', ') })
}

/** @returns the uid of the member who is to be the owner */
async function findHeir(call: Call, sql: Sql, group: GroupRow, username: string): Promise<number> {
  const user = await findUserByName(sql, call.app.appId, username)
  if (!user) throw new Refusal('owner_unknown', { username })
  if (user.uid === group.ownerUid) throw new Refusal('new_owner_same')
  if (!(await isMember(sql, group.groupId, user.uid)))
    throw new Refusal('new_owner_absent', { username, group: String(group.groupId) })
  return user.uid
}
