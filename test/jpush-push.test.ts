import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectDevice, eventually, register } from './devices.ts'
import { basic, send } from './http-client.ts'
import { type JpushApp, jpushApp, makeJpushApp } from './jpush-client.ts'
import { sharedApp, startApp } from './start-app.ts'

const app = sharedApp()
const hello = { platform: 'all', audience: 'all', notification: { alert: 'hi' } }

async function appWithDevice(settings?: object): Promise<{ jpush: JpushApp; rid: string }> {
  const jpush = await makeJpushApp(app(), settings)
  return { jpush, rid: await register(app(), jpush, { alias: 'ann', tags: ['vip', '北京'] }) }
}

/** The pushes among these ids that the app has made. */
async function pushesOf(jpush: JpushApp, ...msgIds: string[]): Promise<string[]> {
  const rows = await jpush.ok('GET', `/v3/received?msg_ids=${msgIds.join(',')}`)
  return rows.map((row: { msg_id: string }) => row.msg_id)
}

test('a push is answered with its msg_id and the caller’s sendno, both as strings, and nothing else', async () => {
  const { jpush } = await appWithDevice()
  const { text } = await jpush.call('POST', '/v3/push', hello)
  assert.match(text, /^\{"sendno":"0","msg_id":"\d{16}"\}$/)
  const numbered = await jpush.ok('POST', '/v3/push', { ...hello, options: { sendno: 100_234 } })
  assert.equal(numbered.sendno, '100234')
})

test('ids of pushes increase', async () => {
  const { jpush } = await appWithDevice()
  let last = 0
  for (let sent = 0; sent < 5; sent++) {
    const msgId = Number(await jpush.push(hello))
    assert.ok(msgId > last && Number.isSafeInteger(msgId))
    last = msgId
  }
})

test('a push is taken as official SDKs in other languages write it', async () => {
  const { jpush } = await appWithDevice()
  const php = {
    platform: { 0: 'android', 2: 'ios' },
    audience: { tag: ['vip'], alias: [] },
    notification: { alert: '', android: { alert: '', extras: [] }, ios: { alert: 'a', badge: '+1' } },
    message: [],
    sms_message: null,
    options: { sendno: 5, apns_production: false },
  }
  const python = {
    platform: ['ios'],
    audience: 'all',
    notification: { ios: { alert: 'a', 'content-available': 1, badge: 'auto' } },
  }
  const anIos = await register(app(), jpush, { platform: 'ios' })
  assert.ok(anIos)
  for (const push of [php, python, { ...hello, platform: 'android', message: {} }]) await jpush.push(push)
  for (const path of ['/v3/push/', '//v3//push', '/v3//push/validate']) await jpush.ok('POST', path, hello)
})

test('an audience of several keys is their intersection', async () => {
  const { jpush, rid } = await appWithDevice()
  await register(app(), jpush, { alias: 'bob', tags: ['vip', 'muted'] })
  const reached = async (audience: object, platform: string | string[] = 'all') =>
    (await jpush.call('POST', '/v3/push/validate', { ...hello, platform, audience })).status === 200
  assert.equal(await reached({ tag: ['vip', 'nobody'] }), true)
  assert.equal(await reached({ tag_and: ['vip', '北京'] }), true)
  assert.equal(await reached({ tag_and: ['北京', 'muted'] }), false)
  assert.equal(await reached({ tag: ['vip'], tag_not: ['muted'] }), true)
  assert.equal(await reached({ alias: ['bob'], tag_not: ['muted'] }), false)
  assert.equal(await reached({ registration_id: [rid, 'unknown'], alias: ['ann'] }), true)
  assert.equal(await reached({ registration_id: [rid], alias: ['bob'] }), false)
  assert.equal(await reached({ tag_not: ['vip'] }), false)
  assert.equal(await reached({ tag: ['vip'] }, ['ios', 'hmos']), false)
})

test('a push to more than a thousand is answered first and reaches them all the same', async t => {
  const { jpush } = await appWithDevice()
  const device = await connectDevice(t, app(), jpush, { tags: ['crowd'] })
  for (let made = 0; made < 1_000; made += 100)
    await Promise.all(Array.from({ length: 100 }, () => register(app(), jpush, { tags: ['crowd'] })))
  const msg_id = await jpush.push({ ...hello, audience: { tag_and: ['crowd'], tag_not: ['vip'] } })
  assert.equal((await device.next()).msg_id, msg_id)
  const states = { msg_id, registration_ids: [device.rid] }
  await eventually(
    () => jpush.ok('POST', '/v3/status/message', states),
    answer => answer[device.rid].status === 0,
  )
})

