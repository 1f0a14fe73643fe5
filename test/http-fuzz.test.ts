// Good requests with something broken in them, by chance: whatever arrives, every answer is whole and speaks JSON, and
// the server lives on. The seed is printed and can be given again.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { basic, send } from './http-client.ts'
import { RawConnection } from './raw-connection.ts'
import { sharedApp } from './start-app.ts'

const app = sharedApp({ POSTHOUSE_REQUEST_TIMEOUT_MS: '1000', POSTHOUSE_CONNECTIONS_CHECK_MS: '50' })
const crashes: unknown[] = []
process.on('uncaughtException', error => crashes.push(error))
after(() => assert.deepEqual(crashes, []))

const rounds = 1_500
const atOnce = 30

/** The same numbers for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const fragments = [
  ...[
    '\r\n',
    '\n',
    '\r',
    '\0',
    ' ',
    '\t',
    ':',
    '%',
    '%zz',
    '%00',
    '//',
    '/..',
    '?',
    '#',
    '\\',
    '\xff',
    '\u00e9',
  ],
  ...[
    'Content-Length: 5\r\n',
    'Content-Length: 0\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Transfer-Encoding: x\r\n',
  ],
  ...['Host: b\r\n', 'Expect: 100-continue\r\n', 'Expect: x\r\n', 'Upgrade: h2c\r\nConnection: Upgrade\r\n'],
  ...[
    'Connection: close\r\n',
    'Content-Encoding: gzip\r\n',
    'Content-Type: text/xml\r\n',
    'Authorization: Bearer x\r\n',
  ],
  ...[
    'HTTP/1.0',
    'HTTP/2.0',
    'GET ',
    'POST ',
    'FROB ',
    '0\r\n\r\n',
    '5\r\nabcde\r\n',
    '{',
    '}',
    '[',
    '"',
    '\\u0000',
    '1e999',
  ],
]

function requests(): string[] {
  const { demo, runtime } = app()
  const key = basic(demo.app_key, demo.master_secret)
  const post = (path: string, authorization: string, body: string) =>
    `POST ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const get = (path: string, authorization: string) =>
    `GET ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n\r\n`
  return [
    post('/v3/push/validate', key, '{"platform":"all","audience":"all","notification":{"alert":"a"}}'),
    post('/demo/chat/token', '', '{"grant_type":"password","username":"a","password":"b"}'),
    post('/demo/chat/users', 'Bearer x', '{"username":"a","password":"b"}'),
    post('/admin/v1/apps', `Bearer ${runtime.admin_token}`, '{"org":"?","app":"?"}'),
    post('/device/v1/registrations', basic(demo.app_key, ''), '{"platform":"?"}'),
    get('/v3/devices/0123456789abcdef012', key),
    get('/demo/chat/users/a?limit=1', 'Bearer x'),
    get('/healthz', '') + get('/v3/nope', key) + get('/demo/chat/nope', ''),
    `POST /v3/push HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n`,
  ]
}

function breakSomewhere(request: string, random: (below: number) => number): string {
  let broken = request
  for (let times = 1 + random(3); times > 0; times--) {
    const at = random(broken.length + 1)
    const size = random(12)
    const fragment = fragments[random(fragments.length)]!
    const kind = random(4)
    if (kind === 0) broken = broken.slice(0, at) + fragment + broken.slice(at)
    else if (kind === 1) broken = broken.slice(0, at) + broken.slice(at + size)
    else if (kind === 2) broken = broken.slice(0, at) + broken.slice(at, at + size) + broken.slice(at)
    else broken = broken.slice(0, at) + String.fromCharCode(random(256)) + broken.slice(at + 1)
  }
  return broken
}

/** Sends the bytes and reads every answer to them. */
async function assertAnswered(bytes: string): Promise<void> {
  const connection = await RawConnection.open(app().http)
  await connection.send(bytes)
  connection.end()
  for (;;) {
    const answer = await connection.next().catch(() => undefined)
    if (!answer) break
    const what = JSON.stringify(bytes)
    assert.ok(answer.status >= 100 && answer.status < 600, what)
    if (answer.status === 100 || answer.status === 204) continue
    assert.match(String(answer.headers['content-type']), /^application\/json/, what)
    const body = JSON.parse(answer.text)
    if (answer.status !== 200) assert.ok(body.error !== undefined, what)
  }
  // Nothing but whole answers; HEAD by chance leaves none of its body.
  assert.equal(await connection.rest(), '', JSON.stringify(bytes))
}

test('requests that are broken by chance are answered whole or not at all', async t => {
  const seed = Number(process.env.POSTHOUSE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
  t.diagnostic(`POSTHOUSE_TEST_SEED=${seed}`)
  const random = randomFrom(seed)
  const good = requests()
  for (let round = 0; round < rounds; round += atOnce) {
    const broken = Array.from({ length: atOnce }, () => breakSomewhere(good[random(good.length)]!, random))
    await Promise.all(broken.map(assertAnswered))
  }
  assert.equal((await send(`${app().http}/readyz`)).status, 200)
})
