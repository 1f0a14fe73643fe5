// Groups and rooms as users run them with the vendor's Web SDK: what its calls do, what they answer, who is told.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient } from './web-sdk.ts'

const server = sharedApp()

interface Stage {
  readonly app: EasemobApp
  readonly ann: SdkClient
  readonly bob: SdkClient
  readonly cat: SdkClient
}

/** Three users, each with the SDK. */
async function stage(t: TestContext): Promise<Stage> {
  const app = await makeEasemobApp(server())
  await app.register('ann', 'bob', 'cat')
  const open = async (name: string) => {
    const client = new SdkClient(t, { http: server().http, org: app.org, app: app.app })
    await client.open(name)
    return client
  }
  return { app, ann: await open('ann'), bob: await open('bob'), cat: await open('cat') }
}

async function makeGroup({ ann }: Stage, options: object = {}): Promise<string> {
  const { data } = await ann.connection.createGroup({
    data: {
      groupname: 'ops',
      desc: 'operators',
      members: [],
      public: true,
      approval: false,
      allowinvites: false,
      inviteNeedConfirm: false,
      maxusers: 50,
      ...options,
    },
  })
  return data!.groupid
}

const operations = (client: SdkClient, on = 'onGroupEvent') =>
  client.told(on).map(({ operation, from }) => `${operation} ${from}`)

/** What an SDK call is rejected with. */
async function refusalOf(call: Promise<unknown>): Promise<any> {
  return call.then(
    () => assert.fail('it went through'),
    error => error,
  )
}

test('a user makes a group, shows, changes and dissolves it; its members cannot', async t => {
  const all = await stage(t)
  const { ann, bob, cat } = all
  const groupId = await makeGroup(all, { members: ['bob'] })
  const [added] = await bob.heard('onGroupEvent')
  assert.deepEqual([added.operation, added.id, added.from], ['directJoined', groupId, 'ann'])
  const info: any = (await bob.connection.getGroupInfo({ groupId })).data![0]
  assert.deepEqual([info.id, info.name, info.owner, info.affiliations_count], [groupId, 'ops', 'ann', 2])
  assert.deepEqual(
    info.affiliations.map(({ joined_time, ...member }: any) => [typeof joined_time, member]),
    [
      ['number', { member: 'bob' }],
      ['number', { owner: 'ann' }],
    ],
  )
  const changed = await ann.connection.modifyGroup({ groupId, groupName: 'night', description: 'shift' })
  assert.deepEqual(changed.data, { groupname: true, description: true })
  const [, updated] = await bob.heard('onGroupEvent', 2)
  assert.deepEqual([updated.operation, updated.detail.name], ['updateInfo', 'night'])
  await refusalOf(bob.connection.modifyGroup({ groupId, groupName: 'mine', description: '' }))
  await refusalOf(bob.connection.destroyGroup({ groupId }))
  await refusalOf(cat.connection.modifyGroup({ groupId, groupName: 'mine', description: '' }))
  const destroyed = await ann.connection.destroyGroup({ groupId })
  assert.deepEqual([destroyed.data!.success, destroyed.data!.id], [true, groupId])
  assert.equal((await bob.heard('onGroupEvent', 3))[2].operation, 'destroy')
})

test('lists of groups: those a user is in, page by page, how many, and the public ones', async t => {
  const all = await stage(t)
  const { ann, bob } = all
  const first = await makeGroup(all, { members: ['bob'] })
  const second = await makeGroup(all, { groupname: 'secret', public: false, members: ['bob'] })
  const joined = await bob.connection.getJoinedGroups({ pageNum: 0, pageSize: 1 })
  assert.deepEqual((joined as any).data, [
    { groupid: second, groupname: 'secret', disabled: false, role: 'member' },
  ])
  const rest = await bob.connection.getJoinedGroups({ pageNum: 1, pageSize: 1 })
  assert.deepEqual(
    (rest as any).data.map((group: any) => group.groupid),
    [first],
  )
  const detailed: any = await ann.connection.getJoinedGroups({
    pageNum: 0,
    pageSize: 10,
    needAffiliations: true,
    needRole: true,
  })
  assert.deepEqual(
    detailed.entities.map((group: any) => [group.groupId, group.role, group.affiliationsCount]),
    [
      [second, 'owner', 2],
      [first, 'owner', 2],
    ],
  )
  assert.equal((await (bob.connection as any).getJoinedGroupsCount()).data, 2)
  const found = await bob.connection.getPublicGroups({ limit: 10 })
  assert.deepEqual(found.data, [{ groupid: first, groupname: 'ops' }])
})

