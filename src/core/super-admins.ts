// Users whom the app's server lets manage every chat room.
import type { GroupAttributeOperations } from '../contract/operations/group-attributes.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { listSuperAdmins, putSuperAdmin, removeSuperAdmin } from '../store/super-admins.ts'
import { findUser, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { type Handlers, reads, writes } from './handler.ts'

export const superAdminHandlers: Handlers<Extract<keyof GroupAttributeOperations, `super_admin.${string}`>> =
  {
    'super_admin.add': writes(async (call, { user: text }, sql) => {
      const { uid, username } = await getUser(call, sql, text)
      await putSuperAdmin(sql, call.app.appId, uid, call.now)
      return { username }
    }),

    'super_admin.remove': writes(async (call, { user: text }, sql) => {
      const { uid, username } = await getUser(call, sql, text)
      await removeSuperAdmin(sql, uid)
      return { username }
    }),

    'super_admin.list': reads(async (call, { offset, limit }, sql) => ({
      usernames: await listSuperAdmins(sql, call.app.appId, offset, limit),
    })),
  }

/** @throws Refusal `single_member_unknown` */
async function getUser(call: Call, sql: Sql, text: string): Promise<UserRow> {
  const user = await findUser(sql, call.app.appId, text)
  if (!user) throw new Refusal('single_member_unknown', { username: text })
  return user
}
