// Attributes of members of groups and of rooms, and super admins, over REST: shapes, limits, who may, what goes with what.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from './devices.ts'
import { type Caller, type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { normalise } from './proofs/proof.ts'
import { sharedApp, startApp } from './start-app.ts'
import { countRows } from './table-rows.ts'

const server = sharedApp()

interface Stage extends EasemobApp {
  /** A group and a room of alice that bob is in; carol is in neither. */
  readonly group: string
  readonly room: string
  readonly ofGroup: string
  readonly ofRoom: string
  user(name: string): Promise<Caller>
}

async function stage(at = server()): Promise<Stage> {
  const app = await makeEasemobApp(at)
  await app.register('alice', 'bob', 'carol')
  const shared = { owner: 'alice', members: ['bob'] }
  const made = await app.call('POST', '/chatgroups', { groupname: 'g', public: true, ...shared })
  const group = ok(made).json.data.groupid
  const room = ok(await app.call('POST', '/chatrooms', { name: 'r', ...shared })).json.data.id
  return {
    ...app,
    group,
    room,
    ofGroup: `/metadata/chatgroup/${group}`,
    ofRoom: `/metadata/chatroom/${room}`,
    user: async name => app.as(await app.login(name)),
  }
}

async function dataOf(answer: ReturnType<Caller>): Promise<any> {
  return ok(await answer).json.data
}

const named = (count: number, from = 0) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${from + index}`, 'v']))

test('changes of a member’s attributes that are made at once are all made, none is told of a conflict (N-87)', async () => {
  const { call, ofGroup } = await stage()
  const changes = Array.from({ length: 20 }, (_, index) => ({ [`k${index}`]: String(index) }))
  const answers = await Promise.all(changes.map(metaData => call('PUT', `${ofGroup}/user/bob`, { metaData })))
  // Each answer holds what all changes before it have set: one attribute more than the last.
  const sizes = answers.map(answer => Object.keys(ok(answer).json.data).length)
  assert.deepEqual(
    sizes.toSorted((a, b) => a - b),
    changes.map((_, index) => index + 1),
  )
  assert.deepEqual(await dataOf(call('GET', `${ofGroup}/user/bob`)), Object.assign({}, ...changes))
})

test('attributes of a member: what is set is answered with all there are, nothing about the call', async () => {
  const { call, ofGroup } = await stage()
  await dataOf(call('PUT', `${ofGroup}/user/bob`, { metaData: { nick: 'B', title: 'cook' } }))
  const set = ok(await call('PUT', `${ofGroup}/user/BOB`, { metaData: { nick: '', age: '7' } }))
  assert.equal(
    normalise(set.text),
    '{"timestamp":<timestamp>,"data":{"title":"cook","age":"7"},"duration":<duration>}',
  )
  assert.deepEqual(await dataOf(call('GET', `${ofGroup}/user/bob`)), { age: '7', title: 'cook' })
  const asked = { targets: ['bob', 'alice', 'carol', 'ghost'], properties: ['age', 'none'] }
  assert.deepEqual(await dataOf(call('POST', `${ofGroup}/get`, asked)), { bob: { age: '7' }, alice: {} })
  assert.deepEqual(await dataOf(call('POST', `${ofGroup}/get`, { targets: ['bob'] })), {
    bob: { age: '7', title: 'cook' },
  })
})

test('attributes of a member are read by members alone, and set by itself and those who run the group', async () => {
  const { call, ofGroup, user, group } = await stage()
  const [alice, bob, carol] = [await user('alice'), await user('bob'), await user('carol')]
  const metaData = { nick: 'x' }
  const status = async (answer: ReturnType<Caller>) => (await answer).status
  assert.equal(await status(bob('PUT', `${ofGroup}/user/bob`, { metaData })), 200)
  assert.equal(await status(alice('PUT', `${ofGroup}/user/bob`, { metaData })), 200)
  assert.equal(await status(bob('PUT', `${ofGroup}/user/alice`, { metaData })), 401)
  assert.equal(await status(carol('PUT', `${ofGroup}/user/carol`, { metaData })), 401)
  assert.equal(await status(carol('GET', `${ofGroup}/user/bob`)), 401)
  assert.equal(await status(carol('POST', `${ofGroup}/get`, { targets: ['bob'] })), 401)
  assert.equal(await status(call('PUT', `${ofGroup}/user/carol`, { metaData })), 403)
  ok(await call('POST', `/chatgroups/${group}/admin`, { newadmin: 'bob' }))
  assert.equal(await status(bob('PUT', `${ofGroup}/user/alice`, { metaData })), 200)
})

test('attributes go with the member', async () => {
  const { call, ofGroup, group } = await stage()
  await dataOf(call('PUT', `${ofGroup}/user/bob`, { metaData: { nick: 'B' } }))
  ok(await call('DELETE', `/chatgroups/${group}/users/bob`))
  ok(await call('POST', `/chatgroups/${group}/users/bob`))
  assert.deepEqual(await dataOf(call('GET', `${ofGroup}/user/bob`)), {})
})

test('attributes that fill a member up to its limits are kept', async () => {
  const { call, ofGroup } = await stage()
  const name = 'n'.repeat(16)
  const values = Object.fromEntries([...'abcdefg'].map(letter => [letter.repeat(4), 'x'.repeat(512)]))
  await dataOf(call('PUT', `${ofGroup}/user/bob`, { metaData: { [name]: '属'.repeat(448) } }))
  const full = await dataOf(call('PUT', `${ofGroup}/user/bob`, { metaData: values }))
  assert.equal(Object.entries(full).flat().join('').length, 4_076)
  const more = await call('PUT', `${ofGroup}/user/bob`, { metaData: { more: 'x'.repeat(17) } })
  assert.equal(more.status, 400)
  assert.deepEqual(await dataOf(call('GET', `${ofGroup}/user/bob`)), full)
})

test('names that mean something to the language are names like others', async () => {
  const { call, url, as, ofGroup, ofRoom, login } = await stage()
  const names = ['__proto__', 'constructor', 'toString']
  const metaData = `{${names.map(name => `"${name}":"v"`).join(',')}}`
  const caller = as(await login('bob'))
  for (const path of [`${ofGroup}/user/bob`, `${ofRoom}/user/bob`]) {
    const answer = await fetch(url + path, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${await login('bob')}` },
      body: `{"metaData":${metaData}}`,
    })
    assert.equal(answer.status, 200)
    await answer.arrayBuffer()
  }
  const ofMember = await dataOf(call('GET', `${ofGroup}/user/bob`))
  assert.deepEqual(Object.keys(ofMember).toSorted(), names.toSorted())
  const held = await dataOf(caller('POST', ofRoom, { keys: ['__proto__', 'valueOf'] }))
  assert.deepEqual(Object.entries(held), [['__proto__', 'v']])
})

