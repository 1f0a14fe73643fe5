// What a withdrawal does where a push was shown already (jpush.md §3.1.7): over sessions, through vendors, at the next connect.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { jpushLimits } from '../src/contract/limits.ts'
import { eventually, makeDevice, register } from './devices.ts'
import { makeJpushApp, type NamedJpushApp } from './jpush-client.ts'
import { type DeviceAccess, MqttDevice } from './mqtt-device.ts'
import { ApnsPeer } from './peers/apns-peer.ts'
import { peerCertificateFile } from './peers/certificate.ts'
import { FcmPeer } from './peers/fcm-peer.ts'
import { HuaweiPeer, huaweiApp } from './peers/huawei-peer.ts'
import { WebPushPeer } from './peers/web-push-peer.ts'
import { sharedApp } from './start-app.ts'
import { until } from './until.ts'

const shared = sharedApp({ POSTHOUSE_VENDOR_CA_FILE: peerCertificateFile(), POSTHOUSE_VENDOR_RETRY_MS: '20' })

const hello = { platform: 'all', notification: { alert: 'hello' } }
const audiences = {
  everybody: () => 'all',
  'chosen devices': (...devices: readonly DeviceAccess[]) => ({
    registration_id: devices.map(({ rid }) => rid),
  }),
} as const

async function connect(t: TestContext, app: NamedJpushApp, access: DeviceAccess): Promise<MqttDevice> {
  return MqttDevice.connect(t, shared(), access, { appKey: app.app_key })
}

/** Resolves when so many devices have said that they have it. */
function received(app: NamedJpushApp, msgId: string, count: number): Promise<unknown> {
  const ask = () => app.ok('GET', `/v3/received?msg_ids=${msgId}`)
  return eventually(ask, ([report]) => report.android_received === count)
}

/** What comes up to a push that is sent now. */
async function upToMarker(app: NamedJpushApp, device: MqttDevice) {
  const marker = await app.push({ ...hello, audience: { registration_id: [device.rid] } })
  const came: { msg_id: string; withdrawn?: boolean }[] = []
  for (;;) {
    const { msg_id, withdrawn } = await device.next()
    if (msg_id === marker) return came
    came.push({ msg_id, ...(withdrawn !== undefined && { withdrawn }) })
  }
}

/** Makes the server believe that the notice of the withdrawal has had its time. */
function expireNotice(msgId: string): void {
  const database = new DatabaseSync(join(shared().dataDir, 'posthouse.db'), { timeout: 5_000 })
  const { changes } = database
    .prepare('UPDATE pushes SET expires_at = 1 WHERE withdraws = ?')
    .run(Number(msgId))
  database.close()
  assert.equal(changes, 1)
}

const withdraw = (app: NamedJpushApp, msgId: string) => app.ok('DELETE', `/v3/push/${msgId}`)

for (const [whom, audienceOf] of Object.entries(audiences)) {
  test(`devices that show a push to ${whom} are told of its withdrawal once`, async t => {
    const app = await makeJpushApp(shared())
    const accesses = [await makeDevice(shared(), app), await makeDevice(shared(), app)] as const
    const [one, two] = [await connect(t, app, accesses[0]), await connect(t, app, accesses[1])]
    const msgId = await app.push({ ...hello, audience: audienceOf(...accesses) })
    await received(app, msgId, 2)
    await withdraw(app, msgId)
    for (const device of [one, two]) {
      assert.equal((await device.next()).withdrawn, undefined)
      const { sent_at, expires_at, ...notice } = await device.next()
      assert.deepEqual(notice, { msg_id: msgId, withdrawn: true })
      assert.equal(expires_at - sent_at, jpushLimits.withdrawalMs)
    }
    await withdraw(app, msgId)
    assert.deepEqual(await upToMarker(app, one), [])
    await one.leave()
    const back = await connect(t, app, accesses[0])
    assert.deepEqual(await upToMarker(app, back), [])
    assert.deepEqual((await app.ok('GET', `/v3/received?msg_ids=${msgId}`))[0].android_received, 2)
  })

  test(`a device that is away learns at its next connect that a push to ${whom} is withdrawn, if it shows it`, async t => {
    const app = await makeJpushApp(shared())
    const access = await makeDevice(shared(), app)
    const never = await makeDevice(shared(), app)
    const device = await connect(t, app, access)
    const [shown, opened] = [
      await app.push({ ...hello, audience: audienceOf(access, never) }),
      await app.push({ ...hello, audience: audienceOf(access, never) }),
    ]
    for (const msgId of [shown, opened]) await received(app, msgId, 1)
    await device.opened(opened)
    await device.leave()
    for (const msgId of [shown, opened]) await withdraw(app, msgId)
    assert.deepEqual(await upToMarker(app, await connect(t, app, access)), [
      { msg_id: shown, withdrawn: true },
    ])
    assert.deepEqual(await upToMarker(app, await connect(t, app, never)), [])
  })
}

test('who comes back after longer than a withdrawal is told of is told nothing', async t => {
  const app = await makeJpushApp(shared())
  const access = await makeDevice(shared(), app)
  const device = await connect(t, app, access)
  const msgId = await app.push({ ...hello, audience: audiences['chosen devices'](access) })
  await received(app, msgId, 1)
  await device.leave()
  await withdraw(app, msgId)
  expireNotice(msgId)
  assert.deepEqual(await upToMarker(app, await connect(t, app, access)), [])
})

