// What happens to a push once it is accepted: who gets it, who has it, how it is taken back.
import type { Members } from '../channels/channel.ts'
import type {
  Audience,
  Counts,
  DeliveryStatus,
  Platform,
  PushContents,
} from '../contract/operations/pushes.ts'
import { chunkOf, hasBit } from '../lib/bitmap.ts'
import { type PositionRange, rangeOfDevices } from '../store/audiences.ts'
import type { Sql } from '../store/db.ts'
import {
  countByPlatform,
  countDevices,
  findDeviceById,
  pickReachable,
  type ReachableDevice,
} from '../store/devices.ts'
import { insertFanOut } from '../store/fan-outs.ts'
import { rangeOfChunks } from '../store/push-files.ts'
import { insertPush, type PushRow } from '../store/pushes.ts'
import { findTargetState, insertTarget, isUnreceived } from '../store/queues.ts'
import { addToCounts, findReceipts, listCounts } from '../store/receipts.ts'
import { lastInSequence } from '../store/sequences.ts'
import type { Call } from './call.ts'
import { addDispatches } from './dispatches.ts'
import { maySkipSessions } from './distribution.ts'
import type { World } from './world.ts'

export interface AcceptedPush {
  readonly msgId: number
  readonly platforms: readonly Platform[]
  readonly audience: 'all' | Audience
  readonly contents: PushContents
  /** Epoch ms. Not after the moment of acceptance = only for devices that are online now. */
  readonly expiresAt: number
  /** Belongs to the app. */
  readonly override?: PushRow
  /** For a `query`: how long it takes until the last device is written down, at one speed. Absent = as fast as may be. */
  readonly durationMs?: number
}

export type Targets =
  /** Every device on the platforms, those to come included. */
  | { readonly kind: 'broadcast' }
  /** Exactly these. `bound`: what only vendors can reach, with numbers as in DispatchKey. */
  | {
      readonly kind: 'devices'
      readonly deviceIds: readonly number[]
      readonly bound?: readonly ReachableDevice[]
    }
  /** Too many to write down before the answer: paged through with `resolveAudience` (audience.ts) after it. */
  | { readonly kind: 'query' }

/** Writes down what delivery needs, in the transaction of the answer, and queues the wake-ups. */
export async function acceptForDelivery(
  call: Call,
  sql: Sql,
  push: AcceptedPush,
  targets: Targets,
): Promise<void> {
  const { appId } = call.app
  const { msgId, platforms } = push
  const kind = kindOf(call, push, targets)
  const row: PushRow = {
    msgId,
    appId,
    platforms: platforms.join(','),
    audience: JSON.stringify(push.audience),
    content: JSON.stringify(push.contents),
    isBroadcast: kind === 'broadcast' ? 1 : 0,
    state: 'live',
    overrideOf: push.override?.msgId ?? null,
    chainRoot: push.override ? (push.override.chainRoot ?? push.override.msgId) : null,
    withdraws: null,
    throughDevice: kind === 'broadcast' ? await lastInSequence(sql, 'devices') : 0,
    createdAt: call.now,
    expiresAt: push.expiresAt,
  }
  await insertPush(sql, row)
  if (kind === 'broadcast') {
    for (const platform of platforms) {
      const target = await countDevices(sql, appId, platform)
      if (target > 0) await addToCounts(sql, msgId, platform, { target })
    }
    // Those that vendors reach are gone through after the answer.
    if (call.world.channels.of(appId).length > 0) await startFanOut(call, sql, push)
    return call.wake({ kind: 'broadcast', msgId, appId })
  }
  if (targets.kind !== 'devices') return startFanOut(call, sql, push)
  const { online, isDispatched } = await addTargets(call.world, sql, row, targets.deviceIds)
  const { bound = [] } = targets
  const isForBound = await addDispatches(call.world, sql, row, bound, () => false)
  if (online.length > 0) call.wake({ kind: 'push', msgId, devices: online })
  if (isDispatched || isForBound) call.afterCommit(() => call.world.nudge('dispatch'))
}

