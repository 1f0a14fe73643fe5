// Chat rooms as clients use them: join, hear, leave.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { mucBodyCodec, toDecimal } from '../src/msync/codec.ts'
import { ok } from './easemob-caller.ts'
import { ImClient, ImRefusal } from './im-client.ts'
import { type MessagingApp, makeMessagingApp } from './messaging.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()
const inRoom = { chatType: 'chatroom' } as const

async function login(
  t: TestContext,
  app: MessagingApp,
  username: string,
  resource?: string,
): Promise<ImClient> {
  const token = await app.login(username)
  return ImClient.login(t, app, { username, token, ...(resource !== undefined && { resource }) })
}

async function makeRoom(app: MessagingApp, owner: string, more: object = {}): Promise<string> {
  const room = { name: 'r', description: 'd', maxusers: 50, owner, ...more }
  return ok(await app.call('POST', '/chatrooms', room)).json.data.id
}

test('who joins a room hears what is said in it from then on, and is told about the room', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const room = await makeRoom(app, 'ann')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  await ann.text(room, 'before', inRoom)
  const { metas } = await bob.joinRoom(room)
  const { status } = mucBodyCodec.decode(metas[0]!.payload)
  const { bob: info } = JSON.parse(status!.chatroomInfo)
  assert.deepEqual([info.member_count, info.is_all_mute, info.is_in_white_list], [2, false, false])
  const { serverId } = await ann.text(room, 'after', inRoom)
  const { id, text, to, queue, isGroup, from, body } = await bob.nextMessage()
  assert.deepEqual([id, text, to, queue, isGroup, from], [serverId, 'after', room, room, true, 'ann'])
  assert.equal(body.type, 3)
})

test('a message to all rooms of the app is heard in each of them, and in no room of another app', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  const other = await makeMessagingApp(server(), 'dan')
  const rooms = [await makeRoom(app, 'ann'), await makeRoom(app, 'ann')]
  const [bob, cat, dan] = [
    await login(t, app, 'bob'),
    await login(t, app, 'cat'),
    await login(t, other, 'dan'),
  ]
  await bob.joinRoom(rooms[0]!)
  await cat.joinRoom(rooms[1]!)
  await dan.joinRoom(await makeRoom(other, 'dan'))
  const msg = { type: 'txt', msg: 'Closing at six' }
  const sent = await app.call('POST', '/messages/chatrooms/broadcast', { msg, from: 'ops', ext: { a: 1 } })
  const { id } = ok(sent).json.data
  const heard = await bob.nextMessage()
  assert.deepEqual([heard.text, heard.from, heard.queue, heard.id], [msg.msg, 'ops', rooms[0], String(id)])
  assert.equal((await cat.nextMessage()).queue, rooms[1])
  await dan.settle()
  assert.deepEqual(dan.messages.all, [])
})

test('many messages in a room arrive in order while it is being read', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  const room = await makeRoom(app, 'ann')
  const [bob, cat] = [await login(t, app, 'bob'), await login(t, app, 'cat')]
  await bob.joinRoom(room)
  await cat.joinRoom(room)
  const texts = Array.from({ length: 250 }, (_, index) => String(index))
  for (const text of texts) void cat.text(room, text, inRoom)
  assert.deepEqual(await bob.nextTexts(250), texts)
  await bob.settle()
  assert.equal(bob.messages.all.length, 250)
})

test('of long messages in a room, each answer brings some, and the next the others', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const room = await makeRoom(app, 'ann')
  const ann = await login(t, app, 'ann')
  const bob = await ImClient.login(t, app, {
    username: 'bob',
    token: await app.login('bob'),
    pullsByItself: false,
  })
  await bob.joinRoom(room)
  for (let count = 0; count < 40; count++) await ann.text(room, 'x'.repeat(30_000), inRoom)
  await bob.settle()
  let key: string | undefined
  for (let answers = bob.answers.all.length + 1; ; answers++) {
    bob.pull(bob.groupQueue(room), key)
    const answer = (await bob.answers.count(answers)).at(-1)!
    if (answer.isLast) break
    key = toDecimal(answer.nextKey)
  }
  assert.equal(bob.messages.all.length, 40)
})

test('messages and what is said about them come in one order, once each', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const room = await makeRoom(app, 'ann')
  const ann = await login(t, app, 'ann')
  const token = await app.login('bob')
  const bob = await ImClient.login(t, app, { username: 'bob', token, pullsByItself: false })
  await bob.joinRoom(room)
  const sent: string[] = []
  for (const text of ['one', 'two', 'three']) {
    const { serverId } = await ann.text(room, text, inRoom)
    const contents = [{ type: 0, text: `${text}!` }]
    const edited = await ann.signal(room, 'edit', serverId, { ...inRoom, contents })
    sent.push(serverId, edited.serverId)
  }
  await bob.settle()
  const before = bob.answers.all.length
  bob.pull(bob.groupQueue(room))
  const answer = (await bob.answers.count(before + 1)).at(-1)!
  assert.deepEqual(
    answer.metas.map(({ id }) => toDecimal(id)),
    sent,
  )
  bob.pull(bob.groupQueue(room), toDecimal(answer.nextKey))
  const last = (await bob.answers.count(before + 2)).at(-1)!
  assert.deepEqual([last.metas, last.isLast], [[], true])
})

