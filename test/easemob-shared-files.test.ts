// Files shared in groups and rooms: by the app, and by the users who are in them.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { bytesOf, contentsOf, postFile, type Uploaded } from './files.ts'
import { type Received, send } from './http-client.ts'
import { ImClient } from './im-client.ts'
import { sharedApp } from './start-app.ts'
import { readRows } from './table-rows.ts'
import { until } from './until.ts'

const server = sharedApp({ POSTHOUSE_GROUP_FILES_MAX: '12' })
let app: EasemobApp
let appToken: string
const tokens: Record<string, string> = {}

beforeEach(async () => {
  if (app) return
  app = await makeEasemobApp(server())
  await app.register('alice', 'bob', 'carol', 'dave')
  for (const name of ['alice', 'bob', 'carol', 'dave']) tokens[name] = await app.login(name)
  const { client_id, client_secret } = app
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  appToken = ok(await app.open('POST', '/token', grant)).json.access_token
})

/** A group of alice, bob and carol. */
async function makeGroup(): Promise<string> {
  const group = { groupname: 'ops', public: true, owner: 'alice', members: ['bob', 'carol'] }
  return ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
}

async function share(path: string, token: string, uploaded: Uploaded = {}): Promise<any> {
  const response = await postFile(app, token, { ...uploaded, path: `${path}/share_files` })
  const answer = (await response.json()) as any
  if (response.status !== 200) throw new Error(`answered ${response.status} ${JSON.stringify(answer)}`)
  return answer.data
}

const refusal = ({ status, json }: Received) => [status, json.error, json.error_description]
const forbidden = [403, 'forbidden_op', 'chatfile no permission']

test('a shared file is listed, downloaded and deleted, as the Web SDK asks for it', async () => {
  const group = await makeGroup()
  const path = `/chatgroups/${group}`
  const shared = await share(path, tokens.bob!, { content: 'minutes', name: 'minutes.txt' })
  const { file_id } = shared
  assert.deepEqual(shared, {
    file_url: `${app.url}${path}/share_files/${file_id}`,
    group_id: group,
    file_name: 'minutes.txt',
    created: shared.created,
    file_id,
    file_size: 7,
  })
  assert.ok(Math.abs(shared.created - Date.now()) < 60_000)

  const carol = app.as(tokens.carol!)
  const query = 'pagenum=1&pagesize=10&version=v3'
  const { timestamp, duration, application, ...list } = ok(
    await carol('GET', `${path}/share_files?${query}`),
  ).json
  assert.deepEqual(list, {
    action: 'get',
    params: { pagenum: ['1'], pagesize: ['10'], version: ['v3'] },
    uri: `${app.url}${path}/share_files`,
    entities: [],
    data: [{ file_id, file_name: 'minutes.txt', file_owner: 'bob', file_size: 7, created: shared.created }],
    organization: 'acme',
    applicationName: app.app,
    count: 1,
  })

  const headers = { Authorization: `Bearer ${tokens.carol}`, 'X-Requested-With': 'XMLHttpRequest' }
  const got = await fetch(shared.file_url, { headers })
  assert.equal((await bytesOf(got)).toString(), 'minutes')
  assert.equal(got.headers.get('content-disposition')!.split(';')[0], 'attachment')
  const part = await fetch(shared.file_url, { headers: { ...headers, Range: 'bytes=0-2' } })
  assert.deepEqual([part.status, await part.text()], [206, 'min'])

  const bob = app.as(tokens.bob!)
  const deleted = ok(await bob('DELETE', `${path}/share_files/${file_id}?resource=webim_1`))
  assert.deepEqual(deleted.json.data, { group_id: group, file_id, result: true })
  assert.equal((await carol('GET', `${path}/share_files/${file_id}`)).status, 404)
  await until(async () => !contentsOf(server()).some(name => name.includes(file_id)))
})

