// A database that is full, may not be written, is damaged or is none: a clear word at the start, 503 while running, and
// nothing acknowledged lost (contract.md §8.1, last rows).
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, type TestContext, test } from 'node:test'
import { assertFailure } from './envelope.ts'
import type { Received } from './http-client.ts'
import { callerOf, type ServerCaller } from './server-caller.ts'
import { ServerProcess } from './server-process.ts'
import { startApp } from './start-app.ts'
import { until } from './until.ts'

const isRoot = process.getuid?.() === 0
/** Somebody who owns nothing here; root reads and writes whatever the mode says. */
const stranger = isRoot ? 65_534 : undefined

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-storage-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** What a server leaves behind that has been run and closed. */
const used = mkdtempSync(join(tmpdir(), 'posthouse-storage-'))
before(async () => {
  const closers: (() => Promise<void> | void)[] = []
  await startApp({ after: closer => closers.push(closer) }, { POSTHOUSE_DATA: used })
  for (const close of closers) await close()
})
after(() => rmSync(used, { recursive: true, force: true }))

/** A data folder that a server has been run on. */
function makeUsedFolder(t: TestContext): string {
  const dataDir = makeFolder(t)
  cpSync(used, dataDir, { recursive: true })
  return dataDir
}

async function startFails(t: TestContext, dataDir: string, uid?: number): Promise<string> {
  const server = ServerProcess.launch(t, {
    dataDir,
    env: { POSTHOUSE_LOG_LEVEL: 'silent' },
    ...(uid !== undefined && { uid }),
  })
  const { code, signal } = await server.exited
  assert.deepEqual([signal, code !== 0], [null, true], server.output)
  assert.match(server.output, /^posthouse start: /)
  assert.equal(server.output.trim().split('\n').length, 1, server.output)
  return server.output
}

const text = 'x'.repeat(4_000)
const sendMessage = (caller: ServerCaller) =>
  caller.easemob('POST', '/messages/users', { from: 'ann', to: ['ann'], type: 'txt', body: { msg: text } })
const push = (caller: ServerCaller, rid: string) =>
  caller.jpush('POST', '/v3/push', {
    platform: 'all',
    audience: { registration_id: [rid] },
    message: { msg_content: text.slice(0, 3_000) },
  })

/** Calls until the answer is not 200. @returns it, and how many calls were acknowledged */
async function callUntilRefused(
  call: (count: number) => Promise<Received>,
): Promise<{ answer: Received; done: number }> {
  for (let done = 0; done < 5_000; done++) {
    const answer = await call(done)
    if (answer.status !== 200) return { answer, done }
  }
  throw new Error('never refused')
}

async function countMessages(caller: ServerCaller): Promise<number> {
  return (await caller.easemob('GET', '/users/ann/offline_msg_count')).json.data.ann
}

test('a database that has reached its size is 503 in every dialect, and what was acknowledged is there', async t => {
  const dataDir = makeFolder(t)
  const app = await startApp(t, { POSTHOUSE_DATA: dataDir, POSTHOUSE_DATABASE_BYTES_MAX: '1048576' })
  const caller = callerOf(app.runtime)
  const rid = await caller.device()
  await caller.easemob('POST', '/users', { username: 'ann', password: 'pw' })
  const messages = await callUntilRefused(() => sendMessage(caller))
  assertFailure(messages.answer, 'easemob', [503, 'service_unavailable'], 'message')
  assert.ok(messages.done > 10)
  const pushes = await callUntilRefused(() => push(caller, rid))
  assertFailure(pushes.answer, 'jpush', [503, 1030], 'push')
  const apps = await callUntilRefused(count =>
    caller.admin('POST', '/apps', { org: 'full', app: `a${count}` }),
  )
  assertFailure(apps.answer, 'neutral', [503, 'store_unavailable'], 'app')
  assert.equal(await countMessages(caller), messages.done)
  assert.equal((await caller.admin('GET', '/apps')).json.apps.length, apps.done + 1)
  await app.close()

  const again = await startApp(t, { POSTHOUSE_DATA: dataDir })
  const after = callerOf(again.runtime)
  assert.equal(await countMessages(after), messages.done)
  assert.equal((await after.admin('GET', '/apps')).json.apps.length, apps.done + 1)
  assert.equal((await sendMessage(after)).status, 200)
})

