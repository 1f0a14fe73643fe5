// The vendor's SDK for Node that speaks promises: every public method of its clients and payloads. It sends no query, so
// that a report gets the answer to a call without ids; whatever else it sends is the whole call. Its other client, of
// callbacks, fails inside on every answer: here it shows what it sends, and what it is answered.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { formatTime } from '../src/lib/zone-time.ts'
import { register } from './devices.ts'
import { makeJpushApp } from './jpush-client.ts'
import { asyncSdk, brokenSdk, CallLog, leadVendorHostsTo, methodsOf } from './jpush-node-sdks.ts'
import { sharedApp } from './start-app.ts'

const app = sharedApp()
leadVendorHostsTo(app)
const calls = new CallLog()
const dayMs = 86_400_000

function build(appKey: string, masterSecret: string, isGroup = false) {
  return calls.watch(asyncSdk.buildClient({ appKey, masterSecret, isDebug: false, isGroup }))
}

/** An app of its own with one device, and a client for it. */
async function makeClient() {
  const jpush = await makeJpushApp(app())
  const rid = await register(app(), jpush, { alias: 'ann', tags: ['vip'] })
  return { jpush, rid, client: build(jpush.app_key, jpush.master_secret) }
}

test('jpush-async pushes and validates', async () => {
  const { client } = await makeClient()
  const { alias, tag, tag_and, tag_not } = asyncSdk
  const payload = client
    .push()
    .setPlatform('android', 'ios')
    .setAudience(alias('ann'), tag('vip'), tag_and('vip'), tag_not('muted'))
    .setNotification(
      'Hi',
      asyncSdk.android('Hi', 'title', 1, { order: 1 }, 1, 'category', 1, 'big', 7, 'channel'),
      asyncSdk.ios('Hi', 'sound', '+1', true, { order: 1 }, 'category', true),
    )
    .setMessage('content', 'title', 'text', { order: 1 })
    .setSmsMessage('Hi', 60)
    .setOptions(77, 60, null, false, null, 'id', { xiaomi: { distribution: 'jpush' } })
  assert.deepEqual([payload.isGlobalExceedLength(), payload.isIosExceedLength()], [false, false])
  for (const answer of [
    await payload.send(),
    await payload.sendValidate(),
    await client.sendPush(payload.toJSON()),
    await client.validate(payload.toJSON()),
  ]) {
    assert.deepEqual(Object.keys(answer), ['sendno', 'msg_id'])
    assert.equal(answer.sendno, '77')
    assert.match(answer.msg_id, /^\d+$/)
  }
})

test('jpush-async pushes to a group', async () => {
  const made = await app().admin('POST', '/apps', { org: 'async', app: 'one' })
  await register(app(), made)
  const group = await app().admin('POST', '/app-groups', { org: 'async', name: 'all', apps: ['one'] })
  const client = build(group.group_key, group.group_master_secret, true)
  const answer = await client.push().setPlatform('all').setAudience('all').setNotification('Hi').send()
  assert.match(answer.group_msgid, /^\d+$/)
  assert.deepEqual(Object.keys(answer[made.app_key]), ['sendno', 'msg_id'])
})

test('jpush-async manages a device, its tags and its alias', async () => {
  const { client, rid } = await makeClient()
  await client.updateDeviceTagAlias(rid, 'bob', false, ['x'], ['vip'])
  await client.setMobile(rid, '13800000001')
  assert.deepEqual(await client.getDeviceTagAlias(rid), {
    tags: ['x'],
    alias: 'bob',
    mobile: '13800000001',
  })
  assert.deepEqual(await client.addRemoveDevicesFromTag('y', [rid], null), {})
  assert.deepEqual(await client.getTagList(), { tags: ['x', 'y'] })
  assert.deepEqual(await client.isDeviceInTag('x', rid), { result: true })
  assert.deepEqual(await client.deleteTag('x', null), {})
  assert.deepEqual(await client.isDeviceInTag('x', rid), { result: false })
  assert.deepEqual(await client.getAliasDeviceList('bob', null), { registration_ids: [rid] })
  assert.deepEqual(await client.deleteAlias('bob', null), {})
  assert.deepEqual(await client.getAliasDeviceList('bob', null), { registration_ids: [] })
  assert.deepEqual(await client.getDeviceStatus([rid, 'unknown']), {
    res: { [rid]: { online: true }, unknown: null },
  })
})

