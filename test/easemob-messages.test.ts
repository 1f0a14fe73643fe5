// Sending: who gets what, and what the answer says of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ok } from './easemob-caller.ts'
import { send } from './http-client.ts'
import { makeMessagingApp, text } from './messaging.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()

test('a message to users is answered in the older form, each receiver by name, as the vendor orders the members', async () => {
  const app = await makeMessagingApp(server(), 'bob', 'carol')
  const answer = ok(
    await app.call('POST', '/messages', {
      target_type: 'users',
      target: ['bob', 'Carol'],
      msg: { type: 'txt', msg: 'hello' },
      from: 'alice',
    }),
  )
  const { timestamp, duration } = answer.json
  assert.equal(
    answer.text,
    `{"action":"post","application":"${app.uuid}","path":"/messages","uri":"${app.url}/messages","entities":[],` +
      `"data":{"bob":"success","Carol":"success"},"timestamp":${timestamp},"duration":${duration},` +
      `"organization":"acme","applicationName":"${app.app}"}`,
  )
  assert.deepEqual(await app.waiting('bob'), [1])
  assert.deepEqual(await app.waiting('carol'), [1])
})

test('the older form answers message ids when asked to', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  const body = { target_type: 'users', target: ['bob'], msg: { type: 'cmd', action: 'refresh' } }
  const { json } = ok(await app.call('POST', '/messages?useMsgId=true', body))
  assert.match(json.data.bob, /^[1-9]\d{14,15}$/)
  assert.deepEqual(json.params, { useMsgId: ['true'] })
  assert.equal(await app.statusOf('bob', json.data.bob), 'undelivered')
})

test('a message to users is answered in the newer form with an id for each receiver, increasing in time', async () => {
  const app = await makeMessagingApp(server(), 'bob', 'carol')
  const answer = ok(await app.call('POST', '/messages/users', { to: ['bob', 'carol'], ...text }))
  const { timestamp, duration, data } = answer.json
  assert.equal(
    answer.text,
    `{"path":"/messages/users","uri":"${app.url}/messages/users","timestamp":${timestamp},"organization":"acme",` +
      `"application":"${app.uuid}","action":"post","data":{"bob":"${data.bob}","carol":"${data.carol}"},` +
      `"duration":${duration},"applicationName":"${app.app}"}`,
  )
  const later = await app.send(['bob'])
  const ids = [data.bob, data.carol, later.bob].map(Number)
  assert.ok(ids.every(Number.isSafeInteger))
  assert.deepEqual(
    ids.toSorted((a, b) => a - b),
    ids,
  )
  assert.equal(new Set(ids).size, 3)
})

test('every type of message is kept as it was sent, in both forms', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  const contents = [
    { type: 'txt', msg: 'hello 👋🏽\u202e\u0000' },
    { type: 'img', url: 'https://files.test/1', filename: 'a.jpg', size: { width: 480, height: 720 } },
    { type: 'loc', lat: '39.966', lng: 116.322, addr: '北京' },
    { type: 'audio', url: 'https://files.test/2', filename: 'a.amr', length: 10, secret: 's' },
    { type: 'video', url: 'https://files.test/3', thumb: 'https://files.test/4', length: 0 },
    { type: 'file', url: 'https://files.test/5', filename: 'a.txt' },
    { type: 'cmd', action: 'refresh' },
    { type: 'custom', customEvent: 'gift', customExts: { name: 'flower' } },
  ]
  for (const msg of contents) {
    ok(await app.call('POST', '/messages', { target_type: 'users', target: ['bob'], msg }))
    const { type, ...body } = msg
    await app.send(['bob'], { type, body })
  }
  const kept = await app.history()
  assert.deepEqual(
    kept.map(({ payload }) => payload.bodies),
    contents.flatMap(content => [[content], [content]]),
  )
})

test('where some receivers exist, data says of the others that they were not found', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  const data = await app.send(['ghost', 'bob'])
  assert.equal(data.ghost, 'Service resource not found')
  assert.match(data.bob!, /^\d+$/)
  const older = { target_type: 'users', target: ['bob', 'ghost'], msg: { type: 'txt', msg: 'hi' } }
  assert.deepEqual(ok(await app.call('POST', '/messages', older)).json.data, {
    bob: 'success',
    ghost: 'Service resource not found',
  })
  assert.equal((await app.history()).length, 2)
})

test('where none exists nothing is kept, and the same name can receive once it is registered', async () => {
  const app = await makeMessagingApp(server(), 'alice')
  assert.equal((await app.call('POST', '/messages/users', { to: ['bob', 'carol'], ...text })).status, 404)
  assert.equal((await app.history()).length, 0)
  await app.register('bob')
  assert.match((await app.send(['bob'])).bob!, /^\d+$/)
})

