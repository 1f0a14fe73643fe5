// Sessions of devices: one at a time, kept alive, kept through whatever becomes of the core.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectAsync } from 'mqtt'
import { eventually, makeDevice } from './devices.ts'
import { basic, send } from './http-client.ts'
import { jpushApp, makeJpushApp } from './jpush-client.ts'
import { MqttDevice } from './mqtt-device.ts'
import { connectPacket, RawDevice } from './raw-device.ts'
import { sharedApp, startApp } from './start-app.ts'
import { until } from './until.ts'

const server = sharedApp()

for (const version of [4, 5] as const)
  test(`a new connection of a device ends its earlier one (MQTT ${version})`, async t => {
    const app = await makeJpushApp(server())
    const access = await makeDevice(server(), app)
    const earlier = await RawDevice.connected(t, server(), version, access, { appKey: app.app_key })
    await earlier.subscribe(access.rid)
    const msgId = await app.push({
      platform: 'all',
      audience: 'all',
      notification: { alert: 'not acknowledged' },
    })
    const sent = await earlier.next()
    assert.ok(sent !== 'closed' && sent.cmd === 'publish')
    const later = await MqttDevice.connect(t, server(), access, { version, appKey: app.app_key })
    if (version === 5) {
      const goodbye = await earlier.next()
      assert.ok(goodbye !== 'closed' && goodbye.cmd === 'disconnect')
      assert.equal(goodbye.reasonCode, 0x8e)
    }
    assert.equal(await earlier.next(), 'closed')
    assert.equal((await later.next()).msg_id, msgId)
  })

test('of many connections at once the device has one session in the end', async t => {
  const app = await makeJpushApp(server())
  const access = await makeDevice(server(), app)
  const devices = await Promise.all(Array.from({ length: 20 }, () => RawDevice.open(t, server(), 4)))
  const open = new Set(devices)
  const pushed: string[] = []
  const listen = async (device: RawDevice) => {
    for (let answer = await device.next(); answer !== 'closed'; answer = await device.next())
      if (answer.cmd === 'publish') pushed.push(JSON.parse(answer.payload.toString()).msg_id)
    open.delete(device)
  }
  for (const device of devices) {
    device.send(connectPacket(4, app.app_key, access))
    device.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: `devices/${access.rid}/push`, qos: 1 }],
    })
    void listen(device)
  }
  await until(async () => open.size === 1)
  const msgId = await app.push({ platform: 'all', audience: 'all', notification: { alert: 'once' } })
  await until(async () => pushed.length > 0)
  assert.deepEqual([pushed, open.size], [[msgId], 1])
})

test('a device that is silent for one and a half times its keep-alive is sent away [MQTT-3.1.2-24]', async t => {
  const access = await makeDevice(server(), server().demo)
  const startedAt = Date.now()
  const silent = await RawDevice.connected(t, server(), 5, access, { keepalive: 1 })
  const goodbye = await silent.next()
  assert.ok(goodbye !== 'closed' && goodbye.cmd === 'disconnect')
  assert.equal(goodbye.reasonCode, 0x8d)
  const afterMs = Date.now() - startedAt
  assert.ok(afterMs >= 1_500 && afterMs < 5_000, `after ${afterMs} ms`)
})

test('a device that pings stays while one that does not is sent away', async t => {
  const [access, other] = [
    await makeDevice(server(), server().demo),
    await makeDevice(server(), server().demo),
  ]
  const device = await RawDevice.connected(t, server(), 4, access, { keepalive: 1 })
  const silent = await RawDevice.connected(t, server(), 4, other, { keepalive: 1 })
  let isGone = false
  const gone = silent.next().then(answer => {
    assert.equal(answer, 'closed')
    isGone = true
  })
  await until(async () => {
    device.send({ cmd: 'pingreq' })
    const answer = await device.next()
    assert.ok(answer !== 'closed' && answer.cmd === 'pingresp')
    return isGone
  })
  await gone
})

test('while the core is away devices stay connected, a new one is told, and nothing is lost', async t => {
  const app = await startApp(t)
  const jpush = jpushApp(app, app.demo)
  const access = await makeDevice(app, app.demo)
  const newcomer = await makeDevice(app, app.demo)
  const device = await RawDevice.connected(t, app, 5, access)
  await device.subscribe(access.rid)
  const msgId = await jpush.push({ platform: 'all', audience: 'all', notification: { alert: 'before' } })
  const push = await device.next()
  assert.ok(push !== 'closed' && push.cmd === 'publish')

  await app.admin('PUT', '/core', { state: 'stopped' })
  device.send({ cmd: 'puback', messageId: push.messageId! })
  device.send({ cmd: 'pingreq' })
  const pong = await device.next()
  assert.ok(pong !== 'closed' && pong.cmd === 'pingresp')
  for (const [version, code] of [
    [4, 3],
    [5, 0x88],
  ] as const) {
    const refused = await RawDevice.open(t, app, version)
    refused.send(connectPacket(version, app.demo.app_key, newcomer))
    const connack = await refused.next()
    assert.ok(connack !== 'closed' && connack.cmd === 'connack')
    assert.equal(version === 5 ? connack.reasonCode : connack.returnCode, code)
    assert.equal(await refused.next(), 'closed')
  }

  await app.admin('PUT', '/core', { state: 'running' })
  const row = await eventually(
    async () => (await jpush.ok('GET', `/v3/received?msg_ids=${msgId}`))[0],
    ({ android_received }) => android_received !== null,
  )
  assert.equal(row.android_received, 1)
  const later = await jpush.push({ platform: 'all', audience: 'all', notification: { alert: 'after' } })
  const next = await device.next()
  assert.ok(next !== 'closed' && next.cmd === 'publish')
  assert.equal(JSON.parse(next.payload.toString()).msg_id, later)
})

