// Huawei's channel against a Push Kit that checks what its reference demands.
import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { ChannelFault, type Members, type VendorPush } from '../src/channels/channel.ts'
import { huawei } from '../src/channels/huawei.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { openChannel } from './open-channel.ts'
import { cut, type HttpPeerOptions, respond, silence } from './peers/http-peer.ts'
import { HuaweiPeer, huaweiApp, saying } from './peers/huawei-peer.ts'

const device = 'IQAAAACy0kYwAADWsJ-8V9hHXBjOa1mP'
const day = 86_400_000

async function stage(
  t: TestContext,
  options: HttpPeerOptions & { timeoutMs?: number; credentials?: Members } = {},
) {
  const peer = await HuaweiPeer.start(t, options)
  peer.tokens.add(device)
  const clock = new ManualClock(Date.now())
  peer.now = () => clock.now()
  const { origin } = peer.http
  const urls = { base_url: origin, token_url: `${origin}/oauth2/v3/token` }
  const credentials = { ...huaweiApp, ...urls, ...options.credentials }
  const sender = openChannel(t, huawei, credentials, clock, options.timeoutMs)
  const send = (push: Partial<VendorPush> = {}, token = device) =>
    sender.send(huawei.readAddress({ token }), { ...pushAt(clock), ...push })
  return { peer, clock, sender, send }
}

function pushAt(clock: ManualClock): VendorPush {
  return {
    msgId: '72057594037927936',
    platform: 'android',
    notification: { alert: '您的包裹已发出', title: 'Parcel', extras: { order: 4711 } },
    options: {},
    chainRoot: '',
    sentAt: clock.now(),
    expiresAt: clock.now() + day,
  }
}

for (const protocol of ['h2', 'http/1.1'] as const)
  test(`by ${protocol}, a notification is taken in the form of Push Kit`, async t => {
    const { peer, clock, send } = await stage(t, { protocol })
    assert.deepEqual(await send(), { is: 'accepted', status: 200, reason: 'accepted' })
    const [{ data, ...message }] = peer.taken
    assert.deepEqual(message, {
      android: {
        ttl: '86400s',
        notification: {
          title: 'Parcel',
          body: '您的包裹已发出',
          tag: '72057594037927936',
          click_action: { type: 3 },
          importance: 'NORMAL',
        },
      },
      token: [device],
    })
    assert.deepEqual(JSON.parse(data), {
      msg_id: '72057594037927936',
      extras: { order: 4711 },
      sent_at: clock.now(),
      expires_at: clock.now() + day,
    })
    assert.equal(peer.http.asked.at(-1)?.version, protocol === 'h2' ? '2.0' : '1.1')
  })

test('a message goes to the app as data, and nothing is shown', async t => {
  const { peer, sender, clock } = await stage(t)
  const { notification: _, ...push } = pushAt(clock)
  const message = { msg_content: 'order:4711', extras: { n: 1 } }
  for (const each of [
    { ...push, message },
    { ...push, message, notification: { alert: '' } },
  ]) {
    assert.ok(huawei.carries(each) && !huawei.isRepeatable(each))
    assert.equal((await sender.send({ token: device }, each)).is, 'accepted')
  }
  for (const { data, android } of peer.taken) {
    assert.equal(android.notification, undefined)
    assert.deepEqual(JSON.parse(data).message, message)
  }
})

test('an alert that is empty and no message is nothing to carry', () => {
  const push = pushAt(new ManualClock(Date.now()))
  assert.ok(!huawei.carries({ ...push, notification: { alert: '' } }))
})

test('a message that the app is not there for is shown as the push says for that case', async t => {
  const { peer, sender, clock } = await stage(t)
  const { notification: _, ...push } = pushAt(clock)
  const message = { msg_content: 'm' }
  const flat = { ...push, message, notification3rd: { title: 'T', content: 'C' } }
  const versioned = {
    ...flat,
    notification3rd: { android: { title: 'T2', alert: 'C2' } },
    options: { notification_3rd_ver: 'v2' },
  }
  for (const each of [flat, versioned]) {
    assert.ok(huawei.isRepeatable(each))
    assert.equal((await sender.send({ token: device }, each)).is, 'accepted')
  }
  const shown = peer.taken.map(({ android }) => [android.notification.title, android.notification.body])
  assert.deepEqual(shown, [
    ['T', 'C'],
    ['T2', 'C2'],
  ])
  assert.deepEqual(JSON.parse(peer.taken[0].data).message, message)
})

test('what overrides a push is shown in its place', async t => {
  const { peer, send } = await stage(t)
  await send({ msgId: '2', chainRoot: '1' })
  assert.equal(peer.taken[0].android.notification.tag, '1')
})

