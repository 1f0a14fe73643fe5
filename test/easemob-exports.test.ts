// The export of an hour: an address that anybody may use for a while, and a gzip file of one record a line.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { ManualClock } from '../src/lib/clock.ts'
import { messageIdAt, timeOfMessageId } from '../src/lib/message-id.ts'
import { CoreClient, secretOf } from './core-client.ts'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp({}, true)
const hourMs = 3_600_000
/** The start of an hour that is over, with a whole one between it and now. */
const startMs = Math.floor(Date.now() / hourMs) * hourMs - 2 * hourMs
const hour = new Date(startMs).toISOString().replace(/\D/g, '').slice(0, 10)

async function appWith(...names: string[]): Promise<EasemobApp> {
  const app = await makeEasemobApp(server())
  await app.register(...names)
  return app
}

async function importText({ call }: EasemobApp, msg: string, sentAt: number, more: object = {}) {
  const message = { from: 'alice', target: 'bob', type: 'txt', body: { msg }, msg_timestamp: sentAt, ...more }
  return ok(await call('POST', '/messages/users/import', message)).json.data.msg_id as string
}

async function addressOf({ call }: EasemobApp): Promise<string> {
  const { json } = ok(await call('GET', `/chatmessages/${hour}`))
  assert.equal(json.data.length, 1)
  return json.data[0].url
}

interface Fetched {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly bytes: Buffer
}

/** As bytes, without a token. */
function fetchBytes(url: string): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    get(url, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(chunks) }),
      )
    }).on('error', reject)
  })
}

function recordsOf({ bytes }: Fetched): any[] {
  const lines = gunzipSync(bytes).toString('utf8').split('\n')
  assert.equal(lines.pop(), '')
  return lines.map(line => JSON.parse(line))
}

test('an hour is exported as the vendor’s records, from its first millisecond to its last', async () => {
  const app = await appWith('alice', 'bob')
  await importText(app, 'before', startMs - 1)
  const first = await importText(app, 'first', startMs, { ext: { k: 'v' } })
  await importText(app, 'last', startMs + hourMs - 1)
  await importText(app, 'after', startMs + hourMs)
  const file = await fetchBytes(await addressOf(app))
  assert.deepEqual(
    [file.status, file.headers['content-type'], Number(file.headers['content-length'])],
    [200, 'application/gzip', file.bytes.length],
  )
  const records = recordsOf(file)
  assert.deepEqual(
    records.map(({ payload }) => payload.bodies[0].msg),
    ['first', 'last'],
  )
  assert.deepEqual(records[0], {
    timestamp: startMs,
    direction: 'outgoing',
    msg_id: first,
    from: 'alice',
    to: 'bob',
    chat_type: 'chat',
    payload: { bodies: [{ type: 'txt', msg: 'first' }], ext: { k: 'v' }, from: 'alice', to: 'bob' },
  })
})

test('more messages than one page holds come whole and in order, and nothing is left on the disk', async () => {
  const app = await appWith('alice', 'bob')
  const sent: string[] = []
  for (let at = 0; at < 1_100; at++) sent.push(await importText(app, `message ${at}`, startMs + at * 3))
  const address = await addressOf(app)
  const [one, other] = await Promise.all([fetchBytes(address), fetchBytes(address)])
  for (const file of [one, other])
    assert.deepEqual(
      recordsOf(file).map(({ msg_id }) => msg_id),
      sent,
    )
  const incoming = readdirSync(join(server().dataDir, 'files'), { recursive: true, withFileTypes: true })
  assert.deepEqual(
    incoming.filter(entry => entry.isFile()),
    [],
  )
})

test('messages of one millisecond keep their order', async () => {
  const app = await appWith('alice', 'bob')
  const sent: string[] = []
  for (let count = 0; count < 20; count++) sent.push(await importText(app, 'x', startMs))
  assert.deepEqual(
    recordsOf(await fetchBytes(await addressOf(app))).map(({ msg_id }) => msg_id),
    sent,
  )
  assert.equal(new Set(sent).size, 20)
})

