// What a device may take from the server: a bounded window, a bounded buffer, a bounded time; and what hurts only itself.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeDevice } from './devices.ts'
import { send, sendRawOnce } from './http-client.ts'
import { jpushApp, makeJpushApp } from './jpush-client.ts'
import { MqttDevice } from './mqtt-device.ts'
import { connectPacket, RawDevice } from './raw-device.ts'
import { sharedApp, startApp } from './start-app.ts'

const server = sharedApp({ POSTHOUSE_DEVICE_IN_FLIGHT_MAX: '10' })

test('a connection that does not say CONNECT in time is closed', async t => {
  const app = await startApp(t, { POSTHOUSE_DEVICE_CONNECT_MS: '300' })
  const mute = await RawDevice.open(t, app, 4)
  const slow = await RawDevice.open(t, app, 4)
  slow.write(Buffer.from([0x10, 60, 0]))
  assert.deepEqual(await Promise.all([mute.next(), slow.next()]), ['closed', 'closed'])
})

test('a device that acknowledges nothing is sent no more than its window, and then the rest', async t => {
  const jpush = await makeJpushApp(server())
  const access = await makeDevice(server(), jpush)
  const slow = await RawDevice.connected(t, server(), 4, access, { appKey: jpush.app_key })
  await slow.subscribe(access.rid)
  const other = await makeDevice(server(), jpush)
  const swift = await MqttDevice.connect(t, server(), other, { appKey: jpush.app_key })
  const accepted: string[] = []
  for (let count = 0; count < 35; count++)
    accepted.push(await jpush.push({ platform: 'all', audience: 'all', message: { msg_content: 'x' } }))
  await swift.count(accepted.length)
  slow.send({ cmd: 'pingreq' })
  const came: string[] = []
  let unacknowledged: number[] = []
  while (came.length < accepted.length) {
    const packet = await slow.next()
    assert.ok(packet !== 'closed')
    if (packet.cmd === 'publish') {
      came.push(JSON.parse(packet.payload.toString()).msg_id)
      unacknowledged.push(packet.messageId!)
      assert.ok(unacknowledged.length <= 10)
      if (came.length <= 10) continue
    }
    for (const messageId of unacknowledged) slow.send({ cmd: 'puback', messageId })
    unacknowledged = []
  }
  assert.deepEqual(came, accepted)
})

test('a device of MQTT 5 that takes one at a time gets one at a time', async t => {
  const app = await makeJpushApp(server())
  const access = await makeDevice(server(), app)
  const accepted: string[] = []
  for (const alert of ['1', '2', '3'])
    accepted.push(await app.push({ platform: 'all', audience: 'all', notification: { alert } }))
  const device = await RawDevice.open(t, server(), 5)
  device.send(connectPacket(5, app.app_key, access, { properties: { receiveMaximum: 1 } }))
  await device.next()
  await device.subscribe(access.rid)
  for (const msgId of accepted) {
    const packet = await device.next()
    assert.ok(packet !== 'closed' && packet.cmd === 'publish')
    assert.equal(JSON.parse(packet.payload.toString()).msg_id, msgId)
    device.send({ cmd: 'pingreq' })
    const pong = await device.next()
    assert.ok(pong !== 'closed' && pong.cmd === 'pingresp', 'nothing comes before the acknowledgement')
    device.send({ cmd: 'puback', messageId: packet.messageId! })
  }
})

test('a push larger than a device of MQTT 5 takes is left out, the others come [MQTT-3.1.2-25]', async t => {
  const app = await makeJpushApp(server())
  const access = await makeDevice(server(), app)
  const device = await RawDevice.open(t, server(), 5)
  device.send(connectPacket(5, app.app_key, access, { properties: { maximumPacketSize: 400 } }))
  await device.next()
  await device.subscribe(access.rid)
  const [large, small] = ['x'.repeat(400), 'x']
  await app.push({ platform: 'all', audience: 'all', message: { msg_content: large } })
  const msgId = await app.push({ platform: 'all', audience: 'all', message: { msg_content: small } })
  const packet = await device.next()
  assert.ok(packet !== 'closed' && packet.cmd === 'publish')
  assert.equal(JSON.parse(packet.payload.toString()).msg_id, msgId)
})

test('a device that does not read is disconnected after a while, its queue stays, the others go on', async t => {
  const app = await startApp(t, {
    POSTHOUSE_DEVICE_STALL_MS: '500',
    POSTHOUSE_DEVICE_IN_FLIGHT_MAX: '10000',
    POSTHOUSE_DEVICE_BUFFER_BYTES_MAX: '131072',
  })
  await app.admin('PATCH', '/apps/demo/chat', { limits: { push_per_minute: 1_000_000 } })
  const jpush = jpushApp(app, app.demo)
  const access = await makeDevice(app, app.demo)
  const deaf = await RawDevice.connected(t, app, 4, access)
  await deaf.subscribe(access.rid)
  deaf.stopReading()
  const swift = await MqttDevice.connect(t, app, await makeDevice(app, app.demo))
  const sessions = async () =>
    Number(/^posthouse_device_sessions (\d+)$/m.exec((await send(`${app.http}/metrics`)).text)![1])
  const push = { platform: 'all', audience: 'all', message: { msg_content: 'x'.repeat(3_800) } }
  const accepted: string[] = []
  while ((await sessions()) === 2) {
    const batch = await Promise.all(Array.from({ length: 50 }, () => jpush.push(push)))
    accepted.push(...batch)
    assert.ok(accepted.length < 10_000, 'the buffers never filled')
  }
  assert.equal(await sessions(), 1)
  await swift.count(accepted.length)
  const again = await MqttDevice.connect(t, app, access)
  await again.count(5)
})

test('a WebSocket handshake that does not offer mqtt, or is none, is refused as JSON', async () => {
  const { http } = server()
  const lines = ['GET /mqtt HTTP/1.1', 'Host: x', 'Upgrade: websocket', 'Connection: Upgrade']
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
  const handshakes = [
    [key, 'Sec-WebSocket-Version: 13'],
    [key, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Protocol: soap'],
    ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Protocol: mqtt'],
    [key, 'Sec-WebSocket-Protocol: mqtt'],
  ]
  for (const rest of handshakes) {
    const answer = await sendRawOnce(http, `${[...lines, ...rest].join('\r\n')}\r\n\r\n`)
    assert.equal(answer.status, 400, rest.join())
    assert.equal(answer.json.error.id, 'request_invalid')
  }
  assert.equal((await send(`${http}/mqtt`)).status, 404)
})

test('a text message over WebSocket closes the connection [MQTT-6.0.0-1]', async () => {
  const socket = new WebSocket(`${server().http.replace('http', 'ws')}/mqtt`, 'mqtt')
  await new Promise(resolve => socket.addEventListener('open', resolve))
  socket.send('hello')
  const { code } = await new Promise<CloseEvent>(resolve => socket.addEventListener('close', resolve))
  assert.equal(code, 1003)
})