test('jpush-async asks what became of a push on single devices; its other reports get no ids across', async () => {
  const { client, rid } = await makeClient()
  const { msg_id } = await client.push().setPlatform('all').setAudience('all').setMessage('Hi').send()
  assert.deepEqual(await client.getReportStatusMessage(msg_id, [rid]), { res: { [rid]: { status: 1 } } })
  for (const method of [
    'getReportReceiveds',
    'getReportReceivedDetail',
    'getReportMessages',
    'getReportMessagesDetail',
  ])
    await assert.rejects(client[method](msg_id), /"code":3002,"message":"msg_ids is missing"/, method)
  await assert.rejects(client.getReportUsers('DAY', '2026-01-05', 1), /"code":3002,.*time_unit/)
})

test('jpush-async makes, reads, changes and deletes schedules', async () => {
  const { client } = await makeClient()
  const at = (ms: number) => formatTime(Date.now() + ms, 480)
  const wanted = () =>
    client.push().setPlatform('android').setAudience(asyncSdk.alias('ann')).setNotification('Hi')
  const { schedule_id, name } = await wanted().setSingleSchedule(at(dayMs)).setSchedule('once', true)
  assert.equal(name, 'once')
  const weekly = await wanted()
    .setPeriodicalSchedule(at(0), at(30 * dayMs), '09:30:00', 'WEEK', 1, ['MON'])
    .setSchedule('weekly', true)
  const push = wanted().toJSON()
  const trigger = { single: { time: at(dayMs) } }
  const third = await client.setSchedule({ name: 'third', enabled: true, trigger, push })
  const ids = [schedule_id, weekly.schedule_id, third.schedule_id]
  const list = await client.getScheduleList(1)
  assert.deepEqual(
    list.schedules.map((schedule: any) => schedule.schedule_id),
    ids,
  )
  assert.equal((await client.updateSchedule(schedule_id, { name: 'later' })).name, 'later')
  assert.equal((await client.push().updateSchedule(schedule_id, null, false)).enabled, false)
  assert.equal((await client.getSchedule(schedule_id)).name, 'later')
  for (const id of ids) assert.deepEqual(await client.delSchedule(id), {})
  assert.equal((await client.getScheduleList(1)).total_count, 0)
})

test('jpush-async gets its errors; what names nothing here is one', async () => {
  const { client } = await makeClient()
  const to = (audience: object) =>
    client.push().setPlatform('android').setAudience(audience).setNotification('Hi').send()
  await assert.rejects(to(asyncSdk.alias('nobody')), /cannot find user by this audience/)
  for (const name of ['segment', 'abtest'])
    await assert.rejects(to(asyncSdk[name]('one')), new RegExp(`audience.${name} names nothing`))
})

test('no public method of jpush-async’s promising client is left out', () => {
  const client = asyncSdk.buildClient('0'.repeat(24), '0'.repeat(24))
  assert.deepEqual(calls.missing(client, client.push()), [])
})

interface Wire {
  readonly method: string
  readonly sent: string
  readonly answered: string
  readonly told: string
}

