// Messages between the clients of users, and between them and the app's own server.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { messageBodyCodec } from '../src/msync/codec.ts'
import { ok } from './easemob-caller.ts'
import { ImClient, ImRefusal } from './im-client.ts'
import { nextMetaId } from './im-outgoing.ts'
import { type MessagingApp, makeMessagingApp } from './messaging.ts'
import { sharedApp } from './start-app.ts'
import { readRows } from './table-rows.ts'
import { until } from './until.ts'

const server = sharedApp()

async function login(
  t: TestContext,
  app: MessagingApp,
  username: string,
  resource?: string,
): Promise<ImClient> {
  const token = await app.login(username)
  return ImClient.login(t, app, { username, token, ...(resource !== undefined && { resource }) })
}

async function makeGroup(app: MessagingApp, owner: string, ...members: string[]): Promise<string> {
  const group = { groupname: 'g', desc: 'd', public: true, maxusers: 50, owner, members }
  return ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
}

test('a text goes from one client to another under the id that both are told', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  const { serverId, at } = await ann.text('bob', 'hello')
  const message = await bob.nextMessage()
  assert.equal(message.text, 'hello')
  assert.equal(message.id, serverId)
  assert.equal(message.at, at)
  assert.deepEqual([message.from, message.resource, message.to], ['ann', ann.resource, 'bob'])
  assert.equal(message.queue, 'ann')
})

test('what was sent while a user was away arrives at login, in order, and is not sent again', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const ann = await login(t, app, 'ann')
  const texts = Array.from({ length: 250 }, (_, index) => `message ${index}`)
  const ids = await Promise.all(texts.map(async text => (await ann.text('bob', text)).serverId))
  assert.deepEqual(await app.waiting('bob'), [250])
  const bob = await login(t, app, 'bob')
  assert.deepEqual(await bob.nextTexts(250), texts)
  assert.deepEqual(
    bob.messages.all.map(({ id }) => id),
    ids,
  )
  await bob.settle()
  assert.deepEqual(await app.waiting('bob'), [0])
  const again = await login(t, app, 'bob')
  await again.settle()
  assert.deepEqual(again.messages.all, [])
})

test('each device of a user gets each message once, and the sender’s other devices a copy', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const ann = await login(t, app, 'ann', 'phone')
  const annsWeb = await login(t, app, 'ann', 'web')
  const bob = await login(t, app, 'bob', 'phone')
  const bobsWeb = await login(t, app, 'bob', 'web')
  const { serverId } = await ann.text('bob', 'to all devices')
  for (const client of [bob, bobsWeb, annsWeb]) {
    const { id, from, resource } = await client.nextMessage()
    assert.deepEqual([id, from, resource], [serverId, 'ann', 'phone'])
  }
  assert.equal(annsWeb.messages.all[0]!.queue, 'bob')
  for (const client of [ann, annsWeb, bob, bobsWeb]) await client.settle()
  assert.deepEqual(
    [ann, annsWeb, bob, bobsWeb].map(({ messages }) => messages.all.length),
    [0, 1, 1, 1],
  )
})

test('what a user has sent is kept for none of its devices once the others have it', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const [phone, web] = [await login(t, app, 'ann', 'phone'), await login(t, app, 'ann', 'web')]
  await phone.text('bob', 'from the phone')
  assert.equal((await web.nextMessage()).text, 'from the phone')
  await web.settle()
  const kept = `SELECT i.entry_id FROM inbox i JOIN users u ON u.uid = i.uid JOIN apps a ON a.app_id = u.app_id
    WHERE u.username = 'ann' AND a.app = '${app.app}'`
  await until(async () => readRows(server().dataDir, kept).length === 0)
})

test('the same client id from the same device is one message', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const ann = await login(t, app, 'ann')
  const bob = await login(t, app, 'bob')
  const id = nextMetaId()
  const first = await ann.text('bob', 'once', { id })
  const again = await login(t, app, 'ann', ann.resource)
  const second = await again.text('bob', 'once', { id })
  assert.equal(second.serverId, first.serverId)
  assert.equal(second.at, first.at)
  await bob.settle()
  assert.equal(bob.messages.all.length, 1)
})

