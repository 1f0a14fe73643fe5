// What has become of a message between users, as far as queues, cursors and pushes say: nothing is written for it.
import type { MessageTrail, TrailDispatches } from '../contract/operations/trail.ts'
import { timeOfMessageId } from '../lib/message-id.ts'
import type { Sql } from '../store/db.ts'
import { type AttemptPlace, countStates, firstAttempt, listAttempts } from '../store/dispatches.ts'
import {
  type DevicePage,
  listReceivingDevices,
  listReceivingDevicesOfGroup,
  type ReceivingDevice,
} from '../store/message-trails.ts'
import { findMessage, type MessageRow } from '../store/messages.ts'
import type { PushRow } from '../store/pushes.ts'
import { findUserByName } from '../store/users.ts'
import { listPushesAbout } from './announced.ts'
import type { Call } from './call.ts'
import { oldestMessageId } from './message-pages.ts'
import { noPlace, showAttempt, stateOf } from './push-trail.ts'
import { chosenOf } from './send.ts'
import { groupQueue, userQueue } from './tell.ts'

/** A page goes through the devices first, then through the attempts of one push after the other. */
type Place = ({ readonly in: 'devices' } & DevicePage['after']) | PlaceOfAttempt
type PlaceOfAttempt = { readonly in: 'attempts'; readonly pushId: number } & AttemptPlace

const start: Place = { in: 'devices', uid: 0, deviceId: 0 }
const firstPush: PlaceOfAttempt = { in: 'attempts', pushId: 0, ...firstAttempt }

/** @returns undefined when there is no such message @throws Refusal `request_invalid` */
export async function trailOfMessage(
  call: Call,
  sql: Sql,
  msgId: number,
  after: string,
  limit: number,
): Promise<MessageTrail | undefined> {
  const row = await findMessage(sql, msgId)
  const app = row && call.world.apps.findById(row.appId)
  if (!row || !app) return undefined
  const place = readPlace(after)
  const acceptedAt = timeOfMessageId(msgId)
  const pushes = await listPushesAbout(sql, row.appId, msgId)
  const devices =
    place.in === 'devices' ? await listDevices(sql, row, { after: place, limit: limit + 1 }) : []
  const from = place.in === 'attempts' ? place : firstPush
  const attempts = await listAttemptsOf(sql, pushes, from, limit + 1 - Math.min(devices.length, limit))
  const page = {
    devices: devices.slice(0, limit),
    attempts: attempts.slice(0, limit - Math.min(devices.length, limit)),
  }
  const isMore = devices.length + attempts.length > page.devices.length + page.attempts.length
  const [lastDevice, lastAttempt] = [page.devices.at(-1), page.attempts.at(-1)]
  return {
    kind: 'message',
    msgId: String(msgId),
    org: app.org,
    app: app.app,
    acceptedAt,
    expiresAt: acceptedAt + call.world.config.core.messageRetentionMs,
    state: msgId < oldestMessageId(call.world) ? 'expired' : 'live',
    chatType: row.chatType,
    from: row.sender,
    to: row.target,
    devices: page.devices.map(toDevice),
    pushes: pushes.map(push => ({ msgId: String(push.msgId), state: stateOf(call, push) })),
    dispatches: await sumStates(sql, pushes),
    attempts: page.attempts.map(showAttempt),
    ...(isMore && {
      next: lastAttempt
        ? `a.${lastAttempt.msgId}.${lastAttempt.deviceId}.${lastAttempt.attempt}`
        : `d.${lastDevice!.uid}.${lastDevice!.deviceId}`,
    }),
  }
}

async function listDevices(sql: Sql, row: MessageRow, page: DevicePage): Promise<ReceivingDevice[]> {
  const { chatType, msgId, sender, target, appId } = row
  if (chatType === 'chatroom') return []
  const queue = chatType === 'chat' ? userQueue(sender) : groupQueue(Number(target))
  const chosen = chatType === 'chat' ? [target] : chosenOf(row)
  if (!chosen) {
    const except = (await findUserByName(sql, appId, sender))?.uid ?? 0
    const joinedBy = timeOfMessageId(msgId)
    return listReceivingDevicesOfGroup(sql, Number(target), queue, msgId, { ...page, joinedBy, except })
  }
  const found: ReceivingDevice[] = []
  for (const name of chosen) {
    const user = await findUserByName(sql, appId, name)
    if (user) found.push(...(await listReceivingDevices(sql, user.uid, queue, msgId)))
  }
  return found
    .filter(({ uid, deviceId }) => isAfter([uid, deviceId], [page.after.uid, page.after.deviceId]))
    .sort((a, b) => a.uid - b.uid || a.deviceId - b.deviceId)
    .slice(0, page.limit)
}

function isAfter(
  [uid, device]: readonly [number, number],
  [afterUid, afterDevice]: readonly [number, number],
) {
  return uid > afterUid || (uid === afterUid && device > afterDevice)
}

async function listAttemptsOf(
  sql: Sql,
  pushes: readonly PushRow[],
  { pushId, deviceId, attempt }: PlaceOfAttempt,
  limit: number,
) {
  const found = []
  for (const { msgId } of pushes) {
    if (msgId < pushId) continue
    const after = msgId === pushId ? { deviceId, attempt } : firstAttempt
    found.push(...(await listAttempts(sql, msgId, after, limit - found.length)))
    if (found.length >= limit) break
  }
  return found
}

async function sumStates(sql: Sql, pushes: readonly PushRow[]): Promise<TrailDispatches[]> {
  const sums = new Map<string, TrailDispatches>()
  for (const { msgId } of pushes)
    for (const { channel, state, count } of await countStates(sql, msgId)) {
      const key = `${channel} ${state}`
      sums.set(key, { channel, state, count: count + (sums.get(key)?.count ?? 0) })
    }
  return [...sums.values()]
}

function toDevice({ username, resource, isOnline, hasAcknowledged, isWaiting, readAt }: ReceivingDevice) {
  return {
    username,
    resource,
    isOnline: isOnline === 1,
    hasAcknowledged: hasAcknowledged === 1,
    isWaiting: isWaiting === 1,
    readAt,
  }
}

/** @throws Refusal `request_invalid` for what was never given out as a place */
function readPlace(text: string): Place {
  if (text === '') return start
  const [, uid, device] = /^d\.(\d{1,15})\.(\d{1,15})$/.exec(text) ?? []
  if (uid !== undefined) return { in: 'devices', uid: Number(uid), deviceId: Number(device) }
  const [, push, deviceId, attempt] = /^a\.(\d{1,16})\.(-?\d{1,15})\.(\d{1,9})$/.exec(text) ?? []
  if (push === undefined) throw noPlace()
  return { in: 'attempts', pushId: Number(push), deviceId: Number(deviceId), attempt: Number(attempt) }
}
