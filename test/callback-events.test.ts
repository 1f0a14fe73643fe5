// Callbacks about what is no message: logins, groups and rooms, contacts. Only a rule that names them hears of them.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { answerWith, CallbackServer } from './callback-server.ts'
import { ok } from './easemob-caller.ts'
import { ImClient } from './im-client.ts'
import { type MessagingApp, makeMessagingApp } from './messaging.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient } from './web-sdk.ts'

const server = sharedApp({ POSTHOUSE_CALLBACK_RETRY_MS: '20' })
const secret = 'the secret of the rule'

async function stage(t: TestContext, events: readonly string[], more: object = {}) {
  const listener = await CallbackServer.start(t)
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  await app.change({ callbacks: [{ name: 'tell', secret, url: listener.url, events, ...more }] })
  return { app, listener }
}

const login = async (t: TestContext, app: MessagingApp, username: string, resource?: string) =>
  ImClient.login(t, app, { username, token: await app.login(username), ...(resource && { resource }) })

const bodies = async (listener: CallbackServer, count: number) =>
  (await listener.heard(count)).map(({ body }) => body)

test('who logs in, logs out and is displaced is told, with its device, and signed', async t => {
  const { app, listener } = await stage(t, ['user_status'])
  const first = await login(t, app, 'ann', 'web_1')
  await listener.heard(1)
  await login(t, app, 'ann', 'web_1')
  await listener.heard(3)
  await first.closed
  const other = await login(t, app, 'bob', 'web_2')
  await listener.heard(4)
  await other.logout()
  await listener.heard(5)
  ok(await app.call('GET', '/users/ann/disconnect'))
  const told = await bodies(listener, 6)
  const key = `${app.org}#${app.app}`
  const user = (name: string, resource: string) => `${key}_${name}@easemob.com/${resource}`
  assert.deepEqual(
    told.map(body => [body.reason, body.status, body.user, body.eventType, body.appkey]).toSorted(),
    [
      ['login', 'online', user('ann', 'web_1'), 'userStatus', key],
      ['replaced', 'offline', user('ann', 'web_1'), 'userStatus', key],
      ['login', 'online', user('ann', 'web_1'), 'userStatus', key],
      ['login', 'online', user('bob', 'web_2'), 'userStatus', key],
      ['logout', 'offline', user('bob', 'web_2'), 'userStatus', key],
      ['replaced', 'offline', user('ann', 'web_1'), 'userStatus', key],
    ].toSorted(),
  )
  assert.deepEqual([told[0].os, told[0].ip], ['web', '127.0.0.1'])
  for (const { callId, timestamp, security } of told)
    assert.equal(security, createHash('md5').update(`${callId}${secret}${timestamp}`).digest('hex'))
})

test('the vendor’s Web SDK is told of when it logs in and out', async t => {
  const { app, listener } = await stage(t, ['user_status'])
  const ann = new SdkClient(t, { http: server().http, org: app.org, app: app.app })
  await ann.open('ann')
  await listener.heard(1)
  ann.connection.close()
  assert.deepEqual(
    (await bodies(listener, 2)).map(({ reason }) => reason),
    ['login', 'logout'],
  )
})

