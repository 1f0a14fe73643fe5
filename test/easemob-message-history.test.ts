// Messages read back by the app's server.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ok } from './easemob-caller.ts'
import { send } from './http-client.ts'
import { makeMessagingApp } from './messaging.ts'
import { sharedApp, startApp } from './start-app.ts'
import { until } from './until.ts'

const server = sharedApp()
/** Leaves room for the rest of a body of 5 KB. */
const extBytesMax = 4_500

function fits(ext: object): boolean {
  return Buffer.byteLength(JSON.stringify(ext)) <= extBytesMax
}

test('whatever an extension holds comes back as it was sent', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  const ext = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' }), {
    maxKeys: 6,
  })
  const asSent = ext.map(value => JSON.parse(JSON.stringify(value))).filter(fits)
  await fc.assert(
    fc.asyncProperty(asSent, async ext => {
      const { bob } = await app.send(['bob'], { ext })
      const [record] = await app.history(`&cursor=${Buffer.from(bob!).toString('base64url')}`)
      assert.equal(record.msg_id, bob)
      assert.deepEqual(record.payload.ext, ext)
    }),
    { numRuns: 60 },
  )
})

test('a number of 64 bits keeps every digit on its way through the store', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  const body = '{"to":["bob"],"type":"txt","body":{"msg":"x"},"ext":{"id":9007199254740993123,"rate":1e-7}}'
  const headers = { Authorization: `Bearer ${app.token}` }
  ok(await send(`${app.url}/messages/users`, { headers, body }))
  const kept = ok(await app.call('GET', '/chatmessages'))
  assert.match(kept.text, /"ext":\{"id":9007199254740993123,"rate":1e-7\}/)
})

test('the history is read page by page, and its end has no cursor', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  const sent: string[] = []
  for (let count = 0; count < 5; count++) sent.push((await app.send(['bob'])).bob!)
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const { json } = ok(await app.call('GET', `/chatmessages?limit=2${cursor ? `&cursor=${cursor}` : ''}`))
    assert.equal(json.count, json.entities.length)
    seen.push(...json.entities.map(({ msg_id }: { msg_id: string }) => msg_id))
    cursor = json.cursor
  } while (cursor)
  assert.deepEqual(seen, sent)
})

test('a record of the history has the shape of the vendor', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  const { bob } = await app.send(['bob'], { from: 'alice', ext: { k: 'v' } })
  const ql = 'select * where timestamp>0'
  const { json } = ok(await app.call('GET', `/chatmessages?ql=${encodeURIComponent(ql)}`))
  const [{ uuid, timestamp, ...record }] = json.entities
  assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-8000-010000000000$/)
  assert.ok(Math.abs(timestamp - Date.now()) < 60_000)
  assert.deepEqual(record, {
    type: 'chatmessage',
    created: timestamp,
    modified: timestamp,
    direction: 'outgoing',
    msg_id: bob,
    from: 'alice',
    to: 'bob',
    chat_type: 'chat',
    payload: { bodies: [{ type: 'txt', msg: 'hello' }], ext: { k: 'v' }, from: 'alice', to: 'bob' },
  })
  assert.deepEqual(json.params, { ql: [ql] })
  assert.equal(json.path, '/chatmessages')
})

test('a query of the history compares the moment of sending', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  await app.send(['bob'])
  const [{ timestamp: at }] = await app.history()
  const found = async (query: string) => (await app.history(`&ql=${encodeURIComponent(query)}`)).length
  for (const [query, count] of [
    [`select * where timestamp>${at}`, 0],
    [`select * where timestamp>${at - 1}`, 1],
    [`SELECT * WHERE Timestamp >= ${at}`, 1],
    [`select * where timestamp<${at}`, 0],
    [`select * where timestamp<=${at}`, 1],
    [`timestamp eq ${at}`, 1],
    ['select * where timestamp < 999999999999999', 1],
    ['select *', 1],
    ['', 1],
  ] as const)
    assert.equal(await found(query), count, query)
})

test('another query of the history is refused at the word where it differs', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  for (const [query, word, column] of [
    ['select * where timestamp>1 and timestamp<2', 'and', 10],
    ['select * where from=1', 'from', 6],
    ["select * where timestamp>'1'", "'1'", 8],
    ['select * where timestamp', '<EOF>', 7],
    ['select timestamp', 'timestamp', 2],
  ] as const) {
    const answer = await app.call('GET', `/chatmessages?ql=${encodeURIComponent(query)}`)
    assert.equal(answer.status, 400, query)
    assert.equal(
      answer.json.error_description,
      `The query cannot be parsed. The token '${word}' at column ${column} on line 1 cannot be parsed`,
    )
  }
})

test('an app reads its own messages only, and with its own token only', async () => {
  const [app, other] = [await makeMessagingApp(server(), 'bob'), await makeMessagingApp(server(), 'bob')]
  await app.send(['bob'])
  assert.deepEqual(await other.history(), [])
  for (const path of ['/chatmessages', '/users/bob/offline_msg_count', '/users/bob/offline_msg_status/1']) {
    assert.equal((await app.as(await app.login('bob'))('GET', path)).status, 401, path)
    assert.equal((await other.as(app.token)('GET', path)).status, 401, path)
  }
})

test('messages past their retention are neither counted nor shown', async t => {
  const app = await makeMessagingApp(await startApp(t, { POSTHOUSE_MESSAGE_RETENTION_MS: '1000' }), 'bob')
  const { bob } = await app.send(['bob'])
  assert.equal(await app.statusOf('bob', bob!), 'undelivered')
  await until(async () => (await app.waiting('bob'))[0] === 0)
  assert.equal(await app.statusOf('bob', bob!), 'delivered')
  assert.deepEqual(await app.history(), [])
})
