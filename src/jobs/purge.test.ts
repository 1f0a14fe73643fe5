import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readConfig } from '../config.ts'
import { ManualClock } from '../lib/clock.ts'
import { messageIdAt } from '../lib/message-id.ts'
import type { Sql } from '../store/db.ts'
import { insertPush } from '../store/pushes.ts'
import { insertTarget } from '../store/queues.ts'
import { addToCounts, putReceipts } from '../store/receipts.ts'
import { SqliteDb } from '../store/sqlite.ts'
import { Purge } from './purge.ts'

const startMs = Date.UTC(2026, 0, 1)
const retentionMs = 86_400_000
/** More than one slice takes. */
const many = 450

async function insertOld(sql: Sql, msgId: number): Promise<void> {
  await insertPush(sql, {
    msgId,
    appId: 1,
    platforms: 'android',
    audience: '"all"',
    content: '{}',
    isBroadcast: 1,
    state: 'live',
    overrideOf: null,
    chainRoot: null,
    withdraws: null,
    throughDevice: 0,
    createdAt: startMs,
    expiresAt: startMs + 1,
  })
  await putReceipts(sql, msgId, 'received', 0, new Uint8Array(512))
  await addToCounts(sql, msgId, 'android', { received: 1, opened: 0 })
}

test('pushes, receipts, queues and remembered results go when their time is over, slice by slice', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-purge-'))
  const db = SqliteDb.open({ file: join(folder, 'test.db'), bytesMax: 1 << 30, groupMax: 100 })
  t.after(async () => {
    await db.close()
    rmSync(folder, { recursive: true })
  })
  const clock = new ManualClock(startMs)
  const config = readConfig({ POSTHOUSE_PUSH_RETENTION_MS: String(retentionMs) })
  const world = { db, clock, config }
  const tables = ['pushes', 'broadcast_receipts', 'push_counts', 'push_targets', 'idempotency'] as const
  await db.write(async sql => {
    for (let count = 0; count < many; count++) {
      await insertOld(sql, messageIdAt(startMs) + count)
      await insertTarget(sql, count + 1, messageIdAt(startMs) + count, 'pending')
      await sql.run(
        `INSERT INTO idempotency
           (app_id, scope, idempotency_key, fingerprint, result, answered_at, took_ms, expires_at)
         VALUES (1, 's', $1, '', '', 0, 0, $2)`,
        String(count),
        startMs + retentionMs,
      )
    }
    await insertOld(sql, messageIdAt(startMs + 1))
    await insertTarget(sql, 1, messageIdAt(startMs + 1), 'pending')
  })
  const left = () =>
    db.read(async sql => {
      const counts: number[] = []
      for (const table of tables)
        counts.push((await sql.one<{ count: number }>(`SELECT COUNT(*) AS count FROM ${table}`))!.count)
      return counts
    })
  const job = new Purge()

  clock.advance(retentionMs - 1)
  while (await job.run(world));
  assert.deepEqual(await left(), [many + 1, many + 1, many + 1, many + 1, many])

  clock.advance(2)
  let slices = 1
  while (await job.run(world)) slices++
  assert.deepEqual(await left(), [1, 1, 1, 1, 0])
  assert.ok(slices >= 3, `${slices} slices`)
})
