// How the engine finds threads and reactions: by an index in every statement, and pages without sorting what is not shown.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import type { Sql } from './db.ts'
import type { GroupRow } from './groups.ts'
import * as reactions from './reactions.ts'
import { SqliteDb } from './sqlite.ts'
import * as threads from './threads.ts'

function openDb(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-threads-'))
  const file = join(folder, 'test.db')
  const db = SqliteDb.open({ file, bytesMax: 1 << 30, groupMax: 100 })
  t.after(async () => {
    await db.close()
    rmSync(folder, { recursive: true })
  })
  return { db, file }
}

/** Keeps the texts of the statements that pass. */
function recorded(sql: Sql, texts: Set<string>): Sql {
  return {
    all: (text, ...params) => sql.all(texts.add(text) && text, ...params),
    one: (text, ...params) => sql.one(texts.add(text) && text, ...params),
    run: (text, ...params) => sql.run(texts.add(text) && text, ...params),
  }
}

function threadRow(groupId: number): GroupRow {
  return {
    groupId,
    appId: 1,
    kind: 'thread',
    name: 'x',
    description: '',
    isPublic: 0,
    maxUsers: 10,
    membersOnly: 0,
    allowInvites: 0,
    inviteNeedConfirm: 0,
    custom: '',
    avatar: null,
    scale: 'normal',
    isDisabled: 0,
    isMuted: 0,
    ownerUid: 1,
    memberCount: 1,
    createdAt: 1,
    modifiedAt: 1,
  }
}

async function runThreads(sql: Sql): Promise<void> {
  await threads.insertThread(sql, threadRow(10), 5, 100)
  await threads.findThread(sql, 1, 10)
  await threads.findThreadOfMessage(sql, 1, 100)
  await threads.isThreaded(sql, 100)
  await threads.findParentId(sql, 10)
  for (const order of ['oldest_first', 'newest_first'] as const) {
    const page = { order, after: { at: 0, threadId: 0 }, limit: 10 }
    await threads.listThreads(sql, 1, page)
    await threads.listThreadsOfGroup(sql, 5, page)
    await threads.listJoinedThreads(sql, 1, 0, page)
  }
  await threads.renameThread(sql, 10, 'y', 2)
  await threads.countThreadMessage(sql, 10, 1)
  await threads.leaveThreads(sql, 5, 1)
  await threads.removeThreadsOfGroup(sql, 5, 10)
}

async function runReactions(sql: Sql): Promise<void> {
  const row = { reactionId: 200, msgId: 100, reaction: '+1', userCount: 0, createdAt: 1, modifiedAt: 1 }
  await reactions.insertReaction(sql, row)
  await reactions.findReaction(sql, 100, '+1')
  await reactions.listReactions(sql, 100)
  await reactions.addReactionUser(sql, 200, 1, 201, 2)
  await reactions.hasReacted(sql, 200, 1)
  await reactions.listReactionUsers(sql, 200, 0, 3)
  await reactions.forgetReactions(sql, 1, 10)
  await reactions.dropReactions(sql, 100)
  await reactions.deleteOldReactions(sql, 50, 10)
}

test('every statement about threads and reactions finds its rows by an index', async t => {
  const { db, file } = openDb(t)
  const texts = new Set<string>()
  await db.write(async sql => {
    await runThreads(recorded(sql, texts))
    await runReactions(recorded(sql, texts))
  })
  const database = new DatabaseSync(file, { readOnly: true })
  t.after(() => database.close())
  const slow: string[] = []
  for (const text of texts)
    for (const { detail } of database.prepare(`EXPLAIN QUERY PLAN ${text}`).all()) {
      const isSortedPage = /TEMP B-TREE/.test(String(detail)) && /LIMIT/.test(text)
      if (/^SCAN (?!CONSTANT ROW)/.test(String(detail)) || isSortedPage) slow.push(`${detail}: ${text}`)
    }
  assert.ok(texts.size > 25)
  assert.deepEqual(slow, [])
})

test('reactions to messages that have had their time go, in slices', async t => {
  const { db } = openDb(t)
  await db.write(async sql => {
    for (let id = 1; id <= 5; id++) {
      const row = {
        reactionId: 100 + id,
        msgId: id,
        reaction: '+1',
        userCount: 0,
        createdAt: 1,
        modifiedAt: 1,
      }
      await reactions.insertReaction(sql, row)
      await reactions.addReactionUser(sql, 100 + id, 1, 200 + id, 1)
    }
    assert.equal(await reactions.deleteOldReactions(sql, 4, 2), 2)
    assert.equal(await reactions.deleteOldReactions(sql, 4, 2), 1)
    assert.equal(await reactions.deleteOldReactions(sql, 4, 2), 0)
    assert.equal((await reactions.listReactions(sql, 3)).length, 0)
    assert.equal((await reactions.listReactions(sql, 4)).length, 1)
    // Their users follow once the reactions themselves are as old.
    assert.equal(await reactions.deleteOldReactions(sql, 104, 10), 3)
    assert.equal(await reactions.hasReacted(sql, 103, 1), false)
    assert.equal(await reactions.hasReacted(sql, 104, 1), true)
  })
})
