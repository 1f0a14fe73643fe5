// Tokens of the Easemob dialect: who gets one, for how long, and what ends it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { basic, type Received, send } from './http-client.ts'
import { sharedApp, startApp } from './start-app.ts'

const server = sharedApp()
const never = 2_147_483_647
const wrongGrant = '{"error":"invalid_grant","error_description":"invalid username or password"}'

test('an app’s token comes with its lifetime and the app, and nothing else', async () => {
  const { open, client_id, client_secret, uuid } = await makeEasemobApp(server())
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const { text, json } = await open('POST', '/token', grant)
  assert.match(json.access_token, /^YWMt[\w-]{59}$/)
  assert.equal(text, `{"access_token":"${json.access_token}","expires_in":5184000,"application":"${uuid}"}`)
})

test('a user’s token comes with the user, whose name is in lower case and found in any', async () => {
  const { open, register } = await makeEasemobApp(server())
  await register('Alice')
  const grant = { grant_type: 'password', username: 'aLICE', password: 'pw' }
  const answer = ok(await open('POST', '/token', grant)).json
  assert.deepEqual(Object.keys(answer), ['access_token', 'expires_in', 'user'])
  assert.deepEqual(Object.keys(answer.user), ['uuid', 'type', 'created', 'modified', 'username', 'activated'])
  assert.equal(answer.user.username, 'alice')
})

test('credentials are taken from JSON, a form, the query and Basic alike', async () => {
  const app = await makeEasemobApp(server())
  const { url, client_id, client_secret, uuid } = app
  await app.register('alice')
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret }).toString()
  const formType = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const answers = [
    await send(`${url}/token`, { method: 'POST', body: form, headers: formType }),
    await send(`${url}/token`, { method: 'POST', body: form }),
    await send(`${url}/token?${form}`),
    await send(`${url}/token`, {
      headers: { Authorization: basic(client_id, client_secret), ...formType },
      body: '{"grant_type":"client_credentials"}',
    }),
    await send(`${url}/token`, {
      headers: { Authorization: basic(client_id, client_secret) },
      body: { grant_type: 'client_credentials', client_id: 'another', client_secret: 'another' },
    }),
  ]
  for (const { status, json } of answers) assert.deepEqual([status, json.application], [200, uuid])
  const byQuery = await send(`${url}/token?grant_type=password&username=alice&password=pw&ttl=60`)
  assert.deepEqual([byQuery.json.user.username, byQuery.json.expires_in], ['alice', 60])
})

test('ttl is a number of seconds, 0 for ever, absent as long as the app says', async () => {
  const app = await makeEasemobApp(server(), { token_ttl_seconds: 77 })
  const { client_id, client_secret, open, change } = app
  const ask = (ttl?: unknown) =>
    open('POST', '/token', { grant_type: 'client_credentials', client_id, client_secret, ttl })
  const rows: readonly (readonly [unknown, number])[] = [
    [undefined, 77],
    [null, 77],
    [10, 10],
    ['1024000', 1_024_000],
    [0, never],
    ['0', never],
    [0.5, 1],
    [never + 1, never],
    [1e300, never],
    ['99999999999999999999', never],
  ]
  for (const [ttl, expected] of rows) assert.equal((await ask(ttl)).json.expires_in, expected, String(ttl))
  for (const ttl of [-1, '-1', 'x', '', '1e3', '0x10', ' 5', true, [], {}]) {
    const { status, json } = await ask(ttl)
    assert.deepEqual(
      [status, json.error, json.error_description],
      [400, 'illegal_argument', 'ttl must be a number >= 0'],
      String(ttl),
    )
  }
  await change({ token_ttl_seconds: 0 })
  assert.equal((await ask()).json.expires_in, never)
})

test('every refused grant of a user is the same to the byte', async () => {
  const { open, register } = await makeEasemobApp(server())
  await register('alice')
  const grants: readonly object[] = [
    { grant_type: 'password', username: 'ghost', password: 'pw' },
    { grant_type: 'password', username: 'alice', password: 'no' },
    { grant_type: 'password', username: 'alice', password: '' },
    { grant_type: 'password', username: 'alice' },
    { grant_type: 'password', username: '', password: 'pw' },
    { grant_type: 'password', password: 'pw' },
    { grant_type: 'password', username: ['alice'], password: 'pw' },
    { grant_type: 'password', username: '__proto__', password: 'pw' },
    { grant_type: 'refresh_token' },
    { grant_type: 5 },
    { grant_type: 'client_credentials' },
    {},
  ]
  for (const grant of grants) {
    const { status, text, headers } = await open('POST', '/token', grant)
    assert.deepEqual([status, text], [400, wrongGrant], JSON.stringify(grant))
    assert.equal(headers['content-type'], 'application/json')
  }
  assert.equal((await open('POST', '/token')).text, wrongGrant)
  assert.equal((await open('POST', '/token', [])).json.error, 'illegal_argument')
})

