// Messages on their way to a phone that sleeps when the server dies: what was acknowledged is shown by it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from './http-client.ts'
import { ApnsPeer } from './peers/apns-peer.ts'
import { peerCertificateFile } from './peers/certificate.ts'
import { FcmPeer } from './peers/fcm-peer.ts'
import { ServerProcess } from './server-process.ts'
import { until } from './until.ts'

test('after kill -9 under load every acknowledged message is shown by each phone, once', async t => {
  const [apple, google] = [await ApnsPeer.start(t), await FcmPeer.start(t)]
  const env = { POSTHOUSE_VENDOR_CA_FILE: peerCertificateFile(), POSTHOUSE_VENDOR_RETRY_MS: '20' }
  const first = await ServerProcess.start(t, { env })
  const { http, apps, admin_token } = first.runtime
  const { org, app, client_id, client_secret } = apps[0]!
  const call = async (method: string, path: string, body: object, token = '') => {
    const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) }
    const answer = await send(http + path, { method, headers, body: JSON.stringify(body) })
    assert.equal(answer.status, 200, answer.text)
    return answer.json
  }
  const base = `/${org}/${app}`
  const channels = { apns: apple.credentials, fcm: google.credentials }
  await call('PATCH', `/admin/v1/apps${base}`, { channels }, admin_token)
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const { access_token } = await call('POST', `${base}/token`, grant)
  await call('POST', `${base}/users`, { username: 'bob', password: 'pw' }, access_token)
  const [iphone, android] = [apple.addDevice(), google.addDevice()]
  for (const binding of [
    { device_id: 'iphone', device_token: iphone, notifier_name: apple.topic },
    { device_id: 'android', device_token: android, notifier_name: google.projectId },
  ])
    await call('PUT', `${base}/users/bob/push/binding`, binding, access_token)

  const acknowledged = new Set<string>()
  const write = async (from: string) => {
    const message = { from, to: ['bob'], type: 'txt', body: { msg: 'x' } }
    for (;;) {
      const answer = await first.unlessKilled(call('POST', `${base}/messages/users`, message, access_token))
      if (!answer) return
      acknowledged.add(answer.data.bob)
    }
  }
  const load = ['a', 'b', 'c', 'd'].map(write)
  await Promise.all([apple.http.heard(50), google.http.heard(50)])
  first.kill('SIGKILL')
  await Promise.all(load)
  await ServerProcess.start(t, { dataDir: first.dataDir, env })
  /** The messages of the notifications that each phone shows: a repeat took the place of what it repeats. */
  const shownByApple = () =>
    [...apple.devices.get(iphone)!.shown.values()].map(({ payload }) => payload.m as string)
  const shownByGoogle = () => {
    const { shown, all } = google.devices.get(android)!
    const messages = new Map(all.map(({ data }) => [data.msg_id, JSON.parse(data.extras).m as string]))
    return [...shown.keys()].map(tag => messages.get(tag)!)
  }
  for (const shown of [shownByApple, shownByGoogle]) {
    await until(async () => acknowledged.isSubsetOf(new Set(shown())), 30_000)
    assert.equal(new Set(shown()).size, shown().length)
  }
})
