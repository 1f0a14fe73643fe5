// Files of names, and pushes to them (jpush.md §3.1.6).
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { formatTime } from '../src/lib/zone-time.ts'
import { connectDevice, eventually, register } from './devices.ts'
import { basic, send } from './http-client.ts'
import { type JpushApp, makeJpushApp } from './jpush-client.ts'
import { RawConnection } from './raw-connection.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()
const limits = { file_per_minute: 1_000, push_per_minute: 10_000 }
const hello = { platform: 'all', notification: { alert: 'Hi' } }
const audience = (file_id: string) => ({ audience: { file: { file_id } } })

interface Sent {
  readonly kind?: string
  readonly name?: string
  readonly part?: string
  readonly fields?: Readonly<Record<string, string>>
}

/** Uploads as SDKs do. */
async function upload(
  app: JpushApp,
  content: string | Uint8Array<ArrayBuffer>,
  { kind = 'alias', name = 'names.txt', part = 'filename', fields = {} }: Sent = {},
): Promise<{ status: number; json: any }> {
  const form = new FormData()
  for (const [field, value] of Object.entries(fields)) form.append(field, value)
  form.append(part, new Blob([content], { type: 'text/plain' }), name)
  const response = await fetch(`${server().http}/v3/files/${kind}`, {
    method: 'POST',
    headers: { Authorization: basic(app.app_key, app.master_secret) },
    body: form,
  })
  return { status: response.status, json: await response.json() }
}

async function uploaded(app: JpushApp, content: string, sent?: Sent): Promise<string> {
  const { status, json } = await upload(app, content, sent)
  assert.equal(status, 200, JSON.stringify(json))
  assert.deepEqual(Object.keys(json), ['file_id'])
  return json.file_id
}

test('a file of aliases is pushed to, whatever its lines end with and stand between', async t => {
  const app = await makeJpushApp(server(), { limits })
  const ann = await connectDevice(t, server(), app, { alias: 'ann' })
  const bob = await connectDevice(t, server(), app, { alias: '鲍勃' })
  await register(server(), app, { alias: 'carol' })
  const fileId = await uploaded(app, '\uFEFFann\r\n\r\n  鲍勃 \nnobody\nann')
  const received = Promise.all([ann.next(), bob.next()])
  const { msg_id } = await app.ok('POST', '/v3/push/file', { ...hello, ...audience(fileId) })
  assert.deepEqual(
    (await received).map(push => push.msg_id),
    [msg_id, msg_id],
  )
  const report = () => app.ok('GET', `/v3/received?msg_ids=${msg_id}`)
  await eventually(report, ([{ android_received }]) => android_received === 2)
})

test('a file of registration ids reaches each device of a large file once', async t => {
  const app = await makeJpushApp(server(), { limits })
  const ann = await connectDevice(t, server(), app)
  const others = Array.from({ length: 4_000 }, (_, index) => index.toString(16).padStart(19, '0'))
  const fileId = await uploaded(app, [...others, ann.rid, ...others, ann.rid].join('\n'), {
    kind: 'registration_id',
  })
  const received = ann.next()
  const { msg_id } = await app.ok('POST', '/v3/push/file', { ...hello, ...audience(fileId) })
  assert.equal((await received).msg_id, msg_id)
  const report = () => app.ok('GET', `/v3/received?msg_ids=${msg_id}`)
  await eventually(report, ([{ android_received }]) => android_received === 1)
})