test('a body that is no set of texts changes nothing', async () => {
  const { call, ofGroup, ofRoom } = await stage()
  const bodies = [
    ...[{}, { metaData: null }, { metaData: [] }, { metaData: 'x' }, { metaData: { a: 1 } }],
    ...[{ metaData: { a: null } }, { metaData: { a: { b: 'c' } } }],
  ]
  for (const path of [`${ofGroup}/user/bob`, `${ofRoom}/user/bob`, `${ofRoom}/user/bob/forced`])
    for (const body of bodies)
      assert.equal((await call('PUT', path, body)).status, 400, `${path} ${JSON.stringify(body)}`)
  assert.equal((await call('DELETE', `${ofRoom}/user/bob`, { keys: 'a' })).status, 400)
  assert.equal((await call('POST', ofRoom, { keys: [1] })).status, 400)
  assert.equal((await call('POST', `${ofGroup}/get`, { targets: 'bob' })).status, 400)
  assert.deepEqual(await dataOf(call('GET', `${ofGroup}/user/bob`)), {})
  assert.deepEqual(await dataOf(call('POST', ofRoom)), {})
})

test('attributes of a room: the answer says which were set and why others were not', async () => {
  const { call, ofRoom } = await stage()
  const set = ok(await call('PUT', `${ofRoom}/user/bob`, { metaData: { song: 'one', 'a b': 'x' } }))
  assert.equal(
    normalise(set.text),
    '{"timestamp":<timestamp>,"data":{"successKeys":["song"],"errorKeys":{"a b":"metadata key: a b is not Legal"}},"duration":<duration>}',
  )
  assert.deepEqual(await dataOf(call('POST', ofRoom, { keys: ['song', 'none'] })), { song: 'one' })
  const foreign = { successKeys: [], errorKeys: { song: 'metadata key: song is not part of you' } }
  assert.deepEqual(await dataOf(call('DELETE', `${ofRoom}/user/alice`, { keys: ['song'] })), foreign)
  assert.deepEqual(await dataOf(call('DELETE', `${ofRoom}/user/alice/forced`, { keys: ['song', 'none'] })), {
    successKeys: ['song'],
    errorKeys: { none: 'metadata key: none is not exist' },
  })
  assert.deepEqual(await dataOf(call('POST', ofRoom, {})), {})
})

