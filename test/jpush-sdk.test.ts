// The vendor's callback SDK for Node: every public method of its client and of its payload.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { formatDate, formatTime } from '../src/lib/zone-time.ts'
import { connectDevice, eventually, register } from './devices.ts'
import { makeJpushApp } from './jpush-client.ts'
import { CallLog, callbackSdk, leadVendorHostsTo } from './jpush-node-sdks.ts'
import { sharedApp } from './start-app.ts'

const app = sharedApp()
leadVendorHostsTo(app)
const calls = new CallLog()

/** An app of its own with one device, and a client for it. */
async function makeClient() {
  const jpush = await makeJpushApp(app())
  const rid = await register(app(), jpush, { alias: 'ann', tags: ['vip'] })
  const callback = calls.watch(callbackSdk.buildClient(jpush.app_key, jpush.master_secret))
  return { rid, credentials: jpush, callback }
}

/** A method as a promise. */
function calling(client: any, method: string): (...args: unknown[]) => Promise<any> {
  return promisify(client[method].bind(client))
}

test('jpush-sdk pushes and validates', async () => {
  const { callback } = await makeClient()
  const payload = callback
    .push()
    .setPlatform('ios', 'android')
    .setAudience(callbackSdk.tag('vip', '北京'), callbackSdk.alias('ann'))
    .setNotification(
      'Hi',
      callbackSdk.ios('Hi', 'sound', '+1', true, { order: 1 }, 'category', true),
      callbackSdk.android('Hi', 'title', 1, { order: 1 }, 1, 'category', 1, 'big text', 7),
    )
    .setMessage('content', 'title', 'text', { order: 1 })
    .setOptions(77, 60, null, false)
  for (const method of ['send', 'sendValidate']) {
    const answer = await calling(payload, method)()
    assert.deepEqual(Object.keys(answer), ['sendno', 'msg_id'])
    assert.equal(answer.sendno, '77')
    assert.match(answer.msg_id, /^\d+$/)
  }
})

test('jpush-sdk gets its errors with status and body', async () => {
  const { callback, credentials } = await makeClient()
  const payload = callback
    .push()
    .setPlatform(callbackSdk.ALL)
    .setAudience(callbackSdk.alias('nobody'))
    .setNotification('Hi')
  await assert.rejects(calling(payload, 'send')(), (error: any) => {
    assert.ok(error instanceof callbackSdk.APIRequestError)
    assert.equal(error.httpCode, 400)
    assert.equal(JSON.parse(error.response).error.code, 1011)
    return true
  })
  const stranger = callbackSdk.buildClient(credentials.app_key, '0f1e2d3c4b5a69788796a5b4')
  await assert.rejects(calling(stranger, 'getTagList')(), { httpCode: 401 })
})

test('jpush-sdk pushes to a device and reads in the report that it arrived', async t => {
  const { callback, credentials } = await makeClient()
  const device = await connectDevice(t, app(), credentials)
  const { msg_id } = await calling(
    callback
      .push()
      .setPlatform('android')
      .setAudience(callbackSdk.registration_id(device.rid))
      .setNotification('Hi'),
    'send',
  )()
  const arrived = await device.next()
  assert.equal(arrived.msg_id, msg_id)
  assert.equal(arrived.notification.alert, 'Hi')
  const report = calling(callback, 'getReportReceiveds')
  const rows = await eventually(
    () => report(`${msg_id},1`),
    ([row]) => row.android_received === 1,
  )
  assert.equal(rows.length, 1)
})

test('jpush-sdk repeats a push under its cid without sending it twice', async () => {
  const { callback, credentials } = await makeClient()
  const { cidlist } = await credentials.ok('GET', '/v3/push/cid')
  const push = { platform: 'all', audience: 'all', notification: { alert: 'Hi' }, cid: cidlist[0] }
  const send = calling(callback, 'sendPush')
  assert.deepEqual(await send(JSON.stringify(push)), await send(JSON.stringify(push)))
})

test('jpush-sdk manages tags, aliases and mobile numbers', async () => {
  const { callback: client, rid } = await makeClient()
  await calling(client, 'updateDeviceTagAlias')(rid, 'bob', false, ['a', 'b'], ['vip'])
  await calling(client, 'setMobile')(rid, '13800000001')
  assert.deepEqual(await calling(client, 'getDeviceTagAlias')(rid), {
    tags: ['a', 'b'],
    alias: 'bob',
    mobile: '13800000001',
  })
  assert.deepEqual(await calling(client, 'getTagList')(), { tags: ['a', 'b'] })
  assert.deepEqual(await calling(client, 'isDeviceInTag')('a', rid), { result: true })
  await calling(client, 'addRemoveDevicesFromTag')('c', [rid], null)
  await calling(client, 'deleteTag')('a', 'android,ios')
  await calling(client, 'deleteTag')('b', null)
  assert.deepEqual((await calling(client, 'getDeviceTagAlias')(rid)).tags, ['c'])
  assert.deepEqual(await calling(client, 'getAliasDeviceList')('bob', null), { registration_ids: [rid] })
  assert.deepEqual(await calling(client, 'getAliasDeviceList')('bob', ''), { registration_ids: [rid] })
  await calling(client, 'deleteAlias')('bob', 'ios')
  await calling(client, 'deleteAlias')('bob', null)
  await calling(client, 'updateDeviceTagAlias')(rid, 'ann', true, [], [])
  assert.deepEqual(await calling(client, 'getDeviceTagAlias')(rid), {
    tags: [],
    alias: 'ann',
    mobile: '13800000001',
  })
})

