// Threads of groups as users of the vendor's Web SDK make them, go into them, talk in them and hear of them.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient, webIm } from './web-sdk.ts'

const server = sharedApp()

async function loggedIn(t: TestContext, { org, app }: EasemobApp, name: string): Promise<SdkClient> {
  const client = new SdkClient(t, { http: server().http, org, app })
  await client.open(name)
  return client
}

/** A group of ann's with bob and cat in it, and a message of ann's that a thread can be about. */
async function stage(t: TestContext) {
  const app = await makeEasemobApp(server())
  await app.register('ann', 'bob', 'cat', 'dan')
  const members = ['bob', 'cat']
  const made = await app.call('POST', '/chatgroups', { groupname: 'g', public: true, owner: 'ann', members })
  const groupId: string = ok(made).json.data.groupid
  const [ann, bob, cat] = [
    await loggedIn(t, app, 'ann'),
    await loggedIn(t, app, 'bob'),
    await loggedIn(t, app, 'cat'),
  ]
  const messageId = await ann.text(groupId, 'shall we?', 'groupChat')
  return { app, groupId, messageId, ann, bob, cat }
}

/** As `stage`, with a thread of bob's about the message. */
async function stageThread(t: TestContext) {
  const staged = await stage(t)
  const { groupId, messageId, bob } = staged
  const named = { parentId: groupId, name: 'plans', messageId }
  const { chatThreadId } = (await bob.connection.createChatThread(named)).data!
  return { ...staged, chatThreadId }
}

function say(client: SdkClient, to: string, msg: string): Promise<string> {
  return client.send({ type: 'txt', chatType: 'groupChat', to, msg, isChatThread: true })
}

/** What the handler was told, once it was told of `operation`. */
async function heardOf(client: SdkClient, operation: string, on = 'onChatThreadChange'): Promise<any> {
  for (let count = 1; ; count++) {
    const found = (await client.heard(on, count)).find(event => event.operation === operation)
    if (found) return found
  }
}

/** As the SDK types what is refused. */
function typeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'done',
    ({ type }) => type,
  )
}

test('all members of a group hear that a thread was made, its maker’s other devices too', async t => {
  const { app, groupId, messageId, ann, bob, cat } = await stage(t)
  const second = await loggedIn(t, app, 'bob')
  const named = { parentId: groupId, name: 'plans', messageId }
  const { chatThreadId } = (await bob.connection.createChatThread(named)).data!
  for (const client of [ann, bob, cat, second]) {
    const event = await heardOf(client, 'create')
    assert.deepEqual(
      [event.id, event.name, event.parentId, event.messageId, event.operator, event.messageCount],
      [chatThreadId, 'plans', groupId, messageId, 'bob', 0],
    )
    assert.ok(Math.abs(Date.now() - event.createTimestamp) < 60_000)
  }
  const told = await heardOf(second, 'chatThreadCreate', 'onMultiDeviceEvent')
  const { chatThreadName, parentId } = told
  assert.deepEqual([told.chatThreadId, chatThreadName, parentId], [chatThreadId, 'plans', groupId])
  // What comes after it on the same queue has arrived: the device that has asked was not told.
  await second.connection.leaveChatThread({ chatThreadId })
  await heardOf(bob, 'chatThreadLeave', 'onMultiDeviceEvent')
  assert.equal(bob.told('onMultiDeviceEvent').length, 1)
})

test('a thread is joined, shown, listed and left', async t => {
  const { groupId, messageId, chatThreadId, cat } = await stageThread(t)
  const { connection } = cat
  const joined = (await connection.joinChatThread({ chatThreadId })).data as any
  assert.deepEqual([joined.status, joined.detail.id, joined.detail.parentId], ['ok', chatThreadId, groupId])
  const detail = (await connection.getChatThreadDetail({ chatThreadId })).data!
  const { created, ...shown } = detail
  assert.ok(created > 0)
  assert.deepEqual(shown, {
    id: chatThreadId,
    name: 'plans',
    owner: 'bob',
    parentId: groupId,
    messageId,
    affiliationsCount: 2,
  })
  const first = (await connection.getChatThreadMembers({ chatThreadId, pageSize: 1 })) as any
  assert.deepEqual(first.data.affiliations, ['bob'])
  const more = { chatThreadId, pageSize: 1, cursor: first.properties.cursor }
  assert.deepEqual((await connection.getChatThreadMembers(more)).data!.affiliations, ['cat'])
  const joinedIds = async (parentId?: string) => {
    const { entities } = await connection.getJoinedChatThreads({ ...(parentId && { parentId }) })
    return entities!.map(({ id }) => id)
  }
  assert.deepEqual([await joinedIds(), await joinedIds(groupId)], [[chatThreadId], [chatThreadId]])
  const [ofGroup] = (await connection.getChatThreads({ parentId: groupId })).entities!
  assert.deepEqual([ofGroup!.id, ofGroup!.messageId, ofGroup!.parentId], [chatThreadId, messageId, groupId])
  await connection.leaveChatThread({ chatThreadId })
  assert.deepEqual(await joinedIds(), [])
})

