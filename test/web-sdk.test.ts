// The vendor's Web SDK, as it is published, under Node.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { send } from './http-client.ts'
import { ImClient } from './im-client.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient, webIm, withUnheldIntervals } from './web-sdk.ts'

const server = sharedApp()

async function appWith(...names: string[]): Promise<EasemobApp> {
  const app = await makeEasemobApp(server())
  await app.register(...names)
  return app
}

function clientOf(t: TestContext, { org, app }: EasemobApp): SdkClient {
  return new SdkClient(t, { http: server().http, org, app })
}

async function loggedIn(t: TestContext, app: EasemobApp, ...names: string[]): Promise<SdkClient[]> {
  return Promise.all(
    names.map(async name => {
      const client = clientOf(t, app)
      await client.open(name)
      return client
    }),
  )
}

test('a user registers, logs in with its password, and is shown as online', async t => {
  const app = await appWith()
  const client = clientOf(t, app)
  await client.connection.registerUser({ username: 'alice', password: 'pw' })
  await client.open('alice')
  await client.heard('onConnected')
  assert.deepEqual(ok(await app.call('GET', '/users/alice/status')).json.data, { alice: 'online' })
})

test('a user logs in with a token', async t => {
  const app = await appWith('alice')
  const client = clientOf(t, app)
  await client.connection.open({ user: 'alice', accessToken: await app.login('alice') })
  await client.heard('onConnected')
})

test('a wrong password, a wrong token and an unknown user are refused in words the SDK knows', async t => {
  const app = await appWith('alice')
  await assert.rejects(clientOf(t, app).open('alice', 'wrong'), { type: 1 })
  const { connection } = clientOf(t, app)
  await assert.rejects(connection.open({ user: 'bob', accessToken: await app.login('alice') }))
})

test('two users write to each other, and each message has one id for both', async t => {
  const app = await appWith('alice', 'bob')
  const [alice, bob] = await loggedIn(t, app, 'alice', 'bob')
  const first = await alice!.text('bob', 'hello')
  const [heard] = await bob!.heard('onTextMessage')
  assert.deepEqual(
    { id: heard.id, from: heard.from, to: heard.to, msg: heard.msg, chatType: heard.chatType },
    { id: first, from: 'alice', to: 'bob', msg: 'hello', chatType: 'singleChat' },
  )
  const second = await bob!.text('alice', 'hello yourself')
  const [answer] = await alice!.heard('onTextMessage')
  assert.deepEqual({ id: answer.id, msg: answer.msg }, { id: second, msg: 'hello yourself' })
})

test('500 messages that were sent through REST while a user was away arrive at login, in order', async t => {
  const app = await appWith('alice', 'bob')
  const sent: string[] = []
  for (let at = 0; at < 500; at += 1) {
    const body = { from: 'alice', to: ['bob'], type: 'txt', body: { msg: `message ${at}` } }
    sent.push(ok(await app.call('POST', '/messages/users', body)).json.data.bob)
  }
  const [bob] = await loggedIn(t, app, 'bob')
  const heard = await bob!.heard('onTextMessage', 500)
  assert.deepEqual(
    heard.map(({ id, msg }) => [id, msg]),
    sent.map((id, at) => [id, `message ${at}`]),
  )
  await bob!.heard('onOfflineMessageSyncFinish')
  assert.deepEqual(ok(await app.call('GET', '/users/bob/offline_msg_count')).json.data, { bob: 0 })
})

test('members of a group hear what one of them writes, and nobody else does', async t => {
  const app = await appWith('alice', 'bob', 'carol', 'dave')
  const group = { groupname: 'g', desc: 'd', public: true, owner: 'alice', members: ['bob', 'carol'] }
  const groupId = ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
  const [alice, bob, carol, dave] = await loggedIn(t, app, 'alice', 'bob', 'carol', 'dave')
  const id = await alice!.text(groupId, 'to all', 'groupChat')
  for (const member of [bob!, carol!]) {
    const [heard] = await member.heard('onTextMessage')
    assert.deepEqual([heard.id, heard.to, heard.msg, heard.chatType], [id, groupId, 'to all', 'groupChat'])
  }
  const answer = await bob!.text(groupId, 'to all as well', 'groupChat')
  const [heard] = await alice!.heard('onTextMessage')
  assert.deepEqual([heard.id, heard.from, heard.to], [answer, 'bob', groupId])
  await assert.rejects(dave!.text(groupId, 'let me in', 'groupChat'), { type: 602 })
  await dave!.text('bob', 'after')
  await bob!.heard('onTextMessage', 2)
  assert.equal(dave!.told('onTextMessage').length, 0)
})