test('what a device says about a message under the same client id is done once, and answered as before', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const ann = await login(t, app, 'ann')
  const bob = await login(t, app, 'bob')
  const { serverId } = await ann.text('bob', 'old')
  await bob.nextMessage()
  for (const type of ['deliverAck', 'edit', 'recall'] as const) {
    const options = { id: nextMetaId(), ...(type === 'edit' && { contents: [{ type: 0, text: 'new' }] }) }
    const first = await ann.signal('bob', type, serverId, options)
    const second = await ann.signal('bob', type, serverId, options)
    assert.deepEqual([second.serverId, second.at], [first.serverId, first.at], type)
  }
  await bob.settle()
  assert.deepEqual(
    bob.signals.all.map(({ body }) => body.type),
    [5, 8, 6],
  )
})

test('a message through REST reaches clients with its content and ext', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const bob = await login(t, app, 'bob')
  const ext = {
    level: 3,
    big: 4_503_599_627_370_497,
    ratio: 0.5,
    ok: true,
    name: '名',
    deep: { list: [1, null] },
  }
  const { bob: id } = await app.send(['bob'], { from: 'ann', ext })
  const message = await bob.nextMessage()
  assert.deepEqual([message.id, message.text, message.from, message.resource], [id, 'hello', 'ann', ''])
  assert.deepEqual(message.ext, ext)
  await bob.settle()
  assert.equal(await app.statusOf('bob', id!), 'delivered')
})

test('a message of a client is counted and exported as JSON', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const ann = await login(t, app, 'ann')
  const ext = { level: 3, ratio: 0.5, ok: true, name: '名', deep: { list: [1, null] } }
  const { serverId } = await ann.text('bob', 'hello', { ext })
  assert.deepEqual(await app.waiting('bob'), [1])
  const [record] = await app.history()
  assert.equal(record.msg_id, serverId)
  assert.deepEqual([record.from, record.to, record.chat_type], ['ann', 'bob', 'chat'])
  assert.deepEqual(record.payload.bodies, [{ type: 'txt', msg: 'hello' }])
  assert.deepEqual(record.payload.ext, ext)
})

test('a group message reaches every member but the sender’s own device', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  const group = await makeGroup(app, 'ann', 'bob', 'cat')
  const ann = await login(t, app, 'ann', 'phone')
  const annsWeb = await login(t, app, 'ann', 'web')
  const bob = await login(t, app, 'bob')
  const { serverId } = await ann.text(group, 'to the group', { chatType: 'groupchat' })
  const cat = await login(t, app, 'cat')
  for (const client of [annsWeb, bob, cat]) {
    const { id, to, isGroup, queue } = await client.nextMessage()
    assert.deepEqual([id, to, isGroup, queue], [serverId, group, true, group])
  }
  await ann.settle()
  assert.deepEqual(ann.messages.all, [])
})

test('a message to some members of a group reaches those alone', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  const group = await makeGroup(app, 'ann', 'bob', 'cat')
  const [ann, bob, cat] = [await login(t, app, 'ann'), await login(t, app, 'bob'), await login(t, app, 'cat')]
  await ann.text(group, 'for bob', { chatType: 'groupchat', only: ['bob'] })
  assert.equal((await bob.nextMessage()).text, 'for bob')
  await cat.settle()
  assert.deepEqual(cat.messages.all, [])
  const only = Array.from({ length: 21 }, (_, index) => `user${index}`)
  await assert.rejects(
    ann.text(group, 'x', { chatType: 'groupchat', only }),
    new ImRefusal(1, 'limit directed users'),
  )
})

