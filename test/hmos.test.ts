// The channel to HarmonyOS against a Push Kit that checks what its reference demands.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, type TestContext, test } from 'node:test'
import { ChannelFault, type Members, type Outcome, type VendorPush } from '../src/channels/channel.ts'
import { hmos } from '../src/channels/hmos.ts'
import type { ManualClock } from '../src/lib/clock.ts'
import { connect } from './open-channel.ts'
import { type HarmonyDevice, HmosPeer } from './peers/hmos-peer.ts'
import { cut, type HttpPeerOptions, respond, silence } from './peers/http-peer.ts'
import { saying } from './peers/huawei-peer.ts'

const minute = 60_000
const day = 86_400_000
const accepted = { is: 'accepted', status: 200, reason: 'accepted' }

async function stage(
  t: TestContext,
  { protocol, timeoutMs, credentials }: HttpPeerOptions & { timeoutMs?: number; credentials?: Members } = {},
) {
  const starting = HmosPeer.start(t, { ...(protocol && { protocol }) })
  const stage = await connect<HarmonyDevice, HmosPeer>(t, hmos, starting, { timeoutMs, credentials })
  const send = (push: Partial<VendorPush> = {}, token = stage.token): Promise<Outcome> =>
    stage.sender.send(hmos.readAddress({ token }), { ...pushAt(stage.clock), ...push })
  return { ...stage, send }
}

function pushAt(clock: ManualClock): VendorPush {
  return {
    msgId: '72057594037927936',
    platform: 'hmos',
    notification: { alert: '您的包裹已发出', title: 'Parcel', category: 'EXPRESS', extras: { order: 4711 } },
    options: {},
    chainRoot: '',
    sentAt: clock.now(),
    expiresAt: clock.now() + day,
  }
}

for (const protocol of ['h2', 'http/1.1'] as const)
  test(`by ${protocol}, a notification is taken in the form of Push Kit`, async t => {
    const { peer, device, clock, send } = await stage(t, { protocol })
    assert.deepEqual(await send(), accepted)
    const [{ type, payload, pushOptions }] = device.all
    const { notifyId, ...notification } = payload.notification
    assert.ok(notifyId >= 0)
    const times = { sent_at: clock.now(), expires_at: clock.now() + day }
    assert.deepEqual(notification, {
      category: 'EXPRESS',
      title: 'Parcel',
      body: '您的包裹已发出',
      clickAction: {
        actionType: 0,
        data: { msg_id: '72057594037927936', extras: { order: 4711 }, ...times },
      },
      appMessageId: '72057594037927936',
    })
    assert.deepEqual([type, pushOptions], ['0', { ttl: 86_400 }])
    assert.equal(peer.http.asked.at(-1)?.version, protocol === 'h2' ? '2.0' : '1.1')
  })

test('a notification carries what the push says of it', async t => {
  const { device, send } = await stage(t, { credentials: { app_name: '驿站' } })
  const rows: [notification: Members, own: Members, expected: Members][] = [
    [{ intent: { url: 'action.system.home' } }, {}, { clickAction: { actionType: 0 } }],
    [{ intent: { url: 'a://b?c=d' } }, {}, { clickAction: { actionType: 1, uri: 'a://b?c=d' } }],
    [{ intent: { url: 'com.a.OPEN' } }, {}, { clickAction: { actionType: 1, action: 'com.a.OPEN' } }],
    [
      { style: 2, inbox: { a: '1', b: '2', c: '3', d: '4' } },
      {},
      { style: 3, inboxContent: ['1', '2', '3'] },
    ],
    [{ style: 2 }, {}, { style: undefined }],
    [{ sound: 'bell.mp3', sound_duration: 9 }, {}, { sound: 'bell.mp3', soundDuration: 9 }],
    [{ sound_duration: 9 }, {}, { soundDuration: undefined }],
    [{ badge_add_num: 2 }, {}, { badge: { addNum: 2 } }],
    [{ badge_add_num: 2, badge_set_num: 0 }, {}, { badge: { setNum: 0 } }],
    [{ large_icon: 'https://a.example/i.png' }, {}, { image: 'https://a.example/i.png' }],
    [{ large_icon: 'icon' }, {}, { image: undefined }],
    [{ display_foreground: '0' }, {}, { foregroundShow: false }],
    [{ display_foreground: '1' }, {}, { foregroundShow: true }],
    [{}, {}, { category: 'MARKETING', title: '驿站' }],
    [{ category: 'IM' }, { category: 'WORK', profile_id: 'p' }, { category: 'WORK', profileId: 'p' }],
  ]
  for (const [notification, own, expected] of rows) {
    const options = { third_party_channel: { hmos: { distribution: 'ospush', ...own } } }
    assert.deepEqual(await send({ notification: { alert: 'A', ...notification }, options }), accepted)
    const { clickAction, ...shown } = device.all.at(-1).payload.notification
    const { data: _, ...click } = clickAction
    const all: Members = { ...shown, clickAction: click }
    for (const [name, value] of Object.entries(expected))
      assert.deepEqual(all[name], value, JSON.stringify(notification))
  }
})

