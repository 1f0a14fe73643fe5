// The client against a real server: every call of the Easemob dialect, and what it answers. The last tests hold that none
// was forgotten: every function is called here, and every route of the server by one of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import sharp from 'sharp'
import { answerWith, CallbackServer } from '../../test/callback-server.ts'
import { makeEasemobApp } from '../../test/easemob-caller.ts'
import { ImClient } from '../../test/im-client.ts'
import { sharedApp } from '../../test/start-app.ts'
import { until } from '../../test/until.ts'
import * as package_ from '../src/easemob.ts'
import { PosthouseError } from '../src/index.ts'
import { operationsOf, shapeOf, toldOf } from './operations.ts'

const shared = sharedApp()

const { calls: easemob, notCalled } = toldOf(package_)
const functions = Object.entries(package_).filter(([, value]) => value !== package_.EasemobClient)

/** What was asked of the server: `GET /users/:`. */
const asked = new Set<string>()

/** An app with users of these names, whose password is `pw`, and its client. */
async function makeApp({ settings, users = [] }: { settings?: object; users?: readonly string[] } = {}) {
  const app = await makeEasemobApp(shared(), settings)
  const client = new package_.EasemobClient({
    baseUrl: shared().http,
    org: app.org,
    app: app.app,
    clientId: app.client_id,
    clientSecret: app.client_secret,
    isPosthouse: true,
    onAttempt: ({ operation }) => asked.add(shapeOf(operation)),
  })
  const accounts = users.map(username => ({ username, password: 'pw' }))
  if (users.length > 0) await easemob.registerUsers(client, { users: accounts })
  const as = async (username: string) => {
    const { access_token } = await easemob.createUserToken(client, { username, password: 'pw' })
    return client.asUser(access_token)
  }
  return { app, client, as }
}

async function makeGroup(client: package_.EasemobClient, more: Partial<package_.NewGroup> = {}) {
  return easemob.createGroup(client, { groupname: 'ops', owner: 'ann', public: true, ...more })
}

async function say(
  client: package_.EasemobClient,
  text: string,
  to: { groups: [string] } | { users: [string] },
) {
  const { ids } = await easemob.sendMessage(client, { to, from: 'ann', type: 'txt', body: { msg: text } })
  return Object.values(ids)[0]!
}

test('users are registered, found, changed and deleted', async () => {
  const { client } = await makeApp({ settings: { edition: 'live' } })
  const ann = await easemob.registerUser(client, { user: { username: 'ann', password: 'x' } })
  assert.equal(ann.username, 'ann')
  const users = Array.from({ length: 70 }, (_, nth) => ({ username: `u${nth}`, password: 'x' }))
  const { users: made, failed } = await easemob.registerUsers(client, {
    users: [{ username: 'ann', password: 'x' }, ...users],
  })
  assert.deepEqual([made.length, failed.map(({ username }) => username)], [70, ['ann']])
  const first = await easemob.listUsers(client, { limit: 50 })
  const second = await easemob.listUsers(client, { limit: 50, cursor: first.cursor! })
  assert.deepEqual([first.items.length, second.items.length, second.cursor], [50, 21, undefined])
  const [found] = (await easemob.listUsers(client, { ql: "select * where username='u7'" })).items
  assert.equal(found?.username, 'u7')
  const changes = { nickname: 'Ann', notification_display_style: 1, notification_ignore_123: true } as const
  const changed = await easemob.updateUser(client, { username: 'ann', changes })
  assert.deepEqual([changed.nickname, changed.notification_ignore_123], ['Ann', true])
  const nicknames = [{ username: 'u1', nickname: 'One' }]
  assert.deepEqual(await easemob.setNicknames(client, { nicknames }), nicknames)
  assert.equal((await easemob.getUser(client, { username: 'u1' })).nickname, 'One')
  await easemob.changePassword(client, { username: 'ann', newPassword: 'y' })
  await easemob.deactivateUser(client, { username: 'ann' })
  assert.equal((await easemob.getUser(client, { username: 'ann' })).activated, false)
  await easemob.activateUser(client, { username: 'ann' })
  await easemob.deleteUser(client, { username: 'ann' })
  await assert.rejects(easemob.getUser(client, { username: 'ann' }), {
    class: 'missing',
    outcome: 'rejected',
  })
  const gone = await easemob.deleteUsers(client, { limit: 20 })
  assert.deepEqual([gone.items.length, typeof gone.cursor], [20, 'string'])
  assert.equal((await easemob.listUsers(client, { limit: 100 })).items.length, 50)
})

test('a user logs in, is seen, and is sent away', async t => {
  const { app, client } = await makeApp({ users: ['ann', 'bob'] })
  const ann = { username: 'ann' }
  assert.deepEqual(await easemob.getSessions(client, ann), [])
  assert.equal(await easemob.isOnline(client, ann), false)
  const login = { ...ann, token: await app.login('ann') }
  await ImClient.login(t, app, { ...login, resource: 'android_1' })
  await ImClient.login(t, app, { ...login, resource: 'web_1' })
  assert.equal(await easemob.isOnline(client, ann), true)
  assert.deepEqual(await easemob.getOnlineUsers(client, { usernames: ['ann', 'bob'] }), ['ann'])
  const sessions = await easemob.getSessions(client, ann)
  assert.deepEqual(sessions.map(({ res }) => res).toSorted(), ['android_1', 'web_1'])
  await easemob.disconnectUser(client, { ...ann, resource: 'web_1' })
  const isAlone = async () => (await easemob.getSessions(client, ann)).length === 1
  assert.equal(await until(isAlone), true)
  await easemob.disconnectUser(client, ann)
  assert.equal(await until(async () => !(await easemob.isOnline(client, ann))), true)
})

