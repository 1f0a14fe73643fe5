// Callbacks to the app's own server: asked before a client's message passes, told of every message afterwards.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { type Answer, answerWith, CallbackServer, type Told } from './callback-server.ts'
import { ok } from './easemob-caller.ts'
import { ImClient, ImRefusal } from './im-client.ts'
import { type MessagingApp, makeMessagingApp } from './messaging.ts'
import { sharedApp, startApp, type TestApp } from './start-app.ts'
import { until } from './until.ts'

const server = sharedApp({ POSTHOUSE_CALLBACK_RETRY_MS: '20' })
const secret = 'the secret of the rule'

async function stage(t: TestContext, ...rules: object[]) {
  const listener = await CallbackServer.start(t)
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat')
  await app.change({ callbacks: rules.map(rule => ({ secret, url: `${listener.url}/told`, ...rule })) })
  return { app, listener }
}

const before = { name: 'ask', phase: 'before', timeout_ms: 2_000 }
const after = { name: 'tell', phase: 'after' }

async function login(t: TestContext, app: MessagingApp, username: string): Promise<ImClient> {
  return ImClient.login(t, app, { username, token: await app.login(username) })
}

function checkSignature({ body }: Told, { org, app }: MessagingApp): void {
  assert.equal(body.securityVersion, '1.0.0')
  assert.ok(body.callId.startsWith(`${org}#${app}_`))
  const signed = createHash('md5').update(`${body.callId}${secret}${body.timestamp}`).digest('hex')
  assert.equal(body.security, signed)
}

test('a client’s message is shown to the app’s server, signed, and passes when it may', async t => {
  const { app, listener } = await stage(t, before)
  listener.answer = answerWith({ valid: true })
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  await ann.text('bob', 'may I?')
  assert.equal((await bob.nextMessage()).text, 'may I?')
  const [told] = listener.told
  checkSignature(told!, app)
  const { chat_type, from, to, payload } = told!.body
  assert.deepEqual({ chat_type, from, to }, { chat_type: 'chat', from: 'ann', to: 'bob' })
  assert.deepEqual(payload.bodies, [{ type: 'txt', msg: 'may I?' }])
  assert.equal(listener.told.length, 1)
})

test('a message the app’s server refuses reaches nobody, and the sender is told why', async t => {
  const { app, listener } = await stage(t, before)
  const ann = await login(t, app, 'ann')
  const refusals = [
    [{ valid: false, code: 'no advertising' }, 'no advertising'],
    [{ valid: false }, 'custom logic denied'],
    [{ valid: false, code: '' }, 'Message blocked by external logic'],
    [{ callId: 'x', accpet: 'false', reason: 'older form' }, 'older form'],
  ] as const
  for (const [answer, reason] of refusals) {
    listener.answer = answerWith(answer)
    await assert.rejects(ann.text('bob', 'buy!'), new ImRefusal(19, reason))
  }
  assert.deepEqual(await app.waiting('bob'), [0])
  listener.answer = answerWith({ callId: 'x', accpet: 'true' })
  await ann.text('bob', 'hello')
  assert.deepEqual(await app.waiting('bob'), [1])
})

test('the app’s server may put other words into a text, which is what is delivered and kept', async t => {
  const { app, listener } = await stage(t, before)
  listener.answer = answerWith({
    valid: true,
    payload: { bodies: [{ type: 'txt', msg: 'f***' }], ext: { cut: 1 } },
  })
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  await ann.text('bob', 'foul')
  assert.equal((await bob.nextMessage()).text, 'f***')
  const [record] = await app.history()
  assert.deepEqual(record.payload.bodies, [{ type: 'txt', msg: 'f***' }])
})

test('the app’s server may give a room’s message another priority, whatever its sender has said', async t => {
  const { app, listener } = await stage(t, { ...before, chat_types: ['chatroom'] })
  const created = { name: 'r', description: 'd', maxusers: 50, owner: 'ann' }
  const room = ok(await app.call('POST', '/chatrooms', created)).json.data.id
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  await bob.joinRoom(room)
  const high = {
    chatType: 'chatroom',
    metaExt: [{ key: 'chatroom_msg_tag', type: 2, varintValue: 0 }],
  } as const
  const answers = [
    [{ valid: true }, '0'],
    [{ valid: true, chatroom_msg_level: 'low' }, '2'],
    [{ valid: true, chatroom_msg_level: 'normal', payload: { bodies: [{ type: 'txt', msg: 'b' }] } }, '1'],
  ] as const
  for (const [answer, tag] of answers) {
    listener.answer = answerWith(answer)
    await ann.text(room, 'a', high)
    const { ext } = (await bob.nextMessage()).meta
    assert.deepEqual(
      ext.map(({ key, varintValue }) => [key, String(varintValue)]),
      [['chatroom_msg_tag', tag]],
    )
  }
})

