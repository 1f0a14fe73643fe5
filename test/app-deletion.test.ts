// An app that is deleted is gone at once for everybody, its rows go after it, and nothing of it comes back.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { IDisconnectPacket } from 'mqtt'
import { eventually, makeDevice } from './devices.ts'
import { makeEasemobApp, ok } from './easemob-caller.ts'
import { basic, type Received, send } from './http-client.ts'
import { jpushApp } from './jpush-client.ts'
import { type DeviceAccess, MqttDevice } from './mqtt-device.ts'
import { connectPacket, RawDevice } from './raw-device.ts'
import { startApp, type TestApp } from './start-app.ts'
import { countRows } from './table-rows.ts'

const reason = ({ status, json }: Received) => `${status} ${json.error}`
const isEmpty = (rows: object) => Object.keys(rows).length === 0

test('with an app go its users, groups, messages, devices, pushes and results, and no row stays', async t => {
  const server = await startApp(t)
  const app = await makeFullApp(t, server)
  const full = countRows(server.dataDir)
  for (const table of [
    ...['broadcast_receipts', 'device_tags', 'devices', 'group_counts', 'group_members', 'groups'],
    ...['idempotency', 'inbox', 'messages', 'push_counts', 'push_targets', 'pushes', 'users'],
  ])
    assert.ok(full[table], `${table} has rows`)
  await server.admin('DELETE', `/apps/${app.org}/${app.app}`)
  await eventually(async () => countRows(server.dataDir), isEmpty)
  await server.close()
  assert.deepEqual(countRows(server.dataDir), {})
})

test('the sessions of a deleted app end, and its keys, tokens and devices are dead', async t => {
  const server = await startApp(t)
  const app = await makeFullApp(t, server)
  const goodbye = new Promise<IDisconnectPacket>(resolve => app.device.client.once('disconnect', resolve))
  const closed = new Promise<void>(resolve => app.device.client.once('close', () => resolve()))
  await server.admin('DELETE', `/apps/${app.org}/${app.app}`)
  const login = { grant_type: 'password', username: 'alice', password: 'pw' }
  const refusals = async () => ({
    app: reason(await app.call('GET', '/users')),
    user: reason(await app.as(app.userToken)('GET', '/users/alice')),
    login: reason(await app.open('POST', '/token', login)),
    push: (await jpushApp(server, app).call('GET', '/v3/push/cid')).status,
    registration: (await register(server, app.app_key)).status,
  })
  const keys = { push: 401, registration: 401 }
  const unknown = '400 organization_application_not_found'
  assert.deepEqual(await refusals(), { app: unknown, user: unknown, login: unknown, ...keys })
  assert.equal((await goodbye).reasonCode, 0x98)
  await closed
  await assert.rejects(MqttDevice.connect(t, server, app.access, { appKey: app.app_key }), /Bad user|refused/)
  const { org } = app
  const anew = await server.admin('POST', '/apps', { org, app: app.app })
  assert.notEqual(anew.app_key, app.app_key)
  const dead = '401 auth_bad_access_token'
  assert.deepEqual(await refusals(), { app: dead, user: dead, login: '400 invalid_grant', ...keys })
  await assert.rejects(
    MqttDevice.connect(t, server, app.access, { appKey: anew.app_key }),
    /Bad user|refused/,
  )
})

