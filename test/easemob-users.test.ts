// One user at a time: reading, passwords, settings, deletion, states.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeEasemobApp, ok } from './easemob-caller.ts'
import type { Received } from './http-client.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()
const reason = ({ status, json }: Received) => `${status} ${json.error_description}`

test('a user is read by name in any letter case and by uuid', async () => {
  const { call, register, url } = await makeEasemobApp(server())
  await register('alice')
  const byName = ok(await call('GET', '/users/ALICE')).json
  const [{ uuid }] = byName.entities
  const byUuid = ok(await call('GET', `/users/${uuid}`)).json
  assert.deepEqual(byUuid.entities, byName.entities)
  for (const { uri, path, count } of [byName, byUuid])
    assert.deepEqual([uri, path, count], [`${url}/users/alice`, '/users', 1])
  const percent = ok(await call('GET', '/users/%61lice')).json
  assert.deepEqual(percent.entities, byName.entities)
  for (const path of [
    '/users/ghost',
    '/users/a%2Fb',
    '/users/7a1e0c5a-4b2d-11e4-8d0f-95c3e1a7b201',
    '/users/%20',
  ])
    assert.equal(reason(await call('GET', path)), '404 Service resource not found', path)
})

test('the app changes a password without the old one, the user only with it', async () => {
  const app = await makeEasemobApp(server())
  await app.register('alice')
  const path = '/users/alice/password'
  const changed = ok(await app.call('PUT', path, { newpassword: 'two', oldpassword: 'wrong' }))
  assert.deepEqual(Object.keys(changed.json), ['action', 'timestamp', 'duration'])
  assert.equal(changed.json.action, 'set user password')
  assert.equal(
    (await app.open('POST', '/token', { grant_type: 'password', username: 'alice', password: 'pw' })).status,
    400,
  )
  const alice = app.as(await app.login('alice', 'two'))
  assert.equal(reason(await alice('PUT', path, { newpassword: 'three' })), '400 oldPassword is required')
  assert.equal(
    reason(await alice('PUT', path, { newpassword: 'three', oldpassword: 'pw' })),
    '400 invalid username or password',
  )
  ok(await alice('POST', path, { newpassword: 3, oldpassword: 'two' }))
  assert.equal(typeof (await app.login('alice', '3')), 'string')
  assert.equal((await app.open('PUT', path, { newpassword: 'x' })).status, 401)
})

test('a password change needs newpassword spelt so, whoever the user is', async () => {
  const { call, register } = await makeEasemobApp(server())
  await register('alice')
  for (const body of [
    undefined,
    {},
    { newPassword: 'x' },
    { newpassword: '' },
    { newpassword: null },
    { newpassword: {} },
  ])
    for (const user of ['alice', 'nosuch'])
      assert.equal(reason(await call('PUT', `/users/${user}/password`, body)), '400 newpassword is required')
  assert.equal(
    reason(await call('PUT', '/users/nosuch/password', { newpassword: 'x' })),
    '404 User null not found',
  )
  assert.equal(
    reason(await call('PUT', '/users/nosuch/password', { newpassword: 'x'.repeat(65) })),
    '400 PASSWORD_TOO_LONG',
  )
})

test('of two changes of one’s own password with the same old one, one is refused', async () => {
  const app = await makeEasemobApp(server())
  await app.register('alice')
  const alice = app.as(await app.login('alice'))
  const change = (newpassword: string) =>
    alice('PUT', '/users/alice/password', { newpassword, oldpassword: 'pw' })
  const answers = await Promise.all([change('x'), change('y')])
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
})

test('nickname and notification settings are changed, shown and taken back', async () => {
  const { call, register } = await makeEasemobApp(server())
  await register('alice')
  const put = async (body: object) => ok(await call('PUT', '/users/alice', body)).json.entities[0]
  const set = await put({
    nickname: 'Ali',
    notification_display_style: '1',
    notification_no_disturbing: true,
    notification_no_disturbing_start: '22',
    notification_no_disturbing_end: 7,
    notification_ignore_8000: true,
  })
  assert.deepEqual(Object.keys(set).slice(5), [
    'activated',
    'nickname',
    'notification_display_style',
    'notification_no_disturbing',
    'notification_no_disturbing_start',
    'notification_no_disturbing_end',
    'notification_ignore_8000',
  ])
  assert.deepEqual(
    [set.notification_display_style, set.notification_no_disturbing_start, set.notification_ignore_8000],
    [1, 22, true],
  )
  assert.ok(set.modified >= set.created)
  assert.deepEqual(ok(await call('GET', '/users/alice')).json.entities[0], set)
  const after = await put({
    nickname: null,
    notification_ignore_8000: '',
    notification_no_disturbing: 'false',
  })
  assert.deepEqual(
    [after.nickname, after.notification_ignore_8000, after.notification_no_disturbing],
    [undefined, undefined, false],
  )
})

