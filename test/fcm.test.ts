// FCM against a peer that follows Google's token endpoint and HTTP v1 API: what it is sent, what its answers are taken for.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { constants } from 'node:http2'
import { type TestContext, test } from 'node:test'
import { ChannelFault, type Members, type VendorPush } from '../src/channels/channel.ts'
import { fcm } from '../src/channels/fcm.ts'
import { connect, openChannel } from './open-channel.ts'
import { type AndroidDevice, FcmPeer, fieldViolation, rpcError } from './peers/fcm-peer.ts'
import { answer, cut, refuse, reset, silence } from './peers/http2-peer.ts'

const minute = 60_000
const accepted = { is: 'accepted', status: 200, reason: 'accepted' }

test('a notification is shown with what the push says of it', async t => {
  const { sender, device, token, clock } = await connected(t)
  const notification = {
    alert: 'On its way',
    title: 'Parcel',
    channel_id: 'orders',
    priority: 1,
    sound: 'bell',
    style: 3,
    big_pic_path: 'https://example.com/a.png',
    icon_bg_color: '#12abEF',
    uri_action: 'OPEN',
    badge_set_num: 4,
    alert_type: 5,
    extras: { order: 4711, from: 'mine' },
  }
  const push = pushOf({ notification, message: { msg_content: 'x' }, sentAt: clock.now() })
  assert.deepEqual(await sender.send({ token }, push), accepted)
  assert.deepEqual(device.all[0], {
    token,
    data: {
      msg_id: '42',
      sent_at: String(clock.now()),
      extras: '{"order":4711,"from":"mine"}',
      message: '{"msg_content":"x"}',
    },
    android: {
      priority: 'HIGH',
      ttl: '3600s',
      collapse_key: '42',
      notification: {
        title: 'Parcel',
        body: 'On its way',
        tag: '42',
        channel_id: 'orders',
        sound: 'bell',
        color: '#12abEF',
        image: 'https://example.com/a.png',
        click_action: 'OPEN',
        notification_priority: 'PRIORITY_HIGH',
        notification_count: 4,
        default_sound: true,
        default_light_settings: true,
      },
    },
  })
})

test('what is not to be shown is data alone, and does not wake a phone that sleeps', async t => {
  const { sender, device, token } = await connected(t)
  await sender.send({ token }, pushOf({ message: { msg_content: 'x' } }))
  await sender.send({ token }, pushOf({ notification: { alert: '', extras: { a: 1 } } }))
  assert.deepEqual(device.all[0].android, { priority: 'NORMAL', ttl: '3600s' })
  assert.deepEqual(device.all[1].android, { priority: 'NORMAL', ttl: '3600s' })
  assert.equal(device.all[1].data.extras, '{"a":1}')
})

test('a message is shown by the notification that the push has for an absent app', async t => {
  const { sender, device, token } = await connected(t)
  const message = { msg_content: 'x' }
  await sender.send({ token }, pushOf({ message, notification3rd: { title: 'T', content: 'C' } }))
  const [{ android, data }] = device.all
  assert.deepEqual([android.notification.title, android.notification.body], ['T', 'C'])
  assert.equal(data.message, '{"msg_content":"x"}')
})

test('what the push says for FCM alone wins', async t => {
  const { sender, device, token } = await connected(t)
  const options = { third_party_channel: { fcm: { channel_id: 'fcm' } } }
  await sender.send(
    { token },
    pushOf({ options, notification: { alert: 'a', channel_id: 'all', priority: -2 } }),
  )
  const { notification, priority } = device.all[0].android
  assert.deepEqual([notification.channel_id, notification.notification_priority], ['fcm', 'PRIORITY_MIN'])
  assert.equal(priority, 'NORMAL')
})

test('a repeat takes the place of the first, and an overriding push of what it overrides', async t => {
  const { sender, device, token } = await connected(t)
  const first = pushOf({ notification: { alert: 'a' } })
  await sender.send({ token }, first)
  await sender.send({ token }, first)
  await sender.send({ token }, pushOf({ msgId: '43', chainRoot: '42', notification: { alert: 'b' } }))
  assert.deepEqual(
    [...device.shown].map(([tag, { body }]) => [tag, body]),
    [['42', 'b']],
  )
  assert.ok(fcm.isRepeatable(first))
  assert.ok(!fcm.isRepeatable(pushOf({ message: { msg_content: 'x' } })))
  assert.ok(!fcm.isRepeatable(pushOf({ notification: { alert: '' } })))
})

