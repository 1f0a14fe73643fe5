// What contacts, blocks and mutes do to users' clients: who hears what, who may send what, and what goes with a user.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ok } from './easemob-caller.ts'
import { ImClient, ImRefusal } from './im-client.ts'
import { type MessagingApp, makeMessagingApp } from './messaging.ts'
import { callerOf } from './server-caller.ts'
import { ServerProcess } from './server-process.ts'
import { sharedApp, startApp, type TestApp } from './start-app.ts'
import { countRows } from './table-rows.ts'
import { until } from './until.ts'

const server = sharedApp()
const blocked = new ImRefusal(1, 'blocked')
const muted = new ImRefusal(7, 'user is mute')
const inGroup = { chatType: 'groupchat' } as const
const inRoom = { chatType: 'chatroom' } as const
const add = 2
const accept = 4
const remove = 3
const remoteAccept = 8

const appWith = (...names: string[]) => makeMessagingApp(server(), ...names)

async function login(t: TestContext, app: MessagingApp, username: string, resource?: string) {
  const token = await app.login(username)
  return ImClient.login(t, app, { username, token, ...(resource !== undefined && { resource }) })
}

const block = async (app: MessagingApp, owner: string, ...usernames: string[]) =>
  ok(await app.call('POST', `/users/${owner}/blocks/users`, { usernames }))
const lift = async (app: MessagingApp, owner: string, username: string) =>
  ok(await app.call('DELETE', `/users/${owner}/blocks/users/${username}`))
const mute = async (app: MessagingApp, username: string, seconds: object) =>
  ok(await app.call('POST', '/mutes', { username, ...seconds }))
const befriend = async (app: MessagingApp, one: string, other: string) =>
  ok(await app.call('POST', `/users/${one}/contacts/users/${other}`))
const invite = async (app: MessagingApp, one: string, ...usernames: string[]) =>
  ok(await app.call('POST', `/users/${one}/contacts/apply`, { usernames, reason: 'hi' }))

async function makeGroup(app: MessagingApp, owner: string, ...members: string[]): Promise<string> {
  const group = { groupname: 'g', public: true, owner, members }
  return ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
}

async function heardBy(client: ImClient): Promise<unknown[]> {
  await client.settle()
  return client.contacts.all.map(({ body, from }) => [body.operation, from, body.to[0]!.name, body.reason])
}

test('every device of both users hears of a contact that the app has made, and of its end', async t => {
  const app = await appWith('ann', 'bob')
  const phone = await login(t, app, 'ann', 'phone')
  const web = await login(t, app, 'ann', 'web')
  const bob = await login(t, app, 'bob')
  await befriend(app, 'ann', 'bob')
  await befriend(app, 'bob', 'ann')
  ok(await app.call('DELETE', '/users/ann/contacts/users/bob'))
  ok(await app.call('DELETE', '/users/ann/contacts/users/bob'))
  for (const client of [phone, web]) {
    await client.contacts.count(2)
    assert.deepEqual(await heardBy(client), [
      [accept, 'bob', 'ann', ''],
      [remove, 'bob', 'ann', ''],
    ])
  }
  assert.deepEqual(await heardBy(bob), [
    [accept, 'ann', 'bob', ''],
    [remove, 'ann', 'bob', ''],
  ])
})

test('an answer to an invitation is heard before the contact it makes', async t => {
  const app = await appWith('ann', 'bob', 'cat')
  await invite(app, 'ann', 'bob', 'cat', 'BOB')
  const cat = await login(t, app, 'cat')
  assert.deepEqual(await heardBy(cat), [[add, 'ann', 'cat', 'hi']])
  ok(await app.call('POST', '/users/bob/contacts/accept/users/ann'))
  const ann = await login(t, app, 'ann')
  assert.deepEqual(await heardBy(ann), [
    [remoteAccept, 'bob', 'ann', ''],
    [accept, 'bob', 'ann', ''],
  ])
})

