// What official SDKs of other languages put on the wire, byte for byte, and what they need to find in an answer
// (jpush.md appendix A, §1.1–1.6).
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { formatTime } from '../src/lib/zone-time.ts'
import { register } from './devices.ts'
import { basic, type Received, send } from './http-client.ts'
import { type JpushApp, makeJpushApp } from './jpush-client.ts'
import { RawConnection } from './raw-connection.ts'
import { sharedApp } from './start-app.ts'
import { readRows } from './table-rows.ts'

const server = sharedApp()
const limits = { push_per_minute: 10_000, file_per_minute: 1_000, schedule_per_minute: 1_000 }
const hello = { platform: 'all', audience: 'all', notification: { alert: 'hi' } }
const pushed = /^\{"sendno":"\d+","msg_id":"\d{16}"\}$/

interface Stage {
  readonly jpush: JpushApp
  readonly rid: string
}

async function makeStage(): Promise<Stage> {
  const jpush = await makeJpushApp(server(), { limits })
  return { jpush, rid: await register(server(), jpush, { alias: 'ann', tags: ['vip', '北京'] }) }
}

/** A request as an SDK writes it, headers and all. */
function written(
  { jpush }: Stage,
  line: string,
  headers: readonly string[],
  body: string | Buffer = '',
): Buffer {
  const authorization = `Authorization: ${basic(jpush.app_key, jpush.master_secret)}`
  const head = [`${line} HTTP/1.1`, 'Host: api.jpush.cn', authorization, ...headers, '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head), Buffer.from(body)])
}

/** The same with the length of its body. */
const measured = (stage: Stage, line: string, headers: readonly string[], body: string | object = '') => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return written(stage, line, [...headers, `Content-Length: ${Buffer.byteLength(text)}`], text)
}

const java = [
  'Charset: UTF-8',
  'Accept-Charset: UTF-8',
  'Content-Type: application/json',
  'Connection: Keep-Alive',
]
const ruby = ['Content-Type: application/json', 'Accept: application/json', 'Accept-Encoding: gzip;q=1.0']
const python = [
  'content-type: application/json;charset:utf-8',
  'Accept-Encoding: gzip, deflate',
  'Accept: */*',
]
const csharp = ['Content-Type: text/plain; charset=utf-8']
const node = ['Content-Type: application/json', 'Charset: UTF-8', 'Transfer-Encoding: chunked']

/** The pieces of a body, and its end. */
function chunked(...pieces: readonly string[]): string {
  return [...pieces, ''].map(piece => `${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`).join('')
}

