// kill -9 in the middle of sending: nothing acknowledged is lost, nothing under one key is sent twice.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ok } from './easemob-caller.ts'
import { callerOf, type ServerCaller } from './server-caller.ts'
import { ServerProcess } from './server-process.ts'

const lanes = 32
const sendsMax = 2_000
const users = ['ann', 'bob', 'cid']

/** The one number the run depends on; TEST_SEED repeats a run. */
const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))

/** The n-th send, under a key of its own. */
function sendOf(caller: ServerCaller, n: number) {
  const body = { to: [users[n % users.length]], type: 'txt', body: { msg: `message ${n}` } }
  return caller.easemob('POST', '/messages/users', body, { 'Idempotency-Key': `send-${n}` })
}

async function readHistory(caller: ServerCaller): Promise<any[]> {
  const records: any[] = []
  let cursor: string | undefined
  do {
    const path = `/chatmessages?limit=1000${cursor ? `&cursor=${cursor}` : ''}`
    const { json } = ok(await caller.easemob('GET', path))
    records.push(...json.entities)
    cursor = json.cursor
  } while (cursor)
  return records
}

function makeFolder(t: TestContext): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-crash-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  return dataDir
}

/** Sends until the server is gone. @returns the answers by the number of the send, and how many sends were tried */
async function sendUntilKilled(server: ServerProcess, killAfter: number) {
  const caller = callerOf(server.runtime)
  const acknowledged = new Map<number, string>()
  let tried = 0
  const lane = async () => {
    while (tried < sendsMax) {
      const n = tried++
      const answer = await server.unlessKilled(sendOf(caller, n))
      if (!answer) return
      acknowledged.set(n, ok(answer).text)
      if (acknowledged.size === killAfter) server.kill('SIGKILL')
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  assert.equal((await server.exited).signal, 'SIGKILL')
  return { acknowledged, tried }
}

test(`after kill -9 every acknowledged message is there, and a repeat under its key sends it once (seed ${seed})`, async t => {
  const dataDir = makeFolder(t)
  const env = { POSTHOUSE_LOG_LEVEL: 'silent' }
  const first = await ServerProcess.start(t, { dataDir, env })
  const setUp = callerOf(first.runtime)
  ok(
    await setUp.easemob(
      'POST',
      '/users',
      users.map(username => ({ username, password: 'pw' })),
    ),
  )
  const killAfter = 100 + (seed % (sendsMax - 200))
  const { acknowledged, tried } = await sendUntilKilled(first, killAfter)
  assert.ok(acknowledged.size >= killAfter && acknowledged.size <= tried)

  const second = await ServerProcess.start(t, { dataDir, env })
  const caller = callerOf(second.runtime)
  const texts = (records: any[]) => records.map(({ payload }) => payload.bodies[0].msg as string)
  const afterCrash = texts(await readHistory(caller))
  const present = new Set(afterCrash)
  assert.equal(present.size, afterCrash.length)
  const lost = [...acknowledged.keys()].filter(n => !present.has(`message ${n}`))
  assert.deepEqual(lost, [])

  const port = (text: string) => text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1')
  for (let n = 0; n < tried; n++) {
    const again = ok(await sendOf(caller, n))
    if (acknowledged.has(n)) assert.equal(port(again.text), port(acknowledged.get(n)!))
  }
  const all = texts(await readHistory(caller))
  assert.equal(new Set(all).size, all.length)
  assert.equal(all.length, tried)
  const counts = await Promise.all(
    users.map(
      async user => (await caller.easemob('GET', `/users/${user}/offline_msg_count`)).json.data[user],
    ),
  )
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    all.length,
  )
})
