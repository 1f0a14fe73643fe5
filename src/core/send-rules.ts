// What keeps a user from sending. Messages through REST come from the app's own server and pass none of this.
import type { ChatType } from '../contract/operations/messages.ts'
import { Refusal } from '../contract/refusal.ts'
import { isContact } from '../store/contacts.ts'
import type { Sql } from '../store/db.ts'
import { isMember } from '../store/group-members.ts'
import { findRoles } from '../store/group-roles.ts'
import type { GroupRow } from '../store/groups.ts'
import { isBlocked } from '../store/user-blocks.ts'
import { isMuted } from '../store/user-mutes.ts'
import type { UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { houseOf } from './thread-lookup.ts'

/** For what has a content: whoever is muted may still say what it has read. @throws Refusal `sender_muted` */
export async function checkMaySpeak(
  call: Call,
  sql: Sql,
  fromUid: number,
  chatType: ChatType,
): Promise<void> {
  if (await isMuted(sql, fromUid, chatType, call.now)) throw new Refusal('sender_muted')
}

/** @throws Refusal `sender_blocked`, `sender_no_contact` */
export async function checkMaySendToUser(
  call: Call,
  sql: Sql,
  fromUid: number,
  receiver: UserRow,
): Promise<void> {
  if (receiver.uid === fromUid) return
  if (await isBlocked(sql, fromUid, receiver.uid)) throw new Refusal('sender_blocked')
  if (call.app.settings.messages_need_contact && !(await isContact(sql, fromUid, receiver.uid)))
    throw new Refusal('sender_no_contact')
}

/** @throws Refusal `sender_no_member`, `group_disabled` */
export async function checkMaySendToGroup(
  _call: Call,
  sql: Sql,
  fromUid: number,
  group: GroupRow,
): Promise<void> {
  if (!(await isMember(sql, group.groupId, fromUid))) throw new Refusal('sender_no_member')
  if ((await houseOf(sql, group)).isDisabled) throw new Refusal('group_disabled')
}

/**
 * As `checkMaySpeak`, for the mutes of one group or room.
 * @throws Refusal `member_muted`, `group_muted`
 */
export async function checkMaySpeakInGroup(
  call: Call,
  sql: Sql,
  uid: number,
  group: GroupRow,
): Promise<void> {
  const { groupId, ownerUid, isMuted } = await houseOf(sql, group)
  if (uid === ownerUid) return
  const roles = await findRoles(sql, groupId, uid, call.now)
  if (roles.has('muted')) throw new Refusal('member_muted')
  if (isMuted && !roles.has('admin') && !roles.has('allowed')) throw new Refusal('group_muted')
}