test('an answer of the older form that is signed counts when the signature is right, and not otherwise', async t => {
  const { app, listener } = await stage(t, { ...before, on_failure: 'refuse' })
  const ann = await login(t, app, 'ann')
  const signedWith =
    (accepted: string, key: string): Answer =>
    (response, told) => {
      const { callId } = told.body
      const security = createHash('md5').update(`${callId}${key}${accepted}`).digest('hex')
      answerWith({ callId, accpet: accepted, reason: 'no', security })(response, told)
    }
  listener.answer = signedWith('true', secret)
  await ann.text('bob', 'passes')
  listener.answer = signedWith('false', secret)
  await assert.rejects(ann.text('bob', 'stays'), new ImRefusal(19, 'no'))
  for (const accepted of ['true', 'false']) {
    listener.answer = signedWith(accepted, 'another secret')
    await assert.rejects(ann.text('bob', 'stays'), new ImRefusal(19, 'custom internal error'))
  }
  listener.answer = answerWith({ accpet: 'true', security: 7 })
  await assert.rejects(ann.text('bob', 'stays'), new ImRefusal(19, 'custom internal error'))
  assert.deepEqual(await app.waiting('bob'), [1])
})

test('a number of 64 bits keeps every digit on its way to the app’s server, and back in other words', async t => {
  const { app, listener } = await stage(t, before, after)
  const digits = '9007199254740993123'
  const payload = `{"bodies":[{"type":"txt","msg":"b"}],"ext":{"id":${digits}}}`
  listener.answer = response => response.end(`{"valid":true,"payload":${payload}}`)
  const ann = await login(t, app, 'ann')
  const ext = [{ key: 'id', type: 4, varintValue: digits }]
  await ann.text('bob', 'a', { body: { ext } })
  for (const { text } of await listener.heard(2)) assert.match(text, new RegExp(`"ext":\\{"id":${digits}\\}`))
  assert.match(ok(await app.call('GET', '/chatmessages')).text, new RegExp(`"ext":\\{"id":${digits}\\}`))
})

test('an edit is shown to the app’s server as a message is: nobody gets past it by editing', async t => {
  const { app, listener } = await stage(t, before)
  listener.answer = answerWith({ valid: true })
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  const { serverId } = await ann.text('bob', 'fair')
  await bob.nextMessage()
  const edit = (text: string) => ann.signal('bob', 'edit', serverId, { contents: [{ type: 0, text }] })
  listener.answer = answerWith({ valid: false, code: 'no advertising' })
  await assert.rejects(edit('buy!'), new ImRefusal(19, 'no advertising'))
  listener.answer = answerWith({ valid: true, payload: { bodies: [{ type: 'txt', msg: 'f***' }] } })
  await edit('foul')
  assert.equal((await bob.signals.next()).text, 'f***')
  assert.deepEqual((await app.history())[0].payload.bodies, [{ type: 'txt', msg: 'f***' }])
  assert.deepEqual(
    listener.told.map(({ body }) => body.payload.bodies[0].msg),
    ['fair', 'buy!', 'foul'],
  )
})

test('no usable answer in time: the rule says whether the message passes', async t => {
  const { app, listener } = await stage(t, { ...before, timeout_ms: 50 })
  const ann = await login(t, app, 'ann')
  const unusable = [
    () => {},
    answerWith({ valid: true }, 500),
    answerWith({ valid: 'yes' }),
    answerWith({ valid: true, code: 'x'.repeat(1_001) }),
    answerWith({ valid: true, payload: { bodies: 'none' } }),
    answerWith({ valid: true, payload: { bodies: [] } }),
    answerWith({ valid: true, payload: { bodies: [{ type: 'txt', msg: 'x' }], ext: 'none' } }),
    answerWith({ valid: true, chatroom_msg_level: 1 }),
  ]
  for (const answer of unusable) {
    listener.answer = answer
    await ann.text('bob', 'passes')
  }
  assert.deepEqual(await app.waiting('bob'), [unusable.length])
  const rule = { ...before, timeout_ms: 50, secret, url: listener.url, on_failure: 'refuse' }
  await app.change({ callbacks: [rule] })
  for (const answer of unusable) {
    listener.answer = answer
    await assert.rejects(ann.text('bob', 'stays'), new ImRefusal(19, 'custom internal error'))
  }
  assert.deepEqual(await app.waiting('bob'), [unusable.length])
})