test('what becomes of a message to some members is told to those and its author, and to nobody else', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  const group = await makeGroup(app, 'ann', 'bob', 'cat')
  const [ann, bob, cat] = [await login(t, app, 'ann'), await login(t, app, 'bob'), await login(t, app, 'cat')]
  const inGroup = { chatType: 'groupchat' } as const
  const { serverId } = await bob.text(group, 'secret', { ...inGroup, only: ['Ann', 'nobody'] })
  await ann.nextMessage()
  await bob.signal(group, 'edit', serverId, { ...inGroup, contents: [{ type: 0, text: 'no secret' }] })
  assert.equal((await ann.signals.next()).text, 'no secret')
  const recall = { msg_id: serverId, to: group, chat_type: 'groupchat' }
  ok(await app.call('POST', '/messages/msg_recall', recall))
  for (const { signals } of [ann, bob]) assert.equal((await signals.next()).body.type, 6)
  await cat.settle()
  assert.deepEqual(cat.signals.all, [])
})

test('a message for those who are online is not kept for those who are not', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const ann = await login(t, app, 'ann')
  const { serverId } = await ann.text('bob', 'lost', { isOnlineOnly: true })
  assert.deepEqual(readRows(server().dataDir, `SELECT uid FROM inbox WHERE entry_id = ${serverId}`), [])
  const bob = await login(t, app, 'bob')
  await bob.settle()
  assert.deepEqual(bob.messages.all, [])
  await ann.text('bob', 'heard', { isOnlineOnly: true })
  assert.equal((await bob.nextMessage()).text, 'heard')
})

test('receipts and recalls travel as the messages they are about', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  const { serverId } = await ann.text('bob', 'hello')
  await bob.nextMessage()
  await bob.signal('ann', 'deliverAck', serverId)
  await bob.signal('ann', 'readAck', serverId)
  await bob.signal('ann', 'channelAck', serverId)
  const received = [await ann.signals.next(), await ann.signals.next(), await ann.signals.next()]
  assert.deepEqual(
    received.map(({ body }) => body.type),
    [5, 4, 7],
  )
  assert.deepEqual(
    received.map(({ body }) => String(body.ackMessageId)),
    [serverId, serverId, '0'],
  )
  assert.deepEqual(
    received.map(({ from, queue }) => [from, queue]),
    [
      ['bob', 'bob'],
      ['bob', 'bob'],
      ['bob', 'bob'],
    ],
  )
})

test('what this server does not know of a message reaches the receiver', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  const known = { type: 1, from: { name: 'ann' }, to: { name: 'bob' }, contents: [{ type: 0, text: 'x' }] }
  // Field 900, a varint.
  const payload = Buffer.concat([messageBodyCodec.encode(known), Buffer.from([0xa0, 0x38, 0x07])])
  await ann.sendMeta({ id: nextMetaId(), to: ann.userQueue('bob'), ns: 1, payload })
  assert.deepEqual(Buffer.from((await bob.nextMessage()).meta.payload), payload)
})

test('a client cannot speak for another, nor as from a group', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  await ann.text('bob', 'forged', { body: { type: 2, from: { name: 'cat' }, to: { name: '1' } } })
  const { from, body } = await bob.nextMessage()
  assert.deepEqual([from, body.type, body.from!.name, body.to!.name], ['ann', 1, 'ann', 'bob'])
})

test('the priority that a client gives to a message travels with it', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  await ann.text('bob', 'x', { metaExt: [{ key: 'chatroom_msg_tag', type: 2, varintValue: 2 }] })
  const { meta } = await bob.nextMessage()
  assert.deepEqual(
    meta.ext.map(({ key, varintValue }) => [key, String(varintValue)]),
    [['chatroom_msg_tag', '2']],
  )
})

test('a NOTICE for what came during a pull follows the answer that ends it', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  const texts = Array.from({ length: 300 }, (_, index) => String(index))
  // Bob pulls all the while, and ignores every NOTICE for the queue he has open.
  for (const text of texts) void ann.text('bob', text)
  assert.deepEqual(await bob.nextTexts(300), texts)
})