test('a message through REST reaches those in the room', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const room = await makeRoom(app, 'ann')
  const bob = await login(t, app, 'bob')
  await bob.joinRoom(room)
  const message = { from: 'ann', to: [room], type: 'txt', body: { msg: 'through REST' } }
  const { data } = ok(await app.call('POST', '/messages/chatrooms', message)).json
  const { id, text } = await bob.nextMessage()
  assert.deepEqual([id, text], [data[room], 'through REST'])
})

test('who has left a room hears no more of it and cannot speak in it', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const room = await makeRoom(app, 'ann')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  await bob.joinRoom(room)
  await bob.leaveRoom(room)
  await ann.text(room, 'unheard', inRoom)
  await bob.settle()
  assert.deepEqual(bob.messages.all, [])
  await assert.rejects(bob.text(room, 'x', inRoom), new ImRefusal(1, 'not in group or chatroom'))
})

test('nobody hears that someone leaves who is not in the room', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'eve')
  const room = await makeRoom(app, 'ann')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  const eve = await login(t, app, 'eve')
  await bob.joinRoom(room)
  await eve.leaveRoom(room)
  await bob.leaveRoom(room)
  await bob.leaveRoom(room)
  await ann.settle()
  const told = ann.events.all.map(({ body }) => [body.operation, body.from!.name])
  assert.deepEqual(told, [
    [17, 'bob'],
    [18, 'bob'],
  ])
})

test('who joins one room can leave all others by it', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const [one, other] = [await makeRoom(app, 'ann'), await makeRoom(app, 'ann')]
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  await bob.joinRoom(one)
  await bob.joinRoom(other, { leaveOtherRooms: true })
  await ann.text(one, 'unheard', inRoom)
  await ann.text(other, 'heard', inRoom)
  assert.deepEqual(await bob.nextTexts(1), ['heard'])
})

test('who is put into a room through REST hears it, and who is taken out no longer does', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  const room = await makeRoom(app, 'ann')
  const [bob, cat] = [await login(t, app, 'bob'), await login(t, app, 'cat')]
  await cat.joinRoom(room)
  ok(await app.call('POST', `/chatrooms/${room}/users/bob`))
  await cat.text(room, 'welcome', inRoom)
  assert.deepEqual(await bob.nextTexts(1), ['welcome'])
  ok(await app.call('DELETE', `/chatrooms/${room}/users/bob`))
  await cat.text(room, 'unheard', inRoom)
  await bob.settle()
  assert.equal(bob.messages.all.length, 1)
})

test('a user is in a room with every device, and is in it again at the next login', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const room = await makeRoom(app, 'ann')
  const ann = await login(t, app, 'ann')
  const phone = await login(t, app, 'bob', 'phone')
  const web = await login(t, app, 'bob', 'web')
  await phone.joinRoom(room)
  await ann.text(room, 'one', inRoom)
  assert.deepEqual(await web.nextTexts(1), ['one'])
  await phone.cut()
  const again = await login(t, app, 'bob', 'phone')
  await ann.text(room, 'two', inRoom)
  assert.deepEqual(await again.nextTexts(1), ['two'])
})

test('a room that is not there cannot be joined', async t => {
  const app = await makeMessagingApp(server(), 'ann')
  const ann = await login(t, app, 'ann')
  await assert.rejects(ann.joinRoom('12345'), new ImRefusal(1, 'grpID 12345 does not exist!'))
})

test('a message to some of those in a room reaches them alone, from clients and through REST', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  const room = await makeRoom(app, 'ann')
  const [ann, bob, cat] = [await login(t, app, 'ann'), await login(t, app, 'bob'), await login(t, app, 'cat')]
  await bob.joinRoom(room)
  await cat.joinRoom(room)
  await ann.text(room, 'for bob', { ...inRoom, only: ['bob'] })
  const more = { from: 'ann', to: [room], users: ['bob'], type: 'txt', body: { msg: 'for bob too' } }
  ok(await app.call('POST', '/messages/chatrooms/users', more))
  await ann.text(room, 'for all', inRoom)
  assert.deepEqual(await bob.nextTexts(3), ['for bob', 'for bob too', 'for all'])
  assert.deepEqual(await cat.nextTexts(1), ['for all'])
  await bob.settle()
  assert.equal(bob.messages.all.length, 3)
})

test('a recall in a room reaches those in it', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const room = await makeRoom(app, 'ann')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  await bob.joinRoom(room)
  const { serverId } = await ann.text(room, 'oops', inRoom)
  await bob.nextMessage()
  await ann.signal(room, 'recall', serverId, inRoom)
  const { body, queue } = await bob.signals.next()
  assert.deepEqual([body.type, String(body.ackMessageId), queue], [6, serverId, room])
  await ann.text(room, 'right', inRoom)
  assert.deepEqual(await bob.nextTexts(1), ['oops', 'right'].slice(1))
})