test('all rules together hold a message up for no longer than the core waits for them', async t => {
  const names = ['one', 'two', 'three']
  const { app, listener } = await stage(t, ...names.map(name => ({ ...before, name, timeout_ms: 3_000 })))
  listener.answer = () => {}
  const ann = await login(t, app, 'ann')
  const start = performance.now()
  await ann.text('bob', 'passes')
  const ms = performance.now() - start
  assert.ok(ms > 4_500 && ms < 7_000, `${ms} ms`)
  assert.equal(listener.told.length, 2)
  assert.deepEqual(await app.waiting('bob'), [1])
})

test('what the app’s server sends itself is not shown to it before, but told to it afterwards', async t => {
  const { app, listener } = await stage(t, before, after)
  const { bob: msgId } = await app.send(['bob'], { from: 'cat', ext: { order: 7 } })
  const [told] = await listener.heard(1)
  checkSignature(told!, app)
  const { eventType, from, to, msg_id, chat_type, payload, appkey } = told!.body
  assert.deepEqual(
    { eventType, from, to, msg_id, chat_type, appkey },
    {
      eventType: 'chat',
      from: 'cat',
      to: 'bob',
      msg_id: msgId,
      chat_type: 'chat',
      appkey: `${app.org}#${app.app}`,
    },
  )
  assert.deepEqual(payload, { bodies: [{ type: 'txt', msg: 'hello' }], ext: { order: 7 } })
})

test('each receiver who is away is told of, in a group too, if the rule asks for it', async t => {
  const { app, listener } = await stage(t, { ...after, events: ['chat_offline'], chat_types: ['groupchat'] })
  const group = { groupname: 'g', desc: 'd', public: true, owner: 'ann', members: ['bob', 'cat'] }
  const groupId = ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
  const [ann] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  await ann.text('bob', 'not of a group')
  await ann.text(groupId, 'to the group', { chatType: 'groupchat' })
  const told = await listener.heard(1)
  assert.deepEqual(
    told.map(({ body }) => [body.eventType, body.group_id, body.to]),
    [['chat_offline', groupId, 'cat']],
  )
  const [{ body }] = told as [Told]
  assert.deepEqual(body.payload, { bodies: [{ type: 'txt', msg: 'to the group' }], ext: {} })
})

test('of a message that was taken back nobody is told any more that its receivers were away', async t => {
  const { app, listener } = await stage(t, { ...after, events: ['chat_offline'] })
  listener.answer = answerWith({}, 503)
  const failed = async () => ok(await app.call('GET', '/callbacks/storage/info')).json.data.length
  const { bob: msg_id } = await app.send(['bob'])
  await until(async () => (await failed()) === 1)
  ok(await app.call('POST', '/messages/msg_recall', { msg_id, to: 'bob', chat_type: 'chat' }))
  await until(async () => (await failed()) === 0)
})

test('what a large group’s absent members are told of a long message is kept once', async t => {
  const { app, listener } = await stage(t, { ...after, events: ['chat_offline'] })
  listener.answer = () => {}
  const group = { groupname: 'g', desc: 'd', public: true, owner: 'ann', members: ['bob', 'cat'] }
  const groupId = ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
  const ann = await login(t, app, 'ann')
  await ann.text(groupId, 'x'.repeat(30_000), { chatType: 'groupchat' })
  const [{ body }] = (await listener.heard(1)) as [Told]
  assert.equal(body.payload.bodies[0].msg.length, 30_000)
  const database = new DatabaseSync(join(server().dataDir, 'posthouse.db'))
  t.after(() => database.close())
  const rows = database.prepare(
    'SELECT MAX(LENGTH(content)) AS longest, COUNT(*) AS count FROM callbacks WHERE event = ?',
  )
  const { longest, count } = rows.get('chat_offline') as { longest: number; count: number }
  assert.ok(count >= 2 && longest < 1_000, `${count} of ${longest}`)
})