const requests: Readonly<Record<string, (stage: Stage) => readonly [request: Buffer, body: RegExp]>> = {
  'Java: a list of ids with blanks and a last comma': stage => [
    measured(stage, 'GET /v3/received?msg_ids=1,%202,', java),
    /^\[\]$/,
  ],
  'Java: a GET with a content type and a slash at its end': stage => [
    measured(stage, 'GET /v3/tags/', java),
    /^\{"tags":\["vip","北京"\]\}$/,
  ],
  'Java: a DELETE with a content type and no body': stage => [
    written(stage, 'DELETE /v3/aliases/nobody', java),
    /^\{\}$/,
  ],
  'Java: members of its own in options': stage => [
    measured(stage, 'POST /v3/push', java, { ...hello, options: { classification: 0, my_key: [1] } }),
    pushed,
  ],
  'Java: members of its own in notification and message': stage => [
    measured(stage, 'POST /v3/push', java, {
      ...hello,
      notification: { ai_opportunity: false, alert: 'hi' },
      message: { msg_content: 'hi', test_message: true },
      options: { sendno: 1_151_780_261, apns_production: false, classification: 0 },
    }),
    pushed,
  ],
  'Java: a push to hmos without a category': stage => [
    measured(stage, 'POST /v3/push', java, { ...hello, notification: { alert: 'a', hmos: { title: 't' } } }),
    pushed,
  ],
  'Python: a parameter of the content type that is none': stage => [
    measured(stage, 'POST /v3/push', python, {
      ...hello,
      notification: { alert: 'a', ios: { 'content-available': 1, 'mutable-content': 1, badge: 'auto' } },
    }),
    pushed,
  ],
  'Python: schedules with a slash': stage => [
    written(stage, 'GET /v3/schedules/?page=', python),
    /^\{"total_count":0,"total_pages":0,"page":1,"schedules":\[\]\}$/,
  ],
  'PHP: two slashes': stage => [measured(stage, 'POST /v3//push/validate', java, hello), pushed],
  'PHP: lists for maps, a map for a list': stage => [
    measured(
      stage,
      'POST /v3/push',
      ['Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings', 'HTTP2-Settings: AAM'],
      {
        platform: { 0: 'android', 2: 'ios' },
        audience: { tag: ['vip'], tag_not: [] },
        notification: { android: { alert: '', extras: [], inbox: [] } },
        message: [],
        sms_message: { delay_time: 0, temp_id: 1, temp_para: [] },
        options: { sendno: 7, apns_production: false },
      },
    ),
    pushed,
  ],
  'PHP: an empty query': stage => [
    written(stage, 'GET /v3/users/?time_unit=DAY&start=2026-01-05&duration=', java),
    /"code":3002/,
  ],
  'PHP: the date of a state under a name of its own': stage => [
    measured(stage, 'POST /v3/status/message', java, {
      msg_id: 1,
      registration_ids: [stage.rid],
      data: '2026-01-05',
    }),
    /^\{"[0-9a-f]{19}":\{"status":3\}\}$/,
  ],
  'Ruby: a push to a path with a slash': stage => [measured(stage, 'POST /v3/push/', ruby, hello), pushed],
  'Ruby: a report with two slashes': stage => [written(stage, 'GET /v3//received?msg_ids=1', ruby), /^\[\]$/],
  'Ruby: a page without a value': stage => [
    written(stage, 'GET /v3/schedules/?page', ruby),
    /"page":1,"schedules":\[\]/,
  ],
  'Ruby: a question mark and no more': stage => [written(stage, 'GET /v3/messages/?', ruby), /"code":3002/],
  'Ruby: a body of DELETE': stage => [measured(stage, 'DELETE /v3/tags/none', ruby, {}), /^\{\}$/],
  'C#: JSON as text, null for nothing, a member of its own': stage => [
    measured(stage, 'POST /v3/push', csharp, {
      ...hello,
      notification: {
        alert: null,
        android: { alert: 'hi', uri_flag: '1' },
        ios: { alert: 'hi', badge: '+1' },
      },
      message: { msg_content: 'hi', title: null, content_type: null, extras: null },
    }),
    pushed,
  ],
  'the documents: JSON as a form': stage => [
    measured(stage, 'POST /v3/push', ['Content-Type: application/x-www-form-urlencoded'], hello),
    pushed,
  ],
  'Node: a body in chunks': stage => [
    written(stage, 'POST /v3/push', node, chunked(...JSON.stringify(hello).split(/(?<=,)/))),
    pushed,
  ],
  'Node: an empty name in the path': stage => [
    written(stage, `GET /v3/tags//vip/registration_ids/${stage.rid}`, java),
    /^\{"result":true\}$/,
  ],
  'Node: a platform without a value': stage => [
    written(stage, 'GET /v3/aliases/ann/?platform=', java),
    /^\{"registration_ids":\["[0-9a-f]{19}"\]\}$/,
  ],
  'Go: a parameter without its question mark': stage => [
    written(stage, 'GET /v3/aliases/ann&new_format=true', java),
    /^\{"data":\[\{"registration_id":"[0-9a-f]{19}","platform":"android","last_online_date":"[\d-]{10}"\}\]\}$/,
  ],
  'a tag in percent-encoded UTF-8': stage => [
    written(stage, `GET /v3/tags/${encodeURIComponent('北京')}/registration_ids/${stage.rid}`, java),
    /^\{"result":true\}$/,
  ],
}

/** Python, Ruby and Node read a body of every answer; JavaNew takes no other type. */
function assertReadable({ headers, text }: Received, sent: string): void {
  assert.match(headers['content-type']!, /^application\/json/, sent)
  const json = JSON.parse(text)
  if (!('error' in json)) return
  assert.equal(typeof json.error.code, 'number', sent)
  assert.equal(typeof json.error.message, 'string', sent)
}

