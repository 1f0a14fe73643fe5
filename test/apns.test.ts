// APNs against a peer that follows Apple's provider API: what it is sent, and what its answers are taken for.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { apns } from '../src/channels/apns.ts'
import { ChannelFault, type Members, type Outcome, type VendorPush } from '../src/channels/channel.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { connect, openChannel } from './open-channel.ts'
import { ApnsPeer, type AppleDevice } from './peers/apns-peer.ts'
import { appleCertificate } from './peers/apple-certificates.ts'
import { peerCertificate } from './peers/certificate.ts'
import { answer, cut, refuse, reset, silence } from './peers/http2-peer.ts'

const minute = 60_000

test('a notification reaches the device with what the push says of it', async t => {
  const { sender, device, token } = await connected(t)
  const notification = {
    alert: { title: 'Parcel', body: 'On its way' },
    sound: { critical: true, name: 'bell.caf', volume: 0.5 },
    badge: '7',
    'content-available': true,
    'mutable-content': 1,
    category: 'PARCEL',
    'thread-id': 'orders',
    'interruption-level': 'time-sensitive',
    extras: { order: 4711, aps: 'mine', msg_id: 'mine' },
  }
  const outcome = await sender.send({ token }, pushOf({ notification }))
  assert.deepEqual(outcome, { is: 'accepted', status: 200, reason: 'accepted' })
  assert.deepEqual(device.all[0]?.payload, {
    order: 4711,
    msg_id: '42',
    aps: {
      alert: { title: 'Parcel', body: 'On its way' },
      sound: { critical: 1, name: 'bell.caf', volume: 0.5 },
      badge: 7,
      'content-available': 1,
      'mutable-content': 1,
      category: 'PARCEL',
      'thread-id': 'orders',
      'interruption-level': 'time-sensitive',
    },
  })
  assert.deepEqual([device.all[0]?.type, device.all[0]?.priority], ['alert', '10'])
  assert.equal(device.all[0]?.expiration, String(Math.floor(pushOf({}).expiresAt / 1_000)))
})

test('a badge is shown where its number is known, cleared by 0 and "", and left alone by "+1"', async t => {
  const { sender, device, token } = await connected(t)
  for (const badge of [3, '4', 0, '', '+1', '-1', 'auto'])
    await sender.send({ token }, pushOf({ notification: { alert: 'a', badge } }))
  const badges = device.all.map(({ payload }) => payload.aps.badge)
  assert.deepEqual(badges, [3, 4, 0, 0, undefined, undefined, undefined])
})

test('a message alone wakes the app without a notification, and so does one that is not to be shown', async t => {
  const { sender, device, token } = await connected(t)
  const message = { msg_content: 'order:4711', extras: { a: 1 } }
  await sender.send({ token }, pushOf({ message }))
  await sender.send({ token }, pushOf({ notification: { alert: '', extras: { b: 2 } } }))
  const aps = { 'content-available': 1 }
  assert.deepEqual(device.all[0]?.payload, { msg_id: '42', message, aps })
  assert.deepEqual(device.all[1]?.payload, { b: 2, msg_id: '42', aps })
  assert.deepEqual(
    device.all.map(({ type, priority }) => [type, priority]),
    [
      ['background', '5'],
      ['background', '5'],
    ],
  )
})

test('a message is shown by the notification that the push has for an absent app, in both of its forms', async t => {
  const { sender, device, token } = await connected(t)
  const message = { msg_content: 'x' }
  await sender.send({ token }, pushOf({ message, notification3rd: { title: 'T', content: 'C' } }))
  const options = { notification_3rd_ver: 'v2' }
  await sender.send({ token }, pushOf({ message, options, notification3rd: { ios: { alert: 'C2' } } }))
  await sender.send({ token }, pushOf({ message, options, notification3rd: { android: { alert: 'C3' } } }))
  const alerts = device.all.map(({ payload }) => payload.aps.alert)
  assert.deepEqual(alerts, [{ title: 'T', body: 'C' }, 'C2', undefined])
  assert.ok(device.all.every(({ payload }) => payload.message.msg_content === 'x'))
})

