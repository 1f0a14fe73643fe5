// Bodies: how they are labelled, coded and written (contract.md §6.3 JS-01 … JS-24, EM-415, §8.1; DESIGN.md §7).
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Dialect } from '../src/contract/failure.ts'
import { assertFailure, type Wanted } from './envelope.ts'
import { basic, type Received, send } from './http-client.ts'
import { json, notJson } from './json-corpus.ts'
import { RawConnection } from './raw-connection.ts'
import { sharedApp } from './start-app.ts'

const app = sharedApp()
const crashes: unknown[] = []
process.on('uncaughtException', error => crashes.push(error))
after(() => assert.deepEqual(crashes, []))

const paths: Readonly<Record<Dialect, string>> = {
  easemob: '/demo/chat/token',
  jpush: '/v3/push/validate',
  neutral: '/admin/v1/apps',
}
const dialects = Object.keys(paths) as Dialect[]

function headersFor(dialect: Dialect): Record<string, string> {
  const { runtime, demo } = app()
  if (dialect === 'easemob') return {}
  const credentials =
    dialect === 'jpush' ? basic(demo.app_key, demo.master_secret) : `Bearer ${runtime.admin_token}`
  return { Authorization: credentials }
}

function post(
  dialect: Dialect,
  body: string | Buffer,
  headers: Record<string, string> = {},
  path = paths[dialect],
) {
  return send(app().http + path, { method: 'POST', headers: { ...headersFor(dialect), ...headers }, body })
}

type Row = Readonly<Record<Dialect, Wanted>>

/** The body was read, and what it says is what is wrong. */
const read: Row = {
  easemob: [400, 'invalid_grant'],
  jpush: [400, 1002],
  neutral: [400, 'request_invalid'],
}
const syntax: Row = { easemob: [400, 'json_parse'], jpush: [400, 1003], neutral: [400, 'json_malformed'] }
const structure: Row = {
  easemob: [400, 'illegal_argument'],
  jpush: [400, 1003],
  neutral: [400, 'body_not_object'],
}
const format: Row = {
  easemob: [400, 'illegal_argument'],
  jpush: [404, 9404],
  neutral: [415, 'media_type_unsupported'],
}
const value: Row = {
  easemob: [400, 'illegal_argument'],
  jpush: [400, 1003],
  neutral: [400, 'json_value_invalid'],
}
const repeated: Row = {
  easemob: [400, 'illegal_argument'],
  jpush: [400, 1003],
  neutral: [400, 'header_repeated'],
}

const object = '{"grant_type":"?"}'
const type = (label: string) => ({ 'Content-Type': label })
const coding = (label: string) => ({ 'Content-Encoding': label })

