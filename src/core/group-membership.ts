// What becomes of groups and rooms when a user is deleted.
import type { GroupKind } from '../contract/operations/groups.ts'
import type { Sql } from '../store/db.ts'
import { forgetMemberships } from '../store/group-members.ts'
import { dissolveGroupsOf } from '../store/groups.ts'
import type { Call } from './call.ts'

const kinds: readonly GroupKind[] = ['group', 'room']

/**
 * For a user who is being deleted, in the same transaction: the groups and rooms it owns go with it, in all others it
 * is no member any more. Touches as many rows as the user has memberships, however many members its own groups have.
 */
export async function forgetMember(call: Call, sql: Sql, uid: number): Promise<void> {
  for (const kind of kinds) await dissolveGroupsOf(sql, call.app.appId, kind, uid)
  await forgetMemberships(sql, uid)
  call.afterCommit(() => call.world.nudge('dissolve'))
}
