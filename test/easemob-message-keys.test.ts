// Sending again under a key, and how many messages a minute an app may send.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ok } from './easemob-caller.ts'
import { makeMessagingApp, text } from './messaging.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()

test('each receiver counts against the messages of a minute, all or none, a repeat under a key not again', async () => {
  const app = await makeMessagingApp(server(), 'bob', 'carol')
  await app.change({ edition: 'live', limits: { messages_per_minute: 4 } })
  const key = { 'Idempotency-Key': 'k1' }
  const body = { to: ['bob', 'carol'], ...text }
  ok(await app.call('POST', '/messages/users', body, key))
  ok(await app.call('POST', '/messages/users', body, key))
  assert.equal(
    (await app.call('POST', '/messages/users', { ...body, to: ['bob', 'carol', 'x'] })).status,
    403,
  )
  ok(await app.call('POST', '/messages/users', body))
  const refused = await app.call('POST', '/messages/users', { ...body, to: ['bob'] })
  assert.equal(refused.status, 403)
  assert.match(String(refused.headers['retry-after']), /^[1-9]\d?$/)
  assert.deepEqual(await app.waiting('bob'), [2])
})

test('a message sent again under its key is sent once, and answered to the byte as before', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  const key = { 'Idempotency-Key': 'order-1042' }
  const first = ok(await app.call('POST', '/messages/users', { to: ['bob'], ...text }, key))
  assert.equal(first.headers['idempotent-replayed'], undefined)
  const again = ok(await app.call('POST', '/messages/users', { ...text, to: ['bob'] }, key))
  assert.equal(again.headers['idempotent-replayed'], 'true')
  assert.equal(again.text, first.text)
  assert.deepEqual(await app.waiting('bob'), [1])
  const other = await app.call(
    'POST',
    '/messages/users',
    { to: ['bob'], type: 'txt', body: { msg: 'no' } },
    key,
  )
  assert.equal(other.status, 400)
  assert.deepEqual(await app.waiting('bob'), [1])
})

test('a storm of sends under one key is one message', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  const key = { 'Idempotency-Key': 'storm' }
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => app.call('POST', '/messages/users', { to: ['bob'], ...text }, key)),
  )
  assert.deepEqual([...new Set(answers.map(({ text: body }) => body))], [answers[0]!.text])
  assert.equal(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined).length, 1)
  assert.deepEqual(await app.waiting('bob'), [1])
})

test('ext.em_dedupe is a key where no header brings one, in both forms', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  const ext = { em_dedupe: '早 1' }
  const older = { target_type: 'users', target: ['bob'], msg: { type: 'txt', msg: 'hi' }, ext }
  for (const [path, body] of [
    ['/messages/users', { to: ['bob'], ...text, ext }],
    ['/messages', older],
  ] as const) {
    const first = ok(await app.call('POST', path, body))
    const again = ok(await app.call('POST', path, body))
    assert.equal(again.text, first.text)
    assert.equal(again.headers['idempotent-replayed'], 'true')
    assert.equal((await app.call('POST', path, { ...body, from: 'eve' })).status, 400)
    ok(await app.call('POST', path, body, { 'Idempotency-Key': 'other' }))
  }
  assert.deepEqual(await app.waiting('bob'), [4])
})
