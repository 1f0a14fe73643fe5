// Queues and sending, for the clients of users: what waits for a device, how far it has come, what it sends.
import type { ClientMessage, Entry, InboxOperations } from '../contract/operations/inbox.ts'
import type { Signal } from '../contract/operations/notices.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import { timeOfMessageId } from '../lib/message-id.ts'
import type { Sql } from '../store/db.ts'
import { isMember } from '../store/group-members.ts'
import { findGroup, type GroupRow } from '../store/groups.ts'
import { findCursor, lastInQueue, listEntries, listWaiting, moveCursor, type Parcel } from '../store/inbox.ts'
import { findMessage } from '../store/messages.ts'
import { addSentMessage, findSentMessage, type UserDeviceRow } from '../store/user-devices.ts'
import { findUserByName } from '../store/users.ts'
import type { Call } from './call.ts'
import { askBefore, askBeforeEdit } from './callbacks.ts'
import { noteRead } from './conversations.ts'
import { editByClient, findEdit } from './edits.ts'
import { toEntry } from './entries.ts'
import { readPage } from './entry-pages.ts'
import { toGroupId } from './group-lookup.ts'
import { type Handlers, reads, writes, writesAfter } from './handler.ts'
import { oldestMessageId } from './message-pages.ts'
import { noteReader } from './message-readers.ts'
import { recallByClient } from './recall.ts'
import { type Outgoing, sendToGroup, sendToRoom, sendToUser } from './send.ts'
import { checkMaySendToGroup, checkMaySendToUser, checkMaySpeak, checkMaySpeakInGroup } from './send-rules.ts'
import { deliver, deliverCopy, deliverToMembers, groupQueue, keepNotice, userQueue } from './tell.ts'
import { findGroupOrThread, findThreadFacts } from './thread-lookup.ts'
import { getDevice, userSessionHandlers } from './user-sessions.ts'

export const inboxHandlers: Handlers<keyof InboxOperations> = {
  ...userSessionHandlers,

  'inbox.waiting': reads(async (call, session, sql) => {
    const device = await getDevice(sql, session)
    return {
      queues: await listWaiting(sql, device, oldestMessageId(call.world), call.world.config.im.countMax),
    }
  }),

  'inbox.pull': reads(async (call, { queue, after = 0, limit, ...session }, sql) => {
    const device = await getDevice(sql, session)
    const cursor = await findCursor(sql, device.uid, queue, device.deviceId)
    return { entries: await readEntries(call, sql, device, queue, Math.max(after, cursor), limit) }
  }),

  'inbox.acknowledge': writes(async (call, { queue, through, after = 0, limit, ...session }, sql) => {
    const device = await getDevice(sql, session)
    const { uid, deviceId } = device
    const before = await findCursor(sql, uid, queue, deviceId)
    const last = await lastInQueue(sql, uid, queue)
    const acknowledged = Math.max(before, wasGivenOut(call, through) ? Math.min(through, last) : 0)
    const entries = await readEntries(call, sql, device, queue, Math.max(after, acknowledged), limit)
    // Behind it there is nothing for this device: it has passed what is there for the others.
    const hasPassedAll = entries.length === 0 && after <= acknowledged
    const cursor = hasPassedAll ? Math.max(acknowledged, last) : acknowledged
    if (cursor > before) await moveCursor(sql, uid, queue, deviceId, cursor)
    return { entries }
  }),

  'inbox.send': writesAfter(askBefore, async (call, _asked, sql, message) => {
    await getDevice(sql, message)
    const sent = await findSentMessage(sql, message.deviceId, message.clientId)
    if (sent !== undefined) return answerOf(sent)
    const msgId = await send(call, sql, message)
    await addSentMessage(sql, message.deviceId, message.clientId, msgId)
    return answerOf(msgId)
  }),

  'inbox.signal': writesAfter(askBeforeEdit, async (call, _asked, sql, message) => {
    await getDevice(sql, message)
    const sent = await findSentMessage(sql, message.deviceId, message.clientId)
    if (sent !== undefined) return answerOfSignal(sql, message, sent)
    const noticeId = await signal(call, sql, message)
    await noteRead(call, sql, message)
    await addSentMessage(sql, message.deviceId, message.clientId, noticeId)
    return answerOfSignal(sql, message, noticeId)
  }),
}

/** Acknowledging an id that is yet to come would swallow what waits, and what is still to come. */
function wasGivenOut(call: Call, id: number): boolean {
  return Number.isSafeInteger(id) && id > 0 && id <= call.world.ids.last
}

