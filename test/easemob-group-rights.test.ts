// What users may do with groups and rooms by their own token, through REST; super admins; what goes with users.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { type Caller, type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { until } from './until.ts'

const server = sharedApp()

interface Stage {
  readonly app: EasemobApp
  readonly ann: Caller
  readonly bob: Caller
  readonly cat: Caller
}

async function stage(settings?: object): Promise<Stage> {
  const app = await makeEasemobApp(server(), settings)
  await app.register('ann', 'bob', 'cat')
  const as = async (name: string) => app.as(await app.login(name))
  return { app, ann: await as('ann'), bob: await as('bob'), cat: await as('cat') }
}

async function makeGroup({ ann }: Stage, settings: object = {}): Promise<string> {
  const wanted = { groupname: 'g', public: true, owner: 'ann', ...settings }
  return `/chatgroups/${ok(await ann('POST', '/chatgroups', wanted)).json.data.groupid}`
}

async function makeRoom({ app }: Stage): Promise<string> {
  return ok(await app.call('POST', '/chatrooms', { name: 'r', owner: 'ann', members: ['bob'] })).json.data.id
}

const statusOf = async (answer: ReturnType<Caller>) => (await answer).status

test('a user makes groups and rooms for itself, not for another', async () => {
  const all = await stage()
  await makeGroup(all, { members: ['bob'] })
  const foreign = { groupname: 'g', public: true, owner: 'bob' }
  assert.equal(await statusOf(all.ann('POST', '/chatgroups', foreign)), 401)
  assert.equal(await statusOf(all.ann('POST', '/chatrooms', { name: 'r', owner: 'ann' })), 200)
  assert.equal(await statusOf(all.ann('POST', '/chatrooms', { name: 'r', owner: 'bob' })), 401)
})

test('first members are asked where the maker says so, and put in by the app all the same', async () => {
  const all = await stage()
  const wanted = { members: ['bob'], invite_need_confirm: true }
  const asking = await makeGroup(all, wanted)
  assert.equal(ok(await all.app.call('GET', asking)).json.data[0].affiliations_count, 1)
  ok(await all.bob('POST', `${asking}/invite_verify`, { invitee: 'bob', verifyResult: true }))
  assert.equal(ok(await all.app.call('GET', asking)).json.data[0].affiliations_count, 2)
  const group = { groupname: 'g', public: true, owner: 'ann', ...wanted }
  const { groupid } = ok(await all.app.call('POST', '/chatgroups', group)).json.data
  assert.equal(ok(await all.app.call('GET', `/chatgroups/${groupid}`)).json.data[0].affiliations_count, 2)
})

test('an admin runs a group but neither hands it over nor dissolves it, nor sends other admins away', async () => {
  const all = await stage()
  const group = await makeGroup(all, { members: ['bob', 'cat'] })
  ok(await all.ann('POST', `${group}/admin`, { newadmin: 'bob' }))
  assert.equal(await statusOf(all.bob('PUT', group, { groupname: 'h' })), 200)
  assert.equal(await statusOf(all.bob('PUT', group, { newowner: 'bob' })), 401)
  assert.equal(await statusOf(all.bob('DELETE', group)), 401)
  assert.equal(await statusOf(all.bob('DELETE', `${group}/users/ann`)), 403)
  ok(await all.ann('POST', `${group}/admin`, { newadmin: 'cat' }))
  assert.equal(await statusOf(all.bob('DELETE', `${group}/users/cat`)), 401)
  assert.equal(await statusOf(all.bob('DELETE', `${group}/users/cat,bob`)), 401)
  ok(await all.ann('DELETE', `${group}/admin/cat`))
  assert.equal(await statusOf(all.bob('DELETE', `${group}/users/cat`)), 200)
})

test('with times, members of a group are shown as what they are; without, an admin is a member', async () => {
  const all = await stage()
  const group = await makeGroup(all, { members: ['bob', 'cat'] })
  ok(await all.ann('POST', `${group}/admin`, { newadmin: 'bob' }))
  const { data } = ok(await all.ann('GET', `${group}/users?joined_time=true`)).json
  assert.deepEqual(
    data.map((member: object) => Object.keys(member)[0]),
    ['member', 'admin', 'owner'],
  )
  const plain = ok(await all.ann('GET', `${group}/users`)).json.data
  assert.deepEqual(plain, [{ member: 'cat' }, { member: 'bob' }, { owner: 'ann' }])
})

