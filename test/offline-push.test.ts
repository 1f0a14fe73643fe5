// Users who are away are pushed to on the devices they are bound to: over real sockets, with real MQTT devices.
import assert from 'node:assert/strict'
import { beforeEach, type TestContext, test } from 'node:test'
import { connectDevice, makeDevice, register } from './devices.ts'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { ImClient } from './im-client.ts'
import { MqttDevice } from './mqtt-device.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()
let app: EasemobApp

beforeEach(async () => {
  app = await makeEasemobApp(server())
  await app.register('alice', 'bob', 'carol')
})

const bind = async (user: string, rid: string, device = 'phone') =>
  ok(
    await app.call('PUT', `/users/${user}/push/binding`, {
      device_id: device,
      device_token: rid,
      notifier_name: 'posthouse',
    }),
  ).json

/** A connected device, bound to the user. */
async function deviceOf(t: TestContext, user: string, platform = 'android') {
  const device = await connectDevice(t, server(), app, { platform })
  await bind(user, device.rid)
  return device
}

/** @returns the message's id */
async function say(to: string, msg: string, more: object = {}): Promise<string> {
  const message = { from: 'alice', to: [to], type: 'txt', body: { msg }, ...more }
  return ok(await app.call('POST', '/messages/users', message)).json.data[to]
}

async function sayInGroup(groupId: string, msg: string, ext: object = {}): Promise<string> {
  const message = { from: 'alice', to: [groupId], type: 'txt', body: { msg }, ext }
  return ok(await app.call('POST', '/messages/chatgroups', message)).json.data[groupId]
}

const makeGroup = async (...members: string[]): Promise<string> => {
  const group = { groupname: 'Night shift', desc: '', public: true, owner: 'alice', members }
  return ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
}

const edit = async (user: string, settings: object) => ok(await app.call('PUT', `/users/${user}`, settings))
const setQuiet = async (user: string, kind: string, key: string, settings: object) =>
  ok(await app.call('PUT', `/users/${user}/notification/${kind}/${key}`, settings)).json.data

/** What arrives after this many messages that must not be pushed and one that must, is that one. */
async function firstAfter(device: { next: () => Promise<any> }, act: () => Promise<unknown>): Promise<any> {
  const push = device.next()
  await act()
  return push
}

test('a user who is away is pushed to on the bound device, with a badge and what opens the conversation', async t => {
  const device = await deviceOf(t, 'bob')
  await edit('alice', { nickname: 'Alice L.' })
  let id = ''
  const push = await firstAfter(device, async () => {
    id = await say('bob', 'hello')
  })
  assert.deepEqual(push.notification, {
    title: 'Alice L.',
    alert: 'You have a new message',
    extras: { f: 'alice', t: 'bob', m: id, badge: 1 },
  })
  const second = await firstAfter(device, () => say('bob', 'again'))
  assert.equal(second.notification.extras.badge, 2)
  assert.ok(second.expires_at > second.sent_at)
})

test('the first of an app to be bound hears of the next message, whatever was sent before', async t => {
  await say('bob', 'while nobody is bound')
  const device = await deviceOf(t, 'bob')
  const id = say('bob', 'hello')
  const push = await firstAfter(device, () => id)
  assert.equal(push.notification.extras.m, await id)
})

test('an iPhone has the badge where its system reads it', async t => {
  const device = await deviceOf(t, 'bob', 'ios')
  let id = ''
  const { notification } = await firstAfter(device, async () => {
    id = await say('bob', 'hello')
  })
  assert.deepEqual(notification, {
    alert: { title: 'alice', body: 'You have a new message' },
    sound: 'default',
    badge: 1,
    extras: { f: 'alice', t: 'bob', m: id },
  })
})

test('a user who wants to see messages sees a summary, by type, in its language', async t => {
  const device = await deviceOf(t, 'bob')
  await edit('bob', { notification_display_style: 1 })
  const text = await firstAfter(device, () => say('bob', 'see you at 8'))
  assert.equal(text.notification.alert, 'see you at 8')
  const image = { type: 'img', body: { filename: 'a.jpg', secret: 's', url: 'http://x.test/a' } }
  const picture = await firstAfter(device, () => say('bob', '', image))
  assert.equal(picture.notification.alert, '[image]')
  ok(await app.call('PUT', '/users/bob/notification/language', { translationLanguage: 'zh-Hans' }))
  const chinese = await firstAfter(device, () => say('bob', '', image))
  assert.equal(chinese.notification.alert, '[图片]')
})

