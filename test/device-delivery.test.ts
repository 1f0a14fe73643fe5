// From the push API to a device and back to the reports.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, makeDevice } from './devices.ts'
import { basic, send } from './http-client.ts'
import { makeJpushApp } from './jpush-client.ts'
import { MqttDevice, type Way } from './mqtt-device.ts'
import { RawDevice } from './raw-device.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()
const ways: readonly (readonly [Way, 4 | 5])[] = [
  ['tcp', 4],
  ['tcp', 5],
  ['websocket', 4],
  ['websocket', 5],
]

for (const [way, version] of ways)
  test(`a push arrives over ${way} with MQTT ${version} and is counted, received and opened`, async t => {
    const app = await makeJpushApp(server())
    const access = await makeDevice(server(), app)
    const device = await MqttDevice.connect(t, server(), access, { way, version, appKey: app.app_key })
    const before = Date.now()
    const msgId = await app.push({
      platform: 'all',
      audience: 'all',
      notification: { alert: '包裹已到', android: { title: '驿站', extras: { order: 4711 } } },
      message: { msg_content: 'order:4711' },
      options: { time_to_live: 60 },
    })
    const push = await device.next()
    assert.deepEqual(push, {
      msg_id: msgId,
      notification: { alert: '包裹已到', title: '驿站', extras: { order: 4711 } },
      message: { msg_content: 'order:4711' },
      sent_at: push.sent_at,
      expires_at: push.sent_at + 60_000,
    })
    assert.ok(push.sent_at >= before && push.sent_at <= Date.now())
    await device.opened(push.msg_id)
    const [report] = await eventually(
      () => app.ok('GET', `/v3/received/detail?msg_ids=${msgId}`),
      ([row]) => row.jpush_received !== null,
    )
    assert.equal(report.jpush_received, 1)
    const status = await app.ok('POST', '/v3/status/message', {
      msg_id: msgId,
      registration_ids: [access.rid],
    })
    assert.deepEqual(status, { [access.rid]: { status: 0 } })
  })

test('each device gets what its platform is addressed with', async t => {
  const app = await makeJpushApp(server())
  const devices = await Promise.all(
    (['android', 'ios', 'web'] as const).map(async platform =>
      MqttDevice.connect(t, server(), await makeDevice(server(), app, { platform }), { appKey: app.app_key }),
    ),
  )
  await app.push({
    platform: 'all',
    audience: 'all',
    notification: { android: { alert: 'for android' }, ios: { alert: 'for ios' } },
    message: { msg_content: 'for all' },
  })
  const pushes = await Promise.all(devices.map(device => device.next()))
  assert.deepEqual(
    pushes.map(({ notification, message }) => [notification?.alert, message.msg_content]),
    [
      ['for android', 'for all'],
      ['for ios', 'for all'],
      [undefined, 'for all'],
    ],
  )
})

test('numbers of any length reach the device digit by digit', async t => {
  const app = await makeJpushApp(server())
  const access = await makeDevice(server(), app)
  const device = await RawDevice.connected(t, server(), 4, access, { appKey: app.app_key })
  await device.subscribe(access.rid)
  const body =
    '{"platform":"all","audience":"all","message":{"msg_content":"x","extras":{"id":12345678901234567890}}}'
  await app.ok('POST', '/v3/push', body)
  const push = await device.next()
  assert.ok(push !== 'closed' && push.cmd === 'publish')
  assert.match(push.payload.toString(), /"id":12345678901234567890/)
})

test('a push to chosen devices reaches those and no others', async t => {
  const app = await makeJpushApp(server())
  const [chosen, tagged, other] = await Promise.all(
    [{}, { tags: ['vip'] }, {}].map(async registration =>
      MqttDevice.connect(t, server(), await makeDevice(server(), app, registration), { appKey: app.app_key }),
    ),
  )
  const first = await app.push({
    platform: 'all',
    audience: { registration_id: [chosen!.rid] },
    notification: { alert: '1' },
  })
  const second = await app.push({ platform: 'all', audience: { tag: ['vip'] }, notification: { alert: '2' } })
  const third = await app.push({ platform: 'all', audience: 'all', notification: { alert: '3' } })
  await Promise.all([chosen!.count(2), tagged!.count(2), other!.count(1)])
  const idsOf = (device: MqttDevice) => device.received.map(({ msg_id }) => msg_id)
  assert.deepEqual(idsOf(chosen!), [first, third])
  assert.deepEqual(idsOf(tagged!), [second, third])
  assert.deepEqual(idsOf(other!), [third])
})

