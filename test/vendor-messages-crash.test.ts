// Messages on their way to a phone that sleeps when the server dies: what was acknowledged is shown by the phone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from './http-client.ts'
import { peerCertificateFile } from './peers/certificate.ts'
import { FcmPeer } from './peers/fcm-peer.ts'
import { ServerProcess } from './server-process.ts'
import { until } from './until.ts'

test('after kill -9 under load every acknowledged message is shown by the bound Android phone, once', async t => {
  const google = await FcmPeer.start(t)
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
  await call('PATCH', `/admin/v1/apps${base}`, { channels: { fcm: google.credentials } }, admin_token)
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const { access_token } = await call('POST', `${base}/token`, grant)
  await call('POST', `${base}/users`, { username: 'bob', password: 'pw' }, access_token)
  const android = google.addDevice()
  const binding = { device_id: 'android', device_token: android, notifier_name: google.projectId }
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
  await google.http.heard(100)
  first.kill('SIGKILL')
  await Promise.all(load)
  await ServerProcess.start(t, { dataDir: first.dataDir, env })
  /** By message, the notifications that the phone shows; a repeat took the place of what it repeats. */
  const shown = () => {
    const { shown, all } = google.devices.get(android)!
    const messages = all.map(({ data }) => ({ tag: data.msg_id, id: JSON.parse(data.extras).m as string }))
    return Map.groupBy(
      messages.filter(({ tag }) => shown.has(tag)),
      ({ id }) => id,
    )
  }
  await until(async () => acknowledged.isSubsetOf(shown()), 60_000)
  for (const [msgId, messages] of shown())
    assert.equal(new Set(messages.map(({ tag }) => tag)).size, 1, msgId)
})
