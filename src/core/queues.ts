// The queue of a device: pushes to chosen devices that are pending for it, and broadcasts past its cursor without its
// receipt. Read here in the order of their ids; settled by receipts and backlog.
import type { DeviceOperations, PushPayloads, Queue, QueueRequest } from '../contract/operations/devices.ts'
import type { Platform, PushContents } from '../contract/operations/pushes.ts'
import { chunkOf } from '../lib/bitmap.ts'
import type { Sql } from '../store/db.ts'
import { type DeviceRow, findDeviceById } from '../store/devices.ts'
import { findPush, type PushRow } from '../store/pushes.ts'
import { findBroadcast, listBroadcasts, listPending } from '../store/queues.ts'
import type { Call } from './call.ts'
import { isDeliverable, isOutstanding, type Moment } from './deliverable.ts'
import { type Handlers, reads } from './handler.ts'
import { imageChannelOfSessions, withImagesInText } from './push-images.ts'
import { listNotices } from './withdrawals.ts'

type QueueOperation = 'queue.pull' | 'queue.contents'

const pageSize = 100

/** Entries found, and the message id up to which everything was looked at. */
interface Part {
  readonly msgIds: readonly number[]
  readonly through: number
}

export const queueHandlers: Handlers<Extract<keyof DeviceOperations, QueueOperation>> = {
  'queue.pull': reads(async (call, { devices }, sql) => {
    const queues: Queue[] = []
    for (const request of devices) queues.push(await pull(call, sql, request))
    return { queues }
  }),

  'queue.contents': reads(async (_call, { msgIds }, sql) => {
    const contents: PushPayloads[] = []
    for (const msgId of msgIds) {
      const push = await findPush(sql, msgId)
      if (push) contents.push(payloadsOf(push))
    }
    return { contents }
  }),
}

async function pull(call: Call, sql: Sql, request: QueueRequest): Promise<Queue> {
  const { deviceId, openedAt, limit } = request
  const end = call.world.ids.last
  const device = await findDeviceById(sql, deviceId)
  if (!device) return { deviceId, msgIds: [], through: end, hasMore: false }
  const { onlineOnlyMs, broadcastScanMax } = call.world.config.core.delivery
  const moment: Moment = { now: call.now, openedAt, onlineOnlyMs }
  const most = { entries: limit + 1, scanned: broadcastScanMax }
  const after = Math.max(device.broadcastCursor, request.settled)
  const pending = await findPending(sql, device, moment, most, end)
  const kept = await findKept(sql, device, moment)
  const broadcasts = await findBroadcasts(sql, device, moment, most, { after, through: end })
  const notices = await listNotices(sql, device, call.now)
  const through = Math.min(pending.through, broadcasts.through)
  const all = [...pending.msgIds, ...kept, ...broadcasts.msgIds, ...notices]
    .filter(msgId => msgId <= through)
    .sort((a, b) => a - b)
  if (all.length <= limit) return { deviceId, msgIds: all, through, hasMore: through < end }
  const msgIds = all.slice(0, limit)
  return { deviceId, msgIds, through: msgIds.at(-1) ?? 0, hasMore: true }
}

interface Most {
  readonly entries: number
  readonly scanned: number
}

async function findPending(
  sql: Sql,
  device: DeviceRow,
  moment: Moment,
  most: Most,
  end: number,
): Promise<Part> {
  const msgIds: number[] = []
  let after = 0
  for (let scanned = 0; scanned < most.scanned; scanned += pageSize) {
    const page = await listPending(sql, device.deviceId, after, 'ASC', pageSize)
    for (const push of page) {
      if (msgIds.length === most.entries) return { msgIds, through: after }
      if (await isDeliverable(sql, device, push, moment)) msgIds.push(push.msgId)
      after = push.msgId
    }
    if (page.length < pageSize) return { msgIds, through: end }
  }
  return { msgIds, through: after }
}

async function findKept(sql: Sql, device: DeviceRow, moment: Moment): Promise<number[]> {
  const msgIds: number[] = []
  for (const msgId of JSON.parse(device.keptBroadcasts) as number[]) {
    const broadcast = await findBroadcast(sql, msgId, chunkOf(device.deviceId))
    if (broadcast && (await isOutstanding(sql, device, broadcast, moment))) msgIds.push(msgId)
  }
  return msgIds
}

async function findBroadcasts(
  sql: Sql,
  device: DeviceRow,
  moment: Moment,
  most: Most,
  range: { readonly after: number; readonly through: number },
): Promise<Part> {
  const { appId, deviceId } = device
  const msgIds: number[] = []
  let { after } = range
  for (let scanned = 0; scanned < most.scanned; scanned += pageSize) {
    const rest = { appId, chunk: chunkOf(deviceId), after, through: range.through }
    const page = await listBroadcasts(sql, rest, 'ASC', pageSize)
    for (const broadcast of page) {
      if (msgIds.length === most.entries) return { msgIds, through: after }
      if (await isOutstanding(sql, device, broadcast, moment)) msgIds.push(broadcast.msgId)
      after = broadcast.msgId
    }
    if (page.length < pageSize) return { msgIds, through: range.through }
  }
  return { msgIds, through: after }
}

function payloadsOf(push: PushRow): PushPayloads {
  const contents = JSON.parse(push.content) as PushContents
  const platforms = push.platforms.split(',') as Platform[]
  const payloads = platforms.map(platform => [platform, payloadOf(push, contents, platform)] as const)
  return {
    msgId: push.msgId,
    isBroadcast: push.isBroadcast === 1,
    payloads: Object.fromEntries(payloads),
  }
}

/** The parts are JSON already: put together as they are, numbers keep every digit. */
function payloadOf(push: PushRow, contents: PushContents, platform: Platform): string {
  const notification = notificationOf(contents, platform)
  const liveActivity = platform === 'ios' ? contents.liveActivity : undefined
  const isOfChain = push.chainRoot !== null && push.chainRoot !== push.withdraws
  const members = [
    `"msg_id":"${push.withdraws ?? push.msgId}"`,
    ...(push.withdraws === null ? [] : ['"withdrawn":true']),
    ...(isOfChain ? [`"override_msg_id":"${push.chainRoot}"`] : []),
    ...(notification === undefined ? [] : [`"notification":${notification}`]),
    ...(contents.message === undefined ? [] : [`"message":${contents.message}`]),
    ...(liveActivity === undefined ? [] : [`"live_activity":${liveActivity}`]),
    `"sent_at":${push.createdAt}`,
    `"expires_at":${push.expiresAt}`,
  ]
  return `{${members.join(',')}}`
}

function notificationOf({ notification, images }: PushContents, platform: Platform): string | undefined {
  const text = notification[platform]
  if (text === undefined || !images) return text
  return withImagesInText(text, images, imageChannelOfSessions(platform))
}
