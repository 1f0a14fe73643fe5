// Messages between users that reach phones that sleep: users are bound to tokens of vendors, as the Easemob dialect binds
// them, and APNs, FCM and Huawei are asked.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { ImClient } from './im-client.ts'
import { ApnsPeer } from './peers/apns-peer.ts'
import { peerCertificateFile } from './peers/certificate.ts'
import { FcmPeer } from './peers/fcm-peer.ts'
import { HmosPeer } from './peers/hmos-peer.ts'
import { answer, cut } from './peers/http2-peer.ts'
import { HuaweiPeer, huaweiApp } from './peers/huawei-peer.ts'
import { sharedApp } from './start-app.ts'
import { until } from './until.ts'

const shared = sharedApp({
  POSTHOUSE_VENDOR_CA_FILE: peerCertificateFile(),
  POSTHOUSE_VENDOR_RETRY_MS: '20',
})

test('a client goes offline: the next message is shown once by its iPhone and once by its Android phone', async t => {
  const { app, apple, google, bind, say, settled } = await makeStage(t)
  const [iphone, android] = [apple.addDevice(), google.addDevice()]
  await bind('bob', iphone, apple.topic, 'iphone')
  await bind('bob', android, '998520842342', 'pixel')
  const bob = await ImClient.login(t, app, { username: 'bob', token: await app.login('bob') })
  await say('bob', 'while online')
  await bob.nextMessage()
  await bob.settle()
  await bob.logout()
  const msgId = await say('bob', 'while away')
  const { attempts } = await settled(msgId)
  const told = attempts.map(({ channel, user, device_id, outcome, status }: any) => [
    channel,
    user,
    device_id,
    outcome,
    status,
  ])
  assert.deepEqual(told.sort(), [
    ['apns', 'bob', 'iphone', 'accepted', 200],
    ['fcm', 'bob', 'pixel', 'accepted', 200],
  ])
  const [notified, ...moreOfApple] = apple.devices.get(iphone)!.all
  const { aps, msg_id: _, ...custom } = notified!.payload
  const alert = { title: 'alice', body: 'You have a new message' }
  assert.deepEqual(aps, { alert, sound: 'default', badge: 1 })
  assert.deepEqual(custom, { f: 'alice', t: 'bob', m: msgId })
  const [message, ...moreOfGoogle] = google.devices.get(android)!.all
  const { title, body, notification_count } = message.android.notification
  assert.deepEqual([title, body, notification_count], ['alice', 'You have a new message', 1])
  assert.equal(JSON.parse(message.data.extras).m, msgId)
  assert.deepEqual([...moreOfApple, ...moreOfGoogle], [])
})

test('who wants to see messages sees them, and what the sender has put into the message for each system', async t => {
  const { app, apple, google, bind, say, settled } = await makeStage(t)
  const [iphone, android] = [apple.addDevice(), google.addDevice()]
  await bind('bob', iphone, apple.topic, 'iphone')
  await bind('bob', android, google.projectId, 'pixel')
  ok(await app.call('PUT', '/users/bob', { notification_display_style: 1 }))
  const ext = {
    em_apns_ext: {
      em_push_sound: 'bell.caf',
      em_push_category: 'chat',
      em_push_mutable_content: true,
      em_push_badge: 7,
      thread_id: 'alice',
      extern: { k: 1 },
    },
    em_android_push_ext: { fcm_channel_id: 'chats' },
  }
  await settled(await say('bob', 'see you at 8', ext))
  const [{ payload }] = apple.devices.get(iphone)!.all as any
  assert.deepEqual(payload.aps, {
    alert: { title: 'alice', body: 'see you at 8' },
    sound: 'bell.caf',
    badge: 7,
    'mutable-content': 1,
    category: 'chat',
    'thread-id': 'alice',
  })
  assert.deepEqual(payload.e, { k: 1 })
  const [{ android: shown }] = google.devices.get(android)!.all
  assert.deepEqual([shown.notification.body, shown.notification.channel_id], ['see you at 8', 'chats'])
})