test('what a device changes of itself decides what it gets', async t => {
  const app = await makeJpushApp(server())
  const access = await makeDevice(server(), app, { tags: ['old'] })
  const device = await MqttDevice.connect(t, server(), access, { appKey: app.app_key })
  await send(`${server().http}/device/v1/registrations/${access.rid}`, {
    method: 'PUT',
    headers: { Authorization: basic(access.rid, access.password) },
    body: { tags: ['new'], alias: 'ann' },
  })
  const toOld = await app.call('POST', '/v3/push', {
    platform: 'all',
    audience: { tag: ['old'] },
    notification: { alert: '0' },
  })
  assert.equal(toOld.json.error.code, 1011)
  const byTag = await app.push({ platform: 'all', audience: { tag: ['new'] }, notification: { alert: '1' } })
  const byAlias = await app.push({
    platform: 'all',
    audience: { alias: ['ann'] },
    notification: { alert: '2' },
  })
  await device.count(2)
  assert.deepEqual(
    device.received.map(({ msg_id }) => msg_id),
    [byTag, byAlias],
  )
})

test('pushes come in the order in which they were accepted', async t => {
  const app = await makeJpushApp(server())
  const access = await makeDevice(server(), app)
  const device = await MqttDevice.connect(t, server(), access, { appKey: app.app_key })
  const accepted: string[] = []
  for (let count = 0; count < 150; count++) {
    const audience = count % 3 === 0 ? { registration_id: [access.rid] } : 'all'
    accepted.push(await app.push({ platform: 'all', audience, message: { msg_content: String(count) } }))
  }
  await device.count(accepted.length)
  assert.deepEqual(
    device.received.map(({ msg_id }) => msg_id),
    accepted,
  )
})

test('a repeated acknowledgement, and one of nothing, count nothing', async t => {
  const app = await makeJpushApp(server())
  const access = await makeDevice(server(), app)
  const device = await RawDevice.connected(t, server(), 4, access, { appKey: app.app_key })
  await device.subscribe(access.rid)
  const msgId = await app.push({ platform: 'all', audience: 'all', notification: { alert: 'a' } })
  const push = await device.next()
  assert.ok(push !== 'closed' && push.cmd === 'publish')
  for (const messageId of [push.messageId!, push.messageId!, 999]) device.send({ cmd: 'puback', messageId })
  const opened = {
    cmd: 'publish',
    topic: `devices/${access.rid}/events`,
    qos: 1,
    dup: false,
    retain: false,
  } as const
  for (const messageId of [1, 2]) {
    device.send({ ...opened, messageId, payload: JSON.stringify({ msg_id: msgId, event: 'opened' }) })
    assert.deepEqual(commandAndId(await device.next()), ['puback', messageId])
  }
  const [row] = await app.ok('GET', `/v3/received?msg_ids=${msgId}`)
  assert.equal(row.android_received, 1)
})

test('an event counts for a push that was sent to the device, and for no other', async t => {
  const app = await makeJpushApp(server())
  const [own, other] = await Promise.all([makeDevice(server(), app), makeDevice(server(), app)])
  const device = await MqttDevice.connect(t, server(), own, { appKey: app.app_key })
  const msgId = await app.push({
    platform: 'all',
    audience: { registration_id: [other.rid] },
    notification: { alert: 'a' },
  })
  await device.opened(msgId)
  await device.opened(4_711)
  const [row] = await app.ok('GET', `/v3/received?msg_ids=${msgId}`)
  assert.equal(row.android_received, null)
})

function commandAndId(answer: Awaited<ReturnType<RawDevice['next']>>) {
  return answer === 'closed' ? answer : [answer.cmd, answer.messageId]
}
