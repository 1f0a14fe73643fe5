// Attributes, presence and push settings of users as an app's server sees them, and what is left of them: nothing.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eventually, makeDevice } from './devices.ts'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { send } from './http-client.ts'
import { ImClient } from './im-client.ts'
import { sharedApp, startApp, type TestApp } from './start-app.ts'
import { countRows } from './table-rows.ts'

const server = sharedApp()

async function makeApp(on: TestApp = server(), settings?: object): Promise<EasemobApp> {
  const app = await makeEasemobApp(on, settings)
  await app.register('alice', 'bob', 'carol')
  return app
}

/** Without what varies. */
function still({ timestamp, duration, ...rest }: any): object {
  assert.deepEqual([typeof timestamp, typeof duration], ['number', 'number'])
  return rest
}

const remove = (app: EasemobApp, path: string, body: object) =>
  app.call('DELETE', path, body, { 'Content-Length': String(Buffer.byteLength(JSON.stringify(body))) })

test('attributes are set by form, added to, read, counted in bytes and deleted', async () => {
  const app = await makeApp()
  const token = await app.login('alice')
  const set = await send(`${app.url}/metadata/user/alice`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'nickname=%E5%B0%8F+A&ext=1%262',
  })
  assert.deepEqual(still(ok(set).json), { data: { nickname: '小 A', ext: '1&2' } })
  assert.deepEqual(Object.keys(set.json), ['timestamp', 'data', 'duration'])
  ok(await app.call('PUT', '/metadata/user/alice', { ext: '', gender: 1 }))
  const read = async () => ok(await app.call('GET', '/metadata/user/alice')).json.data
  assert.deepEqual(await read(), { nickname: '小 A', gender: '1' })
  const bytes = async () => ok(await app.call('GET', '/metadata/user/capacity')).json.data
  assert.equal(await bytes(), 'nickname'.length + 5 + 'gender'.length + 1)
  assert.equal(ok(await app.call('DELETE', '/metadata/user/alice')).json.data, true)
  assert.deepEqual([await read(), await bytes()], [{}, 0])
})

test('bytes of attributes are those of the users who are there', async () => {
  const app = await makeApp()
  for (const user of ['alice', 'bob']) ok(await app.call('PUT', `/metadata/user/${user}`, { a: '1' }))
  ok(await app.call('DELETE', '/users/alice'))
  assert.equal(ok(await app.call('GET', '/metadata/user/capacity')).json.data, 2)
})

test('presence of a user who was never there, is there, and was there', async t => {
  const app = await makeApp()
  const query = async () =>
    ok(await app.call('POST', '/users/alice/presence', { usernames: ['bob', 'ghost'] })).json
  assert.deepEqual(await query(), { result: [{ uid: 'bob', last_time: '0', ext: '', status: {} }] })
  const bob = await ImClient.login(t, app, {
    username: 'bob',
    token: await app.login('bob'),
    resource: 'android_1',
  })
  const publish = '/users/bob/presence/android_1/101'
  assert.deepEqual(ok(await app.call('POST', publish, { ext: 'busy' })).json, { result: 'ok' })
  const [here] = (await query()).result
  assert.deepEqual([here.ext, here.status], ['busy', { android_1: '101' }])
  assert.ok(Math.abs(Number(here.last_time) - Date.now() / 1_000) < 60)
  await bob.logout()
  const gone = await eventually(query, ({ result }) => result[0].status.android_1 === '0')
  assert.equal(gone.result[0].ext, 'busy')
})

test('a subscription answers how the users are and until when, is listed, and can end', async () => {
  const app = await makeApp()
  const subscribe = await app.call('POST', '/users/alice/presence/600', { usernames: ['bob', 'carol'] })
  const [bob] = ok(subscribe).json.result
  assert.ok(Math.abs(Number(bob.expiry) - Date.now() / 1_000 - 600) < 60)
  const list = async (query = '') =>
    ok(await app.call('GET', `/users/alice/presence/sublist${query}`)).json.result
  const { totalnum, sublist } = await list('?pageNum=2&pageSize=1')
  assert.deepEqual([totalnum, sublist], ['2', [{ uid: 'carol', expiry: bob.expiry }]])
  ok(await remove(app, '/users/alice/presence', { users: ['bob', 'ghost'] }))
  ok(await remove(app, '/users/alice/presence', { usernames: ['carol'] }))
  assert.deepEqual(await list(), { totalnum: '0', sublist: [] })
})

