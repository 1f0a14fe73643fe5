// The list of a user's conversations over plain HTTP: who may read and change it, what is refused, what takes rows away.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { easemobLimits } from '../src/contract/limits.ts'
import { ok } from './easemob-caller.ts'
import { type MessagingApp, makeMessagingApp } from './messaging.ts'
import { sharedApp } from './start-app.ts'
import { countRows, readRows } from './table-rows.ts'
import { until } from './until.ts'

const server = sharedApp()

async function listed(app: MessagingApp, user: string, query = '', call = app.call): Promise<any[]> {
  return ok(await call('GET', `/sdk/user/${user}/user_channels/list?${query}`)).json.data.channel_infos
}

const namesOf = (infos: any[]) => infos.map(({ session_to }) => session_to)

async function makeGroup(app: MessagingApp, owner: string, ...members: string[]): Promise<string> {
  const group = { groupname: 'g', desc: 'd', public: true, owner, members }
  return ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
}

const sendToGroup = (app: MessagingApp, from: string, group: string) =>
  app.call('POST', '/messages/chatgroups', { from, to: [group], type: 'txt', body: { msg: 'all' } })

test('a user reads and changes its own list, the app’s server everybody’s, others nobody’s', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  await app.send(['bob'], { from: 'ann' })
  const ann = app.as(await app.login('ann'))
  assert.deepEqual(namesOf(await listed(app, 'ann', '', ann)), ['bob'])
  assert.deepEqual(namesOf(await listed(app, 'BOB')), ['ann'])
  const top = { to: 'ann', type: 'chat' }
  const calls: [method: string, path: string, body?: object][] = [
    ['GET', '/sdk/user/bob/user_channels/list'],
    ['GET', '/sdk/user/bob/user_channels/mark/search?mark=mark_0'],
    ['GET', '/users/bob/user_channels'],
    ['GET', '/users/bob/user_channels/page'],
    ['POST', '/sdk/user/bob/user_channel/top', top],
    ['DELETE', '/sdk/user/bob/user_channel/top?to=ann&type=chat'],
    ['POST', '/sdk/user/bob/user_channels/mark', { mark: 'mark_0', targets: [top] }],
    ['DELETE', '/sdk/user/bob/user_channels/mark', { mark: 'mark_0', targets: [top] }],
    ['DELETE', '/users/bob/user_channel', { channel: 'ann', type: 'chat' }],
    ['POST', '/sdk/message/roaming/user/bob/delete/all'],
  ]
  for (const [method, path, body] of calls) {
    assert.equal((await ann(method, path, body)).status, 401, `${method} ${path}`)
    assert.equal((await app.call(method, path, body)).status, 200, `${method} ${path}`)
    assert.equal((await app.call(method, path.replace('/bob/', '/nobody/'), body)).status, 404, path)
  }
})

test('what is no conversation, no mark and no list of them is refused', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const many = Array.from({ length: 21 }, () => ({ to: 'bob', type: 'chat' }))
  const calls: [method: string, path: string, body?: object][] = [
    ['POST', '/sdk/user/ann/user_channel/top', { to: 'bob', type: 'chatroom' }],
    ['POST', '/sdk/user/ann/user_channel/top', { to: 7, type: 'chat' }],
    ['DELETE', '/sdk/user/ann/user_channel/top?to=bob'],
    ['DELETE', '/sdk/user/ann/user_channel/top?type=chat'],
    ['GET', '/sdk/user/ann/user_channels/mark/search?mark=mark_20'],
    ['GET', '/sdk/user/ann/user_channels/mark/search'],
    ['POST', '/sdk/user/ann/user_channels/mark', { mark: 'mark_1', targets: [] }],
    ['POST', '/sdk/user/ann/user_channels/mark', { mark: 'mark_1', targets: many }],
    ['POST', '/sdk/user/ann/user_channels/mark', { mark: 'star', targets: many.slice(1) }],
  ]
  for (const [method, path, body] of calls)
    assert.equal((await app.call(method, path, body)).status, 400, `${method} ${path}`)
  const group = await makeGroup(app, 'bob')
  const foreign = await app.call('POST', '/sdk/user/ann/user_channel/top', { to: group, type: 'groupchat' })
  assert.equal(foreign.status, 403)
  assert.deepEqual(await listed(app, 'ann', 'needEmptySession=true'), [])
})

test('a page that no cursor names begins at the start, and no page is too large', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  await app.send(['bob'], { from: 'ann' })
  await app.send(['cat'], { from: 'ann' })
  for (const query of ['cursor=rubbish', 'cursor=&limit=1000000', 'limit=-1'])
    assert.deepEqual(namesOf(await listed(app, 'ann', query)), ['cat', 'bob'])
})