test('who is online is not pushed to, and is as soon as it has left', async t => {
  const device = await deviceOf(t, 'bob')
  const bob = await ImClient.login(t, app, { username: 'bob', token: await app.login('bob') })
  await say('bob', 'while online')
  await bob.nextMessage()
  await bob.settle()
  await bob.logout()
  const push = await firstAfter(device, () => say('bob', 'while away'))
  assert.equal(push.notification.extras.badge, 1)
})

test('what one client sends another is pushed as well', async t => {
  const device = await deviceOf(t, 'bob')
  const alice = await ImClient.login(t, app, { username: 'alice', token: await app.login('alice') })
  let id = ''
  const push = await firstAfter(device, async () => {
    id = (await alice.text('bob', 'hello')).serverId
  })
  assert.equal(push.notification.extras.m, id)
})

test('commands, silent messages and messages for those who are online are not pushed', async t => {
  const device = await deviceOf(t, 'bob')
  const push = await firstAfter(device, async () => {
    await say('bob', '', { type: 'cmd', body: { action: 'refresh' } })
    await say('bob', 'silent', { ext: { em_ignore_notification: true } })
    await say('bob', 'transient', { routetype: 'ROUTE_ONLINE' })
    await say('bob', 'heard', { ext: { em_apns_ext: { em_push_title: 'heard' } } })
  })
  assert.equal(push.notification.title, 'heard')
})

test('members of a group who are away are pushed to, the sender and those online are not', async t => {
  const [bobs, carols, alices] = [
    await deviceOf(t, 'bob'),
    await deviceOf(t, 'carol'),
    await deviceOf(t, 'alice'),
  ]
  const groupId = await makeGroup('bob', 'carol')
  const carol = await ImClient.login(t, app, { username: 'carol', token: await app.login('carol') })
  await edit('bob', { notification_display_style: 1 })
  let id = ''
  const push = await firstAfter(bobs, async () => {
    id = await sayInGroup(groupId, 'all quiet')
  })
  assert.deepEqual(push.notification, {
    title: 'Night shift',
    alert: 'alice: all quiet',
    extras: { f: 'alice', t: 'bob', g: groupId, m: id, badge: 1 },
  })
  await carol.nextMessage()
  await carol.settle()
  await carol.logout()
  const { notification: forCarol } = await firstAfter(carols, () => say('carol', 'to carol'))
  assert.equal(forCarol.extras.g, undefined)
  const { notification: forAlice } = await firstAfter(alices, async () => {
    ok(
      await app.call('POST', '/messages/users', {
        from: 'bob',
        to: ['alice'],
        type: 'txt',
        body: { msg: 'x' },
      }),
    )
  })
  assert.equal(forAlice.extras.f, 'bob')
})

/** Each of these keeps the next message from being pushed, but not one that forces it. */
const silences: readonly (readonly [what: string, set: (groupId: string) => Promise<unknown>])[] = [
  ['quiet hours all day', () => edit('bob', { notification_no_disturbing: true })],
  ['the group is ignored', id => edit('bob', { [`notification_ignore_${id}`]: true })],
  ['NONE for everything', () => setQuiet('bob', 'user', 'bob', { type: 'NONE' })],
  ['NONE for the group', id => setQuiet('bob', 'chatgroup', id, { type: 'NONE' })],
  ['AT for the group', id => setQuiet('bob', 'chatgroup', id, { type: 'AT' })],
  ['quiet for an hour', () => setQuiet('bob', 'user', 'bob', { ignoreDuration: 3_600_000 })],
  ['quiet for an hour in the group', id => setQuiet('bob', 'chatgroup', id, { ignoreDuration: 3_600_000 })],
  ['quiet at any time of the day', () => setQuiet('bob', 'user', 'bob', { ignoreInterval: '00:00-24:00' })],
]

