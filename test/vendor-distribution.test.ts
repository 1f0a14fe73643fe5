// What a push says of its way to a phone (jpush.md §3.1.1.6): its own session, its vendor, or one where the other cannot.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { makeDevice } from './devices.ts'
import { makeJpushApp } from './jpush-client.ts'
import { MqttDevice } from './mqtt-device.ts'
import { peerCertificateFile } from './peers/certificate.ts'
import { FcmPeer, rpcError } from './peers/fcm-peer.ts'
import { answer } from './peers/http2-peer.ts'
import { HuaweiPeer, huaweiApp } from './peers/huawei-peer.ts'
import { sharedApp } from './start-app.ts'
import { until } from './until.ts'

const shared = sharedApp({ POSTHOUSE_VENDOR_CA_FILE: peerCertificateFile(), POSTHOUSE_VENDOR_RETRY_MS: '20' })

const huaweiToken = 'IQAAAACy0kYwAADWsJ-8V9hHXBjOa1mP'
const hello = { platform: 'android', audience: 'all', notification: { alert: 'hello' } }
const message = { platform: 'android', audience: 'all', message: { msg_content: 'hello' } }

type Vendor = 'fcm' | 'huawei'

interface Stage {
  /** The trail once nothing is under way. */
  readonly settled: (msgId: string) => Promise<any>
  readonly push: (push: object, thirdPartyChannel?: object) => Promise<string>
  /** A push that goes over sessions alone, and what the phone is brought by its session up to it. */
  readonly upToMarker: (phone: MqttDevice) => Promise<string[]>
  /** A phone with a session, and tokens of these vendors. */
  readonly phone: (...vendors: Vendor[]) => Promise<MqttDevice>
  readonly google: FcmPeer
  readonly huawei: HuaweiPeer
  readonly googleToken: string
  readonly takenByGoogle: () => string[]
  readonly takenByHuawei: () => string[]
  readonly setRule: (rule: string) => Promise<void>
}

async function makeStage(t: TestContext): Promise<Stage> {
  const server = shared()
  const [google, huawei] = [await FcmPeer.start(t), await HuaweiPeer.start(t)]
  huawei.tokens.add(huaweiToken)
  const { origin } = huawei.http
  const account = { ...huaweiApp, base_url: origin, token_url: `${origin}/oauth2/v3/token` }
  const app = await makeJpushApp(server, { channels: { fcm: google.credentials, huawei: account } })
  const googleToken = google.addDevice()
  const push: Stage['push'] = (wanted, third_party_channel) =>
    app.push({ ...wanted, ...(third_party_channel && { options: { third_party_channel } }) })
  const never = {
    fcm: { distribution: 'jpush', distribution_fcm: 'jpush' },
    huawei: { distribution: 'jpush' },
  }
  return {
    google,
    huawei,
    googleToken,
    push,
    settled: msgId =>
      until(async () => {
        const found = await server.admin('GET', `/messages/${msgId}/trail`)
        const isOpen = found.channels.some(({ state }: any) => state === 'due' || state === 'under_way')
        return found.channels.length > 0 && !found.fanning_out && !isOpen && found
      }),
    upToMarker: async phone => {
      const marker = await push(hello, never)
      const received: string[] = []
      for (;;) {
        const { msg_id } = await phone.next()
        if (msg_id === marker) return received
        received.push(msg_id)
      }
    },
    phone: async (...vendors) => {
      const tokens = { fcm: { token: googleToken }, huawei: { token: huaweiToken } }
      const channels = Object.fromEntries(vendors.map(name => [name, tokens[name]]))
      return MqttDevice.connect(t, server, await makeDevice(server, app, { channels }), {
        appKey: app.app_key,
      })
    },
    takenByGoogle: () => google.devices.get(googleToken)!.all.map(({ data }) => data.msg_id),
    takenByHuawei: () => huawei.taken.map(({ data }) => JSON.parse(data).msg_id),
    setRule: rule => server.admin('PATCH', `/apps/jpush/${app.name}`, { channels: { rule } }),
  }
}

test('ospush goes through the vendor alone, to a phone that holds a session too, and to everybody as to chosen ones', async t => {
  const { phone, push, settled, upToMarker, takenByGoogle } = await makeStage(t)
  const device = await phone('fcm')
  const ospush = { fcm: { distribution: 'ospush' } }
  const toAll = await push(hello, ospush)
  const chosen = await push({ ...hello, audience: { registration_id: [device.rid] } }, ospush)
  for (const msgId of [toAll, chosen])
    assert.deepEqual((await settled(msgId)).channels, [{ channel: 'fcm', state: 'accepted', count: 1 }])
  assert.deepEqual(takenByGoogle().sort(), [toAll, chosen].sort())
  assert.deepEqual(await upToMarker(device), [])
})

test('ospush for one vendor says nothing of phones that have another, or none', async t => {
  const { phone, push, settled, takenByGoogle } = await makeStage(t)
  const [ofGoogle, ofNobody] = [await phone('fcm'), await phone()]
  const ospush = { huawei: { distribution: 'ospush' } }
  const msgId = await push(hello, ospush)
  for (const device of [ofGoogle, ofNobody]) assert.equal((await device.next()).msg_id, msgId)
  const forGoogle = await push(hello, { fcm: { distribution: 'ospush' } })
  assert.equal((await ofNobody.next()).msg_id, forGoogle)
  await settled(forGoogle)
  assert.deepEqual(takenByGoogle(), [forGoogle])
})

