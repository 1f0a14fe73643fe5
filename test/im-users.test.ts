// What the app's own server sees of the sessions of its users and can do to them, and what becomes of users, rooms and
// apps that are gone while clients are connected.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ok } from './easemob-caller.ts'
import { ImClient, ImRefusal } from './im-client.ts'
import { type MessagingApp, makeMessagingApp } from './messaging.ts'
import { ServerProcess } from './server-process.ts'
import { sharedApp } from './start-app.ts'
import { until } from './until.ts'

const server = sharedApp()

async function login(
  t: Pick<TestContext, 'after'>,
  app: MessagingApp,
  username: string,
  resource: string,
): Promise<ImClient> {
  return ImClient.login(t, app, { username, token: await app.login(username), resource })
}

async function statusOf(app: MessagingApp, user: string): Promise<string> {
  return ok(await app.call('GET', `/users/${user}/status`)).json.data[user]
}

async function resourcesOf(app: MessagingApp, user: string): Promise<string[]> {
  const { data } = ok(await app.call('GET', `/users/${user}/resources`)).json
  return data.map(({ res }: { res: string }) => res).toSorted()
}

test('a user is online as long as one of its devices is', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  assert.equal(await statusOf(app, 'ann'), 'offline')
  const phone = await login(t, app, 'ann', 'phone')
  const web = await login(t, app, 'ann', 'web')
  assert.equal(await statusOf(app, 'ann'), 'online')
  assert.deepEqual(await resourcesOf(app, 'ann'), ['phone', 'web'])
  const { data } = ok(await app.call('POST', '/users/batch/status', { usernames: ['bob', 'ann'] })).json
  assert.deepEqual(data, [{ bob: 'offline' }, { ann: 'online' }])
  await phone.logout()
  await until(async () => (await resourcesOf(app, 'ann')).length === 1)
  assert.equal(await statusOf(app, 'ann'), 'online')
  await web.cut()
  await until(async () => (await statusOf(app, 'ann')) === 'offline')
})

test('a device that shows itself has its name and uuid in the list', async t => {
  const app = await makeMessagingApp(server(), 'ann')
  await login(t, app, 'ann', 'phone')
  assert.deepEqual(ok(await app.call('GET', '/users/ann/resources')).json.data, [
    { res: 'phone', device_uuid: 'uuid_phone', device_name: 'webim' },
  ])
})

test('the app’s server ends the sessions of a user, all or one, and the client knows that it was meant', async t => {
  const app = await makeMessagingApp(server(), 'ann')
  const [phone, web, pad] = [
    await login(t, app, 'ann', 'phone'),
    await login(t, app, 'ann', 'web'),
    await login(t, app, 'ann', 'pad'),
  ]
  assert.deepEqual(ok(await app.call('GET', '/users/ann/disconnect/web')).json.data, { result: true })
  assert.equal((await web.endings.next()).operation, 4)
  await web.closed
  assert.deepEqual(await resourcesOf(app, 'ann'), ['pad', 'phone'])
  ok(await app.call('GET', '/users/ann/disconnect'))
  for (const client of [phone, pad]) {
    assert.equal((await client.endings.next()).operation, 4)
    await client.closed
  }
  assert.deepEqual(await resourcesOf(app, 'ann'), [])
  const again = await login(t, app, 'ann', 'phone')
  await again.settle()
})

test('a user that is barred, gets a new password or is deleted loses its sessions, each for its reason', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  const [ann, bob, cat] = [
    await login(t, app, 'ann', 'web'),
    await login(t, app, 'bob', 'web'),
    await login(t, app, 'cat', 'web'),
  ]
  ok(await app.call('POST', '/users/ann/deactivate'))
  ok(await app.call('PUT', '/users/bob/password', { newpassword: 'new' }))
  ok(await app.call('DELETE', '/users/cat'))
  const operations = [ann, bob, cat].map(async client => (await client.endings.next()).operation)
  assert.deepEqual(await Promise.all(operations), [4, 3, 1])
  for (const client of [ann, bob, cat]) await client.closed
})