test('what the app’s server does not take comes again under the same id, and no later than it can', async t => {
  const { app, listener } = await stage(t, after)
  listener.answer = answerWith({}, 503)
  await app.send(['bob'])
  const tries = await listener.heard(4)
  assert.equal(new Set(tries.map(({ body }) => body.callId)).size, 1)
  const info = await until(async () => {
    const { data } = ok(await app.call('GET', '/callbacks/storage/info')).json
    return data.length > 0 && data
  })
  assert.deepEqual([info.length, info[0].size], [1, 1])
  assert.match(info[0].date, /^\d{11}0$/)
  listener.answer = answerWith({})
  const again = await app.call('POST', '/callbacks/storage/retry', { date: info[0].date })
  assert.equal(ok(again).json.data, 'success')
  await until(async () => ok(await app.call('GET', '/callbacks/storage/info')).json.data.length === 0)
  const nothing = await app.call('POST', '/callback/storage/retry', { date: info[0].date })
  assert.equal(ok(nothing).json.data, 'failure')
})

test('a date that is none is refused', async t => {
  const { app } = await stage(t)
  for (const date of [undefined, 202109091440, '20210909144', '202109091445', '209999999990'])
    assert.equal((await app.call('POST', '/callbacks/storage/retry', { date })).status, 400)
})

test('callbacks that were due when the server stopped are told after it starts again', async t => {
  const listener = await CallbackServer.start(t)
  listener.answer = answerWith({}, 500)
  const env = { POSTHOUSE_CALLBACK_RETRY_MS: '20' }
  const closers: (() => Promise<void> | void)[] = []
  const first: TestApp = await startApp({ after: close => closers.push(close) }, env)
  const app = await makeMessagingApp(first, 'bob')
  await app.change({ callbacks: [{ ...after, secret, url: listener.url }] })
  const { bob: msgId } = await app.send(['bob'])
  await listener.heard(1)
  await first.close()
  const before = listener.told.length
  listener.answer = answerWith({})
  await startApp(t, { ...env, POSTHOUSE_DATA: first.dataDir })
  const told = (await listener.heard(before + 1)).at(-1)!
  assert.equal(told.body.msg_id, msgId)
})

test('rules that cannot be are refused when they are set', async t => {
  const { app } = await stage(t)
  const rule = { ...after, secret, url: 'http://127.0.0.1:1/' }
  const wrong = [
    [{ ...rule, url: 'ftp://127.0.0.1/' }],
    [{ ...rule, url: 'http://user:password@127.0.0.1/' }],
    [{ ...rule, phase: 'during' }],
    [{ ...rule, events: ['typing'] }],
    [{ ...rule, timeout_ms: 60_000 }],
    [{ ...rule, colour: 'red' }],
    [rule, rule],
    ['a', 'b', 'c', 'd', 'e'].map(name => ({ ...rule, name })),
  ]
  for (const callbacks of wrong)
    await assert.rejects(app.change({ callbacks }), /: 400 /, JSON.stringify(callbacks))
})

test('servers that do not answer hold up nobody but their own apps', async t => {
  const names = ['hung', 'mute', 'deaf']
  const apps = await Promise.all(
    names.map(async name => {
      const { app, listener } = await stage(t, { ...before, name, timeout_ms: 1_500 })
      listener.answer = () => {}
      return app
    }),
  )
  const sendings: Promise<unknown>[] = []
  for (const app of apps)
    for (let device = 0; device < 8; device++) {
      const client = await ImClient.login(t, app, {
        username: 'ann',
        token: await app.login('ann'),
        resource: `r${device}`,
      })
      for (let count = 0; count < 60; count++)
        sendings.push(client.text(`nobody${count}`, `${count}`).catch(error => error))
    }
  const { app: other } = await stage(t)
  const [ann, bob] = [await login(t, other, 'ann'), await login(t, other, 'bob')]
  const longest = { rest: 0, client: 0 }
  for (let count = 0; count < 20; count++) {
    const start = performance.now()
    await other.send(['cat'])
    const middle = performance.now()
    await ann.text('bob', `${count}`)
    await bob.nextMessage()
    longest.rest = Math.max(longest.rest, middle - start)
    longest.client = Math.max(longest.client, performance.now() - middle)
  }
  t.diagnostic(JSON.stringify(longest))
  assert.ok(longest.rest < 1_000 && longest.client < 1_000, JSON.stringify(longest))
  await Promise.all(sendings)
})