test('a message shows nothing: its withdrawal is told to nobody', async t => {
  const app = await makeJpushApp(shared())
  const access = await makeDevice(shared(), app)
  const device = await connect(t, app, access)
  const msgId = await app.push({ platform: 'all', audience: 'all', message: { msg_content: 'x' } })
  await received(app, msgId, 1)
  await withdraw(app, msgId)
  assert.deepEqual(await upToMarker(app, device), [{ msg_id: msgId }])
})

test('phones that sleep are told through vendors that can wake the app, where a vendor had brought the push', async t => {
  const server = shared()
  const [apple, google] = [await ApnsPeer.start(t), await FcmPeer.start(t)]
  const [huawei, browsers] = [await HuaweiPeer.start(t), await WebPushPeer.start(t)]
  const { origin } = huawei.http
  const app = await makeJpushApp(server, {
    channels: {
      apns: apple.credentials,
      fcm: google.credentials,
      huawei: { ...huaweiApp, base_url: origin, token_url: `${origin}/oauth2/v3/token` },
      web_push: { subject: 'mailto:ops@example.com', allowed_hosts: [`127.0.0.1:${browsers.http.port}`] },
    },
  })
  const { settings } = await server.admin('GET', `/apps/jpush/${app.name}`)
  const subscription = browsers.subscribe(settings.channels.web_push.public_key)
  const [iphone, android, mate] = [apple.addDevice(), google.addDevice(), 'IQAAAACy0kYwAADWsJ-8V9hHXBjOa1mP']
  huawei.tokens.add(mate)
  await register(server, app, { platform: 'ios', channels: { apns: { token: iphone } } })
  await register(server, app, { platform: 'android', channels: { fcm: { token: android } } })
  await register(server, app, { platform: 'android', channels: { huawei: { token: mate } } })
  await register(server, app, { platform: 'web', channels: { web_push: subscription.toJSON() } })
  const msgId = await app.push({ ...hello, audience: 'all', options: { apns_collapse_id: 'news' } })
  await until(async () => {
    const { channels } = await server.admin('GET', `/messages/${msgId}/trail`)
    return channels.length === 4 && channels.every(({ state }: any) => state === 'accepted')
  })
  await withdraw(app, msgId)
  const told = await until(async () => {
    const [, ofApple] = apple.devices.get(iphone)!.all
    const [, ofGoogle] = google.devices.get(android)!.all
    const [, ofHuawei] = huawei.taken
    return ofApple && ofGoogle && ofHuawei && { ofApple, ofGoogle, ofHuawei }
  })
  const { type, priority, payload } = told.ofApple
  assert.deepEqual([type, priority], ['background', '5'])
  assert.deepEqual(payload, { msg_id: msgId, withdrawn: true, aps: { 'content-available': 1 } })
  const { msg_id, withdrawn } = told.ofGoogle.data
  assert.deepEqual([msg_id, withdrawn], [msgId, 'true'])
  // In the place of what may still wait there.
  assert.deepEqual([told.ofGoogle.android.priority, told.ofGoogle.android.collapse_key], ['NORMAL', msgId])
  assert.equal(told.ofGoogle.android.notification, undefined)
  const data = JSON.parse(told.ofHuawei.data)
  assert.deepEqual([data.msg_id, data.withdrawn], [msgId, true])
  assert.equal(told.ofHuawei.android.notification, undefined)
  // A browser takes the subscription from those who show nothing.
  assert.equal(subscription.waiting.length, 1)
})

test('a vendor that had not brought the push is not asked to take it back', async t => {
  const google = await FcmPeer.start(t)
  const app = await makeJpushApp(shared(), { channels: { fcm: google.credentials } })
  const token = google.addDevice()
  const access = await makeDevice(shared(), app, { channels: { fcm: { token } } })
  const device = await connect(t, app, access)
  const msgId = await app.push({ ...hello, audience: 'all' })
  await received(app, msgId, 1)
  await device.leave()
  await withdraw(app, msgId)
  assert.deepEqual(await upToMarker(app, await connect(t, app, access)), [{ msg_id: msgId, withdrawn: true }])
  assert.deepEqual(google.devices.get(token)!.all, [])
})

test('what stands in the place of a withdrawn push at a vendor is left alone', async t => {
  const google = await FcmPeer.start(t)
  const app = await makeJpushApp(shared(), { channels: { fcm: google.credentials } })
  const token = google.addDevice()
  await register(shared(), app, { channels: { fcm: { token } } })
  const { all } = google.devices.get(token)!
  const first = await app.push({ ...hello, audience: 'all' })
  await until(async () => all.length === 1)
  await app.push({ ...hello, audience: 'all', options: { override_msg_id: first } })
  await until(async () => all.length === 2)
  await withdraw(app, first)
  await until(async () => all.length === 3)
  assert.deepEqual([all[2].data.msg_id, all[2].data.withdrawn], [first, 'true'])
  assert.equal(all[2].android.collapse_key, undefined)
})