test('a call goes to the token for calls under the topic for calls, with what the push says of it', async t => {
  const { sender, peer, device, token } = await connected(t)
  const voip_token = peer.addDevice()
  const notification = { alert: 'Call', voip: { caller: 'Ann' } }
  await sender.send({ token, voip_token }, pushOf({ notification }))
  const called = peer.devices.get(voip_token)!
  assert.deepEqual(called.all[0]?.payload, { caller: 'Ann', msg_id: '42' })
  assert.deepEqual([called.all[0]?.type, called.all[0]?.expiration], ['voip', '0'])
  // Without one, what else the push has is shown.
  await sender.send({ token }, pushOf({ notification }))
  assert.deepEqual(device.all[0]?.payload, { msg_id: '42', aps: { alert: 'Call' } })
})

test('a live activity gets its event, its state and the time of it', async t => {
  const { sender, peer, token } = await connected(t)
  const live_activity_token = peer.addDevice()
  const liveActivity = {
    event: 'update',
    'content-state': { eta: 5 },
    'stale-date': 1_900_000_000,
    'apns-priority': 5,
  }
  const push = pushOf({ liveActivity })
  await sender.send({ token, live_activity_token }, push)
  const [got] = peer.devices.get(live_activity_token)!.all
  const timestamp = Math.floor(push.sentAt / 1_000)
  assert.deepEqual(got?.payload.aps, {
    timestamp,
    event: 'update',
    'content-state': { eta: 5 },
    'stale-date': 1_900_000_000,
  })
  assert.deepEqual([got?.type, got?.priority], ['liveactivity', '5'])
})

test('a repeat has the same id and replaces the first, and an overriding push what it overrides', async t => {
  const { sender, device, token } = await connected(t)
  const first = pushOf({ notification: { alert: 'a' } })
  await sender.send({ token }, first)
  await sender.send({ token }, first)
  await sender.send({ token }, pushOf({ msgId: '43', chainRoot: '42', notification: { alert: 'b' } }))
  assert.deepEqual([...device.shown.keys()], ['42'])
  assert.equal(device.shown.get('42')?.payload.aps.alert, 'b')
  assert.equal(device.all[0]?.id, device.all[1]?.id)
  assert.notEqual(device.all[1]?.id, device.all[2]?.id)
  const options = { apns_collapse_id: 'score' }
  await sender.send({ token }, pushOf({ options, notification: { alert: 'c' } }))
  assert.deepEqual([...device.shown.keys()], ['42', 'score'])
})

test('only what replaces itself is called repeatable', () => {
  const repeatable = (part: Partial<VendorPush>) => apns.isRepeatable(pushOf(part))
  assert.ok(repeatable({ notification: { alert: 'a' } }))
  assert.ok(repeatable({ liveActivity: { event: 'update' } }))
  assert.ok(!repeatable({ liveActivity: { event: 'start' } }))
  assert.ok(!repeatable({ message: { msg_content: 'x' } }))
  assert.ok(!repeatable({ notification: { alert: 'a', voip: {} } }))
})

test('a push that is too big is refused before it is sent; a message that does not fit beside its notification is left out', async t => {
  const { sender, peer, device, token } = await connected(t)
  const long = 'x'.repeat(4_000)
  const refused = await sender.send({ token }, pushOf({ message: { msg_content: long, title: long } }))
  assert.equal(refused.is, 'refused')
  assert.match(refused.reason, /^80\d\d bytes, not 4096 at most$/)
  assert.equal(peer.http.asked.length, 0)
  const both = { notification: { alert: 'y'.repeat(1_000) }, message: { msg_content: long } }
  assert.equal((await sender.send({ token }, pushOf(both))).is, 'accepted')
  assert.equal(device.all[0]?.payload.message, undefined)
})

