// How the engine finds what waits for users: by an index in every statement, so that what one of them costs does not
// grow with what waits for others, nor with what its own user has in other queues.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { bestMs } from '../../test/best-ms.ts'
import type { Sql } from './db.ts'
import * as inbox from './inbox.ts'
import { insertMessage } from './messages.ts'
import { SqliteDb } from './sqlite.ts'
import * as devices from './user-devices.ts'

function openDb(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-inbox-'))
  const file = join(folder, 'test.db')
  const db = SqliteDb.open({ file, bytesMax: 1 << 30, groupMax: 100 })
  t.after(async () => {
    await db.close()
    rmSync(folder, { recursive: true })
  })
  return { db, file }
}

function deviceOf(deviceId: number): devices.UserDeviceRow {
  return {
    deviceId,
    uid: 1,
    appId: 1,
    resource: `r${deviceId}`,
    deviceUuid: '',
    deviceName: '',
    os: 'other',
    session: `s${deviceId}`,
    sessionFrom: 0,
    since: 0,
    seenAt: 0,
  }
}

/** Keeps the texts of the statements that pass. */
function recorded(sql: Sql, texts: Set<string>): Sql {
  return {
    all: (text, ...params) => sql.all(texts.add(text) && text, ...params),
    one: (text, ...params) => sql.one(texts.add(text) && text, ...params),
    run: (text, ...params) => sql.run(texts.add(text) && text, ...params),
  }
}

async function runEach(sql: Sql): Promise<void> {
  const device = deviceOf(1)
  const parcel = { entryId: 7, origin: 0, isTransient: false }
  await devices.putUserDevice(sql, device)
  await devices.findUserDevice(sql, 1)
  await devices.listUserDevices(sql, 1)
  await devices.listUserSessions(sql, 0, 10)
  await devices.listDevicesAfter(sql, 0, 10)
  await devices.countUserDevices(sql, 1)
  await devices.isUserOnline(sql, 1)
  await devices.addSentMessage(sql, 1, 'x', 7)
  await devices.findSentMessage(sql, 1, 'x')
  await devices.forgetSentMessages(sql, 1, 10)
  await inbox.addToInbox(sql, 1, 'u:bob', parcel)
  await inbox.addToInboxesOfGroup(sql, 5, 'g:5', parcel, 2)
  await inbox.addToInboxesOfGroup(sql, 5, 'g:5', { ...parcel, isTransient: true }, 2)
  await insertMessage(sql, messageOf(7))
  await inbox.listEntries(sql, device, 'u:bob', 0, 10)
  await inbox.listWaiting(sql, device, 0, 10)
  await inbox.countUndelivered(sql, 1, 0)
  await inbox.isUndeliveredTo(sql, 1, 0, 7)
  await inbox.isUndeliveredIn(sql, 1, 'u:bob', 7)
  await inbox.lastInQueue(sql, 1, 'u:bob')
  await inbox.findCursor(sql, 1, 'u:bob', 1)
  await inbox.startCursors(sql, 1, 2)
  await inbox.nextInboxOwner(sql, 0)
  await inbox.nextCursorOwner(sql, 0)
  await inbox.expireInbox(sql, 1, 0, 10)
  await inbox.insertNotice(sql, 8, 1, '{}')
  await inbox.deleteOldNotices(sql, 0, 10)
  await inbox.removeAllPassed(sql, 1)
  await inbox.moveCursor(sql, 1, 'u:bob', 1, 7)
  await inbox.removeOldCursors(sql, 1, 1)
  await devices.endUserSession(sql, 1, 's1', 0)
  await devices.deleteUserDevice(sql, 1, 1)
}

function messageOf(msgId: number) {
  const names = { sender: 'bob', target: 'alice', conversation: 'u:alice bob' }
  return {
    ...names,
    msgId,
    appId: 1,
    chatType: 'chat',
    payload: '{}',
    senderResource: '',
    body: null,
  } as const
}

test('every statement about inboxes and devices of users finds its rows by an index', async t => {
  const { db, file } = openDb(t)
  const texts = new Set<string>()
  await db.write(sql => runEach(recorded(sql, texts)))
  const database = new DatabaseSync(file, { readOnly: true })
  t.after(() => database.close())
  const scans: string[] = []
  for (const text of texts) {
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all()
    for (const { detail } of plan) {
      // What the statement itself has put together is read from end to end.
      if (/^SCAN (?!q$|queues$|counted$|d USING|CONSTANT ROW)/.test(String(detail)))
        scans.push(`${detail}: ${text}`)
      t.diagnostic(`${detail} · ${text.replace(/\s+/g, ' ').slice(0, 90)}`)
    }
  }
  assert.ok(texts.size > 25)
  assert.deepEqual(scans, [])
})

test('what waits for a device is found as fast among 100,000 rows as among few', async t => {
  const { db } = openDb(t)
  const many = 100_000
  await db.write(async sql => {
    for (const id of [1, 2]) await devices.putUserDevice(sql, deviceOf(id))
    for (let id = 1; id <= many; id++) {
      await insertMessage(sql, messageOf(id))
      await inbox.addToInbox(sql, 1, 'u:bob', { entryId: id, origin: 0, isTransient: false })
    }
    // A few in many other queues.
    for (let id = many + 1; id <= many + 300; id++) {
      await insertMessage(sql, messageOf(id))
      await inbox.addToInbox(sql, 1, `u:peer-${id}`, { entryId: id, origin: 0, isTransient: false })
    }
  })
  const time = async (what: string, work: (sql: Sql) => Promise<unknown>) => {
    const ms = await bestMs(() => db.write(work))
    t.diagnostic(`${what}: ${ms.toFixed(2)} ms`)
    return ms
  }
  const device = deviceOf(1)
  const pulls = [
    await time('pull at the start', sql => inbox.listEntries(sql, device, 'u:bob', 0, 100)),
    await time('pull at the end', sql => inbox.listEntries(sql, device, 'u:bob', many - 100, 100)),
    await time('what waits', sql => inbox.listWaiting(sql, device, 1, 1_000)),
  ]
  const count = await time('count', sql => inbox.countUndelivered(sql, 1, 1))
  // Each row is looked at, once.
  assert.ok(count < 500, `${count} ms`)
  pulls.push(await time('is it waiting', sql => inbox.isUndeliveredTo(sql, 1, 1, many)))
  let key = 0
  await time('acknowledge', sql => {
    key += 100
    return inbox.moveCursor(sql, 1, 'u:bob', 1, key)
  })
  await db.write(sql => inbox.moveCursor(sql, 1, 'u:bob', 1, many))
  // The first device is at the end, the other one at the beginning: the rows are still there.
  pulls.push(
    await time('pull behind them all', sql => inbox.listEntries(sql, device, 'u:bob', many, 100)),
    await time('what waits behind them all', sql => inbox.listWaiting(sql, device, 1, 1_000)),
  )
  for (const ms of pulls) assert.ok(ms < 50, `${ms} ms`)
  const before = performance.now()
  await db.write(sql => inbox.moveCursor(sql, 1, 'u:bob', 2, many))
  t.diagnostic(`the last device passes them all: ${(performance.now() - before).toFixed(1)} ms`)
})