test('a test message, receipts and what waits for a device are as the push says', async t => {
  const { device, send } = await stage(t)
  const own = { collapse_key: 5, bi_tag: 'b' }
  const notification = { alert: 'A', test_message: true, receipt_id: 'r' }
  await send({ notification, options: { third_party_channel: { hmos: own } } })
  await send({ options: { test_message: true, receipt_id: 'o' } })
  assert.deepEqual(
    device.all.map(({ pushOptions }) => pushOptions),
    [
      { ttl: 86_400, testMessage: true, receiptId: 'r', biTag: 'b', collapseKey: 5 },
      { ttl: 86_400, testMessage: true, receiptId: 'o' },
    ],
  )
})

describe('the push type', () => {
  const card = { formId: 1, version: 3, moduleName: 'm', formName: 'f', abilityName: 'a', formData: { n: 1 } }
  const liveView = { activityId: 1, operation: 1, event: 'TAXI', activityData: { notificationData: {} } }
  const rows: [
    name: string,
    push: Partial<VendorPush>,
    type: string,
    payload: Members,
    repeatable: boolean,
  ][] = [
    ['of a card', { notification: { alert: '', push_type: 1, hm_payload: card } }, '1', card, true],
    [
      'of a card without an order',
      { notification: { alert: 'a', push_type: 1, hm_payload: { ...card, version: 0 } } },
      '1',
      { ...card, version: 0 },
      false,
    ],
    [
      'of a live view',
      { notification: { alert: 'a', push_type: 7, hm_payload: liveView } },
      '7',
      liveView,
      false,
    ],
    [
      'of a call',
      { notification: { alert: 'a', push_type: 10, extra_data: 'x' } },
      '10',
      { extraData: 'x' },
      false,
    ],
    [
      'of a call with an object',
      { notification: { alert: 'a', push_type: 10, extra_data: { room: 7 } } },
      '10',
      { extraData: '{"room":7}' },
      false,
    ],
  ]
  for (const [name, push, type, payload, isRepeatable] of rows)
    test(`${name} is ${type}, and its payload goes as it is`, async t => {
      const { device, send, clock } = await stage(t)
      assert.deepEqual(await send(push), accepted)
      assert.deepEqual([device.all[0].type, device.all[0].payload], [type, payload])
      assert.ok(hmos.carries({ ...pushAt(clock), ...push }))
      assert.equal(hmos.isRepeatable({ ...pushAt(clock), ...push }), isRepeatable)
      assert.equal(hmos.isOnlyWay?.({ ...pushAt(clock), ...push }), type !== '10')
    })

  test('of what is read aloud is 2: a notification with data, not to be read twice', async t => {
    const { device, send, clock } = await stage(t)
    const notification = { alert: 'a', push_type: 2, extra_data: 'x', category: 'PLAY_VOICE' }
    assert.deepEqual(await send({ notification }), accepted)
    const [{ type, payload }] = device.all
    assert.deepEqual([type, payload.extraData, payload.notification.body], ['2', 'x', 'a'])
    assert.ok(!hmos.isRepeatable({ ...pushAt(clock), notification }))
  })

  test('of a message for the app is 6, and nothing is shown', async t => {
    const { device, sender, token, clock } = await stage(t)
    const message = { msg_content: 'order:4711' }
    const { notification: _, ...push } = pushAt(clock)
    for (const each of [
      { ...push, message },
      { ...push, message, notification: { alert: '' } },
    ]) {
      assert.ok(hmos.carries(each) && !hmos.isRepeatable(each))
      assert.deepEqual(await sender.send({ token }, each), accepted)
    }
    for (const { type, payload } of device.all) {
      assert.equal(type, '6')
      assert.deepEqual(JSON.parse(payload.extraData).message, message)
    }
    assert.ok(!hmos.carries({ ...push, notification: { alert: '' } }))
  })

  test('of a message that is shown where the app is not there for it is 0', async t => {
    const { device, sender, token, clock } = await stage(t)
    const { notification: _, ...push } = pushAt(clock)
    const message = { msg_content: 'm' }
    const notification3rd = { hmos: { title: 'T2', alert: 'C2', category: 'IM' } }
    const shown = { ...push, message, notification3rd, options: { notification_3rd_ver: 'v2' } }
    assert.ok(hmos.isRepeatable(shown))
    assert.deepEqual(await sender.send({ token }, shown), accepted)
    const { type, payload } = device.all[0]
    const { title, body, category, clickAction } = payload.notification
    assert.deepEqual([type, title, body, category], ['0', 'T2', 'C2', 'IM'])
    assert.deepEqual(clickAction.data.message, message)
  })
})

