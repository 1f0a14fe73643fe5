// Groups and rooms as the vendor's Web SDK shows them: what its handlers are told.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient } from './web-sdk.ts'

const server = sharedApp()

async function stage(t: TestContext, ...names: string[]) {
  const app = await makeEasemobApp(server())
  await app.register(...names)
  const clients: SdkClient[] = []
  for (const name of names) {
    const client = new SdkClient(t, { http: server().http, org: app.org, app: app.app })
    await client.open(name)
    clients.push(client)
  }
  return { app, clients }
}

async function makeGroup(app: EasemobApp, owner: string, ...members: string[]): Promise<string> {
  const group = { groupname: 'g', desc: 'd', public: true, maxusers: 50, owner, members }
  return ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
}

/** The names of the operations that a client's handler was told, in order. */
const operations = (client: SdkClient, on = 'onGroupEvent') =>
  client.told(on).map(({ operation }) => operation)

test('who is put into a group, comes, goes or is sent away: everybody concerned is told', async t => {
  const { app, clients } = await stage(t, 'ann', 'bob', 'cat')
  const [ann, bob, cat] = clients as [SdkClient, SdkClient, SdkClient]
  const groupId = await makeGroup(app, 'ann', 'bob')
  const [added] = await bob.heard('onGroupEvent')
  assert.deepEqual([added.operation, added.id, added.name], ['directJoined', groupId, 'g'])
  ok(await app.call('POST', `/chatgroups/${groupId}/users/cat`))
  assert.equal((await cat.heard('onGroupEvent'))[0].operation, 'directJoined')
  const [, present] = await bob.heard('onGroupEvent', 2)
  assert.deepEqual([present.operation, present.from], ['memberPresence', 'cat'])
  ok(await app.call('DELETE', `/chatgroups/${groupId}/users/cat`))
  assert.equal((await cat.heard('onGroupEvent', 2))[1].operation, 'removeMember')
  const [, , absent] = await bob.heard('onGroupEvent', 3)
  assert.deepEqual([absent.operation, absent.from], ['memberAbsence', 'cat'])
  await ann.heard('onGroupEvent', 2)
  assert.deepEqual(operations(ann), ['memberPresence', 'memberAbsence'])
})

test('a group that changes, changes hands or ends says so to its members', async t => {
  const { app, clients } = await stage(t, 'ann', 'bob')
  const [, bob] = clients as [SdkClient, SdkClient]
  const groupId = await makeGroup(app, 'ann', 'bob')
  await bob.heard('onGroupEvent')
  ok(await app.call('PUT', `/chatgroups/${groupId}`, { groupname: 'new name' }))
  ok(await app.call('PUT', `/chatgroups/${groupId}`, { newowner: 'bob' }))
  ok(await app.call('DELETE', `/chatgroups/${groupId}`))
  await bob.heard('onGroupEvent', 4)
  assert.deepEqual(operations(bob), ['directJoined', 'updateInfo', 'changeOwner', 'destroy'])
})

test('what happened in groups while a user was away is told at login', async t => {
  const { app } = await stage(t, 'ann')
  await app.register('dan')
  const groupId = await makeGroup(app, 'ann', 'dan')
  const dan = new SdkClient(t, { http: server().http, org: app.org, app: app.app })
  await dan.open('dan')
  const [added] = await dan.heard('onGroupEvent')
  assert.deepEqual([added.operation, added.id], ['directJoined', groupId])
})

test('a room tells those who are in it who comes and goes, and when it ends', async t => {
  const { app, clients } = await stage(t, 'ann', 'bob')
  const [ann, bob] = clients as [SdkClient, SdkClient]
  const room = { name: 'r', description: 'd', maxusers: 100, owner: 'ann' }
  const roomId = ok(await app.call('POST', '/chatrooms', room)).json.data.id
  await bob.connection.joinChatRoom({ roomId })
  const [present] = await ann.heard('onChatroomEvent')
  assert.deepEqual([present.operation, present.from, present.id], ['memberPresence', 'bob', roomId])
  await bob.connection.leaveChatRoom({ roomId })
  assert.equal((await ann.heard('onChatroomEvent', 2))[1].operation, 'memberAbsence')
  await bob.connection.joinChatRoom({ roomId })
  ok(await app.call('DELETE', `/chatrooms/${roomId}`))
  assert.equal((await bob.heard('onChatroomEvent')).at(-1).operation, 'destroy')
})