test('members are listed by page and by cursor, and to nobody from outside', async t => {
  const all = await stage(t)
  const { bob, cat } = all
  const groupId = await makeGroup(all, { members: ['bob'] })
  const paged = await bob.connection.listGroupMembers({ groupId, pageNum: 1, pageSize: 10 })
  assert.deepEqual(paged.data, [{ member: 'bob' }, { owner: 'ann' }])
  const first: any = (await (bob.connection as any).getGroupMembers({ groupId, limit: 1 })).data
  assert.deepEqual(
    first.members.map(({ role, userId }: any) => [role, userId]),
    [['member', 'bob']],
  )
  const second: any = (
    await (bob.connection as any).getGroupMembers({ groupId, limit: 1, cursor: first.cursor })
  ).data
  assert.deepEqual([second.members[0].userId, second.cursor], ['ann', undefined])
  await refusalOf(cat.connection.listGroupMembers({ groupId, pageNum: 1, pageSize: 10 }))
})

test('an open group is joined at once and left again, and its members see both', async t => {
  const all = await stage(t)
  const { ann, bob } = all
  const groupId = await makeGroup(all)
  const joined = await bob.connection.joinGroup({ groupId, message: '' })
  assert.deepEqual(joined.data, { result: true, action: 'apply', id: groupId, user: 'bob' })
  await ann.heard('onGroupEvent')
  assert.deepEqual((await bob.connection.leaveGroup({ groupId })).data, { result: true })
  await ann.heard('onGroupEvent', 2)
  assert.deepEqual(operations(ann), ['memberPresence bob', 'memberAbsence bob'])
  await refusalOf(ann.connection.leaveGroup({ groupId }))
})

test('who asks to join a group of approval gets in when the owner accepts, and not when it declines', async t => {
  const all = await stage(t)
  const { ann, bob, cat } = all
  const groupId = await makeGroup(all, { approval: true })
  await bob.connection.joinGroup({ groupId, message: 'it is me' })
  const [asked] = await ann.heard('onGroupEvent')
  assert.deepEqual(
    [asked.operation, asked.from, asked.reason, asked.id],
    ['requestToJoin', 'bob', 'it is me', groupId],
  )
  await refusalOf(bob.connection.acceptGroupJoinRequest({ groupId, applicant: 'bob' }))
  await refusalOf(bob.connection.listGroupMembers({ groupId, pageNum: 1, pageSize: 10 }))
  await ann.connection.acceptGroupJoinRequest({ groupId, applicant: 'bob' })
  const [accepted] = await bob.heard('onGroupEvent')
  assert.deepEqual([accepted.operation, accepted.from], ['acceptRequest', 'ann'])
  await cat.connection.joinGroup({ groupId, message: '' })
  await ann.connection.rejectGroupJoinRequest({ groupId, applicant: 'cat', reason: 'no' })
  const [declined] = await cat.heard('onGroupEvent')
  assert.deepEqual([declined.operation, declined.userId], ['joinPublicGroupDeclined', 'cat'])
  await refusalOf(ann.connection.acceptGroupJoinRequest({ groupId, applicant: 'cat' }))
  const members = await ann.connection.listGroupMembers({ groupId, pageNum: 1, pageSize: 10 })
  assert.deepEqual(members.data, [{ member: 'bob' }, { owner: 'ann' }])
})

test('who is invited decides where the group wants it so, and the inviter is told', async t => {
  const all = await stage(t)
  const { ann, bob, cat } = all
  const groupId = await makeGroup(all, { inviteNeedConfirm: true, allowinvites: true })
  const invited = await ann.connection.inviteUsersToGroup({ groupId, users: ['bob'] })
  assert.deepEqual(invited.data, [{ result: true, action: 'invite', id: groupId, user: 'bob' }])
  const [asked] = await bob.heard('onGroupEvent')
  assert.deepEqual(
    [asked.operation, asked.from, asked.id, asked.name],
    ['inviteToJoin', 'ann', groupId, 'ops'],
  )
  await refusalOf(cat.connection.acceptGroupInvite({ groupId, invitee: 'bob' }))
  await bob.connection.acceptGroupInvite({ groupId, invitee: 'bob' })
  await ann.heard('onGroupEvent', 2)
  assert.deepEqual(operations(ann), ['memberPresence bob', 'acceptInvite bob'])
  await bob.connection.inviteUsersToGroup({ groupId, users: ['cat'] })
  await cat.heard('onGroupEvent')
  await cat.connection.rejectGroupInvite({ groupId, invitee: 'cat' })
  assert.equal((await bob.heard('onGroupEvent', 2)).at(-1).operation, 'rejectInvite')
  await refusalOf(cat.connection.acceptGroupInvite({ groupId, invitee: 'cat' }))
})