test('a blocked user reaches the one who has blocked it in no way of its own', async t => {
  const app = await appWith('ann', 'bob')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  const group = await makeGroup(app, 'ann', 'bob')
  const { serverId } = await ann.text('bob', 'before')
  await block(app, 'bob', 'ann')
  await assert.rejects(ann.text('bob', 'x'), blocked)
  await assert.rejects(ann.text('BOB', 'x', { isOnlineOnly: true }), blocked)
  const contents = [{ type: 0, text: 'changed' }]
  await assert.rejects(ann.signal('bob', 'edit', serverId, { contents }), blocked)
  await assert.rejects(ann.signal('bob', 'readAck', serverId), blocked)
  await invite(app, 'ann', 'bob')
  // What is no message of one to the other passes.
  await ann.text(group, 'to all', inGroup)
  await ann.text('ann', 'to myself')
  await bob.text('ann', 'to you')
  await bob.settle()
  assert.deepEqual(
    bob.messages.all.map(({ text }) => text),
    ['before', 'to all'],
  )
  assert.deepEqual([bob.signals.all.length, bob.contacts.all.length], [0, 0])
  await lift(app, 'bob', 'ann')
  await ann.text('bob', 'after')
  await bob.messages.count(3)
})

test('a message that was refused under an id may be sent again under it', async t => {
  const app = await appWith('ann', 'bob')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  await block(app, 'bob', 'ann')
  await assert.rejects(ann.text('bob', 'x', { id: '9007199254740993' }), blocked)
  await lift(app, 'bob', 'ann')
  await ann.text('bob', 'x', { id: '9007199254740993' })
  await bob.messages.count(1)
})

test('the app itself sends for whom it likes: blocks, mutes and strangers are the business of clients', async t => {
  const app = await appWith('ann', 'bob')
  await app.change({ messages_need_contact: true })
  await block(app, 'bob', 'ann')
  await mute(app, 'ann', { chat: -1 })
  await app.send(['bob'], { from: 'ann' })
  const bob = await login(t, app, 'bob')
  await bob.messages.count(1)
})

test('a mute holds for its kind of chat: nothing with a content passes, receipts do', async t => {
  const app = await appWith('ann', 'bob')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  const group = await makeGroup(app, 'bob', 'ann')
  const room = ok(await app.call('POST', '/chatrooms', { name: 'r', owner: 'bob' })).json.data.id
  for (const client of [ann, bob]) await client.joinRoom(room)
  const mine = await ann.text('bob', 'before')
  const theirs = await bob.text('ann', 'before')
  const sends = {
    chat: () => ann.text('bob', 'x'),
    groupchat: () => ann.text(group, 'x', inGroup),
    chatroom: () => ann.text(room, 'x', inRoom),
  }
  const kinds = ['chat', 'groupchat', 'chatroom'] as const
  for (const kind of kinds) {
    await mute(app, 'ann', { chat: 0, groupchat: 0, chatroom: 0, [kind]: 100 })
    for (const other of kinds)
      if (other === kind) await assert.rejects(sends[other](), muted, kind)
      else await sends[other]()
  }
  await mute(app, 'ann', { chat: -1 })
  const contents = [{ type: 0, text: 'changed' }]
  await assert.rejects(ann.signal('bob', 'edit', mine.serverId, { contents }), muted)
  await ann.signal('bob', 'readAck', theirs.serverId)
  await bob.signals.count(1)
  // Nobody else is meant.
  await bob.text('ann', 'x')
})

test('a mute ends by itself', async t => {
  const app = await appWith('ann', 'bob')
  const ann = await login(t, app, 'ann')
  await mute(app, 'ann', { chat: 1 })
  await until(() => ann.text('bob', 'x').catch(() => undefined))
  assert.equal(ok(await app.call('GET', '/mutes/ann')).json.data.chat, 0)
  assert.deepEqual(ok(await app.call('GET', '/mutes')).json.data.data, [])
})

test('where messages need a contact, strangers are refused and groups are not', async t => {
  const app = await appWith('ann', 'bob')
  await app.change({ messages_need_contact: true })
  const ann = await login(t, app, 'ann')
  const stranger = new ImRefusal(1, 'nonroster')
  await assert.rejects(ann.text('bob', 'x'), stranger)
  await ann.text('ann', 'to myself')
  await ann.text(await makeGroup(app, 'bob', 'ann'), 'x', inGroup)
  await befriend(app, 'bob', 'ann')
  await ann.text('bob', 'x')
  ok(await app.call('DELETE', '/users/ann/contacts/users/bob'))
  await assert.rejects(ann.text('bob', 'x'), stranger)
  await assert.rejects(app.change({ messages_need_contact: 1 }), /messages_need_contact/)
})