test('what a vendor refuses under ospush nobody gets; the next session of the phone does not either', async t => {
  const { phone, push, settled, upToMarker, google, googleToken } = await makeStage(t)
  const device = await phone('fcm')
  google.devices.get(googleToken)!.isUnregistered = true
  const msgId = await push(hello, { fcm: { distribution: 'ospush' } })
  assert.equal((await settled(msgId)).channels[0].state, 'dead_token')
  assert.deepEqual(await upToMarker(device), [])
})

test('first_ospush goes through the vendor, and the session of the phone stays silent', async t => {
  const { phone, push, settled, upToMarker, takenByGoogle } = await makeStage(t)
  const device = await phone('fcm')
  const msgId = await push(hello, { fcm: { distribution: 'first_ospush' } })
  await settled(msgId)
  assert.deepEqual(takenByGoogle(), [msgId])
  assert.deepEqual(await upToMarker(device), [])
  // What the app says of it counts, as of a push that came over the session.
  await device.displayed(msgId)
})

test('first_ospush comes over the session once the vendor refuses it, or has no such phone', async t => {
  const { phone, push, settled, google, googleToken } = await makeStage(t)
  const device = await phone('fcm')
  const first = { fcm: { distribution: 'first_ospush' } }
  google.nextMessages.push(answer(400, rpcError(400, 'INVALID_ARGUMENT')))
  const refused = await push(hello, first)
  assert.equal((await device.next()).msg_id, refused)
  assert.equal((await settled(refused)).channels[0].state, 'refused')
  google.devices.get(googleToken)!.isUnregistered = true
  const dead = await push(hello, first)
  assert.equal((await device.next()).msg_id, dead)
  assert.equal((await settled(dead)).channels[0].state, 'dead_token')
})

test('first_ospush does not wait for a vendor that fails while the phone holds a session, and is not shown again', async t => {
  const { phone, push, settled, google, takenByGoogle } = await makeStage(t)
  const device = await phone('fcm')
  // It asks for more than the phone needs to say that it has it.
  google.nextMessages.push(answer(503, rpcError(503, 'UNAVAILABLE'), { 'retry-after': '2' }))
  const msgId = await push(hello, { fcm: { distribution: 'first_ospush' } })
  assert.equal((await device.next()).msg_id, msgId)
  assert.equal((await settled(msgId)).channels[0].state, 'received')
  assert.deepEqual(takenByGoogle(), [])
})

test('secondary_push goes over the session first, whatever the rule of the app; a word that is none follows the rule', async t => {
  const { phone, push, settled, takenByGoogle, setRule } = await makeStage(t)
  const device = await phone('fcm')
  await setRule('vendor_always')
  const secondary = await push(hello, { fcm: { distribution: 'secondary_push' } })
  assert.equal((await device.next()).msg_id, secondary)
  const answered = Promise.withResolvers<void>()
  device.client.handleMessage = (_, done) => void answered.promise.then(() => done())
  const unknown = await push(hello, { fcm: { distribution: 'toString' } })
  await settled(unknown)
  answered.resolve()
  assert.equal((await device.next()).msg_id, unknown)
  assert.deepEqual(takenByGoogle(), [unknown])
})

test('a phone of Google and of its maker is led by distribution_fcm', async t => {
  const { phone, push, settled, upToMarker, takenByGoogle, takenByHuawei } = await makeStage(t)
  const device = await phone('fcm', 'huawei')
  const fcm = await push(hello, { huawei: { distribution_fcm: 'fcm' } })
  const pns = await push(hello, { fcm: { distribution_fcm: 'pns' } })
  for (const msgId of [fcm, pns]) await settled(msgId)
  assert.deepEqual([takenByGoogle(), takenByHuawei()], [[fcm], [pns]])
  assert.deepEqual(await upToMarker(device), [])
  // `distribution` is for phones that have one of the two.
  const pure = await push(hello, { huawei: { distribution: 'ospush' }, fcm: { distribution: 'ospush' } })
  assert.equal((await device.next()).msg_id, pure)
  await device.leave()
  const secondFcm = await push(hello, { huawei: { distribution_fcm: 'secondary_fcm_push' } })
  const secondPns = await push(hello, { huawei: { distribution_fcm: 'secondary_pns_push' } })
  for (const msgId of [secondFcm, secondPns]) await settled(msgId)
  assert.deepEqual(
    [takenByGoogle(), takenByHuawei()],
    [
      [fcm, secondFcm],
      [pns, secondPns],
    ],
  )
})

test('a message without a notification is led by distribution_customize to a phone of Huawei', async t => {
  const { phone, push, settled, upToMarker, takenByHuawei } = await makeStage(t)
  const device = await phone('huawei')
  const first = await push(message, { huawei: { distribution_customize: 'first_ospush' } })
  await settled(first)
  assert.deepEqual(takenByHuawei(), [first])
  assert.deepEqual(await upToMarker(device), [])
  const other = await push(message, { huawei: { distribution: 'ospush', distribution_customize: 'jpush' } })
  assert.equal((await device.next()).msg_id, other)
})