test('a sender that registers between two of its messages has the conversation on its list from then on', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  await app.send(['bob'], { ...text, from: 'dora' })
  await app.register('dora')
  const list = async () =>
    ok(await app.call('GET', '/sdk/user/dora/user_channels/list?limit=10')).json.data.channel_infos
  assert.equal((await list()).length, 0)
  await app.send(['bob'], { ...text, from: 'dora' })
  assert.equal((await list()).length, 1)
})

test('the live edition does not look whether a receiver exists', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  await app.change({ edition: 'live' })
  const data = await app.send(['ghost', 'bob'])
  assert.match(data.ghost!, /^\d+$/)
  const older = { target_type: 'chatgroups', target: ['12345'], msg: { type: 'txt', msg: 'hi' } }
  assert.deepEqual(ok(await app.call('POST', '/messages', older)).json.data, { 12345: 'success' })
  assert.deepEqual(
    (await app.history()).map(({ to }) => to),
    ['bob'],
  )
})

test('names that mean something to JavaScript are ordinary receivers', async () => {
  const names = ['__proto__', 'constructor', 'hasownproperty', 'tostring']
  const app = await makeMessagingApp(server(), ...names)
  const answer = ok(await app.call('POST', '/messages/users', { to: names, ...text }))
  assert.deepEqual(
    Object.entries(JSON.parse(answer.text).data).map(([name, id]) => [name, /^\d+$/.test(String(id))]),
    names.map(name => [name, true]),
  )
  const count = ok(await app.call('GET', '/users/__proto__/offline_msg_count'))
  assert.match(count.text, /"data":\{"__proto__":1\}/)
})

test('a receiver named twice, in whatever case, gets the message once', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  const data = await app.send(['bob', 'BOB', 'bob'])
  assert.deepEqual(Object.keys(data), ['bob', 'BOB'])
  assert.equal(data.bob, data.BOB)
  assert.deepEqual(await app.waiting('bob'), [1])
})

test('a group message is one record, and waits for every member but its sender', async () => {
  const app = await makeMessagingApp(server(), 'alice', 'bob', 'carol', 'dave')
  const group = { groupname: 'ops', public: true, owner: 'alice', members: ['bob', 'carol'] }
  const { groupid } = ok(await app.call('POST', '/chatgroups', group)).json.data
  const message = { from: 'Bob', to: [groupid], ...text }
  const { json } = ok(await app.call('POST', '/messages/chatgroups', message))
  assert.match(json.data[groupid], /^\d+$/)
  assert.equal(json.path, '/messages/chatgroups')
  assert.deepEqual(await app.waiting('alice', 'bob', 'carol', 'dave'), [1, 0, 1, 0])
  const [record, ...others] = await app.history()
  assert.deepEqual(others, [])
  assert.equal(record.chat_type, 'groupchat')
  assert.equal(record.to, groupid)
})

test('ids of groups may come as numbers', async () => {
  const app = await makeMessagingApp(server(), 'alice')
  const group = { groupname: 'ops', public: true, owner: 'alice' }
  const { groupid } = ok(await app.call('POST', '/chatgroups', group)).json.data
  const message = { to: [Number(groupid)], ...text }
  const { data } = ok(await app.call('POST', '/messages/chatgroups', message)).json
  assert.deepEqual(Object.keys(data), [groupid])
})

test('a message to some members of a group waits for those of them who are members', async () => {
  const app = await makeMessagingApp(server(), 'alice', 'bob', 'carol', 'dave')
  const group = { groupname: 'ops', public: true, owner: 'alice', members: ['bob', 'carol'] }
  const { groupid } = ok(await app.call('POST', '/chatgroups', group)).json.data
  const message = { to: [groupid], users: ['Bob', 'bob', 'dave', 'ghost'], ...text }
  const { json } = ok(await app.call('POST', '/messages/chatgroups/users', message))
  assert.match(json.data[groupid], /^\d+$/)
  assert.deepEqual(await app.waiting('alice', 'bob', 'carol', 'dave'), [0, 1, 0, 0])
})

test('a message to a chat room is recorded and waits for nobody', async () => {
  const app = await makeMessagingApp(server(), 'alice', 'bob')
  const room = { name: 'hall', owner: 'alice', members: ['bob'] }
  const { id } = ok(await app.call('POST', '/chatrooms', room)).json.data
  for (const [path, more] of [
    ['/messages/chatrooms', {}],
    ['/messages/chatrooms/users', { users: ['bob'] }],
  ] as const)
    assert.match(ok(await app.call('POST', path, { to: [id], ...text, ...more })).json.data[id], /^\d+$/)
  assert.deepEqual(await app.waiting('bob'), [0])
  assert.deepEqual(
    (await app.history()).map(({ chat_type }) => chat_type),
    ['chatroom', 'chatroom'],
  )
})