test('the time to live is what is left of it, four weeks at most', async t => {
  const { sender, device, token, clock } = await connected(t)
  const notification = { alert: 'a' }
  const sentAt = clock.now()
  for (const left of [1_999, -5_000, 90 * 86_400_000])
    await sender.send({ token }, pushOf({ notification, sentAt, expiresAt: sentAt + left }))
  const ttls = device.all.map(({ android }) => android.ttl)
  assert.deepEqual(ttls, ['1s', '0s', '2419200s'])
})

test('many pushes share one access token, which is renewed before its end', async t => {
  const { sender, peer, token, clock } = await connected(t)
  const push = pushOf({ notification: { alert: 'a' } })
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => sender.send({ token }, push)))
  for (const outcome of outcomes) assert.deepEqual(outcome, accepted)
  assert.equal(peer.granted, 1)
  for (let passed = 0; passed < 180; passed++) {
    clock.advance(minute)
    assert.deepEqual(await sender.send({ token }, push), accepted)
  }
  assert.equal(peer.granted, 4)
})

test('an access token that is not taken any more is replaced, unless it has only just come', async t => {
  const { sender, peer, token, clock } = await connected(t)
  const push = pushOf({ notification: { alert: 'a' } })
  await sender.send({ token }, push)
  peer.revokeTokens()
  const refused = { is: 'retry', of: 'app', status: 401, reason: 'UNAUTHENTICATED' }
  assert.deepEqual(await sender.send({ token }, push), { ...refused, retryAfterMs: 30 * minute })
  clock.advance(2 * minute)
  assert.deepEqual(await sender.send({ token }, push), { ...refused, retryAfterMs: 1_000 })
  assert.deepEqual(await sender.send({ token }, push), accepted)
})

test('an account whose key Google does not know concerns the app, for an operator to mend', async t => {
  const { peer, token, clock } = await connected(t)
  const private_key = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  })
  const service_account = { ...peer.serviceAccount, private_key }
  const sender = openChannel(t, fcm, { ...peer.credentials, service_account }, clock)
  const outcome = await sender.send({ token }, pushOf({ notification: { alert: 'a' } }))
  const reason = 'no access token: invalid_grant'
  assert.deepEqual(outcome, { is: 'retry', of: 'app', status: 400, reason, retryAfterMs: 30 * minute })
  assert.equal(peer.messages.length, 0)
})

test('a device that is no longer registered is dead', async t => {
  const { sender, device, token } = await connected(t)
  device.isUnregistered = true
  const outcome = await sender.send({ token }, pushOf({ notification: { alert: 'a' } }))
  assert.deepEqual(outcome, { is: 'dead_token', status: 404, reason: 'UNREGISTERED' })
})

test('a token that is none is dead; a message that is too big is refused and ends no token', async t => {
  const { sender, token } = await connected(t)
  const notification = { alert: 'a' }
  const invalid = { status: 400, reason: 'INVALID_ARGUMENT' }
  const none = await sender.send({ token: 'x'.repeat(30) }, pushOf({ notification }))
  assert.deepEqual(none, { is: 'dead_token', ...invalid })
  const big = await sender.send({ token }, pushOf({ notification: { alert: 'a'.repeat(5_000) } }))
  assert.deepEqual(big, { is: 'refused', ...invalid })
})

test('a token of another sender is dead once the account has proved right', async t => {
  const { sender, peer, token } = await connected(t)
  const other = peer.addDevice('another-project')
  const push = pushOf({ notification: { alert: 'a' } })
  const mismatch = { status: 403, reason: 'SENDER_ID_MISMATCH' }
  assert.deepEqual(await sender.send({ token: other }, push), { is: 'refused', ...mismatch })
  await sender.send({ token }, push)
  assert.deepEqual(await sender.send({ token: other }, push), { is: 'dead_token', ...mismatch })
})