test('a push whose platforms get nothing from it reaches nobody', async () => {
  const { jpush } = await appWithDevice()
  const onlyIos = { ...hello, notification: { ios: { alert: 'a' } } }
  assert.equal((await jpush.call('POST', '/v3/push', onlyIos)).json.error.code, 1011)
  await jpush.push({ ...onlyIos, message: { msg_content: 'm' } })
})

test('validating checks everything and does nothing', async () => {
  const { jpush } = await appWithDevice({ vip: false })
  const cid = (await jpush.ok('GET', '/v3/push/cid')).cidlist[0]
  const { text, json } = await jpush.call('POST', '/v3/push/validate', { ...hello, cid })
  assert.match(text, /^\{"sendno":"0","msg_id":"\d+"\}$/)
  assert.deepEqual(await pushesOf(jpush, json.msg_id), [])
  const sent = await jpush.call('POST', '/v3/push', { ...hello, cid })
  assert.equal(sent.headers['idempotent-replayed'], undefined)
  for (let validated = 0; validated < 10; validated++) await jpush.ok('POST', '/v3/push/validate', hello)
  await jpush.push(hello)
  const nobody = { ...hello, audience: { alias: ['nobody'] } }
  assert.equal((await jpush.call('POST', '/v3/push/validate', nobody)).json.error.code, 1011)
})

