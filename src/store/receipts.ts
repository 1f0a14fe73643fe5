// What devices have confirmed: for broadcasts a bit a device, in chunks; for every push the counts of a platform.
import type { Count, Platform } from '../contract/operations/pushes.ts'
import type { Sql } from './db.ts'

/** In the order in which they happen. */
export type ReceiptEvent = 'received' | 'displayed' | 'opened'

export interface PushHead {
  readonly appId: number
  readonly isBroadcast: number
  /** Comma-separated. */
  readonly platforms: string
  /** As `PushRow`. */
  readonly throughDevice: number
  /** As `PushRow`. */
  readonly withdraws: number | null
}

export function findPushHead(sql: Sql, msgId: number): Promise<PushHead | undefined> {
  return sql.one<PushHead>(
    `SELECT app_id AS "appId", is_broadcast AS "isBroadcast", platforms, through_device AS "throughDevice",
       withdraws
     FROM pushes WHERE msg_id = $1`,
    msgId,
  )
}

/** The devices of the chunk that confirmed the event, a bit each; null = none. */
export async function findReceipts(
  sql: Sql,
  msgId: number,
  event: ReceiptEvent,
  chunk: number,
): Promise<Uint8Array | null> {
  const row = await sql.one<{ devices: Uint8Array }>(
    'SELECT devices FROM broadcast_receipts WHERE msg_id = $1 AND event = $2 AND chunk = $3',
    msgId,
    event,
    chunk,
  )
  return row?.devices ?? null
}

export async function putReceipts(
  sql: Sql,
  msgId: number,
  event: ReceiptEvent,
  chunk: number,
  devices: Uint8Array,
): Promise<void> {
  await sql.run(
    `INSERT INTO broadcast_receipts (msg_id, event, chunk, devices) VALUES ($1, $2, $3, $4)
     ON CONFLICT (msg_id, event, chunk) DO UPDATE SET devices = excluded.devices`,
    msgId,
    event,
    chunk,
    devices,
  )
}

export async function addToCounts(
  sql: Sql,
  msgId: number,
  platform: Platform,
  { target = 0, received = 0, displayed = 0, opened = 0 }: Partial<Count>,
): Promise<void> {
  await sql.run(
    `INSERT INTO push_counts (msg_id, platform, target, received, displayed, opened)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (msg_id, platform) DO UPDATE SET target = push_counts.target + excluded.target,
       received = push_counts.received + excluded.received,
       displayed = push_counts.displayed + excluded.displayed, opened = push_counts.opened + excluded.opened`,
    msgId,
    platform,
    target,
    received,
    displayed,
    opened,
  )
}

export function listCounts(sql: Sql, msgId: number): Promise<(Count & { readonly platform: Platform })[]> {
  return sql.all(
    'SELECT platform, target, received, displayed, opened FROM push_counts WHERE msg_id = $1',
    msgId,
  )
}
