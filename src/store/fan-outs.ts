// How far pushes to many chosen devices have been written into their queues.
import type { Sql } from './db.ts'
import { findPush, type PushRow } from './pushes.ts'

/** The oldest push that is still to be fanned out. */
export async function nextFanOut(sql: Sql): Promise<PushRow | undefined> {
  const row = await sql.one<{ msgId: number }>(
    'SELECT msg_id AS "msgId" FROM pushes WHERE fan_out_after IS NOT NULL ORDER BY msg_id LIMIT 1',
  )
  return row && findPush(sql, row.msgId)
}

/** @param after the last device id done; null = all are */
export async function moveFanOut(sql: Sql, msgId: number, after: number | null): Promise<void> {
  await sql.run('UPDATE pushes SET fan_out_after = $1 WHERE msg_id = $2', after, msgId)
}
