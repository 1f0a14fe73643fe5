// Attempts to give pushes to a vendor: which are made, and what each has come to.
import type { Channel, Members, Outcome, VendorPush } from '../channels/channel.ts'
import { chunkOf, hasBit } from '../lib/bitmap.ts'
import type { Sql } from '../store/db.ts'
import { setChannels } from '../store/devices.ts'
import {
  type AttemptRow,
  addToChannelCounts,
  beginAttempt,
  type DispatchKey,
  type DispatchRow,
  type DispatchState,
  insertAttempt,
  setState,
} from '../store/dispatches.ts'
import { isUndeliveredIn } from '../store/inbox.ts'
import { findPush, type PushRow } from '../store/pushes.ts'
import { findTargetState, isUnreceived, leaveToVendor, releaseTarget } from '../store/queues.ts'
import { findReceipts } from '../store/receipts.ts'
import { deleteBindingById } from '../store/user-bindings.ts'
import { findUserById } from '../store/users.ts'
import { announcedBy } from './announced.ts'
import { maySkipSessions } from './distribution.ts'
import { type Addressee, findAddressee } from './notifiers.ts'
import { PushParts } from './vendor-push.ts'
import type { World } from './world.ts'

/** The user's binding that an attempt is to, as it was when the attempt began. */
export type Recipient = Pick<AttemptRow, 'username' | 'deviceName'>

