// How many groups and rooms an app may have and a user may be in.
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { countJoined, hasMemberships } from '../store/group-members.ts'
import { countGroups, type StoredKind } from '../store/groups.ts'
import type { UserRow } from '../store/users.ts'
import type { Call } from './call.ts'

/** @throws Refusal `groups_too_many` when the app has no room for another */
export async function checkAppLimit(call: Call, sql: Sql, kind: StoredKind): Promise<void> {
  const { appId, org, app } = call.app
  if ((await countGroups(sql, appId, kind)) >= call.world.config.core.groupsPerAppMax)
    throw new Refusal('groups_too_many', { app: `${org}#${app}` })
}

/** @throws Refusal `user_groups_too_many` naming the first of the users who can join no more */
export async function checkUserLimits(
  call: Call,
  sql: Sql,
  kind: StoredKind,
  users: readonly UserRow[],
): Promise<void> {
  const most = call.world.config.core.groupsPerUserMax
  for (const { uid, username } of users) {
    // The exact count looks at each group, so it is for those only who may be at the limit.
    if ((await hasMemberships(sql, uid, kind, most)) && (await countJoined(sql, uid, kind)) >= most)
      throw new Refusal('user_groups_too_many', { username })
  }
}