test('requests are taken as official SDKs write them, one after the other on one connection', async t => {
  const stage = await makeStage()
  const connection = await RawConnection.open(server().http)
  t.after(() => connection.destroy())
  for (const [sdk, make] of Object.entries(requests)) {
    const [request, body] = make(stage)
    await connection.send(request)
    const answer = await connection.next()
    assert.match(answer.text, body, sdk)
    assert.equal(answer.status, /"error"/.test(answer.text) ? 400 : 200, sdk)
    assertReadable(answer, sdk)
  }
})

test('libcurl waits for 100 before it sends a long push', async t => {
  const stage = await makeStage()
  const connection = await RawConnection.open(server().http)
  t.after(() => connection.destroy())
  const body = JSON.stringify({ ...hello, platform: 'android', message: { msg_content: 'x'.repeat(1_100) } })
  await connection.send(
    written(stage, 'POST /v3/push', ['Expect: 100-continue', `Content-Length: ${body.length}`]),
  )
  assert.equal((await connection.next()).status, 100)
  await connection.send(body)
  assert.match((await connection.next()).text, pushed)
})

/** The parser under the server takes no such target; the refusal says so in the code of the API. */
test('bytes of UTF-8 in a path that are not percent-encoded are refused with the code of the API', async t => {
  const stage = await makeStage()
  for (const [path, code] of [
    ['/v3/aliases/张三', 7002],
    ['/v3/tags/北京/registration_ids/1', 7002],
    ['/v3/received/北京', 3002],
  ] as const) {
    const connection = await RawConnection.open(server().http)
    t.after(() => connection.destroy())
    await connection.send(written(stage, `GET ${path}`, java))
    const answer = await connection.next()
    assert.deepEqual([answer.status, answer.json.error.code], [400, code], path)
    assertReadable(answer, path)
  }
})

test('what SDKs check about keys and numbers holds', async () => {
  const { jpush } = await makeStage()
  const keys = [jpush.app_key, jpush.master_secret]
  for (const key of keys) assert.match(key, /^[A-Za-z0-9]{24}$/)
  const { headers, json } = await jpush.call('POST', '/v3/push', {
    ...hello,
    options: { sendno: 2_147_483_647 },
  })
  assert.ok(Number.isSafeInteger(Number(json.msg_id)))
  assert.equal(json.sendno, '2147483647')
  for (const name of ['limit', 'quota', 'remaining', 'reset'])
    assert.match(String(headers[`x-rate-limit-${name}`]), /^\d+$/, name)
})

/** JavaNew stops at a member it does not know; PHP counts some of them. */
test('answers have exactly the documented members', async () => {
  const { jpush, rid } = await makeStage()
  const form = new FormData()
  form.append('filename', new Blob(['ann']), 'names.txt')
  const headers = { Authorization: basic(jpush.app_key, jpush.master_secret) }
  const uploaded = await fetch(`${server().http}/v3/files/alias`, { method: 'POST', headers, body: form })
  const file = (await uploaded.json()) as { file_id: string }
  const trigger = { single: { time: formatTime(Date.now() + 86_400_000, 480) } }
  const schedule = { name: 'x', enabled: true, trigger, push: hello }
  const made = await jpush.ok('POST', '/v3/schedules', schedule)
  const byId = `/v3/schedules/${made.schedule_id}`
  const get = (path: string) => jpush.ok('GET', path)
  const status = await jpush.ok('POST', '/v3/devices/status', { registration_ids: [rid] })
  const msg_id = await jpush.push(hello)
  const answers: readonly (readonly [answer: object, members: string])[] = [
    [await jpush.ok('POST', '/v3/push', hello), 'sendno msg_id'],
    [await jpush.ok('POST', '/v3/push/validate', hello), 'sendno msg_id'],
    [await get('/v3/push/cid'), 'cidlist'],
    [file, 'file_id'],
    [await get('/v3/files'), 'total_count files'],
    // `expire_time` comes where a ttl was given.
    [await get(`/v3/files/${file.file_id}`), 'file_id type file_name create_time'],
    [made, 'schedule_id name'],
    [await get('/v3/schedules'), 'total_count total_pages page schedules'],
    [await get(byId), 'schedule_id name enabled trigger push'],
    [await get(`${byId}/msg_ids`), 'count msgids'],
    [await jpush.ok('PUT', byId, { enabled: false }), 'name enabled trigger push'],
    [await get(`/v3/devices/${rid}`), 'tags alias mobile'],
    [status[rid], 'online'],
    [await get('/v3/tags'), 'tags'],
    [await get(`/v3/tags/vip/registration_ids/${rid}`), 'result'],
    [await get('/v3/aliases/ann'), 'registration_ids'],
    [await get('/v3/aliases/ann?new_format=true'), 'data'],
    [
      (await get(`/v3/received?msg_ids=${msg_id}`))[0],
      'msg_id android_received ios_apns_sent ios_apns_received ios_msg_received wp_mpns_sent',
    ],
    [(await get(`/v3/messages?msg_ids=${msg_id}`))[0], 'msg_id android ios winphone'],
    [
      (await get(`/v3/messages/detail?msg_ids=${msg_id}`))[0],
      'msg_id jpush android_pns ios winphone quickapp_jpush quickapp_pns details',
    ],
  ]
  for (const [answer, members] of answers) assert.deepEqual(Object.keys(answer), members.split(' '))
})