test('a chat room shares files the same way, under the names its clients know', async () => {
  const id = ok(await app.call('POST', '/chatrooms', { name: 'hall', owner: 'alice', members: ['bob'] })).json
    .data.id
  const { file_id, ...shared } = await share(`/chatrooms/${id}`, tokens.bob!)
  assert.equal(shared.id, id)
  const path = `/chatrooms/${id}/share_files`
  assert.deepEqual(
    ok(await app.as(tokens.alice!)('GET', path)).json.data.map((file: any) => file.file_id),
    [file_id],
  )
  assert.deepEqual(refusal(await app.as(tokens.carol!)('GET', path)), forbidden)
  assert.deepEqual(ok(await app.call('DELETE', `${path}/${file_id}`)).json.data, {
    id,
    file_id,
    result: true,
  })
  // A room is no group.
  assert.equal((await app.call('GET', `/chatgroups/${id}/share_files`)).status, 404)
})

test('who is online hears of a file shared in a room; nothing of it waits for those who are away', async t => {
  const room = { name: 'hall', owner: 'alice', members: ['bob'] }
  const { id } = ok(await app.call('POST', '/chatrooms', room)).json.data
  const alice = await ImClient.login(t, app, { username: 'alice', token: tokens.alice! })
  await share(`/chatrooms/${id}`, tokens.alice!)
  const bob = await ImClient.login(t, app, { username: 'bob', token: tokens.bob! })
  const heard: number[][] = []
  for (const client of [alice, bob]) {
    await client.settle()
    const ofRoom = client.events.all.filter(({ body }) => body.mucId!.name === id)
    heard.push(ofRoom.map(({ body }) => body.operation!))
  }
  assert.deepEqual(heard, [[27], []])
})

test('pages of shared files come newest first', async () => {
  const path = `/chatgroups/${await makeGroup()}`
  for (let number = 1; number <= 12; number++) await share(path, appToken, { name: `${number}.txt` })
  const names = async (query: string) =>
    ok(await app.call('GET', `${path}/share_files${query}`)).json.data.map((file: any) =>
      parseInt(file.file_name, 10),
    )
  const all = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
  assert.deepEqual(await names(''), all)
  assert.deepEqual(await names('?pagenum=1'), all.slice(0, 10))
  assert.deepEqual(await names('?pagenum=2&pagesize=5'), all.slice(5, 10))
  assert.deepEqual(await names('?pagenum=3&pagesize=5'), all.slice(10))
  assert.deepEqual(await names('?pagenum=9&pagesize=5'), [])
  const full = await postFile(app, appToken, { path: `${path}/share_files` })
  assert.deepEqual([full.status, ((await full.json()) as any).error], [403, 'exceed_limit'])
})

test('who is no member gets nothing of what a group shares, and leaves nothing there', async () => {
  const path = `/chatgroups/${await makeGroup()}/share_files`
  const { file_id } = await share(path.replace('/share_files', ''), tokens.bob!)
  const dave = app.as(tokens.dave!)
  for (const [method, url] of [
    ['GET', path],
    ['GET', `${path}/${file_id}`],
    ['DELETE', `${path}/${file_id}`],
  ] as const)
    assert.deepEqual(refusal(await dave(method, url)), forbidden, `${method} ${url}`)
  const before = contentsOf(server())
  const response = await postFile(app, tokens.dave!, { path })
  assert.equal(response.status, 403)
  assert.deepEqual(contentsOf(server()), before)
})

test('a member deletes what it shared, the owner, the admins and the app everything', async () => {
  const path = `/chatgroups/${await makeGroup()}`
  const files: string[] = []
  for (let number = 0; number < 5; number++) files.push((await share(path, tokens.bob!)).file_id)
  const remove = (token: string, index: number) =>
    app.as(token)('DELETE', `${path}/share_files/${files[index]}`)
  assert.deepEqual(refusal(await remove(tokens.carol!, 0)), forbidden)
  ok(await remove(tokens.bob!, 0))
  ok(await remove(tokens.alice!, 1))
  ok(await remove(appToken, 2))
  assert.equal((await remove(appToken, 2)).status, 404)
  ok(await app.call('POST', `${path}/admin`, { newadmin: 'carol' }))
  ok(await remove(tokens.carol!, 3))
  ok(await app.call('DELETE', `${path}/admin/carol`))
  assert.deepEqual(refusal(await remove(tokens.carol!, 4)), forbidden)
  const left = ok(await app.call('GET', `${path}/share_files`)).json.data
  assert.deepEqual(
    left.map((file: any) => file.file_id),
    [files[4]],
  )
})

