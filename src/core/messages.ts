// Messages between users: kept in the log, and in the inbox of everyone who has still to get them. The payload is
// stored as it came; nothing here looks into it.
import type { MessageOperations, SendArgs } from '../contract/operations/messages.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import type { Sql } from '../store/db.ts'
import { findGroup, listGroups } from '../store/groups.ts'
import { countUndelivered, isUndeliveredTo } from '../store/inbox.ts'
import { hideMessage } from '../store/roaming.ts'
import { findUser, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { toGroupId } from './group-lookup.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { importMessage } from './message-imports.ts'
import { oldestMessageId, readPage } from './message-pages.ts'
import { type Outgoing, sendToGroup, sendToRoom, sendToUser } from './send.ts'
import { findGroupOrThread } from './thread-lookup.ts'

export const messageHandlers: Handlers<keyof MessageOperations> = {
  'message.send': writes(async (call, message, sql) => {
    call.spendOnce(() => spendMessages(call, message.targets.length))
    const send = message.chatType === 'chat' ? sendToName : sendToId
    const ids: (number | null)[] = []
    const sent = new Map<string, number | null>()
    for (const target of message.targets) {
      const name = lowerAscii(target)
      let msgId = sent.get(name)
      if (msgId === undefined) {
        msgId = await send(call, message, name, sql)
        sent.set(name, msgId)
      }
      ids.push(msgId)
    }
    if (isSeed(call) && ids.every(id => id === null)) throw new Refusal('targets_unknown')
    return { ids }
  }),

  'message.broadcast': writes(async (call, message, sql) => {
    if (!call.app.settings.room_broadcast) throw new Refusal('broadcast_off')
    const { broadcastRoomsMax } = call.world.config.core
    const newest = { createdAt: Number.MAX_SAFE_INTEGER, groupId: Number.MAX_SAFE_INTEGER, offset: 0 }
    const rooms = await listGroups(sql, call.app.appId, 'room', newest, broadcastRoomsMax + 1, false)
    if (rooms.length > broadcastRoomsMax)
      throw new Refusal('broadcast_rooms_too_many', { limit: String(broadcastRoomsMax) })
    call.spendOnce(() => {
      spendBroadcast(call)
      spendMessages(call, rooms.length)
    })
    const outgoing = await toOutgoing(call, sql, { ...message, chatType: 'chatroom', targets: [] })
    const ids: number[] = []
    for (const room of rooms.toReversed()) ids.push(await sendToRoom(call, sql, outgoing, room))
    return { msgId: ids[0] ?? call.world.ids.next() }
  }),

  'message.import': writes(async (call, message, sql) => {
    call.spendOnce(() => spendMessages(call, 1))
    return { msgId: await importMessage(call, sql, message) }
  }),

  'message.count_waiting': reads(async (call, args, sql) => {
    const { uid, username } = await getUser(call, sql, args.user)
    return { username, count: await countUndelivered(sql, uid, oldestMessageId(call.world)) }
  }),

  'message.is_waiting': reads(async (call, args, sql) => {
    const { uid } = await getUser(call, sql, args.user)
    return { isWaiting: await isUndeliveredTo(sql, uid, oldestMessageId(call.world), args.msgId) }
  }),

  'message.list': reads((call, request, sql) => readPage(call, sql, request)),
}

function isSeed(call: Call): boolean {
  return call.app.settings.edition === 'seed'
}

/** Every receiver counts; only the live edition knows such a limit (N-43). */
function spendMessages({ app, world }: Call, count: number): void {
  const { settings, appId } = app
  const perMinute = settings.limits.messages_per_minute
  if (perMinute === null || settings.edition !== 'live') return
  const { isExceeded, resetMs } = world.quotas.spend(`${appId} messages`, perMinute, count)
  if (isExceeded) throw new Refusal('message_rate_reached', {}, { retryAfterMs: resetMs })
}

function spendBroadcast({ app, world }: Call): void {
  const { settings, appId } = app
  const { isExceeded, resetMs } = world.quotas.spend(
    `${appId} room broadcasts`,
    settings.limits.room_broadcasts_per_minute,
  )
  if (isExceeded) throw new Refusal('rate_limited', {}, { retryAfterMs: resetMs })
}

/** @returns the message's id, or null when there is no such user */
async function sendToName(call: Call, message: SendArgs, name: string, sql: Sql): Promise<number | null> {
  const uid = await call.world.userIds.find(call, sql, name)
  if (uid === undefined) return idOfUnsent(call)
  return sendToUser(call, sql, await toOutgoing(call, sql, message), { uid, username: name })
}

/** @returns the message's id, or null when there is no such group or room */
async function sendToId(call: Call, message: SendArgs, id: string, sql: Sql): Promise<number | null> {
  const isRoom = message.chatType === 'chatroom'
  const groupId = toGroupId(id)
  if (groupId === undefined) return idOfUnsent(call)
  const { appId } = call.app
  const group = isRoom
    ? await findGroup(sql, appId, 'room', groupId)
    : await findGroupOrThread(call, sql, groupId)
  if (!group) return idOfUnsent(call)
  const send = isRoom ? sendToRoom : sendToGroup
  const msgId = await send(call, sql, await toOutgoing(call, sql, message), group)
  for (const name of message.forgottenBy ?? []) {
    const uid = await call.world.userIds.find(call, sql, lowerAscii(name))
    if (uid !== undefined) await hideMessage(sql, uid, msgId)
  }
  return msgId
}

async function toOutgoing(call: Call, sql: Sql, message: SendArgs): Promise<Outgoing> {
  const { chatType, payload, only, isOnlineOnly, isSynced = false, priority } = message
  const from = lowerAscii(message.from)
  return {
    chatType,
    from,
    // Who sends to a group does not get it back; to users it makes no difference.
    fromUid:
      chatType === 'groupchat' || isSynced ? ((await call.world.userIds.find(call, sql, from)) ?? 0) : 0,
    origin: 0,
    resource: '',
    payload,
    isOnlineOnly: isOnlineOnly === true,
    isSynced,
    ...(only && { only }),
    ...(priority && { priority }),
  }
}

/** The live edition does not look whether a receiver exists: it answers an id either way (easemob.md §6.18). */
function idOfUnsent(call: Call): number | null {
  return isSeed(call) ? null : call.world.ids.next()
}

async function getUser(call: Call, sql: Sql, text: string): Promise<UserRow> {
  const user = await findUser(sql, call.app.appId, text)
  if (!user) throw new Refusal('user_unknown')
  return user
}