test('a room holds a hundred attributes; one that is there already can be set still', async () => {
  const { call, ofRoom } = await stage()
  for (let from = 0; from < 100; from += 10)
    await dataOf(call('PUT', `${ofRoom}/user/bob`, { metaData: named(10, from) }))
  const { successKeys, errorKeys } = await dataOf(
    call('PUT', `${ofRoom}/user/bob`, { metaData: { k7: 'new', k100: 'v' } }),
  )
  assert.deepEqual(successKeys, ['k7'])
  assert.match(errorKeys.k100, /^size of metadata for this single chatroom exceeds the user defined limit/)
  const held = await dataOf(call('POST', ofRoom))
  assert.deepEqual([Object.keys(held).length, held.k7], [100, 'new'])
})

test('attributes of a room are set by those in it for themselves, and by the app for them', async () => {
  const { call, ofRoom, user } = await stage()
  const [bob, carol] = [await user('bob'), await user('carol')]
  const metaData = { song: 'one' }
  const status = async (answer: ReturnType<Caller>) => (await answer).status
  assert.equal(await status(bob('PUT', `${ofRoom}/user/bob`, { metaData })), 200)
  assert.equal(await status(bob('PUT', `${ofRoom}/user/alice`, { metaData })), 401)
  assert.equal(await status(carol('PUT', `${ofRoom}/user/carol`, { metaData })), 403)
  assert.equal(await status(call('PUT', `${ofRoom}/user/carol/forced`, { metaData })), 403)
  assert.equal(await status(call('PUT', `${ofRoom}/user/ghost`, { metaData })), 404)
  assert.equal(await status(call('PUT', '/metadata/chatroom/999/user/bob', { metaData })), 404)
  assert.equal(await status(call('POST', '/metadata/chatroom/999')), 404)
})

test('super admins are named, listed and dismissed', async () => {
  const { call, url, org, app, user } = await stage()
  const path = '/chatrooms/super_admin'
  const added = ok(await call('POST', path, { superadmin: 'Bob' }))
  assert.equal(
    normalise(added.text),
    `{"action":"post","application":"<uuid>","uri":"${url}${path}","entities":[],"data":{"result":"success","resource":""},"timestamp":<timestamp>,"duration":<duration>,"organization":"${org}","applicationName":"${app}"}`,
  )
  ok(await call('POST', path, { superadmin: 'carol' }))
  ok(await call('POST', path, { superadmin: 'bob' }))
  const listed = ok(await call('GET', `${path}?pagenum=1&pagesize=10`)).json
  assert.deepEqual([listed.data, listed.count], [['carol', 'bob'], 2])
  assert.deepEqual(await dataOf(call('GET', `${path}?pagenum=2&pagesize=1`)), ['bob'])
  assert.equal((await call('POST', path, { superadmin: 'ghost' })).status, 404)
  assert.equal((await call('POST', path, {})).status, 400)
  assert.equal((await (await user('bob'))('POST', path, { superadmin: 'alice' })).status, 401)
  assert.deepEqual(await dataOf(call('DELETE', `${path}/bob`)), { newSuperAdmin: 'bob', resource: '' })
  assert.deepEqual(await dataOf(call('DELETE', `${path}/bob`)), { newSuperAdmin: 'bob', resource: '' })
  assert.equal((await call('DELETE', `${path}/ghost`)).status, 404)
  ok(await call('DELETE', '/users/carol'))
  assert.deepEqual(await dataOf(call('GET', path)), [])
})

