// Many pushes in one call (jpush.md §3.1.4).
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { connectDevice, register } from './devices.ts'
import { type JpushApp, makeJpushApp } from './jpush-client.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()
const path = '/v3/push/batch/regid/single'

const cidOf = ({ app_key }: JpushApp) => `${app_key}-${randomUUID()}`
const item = (target: unknown, more: object = {}) => ({
  platform: 'all',
  target,
  notification: { alert: 'Hi' },
  ...more,
})

test('each push of a batch reaches its device, and has an id of its own', async t => {
  const jpush = await makeJpushApp(server())
  const ann = await connectDevice(t, server(), jpush)
  const bob = await connectDevice(t, server(), jpush, { alias: 'bob' })
  const cids = [cidOf(jpush), cidOf(jpush)] as const
  const received = Promise.all([ann.next(), bob.next()])
  const answer = await jpush.ok('POST', path, {
    pushlist: {
      [cids[0]]: item(ann.rid, { notification: { alert: 'Ann' } }),
      [cids[1]]: item(bob.rid, { notification: { alert: 'Bob' }, options: { time_to_live: 600 } }),
    },
  })
  assert.deepEqual(Object.keys(answer), cids)
  const pushes = await received
  assert.deepEqual(
    pushes.map(({ msg_id, notification }) => [msg_id, notification.alert]),
    [
      [answer[cids[0]].msg_id, 'Ann'],
      [answer[cids[1]].msg_id, 'Bob'],
    ],
  )
  assert.deepEqual(Object.keys(answer[cids[0]]), ['msg_id'])
})

test('what is wrong with one push of a batch is said of it alone', async () => {
  const jpush = await makeJpushApp(server())
  await register(server(), jpush, { alias: 'ann' })
  const wrong = {
    [cidOf(jpush)]: [item('nobody'), 1011, 'cannot find user by this audience'],
    [cidOf(jpush)]: [item('ann', { audience: 'all' }), 1009, 'Unsupported key audience'],
    [cidOf(jpush)]: [{ platform: 'all', notification: { alert: 'x' } }, 1002, 'Missing parameter: target'],
    [cidOf(jpush)]: [{ platform: 'all', target: 'ann' }, 1002, 'Missing parameter: notification or message'],
    [cidOf(jpush)]: [item(''), 1003, 'target must be a string'],
    [cidOf(jpush)]: ['push', 1003, 'A push must be an object'],
    [`${jpush.app_key}-1`]: [item('ann'), 1003, 'Invalid cid'],
  }
  const right = cidOf(jpush)
  const pushlist = Object.fromEntries(Object.entries(wrong).map(([cid, [push]]) => [cid, push]))
  const answer = await jpush.ok('POST', '/v3/push/batch/alias/single', {
    pushlist: { ...pushlist, [right]: item('ann') },
  })
  for (const [cid, [, code, message]] of Object.entries(wrong)) {
    assert.deepEqual(answer[cid].error, { code, message })
    assert.deepEqual(Object.keys(answer[cid]), code === 1011 ? ['msg_id', 'error'] : ['error'])
  }
  assert.match(answer[right].msg_id, /^\d+$/)
})

test('a registration id that is none is named', async () => {
  const jpush = await makeJpushApp(server())
  await register(server(), jpush)
  const cid = cidOf(jpush)
  const answer = await jpush.ok('POST', path, { pushlist: { [cid]: item('0123456789a') } })
  assert.deepEqual(answer[cid], {
    error: {
      code: 1003,
      message: 'The registration_id 0123456789a is invalid!',
      illegal_rids: ['0123456789a'],
    },
  })
})

test('a batch that is repeated sends nothing twice; a push of it is the same under its cid alone', async () => {
  const jpush = await makeJpushApp(server())
  const rid = await register(server(), jpush)
  const [first, failing, single] = [cidOf(jpush), cidOf(jpush), cidOf(jpush)]
  const alone = { platform: 'all', audience: { registration_id: [rid] }, notification: { alert: 'Hi' } }
  const { msg_id } = await jpush.ok('POST', '/v3/push', { ...alone, cid: single })
  const pushlist = { [first]: item(rid), [failing]: item('0123456789b'), [single]: item(rid) }
  const answers = await Promise.all([
    jpush.ok('POST', path, { pushlist }),
    jpush.ok('POST', path, { pushlist }),
  ])
  assert.equal(answers[1][first].msg_id, answers[0][first].msg_id)
  assert.deepEqual(
    answers.map(answer => answer[single].msg_id),
    [msg_id, msg_id],
  )
  // What failed is tried again.
  const repeated = { [failing]: item(rid) }
  assert.match((await jpush.ok('POST', path, { pushlist: repeated }))[failing].msg_id, /^\d+$/)
})

test('a thousand pushes are one call; a thousand and one are refused, and nothing is sent', async () => {
  const jpush = await makeJpushApp(server())
  const rid = await register(server(), jpush)
  const listOf = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, () => [cidOf(jpush), item(rid)]))
  const { status, json } = await jpush.call('POST', path, { pushlist: listOf(1_001) })
  assert.deepEqual([status, json.error.code], [400, 1003])
  const { headers, json: answer } = await jpush.call('POST', path, { pushlist: listOf(1_000) })
  const ids = Object.values(answer as Record<string, { msg_id: string }>).map(({ msg_id }) => msg_id)
  assert.equal(new Set(ids).size, 1_000)
  assert.ok(ids.every(id => /^\d+$/.test(id)))
  assert.equal(headers['x-rate-limit-remaining'], '598')
})

test('a batch needs a list, and an app that is VIP', async () => {
  const jpush = await makeJpushApp(server(), { vip: false })
  for (const [body, status, code] of [
    [{}, 400, 1002],
    [{ pushlist: [] }, 400, 1003],
    [{ pushlist: {} }, 400, 1003],
    [{ pushlist: { [cidOf(jpush)]: item('x') } }, 403, 2006],
    [{ pushlist: { wrong: 1 } }, 403, 2006],
  ] as const) {
    const answer = await jpush.call('POST', path, body)
    assert.deepEqual([answer.status, answer.json.error.code], [status, code], JSON.stringify(body))
  }
})
