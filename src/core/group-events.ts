// What members of groups and rooms are told of them. A room keeps nothing for those who are away, its events neither.
import { easemobLimits } from '../contract/limits.ts'
import type { GroupEvent, GroupEventName } from '../contract/operations/notices.ts'
import type { Sql } from '../store/db.ts'
import { listMemberIds } from '../store/group-members.ts'
import type { GroupRow } from '../store/groups.ts'
import type { UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { callBackOfGroup } from './callback-events.ts'
import { tell } from './tell.ts'

type Named = Pick<GroupRow, 'groupId' | 'kind' | 'name'>

type Details = Partial<Pick<GroupEvent, 'from' | 'text' | 'settings' | 'until' | 'memberCount'>>

/** Who does it: '' = the app's own server. */
function actorOf({ principal }: Call): string {
  return principal.is === 'user' ? principal.username : ''
}

/** Told to those concerned and to all others under two names: the app's server hears of it once, below. */
const comingAndGoing: ReadonlySet<GroupEventName> = new Set(['added', 'joined', 'removed', 'left'])

/** @param to usernames it concerns, at least one */
export async function tellUsers(
  call: Call,
  sql: Sql,
  group: Named,
  event: GroupEventName,
  to: readonly string[],
  uids: readonly number[],
  details: Details = {},
): Promise<void> {
  if (!comingAndGoing.has(event)) await callBackOfGroup(call, sql, group, event, to, details)
  const isRoom = group.kind === 'room'
  const heard = isRoom ? uids.filter(uid => call.world.onlineUsers.has(uid)) : uids
  await tell(call, sql, heard, {
    is: 'group_event',
    event,
    groupId: String(group.groupId),
    isRoom,
    name: group.name,
    from: actorOf(call),
    to,
    text: '',
    ...details,
  })
}

/** To all members but those named by uid. */
export async function tellMembers(
  call: Call,
  sql: Sql,
  group: Named,
  event: GroupEventName,
  to: readonly string[],
  details: Details = {},
  except: readonly number[] = [],
): Promise<void> {
  const members = await listMemberIds(sql, group.groupId)
  const uids = members.filter(uid => !except.includes(uid))
  await tellUsers(call, sql, group, event, to, uids, details)
}

/**
 * Users have become members: those who were there before are told, and they themselves.
 * @param isOwnWill they have come, and were not put there: they know
 */
export async function tellOfNewcomers(
  call: Call,
  sql: Sql,
  group: Named & Pick<GroupRow, 'memberCount'>,
  users: readonly UserRow[],
  isOwnWill: boolean,
): Promise<void> {
  const uids = users.map(({ uid }) => uid)
  const names = users.map(({ username }) => username)
  const memberCount = group.memberCount + users.length
  await callBackOfGroup(call, sql, group, 'joined', names, { memberCount, ...byThemselves(names, isOwnWill) })
  if (group.kind === 'group' && !isOwnWill)
    await tellUsers(call, sql, group, 'added', names, uids, { memberCount })
  if (memberCount > easemobLimits.groupPresenceMembersMax) return
  // One event for all of them: a row a member, however many come at once.
  await tellMembers(call, sql, group, 'joined', names, { memberCount }, uids)
}

/** Users are no members any more. @param isOwnWill they have gone, and were not sent */
export async function tellOfLeavers(
  call: Call,
  sql: Sql,
  group: Named & Pick<GroupRow, 'memberCount'>,
  users: readonly UserRow[],
  isOwnWill: boolean,
): Promise<void> {
  const uids = users.map(({ uid }) => uid)
  const names = users.map(({ username }) => username)
  const memberCount = group.memberCount - users.length
  const told = { memberCount, ...byThemselves(names, isOwnWill) }
  await callBackOfGroup(call, sql, group, isOwnWill ? 'left' : 'removed', names, told)
  if (!isOwnWill) await tellUsers(call, sql, group, 'removed', names, uids, { memberCount })
  if (memberCount > easemobLimits.groupPresenceMembersMax) return
  await tellMembers(call, sql, group, 'left', names, { memberCount })
}

/** Through the door of clients the caller is the door itself. */
function byThemselves([name]: readonly string[], isOwnWill: boolean): Pick<Details, 'from'> {
  return isOwnWill && name !== undefined ? { from: name } : {}
}
