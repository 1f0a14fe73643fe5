// The list of conversations with the vendor's Web SDK: what is on it, what is unread, pins, marks, and what is taken off.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient } from './web-sdk.ts'

const server = sharedApp()

async function stage(t: TestContext, ...names: string[]) {
  const app = await makeEasemobApp(server())
  await app.register(...new Set(names))
  const clients: SdkClient[] = []
  for (const name of names) {
    const client = new SdkClient(t, { http: server().http, org: app.org, app: app.app })
    await client.open(name)
    clients.push(client)
  }
  return { app, clients }
}

async function makeGroup(app: EasemobApp, owner: string, ...members: string[]): Promise<string> {
  const group = { groupname: 'g', desc: 'd', public: true, owner, members }
  return ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
}

async function listed({ connection }: SdkClient, wish: object = {}): Promise<any[]> {
  return ((await connection.getServerConversations(wish)) as any).data.conversations
}

const idsOf = (conversations: any[]) => conversations.map(({ conversationId }) => conversationId)

test('conversations are listed by their newest message, which comes with them, page by page', async t => {
  const { app, clients } = await stage(t, 'ann', 'bob', 'cat')
  const [ann, bob, cat] = clients as [SdkClient, SdkClient, SdkClient]
  const silent = await makeGroup(app, 'ann', 'bob')
  const group = await makeGroup(app, 'ann', 'bob', 'cat')
  await ann.text('bob', 'to bob')
  const id = await ann.send({ type: 'txt', chatType: 'groupChat', to: group, msg: 'to all', ext: { n: 7 } })
  await cat.text('ann', 'from cat')
  assert.deepEqual(idsOf(await listed(ann)), ['cat', group, 'bob'])
  assert.deepEqual(idsOf(await listed(bob)), [group, 'ann'])
  const [, inGroup] = await listed(ann)
  const { lastMessage, ...facts } = inGroup
  assert.deepEqual(facts, {
    conversationId: group,
    conversationType: 'groupChat',
    isPinned: false,
    pinnedTime: 0,
    unReadCount: 0,
    marks: [],
  })
  const { type, chatType, msg, from, to, ext, time } = lastMessage
  assert.deepEqual(
    { id: lastMessage.id, type, chatType, msg, from, to, ext },
    { id, type: 'txt', chatType: 'groupChat', msg: 'to all', from: 'ann', to: group, ext: { n: 7 } },
  )
  assert.ok(Math.abs(Date.now() - time) < 60_000)
  const first: any = await ann.connection.getServerConversations({ pageSize: 2 })
  const second: any = await ann.connection.getServerConversations({ pageSize: 2, cursor: first.data.cursor })
  assert.deepEqual(
    [first, second].map(({ data }) => idsOf(data.conversations)),
    [['cat', group], ['bob']],
  )
  assert.equal(second.data.cursor, '')
  assert.deepEqual(idsOf(await listed(ann, { includeEmptyConversations: true })), [
    'cat',
    group,
    'bob',
    silent,
  ])
})

test('the older calls of the SDK list them too', async t => {
  const { app, clients } = await stage(t, 'ann', 'bob')
  const [ann] = clients as [SdkClient]
  const group = await makeGroup(app, 'ann', 'bob')
  await ann.text('bob', 'one')
  await ann.text(group, 'two', 'groupChat')
  const key = `${app.org}#${app.app}_`
  const names = [`${key}${group}@conference.easemob.com`, `${key}bob@easemob.com`]
  const all: any = await ann.connection.getConversationlist()
  assert.deepEqual(
    all.data.channel_infos.map((info: any) => [
      info.channel_id,
      info.lastMessage.msg,
      info.lastMessage.chatType,
    ]),
    [
      [names[0], 'two', 'groupChat'],
      [names[1], 'one', 'singleChat'],
    ],
  )
  const page: any = await ann.connection.getConversationlist({ pageNum: 2, pageSize: 1 } as never)
  assert.deepEqual(
    page.data.channel_infos.map((info: any) => info.channel_id),
    [names[1]],
  )
  const raw: any = await ann.connection.getSessionList()
  assert.deepEqual(
    raw.data.channel_infos.map((info: any) => info.channel_id),
    names,
  )
})

test('what others have said is unread until the user says that it has read it', async t => {
  const { app, clients } = await stage(t, 'ann', 'bob')
  const [ann, bob] = clients as [SdkClient, SdkClient]
  const group = await makeGroup(app, 'ann', 'bob')
  const ids = [await ann.text('bob', '1'), await ann.text('bob', '2'), await ann.text('bob', '3')]
  await ann.text(group, 'hello', 'groupChat')
  await bob.text('ann', 'busy')
  await bob.heard('onTextMessage', 4)
  const unread = async () =>
    Object.fromEntries((await listed(bob)).map(entry => [entry.conversationId, entry.unReadCount]))
  assert.deepEqual(await unread(), { ann: 3, [group]: 1 })
  await bob.send({ type: 'read', chatType: 'singleChat', id: ids[1]!, to: 'ann' })
  assert.deepEqual(await unread(), { ann: 1, [group]: 1 })
  await bob.send({ type: 'channel', chatType: 'singleChat', to: 'ann' })
  await bob.send({ type: 'channel', chatType: 'groupChat', to: group })
  assert.deepEqual(await unread(), { ann: 0, [group]: 0 })
  await ann.text('bob', '4')
  assert.deepEqual(await unread(), { ann: 1, [group]: 0 })
})