/** Ann has something of everything with everybody. */
async function knowEverybody(app: MessagingApp): Promise<void> {
  await befriend(app, 'ann', 'bob')
  await befriend(app, 'cat', 'ann')
  await befriend(app, 'bob', 'cat')
  await invite(app, 'ann', 'dan')
  await invite(app, 'eve', 'ann')
  await block(app, 'ann', 'bob', 'cat')
  await block(app, 'bob', 'ann')
  await block(app, 'cat', 'ann', 'eve')
  await mute(app, 'ann', { chat: -1, groupchat: 100 })
  await mute(app, 'bob', { chat: -1 })
}

const tables = ['contacts', 'contact_invitations', 'user_blocks', 'user_mutes', 'deleted_users']

function rowsOf({ dataDir }: TestApp): number[] {
  const counts = countRows(dataDir)
  return tables.map(table => counts[table] ?? 0)
}

test('with a user go its contacts, invitations, blocks and mutes, in all lists; those of others stay', async t => {
  const own = await startApp(t)
  const app = await makeMessagingApp(own, 'ann', 'bob', 'cat', 'dan', 'eve')
  await knowEverybody(app)
  assert.deepEqual(rowsOf(own), [6, 2, 5, 3, 0])
  ok(await app.call('DELETE', '/users/ann'))
  const data = async (path: string) => ok(await app.call('GET', path)).json.data
  // At once, whether the rows are there or not.
  assert.deepEqual(await data('/users/bob/contacts/users'), ['cat'])
  assert.deepEqual(await data('/users/cat/blocks/users'), ['eve'])
  await app.register('ann')
  assert.deepEqual(await data('/users/ann/contacts/users'), [])
  assert.equal((await app.call('POST', '/users/ann/contacts/accept/users/eve')).status, 404)
  assert.equal((await data('/mutes/ann')).chat, 0)
  const ann = await login(t, app, 'ann')
  await ann.text('bob', 'we have not met')
  assert.deepEqual(await until(async () => rowsOf(own)[4] === 0 && rowsOf(own)), [2, 0, 1, 1, 0])
})

test('with an app go all of them', async t => {
  const own = await startApp(t)
  const app = await makeMessagingApp(own, 'ann', 'bob', 'cat', 'dan', 'eve')
  await knowEverybody(app)
  await own.admin('DELETE', `/apps/${app.org}/${app.app}`)
  await until(async () => Object.keys(countRows(own.dataDir)).length === 0)
})

test('of many users deleted at once no list keeps one', async t => {
  const own = await startApp(t)
  const app = await makeMessagingApp(own, 'ann', 'bob', 'cat', 'dan', 'eve')
  await knowEverybody(app)
  ok(await app.call('DELETE', '/users?limit=3'))
  const left = await until(async () => {
    const [contacts, invitations, blocks, mutes, deleted] = rowsOf(own)
    return deleted === 0 && [contacts, invitations, blocks, mutes]
  })
  assert.deepEqual(left, [0, 0, 0, 0])
})

test('kill -9: what was answered before it is there after it, and is heard once', async t => {
  const first = await ServerProcess.start(t)
  const before = callerOf(first.runtime).easemob
  for (const username of ['ann', 'bob', 'cat'])
    ok(await before('POST', '/users', { username, password: 'pw' }))
  ok(await before('POST', '/users/ann/contacts/apply', { usernames: ['bob'], reason: 'hi' }))
  ok(await before('POST', '/users/cat/contacts/users/bob'))
  ok(await before('POST', '/users/bob/blocks/users', { usernames: ['cat'] }))
  ok(await before('POST', '/mutes', { username: 'ann', chat: -1 }))
  first.kill('SIGKILL')
  await first.exited

  const { runtime } = await ServerProcess.start(t, { dataDir: first.dataDir })
  const app = { org: 'demo', app: 'chat', url: `${runtime.http}/demo/chat` }
  const open = (username: string) => ImClient.login(t, app, { username, password: 'pw' })
  const bob = await open('bob')
  const heard = [
    [add, 'ann', 'bob', 'hi'],
    [accept, 'cat', 'bob', ''],
  ]
  assert.deepEqual(await heardBy(bob), heard)
  await bob.cut()
  assert.deepEqual(await heardBy(await open('bob')), [])
  const { easemob } = callerOf(runtime)
  ok(await easemob('POST', '/users/bob/contacts/accept/users/ann'))
  assert.deepEqual(ok(await easemob('GET', '/users/bob/contacts/users')).json.data, ['ann', 'cat'])
  await assert.rejects((await open('cat')).text('bob', 'x'), blocked)
  await assert.rejects((await open('ann')).text('bob', 'x'), muted)
})
