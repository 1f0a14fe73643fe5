// The client against a real server: every call of the JPush dialect, and what it answers. Those of Easemob: easemob.test.ts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { register } from '../../test/devices.ts'
import { makeJpushApp } from '../../test/jpush-client.ts'
import { sharedApp } from '../../test/start-app.ts'
import * as jpush from '../src/jpush.ts'

const shared = sharedApp()

async function makeJpush() {
  const server = shared()
  const app = await makeJpushApp(server)
  const client = new jpush.JpushClient({
    baseUrl: server.http,
    appKey: app.app_key,
    masterSecret: app.master_secret,
  })
  const device = (settings: object = {}) => register(server, app, { platform: 'android', ...settings })
  return { server, app, client, device }
}

const push = { platform: 'all', audience: 'all', notification: { alert: 'hello' } } as const

test('a push is sent, reported and withdrawn', async () => {
  const { client, device } = await makeJpush()
  const rid = await device({ alias: 'ann', tags: ['vip'] })
  const { msg_id, sendno } = await jpush.sendPush(client, { push: { ...push, options: { sendno: 7 } } })
  assert.equal(sendno, '7')
  assert.deepEqual(
    (await jpush.listReceived(client, { msgIds: [msg_id] })).map(row => row.msg_id),
    [msg_id],
  )
  assert.equal((await jpush.listReceivedDetails(client, { msgIds: [msg_id] })).length, 1)
  assert.equal((await jpush.listMessages(client, { msgIds: [msg_id] })).length, 1)
  assert.equal((await jpush.listMessageDetails(client, { msgIds: [msg_id] })).length, 1)
  const registrationIds = [rid, 'nobody']
  const statuses = await jpush.listMessageStatuses(client, { msgId: msg_id, registrationIds })
  assert.deepEqual(statuses, { [rid]: { status: 1 }, nobody: { status: 2 } })
  await jpush.withdrawPush(client, { msgId: msg_id })
  const validated = await jpush.validatePush(client, { push })
  assert.ok(validated.msg_id)
  assert.equal((await jpush.listUsers(client, thisMonth())).items.length, 1)
  // Not sold here, in the flat form of its own.
  await assert.rejects(jpush.getVendorQuota(client), { class: 'policy', code: '2007' })
})

function thisMonth() {
  return { unit: 'MONTH', start: new Date().toISOString().slice(0, 7), duration: 1 } as const
}

test('under one cid a push is sent once', async () => {
  const { client, device } = await makeJpush()
  await device()
  const [cid] = await jpush.fetchCids(client, 'push', 1)
  const request = { push: { ...push, cid: cid! } }
  assert.deepEqual(await jpush.sendPush(client, request), await jpush.sendPush(client, request))
})

test('a refusal is what the catalogue calls it, with the parts of its text', async () => {
  const { client } = await makeJpush()
  const nobody = jpush.sendPush(client, { push })
  await assert.rejects(nobody, { id: 'audience_empty', code: '1011', outcome: 'rejected', status: 400 })
  const audience = { registration_id: ['nope'] }
  await assert.rejects(jpush.sendPush(client, { push: { ...push, audience } }), {
    id: 'registration_id_invalid',
    params: { registration_id: 'nope' },
  })
  const stranger = new jpush.JpushClient({
    baseUrl: shared().http,
    appKey: 'a1b2c3d4e5f60718293a4b5c',
    masterSecret: 'x',
    cids: { fetched: 1 },
  })
  await assert.rejects(jpush.listTags(stranger), { class: 'auth', code: '7004' })
})

test('a batch says of each item what became of it', async () => {
  const { client, device } = await makeJpush()
  await device({ alias: 'ann' })
  const items = ['ann', 'nobody'].map(target => ({ ...push, audience: undefined, target }))
  const content = items.map(({ audience: _, ...item }) => item)
  const results = await jpush.sendBatch(client, { items: content, by: 'alias' })
  assert.ok('msg_id' in results[0]!.result && !('error' in results[0]!.result))
  assert.ok('error' in results[1]!.result && results[1]!.result.error.code === 1011)
})