test('a Huawei phone is reached by its app id, an iPhone in development by the name of its certificate', async t => {
  const { apple, huawei, bind, say, settled } = await makeStage(t)
  const [iphone, token] = [apple.addDevice('com.acme.beta'), 'IQAAAACy0kYwAADWsJ-8V9hHXBjOa1mP']
  huawei.tokens.add(token)
  await bind('bob', iphone, 'beta_certificate', 'iphone')
  await bind('bob', token, huaweiApp.app_id, 'mate')
  await settled(await say('bob', 'hello'))
  assert.equal(apple.devices.get(iphone)!.all.length, 1)
  assert.deepEqual(
    huawei.taken.map(({ android }: any) => android.notification.title),
    ['alice'],
  )
})

test('a phone with HarmonyOS 5 shows a message as one of a person, not as advertising', async t => {
  const { app, bind, say, settled } = await makeStage(t)
  const peer = await HmosPeer.start(t)
  await app.change({ channels: { hmos: peer.credentials } })
  const token = peer.addDevice()
  await bind('bob', token, peer.credentials.service_account.project_id)
  await settled(await say('bob', 'hello'))
  const [{ payload }] = peer.devices.get(token)!.all
  const { title, category, clickAction } = payload.notification
  assert.deepEqual([title, category, clickAction.data.extras.f], ['alice', 'IM', 'alice'])
})

test('members of a group who are away are told by their vendors, those who want quiet are not', async t => {
  const { app, apple, bind, settled } = await makeStage(t)
  const [bobs, carols] = [apple.addDevice(), apple.addDevice()]
  await bind('bob', bobs, apple.topic)
  await bind('carol', carols, apple.topic)
  ok(await app.call('PUT', '/users/carol', { notification_no_disturbing: true }))
  const group = {
    groupname: 'Night shift',
    desc: '',
    public: true,
    owner: 'alice',
    members: ['bob', 'carol'],
  }
  const { groupid } = ok(await app.call('POST', '/chatgroups', group)).json.data
  const message = { from: 'alice', to: [groupid], type: 'txt', body: { msg: 'x' } }
  await settled(ok(await app.call('POST', '/messages/chatgroups', message)).json.data[groupid])
  const [notified] = apple.devices.get(bobs)!.all
  assert.deepEqual(
    [notified!.payload.g, notified!.payload.aps.alert.title, notified!.payload.aps.badge],
    [groupid, 'Night shift', 1],
  )
  assert.equal(apple.devices.get(carols)!.all.length, 0)
})

test('a vendor that refuses and breaks off is asked again, and the phone shows the message once', async t => {
  const { apple, google, bind, say, settled } = await makeStage(t)
  const [iphone, android] = [apple.addDevice(), google.addDevice()]
  await bind('bob', iphone, apple.topic, 'iphone')
  await bind('bob', android, google.projectId, 'pixel')
  apple.next.push(answer(503, { reason: 'Shutdown' }), cut)
  google.nextMessages.push(cut)
  const { attempts, pushes } = await settled(await say('bob', 'hello'))
  const outcomesOf = (name: string) =>
    attempts.filter(({ channel }: any) => channel === name).map(({ outcome }: any) => outcome)
  assert.deepEqual(
    [outcomesOf('apns'), outcomesOf('fcm')],
    [
      ['retry', 'unknown', 'accepted'],
      ['unknown', 'accepted'],
    ],
  )
  const tags = pushes.map(({ msg_id }: any) => msg_id)
  assert.deepEqual([...apple.devices.get(iphone)!.shown.keys()], tags)
  assert.deepEqual([...google.devices.get(android)!.shown.keys()], tags)
})