const labelled: readonly (readonly [
  name: string,
  body: string | Buffer,
  headers: Record<string, string>,
  wanted: Row,
])[] = [
  ['JSON without a type', object, {}, read],
  ['JSON as application/json', object, type('application/json'), read],
  ['JSON in UTF-8', object, type('application/json; charset=UTF-8'), read],
  ['JSON in "utf8"', object, type('application/json;charset="utf8"'), read],
  ['JSON in what an old client calls ISO-8859-1', object, type('text/plain; charset=ISO-8859-1'), read],
  ['JSON as the vendor’s Python client labels it', object, type('application/json;charset:utf-8'), read],
  ['JSON as a form', object, type('application/x-www-form-urlencoded'), read],
  ['JSON as text', object, type('text/plain'), read],
  ['JSON as XML', object, type('application/xml'), read],
  ['JSON after a BOM and blank lines', `\ufeff\r\n\t ${object}`, type('text/xml'), read],
  ['JSON after a hundred blanks', `${' '.repeat(100)}${object}`, type('text/xml'), read],
  ['JSON in GBK', object, type('application/json; charset=GBK'), { ...read, easemob: format.easemob }],
  ['XML', '<a/>', type('application/xml'), format],
  ['XML labelled JSON', '<a/>', type('application/json'), syntax],
  ['XML without a type', '<a/>', {}, { ...syntax, easemob: read.easemob }],
  ['parts', '--x\r\n\r\n1\r\n--x--', type('multipart/form-data; boundary=x'), format],
  ['a picture', Buffer.from('89504e470d0a1a0a', 'hex'), type('image/png'), format],
  [
    'a form',
    'grant_type=%3f',
    type('application/x-www-form-urlencoded'),
    { ...read, jpush: format.jpush, neutral: syntax.neutral },
  ],
  ['text', 'hello', type('text/plain'), { ...format, easemob: syntax.easemob }],
  ['unpacked JSON', object, coding('identity'), read],
  ['packed JSON', gzipSync(object), coding('gzip'), format],
  ['JSON that says it is packed', object, coding('gzip'), format],
  ['JSON in brotli', object, coding('br'), format],
  ['JSON packed twice', object, coding('gzip, gzip'), format],
  ['packed JSON that says nothing', gzipSync(object), type('application/json'), syntax],
  ['nothing but white space', ' \r\n\t', type('application/json'), { ...syntax, easemob: structure.easemob }],
  ['nothing as JSON', '', type('application/json'), { ...read, easemob: syntax.easemob }],
]

for (const [name, body, headers, wanted] of labelled) {
  test(`${name} answers ${dialects.map(dialect => wanted[dialect].join(' ')).join(', ')}`, async () => {
    for (const dialect of dialects)
      assertFailure(await post(dialect, body, headers), dialect, wanted[dialect], dialect)
  })
}

test('a bomb of ten megabytes in ten kilobytes is never unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(10 * 1024 * 1024, 0x20), { level: 9 })
  const before = process.memoryUsage().rss
  for (const [dialect, wanted] of [
    ['easemob', [413, 'Request Entity Too Large']],
    ['jpush', format.jpush],
    ['neutral', format.neutral],
  ] as const)
    for (let round = 0; round < 10; round++)
      assertFailure(await post(dialect, bomb, coding('gzip')), dialect, wanted, dialect)
  assert.ok(process.memoryUsage().rss - before < 50 * 1024 * 1024)
})

test('two labels are one too many', async () => {
  for (const dialect of dialects) {
    for (const name of ['Content-Type', 'Authorization', 'Idempotency-Key']) {
      const connection = await RawConnection.open(app().http)
      const lines = `${name}: a\r\n${name.toLowerCase()}: a`
      await connection.send(
        `POST ${paths[dialect]} HTTP/1.1\r\nHost: a\r\n${lines}\r\nContent-Length: 2\r\n\r\n{}`,
      )
      assertFailure(await connection.next(), dialect, repeated[dialect], name)
      connection.destroy()
    }
  }
})

/** Sends many bodies over one connection. */
async function postAll(
  dialect: Dialect,
  bodies: readonly (string | Buffer)[],
  path = paths[dialect],
): Promise<Received[]> {
  const connection = await RawConnection.open(app().http)
  const lines = Object.entries({ ...headersFor(dialect), 'Content-Type': 'application/json' })
    .map(([name, text]) => `${name}: ${text}\r\n`)
    .join('')
  const answers: Received[] = []
  for (const body of bodies) {
    const bytes = Buffer.from(body as string)
    const head = `POST ${path} HTTP/1.1\r\nHost: a\r\n${lines}Content-Length: ${bytes.length}\r\n\r\n`
    await connection.send(Buffer.concat([Buffer.from(head), bytes]))
    answers.push(await connection.next())
  }
  connection.destroy()
  return answers
}