test('one token serves many requests, and is renewed between 20 and 60 minutes', async t => {
  const { sender, peer, token, clock } = await connected(t)
  const push = pushOf({ notification: { alert: 'a' } })
  const sends = Array.from({ length: 50 }, () => sender.send({ token }, push))
  for (const outcome of await Promise.all(sends)) assert.equal(outcome.is, 'accepted')
  for (let at = 0; at < 240; at += 5) {
    clock.advance(5 * minute)
    assert.equal((await sender.send({ token }, push)).is, 'accepted')
  }
  const tokens = new Set(peer.http.asked.map(({ headers }) => headers.authorization))
  assert.equal(tokens.size, 7)
  assert.equal(peer.http.sessionsEver, 1)
})

test('a token that APNs calls expired is replaced, unless it is too young to be', async t => {
  const { sender, peer, token, clock } = await connected(t)
  const push = pushOf({ notification: { alert: 'a' } })
  await sender.send({ token }, push)
  const expired = answer(403, { reason: 'ExpiredProviderToken' })
  peer.next.push(expired)
  assert.deepEqual(await sender.send({ token }, push), ofApp(403, 'ExpiredProviderToken', 30 * minute))
  clock.advance(25 * minute)
  peer.next.push(expired)
  assert.deepEqual(await sender.send({ token }, push), ofApp(403, 'ExpiredProviderToken', 1_000))
  assert.equal((await sender.send({ token }, push)).is, 'accepted')
})

test('a sender that starts again keeps its token, as APNs wants it, unless its key is another', async t => {
  const { peer, token, clock } = await connected(t)
  const push = pushOf({ notification: { alert: 'a' } })
  let text = ''
  const memory = {
    read: () => text,
    write: async (changed: string) => {
      text = changed
    },
  }
  const start = (more = {}) => openChannel(t, apns, { ...peer.credentials, ...more }, clock, 10_000, memory)
  const tokens = () => peer.http.asked.map(({ headers }) => headers.authorization)
  assert.equal((await start().send({ token }, push)).is, 'accepted')
  clock.advance(minute)
  assert.equal((await start().send({ token }, push)).is, 'accepted')
  assert.equal(tokens()[1], tokens()[0])
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
  await start({ key }).send({ token }, push)
  assert.notEqual(tokens()[2], tokens()[0])
})

test('a key that is not the team’s concerns the app, for an operator to mend', async t => {
  const { peer, token, clock } = await connected(t)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const sender = openChannel(t, apns, { ...peer.credentials, key }, clock)
  const outcome = await sender.send({ token }, pushOf({ notification: { alert: 'a' } }))
  assert.deepEqual(outcome, ofApp(403, 'InvalidProviderToken', 30 * minute))
})

test('a device that has gone is dead since when APNs says', async t => {
  const { sender, device, token } = await connected(t)
  const push = pushOf({ notification: { alert: 'a' } })
  device.unregisteredAt = 1_700_000_000_123
  const since = 1_700_000_000_123
  assert.deepEqual(await sender.send({ token }, push), {
    is: 'dead_token',
    status: 410,
    reason: 'Unregistered',
    since,
  })
  device.isExpired = true
  assert.deepEqual(await sender.send({ token }, push), {
    is: 'dead_token',
    status: 410,
    reason: 'ExpiredToken',
  })
})

test('an unknown token is dead in its own environment, not where the push alone has chosen the sandbox', async t => {
  const { sender } = await connected(t)
  const token = 'ab'.repeat(32)
  const notification = { alert: 'a' }
  const options = { apns_production: 'false' }
  const send = async (address: Members, push: VendorPush) => (await sender.send(address, push)).is
  assert.equal(await send({ token }, pushOf({ notification })), 'dead_token')
  assert.equal(await send({ token }, pushOf({ notification, options })), 'refused')
  assert.equal(await send({ token, environment: 'sandbox' }, pushOf({ notification, options })), 'dead_token')
})