test('jpush-sdk reads the reports of a push', async () => {
  const { callback } = await makeClient()
  const hello = { platform: 'all', audience: 'all', notification: { alert: 'Hi' } }
  const { msg_id } = await calling(callback, 'sendPush')(JSON.stringify(hello))
  const [row] = await calling(callback, 'getReportMessages')(msg_id)
  assert.deepEqual([row.msg_id, row.android.target], [msg_id, 1])
})

test('jpush-sdk makes, reads, changes and deletes schedules', async () => {
  const { callback } = await makeClient()
  const start = formatTime(Date.now(), 480)
  const end = formatTime(Date.now() + 86_400_000 * 30, 480)
  const time = formatTime(Date.now() + 86_400_000, 480)
  const wanted = () =>
    callback.push().setPlatform('android').setAudience(callbackSdk.alias('ann')).setNotification('Hi')
  const make = (payload: any, name: string) => calling(payload, 'setSchedule')(name, true)
  const single = await make(wanted().setSingleSchedule(time), 'once')
  assert.equal(single.name, 'once')
  const weekly = wanted().setPeriodicalSchedule(start, end, '09:30:00', 'WEEK', 1, ['MON'])
  const { schedule_id } = await make(weekly, 'weekly')
  const daily = { trigger: { single: { time } }, push: JSON.parse(wanted().toJSON()) }
  const third = JSON.stringify({ name: 'third', enabled: true, ...daily })
  const made = await calling(callback, 'setSchedule')(third)
  const { schedules } = await calling(callback, 'getScheduleList')(1)
  assert.deepEqual(
    schedules.map((schedule: any) => schedule.schedule_id),
    [single.schedule_id, schedule_id, made.schedule_id],
  )
  const changes = JSON.stringify({ name: 'later', enabled: false })
  const changed = await calling(callback, 'updateSchedule')(single.schedule_id, changes)
  assert.deepEqual([changed.name, changed.enabled, changed.trigger], ['later', false, { single: { time } }])
  const read = await calling(callback, 'getSchedule')(single.schedule_id)
  assert.equal(read.name, 'later')
  for (const id of [single.schedule_id, schedule_id, made.schedule_id])
    assert.deepEqual(await calling(callback, 'delSchedule')(id), {})
  assert.equal((await calling(callback, 'getScheduleList')(1)).total_count, 0)
})

/** The client's own, above, sends what this one would have sent. */
test('updateSchedule of a jpush-sdk payload fails before it sends anything', async () => {
  const { callback } = await makeClient()
  assert.throws(() => callback.push().updateSchedule('id', 'name', true, () => {}), /isEmptyObject/)
})

test('jpush-sdk asks how devices use the app', async () => {
  const { callback } = await makeClient()
  const today = formatDate(Date.now(), 480)
  assert.deepEqual(await calling(callback, 'getReportUsers')('DAY', today, 1), {
    time_unit: 'DAY',
    start: today,
    duration: 1,
    items: [{ time: today, android: { new: 1 } }],
  })
})

test('jpush-sdk pushes to all platforms and kinds of audience, with the older form of a text message', async () => {
  const { callback, rid } = await makeClient()
  const { alias, tag, tag_and, registration_id } = callbackSdk
  const payload = callback
    .push()
    .setPlatform('android', 'ios', 'winphone')
    .setAudience(alias('ann'), tag('vip'), tag_and('vip'), registration_id(rid))
    .setNotification('Hi', callbackSdk.winphone('Hi', 'title', '/page', { order: 1 }))
    .setSmsMessage('Hi', 60)
    .setOptions(null, 60)
  assert.equal(payload.isGlobalExceedLength(), false)
  assert.equal(payload.isIosExceedLength(), false)
  const { msg_id } = await calling(payload, 'send')()
  const states = calling(callback, 'validate')
  assert.equal((await states(payload.toJSON())).sendno, (await states(payload.toJSON())).sendno)
  const [row] = await calling(callback, 'getReportMessages')(msg_id)
  assert.equal(row.android.target, 1)
})

/** Runs last. */
test('no public method of jpush-sdk is left out', () => {
  const client = callbackSdk.buildClient('0'.repeat(24), '0'.repeat(24))
  assert.deepEqual(calls.missing(client, client.push()), [])
})
