// Pushes to phones that sleep, end to end: through APNs and FCM, as the app's own server sends them by the JPush dialect.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connectDevice, register } from './devices.ts'
import { type JpushApp, makeJpushApp, type NamedJpushApp } from './jpush-client.ts'
import { ApnsPeer } from './peers/apns-peer.ts'
import { peerCertificateFile } from './peers/certificate.ts'
import { FcmPeer } from './peers/fcm-peer.ts'
import { answer, cut, refuse } from './peers/http2-peer.ts'
import { sharedApp, type TestApp } from './start-app.ts'
import { until } from './until.ts'

const shared = sharedApp({
  POSTHOUSE_VENDOR_CA_FILE: peerCertificateFile(),
  POSTHOUSE_VENDOR_RETRY_MS: '20',
})

interface Stage {
  readonly server: TestApp
  readonly app: NamedJpushApp
  readonly apple: ApnsPeer
  readonly google: FcmPeer
  /** The trail once nothing is under way. */
  readonly settled: (msgId: string) => Promise<any>
}

test('one push reaches a sleeping iPhone and a sleeping Android phone, each as its platform is told', async t => {
  const { server, app, apple, google, settled } = await makeStage(t)
  const [iphone, android] = await sleepingPhones(server, app, apple, google)
  const msgId = await app.push({
    platform: ['ios', 'android'],
    audience: 'all',
    notification: {
      alert: 'On its way',
      ios: { sound: 'default', badge: 2, extras: { order: 4711 } },
      android: { title: 'Parcel', extras: { order: 4711 } },
    },
    options: { time_to_live: 600 },
  })
  const { channels } = await settled(msgId)
  assert.deepEqual(channels.map(({ channel, state, count }: any) => [channel, state, count]).sort(), [
    ['apns', 'accepted', 1],
    ['fcm', 'accepted', 1],
  ])
  const [notified] = apple.devices.get(iphone)!.all
  const aps = { alert: 'On its way', sound: 'default', badge: 2 }
  assert.deepEqual(notified?.payload, { order: 4711, msg_id: msgId, aps })
  const [message] = google.devices.get(android)!.all
  assert.deepEqual([message.data.msg_id, message.data.extras], [msgId, '{"order":4711}'])
  assert.deepEqual(message.android.notification, { title: 'Parcel', body: 'On its way', tag: msgId })
})

test('pushes that override one another stand in one place on the phone, the newest of them', async t => {
  const { server, app, apple, google, settled } = await makeStage(t)
  const [iphone, android] = await sleepingPhones(server, app, apple, google)
  const device = await connectDevice(t, server, app)
  const alert = async (text: string, override_msg_id?: string) => {
    const options = override_msg_id === undefined ? {} : { override_msg_id }
    const msgId = await app.push({ platform: 'all', audience: 'all', notification: { alert: text }, options })
    await settled(msgId)
    return msgId
  }
  const first = await alert('packed')
  const second = await alert('sent', first)
  const third = await alert('arrived', second)
  const { shown } = google.devices.get(android)!
  assert.deepEqual(
    [...shown].map(([tag, { body }]) => [tag, body]),
    [[first, 'arrived']],
  )
  const onIphone = [...apple.devices.get(iphone)!.shown].map(([id, { payload }]) => [id, payload.msg_id])
  assert.deepEqual(onIphone, [[first, third]])
  const heard = [await device.next(), await device.next(), await device.next()]
  assert.deepEqual(
    heard.map(({ msg_id, override_msg_id }) => [msg_id, override_msg_id]),
    [
      [first, undefined],
      [second, first],
      [third, first],
    ],
  )
})