test('tokens of users are for what users do themselves', async () => {
  const { client } = await makeApp({ users: ['ann'] })
  const token = await easemob.createUserToken(client, { username: 'ann', password: 'pw', ttl: 600 })
  assert.deepEqual([token.expires_in, token.user.username], [600, 'ann'])
  const wrong = easemob.createUserToken(client, { username: 'ann', password: 'no' })
  await assert.rejects(wrong, { code: 'invalid_grant', outcome: 'rejected' })
  const inherited = await easemob.inheritUserToken(client, { username: 'new', autoCreateUser: true })
  assert.equal(inherited.user.username, 'new')
  await assert.rejects(easemob.inheritUserToken(client, { username: 'ghost' }), { class: 'missing' })
  const ann = client.asUser(token.access_token)
  const endsAt = await easemob.renewSessions(ann, { username: 'ann' })
  assert.ok(Math.abs(endsAt - Date.now() - 600_000) < 60_000)
  const changes = { username: 'ann', changes: { nickname: 'Me' } }
  assert.equal((await easemob.updateUser(ann, changes)).nickname, 'Me')
  await easemob.changePassword(ann, { username: 'ann', oldPassword: 'pw', newPassword: 'y' })
  // It died with the password, and no other is known here.
  const failure = await easemob.getUser(ann, { username: 'ann' }).catch((error: unknown) => error)
  assert.ok(failure instanceof PosthouseError)
  assert.deepEqual([failure.class, failure.attempts.length], ['auth', 1])
})

test('contacts are made, named, asked for and ended; users are blocked', async () => {
  const { client, as } = await makeApp({ users: ['ann', 'bob', 'eve'] })
  const pair = { username: 'ann', contact: 'bob' }
  assert.equal((await easemob.addContact(client, pair)).username, 'bob')
  await easemob.setContactRemark(client, { ...pair, remark: 'my Bob' })
  const { items, cursor } = await easemob.listContacts(client, { username: 'ann', limit: 5 })
  assert.deepEqual([items, cursor], [[{ username: 'bob', remark: 'my Bob' }], undefined])
  assert.deepEqual(await easemob.getContactNames(client, { username: 'bob' }), ['ann'])
  assert.equal((await easemob.removeContact(client, pair)).username, 'bob')
  assert.deepEqual(await easemob.getContactNames(client, { username: 'ann' }), [])
  const [ann, bob, eve] = [await as('ann'), await as('bob'), await as('eve')]
  await easemob.inviteContacts(ann, { username: 'ann', usernames: ['bob', 'eve'], reason: 'hello' })
  await easemob.acceptContact(bob, { username: 'bob', contact: 'ann' })
  await easemob.declineContact(eve, { username: 'eve', contact: 'ann' })
  assert.deepEqual(await easemob.getContactNames(client, { username: 'ann' }), ['bob'])
  await assert.rejects(easemob.declineContact(eve, { username: 'eve', contact: 'ann' }), { class: 'missing' })
  const blocked = await easemob.blockUsers(client, { username: 'ann', usernames: ['bob', 'eve'] })
  assert.deepEqual(blocked.toSorted(), ['bob', 'eve'])
  await easemob.unblockUser(client, { username: 'ann', blocked: 'bob' })
  const left = await easemob.listBlockedUsers(client, { username: 'ann', limit: 10 })
  assert.deepEqual(left, { items: ['eve'] })
})

test('users are muted everywhere, and may speak again', async () => {
  const { client } = await makeApp({ users: ['ann'] })
  await easemob.muteUser(client, { username: 'ann', chat: 600, chatroom: -1 })
  const { chat, groupchat, chatroom } = await easemob.getMutes(client, { username: 'ann' })
  assert.ok(chat > 500 && groupchat === 0 && chatroom === -1)
  const muted = await easemob.listMutedUsers(client, { page: 1, pageSize: 10 })
  assert.deepEqual(
    muted.map(({ username }) => username),
    ['ann', 'ann'],
  )
  await easemob.muteUser(client, { username: 'ann', chat: 0, chatroom: 0 })
  assert.deepEqual(await easemob.listMutedUsers(client), [])
})

test('attributes of users are set, read and deleted', async () => {
  const { client } = await makeApp({ users: ['ann', 'bob'] })
  const attributes = { nickname: 'Ann & Co.', sign: '你好=1' }
  assert.deepEqual(await easemob.setUserAttributes(client, { username: 'ann', attributes }), attributes)
  assert.deepEqual(await easemob.getUserAttributes(client, { username: 'ann' }), attributes)
  const some = await easemob.getAttributesOfUsers(client, { usernames: ['ann', 'bob'], names: ['sign'] })
  assert.deepEqual(some, { ann: { sign: '你好=1' }, bob: {} })
  assert.ok((await easemob.countAttributeBytes(client)) > 20)
  await easemob.deleteUserAttributes(client, { username: 'ann' })
  assert.equal(await easemob.countAttributeBytes(client), 0)
})

test('presence is published, subscribed to and asked for', async t => {
  const { app, client } = await makeApp({ users: ['ann', 'bob'] })
  const resource = 'android_1'
  await ImClient.login(t, app, { username: 'bob', token: await app.login('bob'), resource })
  await easemob.publishPresence(client, { username: 'bob', resource, status: 7, ext: 'busy' })
  const subscribed = await easemob.subscribePresence(client, {
    username: 'ann',
    usernames: ['bob'],
    seconds: 600,
  })
  assert.ok(Math.abs(Number(subscribed[0]!.expiry) - Date.now() / 1_000 - 600) < 60)
  const [bob] = await easemob.getPresences(client, { username: 'ann', usernames: ['bob'] })
  assert.deepEqual([bob?.uid, bob?.ext, bob?.status], ['bob', 'busy', { [resource]: '7' }])
  const listed = await easemob.listPresenceSubscriptions(client, { username: 'ann', page: 1, pageSize: 5 })
  assert.deepEqual([listed.total, listed.items[0]?.uid], [1, 'bob'])
  await easemob.unsubscribePresence(client, { username: 'ann', usernames: ['bob'] })
  assert.equal((await easemob.listPresenceSubscriptions(client, { username: 'ann' })).total, 0)
})

