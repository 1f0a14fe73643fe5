// Recalls, rewrites and removals as the app's server makes them, and what is left of them.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ok } from './easemob-caller.ts'
import { send } from './http-client.ts'
import { ImClient } from './im-client.ts'
import { type MessagingApp, makeMessagingApp, text } from './messaging.ts'
import { sharedApp, startApp } from './start-app.ts'
import { countRows, readRows } from './table-rows.ts'
import { until } from './until.ts'

const server = sharedApp()
const inGroup = { chatType: 'groupchat' } as const
const inRoom = { chatType: 'chatroom' } as const

async function login(t: TestContext, app: MessagingApp, username: string, more: object = {}) {
  return ImClient.login(t, app, { username, token: await app.login(username), ...more })
}

async function makeGroup({ call }: MessagingApp, owner: string, ...members: string[]): Promise<string> {
  const group = { groupname: 'g', desc: 'd', public: true, maxusers: 50, owner, members }
  return ok(await call('POST', '/chatgroups', group)).json.data.groupid
}

async function importText({ call }: MessagingApp, ageMs: number): Promise<string> {
  const message = { from: 'ann', target: 'bob', ...text, msg_timestamp: Date.now() - ageMs }
  return ok(await call('POST', '/messages/users/import', message)).json.data.msg_id
}

const toBob = { to: 'bob', chat_type: 'chat' }

test('the older form says of each message what became of it', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const { bob } = await app.send(['bob'], { from: 'ann' })
  const late = await importText(app, 121_000)
  const msgs = [bob!, bob!, late].map(msg_id => ({ ...toBob, msg_id, from: 'ann' }))
  const { data } = ok(await app.call('POST', '/messages/recall', { msgs })).json
  assert.deepEqual(data, {
    msgs: [
      { recalled: 'yes', chattype: 'chat', from: 'ann', to: 'bob', msg_id: bob },
      { msg_id: bob, recalled: 'not_found msg' },
      { msg_id: late, recalled: 'exceed recall time limit' },
    ],
  })
  assert.deepEqual(
    (await app.history()).map(({ msg_id }) => msg_id),
    [late],
  )
})

test('in the seed edition a refused recall is told in an answer of 200', async () => {
  const app = await makeMessagingApp(server(), 'bob')
  const answer = ok(await app.call('POST', '/messages/msg_recall', { ...toBob, msg_id: '12345' }))
  const { data, msgs } = answer.json
  assert.deepEqual(data, { msgs: [{ msg_id: '12345', recalled: 'not_found msg' }] })
  // Where the older service has it, whose answer is nothing else.
  assert.deepEqual(msgs, data.msgs)
})

test('force recalls what is older than two minutes', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const msg_id = await importText(app, 3_600_000)
  const body = { ...toBob, msg_id: Number(msg_id), force: true }
  assert.equal(ok(await app.call('POST', '/messages/msg_recall', body)).json.data.recalled, 'yes')
  assert.deepEqual(await app.history(), [])
})

test('a recalled message waits for nobody any more', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const { bob } = await app.send(['bob'])
  await app.send(['bob'])
  assert.deepEqual(await app.waiting('bob'), [2])
  ok(await app.call('POST', '/messages/msg_recall', { ...toBob, msg_id: bob }))
  assert.deepEqual(await app.waiting('bob'), [1])
  assert.equal(await app.statusOf('bob', bob!), 'delivered')
})

test('a recall under a key that is repeated is answered as the first', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const { bob } = await app.send(['bob'])
  const recall = () =>
    app.call('POST', '/messages/msg_recall', { ...toBob, msg_id: bob }, { 'Idempotency-Key': 'once' })
  const first = ok(await recall())
  assert.equal(ok(await recall()).text, first.text)
})

