// Contacts, blocks and mutes as users of the vendor's Web SDK meet them.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient } from './web-sdk.ts'

const server = sharedApp()

async function appWith(...names: string[]): Promise<EasemobApp> {
  const app = await makeEasemobApp(server())
  await app.register(...names)
  return app
}

async function loggedIn(t: TestContext, { org, app }: EasemobApp, name: string): Promise<SdkClient> {
  const client = new SdkClient(t, { http: server().http, org, app })
  await client.open(name)
  return client
}

test('whoever was away hears at login what has come, in order', async t => {
  const app = await appWith('alice', 'bob', 'carol')
  const alice = await loggedIn(t, app, 'alice')
  await alice.connection.addContact('bob', 'one')
  ok(await app.call('POST', '/users/bob/contacts/users/carol'))
  ok(await app.call('DELETE', '/users/carol/contacts/users/bob'))
  await alice.connection.addContact('bob', 'two')
  const bob = await loggedIn(t, app, 'bob')
  await bob.heard('onContactInvited', 2)
  const told = bob.events
    .filter(({ on }) => on.startsWith('onContact'))
    .map(({ on, value }) => [on, value.from])
  assert.deepEqual(told, [
    ['onContactInvited', 'alice'],
    ['onContactAdded', 'carol'],
    ['onContactDeleted', 'carol'],
    ['onContactInvited', 'alice'],
  ])
})

test('the SDK reads contacts and remarks in each of its ways', async t => {
  const app = await appWith('alice', 'bob', 'carol', 'dave')
  for (const friend of ['bob', 'carol', 'dave'])
    ok(await app.call('POST', `/users/alice/contacts/users/${friend}`))
  const { connection } = await loggedIn(t, app, 'alice')
  await connection.setContactRemark({ userId: 'bob', remark: 'Bobby' })
  const all = await connection.getAllContacts()
  assert.deepEqual(all.data, [
    { userId: 'dave', remark: null },
    { userId: 'carol', remark: null },
    { userId: 'bob', remark: 'Bobby' },
  ])
  const first = (await connection.getContactsWithCursor({ pageSize: 2 })).data!
  assert.deepEqual(
    first.contacts.map(({ userId }) => userId),
    ['dave', 'carol'],
  )
  const last = (await connection.getContactsWithCursor({ pageSize: 2, cursor: first.cursor! })).data!
  assert.deepEqual(last, { cursor: '', contacts: [{ userId: 'bob', remark: 'Bobby' }] })
})

test('a blocked user is refused with the error the SDK has for it, until the block is lifted', async t => {
  const app = await appWith('alice', 'bob', 'carol')
  const [alice, bob] = [await loggedIn(t, app, 'alice'), await loggedIn(t, app, 'bob')]
  const added = await bob.connection.addUsersToBlocklist({ name: ['alice', 'carol'] })
  assert.deepEqual((added as any).data, { userIds: ['alice', 'carol'] })
  assert.deepEqual((await bob.connection.getBlocklist()).data, ['carol', 'alice'])
  await assert.rejects(alice.text('bob', 'x'), { type: 603 })
  // One way only.
  await bob.text('alice', 'to you')
  assert.equal((await alice.heard('onTextMessage'))[0].msg, 'to you')
  await bob.connection.removeUserFromBlocklist({ name: 'alice' })
  await alice.text('bob', 'at last')
  assert.equal((await bob.heard('onTextMessage'))[0].msg, 'at last')
})

test('a muted user is refused with the error the SDK has for it, and a stranger where contacts are needed', async t => {
  const app = await appWith('alice', 'bob')
  const alice = await loggedIn(t, app, 'alice')
  ok(await app.call('POST', '/mutes', { username: 'alice', chat: 60 }))
  await assert.rejects(alice.text('bob', 'x'), { type: 219 })
  ok(await app.call('POST', '/mutes', { username: 'alice', chat: 0 }))
  await alice.text('bob', 'x')
  await app.change({ messages_need_contact: true })
  await assert.rejects(alice.text('bob', 'x'), { type: 221 })
  ok(await app.call('POST', '/users/bob/contacts/users/alice'))
  await alice.text('bob', 'x')
})

test('what cannot be is refused in the form the SDK reads', async t => {
  const app = await appWith('alice', 'bob')
  const { connection } = await loggedIn(t, app, 'alice')
  const reject = (call: Promise<unknown>) => assert.rejects(call, (error: any) => error.type !== undefined)
  await reject(connection.addContact('ghost', ''))
  await reject(connection.acceptContactInvite('bob'))
  await reject(connection.declineContactInvite('bob'))
  await reject(connection.setContactRemark({ userId: 'bob', remark: 'x' }))
  await reject(connection.addUsersToBlocklist({ name: 'ghost' }))
})