test('how users are notified is set, of one conversation and of all', async () => {
  const { client } = await makeApp({ users: ['ann', 'bob'] })
  const device = { username: 'ann', deviceId: 'phone' }
  await easemob.bindDevice(client, { ...device, deviceToken: 'abc', notifierName: 'fcm' })
  const { pushInfo } = await easemob.getUser(client, { username: 'ann' })
  assert.deepEqual(pushInfo, [{ device_Id: 'phone', device_token: 'abc', notifier_name: 'fcm' }])
  await easemob.unbindDevice(client, device)
  assert.equal((await easemob.getUser(client, { username: 'ann' })).pushInfo, undefined)
  const groupId = await makeGroup(client)
  const ofGroup = { username: 'ann', groupId }
  const quiet = { type: 'NONE', ignoreInterval: '21:30-08:00' } as const
  assert.deepEqual(await easemob.setNotification(client, { ...ofGroup, ...quiet }), quiet)
  assert.deepEqual(await easemob.getNotification(client, ofGroup), quiet)
  await easemob.setNotification(client, { username: 'ann', with: 'ann', ignoreDuration: 60_000 })
  const own = await easemob.getNotification(client, { username: 'ann', with: 'ann' })
  assert.ok(Math.abs(own.ignoreDuration! - Date.now() - 60_000) < 60_000)
  const several = { username: 'ann', usernames: ['bob'], groupIds: [groupId] }
  assert.deepEqual(await easemob.getNotifications(client, several), {
    user: { bob: {} },
    group: { [groupId]: quiet },
  })
  const { items } = await easemob.listOwnNotifications(client, { username: 'ann' })
  assert.deepEqual(items, [{ group: groupId, value: 'NONE' }])
  await easemob.setNotificationLanguage(client, { username: 'ann', language: 'ZH' })
  assert.equal(await easemob.getNotificationLanguage(client, { username: 'ann' }), 'ZH')
  const texts = { name: 'parcel', title: 'Parcel', content: '{0} is here' }
  assert.equal((await easemob.putTemplate(client, texts)).content_pattern, '{0} is here')
  assert.equal((await easemob.getTemplate(client, { name: 'parcel' })).title_pattern, 'Parcel')
  await easemob.deleteTemplate(client, { name: 'parcel' })
  await assert.rejects(easemob.getTemplate(client, { name: 'parcel' }), { class: 'missing' })
})

test('a message waits for its receivers; more than a request takes are sent to in several', async () => {
  const names = Array.from({ length: 60 }, (_, nth) => `u${nth}`)
  const { client } = await makeApp({ users: names })
  const message = { to: { users: names }, type: 'txt', body: { msg: 'hello' }, receiversMax: 25 } as const
  const { ids, failed } = await easemob.sendMessage(client, message)
  assert.deepEqual([Object.keys(ids).length, failed.length], [60, 0])
  assert.equal(await easemob.countOfflineMessages(client, { username: 'u59' }), 1)
  const waiting = { username: 'u59', messageId: ids.u59! }
  assert.equal(await easemob.isDelivered(client, waiting), false)
  const repeat = () => easemob.sendMessage(client, { ...message, receiversMax: 600, key: 'order-7' })
  assert.deepEqual(await repeat(), await repeat())
  assert.equal(await easemob.countOfflineMessages(client, { username: 'u59' }), 2)
})

test('a message goes to some members, to every room, into the history', async () => {
  const { client } = await makeApp({ users: ['ann', 'bob', 'eve'] })
  const groupId = await makeGroup(client, { members: ['bob', 'eve'] })
  const roomId = await easemob.createRoom(client, { name: 'lobby', owner: 'ann', members: ['bob'] })
  const content = { type: 'txt', body: { msg: 'psst' } } as const
  assert.match(await easemob.sendToMembers(client, { groupId, usernames: ['bob'], ...content }), /^\d+$/)
  assert.match(await easemob.sendToMembers(client, { roomId, usernames: ['bob'], ...content }), /^\d+$/)
  assert.equal(await easemob.countOfflineMessages(client, { username: 'bob' }), 1)
  assert.equal(await easemob.countOfflineMessages(client, { username: 'eve' }), 0)
  assert.match(await easemob.broadcastMessage(client, { ...content, from: 'ann' }), /^\d+$/)
  const rooms = await easemob.sendMessage(client, { to: { rooms: [roomId] }, ...content })
  assert.ok(rooms.ids[roomId])
  const old = { from: 'ann', ...content, msg_timestamp: Date.now() - 3_600_000 }
  assert.match(await easemob.importMessage(client, { ...old, to: { user: 'bob' } }), /^\d+$/)
  assert.match(await easemob.importMessage(client, { ...old, to: { group: groupId } }), /^\d+$/)
  assert.equal(await easemob.countOfflineMessages(client, { username: 'bob' }), 1)
})

test('messages are recalled and edited', async () => {
  for (const edition of ['seed', 'live']) {
    const { client } = await makeApp({ settings: { edition }, users: ['ann', 'bob'] })
    const ids = [await say(client, 'a', { users: ['bob'] }), await say(client, 'b', { users: ['bob'] })]
    const recallOf = (messageId: string) =>
      ({ messageId, to: 'bob', from: 'ann', chatType: 'chat', force: true }) as const
    await easemob.editMessage(client, { messageId: ids[0]!, username: 'ann', text: 'A' })
    const { items } = await easemob.listSentMessages(client, {
      ql: `select * where timestamp>${Date.now() - 60_000}`,
      limit: 1,
    })
    assert.deepEqual([items[0]?.msg_id, items[0]?.payload.bodies[0]], [ids[0], { type: 'txt', msg: 'A' }])
    const done = { messageId: ids[0]!, isRecalled: true }
    assert.deepEqual(await easemob.recallMessage(client, recallOf(ids[0]!)), done)
    const again = easemob.recallMessage(client, recallOf(ids[0]!))
    if (edition === 'live') await assert.rejects(again, { outcome: 'rejected', dialect: 'easemob' })
    else assert.equal((await again).isRecalled, false)
    const both = await easemob.recallMessages(client, { recalls: ids.map(recallOf) })
    assert.deepEqual(
      both.map(({ isRecalled }) => isRecalled),
      [false, true],
    )
    assert.ok(both[0]!.reason)
  }
})