export interface Attempt extends DispatchKey {
  readonly appId: number
  readonly channel: Channel
  /** From 1. */
  readonly attempt: number
  readonly address: Members
  readonly recipient: Recipient
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

/** A push whose vendor cannot take it, for a device whose own session is to have it then. */
export type Released = DispatchKey

export interface Begun {
  readonly attempts: readonly Attempt[]
  readonly released: readonly Released[]
}

/** Notes what is about to be tried, and settles what is not to be tried any more. */
export async function beginAttempts(
  world: World,
  sql: Sql,
  channel: Channel,
  rows: readonly DispatchRow[],
): Promise<Begun> {
  const pushes = new Map<number, { push: PushRow; parts: PushParts } | undefined>()
  const attempts: Attempt[] = []
  const released: Released[] = []
  for (const row of rows) {
    if (!pushes.has(row.msgId)) {
      const push = await findPush(sql, row.msgId)
      pushes.set(row.msgId, push && { push, parts: new PushParts(push) })
    }
    const known = pushes.get(row.msgId)
    const addressee = await findAddressee(world, sql, row.deviceId)
    const address = addressee?.addresses[channel.name]
    const isOnlyWay =
      addressee && known && channel.isOnlyWay?.(known.parts.for(addressee.platform, channel.name))
    const about = { push: known?.push, addressee, address, isOnlyWay: isOnlyWay === true }
    const end = await endOf(world, sql, row, about)
    const restMs = address ? restOf(world, row.appId, channel, address) : 0
    if (addressee?.fault !== undefined && end === 'refused') await noteFault(world, sql, row, addressee)
    if (end) await setState(sql, row, end)
    if (end === 'dead_token' && (await release(sql, row))) released.push(row)
    if (end) continue
    if (restMs > 0) {
      await setState(sql, row, 'due', world.clock.now() + restMs)
      if (world.online.has(row.deviceId) && (await release(sql, row))) released.push(row)
    } else if (await beginAttempt(sql, row))
      attempts.push({
        ...row,
        channel,
        attempt: row.attempts + 1,
        address: address!,
        recipient: await recipientOf(sql, addressee),
        push: known!.parts.for(addressee!.platform, channel.name),
      })
  }
  return { attempts, released }
}

function release(sql: Sql, { deviceId, msgId }: DispatchKey): Promise<boolean> {
  return releaseTarget(sql, deviceId, msgId)
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
  about: {
    push: PushRow | undefined
    addressee: Addressee | undefined
    address: Members | undefined
    isOnlyWay: boolean
  },
): Promise<DispatchState | undefined> {
  const { push, addressee, address, isOnlyWay } = about
  if (push?.state !== 'live') return 'withdrawn'
  if (row.expiresAt <= world.clock.now()) return 'expired'
  if (addressee?.fault !== undefined) return 'refused'
  if (!addressee || !address) return 'dead_token'
  return !isOnlyWay && (await hasReceived(sql, push, row.deviceId, addressee)) ? 'received' : undefined
}

/** Of a message between users: one of the user's devices has it meanwhile. */
async function hasReceived(
  sql: Sql,
  push: PushRow,
  deviceId: number,
  { binding }: Addressee,
): Promise<boolean> {
  const { msgId, isBroadcast, withdraws } = push
  if (binding) {
    const about = announcedBy(push)
    return about !== undefined && !(await isUndeliveredIn(sql, binding.uid, about.queue, about.msgId))
  }
  if (isBroadcast === 1 || withdraws !== null)
    return hasBit(await findReceipts(sql, msgId, 'received', chunkOf(deviceId)), deviceId)
  return !isUnreceived(await findTargetState(sql, deviceId, msgId))
}

export async function recipientOf(sql: Sql, addressee: Addressee | undefined): Promise<Recipient> {
  const { binding } = addressee ?? {}
  if (!binding) return { username: null, deviceName: null }
  return {
    username: (await findUserById(sql, binding.uid))?.username ?? null,
    deviceName: binding.deviceName,
  }
}

/** A token that is none is not tried. */
async function noteFault(world: World, sql: Sql, row: DispatchRow, addressee: Addressee): Promise<void> {
  const { msgId, deviceId, attempts, channel } = row
  await insertAttempt(sql, {
    msgId,
    deviceId,
    attempt: attempts + 1,
    channel,
    at: world.clock.now(),
    tookMs: 0,
    outcome: 'refused',
    status: null,
    reason: addressee.fault!,
    retryAfterMs: null,
    ...(await recipientOf(sql, addressee)),
  })
}

/**
 * What an outcome does to the dispatch. A repeat waits longer each time. Of an attempt whose fate nobody knows nothing is
 * released: the device may show it.
 * @returns whether the device's own session is to have it now
 */
export async function settleResult(world: World, sql: Sql, result: Result): Promise<boolean> {
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
    ...attempt.recipient,
  })
  switch (outcome.is) {
    case 'accepted': {
      await setState(sql, attempt, 'accepted')
      if (maySkipSessions(attempt.push.options, [channel])) await leaveToVendor(sql, deviceId, msgId)
      const { platform } = attempt.push
      await addToChannelCounts(sql, msgId, { channel: channel.name, platform, target: 0, sent: 1 })
      return false
    }
    case 'dead_token':
      await forgetAddress(world, sql, attempt)
      await setState(sql, attempt, 'dead_token')
      return release(sql, attempt)
    case 'refused':
      await setState(sql, attempt, 'refused')
      return release(sql, attempt)
    case 'unknown':
      if (channel.isRepeatable(attempt.push)) await tryLater(world, sql, attempt)
      else {
        await setState(sql, attempt, 'unknown')
        await leaveToVendor(sql, deviceId, msgId)
      }
      return false
    case 'retry':
      await tryLater(world, sql, attempt, outcome.retryAfterMs)
      // A device that is away has nothing of it: the vendor has its next chance first.
      return world.online.has(deviceId) && release(sql, attempt)
  }
}

async function tryLater(world: World, sql: Sql, attempt: Attempt, askedMs?: number): Promise<void> {
  const dueAt = world.clock.now() + waitOf(world, attempt.attempt, askedMs)
  if (dueAt < attempt.expiresAt) await setState(sql, attempt, 'due', dueAt)
  else await setState(sql, attempt, 'expired')
}

/** Exponential, up to a fifth more or less so that what failed together does not come back together. */
function waitOf({ config, random }: World, attempts: number, askedMs = 0): number {
  const { retryMs, retryMsMax } = config.core.dispatch
  const ownMs = Math.min(retryMs * 2 ** (attempts - 1), retryMsMax) * (0.8 + 0.4 * random())
  return Math.ceil(Math.max(ownMs, askedMs))
}

/** Only the address that was tried: the device may have a new one by now. A binding ends with its address. */
async function forgetAddress(world: World, sql: Sql, { deviceId, channel, address }: Attempt): Promise<void> {
  const addressee = await findAddressee(world, sql, deviceId)
  if (!addressee) return
  const { [channel.name]: known, ...others } = addressee.addresses
  if (JSON.stringify(known) !== JSON.stringify(address)) return
  if (addressee.binding) await deleteBindingById(sql, addressee.binding.bindingId)
  else await setChannels(sql, deviceId, JSON.stringify(others))
}