test('files are listed, read, and gone when they are deleted', async () => {
  const app = await makeJpushApp(server(), { limits })
  const before = Date.now()
  const kept = await uploaded(app, 'ann', { name: 'winter.txt' })
  const timed = await uploaded(app, 'a'.repeat(19), { kind: 'registration_id', fields: { ttl: '24' } })
  const { total_count, files } = await app.ok('GET', '/v3/files/')
  assert.equal(total_count, 2)
  const [first, second] = files
  assert.deepEqual(Object.keys(first), ['file_id', 'type', 'file_name', 'create_time'])
  assert.deepEqual([first.file_id, first.type, first.file_name], [kept, 'alias', 'winter.txt'])
  assert.ok(first.create_time >= formatTime(before, 480) && first.create_time <= formatTime(Date.now(), 480))
  assert.deepEqual([second.file_id, second.type], [timed, 'registration_id'])
  const hours = (Date.parse(second.expire_time) - Date.parse(second.create_time)) / 3_600_000
  assert.ok(Math.abs(hours - 24) < 0.01)
  assert.deepEqual(await app.ok('GET', `/v3/files/${timed}`), second)
  assert.deepEqual(await app.ok('DELETE', `/v3/files/${timed}`), {})
  assert.deepEqual(await app.ok('DELETE', `/v3/files/${timed}`), {})
  for (const [method, path, body] of [
    ['GET', `/v3/files/${timed}`, undefined],
    ['POST', '/v3/push/file', { ...hello, ...audience(timed) }],
  ] as const) {
    const { status, json } = await app.call(method, path, body)
    assert.deepEqual(
      [status, json.error],
      [400, { code: 1003, message: 'file_id does not exist or has expired' }],
    )
  }
  assert.equal((await app.ok('GET', '/v3/files')).total_count, 1)
})

test('what is no file of names is refused, with the line, and leaves nothing', async () => {
  const app = await makeJpushApp(server(), { limits })
  const many = Array(2_500).fill('ann')
  const faults: readonly (readonly [string | Uint8Array<ArrayBuffer>, Sent, number, RegExp])[] = [
    ['ann\nb b\n', {}, 1003, /^Line 2 of the file is not valid$/],
    [[...many, 'x'.repeat(41)].join('\n'), {}, 1003, /^Line 2501 /],
    ['x'.repeat(3_000_000), {}, 1003, /^Line 1 /],
    [new Uint8Array([0x61, 0x0a, 0xff]), {}, 1003, /not UTF-8/],
    [new Uint8Array([0x61, 0xe4, 0xbd]), {}, 1003, /not UTF-8/],
    ['a-b', { kind: 'registration_id' }, 0, /^$/],
    ['a.b', { kind: 'registration_id' }, 1003, /^Line 1 /],
    ['', {}, 1003, /holds nothing/],
    [' \n\n', {}, 1003, /holds nothing/],
    ['ann', { name: 'names.csv' }, 1003, /\.txt/],
    ['ann', { fields: { ttl: '721' } }, 1003, /ttl/],
    ['ann', { fields: { ttl: 'soon' } }, 1003, /ttl/],
    ['ann', { part: 'file' }, 1002, /filename/],
    [`${'a'.repeat(40)}\n`.repeat(255_751), {}, 1003, /larger than 10485760 bytes/],
  ]
  for (const [content, sent, code, message] of faults) {
    const { status, json } = await upload(app, content, sent)
    assert.equal(status, code === 0 ? 200 : 400)
    assert.equal(json.error?.code ?? 0, code, String(message))
    assert.match(json.error?.message ?? '', message)
  }
  assert.equal((await app.ok('GET', '/v3/files')).total_count, 1)
  const { status, json } = await app.call('POST', '/v3/files/alias', { filename: 'x' })
  assert.deepEqual([status, json.error.code], [400, 1003])
})

test('an app has twenty files and no more', async () => {
  const app = await makeJpushApp(server(), { limits })
  const ids: string[] = []
  for (let count = 0; count < 20; count++) ids.push(await uploaded(app, 'ann'))
  const { status, json } = await upload(app, 'ann')
  assert.deepEqual([status, json.error], [400, { code: 1003, message: 'There are 20 files already' }])
  await app.ok('DELETE', `/v3/files/${ids[0]}`)
  await uploaded(app, 'ann')
})

