// A signal about a message, to everybody who may have the message: the rules of recalls and edits share the way.
import type { ChatType } from '../contract/operations/messages.ts'
import type { Signal } from '../contract/operations/notices.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import type { Sql } from '../store/db.ts'
import { findGroup, type GroupRow } from '../store/groups.ts'
import { findMessage, type MessageRow } from '../store/messages.ts'
import { findUserByName, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { toGroupId } from './group-lookup.ts'
import { oldestMessageId } from './message-pages.ts'
import { chosenOf } from './send.ts'
import {
  deliver,
  deliverCopy,
  deliverToMembers,
  deliverToSome,
  groupQueue,
  keepNotice,
  userQueue,
} from './tell.ts'
import { findGroupOrThread } from './thread-lookup.ts'

/** Who says it: a user's device, or the app's server (0 and 0). */
export interface Speaker {
  readonly uid: number
  readonly deviceId: number
}

export const appServer: Speaker = { uid: 0, deviceId: 0 }

/** The places of a message, as far as they are still there. */
export type Places =
  | { readonly are: 'users'; readonly sender: UserRow | undefined; readonly receiver: UserRow | undefined }
  | { readonly are: 'members'; readonly group: GroupRow | undefined }

/** The app's message of this id that has not had its time. */
export async function findLiveMessage(call: Call, sql: Sql, msgId: number): Promise<MessageRow | undefined> {
  if (msgId < oldestMessageId(call.world)) return undefined
  const row = await findMessage(sql, msgId)
  return row?.appId === call.app.appId ? row : undefined
}

/** Is it a message of this conversation, seen from one of the two? */
export function isIn(row: MessageRow, chatType: ChatType, from: string, to: string): boolean {
  if (row.chatType !== chatType) return false
  const target = lowerAscii(to)
  return row.target === target || (chatType === 'chat' && row.sender === target && row.target === from)
}

export async function placesOf(call: Call, sql: Sql, row: MessageRow): Promise<Places> {
  const { appId } = call.app
  if (row.chatType !== 'chat') {
    const groupId = toGroupId(row.target)
    if (groupId === undefined) return { are: 'members', group: undefined }
    const isRoom = row.chatType === 'chatroom'
    const group = isRoom ? findGroup(sql, appId, 'room', groupId) : findGroupOrThread(call, sql, groupId)
    return { are: 'members', group: await group }
  }
  const receiver = await findUserByName(sql, appId, row.target)
  const sender = row.sender === row.target ? receiver : await findUserByName(sql, appId, row.sender)
  return { are: 'users', sender, receiver }
}

/** For a signal from a client. @throws Refusal `receiver_unknown`, `target_group_unknown` */
export function checkPlaces(places: Places, to: string): void {
  if (places.are === 'users' && !places.receiver) throw new Refusal('receiver_unknown', { username: to })
  if (places.are === 'members' && !places.group) throw new Refusal('target_group_unknown')
}

/**
 * Into the queues of the conversation: to whom the message went, and to the other devices of whoever speaks.
 * @returns the id of the notice
 */
export async function tellAbout(
  call: Call,
  sql: Sql,
  row: MessageRow,
  places: Places,
  notice: Signal,
  speaker: Speaker,
): Promise<number> {
  // A room keeps nothing for those who are away.
  const isTransient = row.chatType === 'chatroom'
  const parcel = { entryId: await keepNotice(call, sql, notice), origin: 0, isTransient }
  const copy = { ...parcel, origin: speaker.deviceId }
  if (places.are === 'members') {
    if (!places.group) return parcel.entryId
    const chosen = chosenOf(row)
    if (chosen) await deliverToSome(call, sql, places.group, parcel, [...chosen, row.sender], speaker.uid)
    else await deliverToMembers(call, sql, places.group, parcel, speaker.uid)
    if (speaker.uid > 0) await deliverCopy(call, sql, speaker.uid, groupQueue(places.group.groupId), copy)
    return parcel.entryId
  }
  const { sender, receiver } = places
  if (receiver && receiver.uid !== speaker.uid)
    await deliver(call, sql, receiver.uid, userQueue(row.sender), parcel)
  if (sender && sender.uid === speaker.uid)
    await deliverCopy(call, sql, sender.uid, userQueue(row.target), copy)
  else if (sender && sender.uid !== receiver?.uid)
    await deliver(call, sql, sender.uid, userQueue(row.target), parcel)
  return parcel.entryId
}