test('who comes after a deleted user under its name finds nothing of it', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const ann = await login(t, app, 'ann', 'web')
  await ann.text('bob', 'for the first bob')
  ok(await app.call('DELETE', '/users/bob'))
  await app.register('bob')
  assert.deepEqual(await app.waiting('bob'), [0])
  const bob = await login(t, app, 'bob', 'web')
  await bob.settle()
  await ann.text('bob', 'for the second')
  assert.deepEqual(await bob.nextTexts(1), ['for the second'])
})

test('a message to oneself goes to one’s other devices', async t => {
  const app = await makeMessagingApp(server(), 'ann')
  const phone = await login(t, app, 'ann', 'phone')
  const web = await login(t, app, 'ann', 'web')
  await phone.text('ann', 'note')
  assert.deepEqual(await web.nextTexts(1), ['note'])
  await phone.settle()
  assert.deepEqual(phone.messages.all, [])
  assert.deepEqual(await app.waiting('ann'), [0])
  await app.send(['ann'], { from: 'ann' })
  for (const client of [phone, web]) assert.deepEqual(await client.nextTexts(1), ['hello'])
})

test('a sender who names itself among the receivers gets no message twice', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const group = { groupname: 'g', desc: 'd', public: true, maxusers: 50, owner: 'ann', members: ['bob'] }
  const { groupid } = ok(await app.call('POST', '/chatgroups', group)).json.data
  const phone = await login(t, app, 'ann', 'phone')
  const web = await login(t, app, 'ann', 'web')
  const bob = await login(t, app, 'bob', 'web')
  await phone.text(groupid, 'some', { chatType: 'groupchat', only: ['ann', 'bob', 'nobody'] })
  for (const client of [web, bob]) {
    assert.deepEqual(await client.nextTexts(1), ['some'])
    await client.settle()
    assert.equal(client.messages.all.length, 1)
  }
  await phone.settle()
  assert.deepEqual(phone.messages.all, [])
})

test('who is taken out of a group still gets what was said before, and nothing of what comes after', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const group = { groupname: 'g', desc: 'd', public: true, maxusers: 50, owner: 'ann', members: ['bob'] }
  const { groupid } = ok(await app.call('POST', '/chatgroups', group)).json.data
  const ann = await login(t, app, 'ann', 'web')
  await ann.text(groupid, 'before', { chatType: 'groupchat' })
  ok(await app.call('DELETE', `/chatgroups/${groupid}/users/bob`))
  await ann.text(groupid, 'after', { chatType: 'groupchat' })
  const bob = await login(t, app, 'bob', 'web')
  await bob.settle()
  assert.deepEqual(
    bob.messages.all.map(({ text }) => text),
    ['before'],
  )
  await assert.rejects(
    bob.text(groupid, 'me too', { chatType: 'groupchat' }),
    new ImRefusal(1, 'not in group or chatroom'),
  )
})

test('a room that is destroyed is heard no longer, and cannot be spoken in', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const room = { name: 'r', description: 'd', maxusers: 50, owner: 'ann' }
  const { id } = ok(await app.call('POST', '/chatrooms', room)).json.data
  const [ann, bob] = [await login(t, app, 'ann', 'web'), await login(t, app, 'bob', 'web')]
  for (const client of [ann, bob]) await client.joinRoom(id)
  await ann.text(id, 'one', { chatType: 'chatroom' })
  assert.deepEqual(await bob.nextTexts(1), ['one'])
  ok(await app.call('DELETE', `/chatrooms/${id}`))
  await assert.rejects(bob.text(id, 'two', { chatType: 'chatroom' }), new ImRefusal(1, 'group not found'))
  await assert.rejects(bob.joinRoom(id), new ImRefusal(1, `grpID ${id} does not exist!`))
})

