// What becomes of messages that were sent, with the vendor's Web SDK: taken back, changed, read again, removed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appWith, loggedIn } from './chat-client.ts'
import { type EasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { underNode } from './web-sdk.ts'
import { history, historyConform, numbers } from './web-sdk-history.conform.ts'

const world = underNode(sharedApp())

async function makeGroup(app: EasemobApp, owner: string, ...members: string[]): Promise<string> {
  const group = { groupname: 'g', desc: 'd', public: true, owner, members }
  return ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
}

historyConform(world)

test('a conversation is read forward from a message on', async t => {
  const app = await appWith(world, 'alice', 'bob')
  const [alice] = await loggedIn(t, world, app, 'alice')
  const ids: string[] = []
  for (const text of numbers(1, 5)) ids.push(await alice.text('bob', text))
  const forward = { searchDirection: 'down', pageSize: 3 } as const
  assert.deepEqual((await history(alice, 'bob', forward)).texts, numbers(1, 3))
  const rest = await history(alice, 'bob', { ...forward, cursor: ids[2]! })
  assert.deepEqual([rest.texts, rest.isLast], [numbers(4, 5), true])
})

test('the older call of the SDK reads page by page too', async t => {
  const app = await appWith(world, 'alice', 'bob')
  const [alice] = await loggedIn(t, world, app, 'alice')
  for (const text of numbers(1, 25)) await alice.text('bob', text)
  const read = async () => {
    const page: any = await alice.connection.fetchHistoryMessages({ queue: 'bob', count: 10 } as never)
    return page.map(({ data }: { data: string }) => data)
  }
  assert.deepEqual(await read(), numbers(16, 25))
  assert.deepEqual(await read(), numbers(6, 15))
  assert.deepEqual(await read(), numbers(1, 5))
})

test('members read a group’s history, by kind, sender and time; others do not', async t => {
  const app = await appWith(world, 'alice', 'bob', 'carol')
  const groupId = await makeGroup(app, 'alice', 'bob')
  const [alice, bob, carol] = await loggedIn(t, world, app, 'alice', 'bob', 'carol')
  await alice.text(groupId, 'from alice', 'groupChat')
  await bob.text(groupId, 'from bob', 'groupChat')
  await bob.send({ type: 'cmd', chatType: 'groupChat', to: groupId, action: 'ring' })
  const inGroup = { chatType: 'groupChat' } as const
  const of = (searchOptions: object) => history(bob, groupId, { ...inGroup, searchOptions })
  assert.equal((await history(bob, groupId, inGroup)).messages.length, 3)
  assert.deepEqual((await of({ msgTypes: ['txt'] })).texts, ['from bob', 'from alice'])
  assert.deepEqual((await of({ from: 'alice' })).texts, ['from alice'])
  const hourAgo = Date.now() - 3_600_000
  assert.deepEqual((await of({ startTime: hourAgo - 1_000, endTime: hourAgo })).texts, [])
  assert.equal((await of({ startTime: hourAgo, endTime: Date.now() })).messages.length, 3)
  await assert.rejects(history(carol, groupId, inGroup), {
    message: 'users are not members of this group!',
  })
})

test('whoever was away never gets what was recalled meanwhile', async t => {
  const app = await appWith(world, 'alice', 'bob')
  const [alice] = await loggedIn(t, world, app, 'alice')
  const id = await alice.text('bob', 'never mind')
  await alice.connection.recallMessage({ mid: id, to: 'bob', chatType: 'singleChat' })
  await alice.text('bob', 'this one')
  const [bob] = await loggedIn(t, world, app, 'bob')
  await bob.heard('onTextMessage')
  await bob.heard('onOfflineMessageSyncFinish')
  assert.deepEqual(
    bob.told('onTextMessage').map(({ msg }) => msg),
    ['this one'],
  )
})

test('in a group a member recalls its own messages, the owner everybody’s', async t => {
  const app = await appWith(world, 'alice', 'bob', 'carol')
  const groupId = await makeGroup(app, 'alice', 'bob', 'carol')
  const [alice, bob, carol] = await loggedIn(t, world, app, 'alice', 'bob', 'carol')
  const id = await bob.text(groupId, 'mine', 'groupChat')
  const what = { mid: id, to: groupId, chatType: 'groupChat' } as const
  await assert.rejects(carol.connection.recallMessage(what), { message: 'no right to recall this message' })
  await alice.connection.recallMessage(what)
  for (const told of [bob, carol]) {
    const [recalled] = await told.heard('onRecallMessage')
    assert.deepEqual([recalled.mid, recalled.from, recalled.to], [id, 'alice', groupId])
  }
  assert.deepEqual((await history(carol, groupId, { chatType: 'groupChat' })).texts, [])
})

test('a recall that comes too late is refused in words the SDK knows', async t => {
  const app = await appWith(world, 'alice', 'bob')
  const [alice] = await loggedIn(t, world, app, 'alice')
  const message = { from: 'alice', target: 'bob', type: 'txt', body: { msg: 'old' } }
  const sent = { ...message, msg_timestamp: Date.now() - 121_000 }
  const mid = ok(await app.call('POST', '/messages/users/import', sent)).json.data.msg_id
  await assert.rejects(alice.connection.recallMessage({ mid, to: 'bob', chatType: 'singleChat' }), {
    // MESSAGE_RECALL_TIME_LIMIT
    type: 504,
  })
})

test('what the app’s server recalls is recalled for both', async t => {
  const app = await appWith(world, 'alice', 'bob')
  const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
  const id = await alice.text('bob', 'rude')
  await bob.heard('onTextMessage')
  const body = { msg_id: id, to: 'bob', chat_type: 'chat', force: true }
  const { data } = ok(await app.call('POST', '/messages/msg_recall', body)).json
  assert.deepEqual(data, { recalled: 'yes', chattype: 'chat', from: 'admin', to: 'bob', msg_id: id })
  for (const told of [alice, bob]) {
    const [recalled] = await told.heard('onRecallMessage')
    assert.deepEqual([recalled.mid, recalled.from], [id, 'admin'])
  }
  assert.deepEqual((await history(bob, 'alice')).texts, [])
})

test('what the app’s server rewrites in the name of its sender, both see', async t => {
  const app = await appWith(world, 'alice', 'bob')
  const groupId = await makeGroup(app, 'alice', 'bob')
  const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
  const id = await alice.text(groupId, 'at three', 'groupChat')
  await bob.heard('onTextMessage')
  const body = { user: 'alice', new_msg: { type: 'txt', msg: 'at four' } }
  ok(await app.call('PUT', `/messages/rewrite/${id}`, body))
  for (const client of [alice, bob]) {
    const [told] = await client.heard('onModifiedMessage')
    assert.deepEqual([told.id, told.msg, told.modifiedInfo.operatorId], [id, 'at four', 'alice'])
  }
  assert.deepEqual((await history(bob, groupId, { chatType: 'groupChat' })).texts, ['at four'])
})

test('what a user removes from its history is there for the other', async t => {
  const app = await appWith(world, 'alice', 'bob')
  const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
  const ids: string[] = []
  for (const text of numbers(1, 4)) ids.push(await alice.text('bob', text))
  const from = { targetId: 'bob', chatType: 'singleChat' } as const
  await alice.connection.removeHistoryMessages({ ...from, messageIds: [ids[1]!] })
  assert.deepEqual((await history(alice, 'bob', { searchDirection: 'down' })).texts, [
    'message 1',
    'message 3',
    'message 4',
  ])
  await alice.connection.removeHistoryMessages({ ...from, beforeTimeStamp: Date.now() })
  const last = await alice.text('bob', 'the last')
  assert.deepEqual(
    (await history(alice, 'bob')).messages.map(({ id }) => id),
    [last],
  )
  await alice.connection.deleteConversation({ channel: 'bob', chatType: 'singleChat', deleteRoam: true })
  assert.deepEqual((await history(alice, 'bob')).texts, [])
  assert.equal((await history(bob, 'alice')).texts.length, 5)
})

test('what the app’s server sends for a user reaches the user’s devices when it says so', async t => {
  const app = await appWith(world, 'alice', 'bob')
  const groupId = await makeGroup(app, 'alice', 'bob')
  const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
  const message = { from: 'alice', type: 'txt', body: { msg: 'for me too' } }
  const toBob = { ...message, to: ['bob'] }
  const toGroup = { ...message, to: [groupId] }
  ok(await app.call('POST', '/messages/users', toBob))
  const synced = ok(await app.call('POST', '/messages/users', { ...toBob, sync_device: true })).json.data.bob
  const inGroup = ok(await app.call('POST', '/messages/chatgroups', { ...toGroup, sync_device: true })).json
  await bob.heard('onTextMessage', 3)
  const heard = await alice.heard('onTextMessage', 2)
  assert.deepEqual(
    heard.map(({ id, to }) => [id, to]),
    [
      [synced, 'bob'],
      [inGroup.data[groupId], groupId],
    ],
  )
})

test('who is to forget a message gets it, and does not find it in the group’s history', async t => {
  const app = await appWith(world, 'alice', 'bob', 'carol')
  const groupId = await makeGroup(app, 'alice', 'bob', 'carol')
  const [bob, carol] = await loggedIn(t, world, app, 'bob', 'carol')
  const message = { from: 'alice', to: [groupId], type: 'txt', body: { msg: 'burn this' } }
  ok(await app.call('POST', '/messages/chatgroups', { ...message, roam_ignore_users: ['bob'] }))
  for (const member of [bob, carol]) await member.heard('onTextMessage')
  assert.deepEqual((await history(bob, groupId, { chatType: 'groupChat' })).texts, [])
  assert.deepEqual((await history(carol, groupId, { chatType: 'groupChat' })).texts, ['burn this'])
  const many = Array.from({ length: 21 }, (_, index) => `u${index}`)
  const refused = await app.call('POST', '/messages/chatgroups', { ...message, roam_ignore_users: many })
  assert.equal(refused.status, 400)
})

test('clients in a room are told how much a message of the app’s server matters', async t => {
  const app = await appWith(world, 'alice')
  const room = { name: 'r', description: 'd', maxusers: 100, owner: 'alice' }
  const roomId = ok(await app.call('POST', '/chatrooms', room)).json.data.id
  const [alice] = await loggedIn(t, world, app, 'alice')
  for (const level of ['high', 'low', undefined, 'urgent']) {
    const message = { from: 'admin', to: [roomId], type: 'txt', body: { msg: 'x' } }
    ok(await app.call('POST', '/messages/chatrooms', { ...message, chatroom_msg_level: level }))
  }
  const heard = await alice.heard('onTextMessage', 4)
  assert.deepEqual(
    heard.map(({ priority }) => priority),
    ['high', 'low', 'normal', 'normal'],
  )
})