for (const dialect of dialects) {
  test(`${notJson.length} texts that are no JSON are all refused, and the connection lives on (${dialect})`, async () => {
    const answers = await postAll(dialect, notJson)
    for (const [index, answer] of answers.entries())
      assertFailure(answer, dialect, syntax[dialect], JSON.stringify(notJson[index]?.toString()))
    assert.equal((await post(dialect, object)).status, 400)
  })

  test(`${json.length} values of JSON are all read (${dialect})`, async () => {
    const bodies = json.map(text => `{"grant_type":"?","options":${text}}`)
    const answers = await postAll(dialect, bodies)
    for (const [index, answer] of answers.entries())
      assertFailure(answer, dialect, read[dialect], bodies[index]!)
  })

  test(`JSON that is neither object nor list is refused as the wrong structure (${dialect})`, async () => {
    const bodies = ['null', 'true', 'false', '0', '-1.5', '"x"', '""', '"{}"']
    for (const [index, answer] of (await postAll(dialect, bodies)).entries())
      assertFailure(answer, dialect, structure[dialect], bodies[index]!)
  })

  test(`numbers that nobody can hold are refused (${dialect})`, async () => {
    const bodies = ['1e400', '-1e400', '1'.repeat(400), `0.${'1'.repeat(100)}`].map(
      text => `{"grant_type":${text}}`,
    )
    for (const [index, answer] of (await postAll(dialect, bodies)).entries())
      assertFailure(answer, dialect, value[dialect], bodies[index]!)
  })

  test(`depth costs no time: 64 levels are read, more refused at once (${dialect})`, async () => {
    const nested = (depth: number) => `{"grant_type":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
    assertFailure((await postAll(dialect, [nested(64)]))[0]!, dialect, read[dialect], '64')
    for (const depth of [65, 10_000, 1_000_000]) {
      const startedAt = performance.now()
      const answer = await post(dialect, nested(depth))
      assert.ok(performance.now() - startedAt < 1_000, String(depth))
      assert.ok([400, 413].includes(answer.status), String(depth))
    }
  })
}

test('empty bodies are told as each dialect tells them', async () => {
  assertFailure(await post('jpush', ''), 'jpush', [400, 1002], 'jpush')
  assertFailure(await post('easemob', '', {}, '/demo/chat/users'), 'easemob', [400, 'json_parse'], 'easemob')
  assertFailure(await post('easemob', ''), 'easemob', [400, 'invalid_grant'], 'easemob')
})

test('a list where an object belongs is refused; an empty one is what PHP calls an empty object', async () => {
  assertFailure(await post('jpush', '[1]'), 'jpush', [400, 1003], '[1]')
  assertFailure(await post('jpush', '[]'), 'jpush', [400, 1002], '[]')
  assertFailure(await post('easemob', '[]'), 'easemob', [400, 'illegal_argument'], '[]')
  assertFailure(await post('neutral', '[]'), 'neutral', [400, 'body_not_object'], '[]')
})

test('the last of two members of one name counts', async () => {
  const { client_id, client_secret } = app().demo
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const twice = JSON.stringify(grant).replace('{', '{"grant_type":"password","client_id":"x",')
  assert.equal((await post('easemob', twice)).status, 200)
})

test('a member called __proto__ changes nothing for those who come later', async () => {
  const hostile =
    '{"__proto__":{"grant_type":"client_credentials","platform":"all","org":"a"},"constructor":{"prototype":{"org":"a"}}}'
  for (const dialect of dialects) {
    const { status } = await post(dialect, hostile)
    assert.equal(status, 400, dialect)
    assertFailure(await post(dialect, '{}'), dialect, read[dialect], dialect)
  }
  assert.equal(Reflect.get({}, 'org'), undefined)
})

test('a body that was cut says where the container began that it ends in', async () => {
  const { json: answer } = await post('easemob', '{"username":"u1",', {}, '/demo/chat/users')
  assert.match(
    answer.error_description,
    /^Unexpected end-of-input: expected close marker for OBJECT \(from \[Source: java\.io\.BufferedInputStream@([0-9a-f]{8}); line: 1, column: 0\]\)\n at \[Source: java\.io\.BufferedInputStream@\1; line: 1, column: 19\]$/,
  )
})