test('every kind of message arrives as it was sent, ext and all', async t => {
  const app = await appWith('alice', 'bob')
  const [alice, bob] = await loggedIn(t, app, 'alice', 'bob')
  const ext = {
    text: 'ü',
    whole: 7,
    half: 0.5,
    yes: true,
    list: [1, { two: 2 }],
    object: { deep: { er: 1 } },
  }
  const place = { chatType: 'singleChat', to: 'bob', ext } as const
  const file = (filename: string, length = 0) => ({
    url: `${app.url}/chatfiles/1f3c`,
    filename,
    type: 'any',
    length,
  })
  // Files that are on a server already: the SDK uploads nothing when it is given a body.
  const none = undefined as never
  await alice!.send({ type: 'txt', msg: 'text', ...place })
  await alice!.send({ type: 'img', url: file('a.png').url, width: 3, height: 2, ...place })
  await alice!.send({
    type: 'audio',
    body: file('a.amr', 4),
    file: none,
    filename: 'a.amr',
    length: 4,
    ...place,
  })
  await alice!.send({
    type: 'video',
    body: file('a.mp4', 5),
    file: none,
    filename: 'a.mp4',
    length: 5,
    ...place,
  })
  await alice!.send({ type: 'file', body: file('a.bin'), file: none, filename: 'a.bin', ...place })
  const where = { addr: 'Here', buildingName: 'Post house', lat: 39.9, lng: 116.4 }
  await alice!.send({ type: 'loc', ...where, ...place })
  await alice!.send({ type: 'cmd', action: 'ring', ...place })
  await alice!.send({ type: 'custom', customEvent: 'gift', customExts: { flower: 'rose' }, ...place })
  const heard = new Map<string, any>()
  for (const kind of ['Text', 'Image', 'Audio', 'Video', 'File', 'Location', 'Cmd', 'Custom']) {
    const [value] = await bob!.heard(`on${kind}Message`)
    assert.deepEqual(value.ext, ext, kind)
    assert.equal(value.from, 'alice')
    heard.set(kind, value)
  }
  assert.equal(heard.get('Text').msg, 'text')
  assert.deepEqual(
    [heard.get('Image').url, heard.get('Image').width, heard.get('Image').height],
    [`${file('').url}?em-redirect=true`, 3, 2],
  )
  assert.deepEqual([heard.get('Audio').filename, heard.get('Audio').length], ['a.amr', 4])
  assert.deepEqual([heard.get('Video').filename, heard.get('Video').length], ['a.mp4', 5])
  assert.equal(heard.get('File').filename, 'a.bin')
  const { addr, lat, lng } = heard.get('Location')
  assert.deepEqual({ addr, lat, lng }, { addr: 'Here', lat: 39.9, lng: 116.4 })
  assert.equal(heard.get('Cmd').action, 'ring')
  assert.deepEqual(
    [heard.get('Custom').customEvent, heard.get('Custom').customExts],
    ['gift', { flower: 'rose' }],
  )
})

test('what an app server sends arrives with its ext, and what a client sends is in the export', async t => {
  const app = await appWith('alice', 'bob')
  const [bob] = await loggedIn(t, app, 'bob')
  const ext = { order: 17, price: 9.5, paid: false, items: ['a', 'b'] }
  const body = { from: 'shop', to: ['bob'], type: 'txt', body: { msg: 'paid?' }, ext }
  ok(await app.call('POST', '/messages/users', body))
  const [heard] = await bob!.heard('onTextMessage')
  assert.deepEqual([heard.msg, heard.from, heard.ext], ['paid?', 'shop', ext])
  const id = await bob!.send({ type: 'txt', chatType: 'singleChat', to: 'alice', msg: 'yes', ext })
  const { entities } = ok(await app.call('GET', '/chatmessages?limit=10')).json
  const record = entities.find(({ msg_id }: { msg_id: string }) => msg_id === id)
  assert.deepEqual(record.payload.bodies, [{ type: 'txt', msg: 'yes' }])
  assert.deepEqual(record.payload.ext, ext)
})

test('a receiver’s device says that it has a message, and that it was read', async t => {
  const app = await appWith('alice', 'bob')
  const [alice] = await loggedIn(t, app, 'alice')
  const bob = new SdkClient(t, { http: server().http, org: app.org, app: app.app }, { delivery: true })
  await bob.open('bob')
  const id = await alice!.text('bob', 'read me')
  const [message] = await bob.heard('onTextMessage')
  const [delivered] = await alice!.heard('onDeliveredMessage')
  assert.equal(delivered.mid, id)
  await bob.send({ type: 'read', chatType: 'singleChat', to: 'alice', id: message.id })
  const [read] = await alice!.heard('onReadMessage')
  assert.equal(read.mid, id)
})

test('a message that is recalled is named to the receiver', async t => {
  const app = await appWith('alice', 'bob')
  const [alice, bob] = await loggedIn(t, app, 'alice', 'bob')
  const id = await alice!.text('bob', 'never mind')
  await bob!.heard('onTextMessage')
  await alice!.connection.recallMessage({ mid: id, to: 'bob', chatType: 'singleChat' })
  const [recalled] = await bob!.heard('onRecallMessage')
  assert.deepEqual([recalled.mid, recalled.from], [id, 'alice'])
})

