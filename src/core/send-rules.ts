// What keeps a user from sending. Messages through REST come from the app's own server and pass none of this.
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { isMember } from '../store/group-members.ts'
import type { GroupRow } from '../store/groups.ts'
import type { UserRow } from '../store/users.ts'
import type { Call } from './call.ts'

/** @throws Refusal */
export async function checkMaySendToUser(
  _call: Call,
  _sql: Sql,
  _fromUid: number,
  _receiver: UserRow,
): Promise<void> {
  // Blocks and mutes.
}

/** @throws Refusal `sender_no_member`, `group_disabled` */
export async function checkMaySendToGroup(
  _call: Call,
  sql: Sql,
  fromUid: number,
  group: GroupRow,
): Promise<void> {
  if (!(await isMember(sql, group.groupId, fromUid))) throw new Refusal('sender_no_member')
  if (group.isDisabled) throw new Refusal('group_disabled')
}