test('what an edit may not change stays, and what it does not know is dropped', async () => {
  const app = await makeEasemobApp(server())
  await app.register('alice')
  const [before] = ok(await app.call('GET', '/users/alice')).json.entities
  const body = {
    username: 'mallory',
    uuid: 'x',
    type: 'admin',
    created: 1,
    activated: false,
    password: 'new',
    pin: 'new',
    city: 'x',
    notification_else: 1,
    __proto__x: 1,
  }
  const [after] = ok(await app.call('PUT', '/users/alice', body)).json.entities
  assert.deepEqual({ ...after, modified: 0 }, { ...before, modified: 0 })
  assert.equal(typeof (await app.login('alice')), 'string')
})

test('an edit with a value that is none is refused', async () => {
  const { call, register } = await makeEasemobApp(server())
  await register('alice')
  const wrong: readonly object[] = [
    { nickname: {} },
    { nickname: true },
    { notification_display_style: 2 },
    { notification_display_style: 'on' },
    { notification_no_disturbing: 'yes' },
    { notification_no_disturbing_start: 24 },
    { notification_no_disturbing_end: -1 },
    { notification_no_disturbing_end: 1.5 },
    { notification_ignore_1: 1 },
    [],
  ]
  for (const body of wrong)
    assert.equal(reason(await call('PUT', '/users/alice', body)), '400 this is an invalid request.')
  assert.equal(
    reason(await call('PUT', '/users/alice', { nickname: 'x'.repeat(101) })),
    '400 NICKNAME_TOO_LONG',
  )
  assert.equal(reason(await call('PUT', '/users/ghost', { nickname: 'x' })), '404 Service resource not found')
})

test('several nicknames change in one call, all or none', async () => {
  const { call, register } = await makeEasemobApp(server())
  await register('a', 'b')
  const put = (...list: unknown[]) => call('PUT', '/push/nickname', list)
  const done = ok(await put({ username: 'A', nickname: 'Ann' }, { username: 'b', nickname: '' }))
  assert.deepEqual(done.json.data, [
    { username: 'a', nickname: 'Ann' },
    { username: 'b', nickname: '' },
  ])
  const ghost = await put({ username: 'a', nickname: 'X' }, { username: 'ghost', nickname: 'Y' })
  assert.equal(ghost.status, 404)
  assert.equal((await call('GET', '/users/a')).json.entities[0].nickname, 'Ann')
  assert.equal((await put({ username: 'a' })).status, 400)
})

test('a deleted user is shown once more, gone, and its name is free', async () => {
  const app = await makeEasemobApp(server())
  await app.register('alice')
  const [before] = ok(await app.call('GET', '/users/alice')).json.entities
  const deleted = ok(await app.call('DELETE', '/users/Alice')).json
  assert.deepEqual([deleted.entities, deleted.uri], [[before], `${app.url}/users`])
  assert.equal((await app.call('GET', '/users/alice')).status, 404)
  assert.equal((await app.call('DELETE', '/users/alice')).status, 404)
  await app.register('alice')
  const [after] = ok(await app.call('GET', '/users/alice')).json.entities
  assert.notEqual(after.uuid, before.uuid)
  ok(await app.call('DELETE', `/users/${after.uuid}`))
})

test('with a user go the groups and rooms it owns, and its place in all others', async () => {
  const app = await makeEasemobApp(server())
  await app.register('alice', 'bob', 'carol')
  const make = async (path: string, owner: string, members: string[]) => {
    const body = { groupname: 'g', name: 'r', description: 'd', public: true, maxusers: 10, owner, members }
    const { data } = ok(await app.call('POST', path, body)).json
    return `${path}/${data.groupid ?? data.id}`
  }
  const owned = [
    await make('/chatgroups', 'alice', ['bob']),
    await make('/chatrooms', 'alice', ['bob']),
    await make('/chatgroups', 'carol', []),
  ]
  const others = [await make('/chatgroups', 'bob', ['alice']), await make('/chatrooms', 'bob', ['carol'])]
  ok(await app.call('DELETE', '/users/alice'))
  ok(await app.call('DELETE', `/users?ql=${encodeURIComponent("username = 'carol'")}`))
  for (const path of owned) assert.equal((await app.call('GET', path)).status, 404, path)
  for (const path of others) {
    const { data } = ok(await app.call('GET', path)).json
    assert.equal(data[0].affiliations_count, 1, path)
    assert.deepEqual(data[0].affiliations, [{ owner: 'bob' }])
  }
  await app.register('alice')
  assert.deepEqual(ok(await app.call('GET', '/users/alice/joined_chatgroups')).json.data, [])
})

test('what waited for a deleted user does not wait for the next one of the name', async () => {
  const app = await makeEasemobApp(server())
  await app.register('alice', 'bob')
  const message = { from: 'bob', to: ['alice'], type: 'txt', body: { msg: 'hi' } }
  ok(await app.call('POST', '/messages/users', message))
  const count = async () => ok(await app.call('GET', '/users/alice/offline_msg_count')).json.data.alice
  assert.equal(await count(), 1)
  ok(await app.call('DELETE', '/users/alice'))
  assert.equal((await app.call('POST', '/messages/users', message)).status, 404)
  await app.register('alice')
  assert.equal(await count(), 0)
  ok(await app.call('POST', '/messages/users', message))
  assert.equal(await count(), 1)
})