test('a super admin runs every room, its admins too, but owns none, and runs no group', async () => {
  const { call, user, room, group } = await stage()
  const carol = await user('carol')
  const change = (path: string) => carol('PUT', path, { description: 'x' })
  assert.equal((await change(`/chatrooms/${room}`)).status, 401)
  ok(await call('POST', '/chatrooms/super_admin', { superadmin: 'carol' }))
  ok(await call('POST', `/chatrooms/${room}/admin`, { newadmin: 'bob' }))
  ok(await change(`/chatrooms/${room}`))
  assert.deepEqual(await dataOf(carol('DELETE', `/chatrooms/${room}/users/bob`)), {
    result: true,
    action: 'remove_member',
    user: 'bob',
    id: room,
  })
  assert.equal((await carol('DELETE', `/chatrooms/${room}`)).status, 401)
  assert.equal((await change(`/chatgroups/${group}`)).status, 401)
  ok(await call('DELETE', '/chatrooms/super_admin/carol'))
  assert.equal((await change(`/chatrooms/${room}`)).status, 401)
})

test('with users, groups, rooms and the app go requests, attributes and super admins, and no row stays', async t => {
  const own = await startApp(t)
  const { org, app, call, user, ofGroup, ofRoom, group, room } = await stage(own)
  const tables = ['group_requests', 'group_member_attributes', 'room_attributes', 'super_admins']
  const rows = () => countRows(own.dataDir)
  const left = () => tables.filter(table => rows()[table])
  const fill = async (...groups: string[]) => {
    for (const id of groups) {
      ok(await call('PUT', `/chatgroups/${id}`, { membersonly: true, invite_need_confirm: true }))
      ok(await (await user('carol'))('POST', `/chatgroups/${id}/apply`, {}))
    }
    ok(await call('PUT', `${ofGroup}/user/bob`, { metaData: { nick: 'B' } }))
    ok(await call('PUT', `${ofRoom}/user/bob`, { metaData: { goes: '1' } }))
    ok(await call('POST', '/chatrooms/super_admin', { superadmin: 'carol' }))
    assert.deepEqual(left(), tables)
  }
  await fill(group)
  for (const name of ['bob', 'carol']) ok(await call('DELETE', `/users/${name}`))
  await eventually(
    async () => left().length,
    count => count === 0,
  )
  for (const username of ['bob', 'carol']) ok(await call('POST', '/users', { username, password: 'pw' }))
  ok(await call('POST', `/chatgroups/${group}/users/bob`))
  ok(await call('POST', `/chatrooms/${room}/users/bob`))
  await fill(group)
  ok(await call('DELETE', `/chatgroups/${group}`))
  ok(await call('DELETE', `/chatrooms/${room}`))
  await eventually(
    async () => left(),
    found => found.join() === 'super_admins',
  )
  const full = await makeFull(call)
  ok(await (await user('carol'))('POST', `/chatgroups/${full}/apply`, {}))
  await own.admin('DELETE', `/apps/${org}/${app}`)
  await eventually(
    async () => rows(),
    counts => Object.keys(counts).length === 0,
  )
})

/** A group with a member that has attributes. */
async function makeFull(call: Caller): Promise<string> {
  const wanted = { groupname: 'g', public: true, membersonly: true, owner: 'alice', members: ['bob'] }
  const group = ok(await call('POST', '/chatgroups', wanted)).json.data.groupid
  ok(await call('PUT', `/metadata/chatgroup/${group}/user/bob`, { metaData: { nick: 'B' } }))
  return group
}
