// What the handlers of the vendor's Web SDK are told of contacts, groups and rooms, wherever it runs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appWith, type ChatClient, loggedIn, type World } from './chat-client.ts'
import { type EasemobApp, ok } from './easemob-caller.ts'

async function makeGroup(app: EasemobApp, owner: string, ...members: string[]): Promise<string> {
  const group = { groupname: 'g', desc: 'd', public: true, maxusers: 50, owner, members }
  return ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
}

/** The names of the operations that a client's handler was told, in order. */
const operations = (client: ChatClient, on = 'onGroupEvent') =>
  client.told(on).map(({ operation }) => operation)

const about = (events: any[]) => events.map(({ from, to, type, status }) => ({ from, to, type, status }))
const contactsOf = async ({ connection }: ChatClient) => (await connection.getContacts()).data

export function eventsConform(world: World): void {
  test('an invitation is heard, and accepting it is heard by both', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
    await alice.connection.addContact('bob', 'it is me, 爱丽丝')
    const invited = { from: 'alice', to: 'bob', type: 'subscribe', status: 'it is me, 爱丽丝' }
    assert.deepEqual(about(await bob.heard('onContactInvited')), [invited])
    await bob.connection.acceptContactInvite('alice')
    const agreed = { from: 'bob', to: 'alice', type: 'subscribed', status: '' }
    assert.deepEqual(about(await alice.heard('onContactAgreed')), [agreed])
    assert.deepEqual(about(await alice.heard('onContactAdded')), [agreed])
    const added = { from: 'alice', to: 'bob', type: 'subscribed', status: '' }
    assert.deepEqual(about(await bob.heard('onContactAdded')), [added])
    assert.deepEqual([await contactsOf(alice), await contactsOf(bob)], [['bob'], ['alice']])
    assert.deepEqual(bob.told('onContactAgreed'), [])

    await bob.connection.deleteContact('alice')
    const removed = { from: 'bob', to: 'alice', type: 'unsubscribed', status: '' }
    assert.deepEqual(about(await alice.heard('onContactDeleted')), [removed])
    assert.deepEqual([await contactsOf(alice), await contactsOf(bob)], [[], []])
  })

  test('declining is heard by the one who has asked', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
    await alice.connection.addContact('bob', '')
    await bob.heard('onContactInvited')
    await bob.connection.declineContactInvite('alice')
    const declined = { from: 'bob', to: 'alice', type: 'unsubscribed', status: '' }
    assert.deepEqual(about(await alice.heard('onContactRefuse')), [declined])
    assert.deepEqual(await contactsOf(alice), [])
  })

  test('who is put into a group, comes, goes or is sent away: everybody concerned is told', async t => {
    const app = await appWith(world, 'ann', 'bob', 'cat')
    const [ann, bob, cat] = await loggedIn(t, world, app, 'ann', 'bob', 'cat')
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
    const app = await appWith(world, 'ann', 'bob')
    const [, bob] = await loggedIn(t, world, app, 'ann', 'bob')
    const groupId = await makeGroup(app, 'ann', 'bob')
    await bob.heard('onGroupEvent')
    ok(await app.call('PUT', `/chatgroups/${groupId}`, { groupname: 'new name' }))
    ok(await app.call('PUT', `/chatgroups/${groupId}`, { newowner: 'bob' }))
    ok(await app.call('DELETE', `/chatgroups/${groupId}`))
    await bob.heard('onGroupEvent', 4)
    assert.deepEqual(operations(bob), ['directJoined', 'updateInfo', 'changeOwner', 'destroy'])
  })

  test('what happened in groups while a user was away is told at login', async t => {
    const app = await appWith(world, 'ann', 'dan')
    await loggedIn(t, world, app, 'ann')
    const groupId = await makeGroup(app, 'ann', 'dan')
    const [dan] = await loggedIn(t, world, app, 'dan')
    const [added] = await dan.heard('onGroupEvent')
    assert.deepEqual([added.operation, added.id], ['directJoined', groupId])
  })

  test('a room tells those who are in it who comes and goes, and when it ends', async t => {
    const app = await appWith(world, 'ann', 'bob')
    const [ann, bob] = await loggedIn(t, world, app, 'ann', 'bob')
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
}