test('a repeat is not shown again, and what overrides a push is shown in its place', async t => {
  const { device, send } = await stage(t)
  for (const msgId of ['1', '1']) assert.deepEqual(await send({ msgId }), accepted)
  assert.equal(device.shown.size, 1)
  await send({ msgId: '2', chainRoot: '1', notification: { alert: 'later' } })
  assert.deepEqual(
    [...device.shown.values()].map(({ body }) => body),
    ['later'],
  )
  await send({ msgId: '3' })
  assert.equal(device.shown.size, 2)
})

test('a withdrawal goes to the app, which shows nothing, and may be repeated', async t => {
  const { device, clock, send } = await stage(t)
  const { notification: _, ...push } = pushAt(clock)
  const withdrawal = { ...push, withdraws: '1' }
  assert.ok(hmos.carries(withdrawal) && hmos.isRepeatable(withdrawal))
  assert.deepEqual(await send({ ...withdrawal, notification: {} }), accepted)
  const { type, payload } = device.all[0]
  const { msg_id, withdrawn } = JSON.parse(payload.extraData)
  assert.deepEqual([type, msg_id, withdrawn], ['6', '1', true])
})

test('4,096 bytes are carried, one more is refused before it is sent', async t => {
  const { peer, device, send } = await stage(t)
  await send({ notification: { alert: 'x', title: 'T' } })
  const { type: _, ...message } = device.all[0]
  const alert = 'x'.repeat(1 + 4_096 - Buffer.byteLength(JSON.stringify(message)))
  assert.deepEqual(await send({ notification: { alert, title: 'T' } }), accepted)
  const outcome = await send({ notification: { alert: `${alert}x`, title: 'T' } })
  assert.deepEqual(outcome, { is: 'refused', reason: '4097 bytes, not 4096 at most' })
  assert.equal(peer.http.asked.length, 2)
})

test('a push lives at Huawei as long as it lives here, 15 days at most', async t => {
  const { device, send, clock } = await stage(t)
  await send({ expiresAt: clock.now() + 1 })
  await send({ expiresAt: clock.now() + 100 * day })
  assert.deepEqual(
    device.all.map(({ pushOptions }) => pushOptions.ttl),
    [1, 1_296_000],
  )
  assert.equal((await send({ expiresAt: clock.now() })).is, 'refused')
})