/** A push that is to pass by some devices' own sessions has a row a device, for everybody too: there it is held back. */
function kindOf(call: Call, { contents, expiresAt }: AcceptedPush, { kind }: Targets): Targets['kind'] {
  const channels = call.world.channels.of(call.app.appId)
  if (kind !== 'broadcast' || channels.length === 0 || expiresAt <= call.now) return kind
  const { options = {} } = JSON.parse(contents.kept) as { readonly options?: Members }
  return maySkipSessions(options, channels) ? 'query' : kind
}

async function startFanOut(
  call: Call,
  sql: Sql,
  { msgId, audience, durationMs = 0 }: AcceptedPush,
): Promise<void> {
  const { appId } = call.app
  const range = durationMs > 0 ? await rangeOf(sql, appId, audience) : undefined
  const pace = range && { ...range, endsAt: call.now + durationMs }
  await insertFanOut(sql, { msgId, appId, position: 0, dueAt: call.now, pace })
  call.afterCommit(() => call.world.nudge('fan_out'))
}

/** The positions between which the audience lies. */
function rangeOf(sql: Sql, appId: number, audience: 'all' | Audience): Promise<PositionRange> {
  return audience === 'all' || audience.file === undefined
    ? rangeOfDevices(sql, appId)
    : rangeOfChunks(sql, audience.file)
}

/**
 * Puts the push into the queues of these devices, and counts those that did not have it.
 * @returns those that are online: whom to wake once it is committed; and whether vendors have something to do then
 */
export async function addTargets(
  world: World,
  sql: Sql,
  push: PushRow,
  deviceIds: readonly number[],
): Promise<{ readonly online: readonly number[]; readonly isDispatched: boolean }> {
  const { online, channels } = world
  const { msgId, appId, createdAt, expiresAt } = push
  const isForOnline = expiresAt <= createdAt
  const added: number[] = []
  for (const deviceId of deviceIds) {
    const state = isForOnline && !online.has(deviceId) ? 'missed' : 'pending'
    if (await insertTarget(sql, deviceId, msgId, state)) added.push(deviceId)
  }
  for (const [platform, target] of await countByPlatform(sql, added))
    await addToCounts(sql, msgId, platform, { target })
  const reachable = channels.of(appId).length > 0 ? await pickReachable(sql, added) : []
  const { isAny: isDispatched, held } = await addDispatches(world, sql, push, reachable)
  return { online: added.filter(deviceId => online.has(deviceId) && !held.has(deviceId)), isDispatched }
}

/** What has become of a push on each platform it had a target on. */
export async function countsOf(sql: Sql, msgId: number): Promise<Counts> {
  const counts = await listCounts(sql, msgId)
  return Object.fromEntries(counts.map(({ platform, ...count }) => [platform, count]))
}

/** @param deviceIds devices of the push's app */
export async function deliveryStatusOf(
  sql: Sql,
  push: PushRow,
  deviceIds: readonly number[],
): Promise<ReadonlyMap<number, Exclude<DeliveryStatus, 2>>> {
  const statuses = new Map<number, Exclude<DeliveryStatus, 2>>()
  const statusOf = push.isBroadcast === 1 ? statusOfBroadcast : statusOfTarget
  for (const deviceId of deviceIds) statuses.set(deviceId, await statusOf(sql, push, deviceId))
  return statuses
}

async function statusOfTarget(sql: Sql, { msgId }: PushRow, deviceId: number): Promise<0 | 1 | 3> {
  const state = await findTargetState(sql, deviceId, msgId)
  if (state === undefined) return 3
  return isUnreceived(state) ? 1 : 0
}

async function statusOfBroadcast(sql: Sql, push: PushRow, deviceId: number): Promise<0 | 1 | 3> {
  const receipts = await findReceipts(sql, push.msgId, 'received', chunkOf(deviceId))
  if (hasBit(receipts, deviceId)) return 0
  const device = await findDeviceById(sql, deviceId)
  const isTarget = device && push.platforms.split(',').includes(device.platform)
  return isTarget && device.createdAt < Math.max(push.expiresAt, push.createdAt + 1) ? 1 : 3
}