test('each device of a user gets each message once, and copies of what the others send', async t => {
  const app = await appWith('alice', 'bob')
  const [phone, laptop, bob] = await loggedIn(t, app, 'alice', 'alice', 'bob')
  const toAlice = await bob!.text('alice', 'to both')
  const fromPhone = await phone!.text('bob', 'from the phone')
  const idsOf = (client: SdkClient) => client.told('onTextMessage').map(({ id }) => id)
  await laptop!.heard('onTextMessage', 2)
  await bob!.heard('onTextMessage', 1)
  await phone!.heard('onTextMessage', 1)
  assert.deepEqual(idsOf(laptop!), [toAlice, fromPhone])
  assert.deepEqual(idsOf(phone!), [toAlice])
  assert.deepEqual(idsOf(bob!), [fromPhone])
})

test('the app server sends a user away; the SDK says why and does not come back', async t => {
  const app = await appWith('alice')
  const [alice] = await loggedIn(t, app, 'alice')
  ok(await app.call('GET', '/users/alice/disconnect'))
  await alice!.heard('onDisconnected')
  assert.equal(alice!.told('onError').at(-1)?.type, 217)
  assert.deepEqual(ok(await app.call('GET', '/users/alice/status')).json.data, { alice: 'offline' })
})

test('a new password and the end of the account send the user away, each with its reason', async t => {
  const app = await appWith('alice', 'bob')
  const [alice, bob] = await loggedIn(t, app, 'alice', 'bob')
  ok(await app.call('PUT', '/users/alice/password', { newpassword: 'new' }))
  await alice!.heard('onDisconnected')
  assert.equal(alice!.told('onError').at(-1)?.type, 216)
  ok(await app.call('DELETE', '/users/bob'))
  await bob!.heard('onDisconnected')
  assert.equal(bob!.told('onError').at(-1)?.type, 207)
})

test('in a room everybody hears everybody, until they leave', async t => {
  const app = await appWith('alice', 'bob', 'carol')
  const room = { name: 'r', description: 'd', maxusers: 100, owner: 'alice' }
  const roomId = ok(await app.call('POST', '/chatrooms', room)).json.data.id
  const [alice, bob, carol] = await loggedIn(t, app, 'alice', 'bob', 'carol')
  await bob!.connection.joinChatRoom({ roomId })
  const id = await bob!.text(roomId, 'in here', 'chatRoom')
  const [heard] = await alice!.heard('onTextMessage')
  assert.deepEqual([heard.id, heard.chatType], [id, 'chatRoom'])
  const answer = await alice!.text(roomId, 'welcome', 'chatRoom')
  const [welcome] = await bob!.heard('onTextMessage')
  assert.deepEqual([welcome.id, welcome.from], [answer, 'alice'])
  await assert.rejects(carol!.text(roomId, 'from outside', 'chatRoom'), { type: 602 })
  await bob!.connection.leaveChatRoom({ roomId })
  await alice!.text(roomId, 'gone?', 'chatRoom')
  await alice!.text('bob', 'after')
  await bob!.heard('onTextMessage', 2)
  assert.deepEqual(
    bob!.told('onTextMessage').map(({ msg }) => msg),
    ['welcome', 'after'],
  )
})

test('the lines that the README gives an app log a user in', async t => {
  const { http } = server()
  const { org, app } = server().demo
  const body = JSON.stringify({ username: 'alice', password: 'secret' })
  ok(await send(`${server().easemob}/users`, { method: 'POST', body }))
  for (const file of ['README.md', 'README.zh-CN.md']) {
    const readme = readFileSync(join(import.meta.dirname, '..', file), 'utf8')
    const lines = /^```js\n([\s\S]*?)^```/m.exec(readme)![1]!
    assert.ok(lines.includes(`'${org}#${app}'`))
    const here = lines
      .replace('http://127.0.0.1:7080', http)
      .replace('ws://127.0.0.1:7080', http.replace('http', 'ws'))
    const run = new Function('WebIM', `return (async () => { ${here}; return client })()`)
    const client = await withUnheldIntervals(() => run(webIm))
    t.after(() => client.close())
    assert.equal(client.isOpened(), true, file)
  }
})

test('a client that has renewed its token stays when the old one expires', async t => {
  const app = await appWith('alice', 'bob', 'carol')
  const tokenFor = async (username: string, ttl: number) => {
    const grant = { grant_type: 'password', username, password: 'pw', ttl }
    return ok(await app.open('POST', '/token', grant)).json.access_token
  }
  const old = await tokenFor('alice', 2)
  const alice = clientOf(t, app)
  await alice.connection.open({ user: 'alice', accessToken: old })
  const renewed = await alice.connection.renewToken(await tokenFor('alice', 3_600))
  assert.ok(renewed.expire! > Date.now() + 3_000_000)
  // Whose token expires no earlier, and is not renewed.
  const carol = await ImClient.login(t, app, { username: 'carol', token: await tokenFor('carol', 2) })
  await carol.closed
  const [bob] = await loggedIn(t, app, 'bob')
  for (let at = 0; at < 3; at += 1) await bob!.text('alice', `after ${at}`)
  await alice.heard('onTextMessage', 3)
  assert.deepEqual(alice.told('onTokenExpired'), [])
  assert.equal(alice.told('onConnected').length, 1)
})
