// Is this push still to be delivered to this device? The rules that the queue and the backlog share.
import { hasBit } from '../lib/bitmap.ts'
import type { Sql } from '../store/db.ts'
import type { DeviceRow } from '../store/devices.ts'
import { findTargetState, listOverrides, type QueuedBroadcast, type QueuedPush } from '../store/queues.ts'

export interface Moment {
  readonly now: number
  /** The message id at which the device's session began; absent = it has none, or is only about to. */
  readonly openedAt?: number
  /** How long a push to online devices only may take to reach them. */
  readonly onlineOnlyMs: number
}

/** Overrides of one push that are looked at, newest first. */
const overridesMax = 20

/** Withdrawn, expired and replaced pushes are not. */
export async function isDeliverable(
  sql: Sql,
  device: DeviceRow,
  push: QueuedPush,
  moment: Moment,
): Promise<boolean> {
  if (push.state !== 'live' || !isInTime(push, moment)) return false
  return push.isReplaced === 0 || !(await isReplacedFor(sql, device, push))
}

/** As `isDeliverable`, and the device is one of its platforms and has not received it. */
export async function isOutstanding(
  sql: Sql,
  device: DeviceRow,
  broadcast: QueuedBroadcast,
  moment: Moment,
): Promise<boolean> {
  if (!broadcast.platforms.split(',').includes(device.platform)) return false
  if (hasBit(broadcast.receivers, device.deviceId)) return false
  return isDeliverable(sql, device, broadcast, moment)
}

function isInTime({ msgId, createdAt, expiresAt }: QueuedPush, moment: Moment): boolean {
  if (expiresAt > createdAt) return expiresAt > moment.now
  const { openedAt = Number.MAX_SAFE_INTEGER, onlineOnlyMs } = moment
  return msgId > openedAt && moment.now < createdAt + onlineOnlyMs
}

/** A push takes the place of the one it overrides where it is addressed to the device; elsewhere the old one stays. */
async function isReplacedFor(sql: Sql, device: DeviceRow, push: QueuedPush): Promise<boolean> {
  for (const { msgId, isBroadcast, platforms } of await listOverrides(sql, push.msgId, overridesMax)) {
    const isAddressed =
      isBroadcast === 1
        ? platforms.split(',').includes(device.platform)
        : (await findTargetState(sql, device.deviceId, msgId)) !== undefined
    if (isAddressed) return true
  }
  return false
}