test('the lists of one user are for the app and that user', async () => {
  const all = await stage()
  await makeGroup(all, { members: ['bob'] })
  for (const path of [
    '/users/bob/joined_chatgroups',
    '/users/bob/joined_chatrooms',
    '/chatgroups/user/bob',
  ]) {
    assert.equal(await statusOf(all.bob('GET', path)), 200, path)
    assert.equal(await statusOf(all.app.call('GET', path)), 200, path)
    assert.equal(await statusOf(all.ann('GET', path)), 401, path)
  }
  const newer = ok(await all.bob('GET', '/users/bob/joined_chatgroups?version=v3')).json.data[0]
  assert.deepEqual(
    [newer.id, newer.name, newer.groupname, newer.permission],
    [newer.groupid, 'g', 'g', 'member'],
  )
})

test('a user is put into several groups at once, each answered for itself', async () => {
  const all = await stage()
  const path = await makeGroup(all)
  const full = await makeGroup(all, { maxusers: 1 })
  const ids = [path, full].map(one => one.slice('/chatgroups/'.length))
  const wanted = { chatgroups: [...ids, '987654321', ids[0]] }
  for (let time = 0; time < 2; time++) {
    const { data } = ok(await all.app.call('POST', '/users/bob/joined_chatgroups', wanted)).json
    assert.deepEqual(data, [
      { id: ids[0], result: true },
      { id: ids[1], result: false },
      { id: '987654321', result: false },
    ])
  }
  assert.equal(ok(await all.app.call('GET', path)).json.data[0].affiliations_count, 2)
  assert.equal(await statusOf(all.bob('POST', '/users/bob/joined_chatgroups', wanted)), 401)
  assert.equal(await statusOf(all.app.call('POST', '/users/ghost/joined_chatgroups', wanted)), 404)
})

test('names that mean something to JavaScript are names like others', async () => {
  const all = await stage()
  const body = '{"metaData":{"__proto__":"a","constructor":"b","toString":"c"}}'
  const send = async (url: string) => {
    const headers = {
      Authorization: `Bearer ${await all.app.login('bob')}`,
      'Content-Type': 'application/json',
    }
    return (await fetch(all.app.url + url, { method: 'PUT', headers, body })).json() as Promise<any>
  }
  const room = await makeRoom(all)
  const set = await send(`/metadata/chatroom/${room}/user/bob`)
  assert.deepEqual(set.data.successKeys, ['__proto__', 'constructor', 'toString'])
  const { text } = ok(await all.cat('POST', `/metadata/chatroom/${room}`))
  assert.match(text, /"data":\{"__proto__":"a","constructor":"b","toString":"c"\}/)
  const group = (await makeGroup(all, { members: ['bob'] })).replace('groups', 'group')
  await send(`/metadata${group}/user/bob`)
  const shown = ok(await all.ann('GET', `/metadata${group}/user/bob`)).text
  assert.match(shown, /"data":\{"__proto__":"a","constructor":"b","toString":"c"\}/)
})

test('public groups come page by page, the newest first, and none that is not public', async () => {
  const all = await stage()
  const names = ['one', 'two', 'three']
  for (const groupname of names) await makeGroup(all, { groupname })
  await makeGroup(all, { groupname: 'hidden', public: false })
  const found: string[] = []
  let cursor = ''
  do {
    const { json } = ok(await all.cat('GET', `/publicchatgroups?limit=2&cursor=${cursor}`))
    for (const { groupname } of json.data) found.push(groupname)
    cursor = json.cursor ?? ''
  } while (cursor !== '')
  assert.deepEqual(found, [...names].reverse())
})

