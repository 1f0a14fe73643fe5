// Bytes that are no well-formed HTTP/1.1 (contract.md §6.3 HT-01 … HT-08, HT-25, §8.1): each is answered in the dialect
// of its path, once, and costs the connection.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Dialect } from '../src/contract/failure.ts'
import { assertFailure, type Wanted } from './envelope.ts'
import { send } from './http-client.ts'
import { RawConnection } from './raw-connection.ts'
import { sharedApp } from './start-app.ts'

const app = sharedApp()
const paths: Readonly<Record<Dialect, string>> = {
  easemob: '/demo/chat/users',
  jpush: '/v3/push',
  neutral: '/admin/v1/apps',
}
const dialects = Object.keys(paths) as Dialect[]

type Row = Readonly<Record<Dialect, Wanted>>

const malformed: Row = {
  easemob: [400, 'illegal_argument'],
  jpush: [400, 1003],
  neutral: [400, 'http_malformed'],
}
const version: Row = { ...malformed, neutral: [505, 'http_version_unsupported'] }
const coding: Row = {
  easemob: [501, 'not_implemented'],
  jpush: [400, 1003],
  neutral: [501, 'transfer_coding_unknown'],
}
const host: Row = { ...malformed, neutral: [400, 'host_invalid'] }

/** A POST with these header lines beside Host. The operator's token lets a body be read at all. */
const post =
  (lines: string, body = '') =>
  (path: string) =>
    `POST ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${app().runtime.admin_token}\r\n${lines}\r\n\r\n${body}`

const chunked = (body: string) => post('Transfer-Encoding: chunked', body)

/** A GET with these header lines and nothing else. */
const head = (lines: string) => (path: string) => `GET ${path} HTTP/1.1\r\n${lines}\r\n\r\n`