async function readEntries(
  call: Call,
  sql: Sql,
  device: UserDeviceRow,
  queue: string,
  after: number,
  limit: number,
): Promise<Entry[]> {
  const oldest = oldestMessageId(call.world)
  const limits = { limit, bytesMax: call.world.config.im.bufferBytesMax }
  const thread = await findThreadFacts(call, sql, queue)
  const facts = thread ? { thread } : {}
  const page = await readPage(limits, Math.max(after, oldest - 1), async (from, count) =>
    (await listEntries(sql, device, queue, from, count)).map(row => toEntry(row, facts)),
  )
  return page.entries
}

function answerOf(msgId: number): { msgId: number; at: number } {
  return { msgId, at: timeOfMessageId(msgId) }
}

async function send(call: Call, sql: Sql, message: ClientMessage): Promise<number> {
  const { chatType, uid, deviceId, from, resource, payload, body, only, isOnlineOnly, priority } = message
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
    ...(priority && chatType === 'chatroom' && { priority }),
  }
  await checkMaySpeak(call, sql, uid, chatType)
  if (chatType === 'chat') {
    const receiver = await getReceiver(call, sql, message.to)
    await checkMaySendToUser(call, sql, uid, receiver)
    return sendToUser(call, sql, outgoing, receiver)
  }
  const group = await getTarget(call, sql, chatType, message.to)
  await checkMaySendToGroup(call, sql, uid, group)
  await checkMaySpeakInGroup(call, sql, uid, group)
  return chatType === 'groupchat'
    ? sendToGroup(call, sql, outgoing, group)
    : sendToRoom(call, sql, outgoing, group)
}

type ClientSignal = InboxOperations['inbox.signal']['args']

async function answerOfSignal(sql: Sql, { signal }: ClientSignal, noticeId: number) {
  const edit = signal === 'edit' ? await findEdit(sql, noticeId) : undefined
  return { ...answerOf(noticeId), ...(edit && { edit }) }
}

async function signal(call: Call, sql: Sql, message: ClientSignal): Promise<number> {
  if (message.signal === 'recall') return recallByClient(call, sql, message)
  if (message.signal === 'edit') return editByClient(call, sql, message)
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
  // A room keeps nothing for those who are away.
  const isTransient = message.isOnlineOnly === true || chatType === 'chatroom'
  if (chatType === 'chat') {
    const receiver = await getReceiver(call, sql, message.to)
    await checkMaySendToUser(call, sql, uid, receiver)
    const parcel = { entryId: await keepNotice(call, sql, notice), origin: 0, isTransient }
    if (receiver.uid !== uid) await deliver(call, sql, receiver.uid, userQueue(from), parcel)
    const copy = { ...parcel, origin: deviceId }
    await deliverCopy(call, sql, uid, userQueue(receiver.username), copy)
    return parcel.entryId
  }
  const group = await getTarget(call, sql, chatType, message.to)
  await checkMaySendToGroup(call, sql, uid, group)
  const readers = await noteReader(call, sql, group.groupId, message)
  const counted = groupAck && readers !== undefined ? { groupAck: { ...groupAck, readers } } : {}
  const entryId = await keepNotice(call, sql, { ...notice, ...counted })
  const parcel = { entryId, origin: 0, isTransient }
  if (isReceipt(message)) await deliverToAuthor(call, sql, group, message, parcel)
  else await deliverToMembers(call, sql, group, parcel, uid)
  await deliverCopy(call, sql, uid, groupQueue(group.groupId), { ...parcel, origin: deviceId })
  return parcel.entryId
}

function isReceipt({ signal }: ClientSignal): boolean {
  return signal === 'read' || signal === 'delivered'
}

/** That somebody has read a message in a group is for the one who has written it. */
async function deliverToAuthor(
  call: Call,
  sql: Sql,
  { groupId }: GroupRow,
  { about, uid }: ClientSignal,
  parcel: Parcel,
): Promise<void> {
  const written = await findMessage(sql, about)
  if (written?.appId !== call.app.appId || written.target !== String(groupId)) return
  const author = await findUserByName(sql, call.app.appId, written.sender)
  if (author && author.uid !== uid && (await isMember(sql, groupId, author.uid)))
    await deliver(call, sql, author.uid, groupQueue(groupId), parcel)
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
  const { appId } = call.app
  const find = () =>
    chatType === 'groupchat'
      ? findGroupOrThread(call, sql, groupId!)
      : findGroup(sql, appId, 'room', groupId!)
  const group = groupId && (await find())
  if (!group) throw new Refusal('target_group_unknown')
  return group
}