for (const [what, set] of silences)
  test(`${what}: nothing is pushed but what the sender forces`, async t => {
    const device = await deviceOf(t, 'bob')
    const groupId = await makeGroup('bob')
    await set(groupId)
    const push = await firstAfter(device, async () => {
      await sayInGroup(groupId, 'not heard')
      await sayInGroup(groupId, 'heard', { em_force_notification: 'YES', em_push_ext: { title: 'forced' } })
    })
    assert.equal(push.notification.title, 'forced')
  })

test('who wants to hear only what names it hears that, and what names all', async t => {
  const device = await deviceOf(t, 'bob')
  const groupId = await makeGroup('bob')
  await setQuiet('bob', 'user', 'bob', { type: 'AT' })
  const ids: string[] = []
  const push = await firstAfter(device, async () => {
    await sayInGroup(groupId, 'to nobody', {})
    await sayInGroup(groupId, 'to carol', { em_at_list: ['carol'] })
    ids.push(await sayInGroup(groupId, 'to bob', { em_at_list: ['BOB'] }))
  })
  assert.equal(push.notification.extras.m, ids[0])
  const toAll = await firstAfter(device, async () => {
    ids.push(await sayInGroup(groupId, 'to all', { em_at_list: 'ALL' }))
  })
  assert.equal(toAll.notification.extras.m, ids[1])
})

test('a conversation with a setting of its own does not follow the one for everything', async t => {
  const device = await deviceOf(t, 'bob')
  await setQuiet('bob', 'user', 'bob', { type: 'NONE' })
  await setQuiet('bob', 'user', 'alice', { type: 'ALL' })
  const push = await firstAfter(device, () => say('bob', 'hello'))
  assert.equal(push.notification.extras.f, 'alice')
})

test('a template fills in what the sender gives and what the server knows', async t => {
  const device = await deviceOf(t, 'bob')
  await edit('bob', { notification_display_style: 1 })
  const template = { name: 'call', title_pattern: '{0} calls', content_pattern: '{0}: {1}' }
  ok(await app.call('POST', '/notification/template', template))
  const use = { name: 'call', title_args: ['{$fromNickname}'], content_args: ['now', '{$msg}'] }
  const push = await firstAfter(device, () =>
    say('bob', 'pick up', { ext: { em_push_template: use, em_push_ext: { custom: { k: 1 } } } }),
  )
  assert.deepEqual([push.notification.title, push.notification.alert], ['alice calls', 'now: pick up'])
  assert.deepEqual(push.notification.extras.e, { k: 1 })
})

test('a device shows what is for the user that was bound last, and nothing once it is unbound', async t => {
  const device = await connectDevice(t, server(), app)
  await bind('bob', device.rid)
  await bind('carol', device.rid)
  const push = await firstAfter(device, async () => {
    await say('bob', 'not shown')
    await say('carol', 'shown')
  })
  assert.equal(push.notification.extras.t, 'carol')
  await bind('carol', '')
  await bind('bob', device.rid)
  const after = await firstAfter(device, async () => {
    await say('carol', 'not shown')
    await say('bob', 'shown')
  })
  assert.equal(after.notification.extras.t, 'bob')
})

test('the sender may leave out devices, and say which are meant', async t => {
  const [phone, tablet] = [await connectDevice(t, server(), app), await connectDevice(t, server(), app)]
  await bind('bob', phone.rid, 'phone')
  await bind('bob', tablet.rid, 'tablet')
  const pushes = [phone.next(), tablet.next()]
  const sayTo = (em_push_filter: object, title: string) =>
    say('bob', 'x', { ext: { em_push_filter, em_push_ext: { title } } })
  await sayTo({ accept_notifier_name: ['fcm'] }, 'for others')
  await sayTo({ accept_device_id: ['phone'] }, 'for the phone')
  await sayTo({ ignore_device_id: ['phone'] }, 'for the tablet')
  const titles = (await Promise.all(pushes)).map(({ notification }) => notification.title)
  assert.deepEqual(titles, ['for the phone', 'for the tablet'])
})

test('a member of a group is pushed to when the message is for it, and not when it is for others', async t => {
  const device = await deviceOf(t, 'bob')
  const groupId = await makeGroup('bob', 'carol')
  const sayToSome = (users: string[], title: string) => {
    const ext = { em_push_ext: { title } }
    const message = { from: 'alice', to: [groupId], users, type: 'txt', body: { msg: 'x' }, ext }
    return app.call('POST', '/messages/chatgroups/users', message)
  }
  const push = await firstAfter(device, async () => {
    ok(await sayToSome(['carol'], 'for carol'))
    ok(await sayToSome(['bob'], 'for bob'))
  })
  assert.equal(push.notification.title, 'for bob')
})