test('the rooms of a deleted user are heard no longer', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const made = await app.call('POST', '/chatrooms', {
    name: 'r',
    description: 'd',
    maxusers: 50,
    owner: 'ann',
  })
  const { id } = ok(made).json.data
  const bob = await login(t, app, 'bob', 'web')
  await bob.joinRoom(id)
  ok(await app.call('DELETE', '/users/ann'))
  await assert.rejects(bob.text(id, 'one', { chatType: 'chatroom' }), new ImRefusal(1, 'group not found'))
  // A group of the same id is none of its business.
  await app.register('ann')
  const group = { groupname: 'g', desc: 'd', public: true, owner: 'ann', members: ['bob'], groupid: id }
  assert.equal(ok(await app.call('POST', '/chatgroups', group)).json.data.groupid, id)
  const ann = await login(t, app, 'ann', 'web')
  await ann.text(id, 'two', { chatType: 'groupchat' })
  assert.deepEqual(await bob.nextTexts(1), ['two'])
})

test('when an app is deleted, its users’ clients are sent away', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const [ann, bob] = [await login(t, app, 'ann', 'web'), await login(t, app, 'bob', 'web')]
  await server().admin('DELETE', `/apps/${app.org}/${app.app}`)
  for (const client of [ann, bob]) {
    assert.equal((await client.endings.next()).operation, 1)
    await client.closed
  }
})

test('a new device gets what none of the user’s others has', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const bob = await login(t, app, 'bob', 'web')
  for (const resource of ['phone', 'web']) {
    const client = await login(t, app, 'ann', resource)
    await client.settle()
    await client.logout()
    await until(async () => (await statusOf(app, 'ann')) === 'offline')
  }
  await bob.text('ann', 'one')
  const phone = await login(t, app, 'ann', 'phone')
  await phone.settle()
  await phone.logout()
  await until(async () => (await statusOf(app, 'ann')) === 'offline')
  await bob.text('ann', 'two')
  assert.deepEqual(await app.waiting('ann'), [1])
  for (const [resource, texts] of [
    ['pad', ['two']],
    ['web', ['one', 'two']],
    ['phone', ['two']],
  ] as const) {
    const client = await login(t, app, 'ann', resource)
    await client.settle()
    assert.deepEqual(
      client.messages.all.map(({ text }) => text),
      texts,
      resource,
    )
  }
})

test('the device that nobody has used for longest is forgotten for a new one', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const bob = await login(t, app, 'bob', 'web')
  const first = await login(t, app, 'ann', 'first')
  const old = await bob.text('ann', 'old')
  await first.nextMessage()
  await first.settle()
  await first.logout()
  await until(async () => (await statusOf(app, 'ann')) === 'offline')
  for (let count = 0; count < 25; count++) {
    const next = await login(t, app, 'ann', `browser-${count}`)
    await next.settle()
    await next.logout()
    await until(async () => (await statusOf(app, 'ann')) === 'offline')
  }
  const { serverId } = await bob.text('ann', 'new')
  const again = await login(t, app, 'ann', 'first')
  await again.settle()
  // What it had once it does not get again, though it is a new device by now.
  assert.deepEqual(
    again.messages.all.map(({ id }) => id),
    [serverId],
  )
  assert.notEqual(old.serverId, serverId)
})

test('a message sent again after kill -9 of the server is the same message', async t => {
  const first = await ServerProcess.start(t)
  const base = { org: 'demo', app: 'chat' }
  const { http, apps } = first.runtime
  const register = async (username: string) => {
    const body = JSON.stringify({ username, password: 'pw' })
    const headers = { 'Content-Type': 'application/json' }
    assert.equal((await fetch(`${http}/demo/chat/users`, { method: 'POST', body, headers })).status, 200)
  }
  for (const name of ['ann', 'bob']) await register(name)
  assert.equal(apps[0]!.org, 'demo')
  const session = (url: string, username: string) =>
    ImClient.login(t, { ...base, url }, { username, password: 'pw', resource: 'web' })
  const ann = await session(http, 'ann')
  const { serverId } = await ann.text('bob', 'once', { id: '77' })
  first.kill('SIGKILL')
  await first.exited
  const second = await ServerProcess.start(t, { dataDir: first.dataDir })
  const again = await session(second.runtime.http, 'ann')
  assert.equal((await again.text('bob', 'once', { id: '77' })).serverId, serverId)
  const bob = await session(second.runtime.http, 'bob')
  await bob.settle()
  assert.deepEqual(
    bob.messages.all.map(({ id, text }) => [id, text]),
    [[serverId, 'once']],
  )
})
