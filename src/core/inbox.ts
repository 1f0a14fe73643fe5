// Queues and sending, for the clients of users: what waits for a device, how far it has come, what it sends.
import type { ClientMessage, Entry, InboxOperations } from '../contract/operations/inbox.ts'
import type { Notice, Signal } from '../contract/operations/notices.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import { timeOfMessageId } from '../lib/message-id.ts'
import type { Sql } from '../store/db.ts'
import { findGroup } from '../store/groups.ts'
import { type EntryRow, findCursor, listEntries, listWaiting, moveCursor } from '../store/inbox.ts'
import { addSentMessage, findSentMessage, findUserDevice, type UserDeviceRow } from '../store/user-devices.ts'
import { findUserByName } from '../store/users.ts'
import type { Call } from './call.ts'
import { toGroupId } from './group-lookup.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { oldestMessageId } from './message-pages.ts'
import { type Outgoing, sendToGroup, sendToRoom, sendToUser } from './send.ts'
import { checkMaySendToGroup, checkMaySendToUser } from './send-rules.ts'
import { deliver, deliverCopy, deliverToMembers, groupQueue, keepNotice, userQueue } from './tell.ts'
import { userSessionHandlers } from './user-sessions.ts'

export const inboxHandlers: Handlers<keyof InboxOperations> = {
  ...userSessionHandlers,

  'inbox.waiting': reads(async (call, { deviceId }, sql) => {
    const device = await getDevice(sql, deviceId)
    return { queues: await listWaiting(sql, device, oldestMessageId(call.world)) }
  }),

  'inbox.pull': reads(async (call, { uid, deviceId, queue, after: seen = 0, limit }, sql) => {
    const after = Math.max(seen, await findCursor(sql, uid, queue, deviceId))
    return { entries: await readEntries(call, sql, deviceId, queue, after, limit) }
  }),

  'inbox.acknowledge': writes(async (call, { uid, deviceId, queue, through, after: seen = 0, limit }, sql) => {
    // A key from the future would swallow what is still to come.
    const last = Math.min(through, call.world.ids.last)
    await moveCursor(sql, uid, queue, deviceId, last)
    const after = Math.max(seen, await findCursor(sql, uid, queue, deviceId))
    return { entries: await readEntries(call, sql, deviceId, queue, after, limit) }
  }),

  'inbox.send': writes(async (call, message, sql) => {
    const sent = await findSentMessage(sql, message.deviceId, message.clientId)
    if (sent !== undefined) return answerOf(sent)
    await getDevice(sql, message.deviceId)
    const msgId = await send(call, sql, message)
    await addSentMessage(sql, message.deviceId, message.clientId, msgId)
    return answerOf(msgId)
  }),

  'inbox.signal': writes(async (call, message, sql) => {
    const sent = await findSentMessage(sql, message.deviceId, message.clientId)
    if (sent !== undefined) return answerOf(sent)
    await getDevice(sql, message.deviceId)
    const noticeId = await signal(call, sql, message)
    await addSentMessage(sql, message.deviceId, message.clientId, noticeId)
    return answerOf(noticeId)
  }),
}

/** @throws Refusal `user_session_gone` */
async function getDevice(sql: Sql, deviceId: number): Promise<UserDeviceRow> {
  const device = await findUserDevice(sql, deviceId)
  if (!device) throw new Refusal('user_session_gone')
  return device
}

async function readEntries(
  call: Call,
  sql: Sql,
  deviceId: number,
  queue: string,
  after: number,
  limit: number,
): Promise<Entry[]> {
  const device = await getDevice(sql, deviceId)
  const from = Math.max(after, oldestMessageId(call.world) - 1)
  return (await listEntries(sql, device, queue, from, limit)).map(toEntry)
}

export function toEntry(row: EntryRow): Entry {
  if (row.notice !== null) return { id: row.entryId, content: JSON.parse(row.notice) as Notice }
  const { chatType, sender, senderResource, target, payload, body } = row
  return {
    id: row.entryId,
    content: {
      is: 'message',
      chatType,
      from: sender,
      resource: senderResource,
      to: target,
      payload,
      ...(body !== null && { body }),
    },
  }
}

function answerOf(msgId: number): { msgId: number; at: number } {
  return { msgId, at: timeOfMessageId(msgId) }
}

async function send(call: Call, sql: Sql, message: ClientMessage): Promise<number> {
  const { chatType, uid, deviceId, from, resource, payload, body, only, isOnlineOnly } = message
  const outgoing: Outgoing = {
    chatType,
    from,
    fromUid: uid,
    origin: deviceId,
    resource,
    payload,
    body,
    isOnlineOnly: isOnlineOnly === true,
    ...(only && { only }),
  }
  if (chatType === 'chat') {
    const receiver = await getReceiver(call, sql, message.to)
    await checkMaySendToUser(call, sql, uid, receiver)
    return sendToUser(call, sql, outgoing, receiver)
  }
  const group = await getTarget(call, sql, chatType, message.to)
  await checkMaySendToGroup(call, sql, uid, group)
  return chatType === 'groupchat'
    ? sendToGroup(call, sql, outgoing, group)
    : sendToRoom(call, sql, outgoing, group)
}

type ClientSignal = InboxOperations['inbox.signal']['args']

async function signal(call: Call, sql: Sql, message: ClientSignal): Promise<number> {
  const { chatType, uid, deviceId, from, resource, about, groupAck, body } = message
  const notice: Signal = {
    is: 'signal',
    signal: message.signal,
    chatType,
    from,
    resource,
    to: lowerAscii(message.to),
    msgId: about,
    body,
    ...(groupAck && { groupAck }),
  }
  const isTransient = message.isOnlineOnly === true
  if (chatType === 'chat') {
    const receiver = await getReceiver(call, sql, message.to)
    await checkMaySendToUser(call, sql, uid, receiver)
    const parcel = { entryId: await keepNotice(call, sql, notice), origin: 0, isTransient }
    await deliver(call, sql, receiver.uid, userQueue(from), parcel)
    const copy = { ...parcel, origin: deviceId }
    if (receiver.uid !== uid) await deliverCopy(call, sql, uid, userQueue(receiver.username), copy)
    return parcel.entryId
  }
  const group = await getTarget(call, sql, chatType, message.to)
  await checkMaySendToGroup(call, sql, uid, group)
  const parcel = { entryId: await keepNotice(call, sql, notice), origin: 0, isTransient }
  await deliverToMembers(call, sql, group, parcel, uid)
  await deliverCopy(call, sql, uid, groupQueue(group.groupId), { ...parcel, origin: deviceId })
  return parcel.entryId
}

/** @throws Refusal `receiver_unknown` */
async function getReceiver(call: Call, sql: Sql, name: string) {
  const receiver = await findUserByName(sql, call.app.appId, lowerAscii(name))
  if (!receiver) throw new Refusal('receiver_unknown', { username: name })
  return receiver
}

/** @throws Refusal `target_group_unknown` */
async function getTarget(call: Call, sql: Sql, chatType: 'groupchat' | 'chatroom', id: string) {
  const groupId = toGroupId(id)
  const kind = chatType === 'groupchat' ? 'group' : 'room'
  const group = groupId && (await findGroup(sql, call.app.appId, kind, groupId))
  if (!group) throw new Refusal('target_group_unknown')
  return group
}