test('an hour of messages is exported', async () => {
  const { client } = await makeApp({ users: ['ann', 'bob'] })
  const hourMs = 3_600_000
  const at = Math.floor(Date.now() / hourMs) * hourMs - 2 * hourMs
  const hour = new Date(at).toISOString().replace(/\D/g, '').slice(0, 10)
  const message = { from: 'ann', to: { user: 'bob' }, type: 'txt', body: { msg: 'old' } } as const
  const id = await easemob.importMessage(client, { ...message, msg_timestamp: at })
  assert.match(await easemob.getExportUrl(client, { hour }), new RegExp(hour))
  const { bytes, type } = await easemob.downloadExport(client, { hour })
  const record = JSON.parse(gunzipSync(bytes).toString()) as package_.SentMessage
  assert.deepEqual([type, record.msg_id], ['application/gzip', id])
  await assert.rejects(easemob.getExportUrl(client, { hour: '2020010100' }), PosthouseError)
})

test('a user reads its conversations again, and removes what it likes from its view', async () => {
  const { client } = await makeApp({ users: ['ann', 'bob'] })
  const groupId = await makeGroup(client, { members: ['bob'] })
  const [first] = [await say(client, '1', { users: ['bob'] }), await say(client, '2', { users: ['bob'] })]
  const inGroup = await say(client, '3', { groups: [groupId] })
  const [withBob, ofGroup] = [
    { username: 'ann', with: 'bob' },
    { username: 'ann', groupId },
  ]
  const count = async () => [
    (await easemob.listMessages(client, withBob)).items.length,
    (await easemob.listMessages(client, { ...ofGroup, types: ['txt'], from: 'ann' })).items.length,
  ]
  assert.deepEqual(await count(), [2, 1])
  const page = await easemob.listMessages(client, { ...withBob, limit: 1, order: 'oldest_first' })
  const next = await easemob.listMessages(client, {
    ...withBob,
    limit: 1,
    order: 'oldest_first',
    cursor: page.cursor!,
  })
  assert.deepEqual([page.items.length, next.items.length, next.cursor], [1, 1, undefined])
  assert.match(Buffer.from(next.items[0]!, 'base64').toString('latin1'), /2/)
  await easemob.hideMessages(client, { ...withBob, messageIds: [first] })
  await easemob.hideMessages(client, { ...ofGroup, messageIds: [inGroup] })
  assert.deepEqual(await count(), [1, 0])
  await easemob.hideMessages(client, { ...withBob, until: Date.now() + 60_000 })
  await easemob.hideMessages(client, { ...ofGroup, until: Date.now() + 60_000 })
  await say(client, '4', { users: ['bob'] })
  assert.deepEqual(await count(), [1, 0])
  await easemob.hideAllMessages(client, { username: 'ann' })
  assert.deepEqual(await count(), [0, 0])
})

test('conversations are listed, pinned, marked and taken off the list', async () => {
  const { client } = await makeApp({ users: ['ann', 'bob'] })
  const groupId = await makeGroup(client, { members: ['bob'] })
  await say(client, 'hello', { users: ['bob'] })
  await say(client, 'all', { groups: [groupId] })
  const list = async (more: object = {}) => {
    const { items } = await easemob.listConversations(client, { username: 'bob', limit: 10, ...more })
    return items.map(({ session_to }) => session_to)
  }
  assert.deepEqual((await list()).toSorted(), [groupId, 'ann'].toSorted())
  const withAnn = { username: 'bob', with: 'ann' }
  await easemob.pinConversation(client, withAnn)
  assert.deepEqual(await list({ onlyPinned: true }), ['ann'])
  await easemob.unpinConversation(client, withAnn)
  assert.deepEqual(await list({ onlyPinned: true }), [])
  const marks = { username: 'bob', mark: 3, conversations: [{ with: 'ann' }, { groupId }] }
  await easemob.markConversations(client, marks)
  await easemob.unmarkConversations(client, { ...marks, conversations: [{ with: 'ann' }] })
  const marked = await easemob.listMarkedConversations(client, { username: 'bob', mark: 3 })
  const [{ session_to, session_type, unread_num, meta }] = marked.items as [package_.Conversation]
  assert.deepEqual([session_to, session_type, unread_num], [groupId, 'groupchat', 1])
  assert.equal(JSON.parse(meta.payload!).bodies[0].msg, 'all')
  await easemob.removeConversation(client, { ...withAnn, withMessages: true })
  assert.deepEqual(await list(), [groupId])
})

test('messages are reacted to and read', async t => {
  const { app, client } = await makeApp({ users: ['ann', 'bob'] })
  const groupId = await makeGroup(client, { members: ['bob'] })
  const messageId = await say(client, 'lunch?', { groups: [groupId] })
  const reaction = { username: 'bob', messageId, reaction: '👍' }
  await easemob.addReaction(client, reaction)
  await assert.rejects(easemob.addReaction(client, reaction), { id: 'reaction_exists' })
  const asAnn = { username: 'ann', messageIds: [messageId], groupId }
  const [found] = await easemob.getReactions(client, asAnn)
  const { reaction: text, count, state, userList } = found!.reactionList[0]!
  assert.deepEqual([found!.msgId, text, count, state, userList], [messageId, '👍', 1, false, ['bob']])
  assert.deepEqual(await easemob.listReactionUsers(client, { ...reaction, limit: 5 }), { items: ['bob'] })
  await easemob.removeReaction(client, reaction)
  assert.deepEqual(await easemob.getReactions(client, asAnn), [])
  const bob = await ImClient.login(t, app, { username: 'bob', token: await app.login('bob') })
  const wanted = { groupId, messageId, limit: 5 }
  assert.deepEqual(await easemob.listReaders(client, wanted), { items: [], total: 0 })
  await bob.signal(groupId, 'readAck', messageId, {
    chatType: 'groupchat',
    body: { msgConfig: { allowGroupAck: true }, ackContent: 'seen' },
  })
  assert.deepEqual(await easemob.listReaders(client, wanted), { items: ['bob'], total: 1 })
})