test('pinned conversations are listed by when they were pinned, and other devices are told', async t => {
  const { app, clients } = await stage(t, 'ann', 'ann', 'bob', 'cat')
  const [ann, tablet, , cat] = clients as [SdkClient, SdkClient, SdkClient, SdkClient]
  const group = await makeGroup(app, 'ann', 'bob')
  await ann.text(group, 'a', 'groupChat')
  await ann.text('bob', 'b')
  await cat.text('ann', 'c')
  const pin = async (
    conversationId: string,
    conversationType: 'singleChat' | 'groupChat',
    isPinned = true,
  ) => {
    const { data }: any = await ann.connection.pinConversation({ conversationId, conversationType, isPinned })
    return data
  }
  const pinned = await pin('bob', 'singleChat')
  assert.equal(pinned.isPinned, true)
  assert.ok(Math.abs(Date.now() - pinned.pinnedTime) < 60_000)
  await pin(group, 'groupChat')
  const pins = async () => {
    const { data }: any = await ann.connection.getServerPinnedConversations({})
    return data.conversations
  }
  assert.deepEqual(idsOf(await pins()), [group, 'bob'])
  assert.equal((await pins())[1].pinnedTime, pinned.pinnedTime)
  assert.deepEqual(await pin(group, 'groupChat', false), { isPinned: false, pinnedTime: 0 })
  assert.deepEqual(idsOf(await pins()), ['bob'])
  const told = await tablet.heard('onMultiDeviceEvent', 3)
  assert.deepEqual(
    told.map(({ operation, conversationId, conversationType }) => [
      operation,
      conversationId,
      conversationType,
    ]),
    [
      ['pinnedConversation', 'bob', 'singleChat'],
      ['pinnedConversation', group, 'groupChat'],
      ['unpinnedConversation', group, 'groupChat'],
    ],
  )
  await assert.rejects(pin('nobody', 'singleChat'), { message: /service_resource_not_found/ })
  await assert.rejects(pin('1234567890', 'groupChat'), {
    message: 'users are not members of this group!',
  })
})

test('conversations are marked, found by their mark, and marked no longer', async t => {
  const { app, clients } = await stage(t, 'ann', 'ann', 'bob', 'cat')
  const [ann, tablet] = clients as [SdkClient, SdkClient]
  const group = await makeGroup(app, 'ann', 'bob')
  await ann.text('bob', 'b')
  await ann.text(group, 'g', 'groupChat')
  const conversations = [
    { conversationId: 'bob', conversationType: 'singleChat' },
    { conversationId: group, conversationType: 'groupChat' },
    { conversationId: 'nobody', conversationType: 'singleChat' },
  ]
  const found = async (mark: number) => {
    const { data }: any = await ann.connection.getServerConversationsByFilter({ filter: { mark } } as never)
    return idsOf(data.conversations)
  }
  await ann.connection.addConversationMark({ conversations, mark: 0 } as never)
  await ann.connection.addConversationMark({ conversations: conversations.slice(0, 1), mark: 19 } as never)
  assert.deepEqual(await found(0), [group, 'bob'])
  assert.deepEqual(await found(19), ['bob'])
  assert.deepEqual(await found(5), [])
  const marks = (await listed(ann)).map(entry => entry.marks)
  assert.deepEqual(marks, [[0], [0, 19]])
  await ann.connection.removeConversationMark({ conversations: conversations.slice(0, 1), mark: 0 } as never)
  assert.deepEqual(await found(0), [group])
  const told = await tablet.heard('onMultiDeviceEvent', 4)
  assert.deepEqual(
    told.map(({ operation, conversationId, conversationMark }) => [
      operation,
      conversationId,
      conversationMark,
    ]),
    [
      ['markConversation', 'bob', 0],
      ['markConversation', group, 0],
      ['markConversation', 'bob', 19],
      ['unMarkConversation', 'bob', 0],
    ],
  )
})

test('a conversation that is taken off the list comes back with the next message', async t => {
  const { app, clients } = await stage(t, 'ann', 'ann', 'bob')
  const [ann, tablet, bob] = clients as [SdkClient, SdkClient, SdkClient]
  const group = await makeGroup(app, 'ann', 'bob')
  await bob.text('ann', 'kept')
  await ann.text(group, 'gone', 'groupChat')
  const remove = (channel: string, chatType: 'singleChat' | 'groupChat', deleteRoam: boolean) =>
    ann.connection.deleteConversation({ channel, chatType, deleteRoam })
  await remove('bob', 'singleChat', false)
  await remove(group, 'groupChat', true)
  assert.deepEqual(idsOf(await listed(ann, { includeEmptyConversations: true })), [])
  const read = async (targetId: string, chatType: 'singleChat' | 'groupChat') =>
    ((await ann.connection.getHistoryMessages({ targetId, chatType })) as any).messages.length
  assert.deepEqual([await read('bob', 'singleChat'), await read(group, 'groupChat')], [1, 0])
  assert.deepEqual(idsOf(await listed(bob)), [group, 'ann'])
  const told = await tablet.heard('onMultiDeviceEvent', 2)
  assert.deepEqual(
    told.map(({ operation }) => operation),
    ['deleteConversation', 'deleteConversation'],
  )
  await bob.text('ann', 'back')
  const [back] = await listed(ann)
  assert.deepEqual([back.conversationId, back.unReadCount, back.lastMessage.msg], ['bob', 1, 'back'])
  await ann.connection.deleteAllMessagesAndConversations()
  assert.deepEqual(idsOf(await listed(ann, { includeEmptyConversations: true })), [])
  assert.equal(await read('bob', 'singleChat'), 0)
})