test('a recall in a group and in a room reaches the members, whoever asks for it', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const group = await makeGroup(app, 'ann', 'bob')
  const room = { name: 'r', description: 'd', maxusers: 50, owner: 'ann', members: ['bob'] }
  const roomId = ok(await app.call('POST', '/chatrooms', room)).json.data.id
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  for (const [to, options] of [
    [group, inGroup],
    [roomId, inRoom],
  ] as const) {
    const { serverId } = await ann.text(to, 'x', options)
    const body = { msg_id: serverId, to, chat_type: options.chatType }
    ok(await app.call('POST', '/messages/msg_recall', body))
    for (const client of [ann, bob]) {
      const signal = await client.signals.next()
      assert.deepEqual([signal.from, String(signal.body.ackMessageId)], ['admin', serverId])
    }
  }
})

test('a recall that its client repeats is told once', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  const { serverId } = await ann.text('bob', 'x')
  const id = '987654321'
  const first = await ann.signal('bob', 'recall', serverId, { id })
  assert.deepEqual(await ann.signal('bob', 'recall', serverId, { id }), first)
  await bob.settle()
  assert.equal(bob.signals.all.length, 1)
})

test('whoever has not had an edited text gets it as it is now, with who has changed it', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const ann = await login(t, app, 'ann')
  const { serverId } = await ann.text('bob', 'old', { ext: { big: 1, deep: { er: [1] } } })
  await ann.signal('bob', 'edit', serverId, { contents: [{ type: 0, text: 'new' }] })
  const bob = await login(t, app, 'bob')
  const message = await bob.nextMessage()
  assert.deepEqual([message.id, message.text, message.ext], [serverId, 'new', { big: 1, deep: { er: [1] } }])
  assert.equal(JSON.parse(message.body.meta).edit_msg.count, 1)
  const [record] = await app.history()
  assert.deepEqual(record.payload.bodies, [{ type: 'txt', msg: 'new' }])
})

test('an edit that its client repeats is made once, and acknowledged as the first', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const ann = await login(t, app, 'ann')
  const { serverId } = await ann.text('bob', 'old')
  const options = { id: '123454321', contents: [{ type: 0, text: 'new' }] }
  const facts = async () => {
    const { metas } = await ann.signal('bob', 'edit', serverId, options)
    return JSON.parse(Buffer.from(metas[0]!.payload).toString()).edit_msg
  }
  const first = await facts()
  assert.deepEqual([first.count, first.operator], [1, 'ann'])
  assert.deepEqual(await facts(), first)
})

test('an ext that comes with a rewrite takes the place of the old one, any other stays', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const { bob } = await app.send(['bob'], { from: 'ann', ext: { k: 'v' } })
  const rewrite = async (more: object) => {
    const body = { user: 'ann', new_msg: { type: 'txt', msg: 'new' }, ...more }
    ok(await app.call('PUT', `/messages/rewrite/${bob}`, body))
    return (await app.history())[0].payload.ext
  }
  assert.deepEqual(await rewrite({}), { k: 'v' })
  assert.deepEqual(await rewrite({ new_ext: { other: 1 } }), { other: 1 })
})

test('a number of 64 bits keeps every digit when the text beside it is changed', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const headers = { Authorization: `Bearer ${app.token}` }
  const body = '{"from":"ann","to":["bob"],"type":"txt","body":{"msg":"x"},"ext":{"id":9007199254740993123}}'
  const { bob } = ok(await send(`${app.url}/messages/users`, { headers, body })).json.data
  const rewritten = { user: 'ann', new_msg: { type: 'txt', msg: 'new' } }
  ok(await app.call('PUT', `/messages/rewrite/${bob}`, rewritten))
  const kept = ok(await app.call('GET', '/chatmessages'))
  assert.match(kept.text, /"msg":"new"\}\],"ext":\{"id":9007199254740993123\}/)
})

test('a conversation that the app’s server removes for a user is there for the other', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  await app.send(['bob'], { from: 'ann' })
  const remove = async (delete_roam: boolean) => {
    const body = { channel: 'ann', type: 'chat', delete_roam }
    return ok(await app.call('DELETE', '/users/bob/user_channel', body)).json.data
  }
  const sees = async (user: string, peer: string) => {
    const page = await app.call('POST', `/users/${user}/messageroaming`, { queue: `${peer}@easemob.com` })
    return ok(page).json.data.msgs.length
  }
  assert.deepEqual(await remove(false), { result: 'ok' })
  assert.equal(await sees('bob', 'ann'), 1)
  assert.deepEqual(await remove(true), { result: 'ok' })
  assert.deepEqual([await sees('bob', 'ann'), await sees('ann', 'bob')], [0, 1])
})