test('nobody is pushed to for what it sends itself, nor while it is barred', async t => {
  const device = await deviceOf(t, 'alice')
  const fromBob = (msg: string) => ({ from: 'bob', to: ['alice'], type: 'txt', body: { msg } })
  const push = await firstAfter(device, async () => {
    await say('alice', 'to myself')
    ok(await app.call('POST', '/users/alice/deactivate'))
    ok(await app.call('POST', '/messages/users', fromBob('while barred')))
    ok(await app.call('POST', '/users/alice/activate'))
    ok(await app.call('POST', '/messages/users', fromBob('again')))
  })
  assert.deepEqual([push.notification.extras.f, push.notification.extras.badge], ['bob', 3])
})

test('what is sent into a chat room is not pushed', async t => {
  const device = await deviceOf(t, 'bob')
  const room = { name: 'hall', description: '', owner: 'alice', members: ['bob'] }
  const id = ok(await app.call('POST', '/chatrooms', room)).json.data.id
  const push = await firstAfter(device, async () => {
    const message = { from: 'alice', to: [id], type: 'txt', body: { msg: 'x' } }
    ok(await app.call('POST', '/messages/chatrooms', message))
    await say('bob', 'to bob')
  })
  assert.equal(push.notification.extras.g, undefined)
})

test('members of a group beyond the number that is counted for are pushed to all the same, without a badge', async t => {
  const names = Array.from({ length: 101 }, (_, at) => `member${at}`)
  await app.register(...names)
  const devices = await Promise.all(names.slice(0, 3).map(name => deviceOf(t, name)))
  for (const name of names.slice(3)) await bind(name, await register(server(), app))
  const groupId = await makeGroup(...names.slice(0, 60))
  ok(await app.call('POST', `/chatgroups/${groupId}/users`, { usernames: names.slice(60) }))
  const pushes = devices.map(device => device.next())
  const id = await sayInGroup(groupId, 'hello')
  for (const push of await Promise.all(pushes))
    assert.deepEqual(push.notification.extras, { f: 'alice', g: groupId, m: id })
})

/** A device that is bound while it is not connected, and what it shows once it is. */
async function sleepingDeviceOf(user: string) {
  const access = await makeDevice(server(), app)
  await bind(user, access.rid)
  return (t: TestContext) => MqttDevice.connect(t, server(), access, { appKey: app.app_key })
}

test('a message that is taken back is not shown by devices that have not shown it yet', async t => {
  const wakeBob = await sleepingDeviceOf('bob')
  const msg_id = await say('bob', 'taken back')
  const kept = await say('bob', 'kept')
  const recall = { msg_id, to: 'bob', chat_type: 'chat' }
  ok(await app.call('POST', '/messages/msg_recall', recall))
  const device = await wakeBob(t)
  assert.equal((await device.next()).notification.extras.m, kept)
})

test('a client takes a message in a group back: nobody who was away is told of it any more', async t => {
  const [wakeBob, wakeCarol] = [await sleepingDeviceOf('bob'), await sleepingDeviceOf('carol')]
  const groupId = await makeGroup('bob', 'carol')
  const alice = await ImClient.login(t, app, { username: 'alice', token: await app.login('alice') })
  await alice.text(groupId, 'before', { chatType: 'groupchat' })
  const { serverId } = await alice.text(groupId, 'taken back', { chatType: 'groupchat' })
  await alice.text(groupId, 'after', { chatType: 'groupchat' })
  await alice.signal(groupId, 'recall', serverId, { chatType: 'groupchat' })
  for (const wake of [wakeBob, wakeCarol]) {
    const device = await wake(t)
    const [first, second] = [await device.next(), await device.next()]
    const ids = [first, second].map(({ notification }) => BigInt(notification.extras.m))
    assert.ok(ids[0]! < BigInt(serverId) && BigInt(serverId) < ids[1]!, `${ids} ${serverId}`)
  }
})