const operators = { is: 'retry', of: 'app', retryAfterMs: 30 * minute }
const provider = { is: 'retry', of: 'provider', retryAfterMs: 10_000 }
const quota = { is: 'retry', of: 'app', retryAfterMs: minute }
const tokenText = 'The registration token is not a valid FCM registration token'
const deviceQuota = {
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ subject: 'device:x', description: 'Message rate exceeded' }],
}
const documented: readonly [name: string, status: number, body: unknown, meaning: object, reason: string][] =
  [
    ['UNREGISTERED', 404, rpcError(404, 'UNREGISTERED'), { is: 'dead_token' }, 'UNREGISTERED'],
    ['a payload', 400, rpcError(400, 'INVALID_ARGUMENT'), { is: 'refused' }, 'INVALID_ARGUMENT'],
    [
      'a field',
      400,
      rpcError(400, undefined, [fieldViolation('message.data[0].value')]),
      { is: 'refused' },
      'INVALID_ARGUMENT',
    ],
    [
      'a token by its field',
      400,
      rpcError(400, undefined, [fieldViolation('message.token')]),
      { is: 'dead_token' },
      'INVALID_ARGUMENT',
    ],
    [
      'a token by the text',
      400,
      rpcError(400, 'INVALID_ARGUMENT', [], tokenText),
      { is: 'dead_token' },
      'INVALID_ARGUMENT',
    ],
    ['SENDER_ID_MISMATCH', 403, rpcError(403, 'SENDER_ID_MISMATCH'), { is: 'refused' }, 'SENDER_ID_MISMATCH'],
    ['QUOTA_EXCEEDED', 429, rpcError(429, 'QUOTA_EXCEEDED'), quota, 'QUOTA_EXCEEDED'],
    [
      'a quota of the device',
      429,
      rpcError(429, 'QUOTA_EXCEEDED', [deviceQuota]),
      { ...quota, of: 'device' },
      'QUOTA_EXCEEDED',
    ],
    ['UNAVAILABLE', 503, rpcError(503, 'UNAVAILABLE'), provider, 'UNAVAILABLE'],
    ['INTERNAL', 500, rpcError(500, 'INTERNAL'), provider, 'INTERNAL'],
    [
      'THIRD_PARTY_AUTH_ERROR',
      401,
      rpcError(401, 'THIRD_PARTY_AUTH_ERROR'),
      operators,
      'THIRD_PARTY_AUTH_ERROR',
    ],
    [
      'UNSPECIFIED_ERROR, ours',
      400,
      rpcError(400, 'UNSPECIFIED_ERROR'),
      { is: 'refused' },
      'UNSPECIFIED_ERROR',
    ],
    ['UNSPECIFIED_ERROR, theirs', 500, rpcError(500, 'UNSPECIFIED_ERROR'), provider, 'UNSPECIFIED_ERROR'],
    ['a right that is lacking', 403, rpcError(403), operators, 'PERMISSION_DENIED'],
    ['a project that is none', 404, rpcError(404), operators, 'NOT_FOUND'],
    ['a status without a code', 429, rpcError(429), quota, 'RESOURCE_EXHAUSTED'],
    ['a page', 502, '<!DOCTYPE html><html>secret</html>', provider, 'status 502 without a code'],
    [
      'a strange answer',
      503,
      { error: { status: 'a secret', details: [null, 7] } },
      provider,
      'status 503 without a code',
    ],
    ['nothing', 500, undefined, provider, 'status 500 without a code'],
    ['a gateway without an answer', 504, undefined, { is: 'unknown' }, 'status 504 without a code'],
  ]

test('every documented refusal has its meaning', async t => {
  const { sender, peer, token } = await connected(t)
  for (const [name, status, body, meaning, reason] of documented) {
    peer.nextMessages.push(answer(status, body))
    const outcome = await sender.send({ token }, pushOf({ notification: { alert: 'a' } }))
    assert.deepEqual(outcome, { ...meaning, status, reason }, name)
  }
})

test('the wait that an answer asks for is kept, in seconds or as a date', async t => {
  const { sender, peer, token, clock } = await connected(t)
  const date = new Date(Math.floor(clock.now() / 1_000) * 1_000 + 90_000).toUTCString()
  for (const [status, code, asked, waitMs] of [
    [429, 'QUOTA_EXCEEDED', '120', 120_000],
    [503, 'UNAVAILABLE', date, Date.parse(date) - clock.now()],
    [503, 'UNAVAILABLE', 'soon', 10_000],
    [500, 'INTERNAL', '999999999', 86_400_000],
  ] as const) {
    peer.nextMessages.push(answer(status, rpcError(status, code), { 'retry-after': asked }))
    const outcome = await sender.send({ token }, pushOf({ notification: { alert: 'a' } }))
    assert.equal(outcome.is === 'retry' && outcome.retryAfterMs, waitMs, asked)
  }
})

