// Pushes through a vendor, end to end: an app with credentials, a device without a socket, a push service of our own.
import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeDevice, register } from './devices.ts'
import { type JpushApp, makeJpushApp } from './jpush-client.ts'
import { MqttDevice } from './mqtt-device.ts'
import { peerCertificateFile } from './peers/certificate.ts'
import { send as answerWith } from './peers/http-peer.ts'
import { type BrowserSubscription, WebPushPeer } from './peers/web-push-peer.ts'
import { sharedApp, startApp, type TestApp } from './start-app.ts'
import { until } from './until.ts'

const hello = { platform: 'all', audience: 'all', message: { msg_content: 'x' } }

interface Stage {
  readonly server: TestApp
  readonly peer: WebPushPeer
  readonly app: JpushApp
  readonly name: string
  /** A browser that has subscribed, and registered as a device. */
  readonly browser: (alias?: string) => Promise<{ rid: string; subscription: BrowserSubscription }>
  readonly trail: (msgId: string, query?: string) => Promise<any>
  /** The trail once nothing is under way. */
  readonly settled: (msgId: string) => Promise<any>
}

const env = { POSTHOUSE_VENDOR_CA_FILE: peerCertificateFile(), POSTHOUSE_VENDOR_RETRY_MS: '20' }
const shared = sharedApp(env)

async function makeStage(t: TestContext, server = shared()): Promise<Stage> {
  const peer = await WebPushPeer.start(t)
  const app = await makeJpushApp(server)
  const { name } = app
  const { web_push } = (
    await server.admin('PATCH', `/apps/jpush/${name}`, {
      channels: {
        web_push: { subject: 'mailto:ops@example.com', allowed_hosts: [`127.0.0.1:${peer.http.port}`] },
      },
    })
  ).settings.channels
  const trail = (msgId: string, query = '') => server.admin('GET', `/messages/${msgId}/trail${query}`)
  return {
    server,
    peer,
    app,
    name,
    browser: async alias => {
      const subscription = peer.subscribe(web_push.public_key)
      const channels = { web_push: subscription.toJSON() }
      const registration = { platform: 'web', channels, ...(alias && { alias }) }
      return { rid: await register(server, app, registration), subscription }
    },
    trail,
    settled: msgId =>
      until(async () => {
        const found = await trail(msgId)
        const isOpen = found.channels.some(({ state }: any) => state === 'due' || state === 'under_way')
        return found.channels.length > 0 && !found.fanning_out && !isOpen && found
      }),
  }
}

test('a device that holds no socket gets the push through its vendor, and the trail says so', async t => {
  const { app, browser, settled } = await makeStage(t)
  const { rid, subscription } = await browser('ann')
  const msgId = await app.push({ ...hello, audience: { alias: ['ann'] } })
  const found = await settled(msgId)
  const [carried] = subscription.waiting
  assert.equal(JSON.parse(subscription.decrypt(carried!).toString()).msg_id, msgId)
  const { channels, attempts, accepted_at, ...rest } = found
  assert.deepEqual(channels, [{ channel: 'web_push', state: 'accepted', count: 1 }])
  assert.equal(attempts.length, 1)
  const { at, took_ms, ...attempt } = attempts[0]
  assert.ok(at >= accepted_at && took_ms >= 0)
  assert.deepEqual(attempt, {
    registration_id: rid,
    channel: 'web_push',
    attempt: 1,
    outcome: 'accepted',
    status: 201,
    reason: attempt.reason,
    retry_after_ms: null,
  })
  assert.deepEqual([rest.msg_id, rest.kind, rest.state, rest.broadcast], [msgId, 'push', 'live', false])
})