test('a user removes from a conversation only what is in it', async t => {
  const own = await startApp(t)
  const app = await makeMessagingApp(own, 'ann', 'bob', 'cat')
  const { bob: id } = await app.send(['bob'], { from: 'ann' })
  const path = '/sdk/message/roaming/chat/user/ann'
  ok(await app.call('DELETE', `${path}?userId=cat&msgIdList=${id},${Number(id) + 1}`))
  const page = await app.call('POST', '/users/ann/messageroaming', { queue: 'bob@easemob.com' })
  assert.equal(ok(page).json.data.msgs.length, 1)
  assert.equal(countRows(own.dataDir).history_hidden, undefined)
})

test('what was recalled leaves no row in any queue', async t => {
  const own = await startApp(t)
  const app = await makeMessagingApp(own, 'ann', 'bob', 'cat')
  const group = await makeGroup(app, 'ann', 'bob', 'cat')
  const { bob: id } = await app.send(['bob'], { from: 'ann' })
  const sent = await app.call('POST', '/messages/chatgroups', { from: 'ann', to: [group], ...text })
  const { [group]: groupId } = ok(sent).json.data
  const queued = () => readRows(own.dataDir, `SELECT uid FROM inbox WHERE entry_id IN (${id}, ${groupId})`)
  assert.equal(queued().length, 3)
  ok(await app.call('POST', '/messages/msg_recall', { msg_id: id, ...toBob }))
  ok(await app.call('POST', '/messages/msg_recall', { msg_id: groupId, to: group, chat_type: 'groupchat' }))
  assert.deepEqual(queued(), [])
})

test('a user reads its own conversations only', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  const cat = app.as(await app.login('cat'))
  const wish = { queue: 'bob@easemob.com', start: -1 }
  assert.equal((await cat('POST', '/users/ann/messageroaming', wish)).status, 401)
  assert.equal((await cat('POST', '/users/cat/messageroaming', wish)).status, 200)
  for (const broken of [{}, { queue: 'bob' }, { ...wish, pull_number: 0 }, { ...wish, startTime: 'now' }])
    assert.equal((await cat('POST', '/users/cat/messageroaming', broken)).status, 400, JSON.stringify(broken))
})

test('whoever joins a group reads what was said in it before', async () => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const group = await makeGroup(app, 'ann')
  const sent = { from: 'ann', to: [group], ...text }
  ok(await app.call('POST', '/messages/chatgroups', sent))
  const page = () =>
    app.call('POST', '/users/bob/messageroaming', { queue: `${group}@conference.easemob.com` })
  assert.equal((await page()).status, 403)
  ok(await app.call('POST', `/chatgroups/${group}/users/bob`))
  ok(await app.call('POST', '/messages/chatgroups', sent))
  assert.equal(ok(await page()).json.data.msgs.length, 2)
})

test('what a user has removed from its view goes with the user, and with the app', async t => {
  const own = await startApp(t)
  const app = await makeMessagingApp(own, 'ann', 'bob')
  const removeAll = async (user: string, peer: string) => {
    const { [peer]: id } = await app.send([peer], { from: user })
    const path = `/sdk/message/roaming/chat/user/${user}`
    ok(await app.call('DELETE', `${path}?userId=${peer}&msgIdList=${id}`))
    ok(await app.call('DELETE', `${path}/time?userId=${peer}&delTime=${Date.now()}`))
  }
  const left = () => {
    const { history_starts = 0, history_hidden = 0 } = countRows(own.dataDir)
    return [history_starts, history_hidden]
  }
  await removeAll('ann', 'bob')
  await removeAll('bob', 'ann')
  assert.deepEqual(left(), [2, 2])
  ok(await app.call('DELETE', '/users/ann'))
  assert.deepEqual(left(), [1, 1])
  await own.admin('DELETE', `/apps/${app.org}/${app.app}`)
  await until(async () => left().every(count => count === 0))
})