test('cids are the app key and a uuid, as many as asked for', async () => {
  const { jpush } = await appWithDevice()
  const form = new RegExp(`^${jpush.app_key}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
  for (const [query, count] of [
    ['', 1],
    ['?count=3&type=schedule', 3],
    ['?count=1000', 1_000],
    ['?count=&type=', 1],
  ] as const) {
    const answer = await jpush.ok('GET', `/v3/push/cid${query}`)
    assert.deepEqual(Object.keys(answer), ['cidlist'])
    assert.equal(new Set(answer.cidlist).size, count)
    for (const cid of answer.cidlist) assert.match(cid, form)
  }
  for (const query of ['count=0', 'count=1001', 'count=abc', 'count=-1', 'count=1.5', 'type=zz'])
    assert.equal((await jpush.call('GET', `/v3/push/cid?${query}`)).json.error.code, 1003, query)
})

test('twenty pushes with one cid at once are one push, all answered the same', async () => {
  const { jpush } = await appWithDevice()
  const cid = (await jpush.ok('GET', '/v3/push/cid')).cidlist[0]
  const one = { ...hello, cid, options: { sendno: 7 } }
  const answers = await Promise.all(Array.from({ length: 20 }, () => jpush.call('POST', '/v3/push', one)))
  assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
  assert.equal(answers[0]!.status, 200)
  assert.equal(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true').length, 19)
  const other = await jpush.call('POST', '/v3/push', { ...one, notification: { alert: 'other' } })
  assert.equal(other.text, answers[0]!.text)
  assert.equal(other.headers['idempotency-conflict'], 'payload')
})

test('a cid whose push was refused is still unused', async () => {
  const { jpush } = await appWithDevice()
  const cid = (await jpush.ok('GET', '/v3/push/cid')).cidlist[0]
  const refused = await jpush.call('POST', '/v3/push', { ...hello, cid, audience: { alias: ['nobody'] } })
  assert.equal(refused.status, 400)
  const sent = await jpush.call('POST', '/v3/push', { ...hello, cid })
  assert.equal(sent.status, 200)
  assert.equal(sent.headers['idempotent-replayed'], undefined)
})

test('a cid is remembered across a restart', async t => {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-test-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  const before = await startApp(t, { POSTHOUSE_DATA: dataDir })
  await register(before, before.demo)
  const push = { ...hello, cid: `${before.demo.app_key}-5b1f0a52-7c36-4c0e-9a55-1f5f2d0c9e11` }
  const first = await jpushApp(before, before.demo).call('POST', '/v3/push', push)
  await before.close()
  const after = await startApp(t, { POSTHOUSE_DATA: dataDir })
  const second = await jpushApp(after, before.demo).call('POST', '/v3/push', push)
  assert.equal(second.text, first.text)
  assert.equal(second.headers['idempotent-replayed'], 'true')
})

test('a push from the last day can be overridden by id as text or number, and withdrawn more than once', async () => {
  const { jpush } = await appWithDevice()
  const first = await jpush.push(hello)
  const second = await jpush.push({ ...hello, options: { override_msg_id: first } })
  await jpush.push({ ...hello, options: { override_msg_id: Number(second) } })
  assert.deepEqual(await jpush.ok('DELETE', `/v3/push/${second}`), {})
  assert.deepEqual(await jpush.ok('DELETE', `/v3/push/${second}`), {})
  const { jpush: other } = await appWithDevice()
  for (const path of [`/v3/push/${first}`, '/v3/push/abc', '/v3/push/99999999999999999999'])
    assert.equal((await other.call('DELETE', path)).json.error.message, 'msg_id does not exist')
})

test('names under /v3/push/ win over a msg_id', async () => {
  const { jpush } = await appWithDevice()
  for (const name of ['validate', 'file']) {
    const { status, headers } = await jpush.call('DELETE', `/v3/push/${name}`)
    assert.deepEqual([status, headers.allow], [405, 'POST'], name)
  }
  const { status, json } = await jpush.call('DELETE', '/v3/push/quota')
  assert.deepEqual([status, json.code], [405, 1001])
})

test('a push lives ten days at most, that of an app that is not VIP three', async () => {
  for (const [vip, days] of [
    [true, 10],
    [false, 3],
  ] as const) {
    const { jpush } = await appWithDevice({ vip })
    const lasting = (time_to_live: number) => ({ ...hello, options: { time_to_live } })
    await jpush.push(lasting(days * 86_400))
    const { json } = await jpush.call('POST', '/v3/push', lasting(days * 86_400 + 1))
    assert.deepEqual([json.error.code, json.error.message.slice(0, 20)], [1003, 'options.time_to_live'])
  }
})

test('broadcasts of a VIP app are not counted, nor are pushes to an audience', async () => {
  const { jpush: vip } = await appWithDevice()
  for (let sent = 0; sent < 11; sent++) await vip.push(hello)
  const { jpush } = await appWithDevice({ vip: false })
  for (let sent = 0; sent < 11; sent++) await jpush.push({ ...hello, audience: { tag: ['vip'] } })
  await jpush.push(hello)
})

test('a device that was sent as many pushes as it may today gets no other, by whatever call', async () => {
  const { jpush } = await appWithDevice({ limits: { pushes_per_device_per_day: 3 } })
  await register(app(), jpush, { alias: 'bob' })
  const code = async (path: string, push: object) => (await jpush.call('POST', path, push)).json.error?.code
  const to = (...alias: string[]) => ({ ...hello, audience: { alias } })
  await jpush.push(hello)
  for (let sent = 0; sent < 2; sent++) await jpush.push(to('ann'))
  assert.equal(await code('/v3/push', to('ann', 'bob')), 2005)
  assert.equal(await code('/v3/push/validate', { ...hello, audience: { tag: ['vip'] } }), 2005)
  const slow = { ...to('ann'), options: { big_push_duration: 1 } }
  assert.equal(await code('/v3/push', slow), 2005)
  const [cid] = (await jpush.ok('GET', '/v3/push/cid')).cidlist
  const { audience: _, ...item } = hello
  const batch = { pushlist: { [cid]: { ...item, target: 'ann' } } }
  assert.equal((await jpush.ok('POST', '/v3/push/batch/alias/single', batch))[cid].error.code, 2005)
  assert.equal(await code('/v3/push', to('bob')), undefined)
  for (let sent = 0; sent < 2; sent++) await jpush.push(hello)
  assert.equal(await code('/v3/push', hello), 2005)
  assert.equal(await code('/v3/push', to('nobody')), 1011)
})

test('every answer to a known key tells its window, and a wrong secret spends none of it', async () => {
  const { jpush } = await appWithDevice({ limits: { push_per_minute: 5 } })
  const remaining = async (body: object | string) => {
    const { headers } = await jpush.call('POST', '/v3/push', body)
    assert.equal(headers['x-rate-limit-limit'], '5')
    assert.equal(headers['x-rate-limit-quota'], '5')
    assert.ok(Number(headers['x-rate-limit-reset']) <= 60)
    return headers['x-rate-limit-remaining']
  }
  assert.equal(await remaining(hello), '4')
  assert.equal(await remaining('{"broken'), '3')
  const stranger = jpushApp(app(), { ...jpush, master_secret: 'wrong' })
  for (let tried = 0; tried < 5; tried++)
    assert.equal((await stranger.call('POST', '/v3/push', hello)).status, 401)
  assert.equal(await remaining({ ...hello, zz: 1 }), '2')
})

test('an encrypted push is refused in words, not as an unknown member', async () => {
  const { jpush } = await appWithDevice()
  const { json } = await send(`${app().http}/v3/push`, {
    headers: { Authorization: basic(jpush.app_key, jpush.master_secret), 'X-Encrypt-Type': 'SM2' },
    body: { audience: 'all', payload: 'AAAA' },
  })
  assert.deepEqual(json, { error: { code: 1003, message: 'Encrypted pushes are not supported' } })
})
