// Sessions of users: login, displacement, the end of a token, silence, the restart of the core.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Worker } from 'node:worker_threads'
import { ManualClock } from '../src/lib/clock.ts'
import { CoreClient, secretOf } from './core-client.ts'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { send } from './http-client.ts'
import { ImClient, ImRefusal } from './im-client.ts'
import { makeMessagingApp } from './messaging.ts'
import { sharedApp, startApp, type TestApp } from './start-app.ts'
import { until } from './until.ts'

const server = sharedApp()

async function login(
  t: TestContext,
  app: EasemobApp,
  username: string,
  resource?: string,
): Promise<ImClient> {
  const token = await app.login(username)
  return ImClient.login(t, app, { username, token, ...(resource !== undefined && { resource }) })
}

async function sessionsOf({ http }: TestApp): Promise<number> {
  const { text } = await send(`${http}/metrics`)
  return Number(/^posthouse_im_sessions (\d+)$/m.exec(text)![1])
}

test('a client logs in with a token, at either path, and is told its resource and when the token ends', async t => {
  const app = await makeMessagingApp(server(), 'ann')
  const grant = { grant_type: 'password', username: 'ann', password: 'pw', ttl: 3_600 }
  const { access_token } = ok(await app.open('POST', '/token', grant)).json
  for (const path of ['/websocket', '/ws']) {
    const before = Date.now()
    const ann = await ImClient.login(t, app, { username: 'Ann', token: access_token, path, resource: 'web' })
    assert.equal(ann.provision!.status!.errorCode, 0)
    assert.equal(ann.resource, 'web')
    const { token, expires_in } = JSON.parse(ann.provision!.authToken)
    assert.equal(token, access_token)
    assert.ok(expires_in > before + 3_500_000 && expires_in < before + 3_700_000, `${expires_in}`)
    await ann.logout()
  }
})

test('an expiry further away than a client can count down to is not told', async t => {
  const app = await makeMessagingApp(server(), 'ann')
  const ann = await login(t, app, 'ann')
  assert.equal(ann.provision!.authToken, '')
})

test('the token of other SDKs, without its prefix or in the frame alone, is taken too', async t => {
  const app = await makeMessagingApp(server(), 'ann')
  const token = await app.login('ann')
  const bare = await ImClient.open(t, app, { username: 'ann' })
  await bare.logIn({ username: 'ann' }, { authToken: JSON.stringify({ token }) })
  const framed = await ImClient.open(t, app, { username: 'ann', resource: 'other' })
  await framed.logIn({ username: 'ann', token }, { authToken: '' })
  const password = await ImClient.open(t, app, { username: 'ann', resource: 'third' })
  await password.logIn({ username: 'ann', password: 'pw' })
  assert.equal(password.provision!.status!.errorCode, 0)
})

test('the gauge counts who is logged in', async t => {
  const own = await startApp(t)
  const app = await makeMessagingApp(own, 'ann', 'bob')
  assert.equal(await sessionsOf(own), 0)
  const ann = await login(t, app, 'ann')
  await login(t, app, 'bob')
  assert.equal(await sessionsOf(own), 2)
  await ann.logout()
  await until(async () => (await sessionsOf(own)) === 1)
})

test('a login on the same device displaces the earlier one, on another it does not', async t => {
  const app = await makeMessagingApp(server(), 'ann')
  const first = await login(t, app, 'ann', 'web')
  const phone = await login(t, app, 'ann', 'phone')
  const second = await ImClient.open(t, app, { username: 'ann', resource: 'web' })
  await second.logIn({ username: 'ann', token: await app.login('ann') }, { reason: 'at home' })
  const { operation, reason } = await first.endings.next()
  assert.deepEqual([operation, reason], [2, 'at home'])
  assert.equal(await first.closed, 1000)
  await phone.settle()
  assert.deepEqual(phone.endings.all, [])
})

test('a client whose token ends is disconnected', async t => {
  const app = await makeMessagingApp(server(), 'ann')
  const grant = { grant_type: 'password', username: 'ann', password: 'pw', ttl: 1 }
  const { access_token } = ok(await app.open('POST', '/token', grant)).json
  const ann = await ImClient.login(t, app, { username: 'ann', token: access_token })
  assert.equal(await ann.closed, 1008)
  await assert.rejects(
    ImClient.login(t, app, { username: 'ann', token: access_token }),
    new ImRefusal(1, 'Sorry, token expired'),
  )
})

test('a heartbeat is answered, and a client that is silent for too long is disconnected', async t => {
  const own = await startApp(t, { POSTHOUSE_IM_SILENCE_MS: '300' })
  const app = await makeMessagingApp(own, 'ann')
  const ann = await login(t, app, 'ann')
  const startedAt = performance.now()
  await ann.settle()
  assert.equal(await ann.closed, 1008)
  assert.ok(performance.now() - startedAt >= 300)
})

test('a connection that does not log in is closed', async t => {
  const own = await startApp(t, { POSTHOUSE_IM_LOGIN_MS: '300' })
  const app = await makeEasemobApp(own)
  const client = await ImClient.open(t, app, { username: 'ann' })
  assert.equal(await client.closed, 1008)
})