test('devices, tags and aliases are read and changed', async () => {
  const { client, device } = await makeJpush()
  const rid = await device()
  await jpush.updateDevice(client, { registrationId: rid, alias: 'ann', tags: { add: ['vip', '北京'] } })
  const { alias, tags } = await jpush.getDevice(client, { registrationId: rid })
  assert.deepEqual([alias, tags.toSorted()], ['ann', ['vip', '北京']])
  assert.deepEqual((await jpush.listTags(client)).toSorted(), ['vip', '北京'])
  assert.equal(await jpush.isTagged(client, { tag: '北京', registrationId: rid }), true)
  await jpush.updateTag(client, { tag: '北京', remove: [rid] })
  assert.equal(await jpush.isTagged(client, { tag: '北京', registrationId: rid }), false)
  await jpush.deleteTag(client, { tag: 'vip', platforms: ['android'] })
  const listed = await jpush.listAliasDevices(client, { alias: 'ann' })
  assert.deepEqual(
    listed.map(({ registration_id }) => registration_id),
    [rid],
  )
  await jpush.unbindAlias(client, { alias: 'ann', registrationIds: [rid] })
  await jpush.deleteAlias(client, { alias: 'ann' })
  assert.deepEqual(await jpush.listAliasDevices(client, { alias: 'ann' }), [])
  const statuses = await jpush.listDeviceStatuses(client, { registrationIds: [rid, 'nope'] })
  // Seen within ten minutes: it was registered.
  assert.equal(statuses[rid]?.online, true)
  assert.equal(statuses.nope, null)
})

test('a file is uploaded, pushed to and deleted', async () => {
  const { client, device } = await makeJpush()
  await device({ alias: 'ann' })
  const fileId = await jpush.uploadFile(client, {
    of: 'alias',
    content: 'ann\nbob\n',
    name: 'them.txt',
    ttl: 1,
  })
  assert.deepEqual(
    (await jpush.listFiles(client)).map(({ file_id }) => file_id),
    [fileId],
  )
  assert.equal((await jpush.getFile(client, { fileId })).file_name, 'them.txt')
  const audience = { file: { file_id: fileId } }
  assert.ok((await jpush.sendFilePush(client, { push: { ...push, audience } })).msg_id)
  await jpush.deleteFile(client, { fileId })
  assert.deepEqual(await jpush.listFiles(client), [])
})

test('a schedule is created once, read, changed and deleted', async () => {
  const { client } = await makeJpush()
  const trigger = { single: { time: '2027-06-01 10:00:00' } }
  const [cid] = await jpush.fetchCids(client, 'schedule', 1)
  const create = () => jpush.createSchedule(client, { name: 'later', trigger, push, cid: cid! })
  const scheduleId = await create()
  assert.equal(await create(), scheduleId)
  assert.equal((await jpush.listSchedules(client)).total_count, 1)
  await jpush.updateSchedule(client, { scheduleId, enabled: false })
  assert.equal((await jpush.getSchedule(client, { scheduleId })).enabled, false)
  assert.deepEqual(await jpush.listScheduleRuns(client, { scheduleId }), [])
  await jpush.deleteSchedule(client, { scheduleId })
  await assert.rejects(jpush.getSchedule(client, { scheduleId }), { class: 'missing', code: '8104' })
})

test('a group push says of each app what became of it', async () => {
  const { server, app, device } = await makeJpush()
  await device()
  const made = await server.admin('POST', '/app-groups', {
    org: 'jpush',
    name: 'of-the-client',
    apps: [app.name],
  })
  const client = new jpush.JpushGroupClient({
    baseUrl: server.http,
    groupKey: made.group_key,
    masterSecret: made.group_master_secret,
  })
  const { group_msgid, apps } = await jpush.sendGroupPush(client, { push })
  assert.ok('msg_id' in apps[app.app_key]!)
  const [row] = await jpush.listGroupMessageDetails(client, { groupMsgIds: [group_msgid] })
  assert.equal(row?.group_msgid, group_msgid)
  assert.equal((await jpush.listGroupUsers(client, thisMonth())).items.length, 1)
})
