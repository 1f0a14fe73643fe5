// What waits for a device that is away, and what does not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectAsync } from 'mqtt'
import { makeDevice } from './devices.ts'
import { basic, send } from './http-client.ts'
import { type JpushApp, makeJpushApp } from './jpush-client.ts'
import { type DeviceAccess, MqttDevice } from './mqtt-device.ts'
import { sharedApp } from './start-app.ts'
import { until } from './until.ts'

const server = sharedApp()

/** An app with one device, which is away. */
async function appWithDevice(registration?: object): Promise<{ app: JpushApp; access: DeviceAccess }> {
  const app = await makeJpushApp(server())
  return { app, access: await makeDevice(server(), app, registration) }
}

function alert(text: string, rest: object = {}): object {
  return { platform: 'all', audience: 'all', notification: { alert: text }, ...rest }
}

/** What the device gets when it connects, up to and including a last push made then. */
async function takeAll(t: Parameters<typeof MqttDevice.connect>[0], app: JpushApp, access: DeviceAccess) {
  const device = await MqttDevice.connect(t, server(), access, { appKey: app.app_key })
  const last = await app.push({
    platform: 'all',
    audience: { registration_id: [access.rid] },
    notification: { alert: 'last' },
  })
  await until(async () => device.received.some(({ msg_id }) => msg_id === last))
  await device.leave()
  return device.received.map(({ notification }) => notification.alert).slice(0, -1)
}

const audiences: readonly (readonly [string, (access: DeviceAccess) => unknown])[] = [
  ['everybody', () => 'all'],
  ['chosen devices', ({ rid }) => ({ registration_id: [rid] })],
]

for (const [whom, audienceOf] of audiences) {
  test(`a push to ${whom} waits for a device that is away`, async t => {
    const { app, access } = await appWithDevice()
    await app.push(alert('waits', { audience: audienceOf(access) }))
    assert.deepEqual(await takeAll(t, app, access), ['waits'])
    assert.deepEqual(await takeAll(t, app, access), [], 'and comes once')
  })

  test(`of the pushes to ${whom} while it was away a device gets the newest five, and the others count as not delivered`, async t => {
    const { app, access } = await appWithDevice()
    const msgIds: string[] = []
    for (let count = 1; count <= 8; count++)
      msgIds.push(await app.push(alert(String(count), { audience: audienceOf(access) })))
    assert.deepEqual(await takeAll(t, app, access), ['4', '5', '6', '7', '8'])
    assert.deepEqual(await takeAll(t, app, access), [])
    const statuses = await Promise.all(
      msgIds.map(async msg_id => {
        const status = await app.ok('POST', '/v3/status/message', { msg_id, registration_ids: [access.rid] })
        return status[access.rid].status
      }),
    )
    assert.deepEqual(statuses, [1, 1, 1, 0, 0, 0, 0, 0])
  })

  test(`a push to ${whom} that is withdrawn is not delivered`, async t => {
    const { app, access } = await appWithDevice()
    const msgId = await app.push(alert('withdrawn', { audience: audienceOf(access) }))
    await app.push(alert('stays', { audience: audienceOf(access) }))
    await app.ok('DELETE', `/v3/push/${msgId}`)
    assert.deepEqual(await takeAll(t, app, access), ['stays'])
  })

  test(`a push to ${whom} that overrides another takes its place`, async t => {
    const { app, access } = await appWithDevice()
    const first = await app.push(alert('first', { audience: audienceOf(access) }))
    await app.push(alert('between', { audience: audienceOf(access) }))
    const options = { override_msg_id: first }
    await app.push(alert('second', { audience: audienceOf(access), options }))
    assert.deepEqual(await takeAll(t, app, access), ['between', 'second'])
  })

  test(`a push to ${whom} with the time to live 0 is for devices that are online`, async t => {
    const { app, access } = await appWithDevice()
    const online = await MqttDevice.connect(t, server(), await makeDevice(server(), app), {
      appKey: app.app_key,
    })
    const audience = audienceOf(access) === 'all' ? 'all' : { registration_id: [access.rid, online.rid] }
    const msgId = await app.push(alert('now', { audience, options: { time_to_live: 0 } }))
    const { expires_at, sent_at } = await online.next()
    assert.equal(expires_at, sent_at)
    assert.deepEqual(await takeAll(t, app, access), [])
    const status = await app.ok('POST', '/v3/status/message', {
      msg_id: msgId,
      registration_ids: [access.rid],
    })
    assert.deepEqual(status, { [access.rid]: { status: 1 } })
  })

  test(`a push to ${whom} is gone when its time to live is over`, async t => {
    const { app, access } = await appWithDevice()
    const before = Date.now()
    await app.push(alert('short', { audience: audienceOf(access), options: { time_to_live: 1 } }))
    await app.push(alert('long', { audience: audienceOf(access) }))
    await until(async () => Date.now() > before + 1_100)
    assert.deepEqual(await takeAll(t, app, access), ['long'])
  })
}

test('what came while the device was connected does not fall under the rule of five', async t => {
  const { app, access } = await appWithDevice()
  // Connected, but not subscribed: nothing is sent yet.
  const client = await connectAsync(server().runtime.mqtt, {
    clientId: access.rid,
    username: app.app_key,
    password: access.password,
    reconnectPeriod: 0,
  })
  const texts = Array.from({ length: 12 }, (_, index) => String(index))
  for (const text of texts) await app.push(alert(text))
  await client.endAsync()
  assert.deepEqual(await takeAll(t, app, access), texts)
})

test('a device that registers while a push to everybody lives gets it', async t => {
  const { app } = await appWithDevice()
  await app.push(alert('for newcomers too'))
  assert.deepEqual(await takeAll(t, app, await makeDevice(server(), app)), ['for newcomers too'])
})

test('an override leaves the old push to devices it is not for', async t => {
  const app = await makeJpushApp(server())
  const both = await Promise.all([makeDevice(server(), app), makeDevice(server(), app, { platform: 'ios' })])
  const first = await app.push(alert('old'))
  await app.push(alert('new', { platform: ['android'], options: { override_msg_id: first } }))
  assert.deepEqual(await takeAll(t, app, both[0]), ['new'])
  assert.deepEqual(await takeAll(t, app, both[1]), ['old'])
})

test('a device that is deleted gets nothing more and is no target', async t => {
  const { app, access } = await appWithDevice()
  const device = await MqttDevice.connect(t, server(), access, { appKey: app.app_key, version: 5 })
  const told = new Promise(resolve => device.client.once('disconnect', packet => resolve(packet.reasonCode)))
  const { status } = await send(`${server().http}/device/v1/registrations/${access.rid}`, {
    method: 'DELETE',
    headers: { Authorization: basic(access.rid, access.password) },
  })
  assert.equal(status, 200)
  assert.equal(await told, 0x98)
  const push = await app.call('POST', '/v3/push', alert('nobody'))
  assert.equal(push.json.error.code, 1011)
})