test('a token of another app is dead once the topic has proved right; a wrong topic ends no token', async t => {
  const { sender, peer, token } = await connected(t)
  const other = peer.addDevice('com.acme.other')
  const push = pushOf({ notification: { alert: 'a' } })
  const outcome = { status: 400, reason: 'DeviceTokenNotForTopic' }
  assert.deepEqual(await sender.send({ token: other }, push), { is: 'refused', ...outcome })
  assert.equal((await sender.send({ token: other, topic: 'com.acme.other' }, push)).is, 'accepted')
  assert.deepEqual(await sender.send({ token: other }, push), { is: 'refused', ...outcome })
  await sender.send({ token }, push)
  assert.deepEqual(await sender.send({ token: other }, push), { is: 'dead_token', ...outcome })
})

test('a call or an activity that finds no device ends no token of the app', async t => {
  const { sender, token } = await connected(t)
  await sender.send({ token }, pushOf({ notification: { alert: 'a' } }))
  const address = { token, live_activity_token: 'cd'.repeat(32), voip_token: 'cd'.repeat(32) }
  assert.equal((await sender.send(address, pushOf({ liveActivity: { event: 'end' } }))).is, 'refused')
  assert.equal((await sender.send(address, pushOf({ notification: { voip: {} } }))).is, 'refused')
})

const app = { is: 'retry', of: 'app', retryAfterMs: 30 * minute }
const provider = { is: 'retry', of: 'provider' }
const documented: readonly [status: number, reason: string, meaning: object][] = [
  [400, 'BadCollapseId', { is: 'refused' }],
  [400, 'BadDeviceToken', { is: 'dead_token' }],
  [400, 'BadExpirationDate', { is: 'refused' }],
  [400, 'BadMessageId', { is: 'refused' }],
  [400, 'BadPriority', { is: 'refused' }],
  [400, 'BadTopic', app],
  [400, 'DeviceTokenNotForTopic', { is: 'refused' }],
  [400, 'DuplicateHeaders', { is: 'refused' }],
  [400, 'IdleTimeout', provider],
  [400, 'InvalidPushType', { is: 'refused' }],
  [400, 'MissingDeviceToken', { is: 'refused' }],
  [400, 'MissingTopic', app],
  [400, 'PayloadEmpty', { is: 'refused' }],
  [400, 'TopicDisallowed', app],
  [403, 'BadCertificate', app],
  [403, 'BadCertificateEnvironment', app],
  [403, 'Forbidden', app],
  [403, 'InvalidProviderToken', app],
  [403, 'MissingProviderToken', app],
  [403, 'UnrelatedKeyIdInToken', app],
  [403, 'BadEnvironmentKeyIdInToken', app],
  [404, 'BadPath', { is: 'refused' }],
  [405, 'MethodNotAllowed', { is: 'refused' }],
  [410, 'ExpiredToken', { is: 'dead_token' }],
  [410, 'Unregistered', { is: 'dead_token' }],
  [413, 'PayloadTooLarge', { is: 'refused' }],
  [429, 'TooManyProviderTokenUpdates', app],
  [429, 'TooManyRequests', { is: 'retry', of: 'device' }],
  [500, 'InternalServerError', provider],
  [503, 'ServiceUnavailable', provider],
  [503, 'Shutdown', provider],
  // Not APNs's own, but of what may stand before it.
  [403, 'SomethingNew', app],
  [418, 'SomethingNew', { is: 'refused' }],
  [502, 'SomethingNew', provider],
  [504, 'SomethingNew', { is: 'unknown' }],
]

test('every documented refusal has its meaning', async t => {
  const { sender, peer, token } = await connected(t)
  for (const [status, reason, meaning] of documented) {
    peer.next.push(answer(status, { reason }))
    const outcome = await sender.send({ token }, pushOf({ notification: { alert: 'a' } }))
    assert.deepEqual(outcome, { ...meaning, status, reason }, reason)
  }
})