describe('a notification says', () => {
  const rows: [string, Members, Members, Members][] = [
    [
      'an intent',
      { intent: { url: 'intent:#Intent;end' } },
      {},
      { click_action: { type: 1, intent: 'intent:#Intent;end' } },
    ],
    ['an action', { uri_action: 'a.b.OPEN' }, {}, { click_action: { type: 1, action: 'a.b.OPEN' } }],
    [
      'its own click',
      { intent: { url: 'intent:x' } },
      { click_action: { type: 2, url: 'https://a.example' } },
      { click_action: { type: 2, url: 'https://a.example' } },
    ],
    ['a long text', { style: 1, big_text: 'long' }, {}, { style: 1, big_title: 'T', big_body: 'long' }],
    [
      'lines',
      { style: 2, inbox: { a: '1', b: '2', c: '3', d: '4', e: '5', f: '6' } },
      {},
      { style: 3, inbox_content: ['1', '2', '3', '4', '5'] },
    ],
    ['a big picture', { style: 3, big_pic_path: 'https://a.example/b.png' }, {}, { style: undefined }],
    ['a sound', { sound: 'bell.mp3' }, {}, { sound: '/raw/bell', default_sound: false }],
    ['a badge', { badge_add_num: 2, badge_class: 'a.Main' }, {}, { badge: { class: 'a.Main', add_num: 2 } }],
    ['a badge without a class', { badge_add_num: 2 }, {}, { badge: undefined }],
    ['low priority', { priority: -1 }, {}, { importance: 'LOW' }],
    ['a channel', { channel_id: 'c' }, {}, { channel_id: 'c' }],
    ['not before the open app', { display_foreground: '0' }, {}, { foreground_show: false }],
    ['a picture', { large_icon: 'https://a.example/i.png' }, {}, { image: 'https://a.example/i.png' }],
    ['a picture of the app', { large_icon: 'icon' }, {}, { image: undefined }],
    [
      'importance for Huawei',
      { priority: 2 },
      { importance: 'LOW', channel_id: 'h', tag: 't' },
      { importance: 'LOW', channel_id: 'h', tag: 't' },
    ],
  ]
  for (const [name, notification, own, expected] of rows)
    test(name, async t => {
      const { peer, send } = await stage(t)
      const options = { third_party_channel: { huawei: { distribution: 'ospush', ...own } } }
      const outcome = await send({ notification: { alert: 'A', title: 'T', ...notification }, options })
      assert.equal(outcome.is, 'accepted')
      const shown = peer.taken[0].android.notification
      for (const [member, value] of Object.entries(expected)) assert.deepEqual(shown[member], value, member)
    })

  test('category, urgency, collapse key and receipts for Huawei', async t => {
    const { peer, send } = await stage(t)
    const own = { category: 'EXPRESS', urgency: 'HIGH', collapse_key: 5, receipt_id: 'r', bi_tag: 'b' }
    await send({ options: { third_party_channel: { huawei: own }, test_message: true } })
    const { ttl: _, notification: __, ...android } = peer.taken[0].android
    assert.deepEqual(android, { ...own, target_user_type: 1 })
  })

  test('the name of the app where it has no title, or else its text', async t => {
    const named = await stage(t, { credentials: { app_name: '驿站' } })
    await named.send({ notification: { alert: 'A' } })
    const nameless = await stage(t)
    await nameless.send({ notification: { alert: 'A' } })
    const titles = [named, nameless].map(({ peer }) => peer.taken[0].android.notification.title)
    assert.deepEqual(titles, ['驿站', 'A'])
  })
})

test('4,096 bytes are carried, one more is refused before it is sent', async t => {
  const { peer, send } = await stage(t)
  await send({ notification: { alert: 'x', title: 'T' } })
  const { token: _, ...message } = peer.taken[0]
  const rest = 4_096 - Buffer.byteLength(JSON.stringify(message))
  const alert = 'x'.repeat(1 + rest)
  assert.equal((await send({ notification: { alert, title: 'T' } })).is, 'accepted')
  const outcome = await send({ notification: { alert: `${alert}x`, title: 'T' } })
  assert.deepEqual(outcome, { is: 'refused', reason: '4097 bytes, not 4096 at most' })
  assert.equal(peer.asked.send, 2)
})

test('a push lives at Huawei as long as it lives here, 15 days at most', async t => {
  const { peer, send, clock } = await stage(t)
  await send({ expiresAt: clock.now() + 1 })
  await send({ expiresAt: clock.now() + 100 * day })
  assert.deepEqual(
    peer.taken.map(({ android }) => android.ttl),
    ['1s', '1296000s'],
  )
  assert.equal((await send({ expiresAt: clock.now() })).is, 'refused')
})