test('shared files and files of messages are not found in each other’s place, nor in another group', async () => {
  const one = await makeGroup()
  const other = await makeGroup()
  const { file_id } = await share(`/chatgroups/${one}`, tokens.bob!)
  assert.equal((await app.call('GET', `/chatfiles/${file_id}`)).status, 404)
  assert.equal((await app.call('GET', `/chatgroups/${other}/share_files/${file_id}`)).status, 404)
  assert.equal((await app.call('DELETE', `/chatgroups/${other}/share_files/${file_id}`)).status, 404)
  const response = await postFile(app, tokens.bob!)
  const [{ uuid }] = ((await response.json()) as any).entities
  assert.equal((await app.call('GET', `/chatgroups/${one}/share_files/${uuid}`)).status, 404)
})

test('every member hears of a file that is shared, and of one that is deleted', async () => {
  const group = await makeGroup()
  const noticesOf = () =>
    readRows(server().dataDir, 'SELECT content FROM notices ORDER BY notice_id')
      .map(({ content }) => JSON.parse(String(content)))
      .filter(({ groupId, event }) => groupId === group && event.startsWith('file_'))
  const { created, file_id } = await share(`/chatgroups/${group}`, tokens.bob!, { name: 'n.txt' })
  ok(await app.call('DELETE', `/chatgroups/${group}/share_files/${file_id}`))
  const about = { is: 'group_event', groupId: group, isRoom: false, name: 'ops' }
  const text = JSON.stringify({ file_id, file_name: 'n.txt', file_owner: 'bob', file_size: 5, created })
  assert.deepEqual(noticesOf(), [
    { ...about, event: 'file_uploaded', from: 'bob', to: ['bob'], text },
    { ...about, event: 'file_deleted', from: '', to: ['alice'], text: file_id },
  ])
  const waiting = readRows(
    server().dataDir,
    `SELECT u.username FROM inbox i JOIN notices n ON n.notice_id = i.entry_id JOIN users u ON u.uid = i.uid
     WHERE i.queue = '' AND n.content LIKE '%file_uploaded%' AND n.content LIKE '%${group}%' ORDER BY u.username`,
  )
  assert.deepEqual(
    waiting.map(({ username }) => username),
    ['alice', 'bob', 'carol'],
  )
})

test('with a group go its files, and a group made under its id has none', async () => {
  const group = await makeGroup()
  const { file_id } = await share(`/chatgroups/${group}`, tokens.bob!)
  ok(await app.call('DELETE', `/chatgroups/${group}`))
  const again = { groupid: group, groupname: 'ops', public: true, owner: 'alice' }
  ok(await app.call('POST', '/chatgroups', again))
  assert.deepEqual(ok(await app.call('GET', `/chatgroups/${group}/share_files`)).json.data, [])
  await until(async () => !contentsOf(server()).some(name => name.includes(file_id)))
  assert.equal((await send(`${server().http}/readyz`)).status, 200)
})

test('a file that a deleted user shared stays in its group, under the name it had', async () => {
  const path = `/chatgroups/${await makeGroup()}`
  await app.register('erin')
  ok(await app.call('POST', `${path}/users/erin`))
  const { file_id } = await share(path, await app.login('erin'))
  ok(await app.call('DELETE', '/users/erin'))
  await app.register('erin')
  ok(await app.call('POST', `${path}/users/erin`))
  const [file] = ok(await app.call('GET', `${path}/share_files`)).json.data
  assert.deepEqual([file.file_id, file.file_owner], [file_id, 'erin'])
  // Another user by the same name is not who shared it.
  const anew = app.as(await app.login('erin'))
  assert.deepEqual(refusal(await anew('DELETE', `${path}/share_files/${file_id}`)), forbidden)
})