test('the wait that an answer asks for is kept', async t => {
  const { sender, peer, token } = await connected(t)
  const push = pushOf({ notification: { alert: 'a' } })
  peer.next.push(answer(503, { reason: 'Shutdown' }, { 'retry-after': '17' }))
  const outcome = await sender.send({ token }, push)
  assert.deepEqual(outcome, { ...provider, status: 503, reason: 'Shutdown', retryAfterMs: 17_000 })
})

test('an answer that is not APNs’s is taken by its status, and nothing of its text is repeated', async t => {
  const { sender, peer, token } = await connected(t)
  const send = () => sender.send({ token }, pushOf({ notification: { alert: 'a' } }))
  for (const body of ['<html>secret</html>', { reason: 'a secret text' }, { reason: 7 }, undefined]) {
    peer.next.push(answer(503, body))
    assert.deepEqual(await send(), { ...provider, status: 503, reason: 'status 503 without a reason' })
  }
})

test('a network that fails before the request was read is tried again, one that fails after it is unknown', async t => {
  const { sender, peer, token, clock } = await connected(t, 1_000)
  const send = () => sender.send({ token }, pushOf({ notification: { alert: 'a' } }))
  assert.equal((await send()).is, 'accepted')
  peer.next.push(refuse, refuse)
  assert.deepEqual(await send(), { ...provider, reason: 'the peer refused the stream' })
  peer.next.push(reset(constants.NGHTTP2_INTERNAL_ERROR))
  assert.equal((await send()).is, 'unknown')
  peer.next.push(cut)
  assert.equal((await send()).is, 'unknown')
  peer.next.push(silence)
  assert.deepEqual(await send(), { is: 'unknown', reason: 'no answer in time' })
  assert.equal((await send()).is, 'accepted')
  const { credentials } = peer
  await peer.http.stop()
  const refused = { ...provider, reason: 'the connection failed (ECONNREFUSED)' }
  assert.deepEqual(
    await openChannel(t, apns, credentials, clock).send({ token }, pushOf({ message: {} })),
    refused,
  )
})

test('an APNs that says goodbye loses no push', async t => {
  const { sender, peer, token, device } = await connected(t)
  const send = (msgId: string) => sender.send({ token }, pushOf({ msgId, notification: { alert: 'a' } }))
  await send('1')
  peer.next.push(stream => stream.session?.goaway(constants.NGHTTP2_NO_ERROR, 1))
  assert.equal((await send('2')).is, 'accepted')
  assert.deepEqual([device.all.length, peer.http.sessionsEver], [2, 2])
})

test('an app without a key is known by the certificate of the environment that is asked for', async t => {
  const { peer, token, clock } = await connected(t)
  const [production, sandbox] = [appleCertificate(), appleCertificate()]
  for (const { cert } of [production, sandbox]) peer.addCertificate(cert)
  const sender = openChannel(t, apns, certified(peer, { production, sandbox }), clock)
  const send = (options: Members) => sender.send({ token }, pushOf({ options, notification: { alert: 'a' } }))
  for (const asked of ['true', 'false', false, true])
    assert.equal((await send({ apns_production: asked })).is, 'accepted')
  const fingerprints = [production, sandbox].map(({ cert }) => new X509Certificate(cert).fingerprint256)
  assert.deepEqual(
    peer.shown.map(shown => fingerprints.indexOf(shown)),
    [0, 1, 1, 0],
  )
  assert.equal(peer.http.sessionsEver, 2)
  assert.ok(peer.http.asked.every(({ headers }) => headers.authorization === undefined))
})

test('where there is a key, the certificate is not shown', async t => {
  const { peer, token, clock } = await connected(t)
  const credentials = { ...peer.credentials, ...certified(peer, { production: appleCertificate() }) }
  const sender = openChannel(t, apns, credentials, clock)
  assert.equal((await sender.send({ token }, pushOf({ notification: { alert: 'a' } }))).is, 'accepted')
  assert.deepEqual(peer.shown, [''])
})