test('a subscriber who is away is told nothing later: it asks', async t => {
  const app = await makeApp()
  ok(await app.call('POST', '/users/alice/presence/600', { usernames: ['bob'] }))
  const bob = await ImClient.login(t, app, { username: 'bob', token: await app.login('bob') })
  const alice = await ImClient.login(t, app, { username: 'alice', token: await app.login('alice') })
  await alice.settle()
  assert.equal(alice.notices.all.length, 0)
  await bob.logout()
  const { json } = await alice.notices.next()
  assert.deepEqual([json.type, json.data.values[0].status], ['presence', { [bob.resource]: '0' }])
})

test('sessions that end together are told to subscribers together', async t => {
  const app = await makeApp()
  const login = async (username: string, resource: string) =>
    ImClient.login(t, app, { username, resource, token: await app.login(username) })
  await login('bob', 'phone')
  await login('bob', 'web')
  const alice = await login('alice', 'web')
  ok(await app.call('POST', '/users/alice/presence/600', { usernames: ['bob'] }))
  ok(await app.call('GET', '/users/bob/disconnect'))
  await alice.settle()
  const told = alice.notices.all.map(({ json }) => json.data.values[0].status)
  assert.deepEqual(told, [{ phone: '0', web: '0' }])
})

test('a subscription that has run out is told of no more', async t => {
  const app = await makeApp()
  ok(await app.call('POST', '/users/alice/presence/1', { usernames: ['bob'] }))
  ok(await app.call('POST', '/users/alice/presence/600', { usernames: ['carol'] }))
  const alice = await ImClient.login(t, app, { username: 'alice', token: await app.login('alice') })
  const total = async () => ok(await app.call('GET', '/users/alice/presence/sublist')).json.result.totalnum
  await eventually(total, count => count === '1')
  for (const username of ['bob', 'carol'])
    await ImClient.login(t, app, { username, token: await app.login(username) })
  assert.equal((await alice.notices.next()).json.data.values[0].uid, 'carol')
})

test('whoever is logged out or deleted by the app is seen to go', async t => {
  const app = await makeApp()
  ok(await app.call('POST', '/users/alice/presence/600', { usernames: ['bob', 'carol'] }))
  const alice = await ImClient.login(t, app, { username: 'alice', token: await app.login('alice') })
  for (const username of ['bob', 'carol']) {
    await ImClient.login(t, app, { username, token: await app.login(username), resource: 'web' })
    await alice.notices.next()
  }
  ok(await app.call('GET', '/users/bob/disconnect'))
  const kicked = (await alice.notices.next()).json.data.values[0]
  assert.deepEqual([kicked.uid, kicked.status], ['bob', { web: '0' }])
  ok(await app.call('DELETE', '/users/carol'))
  const deleted = (await alice.notices.next()).json.data.values[0]
  assert.deepEqual([deleted.uid, deleted.status], ['carol', { web: '0' }])
})

test('a setting for notifications answers in the envelope of messages, and what has run out is not set', async () => {
  const app = await makeApp()
  const path = '/users/alice/notification/chatgroup/42'
  const before = Date.now()
  const set = ok(
    await app.call('PUT', path, { type: 'AT', ignoreInterval: '21:30-08:00', ignoreDuration: 1 }),
  )
  const { data, ...envelope } = still(set.json) as any
  assert.deepEqual(envelope, {
    path: '/users',
    uri: app.url + path,
    organization: app.org,
    application: app.uuid,
    action: 'put',
    applicationName: app.app,
  })
  assert.ok(data.ignoreDuration > before)
  assert.deepEqual(
    { ...data, ignoreDuration: 0 },
    { type: 'AT', ignoreInterval: '21:30-08:00', ignoreDuration: 0 },
  )
  const left = await eventually(
    async () => ok(await app.call('GET', path)).json.data,
    value => value.ignoreDuration === undefined,
  )
  assert.deepEqual(left, { type: 'AT', ignoreInterval: '21:30-08:00' })
})

test('settings that are none are refused', async () => {
  const app = await makeApp()
  const statusOf = async (path: string, body: object) =>
    (await app.call('PUT', `/users/alice/${path}`, body)).status
  assert.equal(await statusOf('notification/user/bob', { type: 'SOME' }), 400)
  assert.equal(await statusOf('notification/user/bob', { ignoreInterval: 'all day' }), 400)
  assert.equal(await statusOf('notification/user/bob', { ignoreDuration: -1 }), 400)
  assert.equal(await statusOf('notification/user/bob', {}), 400)
  assert.equal(await statusOf('notification/room/1', { type: 'ALL' }), 400)
  assert.equal(await statusOf('push/binding', { device_id: 'a', device_token: 'b' }), 400)
})

