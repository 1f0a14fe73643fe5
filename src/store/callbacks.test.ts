import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { bestMs } from '../../test/best-ms.ts'
import {
  type CallbackPlace,
  countFailedCallbacks,
  insertCallback,
  listDueCallbacks,
  reviveCallbacks,
} from './callbacks.ts'
import { SqliteDb } from './sqlite.ts'

const spanMs = 600_000

function openDb(t: TestContext): SqliteDb {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-callbacks-'))
  const db = SqliteDb.open({ file: join(folder, 'test.db'), bytesMax: 1 << 30, groupMax: 100 })
  t.after(async () => {
    await db.close()
    rmSync(folder, { recursive: true })
  })
  return db
}

test('what failed in a span becomes due in slices, each once, and nothing else does', async t => {
  const db = openDb(t)
  const row = { event: 'chat', receiver: '', msgId: 1, content: '{}', dueAt: null, appId: 1 } as const
  const wanted: number[] = []
  await db.write(async sql => {
    let callbackId = 0
    const put = async (rule: string, createdAt: number, attempts: number) => {
      await insertCallback(sql, { ...row, rule, callbackId: ++callbackId, createdAt, attempts })
      return callbackId
    }
    await put('tell', 7 * spanMs - 1, 1)
    // Many of one moment: a slice ends among them.
    for (let count = 0; count < 25; count++) wanted.push(await put('tell', 7 * spanMs, 1))
    await put('tell', 7 * spanMs, 0)
    await put('other', 7 * spanMs, 1)
    wanted.push(await put('tell', 8 * spanMs - 1, 30))
    await put('tell', 8 * spanMs, 1)
  })
  let after: CallbackPlace = { createdAt: 7 * spanMs, callbackId: 0 }
  const sizes: number[] = []
  for (;;) {
    const span = { after, until: 8 * spanMs }
    const revived = await db.write(sql => reviveCallbacks(sql, 1, 'tell', span, 5, 10))
    sizes.push(revived.length)
    if (revived.length < 10) break
    after = revived.at(-1)!
  }
  assert.deepEqual(sizes, [10, 10, 6])
  const due = await db.read(sql => listDueCallbacks(sql, 1, 'tell', 5, 100))
  assert.deepEqual(
    due.map(({ callbackId }) => callbackId),
    wanted,
  )
})

test('what failed is counted by spans, up to a limit, and as fast when an app’s server was dead for days', async t => {
  const db = openDb(t)
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
  const count = () => db.read(sql => countFailedCallbacks(sql, 1, 1_000))
  const spans = await count()
  assert.deepEqual(
    spans.map(({ span, size, retries }) => [span, size, retries]),
    [
      [6, 1, 1],
      [7, 1_000, 3],
      [9, 1, 5],
    ],
  )
  const ms = await bestMs(count)
  assert.ok(ms < 50, `${ms} ms`)
  assert.deepEqual(await db.read(sql => countFailedCallbacks(sql, 3, 1_000)), [])
})