test('super admins run every room of their app, and only rooms, until they are it no more', async () => {
  const all = await stage()
  const { app, cat } = all
  const room = `/chatrooms/${await makeRoom(all)}`
  const group = await makeGroup(all)
  const made = ok(await app.call('POST', '/chatrooms/super_admin', { superadmin: 'Cat' })).json
  assert.deepEqual(made.data, { result: 'success', resource: '' })
  const listed = ok(await app.call('GET', '/chatrooms/super_admin?pagenum=1&pagesize=10')).json
  assert.deepEqual([listed.data, listed.count], [['cat'], 1])
  assert.equal(await statusOf(cat('PUT', room, { description: 'x' })), 200)
  assert.equal(await statusOf(cat('DELETE', `${room}/users/bob`)), 200)
  assert.equal(await statusOf(cat('DELETE', room)), 401)
  assert.equal(await statusOf(cat('PUT', group, { groupname: 'x' })), 401)
  const removed = ok(await app.call('DELETE', '/chatrooms/super_admin/cat')).json
  assert.deepEqual(removed.data, { newSuperAdmin: 'cat', resource: '' })
  assert.deepEqual(ok(await app.call('GET', '/chatrooms/super_admin')).json.data, [])
  assert.equal(await statusOf(cat('PUT', room, { description: 'y' })), 401)
  assert.equal(await statusOf(cat('POST', '/chatrooms/super_admin', { superadmin: 'cat' })), 401)
})

test('who joins, asks or answers many times over does it once', async () => {
  const all = await stage()
  const group = await makeGroup(all, { membersonly: true, maxusers: 2 })
  for (let time = 0; time < 3; time++) ok(await all.bob('POST', `${group}/apply`))
  ok(await all.cat('POST', `${group}/apply`, { message: 'me too' }))
  const answer = (applicant: string) =>
    all.ann('POST', `${group}/apply_verify`, { applicant, verifyResult: true, reason: '' })
  const statuses = await Promise.all([1, 2, 3].map(() => statusOf(answer('bob'))))
  assert.deepEqual(statuses.sort(), [200, 404, 404])
  // The group is full, and the request waits on.
  assert.equal(await statusOf(answer('cat')), 403)
  ok(await all.bob('DELETE', `${group}/quit`))
  assert.equal(await statusOf(answer('cat')), 200)
})

test('whoever is sent away takes its invitations with it', async () => {
  const all = await stage()
  const group = await makeGroup(all, { allowinvites: true })
  const settings = { invite_need_confirm: true }
  ok(await all.app.call('POST', `${group}/users/bob`))
  ok(await all.ann('PUT', group, settings))
  const accept = () => all.cat('POST', `${group}/invite_verify`, { invitee: 'cat', verifyResult: true })
  ok(await all.bob('POST', `${group}/invite`, { usernames: ['cat'] }))
  ok(await all.ann('DELETE', `${group}/users/bob`))
  assert.equal(await statusOf(accept()), 404)
  ok(await all.ann('POST', `${group}/invite`, { usernames: ['cat'] }))
  assert.equal(await statusOf(accept()), 200)
})

test('what a user has asked, been asked, set and been goes with it', async () => {
  const all = await stage()
  const { app } = all
  const closed = await makeGroup(all, { membersonly: true })
  const open = await makeGroup(all, { members: ['bob'], allowinvites: true, invite_need_confirm: true })
  ok(await all.bob('POST', `${closed}/apply`))
  ok(await all.bob('POST', `${open}/invite_verify`, { invitee: 'bob', verifyResult: true }))
  ok(await all.bob('POST', `${open}/invite`, { usernames: ['cat'] }))
  const set = { metaData: { k: 'v' } }
  ok(await all.bob('PUT', `/metadata${open.replace('groups', 'group')}/user/bob`, set))
  ok(await all.bob('PUT', `/metadata/chatroom/${await makeRoom(all)}/user/bob`, set))
  ok(await app.call('POST', '/chatrooms/super_admin', { superadmin: 'bob' }))
  const database = new DatabaseSync(join(server().dataDir, 'posthouse.db'), { readOnly: true })
  const { uid } = database.prepare('SELECT uid FROM users WHERE username = ? ORDER BY uid DESC').get('bob')!
  const countRows = () =>
    [
      'SELECT COUNT(*) AS n FROM group_requests WHERE uid = ? OR inviter_uid = ?1',
      'SELECT COUNT(*) AS n FROM group_member_attributes WHERE uid = ?',
      'SELECT COUNT(*) AS n FROM room_attributes WHERE uid = ?',
      'SELECT COUNT(*) AS n FROM super_admins WHERE uid = ?',
    ].map(text => Number(database.prepare(text).get(uid!)!.n))
  try {
    assert.deepEqual(countRows(), [2, 1, 1, 1])
    ok(await app.call('DELETE', '/users/bob'))
    await until(async () => countRows().every(count => count === 0))
  } finally {
    database.close()
  }
})