test('a certificate that APNs does not know concerns the app; what it cannot carry ends the push', async t => {
  const { peer, token, clock } = await connected(t)
  const sender = openChannel(t, apns, certified(peer, { production: appleCertificate() }), clock)
  const send = (part: Partial<VendorPush>) => sender.send({ token }, pushOf(part))
  const notification = { alert: 'a' }
  assert.deepEqual(await send({ notification }), ofApp(403, 'BadCertificate', 30 * minute))
  const refused = (reason: string) => ({ is: 'refused', reason })
  assert.deepEqual(
    await send({ notification, options: { apns_production: false } }),
    refused('the app has no certificate for the sandbox environment'),
  )
  assert.deepEqual(
    await send({ liveActivity: { event: 'update' } }),
    refused('APNs takes live activities with a token key only'),
  )
  clock.advance(3 * 24 * 60 * minute)
  assert.deepEqual(
    await send({ notification }),
    refused('the certificate for the production environment has expired'),
  )
  assert.equal(peer.http.asked.length, 1)
})

test('a handshake that the certificate fails concerns the app alone', async t => {
  const clock = new ManualClock(Date.now())
  const base_url = await startDistrustful(t)
  const { cert: certificate, key } = appleCertificate()
  const sender = openChannel(t, apns, { base_url, production_certificate: { certificate, key } }, clock)
  const outcome = await sender.send({ token: 'ab'.repeat(32) }, pushOf({ notification: { alert: 'a' } }))
  assert.match(outcome.reason, /ERR_SSL_\w*ALERT/)
  assert.deepEqual(outcome, { ...app, reason: outcome.reason })
})

test('credentials are read whole, kept where they are not sent again, and their key is never shown', async t => {
  const peer = await ApnsPeer.start(t)
  const first = apns.readCredentials(peer.credentials, undefined)
  const shown = { team_id: peer.teamId, key_id: peer.keyId, topic: peer.topic, base_url: peer.http.url }
  assert.deepEqual(first, { shown, secret: { key: peer.key.trim() } })
  const second = apns.readCredentials({ topic: 'com.acme.new', base_url: null }, first)
  assert.deepEqual(second.shown, { team_id: peer.teamId, key_id: peer.keyId, topic: 'com.acme.new' })
  assert.equal(second.secret.key, peer.key.trim())
})

test('certificates are read with what they say, and removed one by one', () => {
  const { cert: certificate, key } = appleCertificate()
  const both = { production_certificate: { certificate, key }, sandbox_certificate: { certificate, key } }
  const first = apns.readCredentials(both, undefined)
  const { fingerprint256: fingerprint, validToDate } = new X509Certificate(certificate)
  const shown = { fingerprint, expires_at: validToDate.getTime(), topic: 'com.acme.chat' }
  assert.deepEqual(first.shown, {
    topic: 'com.acme.chat',
    production_certificate: shown,
    sandbox_certificate: shown,
  })
  assert.deepEqual(apns.readCredentials(first.shown, first), first)
  const second = apns.readCredentials({ production_certificate: null }, first)
  assert.deepEqual(second.shown, { topic: 'com.acme.chat', sandbox_certificate: shown })
  assert.deepEqual(Object.keys(second.secret), ['sandbox_certificate', 'sandbox_certificate_key'])
  const [other, nameless] = [appleCertificate({ topic: 'com.acme.other' }), appleCertificate({ topic: '' })]
  const named = {
    topic: 'com.acme.chat',
    production_certificate: { ...nameless, certificate: nameless.cert },
  }
  assert.equal(apns.readCredentials(named, undefined).shown.topic, 'com.acme.chat')
  for (const wanted of [
    { sandbox_certificate: null },
    { topic: 'com.acme.other' },
    { production_certificate: { certificate: other.cert, key: other.key } },
    { production_certificate: { certificate, key: other.key } },
    { production_certificate: { certificate: 'secret', key } },
    { production_certificate: { certificate } },
    { production_certificate: 'secret' },
    { team_id: 'TEAM123456' },
  ]) {
    const isFault = (error: unknown) => error instanceof ChannelFault && !error.message.includes('secret')
    assert.throws(() => apns.readCredentials(wanted, second), isFault, JSON.stringify(wanted))
  }
})

