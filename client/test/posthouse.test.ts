// The client against a real server: every call of the JPush dialect, and what it answers. Those of Easemob: easemob.test.ts.
// The last tests hold that none was forgotten.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { register } from '../../test/devices.ts'
import { picture } from '../../test/files.ts'
import { makeJpushApp } from '../../test/jpush-client.ts'
import { appleCertificate } from '../../test/peers/apple-certificates.ts'
import { sharedApp } from '../../test/start-app.ts'
import * as entry from '../src/jpush.ts'
import * as admin from '../src/jpush-admin.ts'
import { operationsOf, shapeOf, toldOf } from './operations.ts'

const shared = sharedApp()
const { calls: jpush, notCalled } = toldOf({ ...entry, ...admin })
/** What was asked of the server: `GET /v3/devices/:`. */
const asked = new Set<string>()
const onAttempt = ({ operation }: { readonly operation: string }) => asked.add(shapeOf(operation))

async function makeJpush(settings?: object) {
  const server = shared()
  const app = await makeJpushApp(server, settings)
  const client = new jpush.JpushClient({
    baseUrl: server.http,
    appKey: app.app_key,
    masterSecret: app.master_secret,
    onAttempt,
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

test('a Posthouse knows a cid that was made here', async () => {
  const { app, device } = await makeJpush()
  await device()
  let cid: string | undefined
  const noCids: typeof fetch = (input, init) => {
    if (String(input).includes('/v3/push/cid')) return Promise.reject(new TypeError('no cids'))
    cid = JSON.parse(String(init?.body)).cid
    return fetch(input, init)
  }
  const client = new jpush.JpushClient({
    baseUrl: shared().http,
    appKey: app.app_key,
    masterSecret: app.master_secret,
    fetch: noCids,
    retry: { attempts: 1 },
    cids: { allowLocalCid: true },
  })
  const first = await jpush.sendPush(client, { push })
  assert.deepEqual(await jpush.sendPush(client, { push: { ...push, cid: cid! } }), first)
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
  await assert.rejects(jpush.listTags(stranger), { class: 'auth', code: '7004', advice: 'page-a-human' })
  // Before a push goes a cid: that there is none means that nothing was sent.
  const unsent = { id: 'credentials_wrong', outcome: 'not_sent', operation: 'GET /v3/push/cid' }
  await assert.rejects(jpush.sendPush(stranger, { push }), unsent)
})

test('a batch says of each item what became of it', async () => {
  const { client, device } = await makeJpush()
  const rid = await device({ alias: 'ann' })
  const items = ['ann', 'nobody'].map(target => ({ ...push, audience: undefined, target }))
  const content = items.map(({ audience: _, ...item }) => item)
  const results = await jpush.sendBatch(client, { items: content, by: 'alias' })
  assert.ok('msg_id' in results[0]!.result && !('error' in results[0]!.result))
  assert.ok('error' in results[1]!.result && results[1]!.result.error.code === 1011)
  const [byId] = await jpush.sendBatch(client, {
    items: [{ ...content[0]!, target: rid }],
    by: 'registration_id',
  })
  assert.ok('msg_id' in byId!.result && !('error' in byId!.result))
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
  const byId = await jpush.uploadFile(client, { of: 'registration_id', content: '1a\n', name: 'ids.txt' })
  assert.equal((await jpush.getFile(client, { fileId: byId })).type, 'registration_id')
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

test('an image is added and changed, by addresses and as files', async () => {
  const { client } = await makeJpush({ vip: true })
  const urls = { huawei_image_url: 'https://a.example/huawei.png' }
  const { media_id, ...added } = await jpush.addImage(client, { type: 2, urls })
  assert.deepEqual(added, urls)
  const more = { hmos_image_url: 'https://a.example/hmos.png' }
  const changed = await jpush.changeImage(client, { mediaId: media_id, urls: more })
  assert.deepEqual(changed, { media_id, ...urls, ...more })
  const oppo = new Blob([new Uint8Array(await picture(40, 30))])
  const uploaded = await jpush.addImageFiles(client, { type: 1, files: { oppo } })
  assert.match(uploaded.oppo_image_url!, /^http/)
  const mediaId = uploaded.media_id
  const both = await jpush.changeImageFiles(client, { mediaId, files: { xiaomi: oppo } })
  assert.deepEqual([both.oppo_image_url, typeof both.xiaomi_image_url], [uploaded.oppo_image_url, 'string'])
  const { client: plain } = await makeJpush({ vip: false })
  await assert.rejects(jpush.addImageFiles(plain, { type: 1, files: { oppo } }), { id: 'not_vip' })
})

/** An organisation with one app, a group of it and a developer account. */
async function makeOrg() {
  const { server, app, client, device } = await makeJpush()
  const group = await server.admin('POST', '/app-groups', { org: 'jpush', name: app.name, apps: [app.name] })
  const account = await server.admin('POST', '/developers', { org: 'jpush', name: app.name })
  const groupClient = new jpush.JpushGroupClient({
    baseUrl: server.http,
    groupKey: group.group_key,
    masterSecret: group.group_master_secret,
    onAttempt,
  })
  const developer = new jpush.JpushDeveloperClient({
    baseUrl: server.http,
    devKey: account.dev_key,
    devSecret: account.dev_secret,
    onAttempt,
  })
  return { server, app, client, device, groupClient, developer }
}

test('a group push says of each app what became of it, and under a cid is sent once', async () => {
  const { app, client, device, groupClient, developer } = await makeOrg()
  await device({ alias: 'ann' })
  const { group_msgid, apps } = await jpush.sendGroupPush(groupClient, { push })
  assert.ok('msg_id' in apps[app.app_key]!)
  const [row] = await jpush.listGroupMessageDetails(groupClient, { groupMsgIds: [group_msgid] })
  assert.equal(row?.group_msgid, group_msgid)
  assert.equal((await jpush.listGroupUsers(groupClient, thisMonth())).items.length, 1)
  const fileId = await jpush.uploadFile(developer, { of: 'alias', content: 'ann', name: 'them.txt' })
  const [cid] = await jpush.fetchCids(client, 'push', 1)
  const toFile = { push: { ...push, audience: { file: { file_id: fileId } }, cid: cid! } }
  const first = await jpush.sendGroupFilePush(groupClient, toFile)
  assert.ok('msg_id' in first.apps[app.app_key]!)
  assert.deepEqual(await jpush.sendGroupFilePush(groupClient, toFile), first)
})

test('a developer account makes an app, gives it a certificate and deletes it', async () => {
  const { developer } = await makeOrg()
  const request = { name: 'of-a-developer', androidPackage: 'cn.jpush.app', groupName: 'of-developers' }
  const { app_key, is_new_created, ...made } = await jpush.createApp(developer, request)
  assert.equal(is_new_created, true)
  assert.deepEqual(await jpush.createApp(developer, request), { app_key, is_new_created: false, ...made })
  const { p12, password } = appleCertificate()
  const production = { content: new Blob([new Uint8Array(p12)]), password }
  await jpush.uploadCertificates(developer, { appKey: app_key, production })
  // Errors of the admin API come under 200.
  const again = jpush.uploadCertificates(developer, { appKey: app_key, production })
  await assert.rejects(again, { id: 'certificate_exists', status: 200, code: '1010', outcome: 'rejected' })
  const wrong = { content: production.content, password: 'no' }
  await assert.rejects(jpush.uploadCertificates(developer, { appKey: app_key, development: wrong }), {
    id: 'certificate_invalid',
  })
  await assert.rejects(jpush.uploadCertificates(developer, { appKey: app_key }), {
    id: 'certificate_missing',
  })
  await jpush.deleteApp(developer, { appKey: app_key })
  await assert.rejects(jpush.deleteApp(developer, { appKey: app_key }), { id: 'app_delete_failed' })
  await assert.rejects(jpush.createApp(developer, { ...request, androidPackage: 'x' }), {
    id: 'admin_parameter_invalid',
    params: { name: 'android_package' },
  })
})

test('what the vendor sells is not sold here, in whatever form it is said', async () => {
  const { client } = await makeJpush()
  const template = { id: '7', pushes: [{ audience: 'all' }] } as const
  const trigger = { single: { time: '2027-06-01 10:00:00' } }
  const device = { registrationId: '1a', name: 'mine' }
  const calls = [
    jpush.getVendorQuotas(client),
    jpush.sendByTemplate(client, template),
    jpush.scheduleByTemplate(client, { ...template, name: 'later', trigger }),
    jpush.createPushPlan(client, { name: 'spring' }),
    jpush.updatePushPlan(client, { name: 'spring', description: 'the sale' }),
    jpush.listPushPlans(client, { page: 1 }),
    jpush.addTestDevice(client, device),
    jpush.renameTestDevice(client, device),
    jpush.deleteTestDevice(client, device),
    jpush.listTestDevices(client),
  ]
  const refused = { class: 'policy', code: '2007', outcome: 'rejected' }
  await Promise.all(calls.map(call => assert.rejects(call, refused)))
})

test('every function was called', () => {
  assert.deepEqual(notCalled(), [])
})

/** Other ways to a call that a function makes in the way that is documented first. */
const otherWays: Readonly<Record<string, readonly string[]>> = {
  'what an official client sends instead': [
    'DELETE /v1/app/:/delete',
    'POST /v3/test/model/delete/:',
    'POST /v3/push_plan/update',
    'POST /v3/test/model/update',
  ],
}

/** The Beijing data centre's names of the same calls, by those that the functions use. */
const renamed: readonly (readonly [alias: RegExp, path: string])[] = [
  [/ \/v3\/push\/schedules/, ' /v3/schedules'],
  [/ \/v3\/report\//, ' /v3/'],
  [/ \/v3\/device\/(tags|aliases)/, ' /v3/$1'],
  [/ \/v3\/device\//, ' /v3/devices/'],
]

test('every operation that a server has is asked by a function, or is another way to one that is', async () => {
  const all = await operationsOf(shared().http)
  const plain = (shape: string) => renamed.reduce((name, [alias, path]) => name.replace(alias, path), shape)
  const operations = new Set([...all.get('jpush')!].map(plain))
  assert.ok(operations.size > 50)
  const others = new Set(Object.values(otherWays).flat())
  assert.deepEqual(
    [...operations].filter(shape => !asked.has(shape) && !others.has(shape)),
    [],
  )
  assert.deepEqual(
    [...others].filter(shape => asked.has(shape) || !operations.has(shape)),
    [],
  )
  // The third is no vendor's dialect: the operator's doors, the devices' own, the console.
  assert.deepEqual([...all.keys()].toSorted(), ['easemob', 'jpush', 'server'])
})
