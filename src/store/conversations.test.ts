// How conversations are found: by an index in every statement. That they do not become too many, and that a database of
// an earlier release has those of its messages, as far read as its devices have come.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { bestMs } from '../../test/best-ms.ts'
import * as conversations from './conversations.ts'
import type { Sql } from './db.ts'
import * as readers from './message-readers.ts'
import { insertMessage } from './messages.ts'
import { SqliteDb } from './sqlite.ts'

function openDb(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-conversations-'))
  const file = join(folder, 'test.db')
  const db = SqliteDb.open({ file, bytesMax: 1 << 30, groupMax: 100 })
  t.after(async () => {
    await db.close()
    rmSync(folder, { recursive: true })
  })
  return { db, file }
}

function recorded(sql: Sql, texts: Set<string>): Sql {
  return {
    all: (text, ...params) => sql.all(texts.add(text) && text, ...params),
    one: (text, ...params) => sql.one(texts.add(text) && text, ...params),
    run: (text, ...params) => sql.run(texts.add(text) && text, ...params),
  }
}

async function runEach(sql: Sql): Promise<void> {
  const name = 'u:alice bob'
  await conversations.openConversation(sql, 1, name, 0)
  await conversations.listConversations(sql, 1, 1, 10)
  await conversations.countUnread(sql, { appId: 1, uid: 1, conversation: name }, 'alice', 0, 10)
  await conversations.findConversation(sql, 1, name)
  await conversations.readConversation(sql, 1, name, 1)
  await conversations.pinConversation(sql, 1, name, 1)
  await conversations.markConversation(sql, 1, name, 1)
  await conversations.removeConversation(sql, 1, name, 1)
  await conversations.cutConversations(sql, 1, 1, { most: 0, kept: 1, except: 'u:alice cat' })
  await conversations.dropConversation(sql, 1, 2)
  await conversations.dropConversationsOfMembers(sql, 2, 10)
  await conversations.forgetConversations(sql, 1)
  await readers.addReader(sql, 7, 1, 1)
  await readers.countReaders(sql, 7)
  await readers.listReaders(sql, 7, { readAt: 0, uid: 0 }, 10)
  await readers.forgetReader(sql, 1, 10)
  await readers.deleteOldReaders(sql, 8, 10)
}

test('every statement about conversations and readers finds its rows by an index', async t => {
  const { db, file } = openDb(t)
  const texts = new Set<string>()
  await db.write(sql => runEach(recorded(sql, texts)))
  const database = new DatabaseSync(file, { readOnly: true })
  t.after(() => database.close())
  const scans: string[] = []
  // What the statement itself has put together is read from end to end.
  for (const text of texts)
    for (const { detail } of database.prepare(`EXPLAIN QUERY PLAN ${text}`).all())
      if (/^SCAN (?!n$|newest$|joined$|CONSTANT ROW)/.test(String(detail))) scans.push(`${detail}: ${text}`)
  assert.ok(texts.size >= 17)
  assert.deepEqual(scans, [])
})

const messageOf = (msgId: number, other: string) =>
  ({
    msgId,
    appId: 1,
    chatType: 'chat',
    sender: other,
    target: 'alice',
    conversation: `u:alice ${other}`,
    payload: '{}',
    senderResource: '',
    body: null,
  }) as const

