// Removes what nobody can ask for any more, a bounded slice at a time. Each says whether there may be more.
import type { Sql } from './db.ts'
import { deleteDispatches } from './dispatches.ts'
import { deleteFanOut } from './fan-outs.ts'

/** Results kept for repeats of keyed requests. */
export async function purgeIdempotency(sql: Sql, now: number, limit: number): Promise<boolean> {
  const removed = await sql.run(
    `DELETE FROM idempotency WHERE (app_id, scope, idempotency_key) IN (
       SELECT app_id, scope, idempotency_key FROM idempotency WHERE expires_at <= $1 LIMIT $2)`,
    now,
    limit,
  )
  return removed === limit
}

/** Pushes below the message id, with their counts and receipts. */
export async function purgePushes(sql: Sql, below: number, limit: number): Promise<boolean> {
  const rows = await sql.all<{ msgId: number }>(
    'SELECT msg_id AS "msgId" FROM pushes WHERE msg_id < $1 ORDER BY msg_id LIMIT $2',
    below,
    limit,
  )
  let left = limit
  for (const { msgId } of rows) {
    left -= await deleteDispatches(sql, msgId, left)
    // The rest of it another time.
    if (left <= 0) return true
    await deletePush(sql, msgId)
  }
  return rows.length === limit
}

/** With its counts and receipts. @returns how many rows */
export async function deletePush(sql: Sql, msgId: number): Promise<number> {
  const fanOuts = await deleteFanOut(sql, msgId)
  const receipts = await sql.run('DELETE FROM broadcast_receipts WHERE msg_id = $1', msgId)
  const counts = await sql.run('DELETE FROM push_counts WHERE msg_id = $1', msgId)
  return fanOuts + receipts + counts + (await sql.run('DELETE FROM pushes WHERE msg_id = $1', msgId))
}

/**
 * Targets below the message id of the next device after `afterDevice`, whether the device still exists or not.
 * @returns that device's id; undefined after the last
 */
export async function purgeTargetsOfNextDevice(
  sql: Sql,
  afterDevice: number,
  below: number,
): Promise<number | undefined> {
  const row = await sql.one<{ deviceId: number }>(
    'SELECT device_id AS "deviceId" FROM push_targets WHERE device_id > $1 ORDER BY device_id LIMIT 1',
    afterDevice,
  )
  if (row) await sql.run('DELETE FROM push_targets WHERE device_id = $1 AND msg_id < $2', row.deviceId, below)
  return row?.deviceId
}
