// Registration in the Easemob dialect: one user or a list, what is refused first, and doing it once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import type { Received } from './http-client.ts'
import { sharedApp, startApp } from './start-app.ts'

const server = sharedApp()

const reason = ({ status, json }: Received) => `${status} ${json.error_description}`
const namesOf = ({ json }: Received): string[] => json.entities.map((user: any) => user.username)

async function everybody({ call }: EasemobApp): Promise<string[]> {
  return namesOf(ok(await call('GET', '/users?limit=1000')))
}

test('a registered user is answered in the full envelope, its name in lower case', async () => {
  const { open, url, uuid } = await makeEasemobApp(server())
  const answer = ok(
    await open('POST', '/users', { username: 'Bob.B-1_', password: 'pw', nickname: 'Bob 鲍' }),
  )
  const { timestamp, duration, entities } = answer.json
  const [{ uuid: userUuid, created }] = entities
  assert.equal(
    answer.text,
    `{"action":"post","application":"${uuid}","path":"/users","uri":"${url}/users",` +
      `"entities":[{"uuid":"${userUuid}","type":"user","created":${created},"modified":${created},` +
      `"username":"bob.b-1_","activated":true,"nickname":"Bob 鲍"}],` +
      `"timestamp":${timestamp},"duration":${duration},"organization":"acme","applicationName":"${url.split('/').at(-1)}"}`,
  )
  assert.match(userUuid, /^[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('names that an object inherits are names like any other', async () => {
  const app = await makeEasemobApp(server())
  const names = ['__proto__', 'constructor', 'hasownproperty', 'tostring', '.', '-', '_', '5', 'u'.repeat(64)]
  await app.register(...names)
  for (const name of names.filter(name => name !== '.')) {
    assert.deepEqual(namesOf(ok(await app.call('GET', `/users/${name}`))), [name])
    assert.equal(typeof (await app.login(name)), 'string')
  }
  assert.equal((await app.call('POST', '/users', { username: 'hasOwnProperty', password: 'x' })).status, 400)
  assert.deepEqual(await everybody(app), names)
})

test('pin stands in for a password, a number for its digits', async () => {
  const app = await makeEasemobApp(server())
  ok(await app.open('POST', '/users', { username: 'a', pin: '1234' }))
  ok(await app.open('POST', '/users', { username: 'b', password: 5678, nickname: 9 }))
  ok(await app.open('POST', '/users', { username: 'c', password: '   ' }))
  assert.equal(typeof (await app.login('a', '1234')), 'string')
  assert.equal(typeof (await app.login('b', '5678')), 'string')
  assert.equal(typeof (await app.login('c', '   ')), 'string')
})

test('what is wrong with an account is told in one order', async () => {
  const { call, open, register, change } = await makeEasemobApp(server())
  await register('taken')
  const long = 'x'.repeat(101)
  const noName = '400 Entity user requires a property named username'
  const rows: readonly (readonly [unknown, string])[] = [
    [{}, noName],
    [{ username: null, password: '' }, noName],
    [{ username: '', nickname: long }, noName],
    [{ username: '  ' }, noName],
    [{ username: 7, password: 'x' }, noName],
    [{ username: ['taken'] }, noName],
    [{ username: `${'x'.repeat(80)}!` }, `400 username [${'x'.repeat(80)}!] is not legal`],
    [{ username: 'ﬀ', password: 'x' }, '400 username [ﬀ] is not legal'],
    [{ username: '\u212aim', password: 'x' }, '400 username [\u212aim] is not legal'],
    [{ username: 'a\u0000b', password: 'x' }, '400 username [a\u0000b] is not legal'],
    [{ username: 'x'.repeat(65) }, '400 USERNAME_TOO_LONG'],
    [{ username: 'taken', nickname: long }, '400 password or pin must provided'],
    [{ username: 'taken', password: '', nickname: long }, '400 password or pin must provided'],
    [{ username: 'taken', password: null }, '400 password or pin must provided'],
    [{ username: 'taken', password: { a: 1 } }, '400 password or pin must provided'],
    [{ username: 'taken', password: 'x', nickname: long }, '400 NICKNAME_TOO_LONG'],
  ]
  for (const [account, expected] of rows) {
    assert.equal(reason(await call('POST', '/users', account)), expected, JSON.stringify(account))
    assert.equal(reason(await call('POST', '/users', [account])), expected, JSON.stringify([account]))
  }
  assert.match(
    reason(await call('POST', '/users', { username: 'Taken', password: 'x' })),
    /value of Taken exists$/,
  )
  await change({ registration: 'authorised' })
  assert.match(reason(await open('POST', '/users', {})), /^401 registration is not open/)
  ok(await call('POST', '/users', { username: 'new', password: 'x', nickname: '😀'.repeat(100) }))
})

test('a list is registered in its order, and one element wrong registers nobody', async () => {
  const app = await makeEasemobApp(server())
  const list = ['c', 'a', 'b'].map(username => ({ username, password: 'x' }))
  const answer = ok(await app.call('POST', '/users', list))
  assert.deepEqual(namesOf(answer), ['c', 'a', 'b'])
  assert.deepEqual(answer.json.data, [])
  const wrong = [{ username: 'd', password: 'x' }, { username: 'e' }]
  assert.equal((await app.call('POST', '/users', wrong)).status, 400)
  assert.deepEqual(await everybody(app), ['c', 'a', 'b'])
  assert.deepEqual(namesOf(ok(await app.call('POST', '/users', []))), [])
})

test('the same name twice in a list is one user, when the passwords agree', async () => {
  const app = await makeEasemobApp(server())
  const list = ['Twin', 'tWIN', 'other'].map(username => ({ username, password: 'x' }))
  assert.deepEqual(namesOf(ok(await app.call('POST', '/users', list))), ['twin', 'other'])
})

test('a taken name in a list refuses all of it in the seed edition, and is told in the live one', async () => {
  const app = await makeEasemobApp(server())
  await app.register('u3')
  const list = ['u1', 'U3', 'u2'].map(username => ({ username, password: 'x' }))
  assert.match(reason(await app.call('POST', '/users', list)), /^400 .*value of U3 exists$/)
  assert.deepEqual(await everybody(app), ['u3'])
  await app.change({ edition: 'live' })
  const answer = ok(await app.call('POST', '/users', list))
  assert.deepEqual(namesOf(answer), ['u1', 'u2'])
  assert.deepEqual(answer.json.data, [{ username: 'u3', registerUserFailReason: 'the u3 already exists' }])
  const again = ok(await app.call('POST', '/users', list))
  assert.deepEqual([namesOf(again), again.json.data.length], [[], 3])
  assert.deepEqual(await everybody(app), ['u3', 'u1', 'u2'])
})

test('only an app of the live edition that registers by itself may leave the password out', async () => {
  const app = await makeEasemobApp(server())
  for (const edition of ['seed', 'live'])
    for (const registration of ['open', 'authorised']) {
      await app.change({ edition, registration })
      const username = `${edition}-${registration}`
      const { status } = await app.call('POST', '/users', { username })
      assert.equal(status, username === 'live-authorised' ? 200 : 400, username)
      assert.equal((await app.call('POST', '/users', { username, password: '' })).status, 400)
    }
  const grant = { grant_type: 'password', username: 'live-authorised', password: 'undefined' }
  assert.equal((await app.open('POST', '/token', grant)).status, 400)
})

test('of many registrations of one name at once, one succeeds and the others are told', async () => {
  const { open } = await makeEasemobApp(server())
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => open('POST', '/users', { username: 'once', password: 'x' })),
  )
  const reasons = answers.filter(({ status }) => status !== 200).map(reason)
  assert.equal(reasons.length, 19)
  for (const text of reasons) assert.match(text, /^400 .*value of once exists$/)
})

test('a repeat under one key is answered with the same bytes, and registers nobody', async () => {
  const app = await makeEasemobApp(server())
  const key = { 'Idempotency-Key': 'k1' }
  const body = { username: 'ida', password: 'x', nickname: 'I' }
  const first = ok(await app.open('POST', '/users', body, key))
  assert.equal(first.headers['idempotent-replayed'], undefined)
  const repeat = ok(await app.open('POST', '/users', { nickname: 'I', username: 'ida', password: 'x' }, key))
  assert.equal(repeat.text, first.text)
  assert.equal(repeat.headers['idempotent-replayed'], 'true')
  const other = await app.open('POST', '/users', { ...body, username: 'ivo' }, key)
  assert.equal(reason(other), '400 Idempotency-Key was used with another request')
  const list = await app.call('POST', '/users', [{ ...body, username: 'ivo' }], key)
  assert.equal(list.status, 400)
  assert.deepEqual(await everybody(app), ['ida'])
})

test('twenty calls at once under one key register one user, and all say so in the same bytes', async () => {
  const app = await makeEasemobApp(server())
  const body = { username: 'ida', password: 'x' }
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => app.open('POST', '/users', body, { 'Idempotency-Key': 'k2' })),
  )
  assert.equal(new Set(answers.map(answer => ok(answer).text)).size, 1)
  assert.equal(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true').length, 19)
  assert.deepEqual(await everybody(app), ['ida'])
})

test('a repeat under one key does not pay for the password again', async t => {
  const app = await makeEasemobApp(await startApp(t, { POSTHOUSE_SCRYPT_COST: '131072' }))
  const time = async () => {
    const startedAt = performance.now()
    const body = { username: 'ida', password: 'x' }
    ok(await app.open('POST', '/users', body, { 'Idempotency-Key': 'k4' }))
    return performance.now() - startedAt
  }
  const first = await time()
  assert.ok((await time()) < first / 2)
})

test('a refusal is not kept under its key, and a key belongs to its app and its route', async () => {
  const app = await makeEasemobApp(server())
  const key = { 'Idempotency-Key': 'k3' }
  assert.equal((await app.open('POST', '/users', { username: 'ida' }, key)).status, 400)
  ok(await app.open('POST', '/users', { username: 'ida', password: 'x' }, key))
  ok(await app.call('PUT', '/users/ida/password', { newpassword: 'y' }, key))
  const other = await makeEasemobApp(server())
  const answer = ok(await other.open('POST', '/users', { username: 'ida', password: 'z' }, key))
  assert.equal(answer.headers['idempotent-replayed'], undefined)
})