test('whatever has nothing to say says {}, with status 200', async () => {
  const { jpush, rid } = await makeStage()
  const msg_id = await jpush.push(hello)
  const ids = { registration_ids: { remove: [rid] } }
  for (const [method, path, body] of [
    ['POST', `/v3/devices/${rid}`, { alias: 'ann' }],
    ['POST', `/v3/devices/${rid}`, {}],
    ['POST', '/v3/tags/vip', ids],
    ['DELETE', '/v3/tags/vip', undefined],
    ['POST', '/v3/aliases/ann', ids],
    ['DELETE', '/v3/aliases/ann', undefined],
    ['DELETE', '/v3/files/none', undefined],
    ['DELETE', `/v3/push/${msg_id}`, undefined],
  ] as const) {
    const answer = await jpush.call(method, path, body)
    assert.deepEqual([answer.status, answer.text], [200, '{}'], `${method} ${path}`)
    assertReadable(answer, path)
  }
})

/** Node 4.2 parses each chunk it reads by itself. */
test('a small answer leaves in one piece', async t => {
  const stage = await makeStage()
  const { hostname, port } = new URL(server().http)
  const socket = connect(Number(port), hostname)
  t.after(() => socket.destroy())
  const pieces: string[] = []
  for (let asked = 0; asked < 20; asked++) {
    const piece = new Promise<string>(resolve => socket.once('data', chunk => resolve(chunk.toString())))
    socket.write(written(stage, 'GET /v3/tags', java))
    pieces.push(await piece)
  }
  for (const piece of pieces) assert.match(piece, /^HTTP\/1\.1 200 .*\r\n\r\n\{"tags":\["vip","北京"\]\}$/s)
})