describe('the token of access', () => {
  for (const [name, spoil] of [
    [
      'has expired before its time',
      (peer: HuaweiPeer) => {
        for (const key of peer.access.keys()) peer.access.set(key, 0)
      },
    ],
    ['is not known any more', (peer: HuaweiPeer) => peer.access.clear()],
  ] as const)
    test(`that ${name} is renewed at once`, async t => {
      const { peer, send } = await stage(t)
      await send()
      spoil(peer)
      const outcomes = await Promise.all([send(), send(), send()])
      assert.ok(outcomes.every(({ is }) => is === 'accepted'))
      assert.equal(peer.asked.token, 2)
      assert.equal(peer.taken.length, 4)
    })

  test('that is never taken makes the app wait for its operator', async t => {
    const { peer, send } = await stage(t)
    peer.instead = saying(401, 80200001)
    const outcome = await send()
    const reason = '80200001: the token of access is not taken'
    assert.deepEqual(outcome, { is: 'retry', of: 'app', status: 401, reason, retryAfterMs: 1_800_000 })
    assert.deepEqual(peer.asked, { token: 2, send: 2 })
  })

  const rows: [string, Parameters<typeof respond>, Members][] = [
    [
      'a wrong secret',
      [400, { error: 1101, sub_error: 12304, error_description: 'x' }],
      { of: 'app', retryAfterMs: 1_800_000, reason: 'no access token: error 1101 12304' },
    ],
    ['flow control', [503, '', { 'retry-after': '9' }], { of: 'app', retryAfterMs: 9_000 }],
  ]
  for (const [name, [status, body, headers], expected] of rows)
    test(`that does not come, for ${name}, says so, and nothing is sent`, async t => {
      const { peer, send } = await stage(t)
      peer.insteadOfToken = respond(status, body, headers)
      const outcome: Members = { ...(await send()) }
      for (const [member, value] of Object.entries({ is: 'retry', ...expected }))
        assert.deepEqual(outcome[member], value, member)
      assert.equal(peer.asked.send, 0)
      peer.insteadOfToken = undefined
      assert.equal((await send()).is, 'accepted')
    })

  test('and the secret stand in no reason', async t => {
    const { peer, send } = await stage(t, { credentials: { app_secret: 'wrong-secret' } })
    const outcome = await send()
    assert.equal(peer.asked.token, 1)
    assert.ok(!/wrong-secret/.test(JSON.stringify(outcome)))
  })
})

describe('Push Kit says', () => {
  test('of a token that is none of the app’s that it is dead', async t => {
    const { send } = await stage(t)
    const outcome = await send({}, 'somebody-else')
    assert.deepEqual(outcome, { is: 'dead_token', status: 200, reason: '80300007: the token is not valid' })
  })

  const some = (success: number, tokens: string[]) => ({ success, failure: 1, illegal_tokens: tokens })
  const rows: [number, number, unknown, Record<string, string>, Members][] = [
    [200, 80100000, some(0, [device]), {}, { is: 'dead_token' }],
    [200, 80100000, some(1, ['x']), {}, { is: 'accepted' }],
    [200, 80100000, 'words', {}, { is: 'refused' }],
    [400, 80100001, 'UnSupported svc', {}, { is: 'refused' }],
    [400, 80100003, 'x', {}, { is: 'refused', reason: '80100003: the message has the wrong structure' }],
    [200, 80100003, 'x', {}, { is: 'refused' }],
    [400, 80100004, 'x', {}, { is: 'refused' }],
    [400, 80100013, 'x', {}, { is: 'refused' }],
    [400, 80100016, 'x', {}, { is: 'refused' }],
    [400, 80100017, 'x', {}, { is: 'retry', of: 'app' }],
    [400, 80100018, 'x', {}, { is: 'refused' }],
    [200, 80300002, 'x', {}, { is: 'retry', of: 'device', retryAfterMs: 1_800_000 }],
    [200, 80300007, device, {}, { is: 'dead_token' }],
    [400, 80300008, 'x', {}, { is: 'refused' }],
    [400, 80300010, 'x', {}, { is: 'refused' }],
    [400, 80300011, 'x', {}, { is: 'refused' }],
    [400, 80300013, 'x', {}, { is: 'refused' }],
    [400, 80300099, 'x', {}, { is: 'refused', reason: '80300099' }],
    [200, 80300099, 'x', {}, { is: 'refused' }],
    [400, 80600003, 'x', {}, { is: 'retry', of: 'app', retryAfterMs: 1_800_000 }],
    [500, 81000001, 'x', {}, { is: 'retry', of: 'provider' }],
    [200, 81000001, 'x', {}, { is: 'retry', of: 'provider' }],
  ]
  for (const [status, code, msg, headers, expected] of rows)
    test(`${code} with ${status}: ${expected.is}`, async t => {
      const { peer, send } = await stage(t)
      peer.instead = saying(status, code, msg, headers)
      const outcome: Members = { ...(await send()) }
      for (const [member, value] of Object.entries(expected)) assert.deepEqual(outcome[member], value, member)
      assert.ok(!JSON.stringify(outcome).includes(device), 'the device’s token is not repeated')
      assert.equal(peer.asked.send, 1)
    })

  const statuses: [number, string, Record<string, string>, Members][] = [
    [503, '', { 'retry-after': '3' }, { is: 'retry', of: 'app', retryAfterMs: 3_000 }],
    [503, '', {}, { is: 'retry', of: 'app', retryAfterMs: undefined }],
    [502, '<html>', {}, { is: 'retry', of: 'provider', reason: 'status 502' }],
    [500, '', {}, { is: 'retry', of: 'provider' }],
    [404, '', {}, { is: 'retry', of: 'app', retryAfterMs: 1_800_000 }],
    [400, '', {}, { is: 'refused', reason: 'status 400' }],
    [302, '', { location: 'https://127.0.0.1/' }, { is: 'refused' }],
    [200, '<html>', {}, { is: 'unknown' }],
  ]
  for (const [status, body, headers, expected] of statuses)
    test(`nothing but ${status} ${body}: ${expected.is}`, async t => {
      const { peer, send } = await stage(t)
      peer.instead = respond(status, body, headers)
      const outcome: Members = { ...(await send()) }
      for (const [member, value] of Object.entries(expected)) assert.deepEqual(outcome[member], value, member)
    })
})

