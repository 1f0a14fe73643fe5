// Connections: pipelining, peers that are slow, silent, gone or too eager (contract.md §6.3 HT-11, HT-12, HT-16 … HT-19,
// HT-23, HT-24, EM-408, EM-413; §8.1).
import assert from 'node:assert/strict'
import { after, type TestContext, test } from 'node:test'
import type { Dialect } from '../src/contract/failure.ts'
import { assertFailure, type Wanted } from './envelope.ts'
import { basic, send } from './http-client.ts'
import { RawConnection } from './raw-connection.ts'
import { ServerProcess } from './server-process.ts'
import { sharedApp, startApp } from './start-app.ts'

const limitMs = 400
const app = sharedApp({
  POSTHOUSE_CONNECTIONS_CHECK_MS: '20',
  POSTHOUSE_REQUEST_TIMEOUT_MS: String(limitMs),
  POSTHOUSE_HEADERS_TIMEOUT_MS: String(limitMs),
  POSTHOUSE_KEEP_ALIVE_TIMEOUT_MS: String(limitMs),
})
const crashes: unknown[] = []
process.on('uncaughtException', error => crashes.push(error))
after(() => assert.deepEqual(crashes, []))

async function open(t: TestContext, httpBase = app().http): Promise<RawConnection> {
  const connection = await RawConnection.open(httpBase)
  t.after(() => connection.destroy())
  return connection
}

