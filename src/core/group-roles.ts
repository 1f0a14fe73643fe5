// Admins of groups and rooms, and who is what there.
import { easemobLimits } from '../contract/limits.ts'
import type { GroupRoleHolder, GroupRoleOperations } from '../contract/operations/group-roles.ts'
import { Refusal } from '../contract/refusal.ts'
import { listMembers } from '../store/group-members.ts'
import { deleteRole, hasRole, listAdminIds, listRole, putRole } from '../store/group-roles.ts'
import { findUser } from '../store/users.ts'
import { firstPlace, lastPlace } from './group-places.ts'
import { checkTarget, getGroupFor, getMemberUser } from './group-rights.ts'
import { tellStaff } from './group-role-events.ts'
import { type Handlers, reads, writes } from './handler.ts'

type RoleOperation = Extract<keyof GroupRoleOperations, `group_admin.${string}` | `group_role.${string}`>

export const groupRoleHandlers: Handlers<RoleOperation> = {
  'group_admin.list': reads(async (call, ref, sql) => {
    const { groupId } = await getGroupFor(call, sql, 'see', ref)
    const [since, uid] = lastPlace
    const limit = easemobLimits.groupAdminsMax
    const rows = await listRole(sql, groupId, 'admin', call.now, { since, uid }, limit)
    return { usernames: rows.map(({ username }) => username) }
  }),

  'group_admin.add': writes(async (call, { user: text, ...ref }, sql) => {
    const group = await getGroupFor(call, sql, 'own', ref)
    const user = await getMemberUser(call, sql, group, text)
    await checkTarget(call, sql, group, user)
    const admins = await listAdminIds(sql, group.groupId)
    if (admins.includes(user.uid)) return { username: user.username }
    const limit = easemobLimits.groupAdminsMax
    if (admins.length >= limit) throw new Refusal('admins_too_many', { limit: String(limit) })
    await putRole(sql, group.groupId, user.uid, 'admin', call.now)
    await tellStaff(call, sql, group, 'admin_added', [user])
    return { username: user.username }
  }),

  'group_admin.remove': writes(async (call, { user: text, ...ref }, sql) => {
    const group = await getGroupFor(call, sql, 'own', ref)
    const { groupId } = group
    const user = await findUser(sql, call.app.appId, text)
    if (!user || !(await hasRole(sql, groupId, user.uid, 'admin', call.now)))
      throw new Refusal('admin_absent', { username: text, group: String(groupId) })
    await deleteRole(sql, groupId, user.uid, 'admin')
    await tellStaff(call, sql, group, 'admin_removed', [user])
    return { username: user.username }
  }),

  'group_role.list': reads(async (call, { offset, limit, ...ref }, sql) => {
    const { groupId, ownerUid } = await getGroupFor(call, sql, 'see', ref)
    const admins = new Set(await listAdminIds(sql, groupId))
    const [joinedAt, uid] = firstPlace
    const page = { order: 'oldest_first', after: { joinedAt, uid }, offset, limit, except: 0 } as const
    const rows = await listMembers(sql, groupId, page)
    const roleOf = (one: number): GroupRoleHolder['role'] =>
      one === ownerUid ? 'owner' : admins.has(one) ? 'admin' : 'member'
    const holders = rows.map(({ uid: one, username }) => ({
      username,
      role: roleOf(one),
      isOnline: call.world.onlineUsers.has(one),
    }))
    return { holders }
  }),
}
