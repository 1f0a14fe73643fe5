// What users of the vendor's Web SDK are told when another user is deleted.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { until } from './until.ts'
import { SdkClient } from './web-sdk.ts'

const server = sharedApp()

test('who is deleted is missed: by its contacts, in its groups and rooms, and what it owned is gone', async t => {
  const app = await makeEasemobApp(server())
  await app.register('ann', 'bob', 'cat')
  const bob = new SdkClient(t, { http: server().http, org: app.org, app: app.app })
  await bob.open('bob')
  const make = async (path: string, more: object) =>
    ok(await app.call('POST', path, { maxusers: 50, ...more })).json.data
  const group = { groupname: 'g', desc: 'd', public: true }
  const { groupid: joined } = await make('/chatgroups', { ...group, owner: 'ann', members: ['bob', 'cat'] })
  const { groupid: owned } = await make('/chatgroups', { ...group, owner: 'cat', members: ['bob'] })
  const room = { name: 'r', description: 'd' }
  const { id: visited } = await make('/chatrooms', { ...room, owner: 'ann', members: ['bob', 'cat'] })
  const { id: ownRoom } = await make('/chatrooms', { ...room, owner: 'cat', members: ['bob'] })
  const seat = { metaData: { seat: 'cat' }, autoDelete: 'DELETE' }
  ok(await app.call('PUT', `/metadata/chatroom/${visited}/user/cat`, seat))
  ok(await app.call('POST', '/users/bob/contacts/users/cat'))
  await bob.heard('onContactAdded')
  const toldIn = (id: string) =>
    [...bob.told('onGroupEvent'), ...bob.told('onChatroomEvent')]
      .filter(event => event.id === id)
      .map(({ operation }) => operation)

  ok(await app.call('DELETE', '/users/cat'))
  const [gone] = await bob.heard('onContactDeleted')
  assert.deepEqual([gone.from, gone.to], ['cat', 'bob'])
  await until(async () => toldIn(visited).includes('memberAbsence'))
  assert.deepEqual(toldIn(joined), ['directJoined', 'memberAbsence'])
  assert.deepEqual(toldIn(owned), ['directJoined', 'destroy'])
  assert.deepEqual(toldIn(visited), [
    'directJoined',
    'updateChatRoomAttributes',
    'removeChatRoomAttributes',
    'memberAbsence',
  ])
  assert.deepEqual(toldIn(ownRoom), ['directJoined', 'destroy'])
  const absent = bob.told('onGroupEvent').find(({ operation }) => operation === 'memberAbsence')
  assert.deepEqual([absent.from, absent.memberCount], ['cat', 2])
})
