import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { countFailedCallbacks, insertCallback } from './callbacks.ts'
import { SqliteDb } from './sqlite.ts'

const spanMs = 600_000

test('what failed is counted by spans, up to a limit, and as fast when an app’s server was dead for days', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-callbacks-'))
  const db = SqliteDb.open({ file: join(folder, 'test.db'), bytesMax: 1 << 30, groupMax: 100 })
  t.after(async () => {
    await db.close()
    rmSync(folder, { recursive: true })
  })
  const row = { rule: 'tell', event: 'chat', receiver: '', msgId: 1, content: '{}', dueAt: null } as const
  await db.write(async sql => {
    let callbackId = 0
    const put = (appId: number, createdAt: number, attempts: number) =>
      insertCallback(sql, { ...row, callbackId: ++callbackId, appId, createdAt, attempts })
    for (let count = 0; count < 200_000; count++) await put(1, 7 * spanMs + count, 3)
    await put(1, 7 * spanMs - 1, 1)
    await put(1, 9 * spanMs, 5)
    // Not tried yet, and another app's.
    await put(1, 11 * spanMs, 0)
    await put(2, 7 * spanMs, 2)
  })
  const before = performance.now()
  const spans = await db.read(sql => countFailedCallbacks(sql, 1, 1_000))
  const ms = performance.now() - before
  assert.deepEqual(
    spans.map(({ span, size, retries }) => [span, size, retries]),
    [
      [6, 1, 1],
      [7, 1_000, 3],
      [9, 1, 5],
    ],
  )
  assert.ok(ms < 50, `${ms} ms`)
  assert.deepEqual(await db.read(sql => countFailedCallbacks(sql, 3, 1_000)), [])
})
