// A client that sends rubbish, too much, or takes nothing hurts only itself.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { commands, frameCodec, messageBodyCodec, syncUpCodec } from '../src/msync/codec.ts'
import { send } from './http-client.ts'
import { ImClient, ImRefusal } from './im-client.ts'
import { nextMetaId } from './im-outgoing.ts'
import { type MessagingApp, makeMessagingApp } from './messaging.ts'
import { RawConnection } from './raw-connection.ts'
import { sharedApp, startApp } from './start-app.ts'
import { until } from './until.ts'

const server = sharedApp()
/** It gives up soon on those who take nothing. */
const impatient = sharedApp({ POSTHOUSE_IM_STALL_MS: '500', POSTHOUSE_IM_BUFFER_BYTES_MAX: '65536' })

async function login(t: TestContext, app: MessagingApp, username: string): Promise<ImClient> {
  return ImClient.login(t, app, { username, token: await app.login(username) })
}

test('bytes that are no frame end the connection', async t => {
  const app = await makeMessagingApp(server(), 'ann')
  for (const bytes of ['ffffffffffff', '4a05aabb', '00', '0a', '12ff01'].map(hex =>
    Buffer.from(hex, 'hex'),
  )) {
    const ann = await login(t, app, 'ann')
    ann.raw(bytes)
    assert.equal(await ann.closed, 1007, bytes.toString('hex'))
    const stranger = await ImClient.open(t, app, { username: 'ann' })
    stranger.raw(bytes)
    assert.equal(await stranger.closed, 1007, bytes.toString('hex'))
  }
})

test('rubbish inside of a frame ends the connection or is refused, whatever it is', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const bob = await login(t, app, 'bob')
  const rubbish = Buffer.from('0affffffff0f', 'hex')
  for (const command of [commands.sync, commands.provision, commands.notice, 77]) {
    const ann = await login(t, app, 'ann')
    ann.frame({ command, payload: rubbish })
    assert.ok([1002, 1007].includes(await ann.closed), `${command}`)
  }
  const ann = await login(t, app, 'ann')
  const to = ann.userQueue('bob')
  await assert.rejects(
    ann.sendMeta({ id: nextMetaId(), to, ns: 1, payload: rubbish }),
    new ImRefusal(4, 'Sorry, the message body cannot be read'),
  )
  await assert.rejects(
    ann.sendMeta({ id: nextMetaId(), to, ns: 1 }),
    new ImRefusal(4, 'Sorry, the message has no content'),
  )
  await assert.rejects(
    ann.sendMeta({ id: nextMetaId(), ns: 2, payload: rubbish }),
    new ImRefusal(4, 'Sorry, the operation cannot be read'),
  )
  await ann.text('bob', 'still here')
  assert.deepEqual(await bob.nextTexts(1), ['still here'])
})

test('a text frame, a frame that is too large, and anything before the login end the connection', async t => {
  const app = await makeMessagingApp(server(), 'ann')
  const text = await login(t, app, 'ann')
  text.raw('hello')
  assert.equal(await text.closed, 1003)
  const large = await login(t, app, 'ann')
  large.raw(Buffer.alloc(65_537))
  assert.equal(await large.closed, 1009)
  for (const command of [commands.sync, commands.unread, commands.logout, commands.notice]) {
    const early = await ImClient.open(t, app, { username: 'ann' })
    early.frame({ command })
    assert.equal(await early.closed, 1002)
  }
})

test('a message whose content is too long is refused, with the words its SDK knows', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const ann = await login(t, app, 'ann')
  await assert.rejects(ann.text('bob', 'x'.repeat(41_000)), new ImRefusal(7, 'Sorry, data is too large'))
  await ann.text('bob', 'x'.repeat(40_000))
})

test('a flood of commands is served at the pace of the core, in order, beside everybody else', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'eve')
  const eve = await login(t, app, 'eve')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  const floods = Array.from({ length: 2_000 }, (_, index) => eve.text('bob', `flood ${index}`))
  for (let count = 0; count < 500; count++) eve.askUnread()
  for (let count = 0; count < 500; count++) eve.pull(eve.userQueue(`nobody${count}`))
  await ann.text('bob', 'calm')
  await Promise.all(floods)
  await bob.messages.count(2_001)
  const fromEve = bob.messages.all.filter(({ from }) => from === 'eve').map(({ text }) => text)
  assert.deepEqual(
    fromEve,
    Array.from({ length: 2_000 }, (_, index) => `flood ${index}`),
  )
  await eve.unreads.count(501)
})

test('of the queues that one client pulls at once, only some are read at a time', async t => {
  const own = await startApp(t)
  const app = await makeMessagingApp(own, 'ann')
  const ann = await login(t, app, 'ann')
  await ann.settle()
  await own.admin('PUT', '/core', { state: 'frozen' })
  for (let count = 0; count < 40; count++) ann.pull(ann.userQueue(`nobody${count}`))
  await ann.ping()
  const { text } = await send(`${own.http}/metrics`)
  assert.equal(Number(/^posthouse_core_calls_in_flight (\d+)$/m.exec(text)![1]), 4)
  await own.admin('PUT', '/core', { state: 'running' })
  await ann.answers.count(40)
})

