// Attempts to give pushes to a vendor: which are made, and what each has come to.
import type { Channel, ChannelName, Members, Outcome, VendorPush } from '../channels/channel.ts'
import { chunkOf, hasBit } from '../lib/bitmap.ts'
import type { Sql } from '../store/db.ts'
import { type DeviceRow, findDeviceById, setChannels } from '../store/devices.ts'
import {
  addToChannelCounts,
  beginAttempt,
  type DispatchKey,
  type DispatchRow,
  type DispatchState,
  insertAttempt,
  setState,
} from '../store/dispatches.ts'
import { findPush, type PushRow } from '../store/pushes.ts'
import { findTargetState } from '../store/queues.ts'
import { findReceipts } from '../store/receipts.ts'
import { PushParts } from './vendor-push.ts'
import type { World } from './world.ts'

export interface Attempt extends DispatchKey {
  readonly appId: number
  readonly channel: Channel
  /** From 1. */
  readonly attempt: number
  readonly address: Members
  readonly push: VendorPush
  readonly expiresAt: number
}

export interface Result {
  readonly attempt: Attempt
  readonly outcome: Outcome
  /** Epoch ms. */
  readonly at: number
  readonly tookMs: number
}

/** Notes what is about to be tried, and settles what is not to be tried any more. */
export async function beginAttempts(
  world: World,
  sql: Sql,
  channel: Channel,
  rows: readonly DispatchRow[],
): Promise<Attempt[]> {
  const pushes = new Map<number, { push: PushRow; parts: PushParts } | undefined>()
  const attempts: Attempt[] = []
  for (const row of rows) {
    if (!pushes.has(row.msgId)) {
      const push = await findPush(sql, row.msgId)
      pushes.set(row.msgId, push && { push, parts: new PushParts(push) })
    }
    const known = pushes.get(row.msgId)
    const device = await findDeviceById(sql, row.deviceId)
    const address = device && addressOf(device, channel.name)
    const isOnlyWay = device && known && channel.isOnlyWay?.(known.parts.for(device.platform, channel.name))
    const end = await endOf(world, sql, row, { push: known?.push, address, isOnlyWay: isOnlyWay === true })
    const restMs = address ? restOf(world, row.appId, channel, address) : 0
    if (end) await setState(sql, row, end)
    else if (restMs > 0) await setState(sql, row, 'due', world.clock.now() + restMs)
    else if (await beginAttempt(sql, row))
      attempts.push({
        ...row,
        channel,
        attempt: row.attempts + 1,
        address: address!,
        push: known!.parts.for(device!.platform, channel.name),
      })
  }
  return attempts
}

/** Where devices name providers of their own, one of them may be resting while others work. */
function restOf({ channels }: World, appId: number, channel: Channel, address: Members): number {
  return channel.providerOf ? channels.gate.restOf(channels.providerOf(appId, channel, address)) : 0
}

/** Undefined = it is to be tried. */
async function endOf(
  world: World,
  sql: Sql,
  row: DispatchRow,
  about: { push: PushRow | undefined; address: Members | undefined; isOnlyWay: boolean },
): Promise<DispatchState | undefined> {
  const { push, address, isOnlyWay } = about
  if (push?.state !== 'live') return 'withdrawn'
  if (row.expiresAt <= world.clock.now()) return 'expired'
  if (!address) return 'dead_token'
  return !isOnlyWay && (await hasReceived(sql, push, row.deviceId)) ? 'received' : undefined
}

async function hasReceived(sql: Sql, { msgId, isBroadcast }: PushRow, deviceId: number): Promise<boolean> {
  if (isBroadcast === 1)
    return hasBit(await findReceipts(sql, msgId, 'received', chunkOf(deviceId)), deviceId)
  const state = await findTargetState(sql, deviceId, msgId)
  return state !== 'pending' && state !== 'missed'
}

function addressOf({ channels }: DeviceRow, name: ChannelName): Members | undefined {
  return (JSON.parse(channels) as Readonly<Record<string, Members>>)[name]
}

/** What an outcome does to the dispatch. A repeat waits longer each time. */
export async function settleResult(world: World, sql: Sql, result: Result): Promise<void> {
  const { attempt, outcome, at, tookMs } = result
  const { msgId, deviceId, channel } = attempt
  await insertAttempt(sql, {
    msgId,
    deviceId,
    attempt: attempt.attempt,
    channel: channel.name,
    at,
    tookMs,
    outcome: outcome.is,
    status: outcome.status ?? null,
    reason: outcome.reason,
    retryAfterMs: outcome.is === 'retry' ? (outcome.retryAfterMs ?? null) : null,
  })
  if (outcome.is === 'accepted') {
    await setState(sql, attempt, 'accepted')
    const { platform } = attempt.push
    return addToChannelCounts(sql, msgId, { channel: channel.name, platform, target: 0, sent: 1 })
  }
  if (outcome.is === 'dead_token') {
    await forgetAddress(sql, attempt)
    return setState(sql, attempt, 'dead_token')
  }
  if (outcome.is === 'refused') return setState(sql, attempt, 'refused')
  if (outcome.is === 'unknown' && !channel.isRepeatable(attempt.push))
    return setState(sql, attempt, 'unknown')
  const asked = outcome.is === 'retry' ? outcome.retryAfterMs : undefined
  const dueAt = world.clock.now() + waitOf(world, attempt.attempt, asked)
  return dueAt < attempt.expiresAt ? setState(sql, attempt, 'due', dueAt) : setState(sql, attempt, 'expired')
}

/** Exponential, up to a fifth more or less so that what failed together does not come back together. */
function waitOf({ config, random }: World, attempts: number, askedMs = 0): number {
  const { retryMs, retryMsMax } = config.core.dispatch
  const ownMs = Math.min(retryMs * 2 ** (attempts - 1), retryMsMax) * (0.8 + 0.4 * random())
  return Math.ceil(Math.max(ownMs, askedMs))
}

/** Only the address that was tried: the device may have a new one by now. */
async function forgetAddress(sql: Sql, { deviceId, channel, address }: Attempt): Promise<void> {
  const device = await findDeviceById(sql, deviceId)
  if (!device) return
  const { [channel.name]: known, ...others } = JSON.parse(device.channels) as Record<string, Members>
  if (JSON.stringify(known) === JSON.stringify(address))
    await setChannels(sql, deviceId, JSON.stringify(others))
}