describe('the token', () => {
  test('is signed once, by however many wait, and renewed before its end', async t => {
    const { peer, send, clock } = await stage(t)
    const tokens = () => new Set(peer.http.asked.map(({ headers }) => headers.authorization)).size
    await Promise.all(Array.from({ length: 20 }, () => send()))
    clock.advance(54 * minute)
    assert.deepEqual(await send(), accepted)
    assert.equal(tokens(), 1)
    clock.advance(2 * minute)
    assert.deepEqual(await send(), accepted)
    assert.equal(tokens(), 2)
  })

  test('that Huawei thinks too old is signed anew at once', async t => {
    const { peer, send, clock } = await stage(t)
    await send()
    clock.advance(2 * minute)
    peer.next.push(saying(401, 80200005))
    assert.deepEqual(await send(), accepted)
    assert.equal(peer.http.asked.length, 3)
  })

  test('of another key makes the app wait for its operator', async t => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const { serviceAccount } = await HmosPeer.start(t)
    const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' })
    const { peer, send } = await stage(t, {
      credentials: { service_account: { ...serviceAccount, private_key } },
    })
    const reason = '80200001: the token of access is not taken'
    const outcome = await send()
    assert.deepEqual(outcome, { is: 'retry', of: 'app', status: 401, reason, retryAfterMs: 30 * minute })
    assert.equal(peer.http.asked.length, 1)
  })
})

describe('Push Kit says', () => {
  const illegal = (why: string, token = 'MAM0Ku...jixTSG') => ({
    failure: 1,
    illegalTokens: { [why]: [token] },
  })
  const operators = { is: 'retry', of: 'app', retryAfterMs: 30 * minute }
  const rows: [status: number, code: number, msg: unknown, expected: Members][] = [
    [200, 80300007, illegal('tokenFormatError'), { is: 'dead_token', reason: '80300007: tokenFormatError' }],
    [200, 80300007, illegal('tokenPlatformNotSupport'), { is: 'dead_token' }],
    [200, 80300007, 'All the tokens are invalid.', { is: 'dead_token' }],
    [200, 80300007, illegal('noRight'), { is: 'refused', reason: '80300007: noRight' }],
    [200, 80300007, illegal('noPushTypeRight'), { is: 'refused' }],
    [200, 80300007, illegal('atomicUnableSendUnsubscribedMsg'), { is: 'refused' }],
    [200, 80300007, illegal('countryNotSupport'), { is: 'refused' }],
    [200, 80300007, illegal('differentImgVerifyPolicy'), { is: 'refused' }],
    [200, 80300007, illegal('notSupportPlayVoice'), { is: 'refused' }],
    [200, 80300007, illegal('noRightToSendThisLiveNotificationEvent'), { is: 'refused' }],
    [200, 80300007, illegal('disableSendHuaweiMsgBecauseOfPenalty'), operators],
    [200, 80300007, illegal('appinfoError'), operators],
    [200, 80100000, { success: 0, ...illegal('tokenFormatError') }, { is: 'dead_token' }],
    [200, 80100000, { success: 1, ...illegal('tokenFormatError') }, { is: 'accepted' }],
    [400, 80100001, 'x', { is: 'refused' }],
    [400, 80100003, 'x', { is: 'refused' }],
    [400, 80100004, 'x', { is: 'refused' }],
    [400, 80100022, 'x', { is: 'refused' }],
    [401, 80200001, 'x', operators],
    [401, 80200005, 'x', operators],
    [401, 80200006, 'x', operators],
    [400, 80300002, 'x', { is: 'retry', of: 'device' }],
    [400, 80300008, 'x', { is: 'refused' }],
    [400, 80300010, 'x', { is: 'refused' }],
    [400, 80300029, 'x', { is: 'retry', of: 'device', retryAfterMs: undefined }],
    [400, 80300030, 'x', { is: 'refused' }],
    [400, 80300036, 'x', operators],
    [400, 80300037, 'x', operators],
    [500, 81000001, 'x', { is: 'retry', of: 'provider' }],
  ]
  test('what each documented code means', async t => {
    const { peer, send, token } = await stage(t)
    for (const [status, code, msg, expected] of rows) {
      peer.next.push(saying(status, code, msg))
      const outcome: Members = { ...(await send()) }
      for (const [name, value] of Object.entries(expected))
        assert.deepEqual(outcome[name], value, `${code} ${JSON.stringify(msg)}: ${name}`)
    }
    assert.equal(peer.http.asked.length, rows.length)
    peer.next.push(saying(200, 80300007, illegal(token, token)))
    assert.ok(!JSON.stringify(await send()).includes(token), 'the device’s token is not repeated')
  })

  test('of a token that is none that it is dead', async t => {
    const { send } = await stage(t)
    const reason = '80300007: tokenFormatError'
    assert.deepEqual(await send({}, 'somebody-else'), { is: 'dead_token', status: 200, reason })
  })

  test('nothing but a status', async t => {
    const { peer, send } = await stage(t)
    const statuses: [number, string, Record<string, string>, Members][] = [
      [503, '', { 'retry-after': '3' }, { is: 'retry', of: 'app', retryAfterMs: 3_000 }],
      [502, '<html>', {}, { is: 'retry', of: 'provider' }],
      [404, '', {}, operators],
      [400, '', {}, { is: 'refused' }],
      [200, '<html>', {}, { is: 'unknown' }],
    ]
    for (const [status, body, headers, expected] of statuses) {
      peer.next.push(respond(status, body, headers))
      const outcome: Members = { ...(await send()) }
      for (const [name, value] of Object.entries(expected))
        assert.deepEqual(outcome[name], value, `${status}`)
    }
  })
})