test('files are uploaded and downloaded, byte for byte, and opened by their secret alone', async () => {
  const { client, as } = await makeApp({ users: ['ann'] })
  const content = new Uint8Array(70_000).map((_, at) => at % 251)
  const { fileId, url, secret } = await easemob.uploadFile(client, { content, name: 'a.bin' })
  assert.ok(url.endsWith(`/chatfiles/${fileId}`))
  const got = await easemob.downloadFile(client, { fileId, secret: secret! })
  assert.deepEqual([got.bytes, got.type], [content, 'application/octet-stream'])
  const stranger = easemob.downloadFile(client, { fileId, secret: 'no' })
  await assert.rejects(stranger, { outcome: 'rejected', class: 'auth', id: 'file_secret_wrong' })
  const noise = {
    width: 300,
    height: 200,
    channels: 3,
    noise: { type: 'gaussian', mean: 128, sigma: 40 },
  } as const
  const image = new Uint8Array(
    await sharp({ create: { ...noise, background: '#000' } })
      .png()
      .toBuffer(),
  )
  const picture = await easemob.uploadFile(await as('ann'), {
    content: image,
    name: 'a.png',
    type: 'image/png',
    isRestricted: false,
    thumbnail: { width: 60, height: 60 },
  })
  assert.equal(picture.secret, undefined)
  const small = await easemob.downloadFile(client, { fileId: picture.fileId, asThumbnail: true })
  assert.equal((await sharp(small.bytes).metadata()).width, 60)
  const tiny = new package_.EasemobClient({
    baseUrl: shared().http,
    org: 'none',
    app: 'none',
    token: 'none',
    bytesMax: { file: 1_000 },
  })
  await assert.rejects(tiny.fetchFile(picture.url), {
    id: 'answer_unreadable',
    text: 'the answer is too long',
  })
})

test('files are shared in groups and rooms', async () => {
  const { client } = await makeApp({ users: ['ann'] })
  for (const place of await bothPlaces(client)) {
    const file = await easemob.shareFile(client, { ...place, content: 'minutes', name: 'm.txt' })
    assert.deepEqual([file.file_name, file.file_size], ['m.txt', 7])
    const listed = await easemob.listSharedFiles(client, { ...place, page: 1, pageSize: 10 })
    assert.deepEqual(
      listed.map(({ file_id }) => file_id),
      [file.file_id],
    )
    const fileId = file.file_id
    const { bytes, type } = await easemob.downloadSharedFile(client, { ...place, fileId })
    assert.deepEqual([Buffer.from(bytes).toString(), type], ['minutes', 'application/octet-stream'])
    await easemob.deleteSharedFile(client, { ...place, fileId })
    await assert.rejects(easemob.downloadSharedFile(client, { ...place, fileId }), { class: 'missing' })
  }
})

async function bothPlaces(
  client: package_.EasemobClient,
  members: readonly string[] = [],
): Promise<readonly [{ readonly groupId: string }, { readonly roomId: string }]> {
  const groupId = await makeGroup(client, { members })
  const first = members.length > 0 ? { members } : {}
  return [
    { groupId },
    { roomId: await easemob.createRoom(client, { name: 'lobby', owner: 'ann', ...first }) },
  ]
}

test('groups are made, found, changed, handed on and deleted', async () => {
  const { client } = await makeApp({ users: ['ann', 'bob'] })
  const groupId = await makeGroup(client, { members: ['bob'], maxusers: 50 })
  const other = await makeGroup(client, { groupname: 'dev', public: false })
  await easemob.updateGroup(client, { groupId, changes: { description: 'night shift' } })
  const { description, maxusers, affiliations, scale } = await easemob.getGroup(client, { groupId })
  assert.deepEqual([description, maxusers, scale], ['night shift', 50, 'normal'])
  assert.deepEqual(affiliations?.length, 2)
  assert.equal((await easemob.getGroups(client, { groupIds: [groupId, other, '9'] })).length, 2)
  const first = await easemob.listGroups(client, { limit: 1 })
  const second = await easemob.listGroups(client, { limit: 1, cursor: first.cursor! })
  assert.deepEqual(
    [...first.items, ...second.items].map(({ groupid }) => groupid),
    [other, groupId],
  )
  assert.deepEqual((await easemob.listPublicGroups(client)).items[0]?.groupid, groupId)
  await easemob.disableGroup(client, { groupId })
  assert.equal((await easemob.getGroup(client, { groupId })).disabled, true)
  await easemob.enableGroup(client, { groupId })
  assert.equal((await easemob.getGroup(client, { groupId })).disabled, false)
  await easemob.updateGroup(client, { groupId, changes: { newowner: 'bob' } })
  assert.equal((await easemob.getGroup(client, { groupId })).owner, 'bob')
  const joined = await easemob.listJoinedGroups(client, { username: 'bob', page: 1, pageSize: 5 })
  assert.deepEqual(joined, [{ groupid: groupId, groupname: 'ops' }])
  const details = await easemob.listJoinedGroupDetails(client, { username: 'bob', page: 1, withRole: true })
  assert.deepEqual([details.total, details.items[0]?.permission], [1, 'owner'])
  assert.equal(await easemob.countJoinedGroups(client, { username: 'bob' }), 1)
  const added = await easemob.addToGroups(client, { username: 'bob', groupIds: [other] })
  assert.deepEqual(added, [{ id: other, result: true }])
  await easemob.deleteGroup(client, { groupId })
  await assert.rejects(easemob.getGroup(client, { groupId }), { class: 'missing' })
})