test('what is said in a thread reaches its members, and the group sees that something was said', async t => {
  const { app, groupId, messageId, chatThreadId, ann, bob, cat } = await stageThread(t)
  await cat.connection.joinChatThread({ chatThreadId })
  const id = await say(cat, chatThreadId, 'at eight')
  const [message] = await bob.heard('onTextMessage', 2).then(all => all.slice(1))
  assert.deepEqual(
    [message.id, message.msg, message.to, message.chatType],
    [id, 'at eight', chatThreadId, 'groupChat'],
  )
  assert.deepEqual(message.chatThread, { messageId, parentId: groupId, chatThreadName: 'plans' })
  const event = await heardOf(ann, 'update')
  assert.deepEqual([event.messageCount, event.operator, event.id], [1, 'cat', chatThreadId])
  assert.deepEqual([event.lastMessage.id, event.lastMessage.msg], [id, 'at eight'])
  // The group's own messages say nothing of a thread, and who is not in it gets none of its messages.
  await bob.text(groupId, 'all done', 'groupChat')
  const heard = await ann.heard('onTextMessage')
  assert.deepEqual(
    heard.map(({ msg, chatThread }) => [msg, chatThread]),
    [['all done', undefined]],
  )
  const [last] = (await ann.connection.getChatThreadLastMessage({ chatThreadIds: [chatThreadId] }))
    .entities! as any
  assert.deepEqual(
    [last.chatThreadId, last.lastMessage.id, last.lastMessage.msg],
    [chatThreadId, id, 'at eight'],
  )
  const sent = { from: 'ann', to: [chatThreadId], type: 'txt', body: { msg: 'by REST' } }
  ok(await app.call('POST', '/messages/chatgroups', sent))
  const byRest = (await cat.heard('onTextMessage', 3)).find(({ msg }) => msg === 'by REST')
  assert.equal(byRest.chatThread.chatThreadName, 'plans')
})

test('who was away gets the messages of a thread at login, in order', async t => {
  const { app, chatThreadId, bob, cat } = await stageThread(t)
  await cat.connection.joinChatThread({ chatThreadId })
  cat.connection.close()
  for (const msg of ['1', '2', '3']) await say(bob, chatThreadId, msg)
  const again = await loggedIn(t, app, 'cat')
  const inThread = () => again.told('onTextMessage').filter(({ to }) => to === chatThreadId)
  for (let count = 1; inThread().length < 3; count++) await again.heard('onTextMessage', count)
  assert.deepEqual(
    inThread().map(({ msg, chatThread }) => [msg, chatThread.chatThreadName]),
    ['1', '2', '3'].map(msg => [msg, 'plans']),
  )
})

test('who is not in a thread says nothing there, nor who is mute in its group', async t => {
  const { app, groupId, chatThreadId, bob, cat } = await stageThread(t)
  assert.equal(await typeOf(say(cat, chatThreadId, 'x')), 602)
  ok(await app.call('POST', `/chatgroups/${groupId}/mute`, { usernames: ['bob'], mute_duration: 60_000 }))
  assert.equal(await typeOf(say(bob, chatThreadId, 'x')), 507)
})

test('a message of a thread is taken back: its members hear it, the group sees what is left', async t => {
  const { chatThreadId, ann, bob, cat } = await stageThread(t)
  await cat.connection.joinChatThread({ chatThreadId })
  const mid = await say(bob, chatThreadId, 'oh')
  await heardOf(ann, 'update')
  await bob.connection.recallMessage({ mid, to: chatThreadId, chatType: 'groupChat', isChatThread: true })
  const [recalled] = await cat.heard('onRecallMessage')
  assert.equal(recalled.mid, mid)
  const [, , after] = await ann.heard('onChatThreadChange', 3)
  assert.deepEqual([after.operation, after.messageCount, after.lastMessage], ['update', 0, {}])
  const { messages } = await cat.connection.getHistoryMessages({
    targetId: chatThreadId,
    chatType: 'groupChat',
  })
  assert.deepEqual(messages, [])
})

test('a message of a thread that is changed says which thread it is in', async t => {
  const { chatThreadId, bob, cat } = await stageThread(t)
  await cat.connection.joinChatThread({ chatThreadId })
  const messageId = await say(bob, chatThreadId, 'at nine')
  const changed = {
    type: 'txt',
    chatType: 'groupChat',
    to: chatThreadId,
    msg: 'at eight',
    isChatThread: true,
  } as const
  const modifiedMessage = webIm.message.create(changed)
  await bob.connection.modifyMessage({ messageId, modifiedMessage } as never)
  const [told] = await cat.heard('onModifiedMessage')
  assert.deepEqual(
    [told.msg, told.to, told.modifiedInfo.operationCount, told.chatThread.chatThreadName],
    ['at eight', chatThreadId, 1, 'plans'],
  )
})