test('a device with a session gets it there, and through its vendor where the app or the push wants that', async t => {
  const { server, app, name, peer, trail, settled } = await makeStage(t)
  const { settings } = await server.admin('GET', `/apps/jpush/${name}`)
  const subscription = peer.subscribe(settings.channels.web_push.public_key)
  const access = await makeDevice(server, app, {
    platform: 'web',
    channels: { web_push: subscription.toJSON() },
  })
  const device = await MqttDevice.connect(t, server, access, { appKey: app.app_key })
  const first = await app.push(hello)
  assert.equal((await device.next()).msg_id, first)
  assert.deepEqual((await trail(first)).channels, [])
  const options = { third_party_channel: { web_push: { distribution: 'first_ospush' } } }
  const second = await app.push({ ...hello, options })
  assert.deepEqual((await settled(second)).channels, [{ channel: 'web_push', state: 'accepted', count: 1 }])
  // It acknowledges once the vendor has answered: what a device has received is not sent through its vendor any more.
  const answered = Promise.withResolvers<void>()
  device.client.handleMessage = (_, done) => void answered.promise.then(() => done())
  await server.admin('PATCH', `/apps/jpush/${name}`, { channels: { rule: 'vendor_always' } })
  const third = await app.push(hello)
  assert.equal((await settled(third)).attempts.length, 1)
  answered.resolve()
  const never = { third_party_channel: { web_push: { distribution: 'jpush' } } }
  const fourth = await app.push({ ...hello, options: never })
  for (const msgId of [third, fourth]) assert.equal((await device.next()).msg_id, msgId)
  assert.deepEqual((await trail(fourth)).channels, [])
})

test('what a device had not acknowledged when its session ended goes through its vendor', async t => {
  const { server, app, name, peer, settled, trail } = await makeStage(t)
  const { settings } = await server.admin('GET', `/apps/jpush/${name}`)
  const subscription = peer.subscribe(settings.channels.web_push.public_key)
  const access = await makeDevice(server, app, {
    platform: 'web',
    channels: { web_push: subscription.toJSON() },
  })
  const device = await MqttDevice.connect(t, server, access, { appKey: app.app_key })
  const received = await app.push(hello)
  assert.equal((await device.next()).msg_id, received)
  await until(async () => (await trail(received)).counts.web?.received === 1)
  // It takes nothing any more, then it is gone.
  device.client.handleMessage = () => {}
  const broadcast = await app.push(hello)
  const chosen = await app.push({ ...hello, audience: { registration_id: [access.rid] } })
  await device.client.endAsync(true)
  for (const msgId of [broadcast, chosen])
    assert.deepEqual((await settled(msgId)).channels, [{ channel: 'web_push', state: 'accepted', count: 1 }])
  assert.deepEqual((await trail(received)).channels, [])
})

test('a push to everybody goes through vendors to all who are away, each once', async t => {
  const { server, app, browser, settled, trail } = await makeStage(t)
  const browsers = []
  for (let count = 0; count < 30; count++) browsers.push(await browser())
  await register(server, app, { platform: 'android' })
  const msgId = await app.push(hello)
  const found = await settled(msgId)
  assert.deepEqual(found.channels, [{ channel: 'web_push', state: 'accepted', count: 30 }])
  for (const { subscription } of browsers) assert.equal(subscription.waiting.length, 1)
  const [page, rest] = [await trail(msgId, '?limit=20'), await trail(msgId, '?limit=20&after=')]
  assert.deepEqual(rest, page)
  const last = await trail(msgId, `?limit=20&after=${page.next}`)
  const rids = [...page.attempts, ...last.attempts].map(({ registration_id }: any) => registration_id)
  assert.deepEqual([rids.length, new Set(rids).size, last.next], [30, 30, undefined])
})

test('a token that is dead is tried once and forgotten; a new one of the same device is used', async t => {
  const { server, app, name, peer, settled, trail } = await makeStage(t)
  const { settings } = await server.admin('GET', `/apps/jpush/${name}`)
  const [old, fresh] = [1, 2].map(() => peer.subscribe(settings.channels.web_push.public_key))
  const access = await makeDevice(server, app, { platform: 'web', channels: { web_push: old!.toJSON() } })
  old!.isGone = true
  const first = await app.push(hello)
  const found = await settled(first)
  assert.deepEqual(found.channels, [{ channel: 'web_push', state: 'dead_token', count: 1 }])
  assert.deepEqual([found.attempts[0].outcome, found.attempts[0].status], ['dead_token', 410])
  const second = await app.push(hello)
  await until(async () => !(await trail(second)).fanning_out)
  assert.deepEqual((await trail(second)).channels, [])
  const response = await fetch(`${server.http}/device/v1/registrations/${access.rid}`, {
    method: 'PUT',
    headers: { Authorization: `Basic ${btoa(`${access.rid}:${access.password}`)}` },
    body: JSON.stringify({ channels: { web_push: fresh!.toJSON() } }),
  })
  assert.equal(response.status, 200)
  const third = await app.push(hello)
  assert.equal((await settled(third)).channels[0].state, 'accepted')
})