test('rooms are made, found, changed and deleted, and managed by super admins', async () => {
  const { client } = await makeApp({ users: ['ann', 'bob'] })
  const roomId = await easemob.createRoom(client, { name: 'lobby', owner: 'ann', members: ['bob'] })
  const other = await easemob.createRoom(client, { name: 'hall', owner: 'ann' })
  await easemob.updateRoom(client, { roomId, changes: { name: 'Lobby', maxusers: 99 } })
  const { name, maxusers } = await easemob.getRoom(client, { roomId })
  assert.deepEqual([name, maxusers], ['Lobby', 99])
  assert.equal((await easemob.getRooms(client, { roomIds: [roomId, other] })).length, 2)
  assert.deepEqual((await easemob.listRooms(client, { limit: 1 })).items, [
    { id: other, name: 'hall', owner: 'ann', affiliations_count: 1 },
  ])
  assert.deepEqual(await easemob.listJoinedRooms(client, { username: 'bob' }), [
    { id: roomId, name: 'Lobby' },
  ])
  await easemob.addSuperAdmin(client, { username: 'bob' })
  assert.deepEqual(await easemob.listSuperAdmins(client, { page: 1, pageSize: 5 }), ['bob'])
  await easemob.removeSuperAdmin(client, { username: 'bob' })
  assert.deepEqual(await easemob.listSuperAdmins(client), [])
  await easemob.deleteRoom(client, { roomId })
  await assert.rejects(easemob.getRoom(client, { roomId }), PosthouseError)
})

test('members come and go, in groups and rooms alike', async () => {
  const { client } = await makeApp({ users: ['ann', 'bob', 'eve', 'dan'] })
  for (const place of await bothPlaces(client)) {
    await easemob.addMember(client, { ...place, username: 'bob' })
    const added = await easemob.addMembers(client, { ...place, usernames: ['bob', 'eve', 'dan'] })
    assert.deepEqual(added.toSorted(), ['dan', 'eve'])
    const members = await easemob.listMembers(client, { ...place, withJoinedAt: true })
    assert.deepEqual(members.map(({ username, role }) => `${role} ${username}`).toSorted(), [
      'member bob',
      'member dan',
      'member eve',
      'owner ann',
    ])
    assert.ok(Math.abs(members[0]!.joinedAt! - Date.now()) < 60_000)
    assert.equal((await easemob.listMembers(client, { ...place, page: 1, pageSize: 3 })).length, 3)
    const names = await easemob.listMemberNames(client, { ...place, limit: 2 })
    const rest = await easemob.listMemberNames(client, { ...place, limit: 2, cursor: names.cursor! })
    assert.deepEqual([...names.items, ...rest.items].toSorted(), ['bob', 'dan', 'eve'])
    await easemob.removeMember(client, { ...place, username: 'bob' })
    await assert.rejects(easemob.removeMember(client, { ...place, username: 'bob' }), { id: 'member_absent' })
    const removed = await easemob.removeMembers(client, { ...place, usernames: ['bob', 'eve'] })
    assert.deepEqual(
      removed.map(({ user, result }) => [user, result]),
      [
        ['bob', false],
        ['eve', true],
      ],
    )
    assert.ok(removed[0]!.reason)
    const [last] = await easemob.removeMembers(client, { ...place, usernames: ['dan'] })
    assert.deepEqual([last?.user, last?.result], ['dan', true])
  }
  const groupId = await makeGroup(client, { members: ['bob'] })
  await assert.rejects(easemob.addMember(client, { groupId, username: 'bob' }), { id: 'member_already' })
  assert.equal(await easemob.isMember(client, { groupId, username: 'bob' }), true)
  assert.equal(await easemob.isMember(client, { groupId, username: 'eve' }), false)
})

test('members and rooms have attributes', async () => {
  const { client } = await makeApp({ users: ['ann', 'bob'] })
  const [{ groupId }, { roomId }] = await bothPlaces(client, ['bob'])
  const attributes = { title: 'cook' }
  const member = { groupId, username: 'bob' }
  assert.deepEqual(await easemob.setMemberAttributes(client, { ...member, attributes }), attributes)
  assert.deepEqual(await easemob.getMemberAttributes(client, member), attributes)
  const all = await easemob.getAttributesOfMembers(client, { groupId, usernames: ['bob'], names: ['title'] })
  assert.deepEqual(all, { bob: attributes })
  const set = { roomId, username: 'bob', attributes: { seat: '1' } }
  const done = { successKeys: ['seat'], errorKeys: {} }
  assert.deepEqual(await easemob.setRoomAttributes(client, { ...set, goWithUser: false }), done)
  const byAnn = { ...set, username: 'ann', attributes: { seat: '2' } }
  const refused = await easemob.setRoomAttributes(client, byAnn)
  assert.deepEqual([refused.successKeys, Object.keys(refused.errorKeys)], [[], ['seat']])
  assert.deepEqual(await easemob.setRoomAttributes(client, { ...byAnn, isForced: true }), done)
  assert.deepEqual(await easemob.getRoomAttributes(client, { roomId, names: ['seat'] }), { seat: '2' })
  const removal = { roomId, username: 'bob', names: ['seat'] }
  assert.deepEqual((await easemob.removeRoomAttributes(client, removal)).successKeys, [])
  assert.deepEqual(await easemob.removeRoomAttributes(client, { ...removal, isForced: true }), done)
  assert.deepEqual(await easemob.getRoomAttributes(client, { roomId }), {})
})

test('admins, roles and announcements, in groups and rooms alike', async () => {
  const { client } = await makeApp({ users: ['ann', 'bob'] })
  for (const place of await bothPlaces(client, ['bob'])) {
    await easemob.addAdmin(client, { ...place, username: 'bob' })
    assert.deepEqual(await easemob.getAdmins(client, place), ['bob'])
    const roles = await easemob.listRoles(client, { ...place, page: 1, pageSize: 5 })
    assert.deepEqual(roles.map(({ username, role, online }) => [username, role, online]).toSorted(), [
      ['ann', 'owner', false],
      ['bob', 'admin', false],
    ])
    await easemob.removeAdmin(client, { ...place, username: 'bob' })
    await assert.rejects(easemob.removeAdmin(client, { ...place, username: 'bob' }), { id: 'admin_absent' })
    assert.equal(await easemob.getAnnouncement(client, place), '')
    await easemob.setAnnouncement(client, { ...place, announcement: 'closed on Monday' })
    assert.equal(await easemob.getAnnouncement(client, place), 'closed on Monday')
  }
})

