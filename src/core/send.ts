// One message to one user, group or room, from wherever it comes: into the log, into the queues of those who are to get
// it, and on to what follows a message. Whether the sender may is decided before (send-rules.ts).
import type { ChatType, RoomPriority } from '../contract/operations/messages.ts'
import { lowerAscii } from '../lib/ascii.ts'
import type { Sql } from '../store/db.ts'
import { isMember, listAbsentMembers } from '../store/group-members.ts'
import type { GroupRow } from '../store/groups.ts'
import { insertMessage, type MessageRow } from '../store/messages.ts'
import { isUserOnline } from '../store/user-devices.ts'
import type { Call } from './call.ts'
import { tellAfter, tellOfAbsent, wantsAbsent } from './callbacks.ts'
import { pushToAbsent } from './offline-push.ts'
import { deliver, deliverCopy, deliverToMembers, deliverToSome, groupQueue, userQueue } from './tell.ts'
import { tellOfThreadMessage } from './thread-events.ts'

export interface Outgoing {
  readonly chatType: ChatType
  /** In lower case; need not be a user. */
  readonly from: string
  /** 0 = no user. */
  readonly fromUid: number
  /** The device it comes from, by id and resource; 0 and '' when it comes through REST. */
  readonly origin: number
  readonly resource: string
  /** JSON, as in SendArgs. */
  readonly payload: string
  readonly body?: string
  /** Not kept for those who are away. */
  readonly isOnlineOnly: boolean
  /** It came through REST, and the sender's devices are to have it all the same. */
  readonly isSynced?: boolean
  readonly priority?: RoomPriority
  /** Of a group: only these of its members (usernames). */
  readonly only?: readonly string[]
}

/** The name under which a conversation's messages are listed. */
export function conversationOf(chatType: ChatType, one: string, other: string): string {
  if (chatType === 'groupchat') return `g:${other}`
  if (chatType === 'chatroom') return `r:${other}`
  return one < other ? `u:${one} ${other}` : `u:${other} ${one}`
}

/** What is only for some members is listed under no name that anybody asks for; whom it was for is kept in it. */
function conversationOfSome(target: string, names: readonly string[]): string {
  return ['only', target, ...names].join(' ')
}

/** Usernames of those whom a message in a group was for; undefined = all members. */
export function chosenOf({ conversation }: Pick<MessageRow, 'conversation'>): readonly string[] | undefined {
  return conversation.startsWith('only ') ? conversation.split(' ').slice(2) : undefined
}

/** @returns the message's id */
export async function sendToUser(
  call: Call,
  sql: Sql,
  message: Outgoing,
  receiver: { readonly uid: number; readonly username: string },
): Promise<number> {
  const row = await keep(call, sql, message, receiver.username)
  await listForBoth(call, sql, row, receiver.uid, message.fromUid)
  const parcel = { entryId: row.msgId, origin: 0, isTransient: message.isOnlineOnly }
  const isCopied = message.fromUid > 0 && message.origin > 0
  // To oneself: the device that sends has it already.
  if (!isCopied || message.fromUid !== receiver.uid)
    await deliver(call, sql, receiver.uid, userQueue(message.from), parcel)
  if (wantsAbsent(call, row) && !(await isUserOnline(sql, receiver.uid)))
    await tellOfAbsent(call, sql, row, [receiver.username])
  if (!message.isOnlineOnly) await pushToAbsent(call, sql, row, receiver)
  if (isCopied) {
    const copy = { ...parcel, origin: message.origin }
    await deliverCopy(call, sql, message.fromUid, userQueue(receiver.username), copy)
  } else if (message.isSynced && message.fromUid > 0 && message.fromUid !== receiver.uid)
    await deliver(call, sql, message.fromUid, userQueue(receiver.username), parcel)
  return row.msgId
}