test('what a vendor cannot take now is tried again, when it says so and not before', async t => {
  const { app, browser, peer, settled } = await makeStage(t)
  await browser()
  let asked = 0
  peer.instead = answer => {
    if (++asked === 3) peer.instead = undefined
    answerWith(answer, asked === 1 ? 503 : 429, '', { 'retry-after': '1' })
  }
  const msgId = await app.push(hello)
  const { attempts, channels } = await settled(msgId)
  assert.deepEqual(channels, [{ channel: 'web_push', state: 'accepted', count: 1 }])
  assert.deepEqual(
    attempts.map(({ attempt, outcome, status, retry_after_ms }: any) => [
      attempt,
      outcome,
      status,
      retry_after_ms,
    ]),
    [
      [1, 'retry', 503, 1_000],
      [2, 'retry', 429, 1_000],
      [3, 'retry', 429, 1_000],
      [4, 'accepted', 201, null],
    ],
  )
  for (const [index, { at }] of attempts.entries())
    if (index > 0) assert.ok(at >= attempts[index - 1].at + 1_000)
})

test('a push that is withdrawn is not tried again', async t => {
  const server = await startApp(t, { ...env, POSTHOUSE_VENDOR_RETRY_MS: '300' })
  const { app, browser, peer, settled } = await makeStage(t, server)
  const { subscription } = await browser()
  peer.instead = answer => answerWith(answer, 500)
  const msgId = await app.push(hello)
  await peer.http.heard(1)
  await app.ok('DELETE', `/v3/push/${msgId}`)
  peer.instead = undefined
  assert.equal((await settled(msgId)).channels[0].state, 'withdrawn')
  assert.deepEqual(subscription.waiting, [])
})

test('credentials are sealed on the disk, shown without their secret, and gone when they are taken away', async t => {
  const { server, name, app, browser, trail } = await makeStage(t)
  await browser()
  const { settings } = await server.admin('GET', `/apps/jpush/${name}`)
  assert.deepEqual(Object.keys(settings.channels.web_push).sort(), ['allowed_hosts', 'public_key', 'subject'])
  const key = join(server.dataDir, 'credentials.key')
  assert.equal(statSync(key).mode & 0o777, 0o600)
  assert.equal(readFileSync(key).length, 32)
  const { private_key } = generated()
  await server.admin('PATCH', `/apps/jpush/${name}`, {
    channels: { web_push: { subject: 'mailto:ops@example.com', private_key } },
  })
  for (const file of ['posthouse.db', 'posthouse.db-wal'])
    assert.ok(!readFileSync(join(server.dataDir, file)).includes(private_key), file)
  const shown = JSON.stringify(await server.admin('GET', `/apps/jpush/${name}`))
  assert.ok(!shown.includes(private_key))
  const { settings: after } = await server.admin('PATCH', `/apps/jpush/${name}`, {
    channels: { web_push: null },
  })
  assert.deepEqual(after.channels, {})
  const msgId = await app.push(hello)
  assert.deepEqual((await trail(msgId)).channels, [])
})

function generated(): { private_key: string } {
  return { private_key: Buffer.alloc(32, 7).toString('base64url') }
}

test('what is no channel, or no address of one, is refused in words', async t => {
  const { server, name, app } = await makeStage(t)
  for (const [channels, words] of [
    [{ pigeon: {} }, /channels\.pigeon.*it is one of/],
    [{ web_push: 'x' }, /channels\.web_push.*object/],
    [{ web_push: { subject: 'nobody' } }, /subject/],
    [{ rule: 'maybe' }, /session_first/],
  ] as const)
    await assert.rejects(server.admin('PATCH', `/apps/jpush/${name}`, { channels }), words)
  for (const channels of [{ pigeon: {} }, { web_push: { endpoint: 'http://a' } }])
    await assert.rejects(register(server, app, { platform: 'web', channels }), /400/)
  await assert.rejects(server.admin('GET', '/messages/1/trail'), /404/)
  const msgId = await app.push({ ...hello, sms_message: { delay_time: 0, temp_id: 1 } }).catch(() => '')
  assert.equal(msgId, '')
})
