// Files of developer accounts, and pushes to groups of apps with them (jpush.md §3.1.5, §3.1.6).
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { connectDevice, register } from './devices.ts'
import { basic, type Received, send } from './http-client.ts'
import { jpushApp } from './jpush-client.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()
const hello = { platform: 'all', notification: { alert: 'Hi' } }
const audience = (file_id: string) => ({ audience: { file: { file_id } } })
let lastOrg = 0

/** An organisation with a developer account, and a group of two apps. */
async function makeOrg() {
  const org = `files${++lastOrg}`
  const apps = []
  for (const app of ['a', 'b'])
    apps.push(jpushApp(server(), await server().admin('POST', '/apps', { org, app })))
  const group = await server().admin('POST', '/app-groups', { org, name: 'all', apps: ['a', 'b'] })
  const account = await server().admin('POST', '/developers', { org, name: 'ann' })
  const authorization = basic(account.dev_key, account.dev_secret)
  return {
    org,
    apps,
    account,
    authorization,
    call: (method: string, path: string): Promise<Received> =>
      send(server().http + path, { method, headers: { Authorization: authorization } }),
    push: (body: object, path = '/v3/grouppush/file'): Promise<Received> => {
      const headers = { Authorization: basic(`group-${group.group_key}`, group.group_master_secret) }
      return send(server().http + path, { headers, body })
    },
  }
}

async function upload(authorization: string, content: string): Promise<{ status: number; json: any }> {
  const form = new FormData()
  form.append('filename', new Blob([content]), 'names.txt')
  const headers = { Authorization: authorization }
  const response = await fetch(`${server().http}/v3/files/alias`, { method: 'POST', headers, body: form })
  return { status: response.status, json: await response.json() }
}

async function uploaded(authorization: string, content: string): Promise<string> {
  const { status, json } = await upload(authorization, content)
  assert.equal(status, 200, JSON.stringify(json))
  return json.file_id
}

test('a file of a developer account is pushed to in each app of a group', async t => {
  const { apps, account, authorization, push } = await makeOrg()
  const ann = await connectDevice(t, server(), apps[0]!, { alias: 'ann' })
  const bob = await connectDevice(t, server(), apps[1]!, { alias: 'bob' })
  const fileId = await uploaded(authorization, 'ann\nbob\n')
  assert.ok(fileId.startsWith(`${account.dev_key}-`))
  const received = Promise.all([ann.next(), bob.next()])
  const { status, json } = await push({ ...hello, ...audience(fileId) })
  assert.equal(status, 200, JSON.stringify(json))
  assert.match(json.group_msgid, /^\d+$/)
  assert.deepEqual(
    apps.map(({ app_key }) => json[app_key]),
    (await received).map(({ msg_id }) => ({ sendno: '0', msg_id })),
  )
})

test('an app in which nobody of the file is says so, the others send it', async () => {
  const { apps, authorization, push } = await makeOrg()
  await register(server(), apps[0]!, { alias: 'ann' })
  const { json } = await push({ ...hello, ...audience(await uploaded(authorization, 'ann')) })
  assert.match(json[apps[0]!.app_key].msg_id, /^\d+$/)
  assert.equal(json[apps[1]!.app_key].error.code, 1011)
})

test('files belong to the account that uploaded them: it lists, reads and deletes its own', async () => {
  const { apps, authorization, call } = await makeOrg()
  const other = await makeOrg()
  const fileId = await uploaded(authorization, 'ann')
  const own = await uploaded(basic(apps[0]!.app_key, apps[0]!.master_secret), 'ann')
  const listed = await call('GET', '/v3/files')
  assert.deepEqual(
    listed.json.files.map((file: any) => file.file_id),
    [fileId],
  )
  assert.equal(listed.headers['x-rate-limit-limit'], '20')
  assert.equal((await call('GET', `/v3/files/${fileId}`)).json.file_id, fileId)
  for (const answer of [
    await call('GET', `/v3/files/${own}`),
    await other.call('GET', `/v3/files/${fileId}`),
    await apps[0]!.call('GET', `/v3/files/${fileId}`),
    await apps[0]!.call('POST', '/v3/push/file', { ...hello, ...audience(fileId) }),
  ])
    assert.deepEqual([answer.status, answer.json.error.code], [400, 1003])
  assert.equal((await other.call('DELETE', `/v3/files/${fileId}`)).status, 200)
  assert.equal((await call('GET', `/v3/files/${fileId}`)).status, 200)
  assert.equal((await call('DELETE', `/v3/files/${fileId}`)).status, 200)
  assert.equal((await call('GET', '/v3/files')).json.total_count, 0)
})