/** From its first message on, a conversation is on the lists of both. @param senderUid 0 = not looked for yet */
export async function listForBoth(
  call: Call,
  sql: Sql,
  { conversation, sender, msgId }: Pick<MessageRow, 'conversation' | 'sender' | 'msgId'>,
  receiverUid: number,
  senderUid: number,
): Promise<void> {
  const { keptConversations, userIds } = call.world
  await keptConversations.keep(call, sql, receiverUid, conversation, msgId - 1)
  const other = senderUid || (await userIds.find(call, sql, sender))
  if (other !== undefined && other !== receiverUid)
    await keptConversations.keep(call, sql, other, conversation, msgId - 1)
}

/** @returns the message's id */
export async function sendToGroup(call: Call, sql: Sql, message: Outgoing, group: GroupRow): Promise<number> {
  const chosen = await findChosen(call, sql, message, group)
  const row = await keep(call, sql, message, String(group.groupId), chosen)
  const parcel = { entryId: row.msgId, origin: 0, isTransient: message.isOnlineOnly }
  if (wantsAbsent(call, row)) await tellOfAbsentMembers(call, sql, message, group, row)
  if (chosen) await deliverToSome(call, sql, group, parcel, chosen, message.fromUid)
  else await deliverToMembers(call, sql, group, parcel, message.fromUid)
  if (!message.isOnlineOnly)
    await pushToAbsent(call, sql, row, { group, except: message.fromUid, only: message.only })
  if (message.fromUid > 0 && message.origin > 0) {
    const copy = { ...parcel, origin: message.origin }
    await deliverCopy(call, sql, message.fromUid, groupQueue(group.groupId), copy)
  } else if (message.isSynced && message.fromUid > 0)
    await deliver(call, sql, message.fromUid, groupQueue(group.groupId), parcel)
  if (group.kind === 'thread' && !chosen) await tellOfThreadMessage(call, sql, group, message.from, 1)
  return row.msgId
}

async function tellOfAbsentMembers(
  call: Call,
  sql: Sql,
  { fromUid, only }: Outgoing,
  { groupId }: GroupRow,
  row: MessageRow,
): Promise<void> {
  const chosen = only && new Set(only.map(lowerAscii))
  const absent = (await listAbsentMembers(sql, groupId))
    .filter(({ uid, username }) => uid !== fromUid && (!chosen || chosen.has(username)))
    .map(({ username }) => username)
  await tellOfAbsent(call, sql, row, absent)
}

/** Of those whom the sender means, the members; undefined = it means all. */
async function findChosen(
  call: Call,
  sql: Sql,
  { only }: Outgoing,
  { groupId }: GroupRow,
): Promise<string[] | undefined> {
  if (!only) return undefined
  const chosen: string[] = []
  for (const name of new Set(only.map(lowerAscii))) {
    const uid = await call.world.userIds.find(call, sql, name)
    if (uid !== undefined && (await isMember(sql, groupId, uid))) chosen.push(name)
  }
  return chosen
}

/** A room keeps nothing for those who are away: whoever is in it reads on in the log. @returns the message's id */
export async function sendToRoom(call: Call, sql: Sql, message: Outgoing, room: GroupRow): Promise<number> {
  const chosen = await findChosen(call, sql, message, room)
  const row = await keep(call, sql, message, String(room.groupId), chosen)
  const parcel = { entryId: row.msgId, origin: 0, isTransient: true }
  if (chosen) await deliverToSome(call, sql, room, parcel, chosen, message.fromUid)
  else call.wake({ kind: 'room', room: row.target, origin: message.origin })
  return row.msgId
}

async function keep(
  call: Call,
  sql: Sql,
  message: Outgoing,
  target: string,
  chosen?: readonly string[],
): Promise<MessageRow> {
  const row: MessageRow = {
    msgId: call.world.ids.next(),
    appId: call.app.appId,
    chatType: message.chatType,
    sender: message.from,
    target,
    payload: message.payload,
    conversation: chosen
      ? conversationOfSome(target, chosen)
      : conversationOf(message.chatType, message.from, target),
    senderResource: message.resource,
    body: message.body || null,
    edit: null,
    priority: message.priority ?? null,
  }
  await insertMessage(sql, row)
  await tellAfter(call, sql, row)
  return row
}
