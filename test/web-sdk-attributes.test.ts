// Attributes of group members and of rooms, as the vendor's Web SDK sets, reads and hears of them.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient } from './web-sdk.ts'

const server = sharedApp()
/** What the SDK throws: the body as it came. */
const refused = ({ data }: { data?: unknown }) => JSON.parse(String(data)).error === 'group_authorization'

async function stage(t: TestContext) {
  const app = await makeEasemobApp(server())
  await app.register('ann', 'bob', 'cat')
  const clients: SdkClient[] = []
  for (const name of ['ann', 'bob', 'cat']) {
    const client = new SdkClient(t, { http: server().http, org: app.org, app: app.app })
    await client.open(name)
    clients.push(client)
  }
  const [ann, bob, cat] = clients as [SdkClient, SdkClient, SdkClient]
  return { app, ann, bob, cat }
}

async function makeGroup(app: EasemobApp): Promise<string> {
  const group = { groupname: 'g', public: true, owner: 'ann', members: ['bob'] }
  return ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
}

/** A room of ann that bob and cat have joined. */
async function makeRoom(app: EasemobApp, ...joining: SdkClient[]): Promise<string> {
  const roomId = ok(await app.call('POST', '/chatrooms', { name: 'r', owner: 'ann' })).json.data.id
  for (const { connection } of joining) await connection.joinChatRoom({ roomId })
  return roomId
}

/** What a room's event says, once the handler has been told of one like it. */
async function heardOf(client: SdkClient, operation: string, on = 'onChatroomEvent') {
  for (let count = 1; ; count++) {
    const found = (await client.heard(on, count)).find(event => event.operation === operation)
    if (found) return found
  }
}

test('a member sets its attributes in a group, others read and are told of them', async t => {
  const { app, ann, bob } = await stage(t)
  const groupId = await makeGroup(app)
  const memberAttributes = { nick: 'Bobby', title: 'cook' }
  await bob.connection.setGroupMemberAttributes({ groupId, userId: 'bob', memberAttributes })
  const event = await heardOf(ann, 'memberAttributesUpdate', 'onGroupEvent')
  assert.deepEqual([event.id, event.from, event.userId], [groupId, 'bob', 'bob'])
  assert.deepEqual(event.attributes, memberAttributes)
  const read = await ann.connection.getGroupMemberAttributes({ groupId, userId: 'bob' })
  assert.deepEqual(read.data, memberAttributes)
  const asked = { groupId, userIds: ['ann', 'bob'], keys: ['nick'] }
  const many = await ann.connection.getGroupMembersAttributes(asked)
  assert.deepEqual(many.data, { ann: {}, bob: { nick: 'Bobby' } })
})

test('an empty value takes an attribute of a member away', async t => {
  const { app, bob } = await stage(t)
  const groupId = await makeGroup(app)
  const set = (memberAttributes: Record<string, string>) =>
    bob.connection.setGroupMemberAttributes({ groupId, userId: 'bob', memberAttributes })
  await set({ nick: 'Bobby', title: 'cook' })
  await set({ nick: '' })
  const { data } = await bob.connection.getGroupMemberAttributes({ groupId, userId: 'bob' })
  assert.deepEqual(data, { title: 'cook' })
})

test('the owner sets the attributes of a member, a member not those of another', async t => {
  const { app, ann, bob } = await stage(t)
  const groupId = await makeGroup(app)
  const memberAttributes = { nick: 'x' }
  await ann.connection.setGroupMemberAttributes({ groupId, userId: 'bob', memberAttributes })
  await assert.rejects(
    bob.connection.setGroupMemberAttributes({ groupId, userId: 'ann', memberAttributes }),
    refused,
  )
})

test('who is no member reads no attributes of members', async t => {
  const { app, cat } = await stage(t)
  const groupId = await makeGroup(app)
  await assert.rejects(cat.connection.getGroupMemberAttributes({ groupId, userId: 'bob' }), refused)
})