test('a phone whose app is gone is not tried again, whichever vendor says so', async t => {
  const { server, app, apple, google, settled } = await makeStage(t)
  const [iphone, android] = await sleepingPhones(server, app, apple, google)
  apple.devices.get(iphone)!.unregisteredAt = Date.now()
  google.devices.get(android)!.isUnregistered = true
  const push = { platform: 'all', audience: 'all', notification: { alert: 'a' } }
  const { channels } = await settled(await app.push(push))
  assert.deepEqual(
    channels.map(({ state }: any) => state),
    ['dead_token', 'dead_token'],
  )
  const asked = apple.http.asked.length + google.messages.length
  const msgId = await app.push(push)
  const again = await until(async () => {
    const found = await server.admin('GET', `/messages/${msgId}/trail`)
    return !found.fanning_out && found
  })
  assert.deepEqual(again.channels, [])
  assert.equal(apple.http.asked.length + google.messages.length, asked)
})

test('a vendor that refuses, fails and breaks off gets a notification once more, and the phone shows it once', async t => {
  const { server, app, apple, google, settled } = await makeStage(t)
  const [iphone, android] = await sleepingPhones(server, app, apple, google)
  apple.next.push(refuse, refuse, answer(503, { reason: 'Shutdown' }), cut)
  google.nextMessages.push(cut)
  const msgId = await app.push({ platform: 'all', audience: 'all', notification: { alert: 'a' } })
  const { channels, attempts } = await settled(msgId)
  assert.deepEqual(
    channels.map(({ state }: any) => state),
    ['accepted', 'accepted'],
  )
  const outcomesOf = (name: string) =>
    attempts.filter(({ channel }: any) => channel === name).map(({ outcome }: any) => outcome)
  assert.deepEqual(outcomesOf('apns'), ['retry', 'retry', 'unknown', 'accepted'])
  assert.deepEqual(outcomesOf('fcm'), ['unknown', 'accepted'])
  assert.deepEqual([...apple.devices.get(iphone)!.shown.keys()], [msgId])
  assert.deepEqual([...google.devices.get(android)!.shown.keys()], [msgId])
})

test('a message whose fate nobody knows is not sent again: the app would act on it twice', async t => {
  const { server, app, apple, google, settled } = await makeStage(t)
  await sleepingPhones(server, app, apple, google)
  apple.next.push(cut)
  google.nextMessages.push(cut)
  const msgId = await app.push({ platform: 'all', audience: 'all', message: { msg_content: 'pay' } })
  const { channels, attempts } = await settled(msgId)
  assert.deepEqual(
    channels.map(({ state }: any) => state),
    ['unknown', 'unknown'],
  )
  assert.equal(attempts.length, 2)
})

test('the keys of both vendors are never shown, and are not to be read on the disk', async t => {
  const { server, app, apple, google } = await makeStage(t)
  const shown = JSON.stringify(await server.admin('GET', `/apps/jpush/${app.name}`))
  assert.match(shown, /KEY1234567/)
  const bodies = [apple.key, google.serviceAccount.private_key].map(key => key.split('\n')[1]!)
  for (const file of ['posthouse.db', 'posthouse.db-wal']) {
    const bytes = readFileSync(join(server.dataDir, file))
    for (const body of bodies) assert.ok(!shown.includes(body) && !bytes.includes(body), file)
  }
})

async function makeStage(t: TestContext): Promise<Stage> {
  const [apple, google] = [await ApnsPeer.start(t), await FcmPeer.start(t)]
  const server = shared()
  const channels = { apns: apple.credentials, fcm: google.credentials }
  const app = await makeJpushApp(server, { channels })
  const settled = (msgId: string) =>
    until(async () => {
      const found = await server.admin('GET', `/messages/${msgId}/trail`)
      const isOpen = found.channels.some(({ state }: any) => state === 'due' || state === 'under_way')
      return found.channels.length > 0 && !found.fanning_out && !isOpen && found
    })
  return { server, app, apple, google, settled }
}

/** @returns their tokens */
async function sleepingPhones(server: TestApp, app: JpushApp, apple: ApnsPeer, google: FcmPeer) {
  const [iphone, android] = [apple.addDevice(), google.addDevice()]
  await register(server, app, { platform: 'ios', channels: { apns: { token: iphone } } })
  await register(server, app, { platform: 'android', channels: { fcm: { token: android } } })
  return [iphone, android] as const
}