test('a client that takes nothing is cut off, and what waits for it is there at its next login', async t => {
  const app = await makeMessagingApp(impatient(), 'ann', 'bob')
  const ann = await login(t, app, 'ann')
  const texts = Array.from({ length: 400 }, (_, index) => `${index} ${'x'.repeat(30_000)}`)
  await Promise.all(texts.map(text => ann.text('bob', text)))
  const bob = await login(t, app, 'bob')
  bob.pauseReading()
  for (let count = 0; count < 400; count++) bob.pull(bob.userQueue('ann'))
  await until(async () => /^posthouse_im_sessions 1$/m.test((await send(`${impatient().http}/metrics`)).text))
  const again = await ImClient.login(t, app, {
    username: 'bob',
    token: await app.login('bob'),
    resource: 'another',
  })
  const all = await again.messages.count(400)
  assert.deepEqual(
    all.map(({ text }) => Number.parseInt(text, 10)),
    all.map((_, index) => index),
  )
})

test('a client that floods with pings or refused messages, and takes no answers, fills no memory', async t => {
  const app = await makeMessagingApp(impatient(), 'ann')
  const pinging = await login(t, app, 'ann')
  const pings = 300_000
  await pinging.floodWithPings(pings)
  assert.ok(pinging.pongs < pings, `${pinging.pongs} pongs`)
  assert.ok(pinging.pongs > 0)
  const refused = await ImClient.login(t, app, {
    username: 'ann',
    token: await app.login('ann'),
    resource: 'another',
  })
  refused.pauseReading()
  // The answer repeats the name.
  const to = refused.userQueue('x'.repeat(900))
  const payload = messageBodyCodec.encode({ type: 1, contents: [{ type: 0, text: 'x' }] })
  const sends = Array.from({ length: 20_000 }, () =>
    refused.sendMeta({ id: nextMetaId(), to, ns: 1, payload }).catch(() => 'lost'),
  )
  assert.ok((await Promise.all(sends)).includes('lost'))
})

test('a client that shuts down its half, or resets, leaves nothing behind', async t => {
  const { http } = impatient()
  const app = await makeMessagingApp(impatient(), 'ann', 'bob')
  const ann = await login(t, app, 'ann')
  void ann.text('bob', 'on my way out').catch(() => {})
  await ann.cut()
  const { port } = new URL(http)
  const half = await RawConnection.open(`http://127.0.0.1:${port}`)
  await half.send(
    'GET /websocket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  assert.equal((await half.next()).status, 101)
  half.end()
  await half.rest()
  await until(async () => /^posthouse_im_sessions 0$/m.test((await send(`${http}/metrics`)).text))
})

test('a handshake that is none is answered as the request it is', async () => {
  const { http } = server()
  const plain = await send(`${http}/websocket`)
  assert.equal(plain.status, 404)
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
  const sound = `Sec-WebSocket-Version: 13\r\n${key}`
  for (const head of [
    '',
    key,
    `Sec-WebSocket-Version: 12\r\n${key}`,
    `${sound}Sec-WebSocket-Protocol: a, a\r\n`,
    `${sound}Sec-WebSocket-Protocol: a,,b\r\n`,
    `${sound}Sec-WebSocket-Protocol: "a"\r\n`,
    `${sound}Sec-WebSocket-Protocol:\r\n`,
  ]) {
    const none = await RawConnection.open(http)
    await none.send(`GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${head}\r\n`)
    const { status, headers } = await none.next()
    assert.deepEqual([status, headers['content-type']], [400, 'application/json; charset=utf-8'], head)
    none.destroy()
  }
})

test('a client that says it is of another app, or another user, is what it has proved', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const other = await makeMessagingApp(server(), 'bob')
  const ann = await login(t, app, 'ann')
  const payload = syncUpCodec.encode({
    meta: {
      id: nextMetaId(),
      from: { appKey: `${other.org}#${other.app}`, name: 'eve', domain: 'easemob.com' },
      to: { appKey: `${other.org}#${other.app}`, name: 'bob', domain: 'easemob.com' },
      ns: 1,
      payload: messageBodyCodec.encode({ type: 1, contents: [{ type: 0, text: 'here' }] }),
    },
  })
  ann.raw(frameCodec.encode({ command: 0, guid: { appKey: 'x#y', name: 'eve' }, payload }))
  const [bob, stranger] = [await login(t, app, 'bob'), await login(t, other, 'bob')]
  const { text, from } = await bob.nextMessage()
  assert.deepEqual([text, from], ['here', 'ann'])
  await stranger.settle()
  assert.deepEqual(stranger.messages.all, [])
  await assert.rejects(
    ImClient.login(t, other, { username: 'bob', token: await app.login('bob') }),
    new ImRefusal(1, 'Sorry, token or password does not match login info'),
  )
})