test('a group is pushed to with a file of its organisation’s developer accounts, and no other', async () => {
  const { org, apps, account, authorization, push } = await makeOrg()
  const other = await makeOrg()
  await register(server(), apps[0]!, { alias: 'ann' })
  const fileId = await uploaded(authorization, 'ann')
  const ofApp = await uploaded(basic(apps[0]!.app_key, apps[0]!.master_secret), 'ann')
  const ofOther = await uploaded(other.authorization, 'ann')
  const refused = async (body: object, code: number, path?: string) => {
    const { status, json } = await push({ ...hello, ...body }, path)
    assert.deepEqual([status, json.error?.code], [400, code], JSON.stringify(body))
  }
  await refused(audience(ofApp), 1003)
  await refused(audience(ofOther), 1003)
  await refused(audience(`${account.dev_key}-${randomUUID()}`), 1003)
  await refused({ audience: 'all' }, 1002)
  await refused({ ...audience(fileId), options: { override_msg_id: 1 } }, 1003)
  await refused(audience(fileId), 1003, '/v3/grouppush')
  const cid = `${account.dev_key}-${randomUUID()}`
  const first = await push({ ...hello, ...audience(fileId), cid })
  assert.equal(first.status, 200)
  assert.deepEqual((await push({ ...hello, ...audience(fileId), cid })).json, first.json)
  await server().admin('DELETE', `/developers/${org}/ann`)
  await refused(audience(fileId), 1003)
})

test('without the right to files of groups an account has none, and its files push no more', async () => {
  const { org, apps, authorization, call, push } = await makeOrg()
  await register(server(), apps[0]!, { alias: 'ann' })
  const fileId = await uploaded(authorization, 'ann')
  await server().admin('PATCH', `/developers/${org}/ann`, { group_files: false })
  const denied = await call('GET', '/v3/files')
  assert.deepEqual([denied.status, denied.json.error.code], [403, 1105])
  assert.deepEqual((await upload(authorization, 'ann')).status, 403)
  const pushed = await push({ ...hello, ...audience(fileId) })
  assert.deepEqual([pushed.status, pushed.json.error.code], [403, 2007])
  await server().admin('PATCH', `/developers/${org}/ann`, { group_files: true })
  assert.equal((await push({ ...hello, ...audience(fileId) })).status, 200)
})

test('a developer’s secret asks for files and nothing else of an app’s; another’s asks for none', async () => {
  const { account, authorization, call } = await makeOrg()
  for (const path of ['/v3/push/cid', '/v3/schedules', '/v3/devices/x'])
    assert.equal((await call('GET', path)).status, 401, path)
  const attempts = [undefined, basic(account.dev_key, 'x'), basic('0'.repeat(24), account.dev_secret)]
  for (const Authorization of attempts) {
    const { status, json } = await send(`${server().http}/v3/files`, {
      headers: Authorization === undefined ? {} : { Authorization },
    })
    assert.deepEqual([status, json.error], [401, { code: 1004, message: 'Authen failed' }])
  }
  let last = await call('GET', '/v3/files')
  for (let count = 1; count <= 20; count++) last = await call('GET', '/v3/files')
  assert.deepEqual([last.status, last.json.error.code], [429, 2002])
  assert.equal((await upload(authorization, 'ann')).status, 429)
})
