// A push to a HarmonyOS phone that sleeps, end to end: credentials by the admin API, a push by the JPush dialect, the
// trail, the reports.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eventually, makeDevice, register } from './devices.ts'
import { basic, send } from './http-client.ts'
import { makeJpushApp } from './jpush-client.ts'
import { MqttDevice } from './mqtt-device.ts'
import { peerCertificateFile } from './peers/certificate.ts'
import { HmosPeer } from './peers/hmos-peer.ts'
import { cut, respond } from './peers/http-peer.ts'
import { sharedApp } from './start-app.ts'
import { until } from './until.ts'

const shared = sharedApp({
  POSTHOUSE_VENDOR_CA_FILE: peerCertificateFile(),
  POSTHOUSE_VENDOR_RETRY_MS: '20',
})

async function stage(t: TestContext) {
  const server = shared()
  const peer = await HmosPeer.start(t)
  const token = peer.addDevice()
  const app = await makeJpushApp(server, { channels: { hmos: peer.credentials } })
  await register(server, app, { platform: 'hmos', channels: { hmos: { token } } })
  const settled = (msgId: string) =>
    until(async () => {
      const found = await server.admin('GET', `/messages/${msgId}/trail`)
      const isOpen = found.channels.some(({ state }: any) => state === 'due' || state === 'under_way')
      return found.channels.length > 0 && !isOpen && found
    })
  return { server, app, peer, device: peer.devices.get(token)!, settled }
}

const push = {
  platform: ['hmos'],
  audience: 'all',
  notification: {
    alert: 'On its way',
    hmos: {
      title: 'Parcel',
      category: 'EXPRESS',
      intent: { url: 'action.system.home' },
      extras: { order: 4711 },
    },
  },
  options: { time_to_live: 600 },
}

test('a sleeping phone is shown the push, and the reports count what Huawei has taken', async t => {
  const { app, device, settled } = await stage(t)
  const msgId = await app.push(push)
  const { channels } = await settled(msgId)
  assert.deepEqual(channels, [{ channel: 'hmos', state: 'accepted', count: 1 }])
  const [{ type, payload, pushOptions }] = device.all
  const { title, body, category, clickAction } = payload.notification
  assert.deepEqual([type, title, body, category], ['0', 'Parcel', 'On its way', 'EXPRESS'])
  assert.deepEqual([clickAction.data.msg_id, clickAction.data.extras], [msgId, { order: 4711 }])
  assert.ok(pushOptions.ttl <= 600)
  const [received] = await app.ok('GET', `/v3/received/detail?msg_ids=${msgId}`)
  assert.deepEqual([received.hmos_hmpns_sent, received.android_pns_sent], [1, null])
  const [{ android_pns, details }] = await app.ok('GET', `/v3/messages/detail?msg_ids=${msgId}`)
  const { target, sent, received: shown } = details.notification.sub_hmos.hmpns
  assert.deepEqual([target, sent, shown, android_pns.pns_target], [1, 1, null, null])
})

test('a push that may have been taken is sent once more and shown once; a dead token is forgotten', async t => {
  const { app, peer, device, settled } = await stage(t)
  peer.next.push(cut)
  const { attempts } = await settled(await app.push(push))
  assert.deepEqual(
    attempts.map(({ outcome }: any) => outcome),
    ['unknown', 'accepted'],
  )
  assert.equal(device.shown.size, 1)
  device.illegal = 'tokenFormatError'
  const { channels } = await settled(await app.push(push))
  assert.deepEqual(channels, [{ channel: 'hmos', state: 'dead_token', count: 1 }])
})

test('a message whose fate nobody knows is not sent again', async t => {
  const { app, peer, settled } = await stage(t)
  peer.next.push(cut)
  const { channels } = await settled(
    await app.push({ platform: 'all', audience: 'all', message: { msg_content: 'pay' } }),
  )
  assert.deepEqual(channels, [{ channel: 'hmos', state: 'unknown', count: 1 }])
  assert.equal(peer.http.asked[0]?.headers['push-type'], '6')
})

test('a card is refreshed by Huawei alone: it goes there although the app is connected and has the push', async t => {
  const { server, app, peer, settled } = await stage(t)
  const token = peer.addDevice()
  const access = await makeDevice(server, app, {
    platform: 'hmos',
    alias: 'awake',
    channels: { hmos: { token } },
  })
  const phone = await MqttDevice.connect(t, server, access, { appKey: app.app_key })
  const hm_payload = {
    formId: 1,
    version: 3,
    moduleName: 'm',
    formName: 'f',
    abilityName: 'a',
    formData: { n: 1 },
  }
  const card = { alert: '', push_type: 1, hm_payload }
  const audience = { alias: ['awake'] }
  const arrived = phone.next()
  // Push Kit refuses it for now, once the app has had it.
  peer.next.push(async (answer, asked) => {
    const { msg_id } = await arrived
    const path = `/v3/received/detail?msg_ids=${msg_id}`
    await eventually(
      () => app.ok('GET', path),
      ([row]) => row.hmos_msg_received === 1,
    )
    respond(503)(answer, asked)
  })
  const msgId = await app.push({ ...push, audience, notification: { hmos: card } })
  const { channels } = await settled(msgId)
  assert.deepEqual(channels, [{ channel: 'hmos', state: 'accepted', count: 1 }])
  assert.deepEqual(peer.devices.get(token)!.all[0].payload, hm_payload)
})

test('the key of the service account is not shown again', async t => {
  const { server, app, peer } = await stage(t)
  const shown = JSON.stringify(await server.admin('GET', `/apps/jpush/${app.name}`))
  assert.ok(shown.includes(peer.projectId))
  assert.ok(!shown.includes(peer.serviceAccount.private_key.split('\n')[1]!))
})

test('a group reports what Huawei has taken for its apps', async t => {
  const { server, app, settled } = await stage(t)
  const group = await server.admin('POST', '/app-groups', { org: 'jpush', name: 'phones', apps: [app.name] })
  const headers = { Authorization: basic(`group-${group.group_key}`, group.group_master_secret) }
  const { json } = await send(`${server.http}/v3/grouppush`, { headers, body: push })
  await settled(json[app.app_key].msg_id)
  const path = `/v3/group/messages/detail?group_msgids=${json.group_msgid}`
  const [{ hmos }] = (await send(`${server.http}${path}`, { headers })).json
  assert.deepEqual([hmos.hmpns_target, hmos.hmpns_sent, hmos.hmpns_received], [1, 1, null])
})
