// A push to a Huawei phone that sleeps, end to end: credentials by the admin API, a push by the JPush dialect, the trail.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { register } from './devices.ts'
import { type JpushApp, makeJpushApp } from './jpush-client.ts'
import { peerCertificateFile } from './peers/certificate.ts'
import { cut } from './peers/http-peer.ts'
import { HuaweiPeer, huaweiApp } from './peers/huawei-peer.ts'
import { sharedApp } from './start-app.ts'
import { until } from './until.ts'

const phone = 'IQAAAACy0kYwAADWsJ-8V9hHXBjOa1mP'

const shared = sharedApp({
  POSTHOUSE_VENDOR_CA_FILE: peerCertificateFile(),
  POSTHOUSE_VENDOR_RETRY_MS: '20',
})

async function stage(t: TestContext) {
  const server = shared()
  const peer = await HuaweiPeer.start(t)
  peer.tokens.add(phone)
  const app = await makeJpushApp(server)
  const { apps } = await server.admin('GET', '/apps')
  const { org, app: name } = apps.find(({ app_key }: any) => app_key === app.app_key)
  const { origin } = peer.http
  const huawei = { ...huaweiApp, base_url: origin, token_url: `${origin}/oauth2/v3/token` }
  const { settings } = await server.admin('PATCH', `/apps/${org}/${name}`, { channels: { huawei } })
  await register(server, app, { platform: 'android', channels: { huawei: { token: phone } } })
  const settled = (msgId: string) =>
    until(async () => {
      const found = await server.admin('GET', `/messages/${msgId}/trail`)
      const isOpen = found.channels.some(({ state }: any) => state === 'due' || state === 'under_way')
      return found.channels.length > 0 && !isOpen && found
    })
  return { app, peer, settings, settled }
}

function pushTo(app: JpushApp): Promise<string> {
  const android = { title: 'Parcel', extras: { order: 4711 } }
  const options = { third_party_channel: { huawei: { importance: 'NORMAL', category: 'EXPRESS' } } }
  return app.push({
    platform: 'all',
    audience: 'all',
    notification: { alert: 'On its way', android },
    options,
  })
}

test('a sleeping phone is shown the push, as its options say; the secret is not shown again', async t => {
  const { app, peer, settings, settled } = await stage(t)
  assert.ok(!JSON.stringify(settings).includes(huaweiApp.app_secret))
  const msgId = await pushTo(app)
  const { channels } = await settled(msgId)
  assert.deepEqual(channels, [{ channel: 'huawei', state: 'accepted', count: 1 }])
  const [{ android, data, token }] = peer.taken
  assert.deepEqual(token, [phone])
  assert.deepEqual(
    [android.category, android.notification.title, android.notification.body, android.notification.tag],
    ['EXPRESS', 'Parcel', 'On its way', msgId],
  )
  assert.deepEqual(JSON.parse(data).extras, { order: 4711 })
  const [{ android_pns, details }] = await app.ok('GET', `/v3/messages/detail?msg_ids=${msgId}`)
  const { target, sent } = details.notification.sub_android.huawei
  assert.deepEqual([target, sent, android_pns.hw_detail.sent], [1, 1, 1])
})

test('a push that may have been taken is sent once more under the same tag; a dead token is forgotten', async t => {
  const { app, peer, settled } = await stage(t)
  peer.instead = (answer, asked) => {
    peer.instead = undefined
    return cut(answer, asked)
  }
  const { attempts } = await settled(await pushTo(app))
  assert.deepEqual(
    attempts.map(({ outcome }: any) => outcome),
    ['unknown', 'accepted'],
  )
  peer.tokens.clear()
  const { channels } = await settled(await pushTo(app))
  assert.deepEqual(channels, [{ channel: 'huawei', state: 'dead_token', count: 1 }])
})
