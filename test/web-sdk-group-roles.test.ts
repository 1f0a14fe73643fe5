// What owners and admins do in groups and rooms, by the vendor's Web SDK with their own tokens: what its calls resolve
// to, what its handlers are told, what it makes of refusals.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient } from './web-sdk.ts'

const server = sharedApp()

/** Ann owns what bob and cat are in; all are logged in. */
async function stage(t: TestContext) {
  const app = await makeEasemobApp(server())
  const names = ['ann', 'bob', 'cat']
  await app.register(...names)
  const clients: SdkClient[] = []
  for (const name of names) {
    const client = new SdkClient(t, { http: server().http, org: app.org, app: app.app })
    await client.open(name)
    clients.push(client)
  }
  const [ann, bob, cat] = clients as [SdkClient, SdkClient, SdkClient]
  return { app, ann, bob, cat }
}

async function makeGroup(app: EasemobApp): Promise<string> {
  const group = { groupname: 'g', public: true, owner: 'ann', members: ['bob', 'cat'] }
  return ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
}

async function makeRoom(app: EasemobApp): Promise<string> {
  const room = { name: 'r', owner: 'ann', members: ['bob', 'cat'] }
  return ok(await app.call('POST', '/chatrooms', room)).json.data.id
}

/** What a call resolves to. */
const dataOf = async (asked: Promise<unknown>): Promise<any> => ((await asked) as { data: unknown }).data

/** What was told of this operation, of whom. */
const toldOf = (client: SdkClient, on: string, operation: string): any[] =>
  client.told(on).filter(event => event.operation === operation)

test('the calls for admins, mutes, bars, the allow list and the announcement of a group', async t => {
  const { app, ann } = await stage(t)
  const groupId = await makeGroup(app)
  const sdk = ann.connection
  const username = 'bob'
  const set = await dataOf(sdk.setGroupAdmin({ groupId, username }))
  assert.deepEqual(set, { result: 'success', newadmin: 'bob' })
  assert.deepEqual(await dataOf(sdk.getGroupAdmin({ groupId })), ['bob'])
  const unset = await dataOf(sdk.removeGroupAdmin({ groupId, username }))
  assert.deepEqual(unset, { result: 'success', oldadmin: 'bob' })

  const [muted] = await dataOf(sdk.muteGroupMember({ groupId, username, muteDuration: 60_000 }))
  assert.deepEqual([muted.result, muted.user], [true, 'bob'])
  assert.deepEqual(await dataOf(sdk.getGroupMuteList({ groupId })), [{ user: 'bob', expire: muted.expire }])
  assert.equal(await dataOf(sdk.isInGroupMutelist({ groupId })), false)
  assert.deepEqual(await dataOf(sdk.unmuteGroupMember({ groupId, username })), [
    { result: true, user: 'bob' },
  ])

  const users = ['bob', 'cat']
  const allowed = await dataOf(sdk.addUsersToGroupAllowlist({ groupId, users }))
  assert.deepEqual(
    allowed.map(({ result, user }: { result: boolean; user: string }) => [result, user]),
    [
      [true, 'bob'],
      [true, 'cat'],
    ],
  )
  assert.deepEqual(await dataOf(sdk.getGroupAllowlist({ groupId })), ['cat', 'bob'])
  assert.deepEqual(await dataOf(sdk.isInGroupAllowlist({ groupId, userName: 'cat' })), {
    white: true,
    member: 'cat',
  })
  const disallowed = await dataOf(sdk.removeGroupAllowlistMember({ groupId, userName: 'cat' }))
  assert.deepEqual([disallowed.result, disallowed.user], [true, 'cat'])

  assert.deepEqual(await dataOf(sdk.disableSendGroupMsg({ groupId })), { mute: true })
  assert.deepEqual(await dataOf(sdk.enableSendGroupMsg({ groupId })), { mute: false })
  const announcement = 'Dinner at 8'
  const announced = await dataOf(sdk.updateGroupAnnouncement({ groupId, announcement }))
  assert.deepEqual(announced, { id: groupId, result: true })
  assert.deepEqual(await dataOf(sdk.fetchGroupAnnouncement({ groupId })), { announcement })

  const blocked = await dataOf(sdk.blockGroupMember({ groupId, username }))
  assert.deepEqual(blocked, { action: 'add_blocks', groupid: groupId, result: true, user: 'bob' })
  await sdk.blockGroupMembers({ groupId, usernames: ['cat'] })
  assert.deepEqual(await dataOf(sdk.getGroupBlocklist({ groupId })), ['cat', 'bob'])
  const unblocked = await dataOf(sdk.unblockGroupMember({ groupId, username }))
  assert.deepEqual(unblocked, { action: 'remove_blocks', groupid: groupId, result: true, user: 'bob' })
  await sdk.unblockGroupMembers({ groupId, usernames: ['cat', 'bob'] })
  assert.deepEqual(await dataOf(sdk.getGroupBlocklist({ groupId })), [])
})