test('an answer that does not come leaves the push unknown', async t => {
  const { peer, send } = await stage(t, { timeoutMs: 300 })
  await send()
  peer.next.push(silence)
  assert.deepEqual(await send(), { is: 'unknown', reason: 'no answer in time' })
  peer.next.push(cut)
  assert.equal((await send()).is, 'unknown')
  assert.deepEqual(await send(), accepted)
})

test('credentials are read whole, kept where they are not sent again, and their key is never shown', async t => {
  const { serviceAccount } = await HmosPeer.start(t)
  const { project_id, key_id, sub_account, private_key } = serviceAccount
  const first = hmos.readCredentials({ service_account: JSON.stringify(serviceAccount) }, undefined)
  const shown = { project_id, key_id, sub_account }
  assert.deepEqual(first, { shown, secret: { private_key: private_key.trim() } })
  const second = hmos.readCredentials({ app_name: '驿站', base_url: 'https://proxy.example/' }, first)
  assert.deepEqual(second.shown, { ...shown, app_name: '驿站', base_url: 'https://proxy.example' })
  assert.deepEqual(hmos.readCredentials({ app_name: null, base_url: null }, second), first)
})

test('credentials that cannot work are refused, without a word of the key', async t => {
  const { serviceAccount } = await HmosPeer.start(t)
  const account = (change: object): Members => ({ service_account: { ...serviceAccount, ...change } })
  const wrong: Members[] = [
    {},
    { service_account: '{"secret' },
    account({ project_id: '1/../secret' }),
    account({ key_id: undefined }),
    account({ sub_account: 7 }),
    account({ private_key: 'secret' }),
    { ...account({}), app_name: ' ' },
    { ...account({}), base_url: 'http://host' },
    { ...account({}), server_key: 'secret' },
  ]
  for (const wanted of wrong) {
    const isFault = (error: unknown) => error instanceof ChannelFault && !error.message.includes('secret')
    assert.throws(() => hmos.readCredentials(wanted, undefined), isFault, JSON.stringify(wanted))
  }
  for (const value of [undefined, 'token', {}, { token: '' }, { token: 'a b' }, { token: 'x'.repeat(1_025) }])
    assert.throws(() => hmos.readAddress(value), ChannelFault)
})