test('what is called otherwise in Beijing answers as what it stands for', async () => {
  const { jpush, rid } = await makeStage()
  const msg_id = await jpush.push(hello)
  const states = { msg_id, registration_ids: [rid] }
  const users = 'users?time_unit=MONTH&start=2026-01&duration=1'
  for (const [method, beijing, name, body] of [
    ['GET', '/v3/push/schedules', '/v3/schedules'],
    ['GET', '/v3/push/schedules/x', '/v3/schedules/x'],
    ['GET', `/v3/report/received?msg_ids=${msg_id}`, `/v3/received?msg_ids=${msg_id}`],
    ['GET', `/v3/report/received/detail?msg_ids=${msg_id}`, `/v3/received/detail?msg_ids=${msg_id}`],
    ['GET', `/v3/report/messages?msg_ids=${msg_id}`, `/v3/messages?msg_ids=${msg_id}`],
    ['GET', `/v3/report/messages/detail?msg_ids=${msg_id}`, `/v3/messages/detail?msg_ids=${msg_id}`],
    ['GET', `/v3/report/${users}`, `/v3/${users}`],
    ['POST', '/v3/report/status/message', '/v3/status/message', states],
    ['GET', '/v3/report/group/messages/detail?group_msgids=1', '/v3/group/messages/detail?group_msgids=1'],
    ['GET', `/v3/report/group/${users}`, `/v3/group/${users}`],
    ['GET', `/v3/device/${rid}`, `/v3/devices/${rid}`],
    ['POST', '/v3/device/status', '/v3/devices/status', { registration_ids: [rid] }],
    ['GET', '/v3/device/aliases/ann', '/v3/aliases/ann'],
    ['GET', '/v3/device/tags', '/v3/tags'],
    ['GET', `/v3/device/tags/vip/registration_ids/${rid}`, `/v3/tags/vip/registration_ids/${rid}`],
  ] as const) {
    const [there, here] = [await jpush.call(method, beijing, body), await jpush.call(method, name, body)]
    assert.deepEqual([there.status, there.text], [here.status, here.text], beijing)
    assert.doesNotMatch(there.text, /"code":9404/, beijing)
  }
})

test('an unreadable Authorization is a wrong one, an empty one is missing', async () => {
  const { jpush } = await makeStage()
  const encode = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  for (const [authorization, code] of [
    [encode(`:${jpush.master_secret}`), 7001],
    [encode(`${jpush.app_key}:`), 7001],
    ['Basic !!!', 7004],
    [encode('no colon'), 7004],
    ['Bearer abc', 7004],
    [basic('0'.repeat(24), jpush.master_secret), 7004],
    [basic(jpush.app_key, '0'.repeat(24)), 7004],
  ] as const) {
    const headers = { Authorization: authorization }
    const { status, json } = await send(`${server().http}/v3/tags`, { headers })
    assert.deepEqual([status, json.error.code], [401, code], authorization)
    const push = await send(`${server().http}/v3/push/cid`, { headers })
    assert.deepEqual([push.status, push.json.error.code], [401, 1004], authorization)
  }
})

test('of an item that stands twice in a batch the last one counts', async () => {
  const { jpush, rid } = await makeStage()
  const [cid] = (await jpush.ok('GET', '/v3/push/cid')).cidlist
  const item = JSON.stringify({ platform: 'all', target: rid, notification: { alert: 'hi' } })
  const body = `{"pushlist":{"${cid}":{"platform":"all"},"${cid}":${item}}}`
  const { text } = await jpush.call('POST', '/v3/push/batch/regid/single', body)
  assert.match(text, /^\{"[\w-]+":\{"msg_id":"\d+"\}\}$/)
})

test('a text message that is asked for is kept and told of as not configured, a callback is kept', async () => {
  const { jpush } = await makeStage()
  const callback = { url: 'https://example.com/told', params: { order: 1 }, type: 3 }
  const sms_message = { delay_time: 60, temp_id: 1, temp_para: { code: '1' } }
  const trailOf = (msgId: string) => server().admin('GET', `/messages/${msgId}/trail`)
  const msgId = await jpush.push({ ...hello, sms_message, callback })
  assert.deepEqual((await trailOf(msgId)).sms, { state: 'not_configured' })
  assert.equal((await trailOf(await jpush.push(hello))).sms, undefined)
  const [row] = readRows(server().dataDir, `SELECT content FROM pushes WHERE msg_id = ${msgId}`)
  const kept = JSON.parse(JSON.parse(String(row!.content)).kept)
  assert.deepEqual([kept.sms_message, kept.callback], [sms_message, callback])
  for (const [fault, code] of [
    [{ callback: { ...callback, type: 16 } }, 1003],
    [{ callback: { ...callback, url: 7 } }, 1003],
    [{ callback: 'https://example.com' }, 1003],
    [{ sms_message: { ...sms_message, delay_time: 86_401 } }, 1003],
    [{ sms_message: { delay_time: 60 } }, 1002],
  ] as const) {
    const { json } = await jpush.call('POST', '/v3/push', { ...hello, ...fault })
    assert.equal(json.error.code, code, JSON.stringify(fault))
  }
})