/** A server whose core's thread the test can get hold of. */
async function startWithWorker(t: TestContext): Promise<{ own: TestApp; worker: () => Promise<Worker> }> {
  let started = Promise.withResolvers<Worker>()
  const note = (worker: Worker) => started.resolve(worker)
  process.on('worker', note)
  t.after(() => process.off('worker', note))
  const own = await startApp(t, { POSTHOUSE_CORE_RESTART_MS: '50' })
  return {
    own,
    async worker() {
      const worker = await started.promise
      started = Promise.withResolvers()
      return worker
    },
  }
}

test('the core may die: connections stay, what is sent meanwhile arrives once and in order', async t => {
  const { own, worker } = await startWithWorker(t)
  const app = await makeMessagingApp(own, 'ann', 'bob')
  const [ann, bob] = [await login(t, app, 'ann'), await login(t, app, 'bob')]
  const texts = Array.from({ length: 60 }, (_, index) => String(index))
  const sent: Promise<{ serverId: string }>[] = []
  for (const [index, text] of texts.entries()) {
    if (index === 20 || index === 40) await (await worker()).terminate()
    sent.push(ann.text('bob', text))
  }
  const ids = (await Promise.all(sent)).map(({ serverId }) => serverId)
  assert.deepEqual(await bob.nextTexts(60), texts)
  assert.deepEqual(
    bob.messages.all.map(({ id }) => id),
    ids,
  )
  await bob.settle()
  assert.equal(bob.messages.all.length, 60)
})

test('what was announced by a core that died is announced again by the next', async t => {
  const own = server()
  const app = await makeMessagingApp(own, 'ann', 'bob')
  const bob = await login(t, app, 'bob')
  await bob.settle()
  await own.admin('PUT', '/core', { state: 'stopped' })
  // What this one announces, the server does not hear.
  const unheard = new CoreClient(own.dataDir, new ManualClock(Date.now()))
  await unheard.start()
  const payload = '{"bodies":[{"type":"txt","msg":"hello"}],"ext":{}}'
  const message = { chatType: 'chat', from: 'ann', targets: ['bob'], payload } as const
  await unheard.call('message.send', message, secretOf(app))
  await unheard.stop()
  await own.admin('PUT', '/core', { state: 'running' })
  assert.deepEqual(await bob.nextTexts(1), ['hello'])
})

test('while the core is away for long, what a client sends is refused, and never said to be done', async t => {
  const own = await startApp(t, { POSTHOUSE_IM_SEND_MS: '500' })
  const app = await makeMessagingApp(own, 'ann', 'bob')
  const ann = await login(t, app, 'ann')
  await own.admin('PUT', '/core', { state: 'stopped' })
  await assert.rejects(
    ann.text('bob', 'lost'),
    new ImRefusal(1, 'Sorry, the server is busy, try again later'),
  )
  await own.admin('PUT', '/core', { state: 'running' })
  const bob = await login(t, app, 'bob')
  await bob.settle()
  assert.deepEqual(bob.messages.all, [])
})

test('a session whose app is deleted ends', async t => {
  const app = await makeMessagingApp(server(), 'ann')
  const ann = await login(t, app, 'ann')
  await ann.settle()
  await server().admin('DELETE', `/apps/${app.org}/${app.app}`)
  ann.askUnread()
  await ann.closed
})

test('a server that stops sends its clients away', async t => {
  const own = await startApp(t)
  const app = await makeMessagingApp(own, 'ann')
  const ann = await login(t, app, 'ann')
  await own.close()
  assert.equal(await ann.closed, 1001)
})

test('a token from before the password was changed opens no session any more, a new one does', async t => {
  const app = await makeMessagingApp(server(), 'ann')
  const token = await app.login('ann')
  ok(await app.call('PUT', '/users/ann/password', { newpassword: 'new' }))
  const reason = 'Sorry, token or password does not match login info'
  await assert.rejects(ImClient.login(t, app, { username: 'ann', token }), new ImRefusal(1, reason))
  const grant = { grant_type: 'password', username: 'ann', password: 'new' }
  const renewed = ok(await app.open('POST', '/token', grant)).json.access_token
  await ImClient.login(t, app, { username: 'ann', token: renewed })
})

for (const [what, operation, act] of [
  ['is deleted', 1, (app: EasemobApp) => app.call('DELETE', '/users/ann')],
  [
    'gets a new password',
    3,
    (app: EasemobApp) => app.call('PUT', '/users/ann/password', { newpassword: 'new' }),
  ],
  ['is deactivated', 4, (app: EasemobApp) => app.call('POST', '/users/ann/deactivate')],
  ['is logged out everywhere', 4, (app: EasemobApp) => app.call('GET', '/users/ann/disconnect')],
] as const)
  test(`a user who ${what} is told why on every device, and disconnected`, async t => {
    const app = await makeMessagingApp(server(), 'ann')
    const devices = [await login(t, app, 'ann', 'web'), await login(t, app, 'ann', 'phone')]
    ok(await act(app))
    for (const device of devices) {
      assert.equal((await device.endings.next()).operation, operation)
      assert.equal(await device.closed, 1000)
    }
  })

test('a user who is logged out on one device stays logged in on the others', async t => {
  const app = await makeMessagingApp(server(), 'ann')
  const [web, phone] = [await login(t, app, 'ann', 'web'), await login(t, app, 'ann', 'phone')]
  ok(await app.call('GET', '/users/ann/disconnect/web'))
  assert.equal((await web.endings.next()).operation, 4)
  await phone.settle()
  assert.deepEqual(phone.endings.all, [])
})
