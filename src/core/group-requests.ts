// Users who come into groups by themselves, or leave them: requests, invitations, and what becomes of both.
import { easemobLimits } from '../contract/limits.ts'
import type { GroupRequestOperations } from '../contract/operations/group-requests.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { isMember } from '../store/group-members.ts'
import {
  dropApplication,
  dropInvitations,
  findInviter,
  hasApplied,
  putGroupRequest,
} from '../store/group-requests.ts'
import { listAdminIds } from '../store/group-roles.ts'
import type { GroupRow } from '../store/groups.ts'
import { findUser, findUserById, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { tellUsers } from './group-events.ts'
import { getGroup, getUsers } from './group-lookup.ts'
import { checkMayJoin, join, leave } from './group-membership.ts'
import { getGroupFor, hasRight } from './group-rights.ts'
import { type Handlers, writes } from './handler.ts'

const most = { ofGroup: easemobLimits.requestsPerGroupMax, ofUser: easemobLimits.requestsPerUserMax } as const

export const groupRequestHandlers: Handlers<keyof GroupRequestOperations> = {
  'group_request.ask': writes(async (call, { group: text, message }, sql) => {
    const group = await getGroup(call, sql, { kind: 'group', group: text })
    const user = await getCaller(call, sql)
    const { username, uid } = user
    if (await isMember(sql, group.groupId, uid))
      throw new Refusal('member_already', { username, group: text })
    if (!group.isPublic) throw new Refusal('group_unknown', { group: text })
    if (!group.membersOnly) {
      await join(call, sql, group, [user], true)
      return { username, isMember: true }
    }
    await checkMayJoin(call, sql, group, [user])
    await putGroupRequest(sql, { groupId: group.groupId, uid, inviterUid: 0 }, call.now, most)
    const owner = await findUserById(sql, group.ownerUid)
    const deciders = [group.ownerUid, ...(await listAdminIds(sql, group.groupId))]
    await tellUsers(call, sql, group, 'join_requested', [owner?.username ?? ''], deciders, { text: message })
    return { username, isMember: false }
  }),

  'group_request.answer': writes(async (call, { group: text, user: name, accepts, reason }, sql) => {
    const group = await getGroupFor(call, sql, 'run', { kind: 'group', group: text })
    const user = await findUser(sql, call.app.appId, name)
    if (!user || !(await hasApplied(sql, group.groupId, user.uid)))
      throw new Refusal('group_request_absent', { username: name, group: text })
    const { username, uid } = user
    if (accepts) await join(call, sql, group, [user], true)
    else await dropApplication(sql, group.groupId, uid)
    const event = accepts ? 'join_accepted' : 'join_declined'
    await tellUsers(call, sql, group, event, [username], [uid], { text: reason })
    return { username }
  }),

  'group_invitation.send': writes(async (call, { group: text, usernames }, sql) => {
    const group = await getGroupFor(call, sql, 'see', { kind: 'group', group: text })
    const inviter = await getCaller(call, sql)
    if (!group.allowInvites && !(await hasRight(call, sql, 'run', group)))
      throw new Refusal('group_right_missing')
    const users = await getUsers(call, sql, usernames)
    const invited = group.inviteNeedConfirm
      ? await invite(call, sql, group, inviter, users)
      : await join(call, sql, group, users)
    const uids = new Set(invited.map(({ uid }) => uid))
    return { invitees: users.map(({ username, uid }) => ({ username, isInvited: uids.has(uid) })) }
  }),

  'group_invitation.answer': writes(async (call, { group: text, user: name, accepts }, sql) => {
    const group = await getGroup(call, sql, { kind: 'group', group: text })
    const user = await getCaller(call, sql)
    const invitee = await findUser(sql, call.app.appId, name)
    if (invitee?.uid !== user.uid) throw new Refusal('group_right_missing')
    const { username, uid } = user
    const inviterUid = await findInviter(sql, group.groupId, uid)
    if (inviterUid === undefined) throw new Refusal('group_request_absent', { username, group: text })
    if (accepts) await join(call, sql, group, [user], true)
    else await dropInvitations(sql, group.groupId, uid)
    const inviter = await findUserById(sql, inviterUid)
    const event = accepts ? 'invite_accepted' : 'invite_declined'
    if (inviter) await tellUsers(call, sql, group, event, [inviter.username], [inviterUid])
    return { username }
  }),

  'group.quit': writes(async (call, { group: text }, sql) => {
    const group = await getGroup(call, sql, { kind: 'group', group: text })
    const user = await getCaller(call, sql)
    if (user.uid === group.ownerUid) throw new Refusal('owner_protected')
    if (!(await isMember(sql, group.groupId, user.uid)))
      throw new Refusal('member_absent', { username: user.username })
    await leave(call, sql, group, [user], true)
    return {}
  }),
}

/**
 * Asks those of the users who are no members.
 * @returns whom it has asked
 * @throws Refusal `member_already` when all are members, and what keeps them from joining
 */
export async function invite(
  call: Call,
  sql: Sql,
  group: GroupRow,
  inviter: UserRow,
  users: readonly UserRow[],
): Promise<UserRow[]> {
  const { groupId } = group
  const asked: UserRow[] = []
  for (const user of users) if (!(await isMember(sql, groupId, user.uid))) asked.push(user)
  const [first] = users
  if (asked.length === 0 && first)
    throw new Refusal('member_already', { username: first.username, group: String(groupId) })
  await checkMayJoin(call, sql, group, asked)
  for (const { uid, username } of asked) {
    await putGroupRequest(sql, { groupId, uid, inviterUid: inviter.uid }, call.now, most)
    await tellUsers(call, sql, group, 'invited', [username], [uid])
  }
  return asked
}

/** The user who calls. @throws Refusal `group_right_missing` when it is none, `token_unknown` when it is no more */
async function getCaller({ principal }: Call, sql: Sql): Promise<UserRow> {
  if (principal.is !== 'user') throw new Refusal('group_right_missing')
  const user = await findUserById(sql, principal.uid)
  if (!user) throw new Refusal('token_unknown')
  return user
}