test('members are blocked, allowed and muted, in groups and rooms alike', async () => {
  const { client } = await makeApp({ users: ['ann', 'bob', 'eve'] })
  for (const place of await bothPlaces(client, ['bob', 'eve'])) {
    const usernames = ['bob', 'eve']
    const outcome = (changes: readonly package_.MemberChange[]) =>
      changes.map(({ user, result }) => [user, result]).toSorted()
    const both = usernames.map(user => [user, true])
    const muted = await easemob.muteMembers(client, { ...place, usernames, ms: 60_000 })
    assert.deepEqual(outcome(muted), both)
    const until = (await easemob.getMutedMembers(client, place)).map(({ expire }) => expire - Date.now())
    assert.ok(until.length === 2 && until.every(ms => ms > 0 && ms <= 60_000))
    assert.equal(await easemob.isMutedMember(client, { ...place, username: 'bob' }), true)
    assert.deepEqual(outcome(await easemob.unmuteMembers(client, { ...place, usernames })), both)
    assert.equal(await easemob.isMutedMember(client, { ...place, username: 'bob' }), false)
    const mute = async () =>
      (place as { groupId?: string }).groupId
        ? (await easemob.getGroup(client, place as { groupId: string })).mute
        : (await easemob.getRoom(client, place as { roomId: string })).mute
    await easemob.muteAll(client, place)
    assert.equal(await mute(), true)
    await easemob.unmuteAll(client, place)
    assert.equal(await mute(), false)
    assert.deepEqual(outcome(await easemob.allowMembers(client, { ...place, usernames })), both)
    assert.deepEqual((await easemob.listAllowedMembers(client, place)).items.toSorted(), usernames)
    assert.equal(await easemob.isAllowedMember(client, { ...place, username: 'bob' }), true)
    assert.deepEqual(outcome(await easemob.disallowMembers(client, { ...place, usernames })), both)
    assert.equal(await easemob.isAllowedMember(client, { ...place, username: 'bob' }), false)
    const blocked = await easemob.blockMembers(client, { ...place, usernames: [...usernames, 'ghost'] })
    assert.deepEqual(outcome(blocked), [...both, ['ghost', false]])
    const page = await easemob.listBlockedMembers(client, { ...place, limit: 1 })
    const next = await easemob.listBlockedMembers(client, { ...place, limit: 1, cursor: page.cursor! })
    assert.deepEqual([...page.items, ...next.items].toSorted(), usernames)
    assert.deepEqual(outcome(await easemob.unblockMembers(client, { ...place, usernames: ['bob'] })), [
      ['bob', true],
    ])
    assert.deepEqual(outcome(await easemob.unblockMembers(client, { ...place, usernames })), both)
    assert.deepEqual((await easemob.listBlockedMembers(client, place)).items, [])
  }
})

test('users join groups, are invited, leave, and shield themselves', async () => {
  const { client, as } = await makeApp({ users: ['ann', 'bob', 'eve'] })
  const groupId = await makeGroup(client, { membersonly: true, invite_need_confirm: true })
  const [ann, bob, eve] = [await as('ann'), await as('bob'), await as('eve')]
  await easemob.joinGroup(bob, { groupId, message: 'let me in' })
  assert.equal(await easemob.isMember(client, { groupId, username: 'bob' }), false)
  await easemob.answerJoin(ann, { groupId, username: 'bob', accepts: true })
  assert.equal(await easemob.isMember(client, { groupId, username: 'bob' }), true)
  await assert.rejects(easemob.joinGroup(bob, { groupId }), { id: 'member_already' })
  const [invited] = await easemob.inviteMembers(ann, { groupId, usernames: ['eve'] })
  assert.deepEqual([invited?.user, invited?.result], ['eve', true])
  await easemob.answerInvitation(eve, { groupId, username: 'eve', accepts: true })
  assert.equal(await easemob.isMember(client, { groupId, username: 'eve' }), true)
  const again = easemob.answerInvitation(eve, { groupId, username: 'eve', accepts: false })
  await assert.rejects(again, { class: 'missing' })
  const waiting = (username: string) => easemob.countOfflineMessages(client, { username })
  await easemob.shieldGroup(bob, { groupId })
  await say(client, 'unheard', { groups: [groupId] })
  assert.deepEqual([await waiting('bob'), await waiting('eve')], [0, 1])
  await easemob.unshieldGroup(bob, { groupId })
  await say(client, 'heard', { groups: [groupId] })
  assert.equal(await waiting('bob'), 1)
  await easemob.leaveGroup(bob, { groupId })
  assert.equal(await easemob.isMember(client, { groupId, username: 'bob' }), false)
  await assert.rejects(easemob.leaveGroup(ann, { groupId }), { id: 'owner_protected' })
})