test('a network that fails before the request was read is tried again, one that fails after it is unknown', async t => {
  const { sender, peer, token } = await connected(t, 1_000)
  const send = () => sender.send({ token }, pushOf({ notification: { alert: 'a' } }))
  assert.deepEqual(await send(), accepted)
  peer.nextMessages.push(refuse, refuse)
  assert.deepEqual(await send(), { is: 'retry', of: 'provider', reason: 'the peer refused the stream' })
  for (const failure of [cut, silence, reset(constants.NGHTTP2_INTERNAL_ERROR)]) {
    peer.nextMessages.push(failure)
    assert.equal((await send()).is, 'unknown')
  }
  assert.deepEqual(await send(), accepted)
  await peer.http.stop()
  const outcome = await send()
  assert.ok(outcome.is === 'retry' && outcome.of === 'provider', JSON.stringify(outcome))
})

test('credentials are read whole, kept where they are not sent again, and their key is never shown', async t => {
  const peer = await FcmPeer.start(t)
  const account = peer.serviceAccount
  const first = fcm.readCredentials({ service_account: JSON.stringify(account) }, undefined)
  const { project_id, client_email, private_key_id, token_uri: audience } = account
  const shown = { project_id, client_email, private_key_id, audience }
  assert.deepEqual(first, { shown, secret: { private_key: account.private_key.trim() } })
  const base_url = 'https://proxy.example/fcm'
  const second = fcm.readCredentials({ base_url, token_uri: 'https://proxy.example/token' }, first)
  assert.deepEqual(second.shown, { ...shown, base_url, token_uri: 'https://proxy.example/token' })
  assert.deepEqual(second.secret, first.secret)
  assert.deepEqual(fcm.readCredentials({ base_url: null, token_uri: null }, second), first)
})

test('requests go by way of a proxy where the operator has named one; the assertion is still for Google', async t => {
  const { peer, token, clock, device } = await connected(t)
  const { token_uri, ...account } = peer.serviceAccount
  const audience = 'https://oauth2.googleapis.com/token'
  const sender = openChannel(
    t,
    fcm,
    { service_account: account, token_uri, base_url: `${peer.http.url}/` },
    clock,
  )
  const outcome = await sender.send({ token }, pushOf({ notification: { alert: 'a' } }))
  // The peer takes assertions for itself alone.
  assert.equal(outcome.reason, 'no access token: invalid_grant')
  const assertion = new URLSearchParams(peer.http.asked[0]!.body).get('assertion')!
  assert.equal(JSON.parse(Buffer.from(assertion.split('.')[1]!, 'base64url').toString()).aud, audience)
  assert.equal(device.all.length, 0)
})

test('credentials that cannot work are refused, without a word of the key', async t => {
  const { serviceAccount } = await FcmPeer.start(t)
  const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  })
  const account = (change: object): Members => ({ service_account: { ...serviceAccount, ...change } })
  const wrong: Members[] = [
    {},
    { service_account: '{"secret' },
    account({ type: 'authorized_user' }),
    account({ project_id: 'a/../b' }),
    account({ client_email: undefined }),
    account({ private_key: 'secret' }),
    account({ private_key: serviceAccount.private_key.replace(/[A-Za-z]{8}/, 'secretss') }),
    account({ private_key: ec }),
    account({ token_uri: 'http://oauth2.googleapis.com/token' }),
    { ...account({}), base_url: 'https://host/?secret' },
    { ...account({}), server_key: 'secret' },
  ]
  for (const wanted of wrong) {
    const isFault = (error: unknown) => error instanceof ChannelFault && !error.message.includes('secret')
    assert.throws(() => fcm.readCredentials(wanted, undefined), isFault, JSON.stringify(wanted))
  }
})

test('an address is a registration token', async t => {
  const token = (await FcmPeer.start(t)).addDevice()
  assert.deepEqual(fcm.readAddress({ token, other: 1 }), { token })
  for (const value of [undefined, 'x', [], {}, { token: 7 }, { token: 'short' }, { token: `${token}\r\n` }])
    assert.throws(() => fcm.readAddress(value), ChannelFault)
})

function connected(t: TestContext, timeoutMs?: number) {
  return connect<AndroidDevice, FcmPeer>(t, fcm, FcmPeer.start(t), { timeoutMs, startedAt })
}

const startedAt = 1_800_000_000_500

function pushOf(part: Partial<VendorPush>): VendorPush {
  const sentAt = part.sentAt ?? startedAt
  const times = { sentAt, expiresAt: sentAt + 3_600_000 }
  return { msgId: '42', platform: 'android', options: {}, chainRoot: '', ...times, ...part }
}
