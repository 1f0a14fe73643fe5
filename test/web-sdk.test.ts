// The vendor's Web SDK, as it is published, under Node.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { appWith, clientOf, loggedIn } from './chat-client.ts'
import { ok } from './easemob-caller.ts'
import { send } from './http-client.ts'
import { ImClient } from './im-client.ts'
import { sharedApp } from './start-app.ts'
import { underNode, webIm, withUnheldIntervals } from './web-sdk.ts'
import { kindsConform } from './web-sdk-kinds.conform.ts'
import { messagesConform } from './web-sdk-messages.conform.ts'
import { sessionsConform } from './web-sdk-sessions.conform.ts'

const server = sharedApp()
const world = underNode(server)

sessionsConform(world)
messagesConform(world)
kindsConform(world)

test('what an app server sends arrives with its ext, and what a client sends is in the export', async t => {
  const app = await appWith(world, 'alice', 'bob')
  const [bob] = await loggedIn(t, world, app, 'bob')
  const ext = { order: 17, price: 9.5, paid: false, items: ['a', 'b'] }
  const body = { from: 'shop', to: ['bob'], type: 'txt', body: { msg: 'paid?' }, ext }
  ok(await app.call('POST', '/messages/users', body))
  const [heard] = await bob.heard('onTextMessage')
  assert.deepEqual([heard.msg, heard.from, heard.ext], ['paid?', 'shop', ext])
  const id = await bob.send({ type: 'txt', chatType: 'singleChat', to: 'alice', msg: 'yes', ext })
  const { entities } = ok(await app.call('GET', '/chatmessages?limit=10')).json
  const record = entities.find(({ msg_id }: { msg_id: string }) => msg_id === id)
  assert.deepEqual(record.payload.bodies, [{ type: 'txt', msg: 'yes' }])
  assert.deepEqual(record.payload.ext, ext)
})

test('the lines that the README gives an app log a user in', async t => {
  const { http } = server()
  const { org, app } = server().demo
  const body = JSON.stringify({ username: 'alice', password: 'secret' })
  ok(await send(`${server().easemob}/users`, { method: 'POST', body }))
  for (const file of ['README.md', 'README.zh-CN.md']) {
    const readme = readFileSync(join(import.meta.dirname, '..', file), 'utf8')
    const lines = /^```js\n([\s\S]*?)^```/m.exec(readme)![1]!
    assert.ok(lines.includes(`'${org}#${app}'`))
    const here = lines
      .replace('http://127.0.0.1:7080', http)
      .replace('ws://127.0.0.1:7080', http.replace('http', 'ws'))
    const run = new Function('WebIM', `return (async () => { ${here}; return client })()`)
    const client = await withUnheldIntervals(() => run(webIm))
    t.after(() => client.close())
    assert.equal(client.isOpened(), true, file)
  }
})

test('a client that has renewed its token stays when the old one expires', async t => {
  const app = await appWith(world, 'alice', 'bob', 'carol')
  const tokenFor = async (username: string, ttl: number) => {
    const grant = { grant_type: 'password', username, password: 'pw', ttl }
    return ok(await app.open('POST', '/token', grant)).json.access_token
  }
  const old = await tokenFor('alice', 2)
  const alice = await clientOf(t, world, app)
  await alice.connection.open({ user: 'alice', accessToken: old })
  const renewed = await alice.connection.renewToken(await tokenFor('alice', 3_600))
  assert.ok(renewed.expire! > Date.now() + 3_000_000)
  // Whose token expires no earlier, and is not renewed.
  const carol = await ImClient.login(t, app, { username: 'carol', token: await tokenFor('carol', 2) })
  await carol.closed
  const [bob] = await loggedIn(t, world, app, 'bob')
  for (let at = 0; at < 3; at += 1) await bob.text('alice', `after ${at}`)
  await alice.heard('onTextMessage', 3)
  assert.deepEqual(alice.told('onTokenExpired'), [])
  assert.equal(alice.told('onConnected').length, 1)
})