const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`

/** `lines` come after Host, and after what lets a body be read. */
const post = (target: string, lines: string, body = '') => {
  const { app_key, master_secret } = app().demo
  const authorization = target.startsWith('/v3')
    ? basic(app_key, master_secret)
    : `Bearer ${app().runtime.admin_token}`
  const authorized = target.startsWith('/demo') ? '' : `Authorization: ${authorization}\r\n`
  return `POST ${target} HTTP/1.1\r\nHost: a\r\n${authorized}${lines}\r\n\r\n${body}`
}

const bodyPaths: Readonly<Record<Dialect, string>> = {
  easemob: '/demo/chat/token',
  jpush: '/v3/push/validate',
  neutral: '/admin/v1/apps',
}
const dialects = Object.keys(bodyPaths) as Dialect[]

test('a hundred requests sent at once are answered in order', async t => {
  const connection = await open(t)
  await connection.send(Array.from({ length: 100 }, (_, number) => get(`/acme/app${number}/users`)).join(''))
  for (let number = 0; number < 100; number++) {
    const { json } = await connection.next()
    assert.match(json.error_description, new RegExp(`for acme/app${number} from`))
  }
})

test('a thousand requests sent at once are answered, though reading stops in between', async t => {
  const connection = await open(t)
  await connection.send(get('/healthz').repeat(1_000))
  for (let number = 0; number < 1_000; number++) assert.equal((await connection.next()).status, 200)
})

test('a request sees what the one before it on the connection has done', async t => {
  const connection = await open(t)
  const body = '{"org":"acme","app":"order"}'
  const create = post('/admin/v1/apps', `Content-Length: ${body.length}`, body)
  const read = `GET /admin/v1/apps/acme/order HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${app().runtime.admin_token}\r\n\r\n`
  await connection.send(create + read)
  assert.equal((await connection.next()).status, 200)
  assert.equal((await connection.next()).status, 200)
})

test('a good request before a bad one is answered in full, then the bad one', async t => {
  for (const bad of [
    'FROB /demo/chat/users HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET /demo/chat/users HTTP/9.9\r\n\r\n',
    'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
  ]) {
    const connection = await open(t)
    await connection.send(get('/acme/none/users') + bad + get('/healthz'))
    assertFailure(await connection.next(), 'easemob', [400, 'organization_application_not_found'], 'good')
    assert.ok((await connection.next()).status >= 400)
    connection.end()
    assert.equal(await connection.rest(), '')
  }
})

test('a connection full of requests takes one place in the queue to the core', async t => {
  const small = await startApp(t, { POSTHOUSE_IN_FLIGHT_MAX: '2', POSTHOUSE_GATEWAY_DEADLINE_MS: '20000' })
  await small.admin('PUT', '/core', { state: 'frozen' })
  const greedy = await open(t, small.http)
  await greedy.send(get('/acme/none/users').repeat(40))
  const other = await open(t, small.http)
  await other.send(get('/acme/other/users'))
  // Served by the gateway alone, so by now the others have asked the core.
  assert.equal((await send(`${small.http}/healthz`)).status, 200)
  await small.admin('PUT', '/core', { state: 'running' })
  assert.equal((await other.next()).status, 400)
  for (let number = 0; number < 40; number++) assert.equal((await greedy.next()).status, 400)
})

test('a head that stops half-way is answered 408 and the connection closed', async t => {
  const connection = await open(t)
  const startedAt = performance.now()
  await connection.send('GET /demo/chat/users HTTP/1.1\r\nHo')
  assertFailure(await connection.next(), 'neutral', [408, 'request_timeout'], 'head')
  assert.ok(performance.now() - startedAt < limitMs * 1.5)
  connection.end()
  assert.equal(await connection.rest(), '')
})

test('a head that stops half-way is answered in the dialect the connection spoke before', async t => {
  const connection = await open(t)
  await connection.send(get('/v3/nope'))
  await connection.next()
  await connection.send('GET /v3/pu')
  assertFailure(await connection.next(), 'jpush', [408, 9408], 'head')
})

const slow: Readonly<Record<Dialect, Wanted>> = {
  easemob: [408, 'request_timeout'],
  jpush: [408, 9408],
  neutral: [408, 'request_timeout'],
}

for (const dialect of dialects) {
  test(`a body that stops half-way is answered 408 and the connection closed (${dialect})`, async t => {
    for (const lines of ['Content-Length: 100', 'Transfer-Encoding: chunked']) {
      const connection = await open(t)
      const startedAt = performance.now()
      await connection.send(post(bodyPaths[dialect], lines, lines.startsWith('C') ? '{' : '1\r\n{\r\n'))
      const answer = await connection.next()
      assertFailure(answer, dialect, slow[dialect], lines)
      assert.equal(answer.headers.connection, 'close')
      assert.ok(performance.now() - startedAt >= limitMs * 0.9)
      connection.end()
      assert.equal(await connection.rest(), '')
    }
  })
}

test('a body nobody asked for that stops half-way closes the connection without a second answer', async t => {
  const connection = await open(t)
  await connection.send('GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx')
  assert.equal((await connection.next()).status, 200)
  assert.equal(await connection.rest(), '')
})

test('a connection that never sends a byte is closed without a word', async t => {
  const connection = await open(t)
  assert.equal(await connection.rest(), '')
})

test('a connection that falls silent after an answer is closed without a word', async t => {
  const connection = await open(t)
  await connection.send(get('/healthz'))
  const { headers } = await connection.next()
  assert.match(String(headers['keep-alive']), /^timeout=\d+/)
  assert.equal(await connection.rest(), '')
})

test('a peer that shuts down its half after the request still gets the answer', async t => {
  const connection = await open(t)
  await connection.send(get('/acme/none/users'))
  connection.end()
  assert.equal((await connection.next()).status, 400)
  assert.equal(await connection.rest(), '')
})

test('a peer that shuts down its half in the middle of a body is told', async t => {
  for (const dialect of dialects) {
    const connection = await open(t)
    await connection.send(post(bodyPaths[dialect], 'Content-Length: 100', '{'))
    connection.end()
    const { status } = await connection.next()
    assert.equal(status, 400, dialect)
    assert.equal(await connection.rest(), '')
  }
})

test('peers that vanish or reset in the middle of a body hurt nobody', async t => {
  for (const dialect of dialects) {
    for (const leave of ['destroy', 'reset'] as const) {
      const connection = await open(t)
      await connection.send(post(bodyPaths[dialect], 'Content-Length: 100', '{'))
      connection[leave]()
    }
  }
  assert.equal((await send(`${app().http}/readyz`)).status, 200)
})

test('a body that GET or DELETE brings is read away, and the next request is whole', async t => {
  const connection = await open(t)
  for (const method of ['GET', 'DELETE']) {
    for (const [lines, body] of [
      ['Content-Length: 2', '{}'],
      ['Transfer-Encoding: chunked', '2\r\n{}\r\n0\r\n\r\n'],
    ]) {
      await connection.send(
        `${method} /acme/none/users HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n${body}${get('/healthz')}`,
      )
      assert.equal((await connection.next()).status, 400, method)
      assert.equal((await connection.next()).status, 200, method)
    }
  }
})

test('Upgrade: h2c is an ordinary request, body and all', async t => {
  const connection = await open(t)
  const lines = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__'
  await connection.send(`GET /healthz HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n`)
  assert.equal((await connection.next()).status, 200)
  for (const framing of ['Content-Length: 2\r\n\r\n{}', 'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0']) {
    await connection.send(post('/admin/v1/apps', `${lines}\r\n${framing}`))
    assertFailure(await connection.next(), 'neutral', [400, 'request_invalid'], framing)
  }
  await connection.send(
    'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  )
  assert.equal((await connection.next()).status, 200)
})

test('HTTP/1.0 is answered without a Host, and the connection closed unless it asks otherwise', async t => {
  const once = await open(t)
  await once.send('GET /healthz HTTP/1.0\r\n\r\n')
  assert.equal((await once.next()).status, 200)
  assert.equal(await once.rest(), '')
  const kept = await open(t)
  const request = 'GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'
  await kept.send(request)
  assert.equal((await kept.next()).headers.connection, 'keep-alive')
  await kept.send(request)
  assert.equal((await kept.next()).status, 200)
})

const tooLarge: Readonly<Record<Dialect, Wanted>> = {
  easemob: [413, 'Request Entity Too Large'],
  jpush: [400, 1005],
  neutral: [413, 'body_too_large'],
}
const limits: Readonly<Record<Dialect, number>> = { easemob: 5_120, jpush: 65_536, neutral: 65_536 }

for (const dialect of dialects) {
  test(`a body of one byte too many is refused, one of as many as allowed is not (${dialect})`, async t => {
    for (const isChunked of [false, true]) {
      for (const bytes of [limits[dialect], limits[dialect] + 1]) {
        const connection = await open(t)
        const body = `{"x":"${'x'.repeat(bytes - 8)}"}`
        const chunk = `${bytes.toString(16)}\r\n${body}\r\n0\r\n\r\n`
        const lines = isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes}`
        await connection.send(post(bodyPaths[dialect], lines, isChunked ? chunk : body))
        const answer = await connection.next()
        if (bytes > limits[dialect]) assertFailure(answer, dialect, tooLarge[dialect], lines)
        else assert.notEqual(answer.status === 413 || answer.text.includes('1005'), true, answer.text)
      }
    }
  })

  test(`a peer that writes 16 MiB before it reads gets to read the refusal (${dialect})`, async t => {
    const body = Buffer.alloc(16 * 1024 * 1024, 'x')
    for (const isChunked of [false, true]) {
      const connection = await open(t)
      connection.pause()
      const lines = isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`
      await connection.send(post(bodyPaths[dialect], lines))
      if (isChunked) await connection.send(`${body.length.toString(16)}\r\n`)
      await connection.send(body)
      if (isChunked) await connection.send('\r\n0\r\n\r\n')
      connection.resume()
      const answer = await connection.next()
      assertFailure(answer, dialect, tooLarge[dialect], lines)
      assert.equal(answer.headers.connection, 'close')
    }
  })
}

test('Expect: 100-continue is asked to go on when the head is acceptable', async t => {
  const before = await remaining()
  for (const dialect of dialects) {
    const connection = await open(t)
    await connection.send(post(bodyPaths[dialect], 'Expect: 100-continue\r\nContent-Length: 2'))
    assert.equal((await connection.next()).status, 100, dialect)
    await connection.send('{}')
    assert.equal((await connection.next()).status, 400, dialect)
    await connection.send(get('/healthz'))
    assert.equal((await connection.next()).status, 200, dialect)
  }
  // The call was looked at twice and counted once; the last look is itself a call.
  assert.equal(await remaining(), before - 2)
})

async function remaining(): Promise<number> {
  const { app_key, master_secret } = app().demo
  const { headers } = await send(`${app().http}/v3/push/cid?count=1`, {
    headers: { Authorization: basic(app_key, master_secret) },
  })
  return Number(headers['x-rate-limit-remaining'])
}

test('Expect: 100-continue is refused before the body when it is too large or the caller may not', async t => {
  for (const dialect of dialects) {
    const connection = await open(t)
    await connection.send(
      post(bodyPaths[dialect], `Expect: 100-continue\r\nContent-Length: ${limits[dialect] + 1}`),
    )
    assertFailure(await connection.next(), dialect, tooLarge[dialect], dialect)
    connection.end()
    assert.equal(await connection.rest(), '')
  }
  for (const [dialect, target, wanted] of [
    ['easemob', '/acme/none/users', [400, 'organization_application_not_found']],
    ['jpush', '/v3/push', [401, 1004]],
    ['neutral', '/admin/v1/apps', [401, 'admin_token_missing']],
  ] as const) {
    const connection = await open(t)
    await connection.send(
      `POST ${target} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n`,
    )
    assertFailure(await connection.next(), dialect, wanted, target)
  }
})

test('any other expectation is refused', async t => {
  for (const [dialect, wanted] of [
    ['easemob', [400, 'illegal_argument']],
    ['jpush', [400, 1003]],
    ['neutral', [417, 'expectation_unknown']],
  ] as const) {
    const connection = await open(t)
    await connection.send(post(bodyPaths[dialect], 'Expect: banana\r\nContent-Length: 2', '{}'))
    assertFailure(await connection.next(), dialect, wanted, dialect)
  }
})

test('hundreds of silent and dripping connections do not keep others waiting', async t => {
  const idle = await Promise.all(Array.from({ length: 500 }, () => open(t)))
  const dripping = await Promise.all(Array.from({ length: 100 }, () => open(t)))
  await Promise.all(
    dripping.map(connection => connection.send(post('/v3/push/validate', 'Content-Length: 100', '{'))),
  )
  const startedAt = performance.now()
  assert.equal((await send(`${app().http}/readyz`)).status, 200)
  assert.ok(performance.now() - startedAt < 2_000)
  for (const connection of dripping) assert.equal((await connection.next()).status, 408)
  for (const connection of idle) assert.equal(await connection.rest(), '')
})

test('a peer that never reads its answers loses its connection, and only that', async t => {
  const stalling = await startApp(t, { POSTHOUSE_STALL_TIMEOUT_MS: '500' })
  const connection = await open(t, stalling.http)
  connection.pause()
  const closed = new Promise<void>(resolve => connection.onClose(resolve))
  // More than the system takes, so that this side has something to write when the other has gone.
  void connection.send(get('/metrics').repeat(500_000))
  assert.equal((await send(`${stalling.http}/healthz`)).status, 200)
  await closed
  assert.equal((await send(`${stalling.http}/healthz`)).status, 200)
})

test('connections beyond the limit are turned away, and those within it are served', async t => {
  const full = await startApp(t, { POSTHOUSE_CONNECTIONS_MAX: '5' })
  const held = await Promise.all(Array.from({ length: 5 }, () => open(t, full.http)))
  const turnedAway = await open(t, full.http)
  assert.equal(await turnedAway.rest(), '')
  for (const connection of held) {
    await connection.send(get('/healthz'))
    assert.equal((await connection.next()).status, 200)
  }
})

test('hostile peers leave nothing in the log', async t => {
  const env = {
    POSTHOUSE_LOG_LEVEL: 'warn',
    POSTHOUSE_REQUEST_TIMEOUT_MS: '200',
    POSTHOUSE_CONNECTIONS_CHECK_MS: '20',
  }
  const server = await ServerProcess.start(t, { env })
  const { http } = server.runtime
  const half = 'POST /v3/push HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{'
  for (const leave of ['destroy', 'reset', 'end'] as const) {
    const connection = await open(t, http)
    await connection.send(half)
    connection[leave]()
  }
  const answered = [
    half,
    'FROB / HTTP/1.1\r\n\r\n',
    '\x16\x03\x01',
    'GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n',
    get('/a/b/c'),
    get('/v3/x'),
  ]
  for (const bytes of answered) {
    const connection = await open(t, http)
    await connection.send(bytes)
    await connection.next()
    connection.reset()
  }
  assert.equal((await send(`${http}/readyz`)).status, 200)
  assert.deepEqual(server.log(), [])
})
