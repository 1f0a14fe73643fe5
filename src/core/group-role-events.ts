// Who is told of what changes in the rights of members. Whoever changes it knows.
import type { GroupEventName } from '../contract/operations/notices.ts'
import type { Sql } from '../store/db.ts'
import { listAdminIds } from '../store/group-roles.ts'
import type { GroupRow } from '../store/groups.ts'
import { findUserById, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { tellMembers, tellUsers } from './group-events.ts'

/** What befalls users: told to themselves, the owner and the admins, of each on its own, as clients read it. */
export async function tellStaff(
  call: Call,
  sql: Sql,
  group: GroupRow,
  event: GroupEventName,
  users: readonly UserRow[],
  details: { readonly until?: number } = {},
): Promise<void> {
  const staff = [group.ownerUid, ...(await listAdminIds(sql, group.groupId))]
  const actor = actorUid(call)
  for (const { uid, username } of users) {
    const told = [uid, ...staff].filter(one => one !== actor)
    await tellUsers(call, sql, group, event, [username], told, details)
  }
}

/** What befalls the whole group: told to all members. */
export async function tellAll(
  call: Call,
  sql: Sql,
  group: GroupRow,
  event: GroupEventName,
  text = '',
): Promise<void> {
  const owner = await findUserById(sql, group.ownerUid)
  await tellMembers(call, sql, group, event, [owner?.username ?? ''], { text }, [actorUid(call)])
}

function actorUid({ principal }: Call): number {
  return principal.is === 'user' ? principal.uid : 0
}