// An unknown user costs a hash as well: an answer that came sooner would tell who exists.
for (const username of ['alice', 'ghost'])
  test(`a flood of logins as ${username} is turned away with 503 and holds nobody else up`, async t => {
    const env = { POSTHOUSE_SCRYPT_COST: '65536', POSTHOUSE_CORE_DEADLINE_MS: '1000' }
    const app = await makeEasemobApp(await startApp(t, env))
    await app.register('alice')
    const grant = { grant_type: 'password', username, password: 'no' }
    const logins = Array.from({ length: 400 }, () => app.open('POST', '/token', grant))
    const others = Array.from({ length: 20 }, () => app.call('GET', '/users/alice'))
    for (const answer of await Promise.all(others)) ok(answer)
    const answers = await Promise.all(logins)
    const turnedAway = answers.filter(({ status }) => status === 503)
    assert.ok(turnedAway.length >= 100, String(turnedAway.length))
    for (const { headers } of turnedAway) assert.match(String(headers['retry-after']), /^[1-9]/)
    assert.equal(answers.filter(({ status }) => status === 400).length, 400 - turnedAway.length)
  })

test('a new token leaves the earlier ones as they are', async () => {
  const app = await makeEasemobApp(server())
  await app.register('alice')
  const [first, second] = [await app.login('alice'), await app.login('alice')]
  assert.notEqual(first, second)
  for (const token of [first, second]) assert.equal((await app.as(token)('GET', '/users/alice')).status, 200)
})

test('a user’s token reads and changes that user, by name in any case or by uuid, and nobody else', async () => {
  const app = await makeEasemobApp(server())
  await app.register('alice', 'bob')
  const alice = app.as(await app.login('alice'))
  const { uuid } = ok(await alice('GET', '/users/ALICE')).json.entities[0]
  assert.equal(ok(await alice('GET', `/users/${uuid.toUpperCase()}`)).json.entities[0].username, 'alice')
  assert.equal(ok(await alice('PUT', '/users/alice', { nickname: 'A' })).json.entities[0].nickname, 'A')
  const refused: readonly (readonly [string, string, object?])[] = [
    ['GET', '/users/bob'],
    ['GET', '/users'],
    ['PUT', '/users/bob', { nickname: 'B' }],
    ['PUT', '/users/bob/password', { newpassword: 'x', oldpassword: 'pw' }],
    ['DELETE', '/users/alice'],
    ['DELETE', '/users?limit=1'],
    ['GET', '/users/alice/status'],
    ['POST', '/users', [{ username: 'carol', password: 'x' }]],
  ]
  for (const [method, path, body] of refused)
    assert.equal((await alice(method, path, body)).status, 401, `${method} ${path}`)
})

test('a name that only looks like another under Unicode is not that user', async () => {
  const app = await makeEasemobApp(server())
  await app.register('k')
  const kelvin = encodeURIComponent('\u212a')
  assert.equal((await app.call('GET', `/users/${kelvin}`)).status, 404)
  assert.equal((await app.as(await app.login('k'))('GET', `/users/${kelvin}`)).status, 401)
})

const endings: Readonly<Record<string, (app: EasemobApp) => Promise<Received>>> = {
  'a new password': ({ call }) => call('PUT', '/users/alice/password', { newpassword: 'other' }),
  deactivation: ({ call }) => call('POST', '/users/alice/deactivate'),
  deletion: ({ call }) => call('DELETE', '/users/alice'),
  'deletion with others': ({ call }) => call('DELETE', '/users?limit=5'),
}

for (const [what, end] of Object.entries(endings))
  test(`${what} ends a user’s tokens for good`, async () => {
    const app = await makeEasemobApp(server())
    await app.register('alice')
    const read = app.as(await app.login('alice'))
    assert.equal((await read('GET', '/users/alice')).status, 200)
    ok(await end(app))
    const assertDead = async () => {
      const { status, json } = await read('GET', '/users/alice')
      assert.deepEqual([status, json.error_description], [401, 'Unable to authenticate'])
    }
    await assertDead()
    if (what.startsWith('deletion')) await app.register('alice')
    else ok(await app.call('POST', '/users/alice/activate'))
    await assertDead()
    const password = what === 'a new password' ? 'other' : 'pw'
    assert.equal((await app.as(await app.login('alice', password))('GET', '/users/alice')).status, 200)
  })