test('where nobody has to be asked, who is invited is in; members invite only where they may', async t => {
  const all = await stage(t)
  const { ann, bob, cat } = all
  const groupId = await makeGroup(all, { members: ['bob'] })
  await refusalOf(bob.connection.inviteUsersToGroup({ groupId, users: ['cat'] }))
  await ann.connection.inviteUsersToGroup({ groupId, users: ['bob', 'cat'] }).then(({ data }) =>
    assert.deepEqual(
      (data as any[]).map(({ user, result }) => [user, result]),
      [
        ['bob', false],
        ['cat', true],
      ],
    ),
  )
  assert.equal((await cat.heard('onGroupEvent'))[0].operation, 'directJoined')
})

test('the owner sends members away and hands the group over; then it has no more to say', async t => {
  const all = await stage(t)
  const { ann, bob, cat } = all
  const groupId = await makeGroup(all, { members: ['bob', 'cat'] })
  await refusalOf(bob.connection.removeGroupMember({ groupId, username: 'cat' }))
  await ann.connection.removeGroupMember({ groupId, username: 'cat' })
  assert.equal((await cat.heard('onGroupEvent', 2))[1].operation, 'removeMember')
  await ann.connection.changeGroupOwner({ groupId, newOwner: 'bob' })
  const told = await bob.heard('onGroupEvent', 3)
  assert.deepEqual(told.at(-1).operation, 'changeOwner')
  await refusalOf(ann.connection.destroyGroup({ groupId }))
  await bob.connection.removeGroupMembers({ groupId, users: ['ann'] })
  assert.equal((await ann.heard('onGroupEvent', 3)).at(-1).operation, 'removeMember')
})

test('several who come or go at once are told of in one event', async t => {
  const all = await stage(t)
  const { app, ann } = all
  const groupId = await makeGroup(all)
  ok(await app.call('POST', `/chatgroups/${groupId}/users`, { usernames: ['bob', 'cat'] }))
  ok(await app.call('DELETE', `/chatgroups/${groupId}/users/bob,cat`))
  const told = await ann.heard('onGroupEvent', 2)
  assert.deepEqual(
    told.map(({ operation, members, memberCount }) => [operation, members, memberCount]),
    [
      ['membersPresence', ['bob', 'cat'], 3],
      ['membersAbsence', ['bob', 'cat'], 1],
    ],
  )
})

test('a group that is not public is found by nobody from outside', async t => {
  const all = await stage(t)
  const groupId = await makeGroup(all, { public: false })
  await refusalOf(all.bob.connection.getGroupInfo({ groupId }))
  await refusalOf(all.bob.connection.joinGroup({ groupId, message: '' }))
})

test('attributes of members are set by themselves and the owner, seen by all, and go with them', async t => {
  const all = await stage(t)
  const { ann, bob, cat } = all
  const groupId = await makeGroup(all, { members: ['bob', 'cat'] })
  const set = (client: SdkClient, userId: string, memberAttributes: Record<string, string>) =>
    client.connection.setGroupMemberAttributes({ groupId, userId, memberAttributes })
  await set(bob, 'bob', { nick: 'bobby', job: 'cook' })
  const told = await ann.heard('onGroupEvent')
  const last = told.at(-1)
  assert.deepEqual(
    [last.operation, last.userId, last.attributes],
    ['memberAttributesUpdate', 'bob', { nick: 'bobby', job: 'cook' }],
  )
  await refusalOf(set(cat, 'bob', { nick: 'x' }))
  await set(ann, 'bob', { job: '' })
  assert.deepEqual((await cat.connection.getGroupMemberAttributes({ groupId, userId: 'bob' })).data, {
    nick: 'bobby',
  })
  const many = await cat.connection.getGroupMembersAttributes({
    groupId,
    userIds: ['ann', 'bob'],
    keys: ['nick'],
  })
  assert.deepEqual(many.data, { ann: {}, bob: { nick: 'bobby' } })
  assert.equal((await refusalOf(set(bob, 'bob', { nick: 'x'.repeat(513) }))).type, 50)
  await bob.connection.leaveGroup({ groupId })
  await bob.connection.joinGroup({ groupId, message: '' })
  assert.deepEqual((await bob.connection.getGroupMemberAttributes({ groupId, userId: 'bob' })).data, {})
})