test('threads are made, joined, listed and deleted', async () => {
  const { client } = await makeApp({ users: ['ann', 'bob', 'eve'] })
  const groupId = await makeGroup(client, { members: ['bob', 'eve'] })
  const messageId = await say(client, 'lunch?', { groups: [groupId] })
  const threadId = await easemob.createThread(client, { groupId, messageId, name: 'food', owner: 'ann' })
  await easemob.renameThread(client, { threadId, name: 'lunch' })
  const thread = await easemob.getThread(client, { threadId })
  assert.deepEqual(
    [thread.name, thread.owner, thread.msgId, thread.groupId, thread.affiliations_count],
    ['lunch', 'ann', messageId, groupId, 1],
  )
  await easemob.joinThread(client, { threadId, username: 'bob' })
  await easemob.addThreadMembers(client, { threadId, usernames: ['eve'] })
  const page = await easemob.listThreadMembers(client, { threadId, limit: 2 })
  const next = await easemob.listThreadMembers(client, { threadId, limit: 2, cursor: page.cursor! })
  assert.deepEqual([...page.items, ...next.items].toSorted(), ['ann', 'bob', 'eve'])
  const idsOf = ({ items }: package_.PageOf<{ readonly id: string }>) => items.map(({ id }) => id)
  assert.deepEqual(idsOf(await easemob.listThreads(client, { sort: 'asc' })), [threadId])
  assert.deepEqual(idsOf(await easemob.listGroupThreads(client, { groupId })), [threadId])
  assert.deepEqual(idsOf(await easemob.listJoinedThreads(client, { username: 'bob' })), [threadId])
  const ofGroup = { username: 'bob', groupId }
  assert.deepEqual(idsOf(await easemob.listJoinedThreads(client, ofGroup)), [threadId])
  await say(client, 'noon', { groups: [threadId] })
  const [last] = await easemob.getLastThreadMessages(client, { threadIds: [threadId] })
  assert.equal(last?.thread_id, threadId)
  const said = last.last_message as package_.ThreadMessage
  assert.deepEqual(said.payload.bodies, [{ type: 'txt', msg: 'noon' }])
  await easemob.leaveThread(client, { threadId, username: 'bob' })
  const removed = await easemob.removeThreadMembers(client, { threadId, usernames: ['eve', 'bob'] })
  assert.deepEqual(
    removed.map(({ user, result }) => [user, result]),
    [
      ['eve', true],
      ['bob', false],
    ],
  )
  await easemob.deleteThread(client, { threadId })
  await assert.rejects(easemob.getThread(client, { threadId }), { class: 'missing' })
})

test('callbacks that were not taken are listed and sent again', async t => {
  const { app, client } = await makeApp({ users: ['ann', 'bob'] })
  const listener = await CallbackServer.start(t)
  listener.answer = answerWith({}, 503)
  await app.change({ callbacks: [{ name: 'tell', phase: 'after', secret: 's', url: listener.url }] })
  await say(client, 'hello', { users: ['bob'] })
  const [failed] = await until(async () => {
    const listed = await easemob.getFailedCallbacks(client)
    return listed.length > 0 && listed
  })
  assert.equal(failed?.size, 1)
  listener.answer = answerWith({})
  const { date } = failed
  assert.equal(await easemob.retryCallbacks(client, { date }), true)
  await until(async () => (await easemob.getFailedCallbacks(client)).length === 0)
  assert.equal(await easemob.retryCallbacks(client, { date }), false)
})

test('every function ends with its signal', async () => {
  const address = { baseUrl: shared().http, org: 'acme', app: 'chat' }
  const client = new package_.EasemobClient({ ...address, token: 'none', fetch: () => assert.fail('sent') })
  const names = [
    'username',
    'contact',
    'blocked',
    'groupId',
    'roomId',
    'threadId',
    'messageId',
    'fileId',
    'name',
    'hour',
  ]
  const lists = [
    'usernames',
    'groupIds',
    'roomIds',
    'threadIds',
    'messageIds',
    'names',
    'nicknames',
    'conversations',
  ]
  const request = {
    ...Object.fromEntries(names.map(name => [name, 'x'])),
    ...Object.fromEntries(lists.map(name => [name, ['x']])),
    ...{
      resource: 'x',
      with: 'x',
      type: 'txt',
      body: { msg: 'x' },
      content: 'x',
      attributes: {},
      changes: {},
    },
    ...{ user: { username: 'x' }, users: [{ username: 'x' }], recalls: [{}], to: { users: ['x'] } },
    signal: AbortSignal.abort(),
  }
  for (const [name, call] of functions) {
    const asked = (call as (on: typeof client, request: object) => Promise<unknown>)(client, request)
    await assert.rejects(asked, { class: 'cancelled' }, name)
  }
})

/** Other ways to a call that a function makes in the way that is documented first. */
const otherWays: Readonly<Record<string, readonly string[]>> = {
  'older forms': [
    'POST /messages',
    'GET /users/:/user_channels',
    'GET /users/:/user_channels/page',
    'POST /users/:/password',
    'GET /token',
  ],
  'other spellings': [
    'POST /callback/storage/retry',
    'PUT /chatgroups/:/ban',
    'PUT /chatrooms/:/ban',
    'DELETE /user/:/user_channel',
    'GET /users/:/contacts',
    'PUT /users/:/contacts/users/:',
    'DELETE /threads/:/users',
  ],
  'of the Web SDK, for its user': [
    'POST /sdk/user/:/blocks',
    'DELETE /sdk/user/:/blocks',
    'PUT /sdk/metadata/chatgroup/:/user/:',
    'GET /sdk/metadata/chatgroup/:/user/:',
    'POST /sdk/metadata/chatgroup/:/get',
  ],
  'one of what is done to several': [
    ...['chatgroups', 'chatrooms'].flatMap(kind => [
      `POST /${kind}/:/blocks/users/:`,
      `POST /${kind}/:/white/users/:`,
      `DELETE /${kind}/:/blocks/users`,
      `DELETE /${kind}/:/white/users`,
    ]),
    'DELETE /thread/:/users/:',
  ],
  'an address that an answer names': ['GET /chatmessages/:/:'],
}

test('every function was called', () => {
  assert.deepEqual(notCalled(), [])
})

test('every operation that a server has is asked by a function, or is another way to one that is', async () => {
  const operations = (await operationsOf(shared().http)).get('easemob')!
  const routes = new Set([...operations].map(shape => shape.replace('/:/:', '')))
  assert.ok(routes.size > 150)
  const others = new Set(Object.values(otherWays).flat())
  assert.deepEqual(
    [...routes].filter(route => !asked.has(route) && !others.has(route)),
    [],
  )
  assert.deepEqual(
    [...others].filter(route => asked.has(route) || !routes.has(route)),
    [],
  )
})