/** Calls of the broken client, in a process of their own: what it throws would end this one. */
async function callBroken(credentials: object, made: readonly (readonly unknown[])[]): Promise<Wire[]> {
  const hosts = join(import.meta.dirname, '../examples/jpush-hosts.cjs')
  const program = join(import.meta.dirname, 'jpush-broken-calls.cjs')
  const child = spawn(
    process.execPath,
    ['-r', hosts, program, JSON.stringify({ ...credentials, calls: made })],
    { env: { ...process.env, POSTHOUSE_URL: app().http }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  return JSON.parse((await text(child.stdout)).split('\n').at(-1)!)
}

test('jpush-async’s callback client fails on every answer, each of which is right for what it has sent', async () => {
  const { jpush, rid } = await makeClient()
  const push = JSON.stringify({ platform: 'all', audience: 'all', notification: { alert: 'Hi' } })
  const single = { single: { time: formatTime(Date.now() + dayMs, 480) } }
  const schedule = { name: 'once', enabled: true, trigger: single, push: JSON.parse(push) }
  const { schedule_id: id } = await jpush.ok('POST', '/v3/schedules', schedule)
  const item = { platform: 'all', target: 'ann', notification: { alert: 'Hi' } }
  const expected: readonly (readonly [
    call: readonly unknown[],
    line: string,
    status: number,
    body: RegExp,
  ])[] = [
    [['sendPush', push], 'POST /v3/push', 200, /^\{"sendno":"0","msg_id":"\d+"\}$/],
    [['validate', push], 'POST /v3/push/validate', 200, /^\{"sendno":"0","msg_id":"\d+"\}$/],
    [['getCid', 3, 'push'], 'GET /v3/push/cid', 200, /^\{"cidlist":\["[0-9a-f-]+"\]\}$/],
    // A batch begins with cids, and never gets further.
    [['batchPushByRegid', [item]], 'GET /v3/push/cid', 200, /^\{"cidlist"/],
    [['batchPushByAlias', [item]], 'GET /v3/push/cid', 200, /^\{"cidlist"/],
    [['getReportReceiveds', '1'], 'GET /v3/received', 400, /3002/],
    [['getReportReceivedDetail', '1'], 'GET /v3/received/detail', 400, /3002/],
    [['getReportMessages', '1'], 'GET /v3/messages', 400, /3002/],
    [['getReportMessagesDetail', '1'], 'GET /v3/messages/detail', 400, /3002/],
    [['getReportUsers', 'DAY', '2026-01-05', 1], 'GET /v3/users', 400, /3002/],
    [['getReportStatusMessage', 1, [rid], null], 'POST /v3/status/message', 200, /"status":3/],
    [['getDeviceStatus', [rid]], 'POST /v3/devices/status/', 200, /"online":true/],
    [['getDeviceTagAlias', rid], `GET /v3/devices/${rid}`, 200, /"alias":"ann"/],
    [['setMobile', rid, '138'], `POST /v3/devices/${rid}`, 200, /^\{\}$/],
    [['updateDeviceTagAlias', rid, 'bob', false, ['x'], []], `POST /v3/devices/${rid}`, 200, /^\{\}$/],
    [['getTagList'], 'GET /v3/tags', 200, /^\{"tags":\["vip","x"\]\}$/],
    [['isDeviceInTag', 'x', rid], `GET /v3/tags/x/registration_ids/${rid}`, 200, /^\{"result":true\}$/],
    [['addRemoveDevicesFromTag', 'y', [rid], null], 'POST /v3/tags/y', 200, /^\{\}$/],
    [['deleteTag', 'y', 'android'], 'DELETE /v3/tags/y/', 200, /^\{\}$/],
    [['getAliasDeviceList', 'bob', 'ios'], 'GET /v3/aliases/bob/', 200, new RegExp(rid)],
    [['deleteAlias', 'bob', null], 'DELETE /v3/aliases/bob', 200, /^\{\}$/],
    [['setSchedule', JSON.stringify(schedule)], 'POST /v3/schedules', 200, /"name":"once"\}$/],
    [['updateSchedule', id, '{"name":"later"}'], `PUT /v3/schedules/${id}`, 200, /"name":"later"/],
    [['getScheduleList', 1], 'GET /v3/schedules', 200, /"total_count":2/],
    [['getSchedule', id], `GET /v3/schedules/${id}`, 200, /"name":"later"/],
    [['delSchedule', id], `DELETE /v3/schedules/${id}`, 200, /^\{\}$/],
  ]
  const credentials = { appKey: jpush.app_key, masterSecret: jpush.master_secret }
  const seen = await callBroken(
    credentials,
    expected.map(([call]) => call),
  )
  for (const [index, [[method], line, status, body]] of expected.entries()) {
    const { sent, answered, told } = seen[index]!
    assert.ok(sent.toUpperCase().startsWith(`${line} HTTP/1.1\r\n`.toUpperCase()), `${method}: ${sent}`)
    assert.ok(answered.startsWith(`HTTP/1.1 ${status} `), `${method}: ${answered}`)
    assert.match(answered.split('\r\n\r\n').at(-1)!, body, String(method))
    assert.match(told, /^thrown: |HttpStatusCode: undefined/, String(method))
  }
  const client = brokenSdk.buildClient(credentials)
  const named = expected.map(([[method]]) => method)
  assert.deepEqual(
    methodsOf(client).filter(method => method !== 'push' && !named.includes(method)),
    [],
  )
})

/** What they make is what the promising client's payloads make. */
test('the payloads of both clients of jpush-async have the same methods', () => {
  const key = '0'.repeat(24)
  const payloads = [brokenSdk, asyncSdk].map(sdk => methodsOf(sdk.buildClient(key, key).push()))
  assert.deepEqual(payloads[0], payloads[1])
})