test('what happens in a group is told once, with who has done it and whom it concerns', async t => {
  const { app, listener } = await stage(t, ['group'])
  const group = { groupname: 'g', desc: 'd', public: true, owner: 'ann', members: ['bob'] }
  const id = ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
  const steps: [method: string, path: string, body: object | undefined, expected: object][] = [
    ['POST', '/users/cat', undefined, { operation: 'JOIN', member: ['cat'], type: 'DIRECT', count: 3 }],
    ['POST', '/admin', { newadmin: 'cat' }, { operation: 'ADMIN', member: ['cat'], type: 'ADD' }],
    ['DELETE', '/admin/cat', undefined, { operation: 'ADMIN', member: ['cat'], type: 'REMOVE' }],
    ['POST', '/announcement', { announcement: 'hear' }, { operation: 'UPDATE', type: 'ANNOUNCEMENT' }],
    ['PUT', '', { groupname: 'h' }, { operation: 'UPDATE', type: 'INFO' }],
    ['DELETE', '/users/cat', undefined, { operation: 'LEAVE', member: ['cat'], type: 'KICK', count: 2 }],
    ['DELETE', '', undefined, { operation: 'DELETE' }],
  ]
  for (const [method, path, body] of steps) {
    ok(await app.call(method, `/chatgroups/${id}${path}`, body))
    await listener.heard(steps.findIndex(step => step[0] === method && step[1] === path) + 2)
  }
  const told = await bodies(listener, steps.length + 1)
  assert.deepEqual(
    told.map(({ operation, member_count, payload }) => ({
      operation,
      ...(payload.member && { member: payload.member }),
      ...(payload.type && { type: payload.type }),
      ...(member_count !== undefined && { count: member_count }),
    })),
    [{ operation: 'CREATE', member: ['bob'], count: 2 }, ...steps.map(step => step[3])],
  )
  for (const body of told)
    assert.deepEqual(
      [body.id, body.type, body.event, body.eventType, body.operator],
      [id, 'GROUP', 'group_op_event', 'group_op_event', '@ppAdmin'],
    )
  assert.equal(told[4].payload.announcement, 'hear')
  assert.equal(told[5].payload.info.title, 'h')
})

test('who comes into a room and leaves it by itself is its own operator; a rule may want rooms alone', async t => {
  const { app, listener } = await stage(t, ['group'], { chat_types: ['chatroom'] })
  ok(await app.call('POST', '/chatgroups', { groupname: 'g', desc: 'd', public: true, owner: 'ann' }))
  const created = { name: 'r', description: 'd', maxusers: 50, owner: 'ann' }
  const room = ok(await app.call('POST', '/chatrooms', created)).json.data.id
  const bob = await login(t, app, 'bob')
  await bob.joinRoom(room)
  await listener.heard(2)
  await bob.leaveRoom(room)
  const told = await bodies(listener, 3)
  assert.deepEqual(
    told.map(({ type, operation, operator, payload }) => [type, operation, operator, payload.type]),
    [
      ['CHATROOM', 'CREATE', '@ppAdmin', undefined],
      ['CHATROOM', 'JOIN', 'bob', 'DIRECT'],
      ['CHATROOM', 'LEAVE', 'bob', 'QUIT'],
    ],
  )
})

test('what happens between contacts is told once', async t => {
  const { app, listener } = await stage(t, ['contact'])
  ok(await app.call('POST', '/users/ann/contacts/users/bob'))
  await listener.heard(1)
  ok(await app.call('POST', '/users/ann/blocks/users', { usernames: ['bob'] }))
  await listener.heard(2)
  ok(await app.call('DELETE', '/users/ann/blocks/users/bob'))
  await listener.heard(3)
  ok(await app.call('DELETE', '/users/ann/contacts/users/bob'))
  const told = await bodies(listener, 4)
  const from = `${app.org}#${app.app}_ann@easemob.com`
  assert.deepEqual(
    told.map(body => [body.payload.operation, body.from, body.to, body.chat_type]),
    ['accept', 'ban', 'allow', 'remove'].map(operation => [operation, from, 'bob', 'roster']),
  )
})

test('a rule that names no such event hears of messages only', async t => {
  const listener = await CallbackServer.start(t)
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  await app.change({ callbacks: [{ name: 'tell', secret, url: listener.url }] })
  await login(t, app, 'ann')
  ok(await app.call('POST', '/users/ann/contacts/users/bob'))
  ok(await app.call('POST', '/chatgroups', { groupname: 'g', desc: 'd', public: true, owner: 'ann' }))
  await app.send(['bob'])
  assert.equal((await bodies(listener, 1))[0].eventType, 'chat')
  assert.equal(listener.told.length, 1)
})

test('what the app’s server does not take comes again under the same id', async t => {
  const { app, listener } = await stage(t, ['contact'])
  listener.answer = answerWith({}, 503)
  ok(await app.call('POST', '/users/ann/contacts/users/bob'))
  await listener.heard(3)
  listener.answer = answerWith({})
  const tries = await bodies(listener, 4)
  assert.equal(new Set(tries.map(({ callId }) => callId)).size, 1)
  assert.deepEqual(new Set(tries.map(({ payload }) => payload.operation)), new Set(['accept']))
})
