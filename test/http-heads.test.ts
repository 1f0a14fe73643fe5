// Heads: their size, and what their headers say (contract.md §6.3 HT-09, JP-401, EM-401, §8.1).
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Dialect } from '../src/contract/failure.ts'
import { assertFailure, type Wanted } from './envelope.ts'
import { basic, type Received, send } from './http-client.ts'
import { RawConnection } from './raw-connection.ts'
import { sharedApp } from './start-app.ts'

const app = sharedApp()
const crashes: unknown[] = []
process.on('uncaughtException', error => crashes.push(error))
after(() => assert.deepEqual(crashes, []))

const paths: Readonly<Record<Dialect, string>> = {
  easemob: '/demo/chat/nope',
  jpush: '/v3/nope',
  neutral: '/nope',
}
const dialects = Object.keys(paths) as Dialect[]
const tooLarge: Readonly<Record<Dialect, Wanted>> = {
  easemob: [400, 'illegal_argument'],
  jpush: [400, 1003],
  neutral: [431, 'head_too_large'],
}
const unknown: Readonly<Record<Dialect, Wanted>> = {
  easemob: [500, 'web_application'],
  jpush: [404, 9404],
  neutral: [404, 'path_unknown'],
}

async function get(path: string, ...lines: string[]): Promise<Received> {
  const connection = await RawConnection.open(app().http)
  await connection.send(`GET ${path} HTTP/1.1\r\n${['Host: a', ...lines].join('\r\n')}\r\n\r\n`)
  const answer = await connection.next()
  connection.destroy()
  return answer
}

const many = (count: number) => Array.from({ length: count }, (_, number) => `X-${number}: y`)

test('heads are refused beyond a hundred headers, and never cut short', async () => {
  for (const dialect of dialects) {
    const path = paths[dialect]
    assertFailure(await get(path, ...many(99)), dialect, unknown[dialect], '100')
    assertFailure(await get(path, ...many(100)), dialect, tooLarge[dialect], '101')
    assertFailure(
      await get(path, ...many(1_999), 'Authorization: Bearer x'),
      dialect,
      tooLarge[dialect],
      '2000',
    )
  }
})

test('heads are refused beyond 16 KiB, in the dialect of their path', async () => {
  for (const dialect of dialects) {
    const path = paths[dialect]
    assertFailure(await get(path, `Cookie: ${'x'.repeat(4_096)}`), dialect, unknown[dialect], '4 KiB')
    assertFailure(await get(path, `X-A: ${'x'.repeat(16_000)}`), dialect, unknown[dialect], '16 KB')
    assertFailure(await get(path, `X-A: ${'x'.repeat(16_384)}`), dialect, tooLarge[dialect], '16 KiB')
    assertFailure(await get(path, `X-A: ${'x'.repeat(20_480)}`), dialect, tooLarge[dialect], '20 KB')
    assertFailure(await get(path, `X-A: ${'x'.repeat(63_000)}`), dialect, tooLarge[dialect], '63 KB')
    assert.ok([400, 431].includes((await get(path, `X-A: ${'x'.repeat(200_000)}`)).status), '200 KB')
  }
})

test('a long head that comes in pieces is refused in the dialect of its path', async () => {
  for (const dialect of dialects) {
    const connection = await RawConnection.open(app().http)
    await connection.send(`GET ${paths[dialect]} HTTP/1.1\r\nHost: a\r\n`)
    for (let piece = 0; piece < 20; piece++) await connection.send(`X-${piece}: ${'x'.repeat(1_024)}\r\n`)
    await connection.send('\r\n')
    assertFailure(await connection.next(), dialect, tooLarge[dialect], dialect)
    connection.destroy()
  }
})

test('headers nobody knows, underscores and bytes beyond ASCII are no reason to refuse', async () => {
  for (const dialect of dialects)
    assertFailure(
      await get(paths[dialect], 'X_Under: a', 'X-Latin: \xe9\xff', 'X-Empty:', 'Accept: text/html'),
      dialect,
      unknown[dialect],
      dialect,
    )
})

