// Reactions to messages as users of the vendor's Web SDK put them there, are told of them and find them in the history.
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

async function stage(t: TestContext, settings?: object) {
  const app = await makeEasemobApp(server(), settings)
  await app.register('ann', 'bob', 'cat')
  const [ann, bob] = [await loggedIn(t, app, 'ann'), await loggedIn(t, app, 'bob')]
  return { app, ann, bob }
}

/** As the SDK types what is refused. */
function typeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'done',
    ({ type }) => type,
  )
}

test('both users of a conversation hear of a reaction, whoever has added it', async t => {
  const { ann, bob } = await stage(t)
  const messageId = await ann.text('bob', 'hi')
  await bob.connection.addReaction({ messageId, reaction: '👍' })
  for (const client of [ann, bob]) {
    const [event] = await client.heard('onReactionChange')
    const { ts, ...told } = event
    assert.ok(Math.abs(Date.now() - ts) < 60_000)
    assert.deepEqual(told, {
      from: 'bob',
      to: 'ann',
      chatType: 'singleChat',
      messageId,
      reactions: [
        { reaction: '👍', count: 1, userList: ['bob'], op: [{ reactionType: 'create', operator: 'bob' }] },
      ],
    })
  }
})

test('a reaction that is taken away is told with nobody behind it', async t => {
  const { ann, bob } = await stage(t)
  const messageId = await ann.text('bob', 'hi')
  await bob.connection.addReaction({ messageId, reaction: 'a&b=c' })
  await bob.connection.addReaction({ messageId, reaction: '+1' })
  await ann.heard('onReactionChange', 2)
  const absent = bob.connection.deleteReaction({ messageId, reaction: '👍' })
  assert.equal(await typeOf(absent), 1103)
  // The SDK writes what it removes into the query as it is.
  await bob.connection.deleteReaction({ messageId, reaction: encodeURIComponent('+1') })
  const told = (await ann.heard('onReactionChange', 3))[2].reactions
  const [, gone] = told
  assert.deepEqual(told[0], { reaction: 'a&b=c', count: 1, userList: ['bob'] })
  assert.deepEqual([gone.reaction, gone.count, gone.userList], ['+1', 0, []])
  assert.deepEqual(gone.op, [{ reactionType: 'delete', operator: 'bob' }])
})

test('members of a group hear of a reaction, those who were away when they come', async t => {
  const { app, ann, bob } = await stage(t)
  const group = { groupname: 'g', public: true, owner: 'ann', members: ['bob', 'cat'] }
  const groupId = ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
  const messageId = await ann.text(groupId, 'hi', 'groupChat')
  await bob.connection.addReaction({ messageId, reaction: '👍' })
  const cat = await loggedIn(t, app, 'cat')
  for (const client of [ann, bob, cat]) {
    const [event] = await client.heard('onReactionChange')
    assert.deepEqual([event.chatType, event.from, event.to], ['groupChat', 'bob', groupId])
    assert.equal(event.messageId, messageId)
  }
})

test('the reactions of messages are listed, and one is shown with all its users', async t => {
  const { app, ann, bob } = await stage(t)
  const group = { groupname: 'g', public: true, owner: 'ann', members: ['bob'] }
  const groupId = ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
  const [one, two] = [await ann.text(groupId, '1', 'groupChat'), await ann.text(groupId, '2', 'groupChat')]
  for (const messageId of [one, two]) await bob.connection.addReaction({ messageId, reaction: '👍' })
  await ann.connection.addReaction({ messageId: one, reaction: '👍' })
  const asked = { chatType: 'groupChat' as const, messageId: [one, two], groupId }
  const listed = (await bob.connection.getReactionlist(asked)).data!
  const shown = listed.map(({ msgId, reactionList }: any) => [msgId, reactionList])
  assert.deepEqual(shown, [
    [one, [{ reaction: '👍', count: 2, userList: ['bob', 'ann'], isAddedBySelf: true }]],
    [two, [{ reaction: '👍', count: 1, userList: ['bob'], isAddedBySelf: true }]],
  ])
  const page = { messageId: one, reaction: '👍', pageSize: 1 }
  const first = (await ann.connection.getReactionDetail({ ...page, cursor: '' })).data as any
  assert.deepEqual([first.userList, first.count, first.isAddedBySelf], [['bob'], 2, true])
  const second = (await ann.connection.getReactionDetail({ ...page, cursor: first.cursor })).data as any
  assert.deepEqual([second.userList, second.cursor], [['ann'], ''])
})

test('reactions to messages between two are listed without a group', async t => {
  const { ann, bob } = await stage(t)
  const messageId = await ann.text('bob', 'hi')
  await bob.connection.addReaction({ messageId, reaction: '👍' })
  const { data } = await ann.connection.getReactionlist({ chatType: 'singleChat', messageId })
  assert.deepEqual((data as any)[0].reactionList[0].isAddedBySelf, false)
})

test('history shows the reactions of each message, and which of them are one’s own', async t => {
  const { ann, bob } = await stage(t)
  const messageId = await ann.text('bob', 'hi')
  await ann.text('bob', 'nobody likes this')
  await bob.connection.addReaction({ messageId, reaction: '👍' })
  const read = async ({ connection }: SdkClient, targetId: string) => {
    const { messages } = await connection.getHistoryMessages({ targetId, chatType: 'singleChat' })
    return messages.toReversed().map((message: any) => message.reactions)
  }
  const reaction = { reaction: '👍', count: 1, userList: ['bob'] }
  assert.deepEqual(await read(ann, 'bob'), [[{ ...reaction, isAddedBySelf: false }], undefined])
  assert.deepEqual(await read(bob, 'ann'), [[{ ...reaction, isAddedBySelf: true }], undefined])
})

test('history shows an edited message with its reactions', async t => {
  const { ann, bob } = await stage(t)
  const messageId = await ann.text('bob', 'hi')
  await bob.connection.addReaction({ messageId, reaction: '👍' })
  const modifiedMessage = webIm.message.create({
    type: 'txt',
    chatType: 'singleChat',
    to: 'bob',
    msg: 'hello',
  })
  await ann.connection.modifyMessage({ messageId, modifiedMessage } as never)
  const { messages } = await bob.connection.getHistoryMessages({ targetId: 'ann', chatType: 'singleChat' })
  const [message] = messages as any[]
  assert.deepEqual([message.msg, message.modifiedInfo.operationCount], ['hello', 1])
  assert.equal(message.reactions[0].count, 1)
})

test('the SDK understands what is refused', async t => {
  const { ann, bob, app } = await stage(t)
  const messageId = await ann.text('bob', 'hi')
  const add = ({ connection }: SdkClient, reaction = '👍') => connection.addReaction({ messageId, reaction })
  await add(bob)
  assert.equal(await typeOf(add(bob)), 1101)
  assert.equal(await typeOf(add(await loggedIn(t, app, 'cat'))), 1103)
  for (let count = 1; count < 20; count++) await add(bob, `r${count}`)
  assert.equal(await typeOf(add(bob, 'one more')), 50)
  await app.change({ reactions: false })
  assert.equal(await typeOf(add(ann)), 505)
})
