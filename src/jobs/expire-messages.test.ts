import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readConfig } from '../config.ts'
import { ManualClock } from '../lib/clock.ts'
import { messageIdAt } from '../lib/message-id.ts'
import { addToInbox, countUndelivered } from '../store/inbox.ts'
import { insertMessage, listMessages } from '../store/messages.ts'
import { SqliteDb } from '../store/sqlite.ts'
import { ExpireMessages } from './expire-messages.ts'

const retentionMs = 86_400_000
const startMs = Date.UTC(2026, 0, 1)
const everyId = Number.MAX_SAFE_INTEGER
/** More than one slice takes, of users and of rows. */
const users = 250
const messagesOfFirst = 1_200

test('expired messages leave the log and every inbox, slice by slice; younger ones stay', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-expiry-'))
  const db = SqliteDb.open({ file: join(folder, 'test.db'), bytesMax: 1 << 30, groupMax: 100 })
  t.after(async () => {
    await db.close()
    rmSync(folder, { recursive: true })
  })
  const clock = new ManualClock(startMs)
  const config = readConfig({ POSTHOUSE_MESSAGE_RETENTION_MS: String(retentionMs) })
  const oldId = messageIdAt(startMs)
  const youngId = messageIdAt(startMs + 1)
  await db.write(async sql => {
    const message = { appId: 1, chatType: 'chat', sender: 'admin', target: 'bob', payload: '{}' } as const
    const rest = { conversation: 'u:admin bob', senderResource: '', body: null }
    const put = (uid: number, entryId: number, queue = 'u:admin') =>
      addToInbox(sql, uid, queue, { entryId, origin: 0, isTransient: false })
    for (let count = 0; count < messagesOfFirst; count++) {
      await insertMessage(sql, { ...message, ...rest, msgId: oldId + count })
      await put(1, oldId + count)
      // More than the log holds: the inbox is not done when the log is.
      for (const queue of ['u:one', 'u:two']) await put(1, oldId + count, queue)
    }
    for (let uid = 2; uid <= users; uid++) await put(uid, oldId)
    await insertMessage(sql, { ...message, ...rest, msgId: youngId })
    await put(1, youngId)
    await put(users, youngId)
  })
  const job = new ExpireMessages()
  const world = { db, clock, config }
  const left = () =>
    db.read(async sql => ({
      log: (await listMessages(sql, 1, 0, everyId, everyId)).length,
      inboxes: (await sql.one<{ count: number }>('SELECT COUNT(*) AS count FROM inbox'))!.count,
      last: await countUndelivered(sql, users, 0),
    }))
  const ofFirst = 3 * messagesOfFirst + 1

  clock.advance(retentionMs)
  while (await job.run(world));
  assert.deepEqual(await left(), { log: messagesOfFirst + 1, inboxes: ofFirst + users, last: 2 })

  clock.advance(1)
  let slices = 1
  while (await job.run(world)) slices++
  assert.deepEqual(await left(), { log: 1, inboxes: 2, last: 1 })
  assert.ok(slices > 3, `${slices} slices`)
})
