// What devices have still to receive: rows of push_targets for pushes to a chosen audience, the broadcasts of the app
// past the device's cursor for pushes to everybody.
import type { Sql } from './db.ts'

/**
 * `missed`: dropped for a newer one, or for a device that was offline when only online ones were meant. `vendor`: a vendor
 * alone brings it, or has taken it. `vendor_first`: held back until a vendor has answered.
 */
export type TargetState =
  | 'pending'
  | 'missed'
  | 'vendor'
  | 'vendor_first'
  | 'received'
  | 'displayed'
  | 'opened'

/** The device has not said that it has it. */
export function isUnreceived(state: TargetState | undefined): boolean {
  return state === 'pending' || state === 'missed' || state === 'vendor' || state === 'vendor_first'
}

export interface QueuedPush {
  readonly msgId: number
  readonly state: string
  readonly createdAt: number
  readonly expiresAt: number
  /** 1 = a later push replaces this one, for the devices it is for. */
  readonly isReplaced: number
  /** As in `PushRow`. */
  readonly withdraws: number | null
}

export interface QueuedBroadcast extends QueuedPush {
  /** Comma-separated. */
  readonly platforms: string
  /** Who has received it, a bit a device of the chunk asked for; null = none of them. */
  readonly receivers: Uint8Array | null
}

const columns = `p.msg_id AS "msgId", p.state, p.created_at AS "createdAt", p.expires_at AS "expiresAt", p.withdraws,
  CASE WHEN EXISTS (SELECT 1 FROM pushes n WHERE n.override_of = p.msg_id) THEN 1 ELSE 0 END AS "isReplaced"`

const receiversOf = `LEFT JOIN broadcast_receipts r
  ON r.msg_id = p.msg_id AND r.event = 'received' AND r.chunk = $1`

export type Order = 'ASC' | 'DESC'

/** Pending targets of a device with an id greater than `after`. */
export function listPending(
  sql: Sql,
  deviceId: number,
  after: number,
  order: Order,
  limit: number,
): Promise<QueuedPush[]> {
  return sql.all<QueuedPush>(
    `SELECT ${columns} FROM push_targets t JOIN pushes p ON p.msg_id = t.msg_id
     WHERE t.device_id = $1 AND t.state = 'pending' AND t.msg_id > $2
     ORDER BY t.msg_id ${order} LIMIT $3`,
    deviceId,
    after,
    limit,
  )
}

export interface BroadcastRange {
  readonly appId: number
  readonly chunk: number
  /** Message ids, exclusive and inclusive. */
  readonly after: number
  readonly through: number
}

export function listBroadcasts(
  sql: Sql,
  { appId, chunk, after, through }: BroadcastRange,
  order: Order,
  limit: number,
): Promise<QueuedBroadcast[]> {
  return sql.all<QueuedBroadcast>(
    `SELECT ${columns}, p.platforms, r.devices AS receivers FROM pushes p ${receiversOf}
     WHERE p.app_id = $2 AND p.is_broadcast = 1 AND p.msg_id > $3 AND p.msg_id <= $4
     ORDER BY p.msg_id ${order} LIMIT $5`,
    chunk,
    appId,
    after,
    through,
    limit,
  )
}

/** Notices that pushes of the app are withdrawn, the newest first. */
export function listWithdrawals(
  sql: Sql,
  appId: number,
  chunk: number,
  limit: number,
): Promise<QueuedBroadcast[]> {
  return sql.all<QueuedBroadcast>(
    `SELECT ${columns}, p.platforms, r.devices AS receivers FROM pushes p ${receiversOf}
     WHERE p.app_id = $2 AND p.withdraws IS NOT NULL ORDER BY p.msg_id DESC LIMIT $3`,
    chunk,
    appId,
    limit,
  )
}

export function findBroadcast(sql: Sql, msgId: number, chunk: number): Promise<QueuedBroadcast | undefined> {
  return sql.one<QueuedBroadcast>(
    `SELECT ${columns}, p.platforms, r.devices AS receivers FROM pushes p ${receiversOf} WHERE p.msg_id = $2`,
    chunk,
    msgId,
  )
}

/** The pushes that replace this one, newest first. */
export function listOverrides(
  sql: Sql,
  msgId: number,
  limit: number,
): Promise<{ readonly msgId: number; readonly isBroadcast: number; readonly platforms: string }[]> {
  return sql.all(
    `SELECT msg_id AS "msgId", is_broadcast AS "isBroadcast", platforms FROM pushes
     WHERE override_of = $1 ORDER BY msg_id DESC LIMIT $2`,
    msgId,
    limit,
  )
}

/** How many pushes to chosen devices it was a target of, from the message id `from` on; stops counting at `most`. */
export async function countTargets(sql: Sql, deviceId: number, from: number, most: number): Promise<number> {
  const row = await sql.one<{ count: number }>(
    `SELECT COUNT(*) AS count FROM (
       SELECT msg_id FROM push_targets WHERE device_id = $1 AND msg_id >= $2 LIMIT $3
     ) AS found`,
    deviceId,
    from,
    most,
  )
  return row!.count
}