test('an address opens its own app and hour alone, and tells nobody else’s', async () => {
  const [app, other] = [await appWith('alice', 'bob'), await appWith('alice', 'bob')]
  for (const each of [app, other]) await importText(each, 'x', startMs)
  const address = await addressOf(app)
  const twisted = [
    address.replace(`/${app.app}/`, `/${other.app}/`),
    address.replace(/Signature=./, 'Signature='),
    address.replace(/&Signature=.*/, ''),
    address.replace(/Expires=\d+/, 'Expires=9999999999999'),
    address.replace(/Expires=\d+&/, ''),
    address.replaceAll(hour, '2026010100'),
  ]
  for (const url of twisted) assert.equal((await fetchBytes(url)).status, 403, url)
  assert.equal((await fetchBytes(address)).status, 200)
})

test('a moment that is full gives a message the next one with room, and refuses it where there is none near', async t => {
  const app = await appWith('alice', 'bob')
  const sentAt = startMs + 1_800_000
  const database = new DatabaseSync(join(server().dataDir, 'posthouse.db'), { timeout: 5_000 })
  t.after(() => database.close())
  const insert = database.prepare(
    `INSERT INTO messages (msg_id, app_id, chat_type, sender, target, payload) VALUES (?, 0, 'chat', 'a', 'b', '{}')`,
  )
  const fill = (from: number, until: number) => {
    database.exec('BEGIN IMMEDIATE')
    // The last id of a moment: those before it count as taken.
    for (let at = from; at < until; at++) insert.run(messageIdAt(at + 1) - 1)
    database.exec('COMMIT')
  }
  fill(sentAt, sentAt + 1_000)
  const id = await importText(app, 'late', sentAt)
  assert.equal(timeOfMessageId(Number(id)), sentAt + 1_000)
  fill(sentAt + 1_000, sentAt + 1_001)
  const message = { from: 'alice', target: 'bob', type: 'txt', body: { msg: 'x' }, msg_timestamp: sentAt }
  assert.equal((await app.call('POST', '/messages/users/import', message)).status, 400)
})

test('an address opens for half an hour', async t => {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-exports-'))
  const clock = new ManualClock(startMs + hourMs)
  const core = new CoreClient(dataDir, clock)
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  await core.start()
  const caller = secretOf(await core.makeApp('exports'))
  for (const username of ['alice', 'bob'])
    await core.call('token.inherit', { username, createsUser: true }, caller)
  const payload = '{"bodies":[{"type":"txt","msg":"x"}]}'
  const message = { chatType: 'chat', from: 'alice', target: 'bob', payload, sentAt: startMs } as const
  await core.call('message.import', message, caller)
  const offered = await core.call('history.offer_hour', { hour }, caller)
  assert.equal(offered.expiresAt, clock.now() + hourMs / 2)
  const read = () => core.call('history.read_hour', { ...offered, hour, after: 0 }, caller)
  clock.advance(hourMs / 2 - 1)
  assert.equal((await read()).messages.length, 1)
  clock.advance(1)
  await assert.rejects(read(), { id: 'export_link_invalid' })
})

test('an imported message is in the history of its conversation, and waits for nobody', async () => {
  const app = await appWith('alice', 'bob')
  const id = await importText(app, 'long ago', Date.now() - 60_000)
  const waiting = ok(await app.call('GET', '/users/bob/offline_msg_count')).json.data
  assert.deepEqual(waiting, { bob: 0 })
  const bob = app.as(await app.login('bob'))
  const page = await bob('POST', '/users/bob/messageroaming', {
    queue: 'alice@easemob.com',
    start: -1,
    end: -1,
  })
  const { msgs, is_last, next_key } = ok(page).json.data
  assert.deepEqual([msgs.length, is_last, next_key], [1, true, id])
})