test('a disk that fills up is 503; when there is space again the same process goes on', async t => {
  const server = await ServerProcess.start(t)
  const caller = callerOf(server.runtime)
  await caller.easemob('POST', '/users', { username: 'ann', password: 'pw' })
  assert.equal((await sendMessage(caller)).status, 200)
  // No file may grow past this: the system's own way to run out of space, for one process.
  const bytes = statSync(join(server.dataDir, 'posthouse.db-wal')).size + 65_536
  const limit = (to: string) => execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${to}:`])
  limit(String(bytes))
  const { answer, done } = await callUntilRefused(() => sendMessage(caller))
  assertFailure(answer, 'easemob', [503, 'service_unavailable'], 'full')
  assert.equal(await countMessages(caller), done + 1)
  limit('unlimited')
  assert.equal((await sendMessage(caller)).status, 200)
  server.kill('SIGKILL')
  await server.exited

  const again = await ServerProcess.start(t, { dataDir: server.dataDir })
  assert.equal(await countMessages(callerOf(again.runtime)), done + 2)
})

test('an exception inside an operation is 500, and its request id leads to the stack in the log', async t => {
  const dataDir = makeUsedFolder(t)
  const database = new DatabaseSync(join(dataDir, 'posthouse.db'))
  database.exec('DROP TABLE group_members; DROP TABLE device_tags; DROP TABLE idempotency')
  database.close()
  const server = await ServerProcess.start(t, { dataDir })
  const caller = callerOf(server.runtime)
  await caller.easemob('POST', '/users', { username: 'ann', password: 'pw' })
  const rid = await caller.device()
  for (const [dialect, wanted, answer] of [
    ['easemob', [500, 'internal_server_error'], await caller.easemob('GET', '/users/ann/joined_chatgroups')],
    ['jpush', [500, 7000], await caller.jpush('GET', `/v3/devices/${rid}`)],
  ] as const) {
    assertFailure(answer, dialect, wanted, dialect)
    // The answer and the log leave by different ways; either may come first.
    const line = await until(async () =>
      server.log().find(entry => entry.request === answer.headers['x-request-id'] && entry.err),
    )
    assert.ok(line.level >= 50)
    assert.match(line.err.stack, /no such table: [\s\S]+ at /)
    assert.doesNotMatch(answer.text, /table/)
  }
  assert.equal((await caller.easemob('GET', '/users/ann')).status, 200)
})

test('a file that is no database stops the start with the reason', async t => {
  const dataDir = makeUsedFolder(t)
  writeFileSync(join(dataDir, 'posthouse.db'), 'x'.repeat(100_000))
  assert.match(
    await startFails(t, dataDir),
    /cannot use the database .*posthouse\.db: file is not a database.*restore/,
  )
})

test('a damaged database stops the start with the reason', async t => {
  const dataDir = makeUsedFolder(t)
  const file = join(dataDir, 'posthouse.db')
  truncateSync(file, 4_096 * Math.floor(statSync(file).size / 8_192))
  assert.match(
    await startFails(t, dataDir),
    /cannot use the database .*posthouse\.db: database disk image is malformed/,
  )
})

test('a database of a later release stops the start with the reason', async t => {
  const dataDir = makeUsedFolder(t)
  const database = new DatabaseSync(join(dataDir, 'posthouse.db'))
  database.exec("INSERT INTO migrations (name) VALUES ('9999-tomorrow.sql')")
  database.close()
  assert.match(await startFails(t, dataDir), /written by a later release \(migration 9999-tomorrow\.sql\)/)
})

test('a database that may not be written stops the start with the reason', async t => {
  const dataDir = makeUsedFolder(t)
  if (stranger !== undefined)
    for (const name of readdirSync(dataDir, { recursive: true }).map(String))
      chownSync(join(dataDir, name), stranger, stranger)
  if (stranger !== undefined) chownSync(dataDir, stranger, stranger)
  if (isRoot) chownSync(join(dataDir, 'posthouse.db'), 0, 0)
  chmodSync(join(dataDir, 'posthouse.db'), 0o444)
  assert.match(
    await startFails(t, dataDir, stranger),
    /cannot use the database .*: attempt to write a readonly database/,
  )
})

test('a folder that may not be written stops the start with the reason', async t => {
  const parent = makeFolder(t)
  chmodSync(parent, 0o555)
  assert.match(await startFails(t, join(parent, 'data'), stranger), /permission denied.*data/i)
  const folder = join(makeFolder(t), 'data')
  mkdirSync(folder)
  chmodSync(folder, 0o555)
  chmodSync(join(folder, '..'), 0o755)
  assert.match(await startFails(t, folder, stranger), new RegExp(`cannot use the data folder ${folder}`))
})

test('a core that cannot start again when it is told to says so, and can later', async t => {
  const dataDir = makeFolder(t)
  const app = await startApp(t, { POSTHOUSE_DATA: dataDir })
  const caller = callerOf(app.runtime)
  await app.admin('PUT', '/core', { state: 'stopped' })
  const database = new DatabaseSync(join(dataDir, 'posthouse.db'))
  database.exec("INSERT INTO migrations (name) VALUES ('9999-tomorrow.sql')")
  for (const state of ['running', 'frozen', 'draining'])
    assertFailure(
      await caller.admin('PUT', '/core', { state }),
      'neutral',
      [409, 'core_state_invalid'],
      state,
    )
  assert.deepEqual(await app.admin('GET', '/core'), { state: 'stopped', ready: false })
  database.exec("DELETE FROM migrations WHERE name = '9999-tomorrow.sql'")
  database.close()
  await app.admin('PUT', '/core', { state: 'running' })
  assert.equal((await caller.easemob('GET', '/users')).status, 200)
})