test('a pull without a key does not bring again what this connection has had', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const ann = await login(t, app, 'ann')
  await ann.text('bob', 'one')
  const bob = await ImClient.login(t, app, {
    username: 'bob',
    token: await app.login('bob'),
    pullsByItself: false,
  })
  bob.pull(bob.userQueue('ann'))
  bob.pull(bob.userQueue('ann'))
  // One more, of another queue, begins the session.
  const answers = await bob.answers.count(3)
  const [first, second] = answers.filter(({ queue }) => queue!.name === 'ann')
  assert.deepEqual([first!.metas.length, first!.isLast], [1, false])
  assert.deepEqual([second!.metas.length, second!.isLast], [0, true])
  const again = await login(t, app, 'bob', 'another device')
  assert.deepEqual(await again.nextTexts(1), ['one'])
})

test('a message of every type goes both ways: as its sender’s bytes to clients, as JSON to the app’s server', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  const file = { displayName: 'a', remotePath: 'http://x/y', secretKey: 's', fileLength: 7 }
  const fileJson = { filename: 'a', url: 'http://x/y', secret: 's', file_length: 7 }
  const pairs = [{ key: 'k', type: 7, stringValue: 'v' }]
  const table = [
    [
      { type: 0, text: 'hello' },
      { type: 'txt', msg: 'hello' },
    ],
    [
      { type: 1, ...file, size: { width: 1, height: 2 } },
      { type: 'img', ...fileJson, size: { width: 1, height: 2 } },
    ],
    [
      { type: 2, ...file, duration: 3 },
      { type: 'video', ...fileJson, length: 3 },
    ],
    [
      { type: 3, latitude: 1.5, longitude: -2, address: 'here' },
      { type: 'loc', lat: 1.5, lng: -2, addr: 'here' },
    ],
    [
      { type: 4, ...file, duration: 3 },
      { type: 'audio', ...fileJson, length: 3 },
    ],
    [
      { type: 5, ...file },
      { type: 'file', ...fileJson },
    ],
    [
      { type: 6, action: 'run' },
      { type: 'cmd', action: 'run' },
    ],
    [
      { type: 7, customEvent: 'e', customExts: pairs },
      { type: 'custom', customEvent: 'e', customExts: [{ k: 'v' }], 'v2:customExts': { k: 'v' } },
    ],
    [
      { type: 0, subType: 0, text: 'old', title: 't', summary: 's', combineLevel: 1, ...file },
      {
        type: 'txt',
        msg: 'old',
        subType: 'sub_combine',
        title: 't',
        summary: 's',
        combineLevel: 1,
        ...fileJson,
      },
    ],
  ] as const
  for (const [content, json] of table) {
    await ann.send('bob', content)
    const { body } = await bob.nextMessage()
    assert.deepEqual(
      messageBodyCodec.encode({ contents: body.contents }),
      messageBodyCodec.encode({ contents: [content] }),
    )
    const { type, ...rest } = json
    if (type === 'custom' || 'subType' in json) continue
    await app.send(['bob'], { from: 'ann', type, body: rest })
    const { body: made } = await bob.nextMessage()
    assert.deepEqual(
      messageBodyCodec.encode({ contents: made.contents }),
      messageBodyCodec.encode({ contents: [content] }),
    )
  }
  const exported = (await app.history()).map(({ payload }) => payload.bodies[0])
  for (const [, json] of table)
    assert.ok(
      exported.some(body => isDeepStrictEqual(body, json)),
      json.type,
    )
})

test('that a message in a group was read is told to the one who has written it, and to nobody else', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  const group = await makeGroup(app, 'ann', 'bob', 'cat')
  const [ann, bob, cat] = [await login(t, app, 'ann'), await login(t, app, 'bob'), await login(t, app, 'cat')]
  const { serverId } = await ann.text(group, 'read me', { chatType: 'groupchat' })
  await bob.signal(group, 'readAck', serverId, {
    chatType: 'groupchat',
    body: { msgConfig: { allowGroupAck: true }, ackContent: 'seen' },
  })
  const { body, from, queue } = await ann.signals.next()
  assert.deepEqual([body.type, body.ackContent, from, queue], [4, 'seen', 'bob', group])
  await cat.settle()
  assert.deepEqual(cat.signals.all, [])
})