test('a room is no group, and a group of another app is unknown', async () => {
  const [app, other] = [await makeMessagingApp(server(), 'alice'), await makeMessagingApp(server(), 'alice')]
  const { id } = ok(await app.call('POST', '/chatrooms', { name: 'hall', owner: 'alice' })).json.data
  const group = { groupname: 'ops', public: true, owner: 'alice' }
  const { groupid } = ok(await other.call('POST', '/chatgroups', group)).json.data
  for (const target of [id, groupid])
    assert.equal((await app.call('POST', '/messages/chatgroups', { to: [target], ...text })).status, 404)
})

test('a message for those who are online only is recorded and waits for nobody', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  const { bob } = await app.send(['bob'], { routetype: 'ROUTE_ONLINE', sync_device: true })
  assert.deepEqual(await app.waiting('bob'), [0])
  assert.equal(await app.statusOf('bob', bob!), 'delivered')
  assert.equal((await app.history()).length, 1)
})

test('the sender is admin unless the message says otherwise, and need not be a user', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  await app.send(['bob'])
  await app.send(['bob'], { from: '客服' })
  assert.deepEqual(
    (await app.history()).map(({ from, payload }) => [from, payload.from, payload.to]),
    [
      ['admin', 'admin', 'bob'],
      ['客服', '客服', 'bob'],
    ],
  )
})

test('a message waits for its receiver and for nobody else; what was never sent counts as delivered', async () => {
  const app = await makeMessagingApp(server(), 'bob', 'carol')
  const { bob } = await app.send(['bob'])
  const answer = ok(await app.call('GET', `/users/BOB/offline_msg_status/${bob}`))
  const { timestamp, duration } = answer.json
  assert.equal(
    answer.text,
    `{"action":"get","uri":"${app.url}/users/BOB/offline_msg_status/${bob}","entities":[],` +
      `"data":{"${bob}":"undelivered"},"timestamp":${timestamp},"duration":${duration},"count":0}`,
  )
  assert.equal(await app.statusOf('carol', bob!), 'delivered')
  for (const id of ['1', '0', '-1', 'x', '99999999999999999999'])
    assert.equal(await app.statusOf('bob', id), 'delivered')
})

test('a deleted user leaves no messages to the next of the same name', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  await app.send(['bob'])
  ok(await app.call('DELETE', '/users/bob'))
  assert.equal((await app.call('GET', '/users/bob/offline_msg_count')).status, 404)
  assert.equal((await app.call('POST', '/messages/users', { to: ['bob'], ...text })).status, 404)
  await app.register('bob')
  assert.deepEqual(await app.waiting('bob'), [0])
  await app.send(['bob'])
  assert.deepEqual(await app.waiting('bob'), [1])
})

test('what is wrong with a message is not told to a caller without a token', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  for (const path of ['/messages', '/messages/users', '/messages/chatgroups', '/messages/chatrooms/users'])
    assert.equal((await app.open('POST', path, {})).json.error, 'unauthorized', path)
})

const anything = [
  '1',
  'true',
  'null',
  '"x"',
  '""',
  '[]',
  '{}',
  '[null]',
  '[{}]',
  '[[]]',
  '12345678901234567890',
]

test('a member of the wrong type is refused, whatever type it has', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  const rights: Record<string, Record<string, string>> = {
    '/messages/users': { from: '"a"', to: '["bob"]', type: '"txt"', body: '{"msg":"hi"}', ext: '{}' },
    '/messages': {
      from: '"a"',
      target_type: '"users"',
      target: '["bob"]',
      msg: '{"type":"txt","msg":"hi"}',
      ext: '{}',
    },
  }
  const headers = { Authorization: `Bearer ${app.token}` }
  for (const [path, right] of Object.entries(rights)) {
    const sendWith = (members: Record<string, string>) => {
      const body = Object.entries({ ...right, ...members }).map(([name, value]) => `"${name}":${value}`)
      return send(app.url + path, { headers, body: `{${body.join()}}` })
    }
    ok(await sendWith({}))
    for (const name of Object.keys(right)) {
      for (const value of anything) {
        if (name === 'ext' && value === '{}') continue
        if (name === 'from' && value === '"x"') continue
        assert.equal((await sendWith({ [name]: value })).status, 400, `${path} ${name}: ${value}`)
      }
    }
  }
  assert.deepEqual(await app.waiting('bob'), [2])
})