test('a dead token ends its binding, and no other; the trail still says whose it was', async t => {
  const { app, apple, bind, say, settled } = await makeStage(t)
  const [dead, live] = [apple.addDevice(), apple.addDevice()]
  await bind('bob', dead, apple.topic, 'old')
  await bind('bob', live, apple.topic, 'new')
  apple.devices.get(dead)!.unregisteredAt = Date.now()
  const { attempts } = await settled(await say('bob', 'hello'))
  assert.deepEqual(attempts.map(({ device_id, outcome }: any) => [device_id, outcome]).sort(), [
    ['new', 'accepted'],
    ['old', 'dead_token'],
  ])
  const [{ pushInfo }] = ok(await app.call('GET', '/users/bob')).json.entities
  assert.deepEqual(pushInfo, [{ device_Id: 'new', device_token: live, notifier_name: apple.topic }])
})

test('a token that is none is refused without asking anybody, and the trail says why', async t => {
  const { apple, bind, say, settled } = await makeStage(t)
  await bind('bob', 'no token', apple.topic)
  const { attempts } = await settled(await say('bob', 'hello'))
  assert.deepEqual(
    attempts.map(({ outcome, reason, user }: any) => [outcome, reason, user]),
    [['refused', 'apns.token is the token in hexadecimal digits', 'bob']],
  )
  assert.equal(apple.http.asked.length, 0)
})

test('what a user has read meanwhile, or the sender has taken back, is not sent any more', async t => {
  const { app, apple, bind, say, trail, settled } = await makeStage(t)
  const iphone = apple.addDevice()
  await bind('bob', iphone, apple.topic)
  apple.next.push(answer(503, { reason: 'ServiceUnavailable' }, { 'retry-after': '1' }))
  const read = await say('bob', 'read')
  await apple.http.heard(1)
  const bob = await ImClient.login(t, app, { username: 'bob', token: await app.login('bob') })
  await bob.nextMessage()
  await bob.settle()
  await bob.logout()
  const msg_id = await say('bob', 'taken back')
  const [{ msg_id: push }] = (await trail(msg_id)).pushes
  ok(await app.call('POST', '/messages/msg_recall', { msg_id, to: 'bob', chat_type: 'chat' }))
  const { channels, attempts } = await settled(read)
  assert.deepEqual(channels, [{ channel: 'apns', state: 'received', count: 1 }])
  assert.deepEqual(
    attempts.map(({ outcome }: any) => outcome),
    ['retry'],
  )
  assert.deepEqual((await settled(push)).channels, [{ channel: 'apns', state: 'withdrawn', count: 1 }])
  await assert.rejects(trail(msg_id), /404/)
  assert.equal(apple.devices.get(iphone)!.all.length, 0)
})

test('the trail of a message says which devices have it, page by page, and leads to its pushes', async t => {
  const { app, apple, bind, trail, settled } = await makeStage(t)
  await bind('bob', apple.addDevice(), apple.topic)
  const carol = await ImClient.login(t, app, { username: 'carol', token: await app.login('carol') })
  const group = { groupname: 'g', desc: '', public: true, owner: 'alice', members: ['bob', 'carol'] }
  const { groupid } = ok(await app.call('POST', '/chatgroups', group)).json.data
  const message = { from: 'alice', to: [groupid], type: 'txt', body: { msg: 'x' } }
  const msgId = ok(await app.call('POST', '/messages/chatgroups', message)).json.data[groupid]
  await carol.nextMessage()
  await carol.settle()
  const { devices, pushes, channels, attempts, accepted_at, expires_at, ...rest } = await settled(msgId)
  assert.deepEqual(
    [rest.kind, rest.chat_type, rest.from, rest.to, rest.state],
    ['message', 'groupchat', 'alice', groupid, 'live'],
  )
  assert.ok(Math.abs(Date.now() - accepted_at) < 60_000 && expires_at > accepted_at)
  const [bobs, { resource, ...carols }] = devices
  assert.deepEqual(bobs, { user: 'bob', resource: null, online: false, acknowledged: false, waiting: true })
  assert.deepEqual(carols, { user: 'carol', online: true, acknowledged: true, waiting: false })
  assert.ok(resource)
  const first = await trail(msgId, '?limit=1')
  const second = await trail(msgId, `?limit=1&after=${first.next}`)
  const third = await trail(msgId, `?limit=1&after=${second.next}`)
  assert.deepEqual([first.devices, first.attempts], [[bobs], []])
  assert.deepEqual([second.devices.length, second.attempts], [1, []])
  assert.deepEqual([third.devices, third.attempts, third.next], [[], attempts, undefined])
  assert.deepEqual([pushes.length, channels], [1, [{ channel: 'apns', state: 'accepted', count: 1 }]])
  assert.deepEqual((await trail(pushes[0].msg_id)).attempts, attempts)
  await assert.rejects(trail(msgId, '?after=1.1'), /400/)
})