test('the calls for admins, mutes, bars, the allow list and the announcement of a room', async t => {
  const { app, ann } = await stage(t)
  const chatRoomId = await makeRoom(app)
  const sdk = ann.connection
  const username = 'bob'
  const set = await dataOf(sdk.setChatRoomAdmin({ chatRoomId, username }))
  assert.deepEqual(set, { result: 'success', newadmin: 'bob' })
  assert.deepEqual(await dataOf(sdk.getChatRoomAdmin({ chatRoomId })), ['bob'])
  const unset = await dataOf(sdk.removeChatRoomAdmin({ chatRoomId, username }))
  assert.deepEqual(unset, { result: 'success', oldadmin: 'bob' })

  const [muted] = await dataOf(sdk.muteChatRoomMember({ chatRoomId, username, muteDuration: 60_000 }))
  assert.deepEqual([muted.result, muted.user], [true, 'bob'])
  assert.deepEqual(await dataOf(sdk.getChatRoomMuteList({ chatRoomId })), [
    { user: 'bob', expire: muted.expire },
  ])
  assert.equal(await dataOf(sdk.isInChatRoomMutelist({ chatRoomId })), false)
  const unmuted = await dataOf(sdk.unmuteChatRoomMember({ chatRoomId, username }))
  assert.deepEqual(unmuted, [{ result: true, user: 'bob' }])

  await sdk.addUsersToChatRoomAllowlist({ chatRoomId, users: ['bob', 'cat'] })
  assert.deepEqual(await dataOf(sdk.getChatRoomAllowlist({ chatRoomId })), ['cat', 'bob'])
  assert.deepEqual(await dataOf(sdk.isInChatRoomAllowlist({ chatRoomId, userName: 'cat' })), {
    white: true,
    member: 'cat',
  })
  const disallowed = await dataOf(sdk.removeChatRoomAllowlistMember({ chatRoomId, userName: 'cat' }))
  assert.deepEqual([disallowed.result, disallowed.user], [true, 'cat'])

  assert.deepEqual(await dataOf(sdk.disableSendChatRoomMsg({ chatRoomId })), { mute: true })
  assert.deepEqual(await dataOf(sdk.enableSendChatRoomMsg({ chatRoomId })), { mute: false })
  const announcement = 'Show at 8'
  const announced = await dataOf(sdk.updateChatRoomAnnouncement({ roomId: chatRoomId, announcement }))
  assert.deepEqual(announced, { id: chatRoomId, result: true })
  assert.deepEqual(await dataOf(sdk.fetchChatRoomAnnouncement({ roomId: chatRoomId })), { announcement })

  const blocked = await dataOf(sdk.blockChatRoomMember({ chatRoomId, username }))
  assert.deepEqual([blocked.action, blocked.result, blocked.user], ['add_blocks', true, 'bob'])
  await sdk.blockChatRoomMembers({ chatRoomId, usernames: ['cat'] })
  assert.deepEqual(await dataOf(sdk.getChatRoomBlocklist({ chatRoomId })), ['cat', 'bob'])
  const unblocked = await dataOf(sdk.unblockChatRoomMember({ chatRoomId, username }))
  assert.deepEqual([unblocked.action, unblocked.result, unblocked.user], ['remove_blocks', true, 'bob'])
  await sdk.unblockChatRoomMembers({ chatRoomId, usernames: ['cat'] })
  assert.deepEqual(await dataOf(sdk.getChatRoomBlocklist({ chatRoomId })), [])
})