const rows: readonly (readonly [name: string, bytes: (path: string) => string, wanted: Row])[] = [
  [
    'a length beside a transfer coding',
    post('Content-Length: 4\r\nTransfer-Encoding: chunked', '0\r\n\r\n'),
    malformed,
  ],
  [
    'a transfer coding beside a length',
    post('Transfer-Encoding: chunked\r\nContent-Length: 4', '0\r\n\r\n'),
    malformed,
  ],
  ['a length twice', post('Content-Length: 2\r\nContent-Length: 2', '{}'), malformed],
  ['two lengths', post('Content-Length: 2\r\nContent-Length: 3', '{}'), malformed],
  ['a list of lengths', post('Content-Length: 2, 2', '{}'), malformed],
  ['a length with a plus', post('Content-Length: +2', '{}'), malformed],
  ['a negative length', post('Content-Length: -1'), malformed],
  ['a hexadecimal length', post('Content-Length: 0x2', '{}'), malformed],
  ['a length of 20 digits', post('Content-Length: 99999999999999999999'), malformed],
  ['a length of two numbers', post('Content-Length: 1 1', '{}'), malformed],
  ['an unknown transfer coding', post('Transfer-Encoding: xchunked', '0\r\n\r\n'), coding],
  ['the identity coding', post('Transfer-Encoding: identity', '{}'), coding],
  ['gzip before chunks', post('Transfer-Encoding: gzip, chunked', '0\r\n\r\n'), coding],
  ['gzip after chunks', post('Transfer-Encoding: chunked, gzip', '0\r\n\r\n'), coding],
  [
    'an unknown coding whose body speaks of a length',
    post('Transfer-Encoding: x', 'content-length: 1'),
    coding,
  ],
  [
    'chunks in HTTP/1.0',
    path => `POST ${path} HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    malformed,
  ],
  ['a chunk size that is no number', chunked('zz\r\n{}\r\n0\r\n\r\n'), malformed],
  ['a negative chunk size', chunked('-2\r\n{}\r\n0\r\n\r\n'), malformed],
  ['a chunk size with 0x', chunked('0x2\r\n{}\r\n0\r\n\r\n'), malformed],
  ['a chunk size that overflows', chunked('fffffffffffffffff\r\n{}\r\n0\r\n\r\n'), malformed],
  ['a chunk longer than its size', chunked('1\r\n{}\r\n0\r\n\r\n'), malformed],
  ['a chunk line that ends in LF alone', chunked('2\n{}\r\n0\r\n\r\n'), malformed],
  ['a chunk extension of 20 KB', chunked(`2;${'x'.repeat(20_480)}\r\n{}\r\n0\r\n\r\n`), malformed],
  ['a folded header', head('Host: a\r\nX-A: b\r\n c'), malformed],
  ['white space before a colon', head('Host: a\r\nX-A : b'), malformed],
  ['NUL in a header', head('Host: a\r\nX-A: b\0c'), malformed],
  ['a bare CR in a header', head('Host: a\r\nX-A: b\rc'), malformed],
  ['a control character in a header', head('Host: a\r\nX-A: b\x01c'), malformed],
  ['a bare LF after a header', head('Host: a\nX-A: b'), malformed],
  ['a header without a colon', head('Host: a\r\nX-A'), malformed],
  ['a header without a name', head('Host: a\r\n: b'), malformed],
  ['a header name that is no token', head('Host: a\r\nX(A): b'), malformed],
  ['lines that end in LF alone', path => `GET ${path} HTTP/1.1\nHost: a\n\n`, malformed],
  ['no Host', head('X-A: b'), host],
  ['two Hosts', head('Host: a\r\nHost: a'), host],
  ['an empty Host', head('Host: '), host],
  ['a Host with user information', head('Host: a@b'), host],
  ['a Host with a blank', head('Host: a b'), host],
  ['a Host with a path', head('Host: a/b'), host],
  ['a list of Hosts', head('Host: a, b'), host],
  ['HTTP/0.9', path => `GET ${path}\r\n\r\n`, version],
  ['HTTP/1.2', path => `GET ${path} HTTP/1.2\r\nHost: a\r\n\r\n`, version],
  ['HTTP/2.0', path => `GET ${path} HTTP/2.0\r\nHost: a\r\n\r\n`, version],
  ['HTTP/3.7', path => `GET ${path} HTTP/3.7\r\nHost: a\r\n\r\n`, version],
]

const crashes: unknown[] = []
process.on('uncaughtException', error => crashes.push(error))
after(() => assert.deepEqual(crashes, []))

for (const [name, bytes, wanted] of rows) {
  test(`${name} is refused once, in the dialect of its path, and ends the connection`, async () => {
    for (const dialect of dialects) {
      const connection = await RawConnection.open(app().http)
      await connection.send(bytes(paths[dialect]))
      const answer = await connection.next()
      assertFailure(answer, dialect, wanted[dialect], dialect)
      assert.equal(answer.headers.connection, 'close', dialect)
      connection.end()
      assert.equal(await connection.rest(), '', dialect)
    }
    assert.equal((await send(`${app().http}/healthz`)).status, 200)
  })
}

const greetings: readonly (readonly [name: string, bytes: string | Buffer])[] = [
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['the greeting of TLS', Buffer.from('16030100c8010000c40303a1b2c3d4e5f60718293a4b5c6d7e8f90', 'hex')],
  ['binary bytes', Buffer.from('000102fffefd8081', 'hex')],
  ['a method of 70 letters', `${'A'.repeat(70)} /v3/push HTTP/1.1\r\nHost: a\r\n\r\n`],
  ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n'],
  ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['blank lines and a word', '\r\n\r\nhello\r\n\r\n'],
]

for (const [name, bytes] of greetings) {
  test(`${name} is refused in the neutral shape and ends the connection`, async () => {
    const connection = await RawConnection.open(app().http)
    await connection.send(bytes)
    assertFailure(await connection.next(), 'neutral', [400, 'http_malformed'], name)
    connection.end()
    assert.equal(await connection.rest(), '')
    assert.equal((await send(`${app().http}/healthz`)).status, 200)
  })
}

test('a request smuggled behind one that is refused is neither answered nor carried out', async () => {
  const smuggled = `POST /admin/v1/apps HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${app().runtime.admin_token}\r\nContent-Length: 29\r\n\r\n{"org":"smuggled","app":"in"}`
  const carriers = [
    'GET /healthz HTTP/1.1\r\nContent-Length: 0\r\n\r\n',
    'POST /v3/push HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /demo/chat/users HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    `POST /demo/chat/users HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1800\r\n${'x'.repeat(6_144)}\r\n0\r\n\r\n`,
  ]
  for (const carrier of carriers) {
    const connection = await RawConnection.open(app().http)
    await connection.send(carrier + smuggled)
    assert.ok((await connection.next()).status >= 400, carrier)
    await connection.send(smuggled)
    connection.end()
    assert.equal(await connection.rest(), '', carrier)
  }
  const { apps } = await app().admin('GET', '/apps')
  assert.deepEqual(
    apps.filter((made: { org: string }) => made.org === 'smuggled'),
    [],
  )
})

test('what comes after a blank line or two is a request all the same', async () => {
  const connection = await RawConnection.open(app().http)
  await connection.send('\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.equal((await connection.next()).status, 200)
  connection.end()
})

test('trailers change nothing, whatever they are called', async () => {
  const connection = await RawConnection.open(app().http)
  const trailers = 'Authorization: Bearer x\r\nContent-Length: 7\r\n'
  await connection.send(
    `POST /admin/v1/apps HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n${trailers}\r\n`,
  )
  assertFailure(await connection.next(), 'neutral', [401, 'admin_token_missing'], 'trailers')
  connection.end()
  assert.equal(await connection.rest(), '')
})