test('an app made anew under the name of a deleted one starts empty, and may have the ids of its groups', async t => {
  const server = await startApp(t)
  const app = await makeFullApp(t, server)
  await server.admin('DELETE', `/apps/${app.org}/${app.app}`)
  // At once, whether the old rows are still there or not.
  const anew = await server.admin('POST', '/apps', { org: app.org, app: app.app })
  const { client_id, client_secret } = anew
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const call = app.as(ok(await app.open('POST', '/token', grant)).json.access_token)
  const read = async (path: string) => ok(await call('GET', path)).json
  assert.deepEqual((await read('/users')).entities, [])
  assert.deepEqual((await read('/chatgroups')).data, [])
  assert.deepEqual((await read('/chatrooms')).data, [])
  assert.deepEqual((await read('/chatmessages')).entities, [])
  const jpush = jpushApp(server, anew)
  assert.deepEqual(await jpush.ok('GET', '/v3/tags'), { tags: [] })
  assert.deepEqual(await jpush.ok('GET', `/v3/received?msg_ids=${app.pushes.join()}`), [])
  ok(await call('POST', '/users', { username: 'bob', password: 'pw' }))
  assert.equal((await read('/users/bob/offline_msg_count')).data.bob, 0)
  const groupid = ok(
    await call('POST', '/chatgroups', { groupid: app.groupId, groupname: 'g', public: true, owner: 'bob' }),
  ).json.data.groupid
  assert.equal(groupid, app.groupId)
  const left = await eventually(
    async () => countRows(server.dataDir),
    rows => rows.users === 1 && rows.group_members === 1 && !rows.deleted_apps && !rows.dissolved_groups,
  )
  assert.deepEqual(left, { users: 1, groups: 1, group_members: 1, group_counts: 1 })
  const members = (await read(`/chatgroups/${groupid}/users`)).data
  assert.deepEqual(members, [{ owner: 'bob' }])
})

test('whatever is under way while its app is deleted leaves no row and no session', async t => {
  const server = await startApp(t)
  for (let round = 0; round < 8; round++) {
    const app = await makeEasemobApp(server, { registration: 'open' })
    const access = await makeDevice(server, app)
    const jpush = jpushApp(server, app)
    const hello = { platform: 'all', audience: 'all', notification: { alert: 'hi' } }
    const connecting = Array.from({ length: 4 }, () => connectUntilClosed(t, server, app.app_key, access))
    const calls = Array.from({ length: 6 }, (_, index) => [
      app.open('POST', '/users', { username: `user-${index}`, password: 'pw' }),
      jpush.call('POST', '/v3/push', hello),
      register(server, app.app_key),
      server.admin('PATCH', `/apps/${app.org}/${app.app}`, { vip: true }).catch(() => undefined),
    ])
    const deletions = [0, 1].map(() =>
      server.admin('DELETE', `/apps/${app.org}/${app.app}`).then(
        () => 'deleted',
        () => 'not found',
      ),
    )
    assert.deepEqual((await Promise.all(deletions)).sort(), ['deleted', 'not found'])
    await Promise.all(calls.flat())
    await Promise.all(connecting)
    await assert.rejects(server.admin('GET', `/apps/${app.org}/${app.app}`), /404/)
  }
  await eventually(async () => countRows(server.dataDir), isEmpty)
})

/** An app that has something of everything. */
async function makeFullApp(t: TestContext, server: TestApp) {
  const app = await makeEasemobApp(server)
  await app.register('alice', 'bob')
  const userToken = await app.login('alice')
  const group = { groupname: 'g', public: true, owner: 'alice', members: ['bob'] }
  const groupId: string = ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
  ok(await app.call('POST', '/chatrooms', { name: 'r', owner: 'alice' }))
  const message = { from: 'alice', to: ['bob'], type: 'txt', body: { msg: 'hi' } }
  ok(await app.call('POST', '/messages/users', message, { 'Idempotency-Key': 'once' }))
  const jpush = jpushApp(server, app)
  const access = await makeDevice(server, app, { alias: 'a', tags: ['x', 'y'] })
  const device = await MqttDevice.connect(t, server, access, { version: 5, appKey: app.app_key })
  const { rid: absent } = await makeDevice(server, app, { tags: ['x'] })
  const notification = { alert: 'hi' }
  const broadcast = await jpush.push({ platform: 'all', audience: 'all', notification })
  const pending = await jpush.push({
    platform: 'all',
    audience: { registration_id: [absent] },
    notification,
  })
  await device.opened((await device.next()).msg_id)
  return { ...app, userToken, groupId, access, device, pushes: [broadcast, pending] }
}

function register(server: TestApp, appKey: string) {
  return send(`${server.http}/device/v1/registrations`, {
    headers: { Authorization: basic(appKey, '') },
    body: { platform: 'android' },
  })
}

/** Connects, and resolves once the server has refused the device or sent it away. */
async function connectUntilClosed(
  t: TestContext,
  server: TestApp,
  appKey: string,
  access: DeviceAccess,
): Promise<void> {
  const device = await RawDevice.open(t, server, 4)
  device.send(connectPacket(4, appKey, access))
  while ((await device.next()) !== 'closed');
}