test('through restarts of the core every accepted push arrives once, in order, and counts once', async t => {
  const app = await startApp(t)
  await app.admin('PATCH', '/apps/demo/chat', { limits: { push_per_minute: 1_000_000 } })
  const jpush = jpushApp(app, app.demo)
  const devices = await Promise.all(
    ([4, 5, 4, 5] as const).map(async (version, index) =>
      MqttDevice.connect(t, app, await makeDevice(app, app.demo), {
        version,
        way: index < 2 ? 'tcp' : 'websocket',
      }),
    ),
  )
  const rids = devices.map(({ rid }) => rid)
  const accepted: string[] = []
  const pushUntil = (isOver: () => boolean, audience: unknown) =>
    until(async () => {
      const answer = await jpush.call('POST', '/v3/push', {
        platform: 'all',
        audience,
        message: { msg_content: 'x' },
      })
      if (answer.status === 200) accepted.push(answer.json.msg_id)
      return isOver()
    }, 60_000)
  for (let round = 0; round < 4; round++) {
    let isOver = false
    const audience = round % 2 === 0 ? 'all' : { registration_id: rids }
    const pushing = pushUntil(() => isOver, audience)
    const before = accepted.length
    await until(async () => accepted.length > before + 20)
    await app.admin('PUT', '/core', { state: 'stopped' })
    await app.admin('PUT', '/core', { state: 'running' })
    const after = accepted.length
    await until(async () => accepted.length > after + 20)
    isOver = true
    await pushing
  }
  await Promise.all(devices.map(device => device.count(accepted.length)))
  for (const { received } of devices)
    assert.deepEqual(
      received.map(({ msg_id }) => msg_id),
      accepted,
    )
  const rows = await eventually(
    async () => {
      const all: any[] = []
      for (let at = 0; at < accepted.length; at += 100)
        all.push(...(await jpush.ok('GET', `/v3/received?msg_ids=${accepted.slice(at, at + 100)}`)))
      return all
    },
    all => all.every(({ android_received }) => android_received >= devices.length),
  )
  assert.deepEqual([...new Set(rows.map(({ android_received }) => android_received))], [devices.length])
})

test('a device of a barred app is refused as banned, a deleted registration as unknown', async t => {
  const app = await makeJpushApp(server())
  const [access, deleted] = await Promise.all([makeDevice(server(), app), makeDevice(server(), app)])
  await send(`${server().http}/device/v1/registrations/${deleted.rid}`, {
    method: 'DELETE',
    headers: { Authorization: basic(deleted.rid, deleted.password) },
  })
  const connect = (wanted: typeof access) =>
    connectAsync(server().runtime.mqtt, {
      clientId: wanted.rid,
      username: app.app_key,
      password: wanted.password,
      protocolVersion: 5,
      reconnectPeriod: 0,
    })
  await assert.rejects(connect(deleted), { code: 0x86 })
  const name = (await server().admin('GET', '/apps')).apps.find(
    ({ app_key }: any) => app_key === app.app_key,
  ).app
  await server().admin('PATCH', `/apps/jpush/${name}`, { blacklisted: true })
  await assert.rejects(connect(access), { code: 0x8a })
  t.diagnostic('both refused')
})

test('a server that stops says goodbye, and what is pushed to it next waits', async t => {
  const app = await startApp(t)
  const device = await RawDevice.connected(t, app, 5, await makeDevice(app, app.demo))
  const closing = app.close()
  const goodbye = await device.next()
  assert.ok(goodbye !== 'closed' && goodbye.cmd === 'disconnect')
  assert.equal(goodbye.reasonCode, 0x8b)
  assert.equal(await device.next(), 'closed')
  await closing
})

test('a device that is deleted while it connects has no session afterwards', async t => {
  const app = await makeJpushApp(server())
  const rounds = Array.from({ length: 200 }, async () => {
    const access = await makeDevice(server(), app)
    const device = await RawDevice.open(t, server(), 4)
    device.send(connectPacket(4, app.app_key, access))
    const deletion = send(`${server().http}/device/v1/registrations/${access.rid}`, {
      method: 'DELETE',
      headers: { Authorization: basic(access.rid, access.password) },
    })
    assert.equal((await deletion).status, 200)
    while ((await device.next()) !== 'closed');
  })
  await Promise.all(rounds)
})