test('a template is made, replaced, read and deleted', async () => {
  const app = await makeApp()
  const make = (content_pattern: string) =>
    app.call('POST', '/notification/template', { name: 't', title_pattern: '{0}', content_pattern })
  const first = ok(await make('a')).json.data
  assert.deepEqual(Object.keys(first), ['name', 'createAt', 'updateAt', 'title_pattern', 'content_pattern'])
  const second = ok(await make('b')).json.data
  assert.equal(second.createAt, first.createAt)
  assert.deepEqual(ok(await app.call('GET', '/notification/template/t')).json.data, second)
  ok(await app.call('DELETE', '/notification/template/t'))
  assert.equal((await app.call('GET', '/notification/template/t')).status, 404)
})

test('tokens of a vendor’s channel are kept, and the 21st device takes the place of the first', async () => {
  const app = await makeApp()
  const bind = async (device_id: string) => {
    const binding = { device_id, device_token: `token-${device_id}`, notifier_name: 'fcm' }
    return ok(await app.call('PUT', '/users/alice/push/binding', binding)).json.entities[0].pushInfo
  }
  let pushInfo: any[] = []
  for (let at = 0; at <= 20; at++) pushInfo = await bind(`d${at}`)
  assert.equal(pushInfo.length, 20)
  assert.deepEqual(pushInfo[0], { device_Id: 'd20', device_token: 'token-d20', notifier_name: 'fcm' })
})

const mine = [
  ...['user_bindings', 'notification_settings', 'notification_languages', 'push_templates'],
  ...['user_attributes', 'user_attribute_bytes', 'presences', 'presence_states', 'presence_subscriptions'],
]

/** One of everything. */
async function fill(t: TestContext, on: TestApp): Promise<EasemobApp> {
  const app = await makeApp(on)
  const { rid } = await makeDevice(on, app)
  const binding = { device_id: 'd', device_token: rid, notifier_name: 'posthouse' }
  ok(await app.call('PUT', '/users/alice/push/binding', binding))
  ok(await app.call('PUT', '/users/alice/notification/user/bob', { type: 'NONE' }))
  ok(await app.call('PUT', '/users/alice/notification/language', { translationLanguage: 'zh' }))
  ok(await app.call('PUT', '/metadata/user/alice', { nickname: 'A' }))
  const template = { name: 't', title_pattern: 'a', content_pattern: 'b' }
  ok(await app.call('POST', '/notification/template', template))
  await ImClient.login(t, app, { username: 'alice', token: await app.login('alice'), resource: 'web' })
  ok(await app.call('POST', '/users/alice/presence/web/1', { ext: 'x' }))
  ok(await app.call('POST', '/users/alice/presence/600', { usernames: ['bob'] }))
  ok(await app.call('POST', '/users/bob/presence/600', { usernames: ['alice'] }))
  const full = countRows(on.dataDir)
  for (const table of mine) assert.ok(full[table], `${table} has rows`)
  return app
}

test('a deleted user takes its settings along, and what others have subscribed of it', async t => {
  const on = await startApp(t)
  const app = await fill(t, on)
  ok(await app.call('DELETE', '/users/alice'))
  const left = countRows(on.dataDir)
  assert.deepEqual(
    mine.filter(table => left[table]),
    ['push_templates', 'user_attribute_bytes'],
  )
})

test('of a deleted app no setting of a user and no template is left', async t => {
  const on = await startApp(t)
  const app = await fill(t, on)
  await on.admin('DELETE', `/apps/${app.org}/${app.app}`)
  await eventually(
    async () => countRows(on.dataDir),
    rows => Object.keys(rows).length === 0,
  )
})

test('a device that is deregistered is bound to nobody any more', async t => {
  const on = await startApp(t)
  const app = await makeApp(on)
  const { rid, password } = await makeDevice(on, app)
  const binding = { device_id: 'd', device_token: rid, notifier_name: 'posthouse' }
  ok(await app.call('PUT', '/users/alice/push/binding', binding))
  const Authorization = `Basic ${Buffer.from(`${rid}:${password}`).toString('base64')}`
  ok(
    await send(`${on.http}/device/v1/registrations/${rid}`, { method: 'DELETE', headers: { Authorization } }),
  )
  assert.equal(countRows(on.dataDir).user_bindings, undefined)
})