test('when there are too many, those silent longest go; the one just begun stays, and pins and marks do longest', async t => {
  const { db } = openDb(t)
  const names = await db.write(async sql => {
    for (let index = 1; index <= 6; index++) {
      await insertMessage(sql, messageOf(index, `peer${index}`))
      await conversations.openConversation(sql, 1, `u:alice peer${index}`, 0)
    }
    await conversations.openConversation(sql, 1, 'g:2', 0)
    await conversations.openConversation(sql, 2, 'u:alice bob', 0)
    await conversations.pinConversation(sql, 1, 'u:alice peer1', 1)
    const cut = { kept: 3, except: 'u:alice peer2' }
    await conversations.cutConversations(sql, 1, 1, { most: 6, ...cut })
    const before = (await conversations.listConversations(sql, 1, 1, 10)).length
    await conversations.cutConversations(sql, 1, 1, { most: 5, ...cut })
    const left = await conversations.listConversations(sql, 1, 1, 10)
    const others = [await conversations.findConversation(sql, 1, 'g:2')]
    others.push(await conversations.findConversation(sql, 2, 'u:alice bob'))
    return { before, left: left.map(({ conversation }) => conversation).toSorted(), others }
  })
  assert.equal(names.before, 6)
  assert.deepEqual(names.left, ['u:alice peer1', 'u:alice peer2', 'u:alice peer6'])
  assert.ok(names.others.every(row => row !== undefined))
})

test('a list of a thousand conversations takes no longer for the length of them', async t => {
  const { db } = openDb(t)
  await db.write(async sql => {
    for (let index = 1; index <= 1_000; index++)
      await conversations.openConversation(sql, 1, `u:alice peer${index}`, 0)
    for (let msgId = 1; msgId <= 50_000; msgId++)
      await insertMessage(sql, messageOf(msgId, `peer${msgId % 50}`))
  })
  const list = () => db.read(sql => conversations.listConversations(sql, 1, 1, 1_000))
  const rows = await list()
  const ms = await bestMs(list)
  t.diagnostic(`${ms.toFixed(1)} ms`)
  assert.equal(rows.length, 1_000)
  assert.ok(ms < 200, `${ms} ms`)
})

test('the conversations of messages that an earlier release has kept are there', async t => {
  const { db, file } = openDb(t)
  await db.close()
  const database = new DatabaseSync(file)
  t.after(() => database.close())
  const addUser = database.prepare(
    `INSERT INTO users (uid, app_id, username, uuid, password, nickname, activated, push_settings, tokens_from,
       created_at, modified_at) VALUES (?, 1, ?, ?, NULL, NULL, 1, '{}', 0, 0, 0)`,
  )
  for (const [index, name] of ['alice', 'bob'].entries()) addUser.run(index + 1, name, `uuid${index}`)
  const add = database.prepare(
    `INSERT INTO messages (msg_id, app_id, chat_type, sender, target, payload, conversation)
     VALUES (?, 1, ?, ?, ?, '{}', ?)`,
  )
  add.run(1, 'chat', 'bob', 'alice', 'u:alice bob')
  add.run(2, 'chat', 'alice', 'bob', 'u:alice bob')
  add.run(3, 'chat', 'admin', 'bob', 'u:admin bob')
  add.run(4, 'groupchat', 'bob', '7', 'g:7')
  const acknowledge = database.prepare('INSERT INTO inbox_cursors VALUES (?, ?, ?, ?)')
  acknowledge.run(1, 'u:bob', 1, 1)
  acknowledge.run(2, 'g:7', 2, 4)
  acknowledge.run(2, 'g:7', 3, 3)
  acknowledge.run(2, 'g:8', 3, 3)
  const join = database.prepare(
    'INSERT INTO group_members (group_id, uid, kind, joined_at) VALUES (?, ?, ?, 0)',
  )
  join.run(7, 2, 'group')
  join.run(8, 2, 'room')
  database.exec('DROP TABLE conversations; DROP TABLE message_readers')
  const migration = new URL('./migrations/0018-conversations.sql', import.meta.url)
  database.exec(readFileSync(migration, 'utf8'))
  const rows = database
    .prepare('SELECT uid, conversation, read_through AS read FROM conversations ORDER BY uid, conversation')
    .all()
  assert.deepEqual(
    rows.map(({ uid, conversation, read }) => [uid, conversation, read]),
    [
      [1, 'u:alice bob', 1],
      [2, 'g:7', 4],
      [2, 'u:admin bob', 0],
      [2, 'u:alice bob', 0],
    ],
  )
})