async function makeRoom({ app, bob, cat }: Stage): Promise<string> {
  const room = { name: 'hall', description: 'd', owner: 'ann', maxusers: 100 }
  const roomId = ok(await app.call('POST', '/chatrooms', room)).json.data.id
  for (const client of [bob, cat]) await client.connection.joinChatRoom({ roomId })
  return roomId
}

test('rooms are listed and shown to every user, with who is in them', async t => {
  const all = await stage(t)
  const { ann, bob } = all
  const chatRoomId = await makeRoom(all)
  const listed: any = await bob.connection.getChatRooms({ pagenum: 1, pagesize: 20 })
  assert.deepEqual(listed.data, [{ id: chatRoomId, name: 'hall', owner: 'ann', affiliations_count: 3 }])
  const shown: any = await bob.connection.getChatRoomDetails({ chatRoomId })
  assert.deepEqual([shown.data[0].id, shown.data[0].affiliations_count], [chatRoomId, 3])
  const members = await bob.connection.listChatRoomMembers({ chatRoomId, pageNum: 1, pageSize: 10 })
  assert.deepEqual((members.data as object[]).map(member => Object.values(member)[0]).sort(), [
    'ann',
    'bob',
    'cat',
  ])
  const joined: any = await (bob.connection as any).getJoinedChatRooms({ pageNum: 1, pageSize: 10 })
  assert.deepEqual(
    joined.data.map(({ created, ...room }: any) => [typeof created, room]),
    [['number', { id: chatRoomId, name: 'hall', owner: 'ann', description: 'd', maxusers: 100 }]],
  )
  await refusalOf(
    bob.connection.modifyChatRoom({ chatRoomId, chatRoomName: 'x', description: '', maxusers: 9 }),
  )
  await ann.connection.modifyChatRoom({ chatRoomId, chatRoomName: 'yard', description: 'e', maxusers: 90 })
  assert.equal((await bob.heard('onChatroomEvent', 2)).at(-1).operation, 'updateInfo')
  await ann.connection.removeChatRoomMember({ chatRoomId, username: 'bob' })
  assert.equal((await bob.heard('onChatroomEvent', 3)).at(-1).operation, 'removeMember')
})

test('attributes of a room belong to who has set them, and go when that user leaves', async t => {
  const all = await stage(t)
  const { bob, cat } = all
  const chatRoomId = await makeRoom(all)
  await bob.connection.setChatRoomAttributes({
    chatRoomId,
    attributes: { song: 'one', stage: 'left' },
    autoDelete: true,
    isForced: false,
  })
  const set = (await cat.heard('onChatroomEvent')).at(-1)
  assert.deepEqual(
    [set.operation, set.from, set.attributes],
    ['updateChatRoomAttributes', 'bob', { song: 'one', stage: 'left' }],
  )
  const attribute = { chatRoomId, attributeKey: 'song', attributeValue: 'two', autoDelete: false }
  const refused = await refusalOf(cat.connection.setChatRoomAttribute({ ...attribute, isForced: false }))
  assert.match(refused.message, /is not part of you/)
  await cat.connection.setChatRoomAttribute({ ...attribute, isForced: true })
  const all2 = await bob.connection.getChatRoomAttributes({ chatRoomId, attributeKeys: ['song', 'none'] })
  assert.deepEqual(all2.data, { song: 'two' })
  await refusalOf(
    bob.connection.removeChatRoomAttribute({ chatRoomId, attributeKey: 'song', isForced: false }),
  )
  const before = cat.told('onChatroomEvent').length
  await bob.connection.leaveChatRoom({ roomId: chatRoomId })
  const gone = (await cat.heard('onChatroomEvent', before + 2)).slice(before)
  const removed = gone.find(({ operation }) => operation === 'removeChatRoomAttributes')
  assert.deepEqual(removed?.attributes, ['stage'])
  const left = await cat.connection.getChatRoomAttributes({ chatRoomId })
  assert.deepEqual(left.data, { song: 'two' })
  await cat.connection.removeChatRoomAttributes({ chatRoomId, attributeKeys: ['song'], isForced: false })
  assert.deepEqual((await cat.connection.getChatRoomAttributes({ chatRoomId })).data, {})
})