test('an app without credentials, or a notifier that nobody knows, pushes to nobody and keeps the binding', async t => {
  const { app, apple, bind, say, trail } = await makeStage(t)
  await bind('bob', apple.addDevice(), 'unknown')
  assert.deepEqual((await trail(await say('bob', 'a'))).pushes, [])
  await bind('bob', apple.addDevice(), apple.topic)
  await app.change({ channels: { apns: null, fcm: null, huawei: null } })
  assert.deepEqual((await trail(await say('bob', 'b'))).pushes, [])
  const { pushInfo } = ok(await app.call('GET', '/users/bob')).json.entities[0]
  assert.equal(pushInfo.length, 1)
  assert.deepEqual(apple.http.asked, [])
})

test('a notifier stands for a channel whose tokens are texts, with members that its addresses have', async t => {
  const { app } = await makeStage(t)
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [[], /an object, or null/],
    [{ a: 'web_push' }, /a stands for one of apns, fcm, huawei, hmos/],
    [{ a: 'smoke' }, /a stands for one of/],
    [{ '': 'apns' }, /1 to 512 characters/],
    [{ a: { channel: 'apns', environment: 'x' } }, /apns.environment/],
    [{ a: { channel: 'fcm', environment: 'sandbox' } }, /fcm has no member environment/],
    [Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`n${at}`, 'apns'])), /100 names/],
  ]
  for (const [notifiers, words] of wrong) await assert.rejects(app.change({ channels: { notifiers } }), words)
  const { settings } = (await app.change({ channels: { notifiers: { a: 'fcm' } } })) as any
  assert.deepEqual(settings.channels.notifiers, { a: { channel: 'fcm' } })
  const after = (await app.change({ channels: { notifiers: null } })) as any
  assert.equal(after.settings.channels.notifiers, undefined)
})

async function makeStage(t: TestContext) {
  const [apple, google, huawei] = [await ApnsPeer.start(t), await FcmPeer.start(t), await HuaweiPeer.start(t)]
  const server = shared()
  const { origin } = huawei.http
  const app = await makeEasemobApp(server, {
    channels: {
      apns: apple.credentials,
      fcm: google.credentials,
      huawei: { ...huaweiApp, base_url: origin, token_url: `${origin}/oauth2/v3/token` },
      notifiers: {
        '998520842342': 'fcm',
        beta_certificate: { channel: 'apns', environment: 'sandbox', topic: 'com.acme.beta' },
      },
    },
  })
  await app.register('alice', 'bob', 'carol')
  const bind = async (user: string, device_token: string, notifier_name: string, device_id = 'phone') =>
    ok(await app.call('PUT', `/users/${user}/push/binding`, { device_id, device_token, notifier_name }))
  const say = (to: string, msg: string, ext: object = {}) => sayTo(app, to, msg, ext)
  const trail = (msgId: string, query = '') => server.admin('GET', `/messages/${msgId}/trail${query}`)
  /** The trail once nothing is under way. */
  const settled = (msgId: string) =>
    until(async () => {
      const found = await trail(msgId)
      const isOpen = found.channels.some(({ state }: any) => state === 'due' || state === 'under_way')
      return found.channels.length > 0 && !isOpen && found
    })
  return { app, apple, google, huawei, bind, say, trail, settled }
}

/** @returns the message's id */
async function sayTo(app: EasemobApp, to: string, msg: string, ext: object): Promise<string> {
  const message = { from: 'alice', to: [to], type: 'txt', body: { msg }, ext }
  return ok(await app.call('POST', '/messages/users', message)).json.data[to]
}
