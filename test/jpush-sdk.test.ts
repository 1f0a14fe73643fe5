// The vendor's own Node SDKs, unmodified. They know only the vendor's hosts, so the one thing that changes is where
// their connections lead: their https agent connects to the server under test, as a TLS proxy in front of it would.
import assert from 'node:assert/strict'
import https from 'node:https'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { formatTime } from '../src/lib/zone-time.ts'
import { connectDevice, eventually, register } from './devices.ts'
import { makeJpushApp } from './jpush-client.ts'
import { sharedApp } from './start-app.ts'

const require = createRequire(import.meta.url)
const callbackSdk = require('jpush-sdk')
const { JPushAsync: asyncSdk } = require('jpush-async')

const app = sharedApp()
const vendorAgent = https.globalAgent
const agent = new https.Agent()
agent.createConnection = () => {
  const { hostname, port } = new URL(app().http)
  return connect(Number(port), hostname)
}
https.globalAgent = agent
after(() => {
  https.globalAgent = vendorAgent
})

/** An app of its own with one device, and a client of either SDK for it. */
async function clients() {
  const jpush = await makeJpushApp(app())
  const rid = await register(app(), jpush, { alias: 'ann', tags: ['vip'] })
  return {
    rid,
    credentials: jpush,
    callback: callbackSdk.buildClient(jpush.app_key, jpush.master_secret),
    async: asyncSdk.buildClient({
      appKey: jpush.app_key,
      masterSecret: jpush.master_secret,
      isDebug: false,
    }),
  }
}

/** A method of the callback SDK as a promise. */
function calling(client: any, method: string): (...args: unknown[]) => Promise<any> {
  return promisify(client[method].bind(client))
}

test('jpush-sdk pushes and validates', async () => {
  const { callback } = await clients()
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
  const { callback, credentials } = await clients()
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
  const { callback, credentials } = await clients()
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
  const { callback, credentials } = await clients()
  const { cidlist } = await credentials.ok('GET', '/v3/push/cid')
  const push = { platform: 'all', audience: 'all', notification: { alert: 'Hi' }, cid: cidlist[0] }
  const send = calling(callback, 'sendPush')
  assert.deepEqual(await send(JSON.stringify(push)), await send(JSON.stringify(push)))
})

test('jpush-sdk manages tags, aliases and mobile numbers', async () => {
  const { callback: client, rid } = await clients()
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

test('jpush-async pushes, manages a device and asks for states', async () => {
  const { async: client, rid } = await clients()
  const { sendno, msg_id } = await client
    .push()
    .setPlatform('android')
    .setAudience(asyncSdk.alias('ann'))
    .setNotification('Hi', asyncSdk.android('Hi', 'title', 1))
    .setMessage('content')
    .send()
  assert.match(sendno, /^\d+$/)
  assert.match(msg_id, /^\d+$/)
  await client.updateDeviceTagAlias(rid, 'ann', false, ['x'], ['vip'])
  assert.deepEqual((await client.getDeviceTagAlias(rid)).tags, ['x'])
  assert.deepEqual(await client.getTagList(), { tags: ['x'] })
  assert.deepEqual(await client.isDeviceInTag('x', rid), { result: true })
  assert.deepEqual(await client.getDeviceStatus([rid, 'unknown']), {
    res: { [rid]: { online: true }, unknown: null },
  })
  assert.deepEqual(await client.getReportStatusMessage(msg_id, [rid]), { res: { [rid]: { status: 1 } } })
  await client.deleteAlias('ann', null)
  assert.deepEqual(await client.getAliasDeviceList('ann', null), { registration_ids: [] })
})

test('jpush-async gets its errors', async () => {
  const { async: client } = await clients()
  const payload = client
    .push()
    .setPlatform('android')
    .setAudience(asyncSdk.alias('nobody'))
    .setNotification('Hi')
  await assert.rejects(payload.send(), /cannot find user by this audience/)
})

/** `jpush-async` sends no query, so that it cannot name a push. */
test('jpush-sdk reads the reports of a push', async () => {
  const { callback } = await clients()
  const hello = { platform: 'all', audience: 'all', notification: { alert: 'Hi' } }
  const { msg_id } = await calling(callback, 'sendPush')(JSON.stringify(hello))
  const [row] = await calling(callback, 'getReportMessages')(msg_id)
  assert.deepEqual([row.msg_id, row.android.target], [msg_id, 1])
})

test('both SDKs make, read, change and delete schedules', async () => {
  const { callback, async: promising } = await clients()
  const start = formatTime(Date.now(), 480)
  const end = formatTime(Date.now() + 86_400_000 * 30, 480)
  const time = formatTime(Date.now() + 86_400_000, 480)
  const wanted = (client: any, sdk: any) =>
    client.push().setPlatform('android').setAudience(sdk.alias('ann')).setNotification('Hi')
  const single = wanted(callback, callbackSdk).setSingleSchedule(time)
  const made = await calling(single, 'setSchedule')('once', true)
  assert.equal(made.name, 'once')
  const { schedule_id } = await wanted(promising, asyncSdk)
    .setPeriodicalSchedule(start, end, '09:30:00', 'WEEK', 1, ['MON'])
    .setSchedule('weekly', true)
  const page = await calling(callback, 'getScheduleList')(1)
  assert.deepEqual(
    page.schedules.map((schedule: any) => schedule.schedule_id),
    [made.schedule_id, schedule_id],
  )
  // `updateSchedule` of a payload fails inside both SDKs, before anything is sent; that of the client works.
  const changes = JSON.stringify({ name: 'later', enabled: false })
  const changed = await calling(callback, 'updateSchedule')(made.schedule_id, changes)
  assert.deepEqual([changed.name, changed.enabled, changed.trigger], ['later', false, { single: { time } }])
  const read = await promising.getSchedule(made.schedule_id)
  assert.equal(read.name, 'later')
  await calling(callback, 'delSchedule')(made.schedule_id)
  await promising.delSchedule(schedule_id)
  assert.equal((await calling(callback, 'getScheduleList')(1)).total_count, 0)
})
