// What becomes of a deleted user's place among others: what it owned is gone, in all other groups and rooms it is no
// member any more, and it is nobody's contact. Whoever is concerned is told, as far as one command may tell.
import { easemobLimits } from '../contract/limits.ts'
import type { GroupKind } from '../contract/operations/groups.ts'
import { forgetContacts, listContacts } from '../store/contacts.ts'
import type { Sql } from '../store/db.ts'
import { forgetMemberships } from '../store/group-members.ts'
import { dissolveGroupsOf, type GroupRow, listJoinedGroups, listOwnedGroups } from '../store/groups.ts'
import type { UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { tellOfContact } from './contacts.ts'
import { tellMembers, tellOfLeavers } from './group-events.ts'
import { silence } from './group-membership.ts'
import { lastPlace } from './group-places.ts'
import { dropAttributesOf } from './room-attributes.ts'

const { farewellsMax, groupPresenceMembersMax } = easemobLimits

const kinds: readonly GroupKind[] = ['group', 'room']

/** How many may still be told by a command, whatever the number of the users it deletes. */
export class Farewells {
  #left: number = farewellsMax

  get left(): number {
    return this.#left
  }

  /** @returns whether so many more may be told */
  take(count: number): boolean {
    if (count > this.#left) return false
    this.#left -= count
    return true
  }
}

/** In the transaction that deletes the user. Writes as many rows as it has groups and contacts, and as it may tell. */
export async function leaveOthers(call: Call, sql: Sql, user: UserRow, farewells: Farewells): Promise<void> {
  await leaveGroups(call, sql, user, farewells)
  const [at] = lastPlace
  const contacts = await listContacts(sql, user.uid, { at, uid: at }, farewells.left)
  await forgetContacts(sql, user.uid)
  for (const { contactUid, username } of contacts)
    if (farewells.take(1)) await tellOfContact(call, sql, { uid: contactUid, username }, user, 'removed')
}

async function leaveGroups(call: Call, sql: Sql, user: UserRow, farewells: Farewells): Promise<void> {
  const { uid } = user
  const owned: GroupRow[] = []
  const joined: GroupRow[] = []
  for (const kind of kinds) {
    owned.push(...(await listOwnedGroups(sql, uid, kind)))
    joined.push(...(await listJoinedGroups(sql, uid, kind, 0, farewells.left)))
    await dissolveGroupsOf(sql, call.app.appId, kind, uid)
  }
  await forgetMemberships(sql, uid)
  for (const group of owned) await tellOfEnd(call, sql, group, user, farewells)
  for (const group of joined)
    if (group.ownerUid !== uid) await tellOfLeaver(call, sql, group, user, farewells)
  if (owned.length > 0) call.afterCommit(() => call.world.nudge('dissolve'))
}

async function tellOfEnd(
  call: Call,
  sql: Sql,
  group: GroupRow,
  { username }: UserRow,
  farewells: Farewells,
): Promise<void> {
  if (farewells.take(group.memberCount)) await tellMembers(call, sql, group, 'destroyed', [username])
  if (group.kind === 'room') await silence(call, sql, group)
}

async function tellOfLeaver(
  call: Call,
  sql: Sql,
  group: GroupRow,
  user: UserRow,
  farewells: Farewells,
): Promise<void> {
  // What goes with the user in a room that hears nothing of it goes without a word.
  if (group.memberCount > groupPresenceMembersMax || !farewells.take(group.memberCount)) return
  if (group.kind === 'room') await dropAttributesOf(call, sql, group, [user])
  await tellOfLeavers(call, sql, group, [user], true)
}