test('attributes of a room are set, heard, read and removed', async t => {
  const { app, bob, cat } = await stage(t)
  const chatRoomId = await makeRoom(app, bob, cat)
  const attributes = { song: 'one', mood: 'calm' }
  const set = await bob.connection.setChatRoomAttributes({ chatRoomId, attributes })
  assert.equal(set.data!.status, 'success')
  assert.deepEqual([...set.data!.successKeys].sort(), ['mood', 'song'])
  const told = await heardOf(cat, 'updateChatRoomAttributes')
  assert.deepEqual([told.id, told.from, told.attributes], [chatRoomId, 'bob', attributes])
  assert.deepEqual((await cat.connection.getChatRoomAttributes({ chatRoomId })).data, attributes)
  const asked = { chatRoomId, attributeKeys: ['song'] }
  assert.deepEqual((await cat.connection.getChatRoomAttributes(asked)).data, { song: 'one' })
  const removed = await bob.connection.removeChatRoomAttributes(asked)
  assert.deepEqual(removed.data!.successKeys, ['song'])
  const gone = await heardOf(cat, 'removeChatRoomAttributes')
  assert.deepEqual([gone.id, gone.from, gone.attributes], [chatRoomId, 'bob', ['song']])
  assert.deepEqual((await cat.connection.getChatRoomAttributes({ chatRoomId })).data, { mood: 'calm' })
})

test('what another has set in a room is changed by force alone', async t => {
  const { app, bob, cat } = await stage(t)
  const chatRoomId = await makeRoom(app, bob, cat)
  const song = (value: string, isForced = false) => ({
    chatRoomId,
    attributeKey: 'song',
    attributeValue: value,
    isForced,
  })
  await bob.connection.setChatRoomAttribute(song('one'))
  await assert.rejects(cat.connection.setChatRoomAttribute(song('two')), {
    message: 'metadata key: song is not part of you',
  })
  await assert.rejects(cat.connection.removeChatRoomAttribute({ chatRoomId, attributeKey: 'song' }), {
    message: 'metadata key: song is not part of you',
  })
  await cat.connection.setChatRoomAttribute(song('two', true))
  const { data } = await bob.connection.getChatRoomAttributes({ chatRoomId })
  assert.deepEqual(data, { song: 'two' })
})

test('names and values of a room that are too long or not legal fail, the others of the call do not', async t => {
  const { app, bob } = await stage(t)
  const chatRoomId = await makeRoom(app, bob)
  const long = 'k'.repeat(129)
  const attributes = { ok: 'v', [long]: 'v', 'no way': 'v', big: 'v'.repeat(4_097) }
  const { data } = await bob.connection.setChatRoomAttributes({ chatRoomId, attributes })
  assert.deepEqual(data!.successKeys, ['ok'])
  assert.equal(data!.status, 'fail')
  assert.deepEqual(data!.errorKeys, {
    [long]: 'metadata key is exceeding maximum limit : 128',
    'no way': 'metadata key: no way is not Legal',
    big: 'metadata value is exceeding maximum limit : 4096',
  })
})

test('attributes go with who has set them when it leaves the room, unless they are to stay', async t => {
  const { app, bob, cat } = await stage(t)
  const chatRoomId = await makeRoom(app, bob, cat)
  await bob.connection.setChatRoomAttributes({ chatRoomId, attributes: { goes: '1' } })
  await bob.connection.setChatRoomAttributes({ chatRoomId, attributes: { stays: '1' }, autoDelete: false })
  await bob.connection.leaveChatRoom({ roomId: chatRoomId })
  const gone = await heardOf(cat, 'removeChatRoomAttributes')
  assert.deepEqual(gone.attributes, ['goes'])
  const { data } = await cat.connection.getChatRoomAttributes({ chatRoomId })
  assert.deepEqual(data, { stays: '1' })
})
