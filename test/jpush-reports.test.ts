import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectDevice, eventually, register } from './devices.ts'
import { makeJpushApp } from './jpush-client.ts'
import { sharedApp } from './start-app.ts'

const app = sharedApp()
const hello = { platform: 'all', audience: 'all', notification: { alert: 'hi' } }

test('what devices acknowledge is counted, platform by platform; what nothing counts is null', async t => {
  const jpush = await makeJpushApp(app())
  const platforms = ['android', 'android', 'ios', 'hmos', 'quickapp', 'winphone', 'web']
  const devices = await Promise.all(platforms.map(platform => connectDevice(t, app(), jpush, { platform })))
  const arrivals = devices.map(device => device.next())
  const msgId = await jpush.push(hello)
  for (const { msg_id } of await Promise.all(arrivals)) assert.equal(msg_id, msgId)
  const detail = () => jpush.ok('GET', `/v3/received/detail?msg_ids=${msgId}`)
  const [row] = await eventually(
    detail,
    ([row]) => row.jpush_received === 5 && row.quickapp_jpush_received === 1 && row.hmos_msg_received === 1,
  )
  assert.deepEqual(row, {
    msg_id: msgId,
    jpush_received: 5,
    android_pns_sent: null,
    android_pns_received: null,
    ios_apns_sent: null,
    ios_apns_received: null,
    ios_msg_received: 1,
    live_acivity_sent: null,
    live_acivity_received: null,
    wp_mpns_sent: null,
    quickapp_jpush_received: 1,
    quickapp_pns_sent: null,
    hmos_hmpns_sent: null,
    hmos_hmpns_received: null,
    hmos_msg_sent: null,
    hmos_msg_received: 1,
  })
  assert.deepEqual(await jpush.ok('GET', `/v3/received?msg_ids=${msgId}`), [
    {
      msg_id: msgId,
      android_received: 2,
      ios_apns_sent: null,
      ios_apns_received: null,
      ios_msg_received: 1,
      wp_mpns_sent: null,
    },
  ])
})

test('a push that nobody has received yet has a row of nulls, one that is unknown or foreign has none', async () => {
  const [jpush, other] = [await makeJpushApp(app()), await makeJpushApp(app())]
  for (const each of [jpush, other]) await register(app(), each)
  const [first, second, foreign] = [await jpush.push(hello), await jpush.push(hello), await other.push(hello)]
  const rows = await jpush.ok('GET', `/v3/received?msg_ids=${second},+${foreign},1,${first},,${second}`)
  assert.deepEqual(
    rows.map((row: { msg_id: string; android_received: null }) => [row.msg_id, row.android_received]),
    [
      [second, null],
      [first, null],
    ],
  )
})

test('a report takes a hundred ids', async () => {
  const jpush = await makeJpushApp(app())
  const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1).join(',')
  assert.deepEqual(await jpush.ok('GET', `/v3/received?msg_ids=${ids(100)}`), [])
  for (const query of [
    '',
    '?msg_ids=',
    '?msg_ids=,+,',
    `?msg_ids=${ids(101)}`,
    '?msg_ids=1,-2',
    '?msg_ids=1.5',
  ])
    assert.equal((await jpush.call('GET', `/v3/received${query}`)).json.error.code, 3002, query)
})

test('a push is delivered, not yet, or not meant for a device; strangers are told apart', async t => {
  const jpush = await makeJpushApp(app())
  const online = await connectDevice(t, app(), jpush)
  const offline = await register(app(), jpush)
  const ios = await register(app(), jpush, { platform: 'ios' })
  const foreign = await register(app(), await makeJpushApp(app()))
  const arrival = online.next()
  const msg_id = await jpush.push({ ...hello, platform: ['android'] })
  await arrival
  const registration_ids = [online.rid, offline, ios, foreign, 'no such', '__proto__', online.rid]
  const statuses = await eventually(
    () => jpush.ok('POST', '/v3/status/message', { msg_id: Number(msg_id), registration_ids }),
    answer => answer[online.rid].status === 0,
  )
  assert.deepEqual(Object.entries(statuses), [
    [online.rid, { status: 0 }],
    [offline, { status: 1 }],
    [ios, { status: 3 }],
    [foreign, { status: 2 }],
    ['no such', { status: 2 }],
    ['__proto__', { status: 2 }],
  ])
  const unknown = await jpush.ok('POST', '/v3/status/message', {
    msg_id: '1',
    registration_ids: [ios, foreign],
  })
  assert.deepEqual(unknown, { [ios]: { status: 3 }, [foreign]: { status: 2 } })
})

test('asking for states without a usable push, devices or date is refused', async () => {
  const jpush = await makeJpushApp(app())
  const good = { msg_id: '1', registration_ids: ['a'], date: '2026-01-05', data: 'x' }
  await jpush.ok('POST', '/v3/status/message', good)
  for (const difference of [
    { msg_id: undefined },
    { msg_id: 'x' },
    { msg_id: 1.5 },
    { msg_id: -1 },
    { msg_id: {} },
    { registration_ids: undefined },
    { registration_ids: [] },
    { registration_ids: 'a' },
    { registration_ids: [1] },
    { registration_ids: Array.from({ length: 1_001 }, (_, index) => `r${index}`) },
    { date: '2026-02-30' },
    { date: 20_260_105 },
  ]) {
    const { status, json } = await jpush.call('POST', '/v3/status/message', { ...good, ...difference })
    assert.deepEqual([status, json.error.code], [400, 3002], JSON.stringify(difference).slice(0, 60))
  }
})
