// Devices register, change what they said of themselves, and go.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, makeDevice } from './devices.ts'
import { basic, send } from './http-client.ts'
import { makeJpushApp } from './jpush-client.ts'
import { MqttDevice } from './mqtt-device.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()

function register(appKey: string, body: object | string) {
  return send(`${server().http}/device/v1/registrations`, {
    method: 'POST',
    headers: { Authorization: basic(appKey, '') },
    body,
  })
}

function change(access: { rid: string; password: string }, body: object) {
  return send(`${server().http}/device/v1/registrations/${access.rid}`, {
    method: 'PUT',
    headers: { Authorization: basic(access.rid, access.password) },
    body,
  })
}

test('a registration is answered with an id of 19 hex digits and a password in hex, and nothing else', async () => {
  const { app_key } = server().demo
  const [one, other] = await Promise.all([
    register(app_key, { platform: 'android' }),
    register(app_key, { platform: 'android' }),
  ])
  assert.equal(one.status, 200)
  assert.deepEqual(Object.keys(one.json), ['registration_id', 'password'])
  assert.match(one.json.registration_id, /^[0-9a-f]{19}$/)
  assert.match(one.json.password, /^[0-9a-f]{48}$/)
  assert.notEqual(one.json.registration_id, other.json.registration_id)
  assert.notEqual(one.json.password, other.json.password)
})

test('what a device registers with is what app servers see', async () => {
  const app = await makeJpushApp(server())
  const { rid } = await makeDevice(server(), app, { platform: 'ios', alias: '安', tags: ['b', 'a', 'a'] })
  assert.deepEqual(await app.ok('GET', `/v3/devices/${rid}`), { tags: ['a', 'b'], alias: '安', mobile: '' })
})

test('a device changes what it names; the rest stays', async () => {
  const app = await makeJpushApp(server())
  const access = await makeDevice(server(), app, { alias: 'ann', tags: ['a', 'b'] })
  const shown = {
    registration_id: access.rid,
    platform: 'android',
    alias: 'ann',
    tags: ['a', 'b'],
    channels: {},
  }
  const steps: [object, object][] = [
    [{}, shown],
    [{ tags: { add: ['c'], remove: ['a', 'x'] } }, { ...shown, tags: ['b', 'c'] }],
    [{ tags: { add: ['b'], remove: ['b'] } }, { ...shown, tags: ['b', 'c'] }],
    [{ tags: [] }, { ...shown, tags: [] }],
    [
      { alias: '', tags: null },
      { ...shown, tags: [], alias: '' },
    ],
    [{ platform: 'hmos' }, { ...shown, tags: [], alias: '', platform: 'hmos' }],
    [
      { channels: { huawei: { token: 'aToken' } } },
      { ...shown, tags: [], alias: '', platform: 'hmos', channels: { huawei: { token: 'aToken' } } },
    ],
  ]
  for (const [body, expected] of steps) {
    const { status, json } = await change(access, body)
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual(json, expected)
  }
})

test('what is malformed is refused and changes nothing', async () => {
  const app = await makeJpushApp(server())
  const access = await makeDevice(server(), app, { alias: 'ann', tags: ['a'] })
  const malformed = [
    { platform: 'symbian' },
    { platform: 1 },
    { alias: 7 },
    { alias: 'x'.repeat(41) },
    { alias: 'white space' },
    { tags: 'a' },
    { tags: ['a', ''] },
    { tags: [1] },
    { tags: ['字'.repeat(14)] },
    { tags: { add: ['a'], drop: [] } },
    { tags: { add: 'a' } },
    { channels: [] },
    { channels: 'fcm' },
    { mobile: '1' },
    { alias: 'new', tags: ['-'] },
    { alias: 'new', tags: Array.from({ length: 1_001 }, (_, index) => `t${index}`) },
  ]
  for (const body of malformed) {
    const { status, json } = await change(access, body)
    assert.equal(status, 400, JSON.stringify(body))
    assert.equal(json.error.id, 'device_parameter_invalid')
  }
  assert.deepEqual(await app.ok('GET', `/v3/devices/${access.rid}`), {
    tags: ['a'],
    alias: 'ann',
    mobile: '',
  })
})

test('a thousand tags in several steps fit, one more does not', async () => {
  const access = await makeDevice(server(), server().demo)
  const tags = (from: number) => ({
    tags: { add: Array.from({ length: 500 }, (_, index) => `t${from + index}`) },
  })
  assert.equal((await change(access, tags(0))).status, 200)
  assert.equal((await change(access, tags(500))).status, 200)
  assert.equal((await change(access, { tags: { add: ['one more'.replace(' ', '_')] } })).status, 400)
})

test('what is wrong with a body is told only to those who may call', async () => {
  for (const body of ['{"platform"', '[]', '{"platform":"symbian"}', { platform: 'symbian' }])
    assert.equal((await register('nobody', body)).status, 401, JSON.stringify(body))
  assert.equal((await register(server().demo.app_key, '{"platform"')).json.error.id, 'json_malformed')
  assert.equal((await register(server().demo.app_key, '[]')).json.error.id, 'body_not_object')
})

test('a deleted registration is gone: for itself, for reports, for pushes', async () => {
  const app = await makeJpushApp(server())
  const access = await makeDevice(server(), app, { tags: ['a'] })
  const remove = () =>
    send(`${server().http}/device/v1/registrations/${access.rid}`, {
      method: 'DELETE',
      headers: { Authorization: basic(access.rid, access.password) },
    })
  const { status, json } = await remove()
  assert.deepEqual([status, json], [200, {}])
  assert.equal((await remove()).json.error.id, 'device_credentials_wrong')
  assert.equal((await app.call('GET', `/v3/devices/${access.rid}`)).json.error.code, 7002)
  assert.deepEqual(await app.ok('GET', '/v3/tags'), { tags: [] })
})

test('a device that becomes another platform’s is sent away and comes back as that', async t => {
  const app = await makeJpushApp(server())
  const access = await makeDevice(server(), app, { platform: 'android' })
  const device = await MqttDevice.connect(t, server(), access, { appKey: app.app_key, reconnectMs: 50 })
  const reconnected = new Promise(resolve => device.client.once('connect', resolve))
  await change(access, { platform: 'ios' })
  await reconnected
  const msgId = await app.push({ platform: ['ios'], audience: 'all', message: { msg_content: 'x' } })
  assert.equal((await device.next()).msg_id, msgId)
  const [row] = await eventually(
    () => app.ok('GET', `/v3/received/detail?msg_ids=${msgId}`),
    ([each]) => each.ios_msg_received !== null,
  )
  assert.equal(row.ios_msg_received, 1)
})

test('methods that registrations do not offer answer 405 with those they do', async () => {
  const answer = await send(`${server().http}/device/v1/registrations`, { method: 'GET' })
  assert.deepEqual([answer.status, answer.headers.allow], [405, 'POST'])
})
