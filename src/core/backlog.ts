// What a device finds when it comes online. Of the pushes that came while it was offline the newest few are kept, the
// oldest dropped first (jpush.md §3.1.1.10); those that came while it was online and were not acknowledged are all
// kept, up to a limit no device in order reaches. What is not kept is settled here and never looked at again.
import { chunkOf } from '../lib/bitmap.ts'
import type { Sql } from '../store/db.ts'
import type { DeviceRow } from '../store/devices.ts'
import {
  findBroadcast,
  listBroadcasts,
  listPending,
  missTarget,
  missTargetsBelow,
  type QueuedBroadcast,
} from '../store/queues.ts'
import { isDeliverable, isOutstanding, type Moment } from './deliverable.ts'

export interface BacklogRules extends Moment {
  /** A message id: broadcasts up to it are taken into account. */
  readonly through: number
  /** A message id: pushes after it found the device offline. */
  readonly offlineFrom: number
  /** Of those, how many are kept. */
  readonly offlineMax: number
  /** How many of the others are kept, and how many entries of each kind are looked at. */
  readonly backlogMax: number
  readonly broadcastScanMax: number
}

const pageSize = 100

interface Found {
  readonly targets: readonly number[]
  readonly broadcasts: readonly number[]
}

/** @returns the broadcasts that the device is still to receive; its targets stay pending or are missed */
export async function settleBacklog(sql: Sql, device: DeviceRow, rules: BacklogRules): Promise<number[]> {
  const pending = await listPending(sql, device.deviceId, 0, 'DESC', rules.backlogMax)
  const targets: number[] = []
  for (const push of pending) if (await isDeliverable(sql, device, push, rules)) targets.push(push.msgId)
  const broadcasts = await findOutstanding(sql, device, rules)
  const kept = keep({ targets, broadcasts }, rules)
  for (const { msgId } of pending) if (!kept.has(msgId)) await missTarget(sql, device.deviceId, msgId)
  const oldest = pending.length === rules.backlogMax ? pending.at(-1) : undefined
  if (oldest) await missTargetsBelow(sql, device.deviceId, oldest.msgId)
  return broadcasts.filter(msgId => kept.has(msgId)).sort((a, b) => a - b)
}

function keep({ targets, broadcasts }: Found, rules: BacklogRules): Set<number> {
  const newestFirst = [...targets, ...broadcasts].sort((a, b) => b - a)
  const cameOffline = newestFirst.filter(msgId => msgId > rules.offlineFrom)
  const cameOnline = newestFirst.filter(msgId => msgId <= rules.offlineFrom)
  return new Set([...cameOffline.slice(0, rules.offlineMax), ...cameOnline.slice(0, rules.backlogMax)])
}

async function findOutstanding(sql: Sql, device: DeviceRow, rules: BacklogRules): Promise<number[]> {
  const chunk = chunkOf(device.deviceId)
  const found: number[] = []
  const take = async (broadcast: QueuedBroadcast) => {
    if (await isOutstanding(sql, device, broadcast, rules)) found.push(broadcast.msgId)
  }
  for (const msgId of JSON.parse(device.keptBroadcasts) as number[]) {
    const broadcast = await findBroadcast(sql, msgId, chunk)
    if (broadcast) await take(broadcast)
  }
  const offlineFrom = Math.max(rules.offlineFrom, device.broadcastCursor)
  const isEnough = () => found.filter(msgId => msgId > offlineFrom).length >= rules.offlineMax
  await scan(sql, device, rules, { after: offlineFrom, through: rules.through }, take, isEnough)
  const cameOnline = { after: device.broadcastCursor, through: offlineFrom }
  await scan(sql, device, rules, cameOnline, take, () => found.length >= rules.backlogMax)
  return found
}

/** Newest first, page by page, until it is enough. */
async function scan(
  sql: Sql,
  device: DeviceRow,
  { broadcastScanMax }: BacklogRules,
  { after, through }: { readonly after: number; readonly through: number },
  take: (broadcast: QueuedBroadcast) => Promise<void>,
  isEnough: () => boolean,
): Promise<void> {
  const range = { appId: device.appId, chunk: chunkOf(device.deviceId), after }
  let last = through
  for (let scanned = 0; scanned < broadcastScanMax && last > after; scanned += pageSize) {
    const page = await listBroadcasts(sql, { ...range, through: last }, 'DESC', pageSize)
    for (const broadcast of page) await take(broadcast)
    if (page.length < pageSize || isEnough()) return
    last = page.at(-1)!.msgId - 1
  }
}
