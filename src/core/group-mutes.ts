// Who may not speak in a group or room: single members for a time, or all but a few. And what is announced to all.
import { easemobLimits } from '../contract/limits.ts'
import type { GroupMute, GroupRoleOperations } from '../contract/operations/group-roles.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { isMember } from '../store/group-members.ts'
import { deleteRole, hasRole, listRole, putRole } from '../store/group-roles.ts'
import { type GroupRow, readAnnouncement, setAllMuted, writeAnnouncement } from '../store/groups.ts'
import { findUser, type UserRow } from '../store/users.ts'
import { checkAnnouncement } from './blocked-words.ts'
import type { Call } from './call.ts'
import { lastPlace } from './group-places.ts'
import { checkTarget, getGroupFor } from './group-rights.ts'
import { tellAll, tellStaff } from './group-role-events.ts'
import { type Handlers, reads, writes } from './handler.ts'

type MuteOperation = Extract<
  keyof GroupRoleOperations,
  `group_mute.${string}` | `group_announcement.${string}`
>

export const groupMuteHandlers: Handlers<MuteOperation> = {
  'group_mute.list': reads(async (call, ref, sql) => {
    const { groupId } = await getGroupFor(call, sql, 'run', ref)
    const [since, uid] = lastPlace
    const limit = easemobLimits.roomUsersMax
    const rows = await listRole(sql, groupId, 'muted', call.now, { since, uid }, limit)
    return { mutes: rows.map(({ username, endsAt }) => ({ username, until: endsAt })) }
  }),

  'group_mute.has': reads(async (call, { user: text, ...ref }, sql) => {
    const user = await findUser(sql, call.app.appId, text)
    const { principal } = call
    const isOwn = principal.is === 'user' && principal.uid === user?.uid
    const { groupId } = await getGroupFor(call, sql, isOwn ? 'see' : 'run', ref)
    return { isMuted: user !== undefined && (await hasRole(sql, groupId, user.uid, 'muted', call.now)) }
  }),

  'group_mute.set': writes(async (call, { users: texts, ms, ...ref }, sql) => {
    const group = await getGroupFor(call, sql, 'run', ref)
    const users = await getMutable(call, sql, group, texts)
    for (const user of users) await checkTarget(call, sql, group, user)
    if (ms === 0) await lift(call, sql, group, users)
    const until = ms === 0 ? 0 : endOf(call.now, ms)
    if (until > 0) {
      for (const { uid } of users) await putRole(sql, group.groupId, uid, 'muted', call.now, until)
      await tellStaff(call, sql, group, 'muted', users, { until })
    }
    return { mutes: users.map(({ username }): GroupMute => ({ username, until })) }
  }),

  'group_mute.remove': writes(async (call, { users: texts, ...ref }, sql) => {
    const group = await getGroupFor(call, sql, 'run', ref)
    const users = await getMutable(call, sql, group, texts)
    await lift(call, sql, group, users)
    return { usernames: users.map(({ username }) => username) }
  }),

  'group_mute.set_all': writes(async (call, { isMuted, ...ref }, sql) => {
    const group = await getGroupFor(call, sql, 'run', ref)
    if ((group.isMuted === 1) === isMuted) return {}
    await setAllMuted(sql, group.groupId, isMuted)
    await tellAll(call, sql, group, isMuted ? 'all_muted' : 'all_unmuted')
    return {}
  }),

  'group_announcement.get': reads(async (call, ref, sql) => {
    const { groupId } = await getGroupFor(call, sql, 'see', ref)
    return { text: await readAnnouncement(sql, groupId) }
  }),

  'group_announcement.set': writes(async (call, { text, ...ref }, sql) => {
    const group = await getGroupFor(call, sql, 'run', ref)
    checkAnnouncement(call.app, text)
    await writeAnnouncement(sql, group.groupId, text)
    await tellAll(call, sql, group, text === '' ? 'announcement_deleted' : 'announcement_changed', text)
    return {}
  }),
}

/** Epoch ms. */
function endOf(now: number, ms: number): number {
  const { groupMuteEndMax } = easemobLimits
  return ms < 0 ? groupMuteEndMax : Math.min(now + ms, groupMuteEndMax)
}

/** Each once: members, and those who left while they were muted. @throws Refusal `member_absent` naming the others */
async function getMutable(
  call: Call,
  sql: Sql,
  { groupId }: GroupRow,
  texts: readonly string[],
): Promise<UserRow[]> {
  const users = new Map<number, UserRow>()
  const others: string[] = []
  for (const text of texts) {
    const user = await findUser(sql, call.app.appId, text)
    const isHere =
      user &&
      ((await isMember(sql, groupId, user.uid)) || (await hasRole(sql, groupId, user.uid, 'muted', call.now)))
    if (isHere) users.set(user.uid, user)
    else others.push(text)
  }
  if (others.length > 0) throw new Refusal('member_absent', { username: others.join(', ') })
  return [...users.values()]
}

async function lift(call: Call, sql: Sql, group: GroupRow, users: readonly UserRow[]): Promise<void> {
  const lifted: UserRow[] = []
  for (const user of users) {
    const wasMuted = await hasRole(sql, group.groupId, user.uid, 'muted', call.now)
    await deleteRole(sql, group.groupId, user.uid, 'muted')
    if (wasMuted) lifted.push(user)
  }
  await tellStaff(call, sql, group, 'unmuted', lifted)
}