for (const protocol of ['h2', 'http/1.1'] as const)
  test(`by ${protocol}, an answer that does not come leaves the push unknown`, async t => {
    const { peer, send } = await stage(t, { protocol, timeoutMs: 300 })
    await send()
    peer.instead = silence
    assert.deepEqual(await send(), { is: 'unknown', reason: 'no answer in time' })
    peer.instead = cut
    assert.equal((await send()).is, 'unknown')
    peer.instead = undefined
    assert.equal((await send()).is, 'accepted')
  })

test('where nobody listens any more, the push is tried again', async t => {
  const { peer, send } = await stage(t)
  await send()
  await peer.http.stop()
  // The connection may end under the first.
  assert.ok(['retry', 'unknown'].includes((await send()).is))
  const outcome = await send()
  assert.ok(outcome.is === 'retry' && outcome.of === 'provider')
  assert.match(outcome.reason, /ECONNREFUSED/)
})

describe('credentials', () => {
  test('keep what is not sent again, and show no secret', () => {
    const first = huawei.readCredentials({ ...huaweiApp, base_url: 'https://a.example/' }, undefined)
    assert.deepEqual(first.shown, { app_id: huaweiApp.app_id, base_url: 'https://a.example' })
    const then = huawei.readCredentials({ app_name: 'Shop', base_url: null }, first)
    assert.deepEqual(then.shown, { app_id: huaweiApp.app_id, app_name: 'Shop' })
    assert.deepEqual(then.secret, { app_secret: huaweiApp.app_secret })
  })

  const rows: [string, Members][] = [
    ['no app_id', { app_secret: 's' }],
    ['an app_id of letters', { app_id: 'a/../b', app_secret: 's' }],
    ['a number as app_id', { app_id: 104752101, app_secret: 's' }],
    ['no app_secret', { app_id: '1' }],
    ['a secret with a line break', { app_id: '1', app_secret: 'a\nb' }],
    ['plain HTTP', { ...huaweiApp, base_url: 'http://a.example' }],
    ['no URL', { ...huaweiApp, token_url: 'a.example' }],
    ['a blank name', { ...huaweiApp, app_name: ' ' }],
    ['a member there is not', { ...huaweiApp, appid: '1' }],
  ]
  for (const [name, wanted] of rows)
    test(`with ${name} are refused`, () => {
      assert.throws(() => huawei.readCredentials(wanted, undefined), ChannelFault)
    })
})

for (const value of [
  undefined,
  'token',
  {},
  { token: '' },
  { token: 'a b' },
  { token: 7 },
  { token: 'x'.repeat(1_025) },
])
  test(`${JSON.stringify(value)?.slice(0, 20)} is no address`, () => {
    assert.throws(() => huawei.readAddress(value), ChannelFault)
  })