test('a barred user is shown as such and can be barred twice; lifting the bar lets it in', async () => {
  const app = await makeEasemobApp(server())
  await app.register('alice')
  for (let times = 0; times < 2; times++) {
    const { action, entities, ...rest } = ok(await app.call('POST', '/users/alice/deactivate')).json
    assert.deepEqual([action, entities[0].activated], ['Deactivate user', false])
    assert.deepEqual(Object.keys(rest), ['timestamp', 'duration'])
  }
  assert.equal(ok(await app.call('GET', '/users/alice')).json.entities[0].activated, false)
  const grant = { grant_type: 'password', username: 'alice', password: 'no' }
  assert.equal(reason(await app.open('POST', '/token', grant)), '400 invalid username or password')
  for (let times = 0; times < 2; times++) {
    const { json } = ok(await app.call('POST', '/users/alice/activate'))
    assert.deepEqual(Object.keys(json), ['action', 'timestamp', 'duration'])
  }
  assert.equal(typeof (await app.login('alice')), 'string')
  for (const verb of ['activate', 'deactivate'])
    assert.equal((await app.call('POST', `/users/ghost/${verb}`)).status, 404)
})

test('nobody is online: no door opens sessions for users yet', async () => {
  const { call, register, url } = await makeEasemobApp(server())
  await register('alice', '__proto__')
  const { timestamp, duration, ...status } = ok(await call('GET', '/users/Alice/status')).json
  assert.deepEqual(status, {
    action: 'get',
    uri: `${url}/users/Alice/status`,
    entities: [],
    data: { alice: 'offline' },
    count: 0,
  })
  const batch = ok(
    await call('POST', '/users/batch/status', { usernames: ['Alice', '__proto__', 'ghost'] }),
  ).text
  assert.match(
    batch,
    /^\{"action":"get batch user status","data":\[\{"alice":"offline"\},\{"__proto__":"offline"\},\{"ghost":"offline"\}\],/,
  )
  assert.deepEqual(ok(await call('GET', '/users/alice/resources')).json.data, [])
  for (const path of ['disconnect', 'disconnect/ios_1'])
    assert.deepEqual(ok(await call('GET', `/users/alice/${path}`)).json.data, { result: true })
  for (const path of ['status', 'resources', 'disconnect', 'disconnect/ios_1'])
    assert.equal((await call('GET', `/users/ghost/${path}`)).status, 404, path)
})

test('states of a list that is none are refused', async () => {
  const { call } = await makeEasemobApp(server())
  for (const body of [
    {},
    { usernames: 'alice' },
    { usernames: [] },
    { usernames: [1] },
    { usernames: [''] },
    [],
  ])
    assert.equal(reason(await call('POST', '/users/batch/status', body)), '400 this is an invalid request.')
})

test('a name that is the uuid of another user never comes between that user and its uuid', async () => {
  const app = await makeEasemobApp(server())
  await app.register('alice')
  const uuidOf = async (user: string) =>
    ok(await app.call('GET', `/users/${user}`)).json.entities[0].uuid as string
  const uuid = await uuidOf('alice')
  const shadow = ok(await app.call('POST', '/users', { username: uuid, password: 'shadow', nickname: 's' }))
    .json.entities[0]
  for (const text of [uuid, uuid.toUpperCase()])
    assert.equal(ok(await app.call('GET', `/users/${text}`)).json.entities[0].username, 'alice')
  assert.equal(ok(await app.call('GET', `/users/${shadow.uuid}`)).json.entities[0].username, uuid)
  // Neither passes for the other, whichever text it goes by.
  const login = async (username: string, password: string) => app.as(await app.login(username, password))
  const [alice, other] = [await login(uuid, 'pw'), await login(shadow.uuid, 'shadow')]
  const wrong = { grant_type: 'password', username: uuid, password: 'shadow' }
  assert.equal(reason(await app.open('POST', '/token', wrong)), '400 invalid username or password')
  assert.equal(ok(await alice('GET', `/users/${uuid}`)).json.entities[0].username, 'alice')
  for (const user of [uuid, 'alice']) assert.equal((await other('GET', `/users/${user}`)).status, 401, user)
  assert.equal(ok(await other('GET', `/users/${shadow.uuid}`)).json.entities[0].nickname, 's')
  assert.equal((await alice('GET', `/users/${shadow.uuid}`)).status, 401)
  // A query says which of the two is meant.
  const find = async (query: string) =>
    ok(await app.call('GET', `/users?ql=${encodeURIComponent(query)}`)).json.entities.map(
      (user: { uuid: string }) => user.uuid,
    )
  assert.deepEqual(await find(`username = '${uuid}'`), [shadow.uuid])
  assert.deepEqual(await find(`uuid = ${uuid}`), [uuid])
  ok(await app.call('DELETE', `/users/${uuid}`))
  assert.equal((await app.call('GET', '/users/alice')).status, 404)
  // Nobody's uuid any more: now it is a name.
  assert.equal(await uuidOf(uuid), shadow.uuid)
})