test('credentials that cannot work are refused, without a word of the key', async t => {
  const { credentials } = await ApnsPeer.start(t)
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  })
  const wrong: Members[] = [
    { ...credentials, team_id: 'short' },
    { ...credentials, key_id: undefined },
    { ...credentials, topic: 'com.acme\r\nx' },
    { ...credentials, key: 'secret' },
    { ...credentials, key: credentials.key.replace(/[A-Za-z]{8}/, 'secretss') },
    { ...credentials, key: rsa },
    { ...credentials, base_url: 'http://127.0.0.1' },
    { ...credentials, base_url: 'https://user:secret@host' },
    { ...credentials, p12: 'x' },
    {},
  ]
  for (const wanted of wrong) {
    const isFault = (error: unknown) => error instanceof ChannelFault && !error.message.includes('secret')
    assert.throws(() => apns.readCredentials(wanted, undefined), isFault, JSON.stringify(wanted))
  }
})

test('an address is a token in hexadecimal digits, and what the device says of it', () => {
  const token = 'AB'.repeat(32)
  const address = { token, environment: 'sandbox', topic: 'com.acme.chat', voip_token: token }
  const read = { ...address, token: token.toLowerCase(), voip_token: token.toLowerCase() }
  assert.deepEqual(apns.readAddress({ ...address, other: 1 }), read)
  for (const value of [
    undefined,
    [],
    'x',
    {},
    { token: '/../x' },
    { token: 'abc' },
    { token, environment: 'test' },
    { token, topic: 'a b' },
    { token, voip_token: 7 },
  ])
    assert.throws(() => apns.readAddress(value), ChannelFault)
})

function certified(
  peer: ApnsPeer,
  certificates: Readonly<Record<string, { readonly cert: string; readonly key: string }>>,
): Members {
  const given = Object.entries(certificates).map(([environment, { cert: certificate, key }]) => [
    `${environment}_certificate`,
    { certificate, key },
  ])
  return { base_url: peer.http.url, ...Object.fromEntries(given) }
}

/** A server that ends the handshake of clients whose certificate it has not signed: Node's own answers them. */
async function startDistrustful(t: TestContext): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-distrustful-'))
  const { cert, key } = peerCertificate()
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  writeFileSync(certFile, cert)
  writeFileSync(keyFile, key)
  const trusted = ['-CAfile', certFile, '-Verify', '1', '-verify_return_error']
  const told = ['-accept', '127.0.0.1:0', '-alpn', 'h2', '-cert', certFile, '-key', keyFile]
  const server = spawn('openssl', ['s_server', ...told, ...trusted])
  t.after(() => {
    server.kill()
    rmSync(folder, { recursive: true })
  })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let said = ''
  server.on('close', () => reject(new Error(`openssl has ended: ${said}`)))
  server.stdout.on('data', chunk => {
    said += chunk
    const port = /ACCEPT 127\.0\.0\.1:(\d+)\n/.exec(said)?.[1]
    if (port !== undefined) resolve(`https://127.0.0.1:${port}`)
  })
  return promise
}

function connected(t: TestContext, timeoutMs?: number) {
  return connect<AppleDevice, ApnsPeer>(t, apns, ApnsPeer.start(t, 0, true), { timeoutMs })
}

function pushOf(part: Partial<VendorPush>): VendorPush {
  const sentAt = 1_800_000_000_500
  const times = { sentAt, expiresAt: sentAt + 86_400_000 }
  return { msgId: '42', platform: 'ios', options: {}, chainRoot: '', ...times, ...part }
}

function ofApp(status: number, reason: string, retryAfterMs: number): Outcome {
  return { is: 'retry', of: 'app', status, reason, retryAfterMs }
}