for (const kind of ['group', 'room'] as const) {
  const on = kind === 'group' ? 'onGroupEvent' : 'onChatroomEvent'

  test(`whom it concerns in a ${kind} is told what befalls it; whoever did it is not`, async t => {
    const { app, ann, bob, cat } = await stage(t)
    const id = kind === 'group' ? await makeGroup(app) : await makeRoom(app)
    const call = app.as(await app.login('ann'))
    const path = `/chat${kind}s/${id}`
    const act = async (method: string, below: string, body?: unknown) =>
      ok(await call(method, path + below, body))
    await act('POST', '/admin', { newadmin: 'cat' })
    const muted = await act('POST', '/mute', { usernames: ['bob'], mute_duration: 60_000 })
    await act('DELETE', '/mute/bob')
    await act('POST', '/white/users/bob')
    await act('DELETE', '/white/users/bob')
    await act('POST', '/ban')
    await act('DELETE', '/ban')
    await act('POST', '/announcement', { announcement: 'Dinner at 8' })
    await act('POST', '/announcement', { announcement: '' })
    await act('DELETE', '/admin/cat')
    await act('POST', '/blocks/users/bob')
    await act('DELETE', '/blocks/users/bob')
    const common = [
      'muteMember',
      'unmuteMember',
      'addUserToAllowlist',
      'removeAllowlistMember',
      'muteAllMembers',
      'unmuteAllMembers',
      'updateAnnouncement',
      'deleteAnnouncement',
    ]
    const ofBob = ['directJoined', ...common, 'removeMember', 'unblockMember']
    await bob.heard(on, ofBob.length)
    assert.deepEqual(
      bob.told(on).map(({ operation }) => operation),
      ofBob,
    )
    const ofCat = ['directJoined', 'setAdmin', ...common, 'removeAdmin', 'memberAbsence']
    await cat.heard(on, ofCat.length)
    assert.deepEqual(
      cat.told(on).map(({ operation }) => operation),
      ofCat,
    )
    for (const client of [bob, cat]) {
      const [mute] = toldOf(client, on, 'muteMember')
      assert.deepEqual([mute.from, mute.userId, mute.id], ['ann', 'bob', id])
      assert.equal(mute.muteTimestamp, muted.json.data[0].expire)
      assert.equal(toldOf(client, on, 'updateAnnouncement')[0].announcement, 'Dinner at 8')
    }
    assert.deepEqual(
      ann.told(on).map(({ operation }) => operation),
      ['memberAbsence'],
    )
  })

  test(`the Web SDK names what keeps a client from speaking or acting in a ${kind}`, async t => {
    const { app, ann, bob } = await stage(t)
    const id = kind === 'group' ? await makeGroup(app) : await makeRoom(app)
    const path = `/chat${kind}s/${id}`
    const say = () => bob.text(id, 'x', kind === 'group' ? 'groupChat' : 'chatRoom')
    ok(await app.call('POST', `${path}/mute`, { usernames: ['bob'], mute_duration: -1 }))
    await assert.rejects(say(), { type: 507 })
    ok(await app.call('DELETE', `${path}/mute/bob`))
    ok(await app.call('POST', `${path}/ban`))
    await assert.rejects(say(), { type: 506 })
    ok(await app.call('DELETE', `${path}/ban`))
    await say()
    if (kind === 'room') {
      ok(await app.call('POST', `${path}/blocks/users/bob`))
      await assert.rejects(bob.connection.joinChatRoom({ roomId: id }), { type: 603 })
    } else {
      const acting = bob.connection.setGroupAdmin({ groupId: id, username: 'ann' })
      await assert.rejects(acting, ({ message }) => /you have no permission/.test(message))
      await ann.connection.setGroupAdmin({ groupId: id, username: 'bob' })
    }
  })
}