test('what was recalled and what was removed is no newest message; a number keeps its digits', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const digits = '9007199254740993123'
  const ids = [await app.send(['bob'], { from: 'ann', ext: { order: 1 } })]
  ids.push(await app.send(['bob'], { from: 'ann' }), await app.send(['bob'], { from: 'ann' }))
  const [, removed, recalled] = ids.map(({ bob }) => bob!)
  const recall = { msg_id: recalled, to: 'bob', chat_type: 'chat' }
  ok(await app.call('POST', '/messages/msg_recall', recall))
  ok(await app.call('DELETE', `/sdk/message/roaming/chat/user/bob?userId=ann&msgIdList=${removed}`))
  const [ofBob] = await listed(app, 'bob')
  assert.deepEqual([ofBob.meta.id, ofBob.unread_num], [ids[0]!.bob, 1])
  assert.deepEqual(JSON.parse(ofBob.meta.payload).ext, { order: 1 })
  assert.equal((await listed(app, 'ann'))[0].meta.id, removed)
  const imported = `{"from":"ann","target":"bob","type":"txt","body":{"msg":"x"},"ext":{"id":${digits}}}`
  const answer = await fetch(`${app.url}/messages/users`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${app.token}`, 'Content-Type': 'application/json' },
    body: imported.replace('"target":"bob"', '"to":["bob"]'),
  })
  assert.equal(answer.status, 200)
  assert.match((await listed(app, 'bob'))[0].meta.payload, new RegExp(`"id":${digits}`))
})

test('with roaming switched off the list shows no message', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  await app.send(['bob'], { from: 'ann' })
  assert.notDeepEqual((await listed(app, 'bob'))[0].meta, {})
  await app.change({ message_roaming: false })
  const [{ session_to, unread_num, meta }] = await listed(app, 'bob')
  assert.deepEqual({ session_to, unread_num, meta }, { session_to: 'ann', unread_num: 1, meta: {} })
})

test('imported messages make conversations, with the unread that they hold', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const message = { from: 'ann', target: 'bob', type: 'txt', body: { msg: 'old' } }
  for (const ago of [60_000, 30_000])
    ok(await app.call('POST', '/messages/users/import', { ...message, msg_timestamp: Date.now() - ago }))
  const [ofBob] = await listed(app, 'bob')
  assert.deepEqual([ofBob.session_to, ofBob.unread_num], ['ann', 2])
  assert.deepEqual(namesOf(await listed(app, 'ann')), ['bob'])
})

test('whoever has left a group has its conversation no longer, and a newcomer has missed nothing', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  const group = await makeGroup(app, 'ann', 'bob')
  const top = { to: group, type: 'groupchat' }
  ok(await sendToGroup(app, 'ann', group))
  ok(await app.call('POST', '/sdk/user/bob/user_channel/top', top))
  ok(await app.call('DELETE', `/chatgroups/${group}/users/bob`))
  assert.deepEqual(await listed(app, 'bob', 'needEmptySession=true'), [])
  for (const user of ['bob', 'cat']) ok(await app.call('POST', `/chatgroups/${group}/users/${user}`))
  for (const user of ['bob', 'cat']) {
    const [{ is_top, unread_num }] = await listed(app, user)
    assert.deepEqual([user, is_top, unread_num], [user, false, 0])
  }
  ok(await sendToGroup(app, 'ann', group))
  assert.equal((await listed(app, 'cat'))[0].unread_num, 1)
})

test('of too many conversations those silent longest leave the list, and come back with their next message', async () => {
  const app = await makeMessagingApp(server(), 'ann')
  const { conversationsMax, conversationsKept } = easemobLimits
  const write = (index: number) => app.send(['ann'], { from: `of-${app.app}-${index}` })
  const like = `SELECT conversation FROM conversations WHERE conversation LIKE 'u:ann of-${app.app}-%'`
  const rows = () => readRows(server().dataDir, like).length
  await write(0)
  // More at once would be too many for the core.
  for (let index = 1; index < conversationsMax; index += 111)
    await Promise.all(Array.from({ length: 111 }, (_, nth) => write(index + nth)))
  assert.equal(rows(), conversationsMax)
  await write(conversationsMax)
  assert.equal(rows(), conversationsKept)
  await write(0)
  assert.equal(rows(), conversationsKept + 1)
  assert.deepEqual(namesOf(await listed(app, 'ann', 'limit=1')), [`of-${app.app}-0`])
})

test('with users and groups go their rows', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const before = countRows(server().dataDir).conversations ?? 0
  const group = await makeGroup(app, 'ann', 'bob')
  await app.send(['bob'], { from: 'ann' })
  for (const user of ['ann', 'bob'])
    ok(await app.call('POST', `/sdk/user/${user}/user_channel/top`, { to: group, type: 'groupchat' }))
  const rows = () => (countRows(server().dataDir).conversations ?? 0) - before
  assert.equal(rows(), 4)
  ok(await app.call('DELETE', `/chatgroups/${group}`))
  assert.deepEqual(namesOf(await listed(app, 'ann', 'needEmptySession=true')), ['bob'])
  ok(await app.call('DELETE', '/users/bob'))
  ok(await app.call('DELETE', '/users/ann'))
  await until(async () => rows() === 0)
})
