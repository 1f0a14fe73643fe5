// Pushes that are taken back. Whoever has not received one does not any more; whoever may be showing it is told to remove
// it (jpush.md §3.1.7), by a notice that goes the way of a push: to sessions at once, to vendors that can wake the app, and
// to whoever connects while the notice lasts.
import type { Members } from '../channels/channel.ts'
import { jpushLimits } from '../contract/limits.ts'
import type { PushContents } from '../contract/operations/pushes.ts'
import { chunkOf, hasBit } from '../lib/bitmap.ts'
import type { Sql } from '../store/db.ts'
import { type DeviceRow, pickReachable } from '../store/devices.ts'
import { findDispatchState } from '../store/dispatches.ts'
import { insertFanOut } from '../store/fan-outs.ts'
import { insertPush, isReplacedLater, type PushRow } from '../store/pushes.ts'
import { findTargetState, listWithdrawals, type QueuedBroadcast, withdrawPush } from '../store/queues.ts'
import { findPushHead, findReceipts, type PushHead } from '../store/receipts.ts'
import type { Call } from './call.ts'
import { addDispatches } from './dispatches.ts'
import type { World } from './world.ts'

const { withdrawalMs, withdrawalsPerDeviceMax } = jpushLimits

interface Kept {
  readonly options?: Members
  readonly notification_3rd?: Members
}

/** Withdrawing again changes nothing. */
export async function withdraw(call: Call, sql: Sql, push: PushRow): Promise<void> {
  if (push.state === 'withdrawn') return
  await withdrawPush(sql, push.msgId)
  const { notification, kept: text } = JSON.parse(push.content) as PushContents
  const kept = JSON.parse(text) as Kept
  if (Object.keys(notification).length === 0 && !kept.notification_3rd) return
  // Its own way is no longer the push's: where it is told is where it can be.
  const { third_party_channel: _, ...options } = kept.options ?? {}
  const contents: PushContents = { notification: {}, kept: JSON.stringify({ options }) }
  const msgId = call.world.ids.next()
  await insertPush(sql, {
    ...push,
    msgId,
    content: JSON.stringify(contents),
    isBroadcast: 0,
    state: 'live',
    overrideOf: null,
    // In that place it would drop, at a vendor, what is shown there instead by now.
    chainRoot: (await isReplacedLater(sql, push)) ? null : (push.chainRoot ?? push.msgId),
    withdraws: push.msgId,
    createdAt: call.now,
    expiresAt: call.now + withdrawalMs,
  })
  const { appId } = push
  await insertFanOut(sql, { msgId, appId, position: 0, dueAt: call.now, pace: undefined })
  call.afterCommit(() => call.world.nudge('fan_out'))
  if (push.isBroadcast === 1) call.wake({ kind: 'broadcast', msgId, appId })
}

export interface Told {
  /** To be woken. */
  readonly online: readonly number[]
  readonly isDispatched: boolean
}

/** Tells those of the devices that may be showing what is withdrawn. */
export async function tellOfWithdrawal(
  world: World,
  sql: Sql,
  notice: PushRow,
  deviceIds: readonly number[],
): Promise<Told> {
  const withdrawn = notice.withdraws!
  const push = await findPushHead(sql, withdrawn)
  if (!push) return { online: [], isDispatched: false }
  const online: number[] = []
  const taken: number[] = []
  for (const deviceId of deviceIds) {
    // What is on its way to a session may be shown before it is acknowledged.
    const isOnline = world.online.has(deviceId)
    if (isOnline && (await mayShow(sql, deviceId, withdrawn, push, true))) online.push(deviceId)
    if (await isTakenByVendor(sql, deviceId, withdrawn)) taken.push(deviceId)
  }
  const reachable = await pickReachable(sql, taken)
  const { isAny } = await addDispatches(world, sql, notice, reachable)
  return { online, isDispatched: isAny }
}

/** Notices that the device is still to be told: of the newest, those it has not acknowledged. */
export async function listNotices(
  sql: Sql,
  { deviceId, appId, platform }: DeviceRow,
  now: number,
): Promise<number[]> {
  const newest = await listWithdrawals(sql, appId, chunkOf(deviceId), withdrawalsPerDeviceMax)
  const notices: number[] = []
  for (const notice of newest) {
    const isOpen = notice.expiresAt > now && notice.platforms.split(',').includes(platform)
    if (isOpen && !hasBit(notice.receivers, deviceId) && (await isAbout(sql, deviceId, notice)))
      notices.push(notice.msgId)
  }
  return notices
}

async function isAbout(sql: Sql, deviceId: number, { withdraws }: QueuedBroadcast): Promise<boolean> {
  const push = withdraws === null ? undefined : await findPushHead(sql, withdraws)
  return push !== undefined && mayShow(sql, deviceId, withdraws!, push, false)
}

/** @param isOnTheWay what the device has not acknowledged counts too */
async function mayShow(
  sql: Sql,
  deviceId: number,
  msgId: number,
  { isBroadcast }: PushHead,
  isOnTheWay: boolean,
): Promise<boolean> {
  if (isBroadcast === 1) {
    const has = async (event: 'received' | 'opened') =>
      hasBit(await findReceipts(sql, msgId, event, chunkOf(deviceId)), deviceId)
    if (await has('opened')) return false
    if (isOnTheWay || (await has('received'))) return true
  } else {
    const state = await findTargetState(sql, deviceId, msgId)
    if (state === undefined || state === 'opened') return false
    if (state === 'received' || state === 'displayed' || (isOnTheWay && state === 'pending')) return true
  }
  return isTakenByVendor(sql, deviceId, msgId)
}

async function isTakenByVendor(sql: Sql, deviceId: number, msgId: number): Promise<boolean> {
  const state = await findDispatchState(sql, { deviceId, msgId })
  return state === 'accepted' || state === 'unknown' || state === 'under_way'
}