test('inherit makes the user when asked to, once, and leaves it without a password', async () => {
  const { call, open } = await makeEasemobApp(server())
  const grant = { grant_type: 'inherit', username: 'Carol', autoCreateUser: true }
  const answers = await Promise.all(Array.from({ length: 20 }, () => call('POST', '/token', grant)))
  assert.equal(new Set(answers.map(answer => ok(answer).json.user.uuid)).size, 1)
  assert.equal(new Set(answers.map(({ json }) => json.access_token)).size, 20)
  assert.equal(answers[0]!.json.user.username, 'carol')
  for (const password of ['pw', 'null', 'undefined'])
    assert.equal(
      (await open('POST', '/token', { grant_type: 'password', username: 'carol', password })).text,
      wrongGrant,
    )
})

test('a new user who is asked for several times at once is made once, and every call gets a token (N-9)', async () => {
  const { call } = await makeEasemobApp(server())
  const grant = { grant_type: 'inherit', username: 'dora', autoCreateUser: true }
  const answers = await Promise.all(Array.from({ length: 10 }, () => call('POST', '/token', grant)))
  const uuids = new Set(answers.map(answer => ok(answer).json.user.uuid))
  assert.equal(uuids.size, 1)
})

test('inherit refuses names that no registration would take, and barred users', async () => {
  const { call, register } = await makeEasemobApp(server())
  const ask = async (username: unknown, autoCreateUser: unknown = true) => {
    const { status, json } = await call('POST', '/token', { grant_type: 'inherit', username, autoCreateUser })
    return `${status} ${json.error_description}`
  }
  assert.equal(await ask('no way'), '400 username [no way] is not legal')
  assert.equal(await ask('x'.repeat(65)), '400 USERNAME_TOO_LONG')
  assert.equal(await ask('no way', 'false'), '404 User null not found')
  assert.equal(await ask(7), '400 invalid username or password')
  await register('dave')
  ok(await call('POST', '/users/dave/deactivate'))
  assert.equal(await ask('dave'), '400 user not activated')
})

test('the allow-list of an app bars its servers, not its users, who call from wherever they are', async () => {
  const app = await makeEasemobApp(server())
  await app.register('alice')
  const asAlice = app.as(await app.login('alice'))
  await app.change({ ip_allowlist: ['192.0.2.0/24'], registration: 'open' })
  const { client_id, client_secret } = app
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const barred = [
    await app.call('GET', '/users/alice'),
    await app.call('POST', '/token', { grant_type: 'inherit', username: 'alice' }),
    await app.open('POST', '/token', grant),
    await send(`${app.url}/token?${new URLSearchParams(grant)}`),
    await send(`${app.url}/token`, {
      headers: { Authorization: basic(client_id, client_secret) },
      body: { grant_type: 'client_credentials' },
    }),
  ]
  for (const { status, json } of barred)
    assert.deepEqual([status, json.error_description], [403, 'The IP address of the caller is not allowed'])
  ok(await asAlice('GET', '/users/alice/contacts/users'))
  ok(await app.open('POST', '/users', { username: 'bob', password: 'pw' }))
  await app.login('bob')
  // Nobody is told of the list who brings nothing of the app.
  assert.equal((await app.open('GET', '/users/alice')).status, 401)
})

test('a token of another app, or of a user of it with the same name, opens nothing', async () => {
  const [app, other] = [await makeEasemobApp(server()), await makeEasemobApp(server())]
  for (const each of [app, other]) await each.register('alice', 'bob')
  const { client_id, client_secret } = other
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const ofOther = ok(await other.open('POST', '/token', grant)).json.access_token
  const message = { from: 'alice', to: ['bob'], type: 'txt', body: { msg: 'x' } }
  for (const token of [ofOther, await other.login('alice')])
    for (const [method, path, body] of [
      ['GET', '/users'],
      ['GET', '/users/alice'],
      ['PUT', '/users/alice', { nickname: 'x' }],
      ['DELETE', '/users/alice'],
      ['GET', '/users/alice/offline_msg_count'],
      ['GET', '/users/alice/contacts/users'],
      ['POST', '/users/alice/messageroaming', { queue: 'bob@easemob.com', start: -1 }],
      ['POST', '/messages/users', message],
      ['GET', '/chatmessages'],
      ['GET', '/chatgroups'],
      ['GET', '/users/alice/joined_chatgroups'],
      ['GET', '/metadata/user/alice'],
    ] as const) {
      const { status, json } = await app.as(token)(method, path, body)
      assert.match(
        `${status} ${json.error}`,
        /^401 (unauthorized|group_authorization|metadata_error)$/,
        `${method} ${path}`,
      )
    }
  assert.equal((await app.call('GET', '/users/alice')).status, 200)
})