test('history shows a thread’s messages as such, and the message that a thread is about with the thread', async t => {
  const { groupId, messageId, chatThreadId, ann, bob } = await stageThread(t)
  const id = await say(bob, chatThreadId, 'at eight')
  const page = async ({ connection }: SdkClient, targetId: string) =>
    (await connection.getHistoryMessages({ targetId, chatType: 'groupChat' })).messages as any[]
  const [inThread] = await page(bob, chatThreadId)
  assert.deepEqual(
    [inThread.id, inThread.chatThread.parentId, inThread.chatThread.messageId],
    [id, groupId, messageId],
  )
  const [parent, ...others] = await page(ann, groupId)
  assert.deepEqual([parent.id, others.length, parent.chatThread], [messageId, 0, undefined])
  const { createTimestamp, updateTimestamp, lastMessage, ...overview } = parent.chatThreadOverview
  assert.deepEqual(overview, { id: chatThreadId, parentId: groupId, name: 'plans', messageCount: 1 })
  assert.ok(createTimestamp > 0 && updateTimestamp >= createTimestamp)
  assert.deepEqual([lastMessage.id, lastMessage.msg], [id, 'at eight'])
})

test('a thread is renamed and deleted: the group hears it, one’s other devices too', async t => {
  const { app, chatThreadId, ann, bob, cat } = await stageThread(t)
  const second = await loggedIn(t, app, 'ann')
  await ann.connection.changeChatThreadName({ chatThreadId, name: 'ideas' })
  for (const client of [ann, bob, cat]) {
    const event = await heardOf(client, 'update')
    assert.deepEqual([event.id, event.name, event.operator], [chatThreadId, 'ideas', 'ann'])
  }
  const renamed = await heardOf(second, 'chatThreadNameUpdate', 'onMultiDeviceEvent')
  assert.equal(renamed.chatThreadName, 'ideas')
  await ann.connection.destroyChatThread({ chatThreadId })
  for (const client of [ann, bob, cat]) assert.deepEqual((await heardOf(client, 'destroy')).operator, 'ann')
  await heardOf(second, 'chatThreadDestroy', 'onMultiDeviceEvent')
  assert.equal(ann.told('onMultiDeviceEvent').length, 0)
  assert.equal(await typeOf(say(bob, chatThreadId, 'x')), 605)
})

test('who is removed from a thread hears it, and nothing more of what is said there', async t => {
  const { groupId, chatThreadId, ann, bob, cat } = await stageThread(t)
  await cat.connection.joinChatThread({ chatThreadId })
  await ann.connection.removeChatThreadMember({ chatThreadId, username: 'cat' })
  const event = await heardOf(cat, 'userRemove')
  assert.deepEqual(
    [event.id, event.name, event.parentId, event.operator, event.userName],
    [chatThreadId, 'plans', groupId, 'ann', 'cat'],
  )
  await say(bob, chatThreadId, 'secret')
  await bob.text(groupId, 'open', 'groupChat')
  assert.deepEqual(
    (await cat.heard('onTextMessage', 2)).map(({ msg }) => msg),
    ['shall we?', 'open'],
  )
})

test('members of a thread react to its messages and hear of it', async t => {
  const { chatThreadId, bob, cat } = await stageThread(t)
  await cat.connection.joinChatThread({ chatThreadId })
  const messageId = await say(bob, chatThreadId, 'at eight')
  await cat.connection.addReaction({ messageId, reaction: '👍' })
  const [event] = await bob.heard('onReactionChange')
  assert.deepEqual([event.messageId, event.to, event.from], [messageId, chatThreadId, 'cat'])
})

test('the SDK understands what is refused', async t => {
  const { app, groupId, messageId, chatThreadId, ann, bob, cat } = await stageThread(t)
  const named = { parentId: groupId, name: 'again', messageId }
  assert.equal(await typeOf(cat.connection.createChatThread(named)), 1301)
  assert.equal(await typeOf(bob.connection.joinChatThread({ chatThreadId })), 1301)
  assert.equal(await typeOf(ann.connection.joinChatThread({ chatThreadId: '404404' })), 1300)
  assert.equal(await typeOf(bob.connection.destroyChatThread({ chatThreadId })), 52)
  const dan = await loggedIn(t, app, 'dan')
  assert.equal(await typeOf(dan.connection.getChatThreadDetail({ chatThreadId })), 52)
  await app.change({ threads: false })
  assert.equal(await typeOf(ann.connection.joinChatThread({ chatThreadId })), 505)
})
