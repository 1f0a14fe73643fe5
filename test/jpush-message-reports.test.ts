// Reports on pushes in full (jpush.md §3.2.4, §3.2.5, §3.2.7).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, makeDevice, register } from './devices.ts'
import { basic, send } from './http-client.ts'
import { type JpushApp, jpushApp, makeJpushApp } from './jpush-client.ts'
import { MqttDevice } from './mqtt-device.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()
const hello = { platform: 'all', audience: 'all', notification: { alert: 'hi' } }

async function connect(t: Parameters<typeof MqttDevice.connect>[0], app: JpushApp, platform: string) {
  const access = await makeDevice(server(), app, { platform })
  return MqttDevice.connect(t, server(), access, { appKey: app.app_key })
}

test('targets, receipts, displays and clicks are counted once a device, and each includes the one after it', async t => {
  const app = await makeJpushApp(server())
  const android = [await connect(t, app, 'android'), await connect(t, app, 'android')] as const
  const ios = await connect(t, app, 'ios')
  const away = await register(server(), app, { platform: 'android' })
  assert.ok(away)
  const msgId = await app.push(hello)
  for (const device of [...android, ios]) assert.equal((await device.next()).msg_id, msgId)
  await android[0].opened(msgId)
  await android[0].displayed(msgId)
  await android[0].opened(msgId)
  await android[1].displayed(msgId)
  const [row] = await eventually(
    () => app.ok('GET', `/v3/messages?msg_ids=${msgId}`),
    ([{ ios, android }]) => ios.received === 1 && android.received === 2,
  )
  assert.deepEqual(row, {
    msg_id: msgId,
    android: { received: 2, target: 3, online_push: null, click: 1, msg_click: null },
    ios: {
      apns_sent: null,
      apns_target: null,
      apns_received: null,
      click: null,
      target: 1,
      received: 1,
    },
    winphone: { mpns_target: null, mpns_sent: null, click: null },
  })
  const [detail] = await app.ok('GET', `/v3/messages/detail?msg_ids=${msgId}`)
  assert.deepEqual(Object.keys(detail), [
    'msg_id',
    'jpush',
    'android_pns',
    'ios',
    'winphone',
    'quickapp_jpush',
    'quickapp_pns',
    'details',
  ])
  assert.deepEqual(detail.jpush, {
    target: 4,
    online_push: null,
    sent: 4,
    received: 3,
    display: 2,
    click: 1,
    msg_click: null,
  })
  assert.deepEqual([detail.ios.msg_target, detail.ios.msg_received, detail.ios.apns_target], [1, 1, null])
  assert.deepEqual(detail.android_pns.hw_detail, {
    target: null,
    sent: null,
    received: null,
    display: null,
  })
  const { notification, message } = detail.details
  const own = { target: 3, sent: 3, received: 2, display: 2, click: 1 }
  assert.deepEqual(notification.sub_android.jg_android, own)
  assert.deepEqual([notification.target, notification.sub_ios.jg_ios.received], [4, 1])
  assert.deepEqual([message.target, message.sub_android.jg_android.target], [null, null])
})

test('a device that registers while a broadcast lives is one of its targets once it has it', async t => {
  const app = await makeJpushApp(server())
  await register(server(), app)
  const msgId = await app.push(hello)
  const targets = async () => {
    const [{ android }] = await app.ok('GET', `/v3/messages?msg_ids=${msgId}`)
    return [android.target, android.received]
  }
  assert.deepEqual(await targets(), [1, null])
  const late = await connect(t, app, 'android')
  await late.next()
  await eventually(targets, ([target, received]) => target === 2 && received === 1)
})

test('a push to an audience counts its devices, whatever way they are named', async () => {
  const app = await makeJpushApp(server())
  const rid = await register(server(), app, { alias: 'ann', tags: ['vip'] })
  await register(server(), app, { platform: 'ios', tags: ['vip'] })
  await register(server(), app)
  for (const [audience, android, ios] of [
    [{ alias: ['ann'] }, 1, null],
    [{ registration_id: [rid] }, 1, null],
    [{ tag: ['vip'] }, 1, 1],
    [{ tag_not: ['vip'] }, 1, null],
  ] as const) {
    const msgId = await app.push({ ...hello, audience })
    const [row] = await app.ok('GET', `/v3/messages?msg_ids=${msgId}`)
    assert.deepEqual([row.android.target, row.ios.target], [android, ios], JSON.stringify(audience))
  }
})

test('a click on a message is told apart from one on a notification', async t => {
  const app = await makeJpushApp(server())
  const device = await connect(t, app, 'android')
  const msgId = await app.push({ platform: 'all', audience: 'all', message: { msg_content: 'x' } })
  await device.next()
  await device.opened(msgId)
  const [row] = await app.ok('GET', `/v3/messages?msg_ids=${msgId}`)
  assert.deepEqual([row.android.click, row.android.msg_click], [null, 1])
  const [{ details }] = await app.ok('GET', `/v3/messages/detail?msg_ids=${msgId}`)
  assert.deepEqual([details.message.click, details.notification.click], [1, null])
})

test('an app that is not VIP has the short reports only', async () => {
  const app = await makeJpushApp(server(), { vip: false })
  for (const path of ['/v3/messages', '/v3/messages/detail', '/v3/report/messages']) {
    const { status, json } = await app.call('GET', `${path}?msg_ids=1`)
    assert.deepEqual([status, json.error.code], [403, 2003])
  }
  assert.deepEqual(await app.ok('GET', '/v3/received?msg_ids=1'), [])
})

test('a push to a group is reported on over all of its apps, to the group alone', async t => {
  const org = 'reported'
  const apps: JpushApp[] = []
  for (const app of ['one', 'two'])
    apps.push(jpushApp(server(), await server().admin('POST', '/apps', { org, app })))
  const make = (name: string) => server().admin('POST', '/app-groups', { org, name, apps: ['one', 'two'] })
  const [group, other] = [await make('all'), await make('other')]
  const callAs = (as: typeof group, path: string, body?: object) =>
    send(`${server().http}${path}`, {
      headers: { Authorization: basic(`group-${as.group_key}`, as.group_master_secret) },
      ...(body && { body }),
    })
  const devices = [await connect(t, apps[0]!, 'android'), await connect(t, apps[1]!, 'hmos')] as const
  const { json } = await callAs(group, '/v3/grouppush', hello)
  for (const device of devices) await device.next()
  await devices[1].opened(json[apps[1]!.app_key].msg_id)
  const path = `/v3/group/messages/detail?group_msgids=${json.group_msgid}`
  const [row] = await eventually(
    async () => (await callAs(group, path)).json,
    ([{ jpush, hmos }]) => jpush.received === 1 && hmos.msg_received === 1,
  )
  assert.deepEqual(Object.keys(row), ['group_msgid', 'jpush', 'android_pns', 'ios', 'hmos'])
  assert.deepEqual([row.group_msgid, row.jpush.target, row.hmos.msg_target], [json.group_msgid, 1, 1])
  assert.equal(row.hmos.msg_click, 1)
  assert.deepEqual((await callAs(other, path)).json, [])
  const refused = await callAs(group, '/v3/group/messages/detail?group_msgids=1,2,3,4,5,6,7,8,9,10,11')
  assert.deepEqual([refused.status, refused.json.error.code], [400, 3002])
  const asApp = await apps[0]!.call('GET', path)
  assert.deepEqual([asApp.status, asApp.json.error.code], [401, 3001])
})