test('whatever the Accept header asks for, the answer is the dialect’s JSON', async () => {
  for (const accept of ['application/problem+json', 'text/xml', '*/*;q=0', 'application/json'])
    for (const dialect of dialects)
      assertFailure(await get(paths[dialect], `Accept: ${accept}`), dialect, unknown[dialect], accept)
})

test('Basic credentials that cannot be read are the same as wrong ones', async () => {
  const { app_key, master_secret } = app().demo
  const encode = (text: string) => Buffer.from(text).toString('base64')
  const texts = new Set<string>()
  for (const credentials of [
    undefined,
    'Basic',
    'Basic ',
    'Basic !!!',
    `Basic ${encode(app_key)}`,
    `Basic ${encode(`:${master_secret}`)}`,
    `Basic ${encode(`${app_key}:`)}`,
    `Basic ${encode(`${app_key}:密码`)}`,
    `Basic ${encode(`${app_key}:${'x'.repeat(7_000)}`)}`,
    `Basic ${encode(`${app_key}:${master_secret}x`)}`,
    `Basic ${encode(`unknown:${master_secret}`)}`,
    `Basic ${encode('__proto__:constructor')}`,
    `Bearer ${encode(`${app_key}:${master_secret}`)}`,
    `Basic ${encode(`${app_key}:${master_secret}`)}, Basic x`,
  ]) {
    const headers = credentials === undefined ? {} : { Authorization: credentials }
    const answer = await send(`${app().http}/v3/push/cid`, { headers })
    assertFailure(answer, 'jpush', [401, 1004], String(credentials))
    texts.add(answer.text)
  }
  assert.equal(texts.size, 1)
  for (const scheme of ['basic', 'BASIC', 'Basic  ']) {
    const headers = { Authorization: basic(app_key, master_secret).replace('Basic', scheme) }
    assert.equal((await send(`${app().http}/v3/push/cid?count=1`, { headers })).status, 200, scheme)
  }
})

test('Bearer tokens that cannot be read are corrupt, on every path; another scheme is no token', async () => {
  for (const path of ['/demo/chat/users/a', '/demo/chat/nope', '/demo/chat/token']) {
    for (const token of [
      'Bearer',
      'Bearer ',
      'Bearer x',
      'bearer x',
      'Bearer\tx',
      'Bearer x y',
      'Bearer YWMt',
      'Bearer __proto__',
    ])
      assertFailure(
        await get(path, `Authorization: ${token}`),
        'easemob',
        [401, 'auth_bad_access_token'],
        `${path} ${token}`,
      )
    const other = await get(path, 'Authorization: Basic eDp5')
    assert.doesNotMatch(other.text, /auth_bad_access_token/)
  }
})

test('browsers may call the Easemob dialect from anywhere, and read what they need', async () => {
  const path = `${app().http}/demo/chat/nope`
  const anybody = await send(path)
  assert.equal(anybody.headers['access-control-allow-origin'], '*')
  const { headers } = await send(path, { headers: { Origin: 'https://shop.example' } })
  assert.equal(headers['access-control-allow-origin'], 'https://shop.example')
  assert.equal(headers.vary, 'Origin')
  assert.match(String(headers['access-control-expose-headers']), /Retry-After.*Idempotent-Replayed/)
  const preflight = await send(path, {
    method: 'OPTIONS',
    headers: {
      Origin: 'https://shop.example',
      'Access-Control-Request-Method': 'PUT',
      'Access-Control-Request-Headers': 'authorization, idempotency-key',
    },
  })
  assert.equal(preflight.status, 204)
  assert.match(String(preflight.headers['access-control-allow-methods']), /PUT/)
  assert.equal(preflight.headers['access-control-allow-headers'], 'authorization, idempotency-key')
})
