// What happens to a push once it is accepted: who gets it, who has it, how it is taken back.
import type {
  Audience,
  Counts,
  DeliveryStatus,
  Platform,
  PushContents,
} from '../contract/operations/pushes.ts'
import type { Sql } from '../store/db.ts'
import { insertPush, type PushRow } from '../store/pushes.ts'
import type { Call } from './call.ts'

export interface AcceptedPush {
  readonly msgId: number
  readonly platforms: readonly Platform[]
  readonly audience: 'all' | Audience
  readonly contents: PushContents
  /** Epoch ms. Not after the moment of acceptance = only for devices that are online now. */
  readonly expiresAt: number
  readonly overrideOf?: number
}

export type Targets =
  /** Every device on the platforms, those to come included. */
  | { readonly kind: 'broadcast' }
  /** Exactly these. */
  | { readonly kind: 'devices'; readonly deviceIds: readonly number[] }
  /** Too many to write down before the answer: paged through with `resolveAudience` (audience.ts) after it. */
  | { readonly kind: 'query' }

/** Writes down what delivery needs, in the transaction of the answer, and queues the wake-ups. */
export async function acceptForDelivery(
  call: Call,
  sql: Sql,
  push: AcceptedPush,
  targets: Targets,
): Promise<void> {
  await insertPush(sql, {
    msgId: push.msgId,
    appId: call.app.appId,
    platforms: push.platforms.join(','),
    audience: JSON.stringify(push.audience),
    content: JSON.stringify(push.contents),
    isBroadcast: targets.kind === 'broadcast' ? 1 : 0,
    state: 'live',
    overrideOf: push.overrideOf ?? null,
    fanOutAfter: targets.kind === 'query' ? 0 : null,
    createdAt: call.now,
    expiresAt: push.expiresAt,
  })
  if (targets.kind !== 'devices') return
  for (const deviceId of targets.deviceIds)
    await sql.run(
      'INSERT INTO push_targets (device_id, msg_id, state) VALUES ($1, $2, $3)',
      deviceId,
      push.msgId,
      'queued',
    )
  call.wake({ kind: 'push', msgId: push.msgId, devices: targets.deviceIds })
}

/** What has arrived of each push; a push nobody has confirmed is absent. */
export async function countsOf(sql: Sql, msgIds: readonly number[]): Promise<ReadonlyMap<number, Counts>> {
  const counts = new Map<number, Counts>()
  for (const msgId of msgIds) {
    const rows = await sql.all<{ platform: Platform; received: number; opened: number }>(
      'SELECT platform, received, opened FROM push_counts WHERE msg_id = $1',
      msgId,
    )
    const byPlatform = rows.map(({ platform, ...count }) => [platform, count] as const)
    if (rows.length > 0) counts.set(msgId, Object.fromEntries(byPlatform))
  }
  return counts
}

/** @param deviceIds devices of the push's app */
export async function deliveryStatusOf(
  sql: Sql,
  push: PushRow,
  deviceIds: readonly number[],
): Promise<ReadonlyMap<number, Exclude<DeliveryStatus, 2>>> {
  const statuses = new Map<number, Exclude<DeliveryStatus, 2>>()
  for (const deviceId of deviceIds) {
    const row = await sql.one<{ state: string }>(
      'SELECT state FROM push_targets WHERE device_id = $1 AND msg_id = $2',
      deviceId,
      push.msgId,
    )
    statuses.set(deviceId, row ? (row.state === 'received' ? 0 : 1) : 3)
  }
  return statuses
}

/** No device that has not received it yet will. Withdrawing again changes nothing. */
export async function withdraw(_call: Call, sql: Sql, msgId: number): Promise<void> {
  await sql.run("UPDATE pushes SET state = 'withdrawn' WHERE msg_id = $1", msgId)
}