test('the audience of a file push is a file and nothing else', async () => {
  const app = await makeJpushApp(server(), { limits })
  await register(server(), app, { alias: 'ann' })
  const fileId = await uploaded(app, 'ann')
  const nobody = await uploaded(app, 'bob\ncarol')
  const other = await makeJpushApp(server(), { limits })
  const cases = [
    ['/v3/push/file', app, 'all', 400, 1002],
    ['/v3/push/file', app, { file: {} }, 400, 1002],
    ['/v3/push/file', app, { file: { file_id: fileId }, tag: ['vip'] }, 400, 1003],
    ['/v3/push/file', app, { file: { file_id: `${app.app_key}-${randomUUID()}` } }, 400, 1003],
    ['/v3/push/file', app, { file: { file_id: nobody } }, 400, 1011],
    ['/v3/push/file', other, { file: { file_id: fileId } }, 400, 1003],
    ['/v3/push', app, { file: { file_id: fileId } }, 400, 1003],
  ] as const
  for (const [path, from, wanted, status, code] of cases) {
    const answer = await from.call('POST', path, { ...hello, audience: wanted })
    assert.deepEqual([answer.status, answer.json.error.code], [status, code], JSON.stringify(wanted))
  }
  const { msg_id } = await app.ok('POST', '/v3/push/validate', { ...hello, ...audience(fileId) })
  assert.match(msg_id, /^\d+$/)
})

test('a schedule may push to a file', async t => {
  const app = await makeJpushApp(server(), { limits })
  const ann = await connectDevice(t, server(), app, { alias: 'ann' })
  const push = { ...hello, ...audience(await uploaded(app, 'ann')) }
  const trigger = { single: { time: formatTime(Date.now() + 1_500, 480) } }
  const { schedule_id } = await app.ok('POST', '/v3/schedules', { name: 'x', enabled: true, trigger, push })
  const { msg_id } = await ann.next()
  const runs = () => app.ok('GET', `/v3/schedules/${schedule_id}/msg_ids`)
  const { msgids } = await eventually(runs, ({ count }) => count === 1)
  assert.equal(JSON.parse(msgids[0]).msg_id, msg_id)
})

test('files have a quota of their own, of schedules to them too, and a caller who is nobody sends none', async () => {
  const app = await makeJpushApp(server())
  const { headers } = await app.call('GET', '/v3/files')
  assert.deepEqual([headers['x-rate-limit-limit'], headers['x-rate-limit-remaining']], ['20', '19'])
  const { file_id } = (await upload(app, 'ann')).json
  const push = { ...hello, ...audience(file_id) }
  const trigger = { single: { time: formatTime(Date.now() + 86_400_000, 480) } }
  const schedule = { name: 'x', enabled: true, trigger, push }
  for (let made = 0; made < 18; made++) await app.ok('POST', '/v3/schedules', schedule)
  const refused = await app.call('POST', '/v3/schedules', schedule)
  assert.deepEqual([refused.status, refused.json.error.code], [429, 2002])
  await app.ok('POST', '/v3/schedules', { ...schedule, push: { ...hello, audience: 'all' } })
  const connection = await RawConnection.open(server().http)
  await connection.send(
    'POST /v3/files/alias HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\n' +
      `Authorization: ${basic(app.app_key, 'f'.repeat(24))}\r\nContent-Length: 5000000\r\n\r\n`,
  )
  const answer = await connection.next()
  assert.deepEqual([answer.status, answer.json.error.code], [401, 1004])
  connection.destroy()
})

test('the older Java client begins its form with an empty line', async () => {
  const app = await makeJpushApp(server())
  const body = [
    '',
    '--X',
    'Content-Disposition: form-data; name="ttl"',
    'Content-Type: text/plain',
    '',
    '24',
    '--X',
    'Content-Disposition: form-data; name="filename"; filename="old.txt"',
    'Content-Type: text/plain',
    '',
    'ann',
    '--X--',
    '',
  ].join('\r\n')
  const { status, json } = await send(`${server().http}/v3/files/alias`, {
    method: 'POST',
    headers: {
      Authorization: basic(app.app_key, app.master_secret),
      'Content-Type': 'multipart/form-data; boundary=X',
    },
    body,
  })
  assert.equal(status, 200, JSON.stringify(json))
  assert.equal((await app.ok('GET', '/v3/files')).files[0].file_name, 'old.txt')
})