/** @returns false when the device has it already */
export async function insertTarget(
  sql: Sql,
  deviceId: number,
  msgId: number,
  state: TargetState,
): Promise<boolean> {
  const inserted = await sql.run(
    'INSERT INTO push_targets (device_id, msg_id, state) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    deviceId,
    msgId,
    state,
  )
  return inserted > 0
}

export async function findTargetState(
  sql: Sql,
  deviceId: number,
  msgId: number,
): Promise<TargetState | undefined> {
  const row = await sql.one<{ state: TargetState }>(
    'SELECT state FROM push_targets WHERE device_id = $1 AND msg_id = $2',
    deviceId,
    msgId,
  )
  return row?.state
}

export async function missTarget(sql: Sql, deviceId: number, msgId: number): Promise<void> {
  await sql.run(
    "UPDATE push_targets SET state = 'missed' WHERE device_id = $1 AND msg_id = $2 AND state = 'pending'",
    deviceId,
    msgId,
  )
}

/** Every pending target of the device below the message id. */
export async function missTargetsBelow(sql: Sql, deviceId: number, msgId: number): Promise<void> {
  await sql.run(
    "UPDATE push_targets SET state = 'missed' WHERE device_id = $1 AND msg_id < $2 AND state = 'pending'",
    deviceId,
    msgId,
  )
}

/** Keeps what is pending from the device's sessions. @returns false when there is nothing of the kind */
export async function holdTarget(
  sql: Sql,
  deviceId: number,
  msgId: number,
  state: 'vendor' | 'vendor_first',
): Promise<boolean> {
  const changed = await sql.run(
    "UPDATE push_targets SET state = $1 WHERE device_id = $2 AND msg_id = $3 AND state = 'pending'",
    state,
    deviceId,
    msgId,
  )
  return changed > 0
}

/** A vendor has it, or may have: the device's sessions are not to bring it as well. */
export async function leaveToVendor(sql: Sql, deviceId: number, msgId: number): Promise<void> {
  await sql.run(
    `UPDATE push_targets SET state = 'vendor' WHERE device_id = $1 AND msg_id = $2 AND state = 'vendor_first'`,
    deviceId,
    msgId,
  )
}

export interface HeldTarget {
  readonly deviceId: number
  readonly msgId: number
  /** Of its dispatch. */
  readonly appId: number
  readonly channel: string
  readonly state: string
}

/** What is held back for vendors, of all apps, after that place. */
export function listHeld(
  sql: Sql,
  after: { readonly deviceId: number; readonly msgId: number },
  limit: number,
): Promise<HeldTarget[]> {
  return sql.all<HeldTarget>(
    `SELECT t.device_id AS "deviceId", t.msg_id AS "msgId", COALESCE(d.app_id, 0) AS "appId",
       COALESCE(d.channel, '') AS channel, COALESCE(d.state, '') AS state
     FROM push_targets t LEFT JOIN dispatches d ON d.msg_id = t.msg_id AND d.device_id = t.device_id
     WHERE t.state = 'vendor_first' AND (t.device_id, t.msg_id) > ($1, $2)
     ORDER BY t.device_id, t.msg_id LIMIT $3`,
    after.deviceId,
    after.msgId,
    limit,
  )
}

/** Gives the device's sessions what was held back for a vendor first. @returns false when nothing was */
export async function releaseTarget(sql: Sql, deviceId: number, msgId: number): Promise<boolean> {
  const changed = await sql.run(
    `UPDATE push_targets SET state = 'pending'
     WHERE device_id = $1 AND msg_id = $2 AND state = 'vendor_first'`,
    deviceId,
    msgId,
  )
  return changed > 0
}

/** Its first receipt? A device that missed the push by the rules may still have been sent it before. */
export async function receiveTarget(sql: Sql, deviceId: number, msgId: number): Promise<boolean> {
  const changed = await sql.run(
    `UPDATE push_targets SET state = 'received'
     WHERE device_id = $1 AND msg_id = $2 AND state IN ('pending', 'missed', 'vendor', 'vendor_first')`,
    deviceId,
    msgId,
  )
  return changed > 0
}

/** @returns whether it was received, and not displayed before */
export async function displayTarget(sql: Sql, deviceId: number, msgId: number): Promise<boolean> {
  const changed = await sql.run(
    "UPDATE push_targets SET state = 'displayed' WHERE device_id = $1 AND msg_id = $2 AND state = 'received'",
    deviceId,
    msgId,
  )
  return changed > 0
}

/** @returns whether it was displayed, and not opened before */
export async function openTarget(sql: Sql, deviceId: number, msgId: number): Promise<boolean> {
  const changed = await sql.run(
    "UPDATE push_targets SET state = 'opened' WHERE device_id = $1 AND msg_id = $2 AND state = 'displayed'",
    deviceId,
    msgId,
  )
  return changed > 0
}

export async function withdrawPush(sql: Sql, msgId: number): Promise<void> {
  await sql.run("UPDATE pushes SET state = 'withdrawn' WHERE msg_id = $1", msgId)
}
