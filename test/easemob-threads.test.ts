// Threads of groups over REST: shapes, pages, who may, what is in a thread, what goes with what.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from './devices.ts'
import { type Caller, type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp, startApp } from './start-app.ts'
import { countRows } from './table-rows.ts'

const server = sharedApp()

interface Stage extends EasemobApp {
  /** Of alice, with bob and carol in it; dave is not. */
  readonly group: string
  user(name: string): Promise<Caller>
  /** A message of alice to the group. @returns its id */
  say(to?: string): Promise<string>
  /** A thread of bob's about a new message. */
  makeThread(name?: string): Promise<string>
  members(thread: string): Promise<string[]>
}

async function stage(at = server()): Promise<Stage> {
  const app = await makeEasemobApp(at)
  const { call } = app
  await app.register('alice', 'bob', 'carol', 'dave')
  const members = ['bob', 'carol']
  const made = await call('POST', '/chatgroups', { groupname: 'g', public: true, owner: 'alice', members })
  const group = ok(made).json.data.groupid
  const say = async (to = group) => {
    const message = { from: 'alice', to: [to], type: 'txt', body: { msg: 'hi' } }
    return ok(await call('POST', '/messages/chatgroups', message)).json.data[to]
  }
  return {
    ...app,
    group,
    say,
    user: async name => app.as(await app.login(name)),
    makeThread: async (name = 'about') => {
      const wanted = { group_id: group, name, owner: 'bob', msg_id: await say() }
      return ok(await call('POST', '/thread', wanted)).json.data.thread_id
    },
    members: async thread => ok(await call('GET', `/thread/${thread}/users`)).json.data.affiliations,
  }
}

async function errorOf(answer: ReturnType<Caller>): Promise<[number, number | undefined, string]> {
  const { status, json } = await answer
  return [status, json.error_code, json.error_description]
}

const noRight = [401, 40001, 'no permission to operate the thread']

test('a thread is made about a message of a group, shown, renamed and deleted', async () => {
  const { call, group, say, app, org } = await stage()
  const msgId = await say()
  const before = Date.now()
  const made = ok(
    await call('POST', '/thread', { group_id: Number(group), name: 'one', owner: 'bob', msg_id: msgId }),
  ).json
  const thread = made.data.thread_id
  assert.match(thread, /^\d+$/)
  assert.deepEqual([made.action, made.organization, made.applicationName], ['post', org, app])
  const { created, ...shown } = ok(await call('GET', `/thread/${thread}`)).json.data
  assert.ok(created >= before - 1_000 && created <= Date.now())
  assert.deepEqual(shown, {
    name: 'one',
    owner: 'bob',
    id: thread,
    msgId,
    groupId: group,
    affiliations_count: 1,
  })
  assert.deepEqual(ok(await call('PUT', `/thread/${thread}`, { name: 'two' })).json.data, { name: 'two' })
  assert.equal(ok(await call('GET', `/thread/${thread}`)).json.data.name, 'two')
  assert.deepEqual(ok(await call('DELETE', `/thread/${thread}`)).json.data, { status: 'ok' })
  assert.deepEqual(await errorOf(call('GET', `/thread/${thread}`)), [
    404,
    40011,
    `thread:${thread} not found`,
  ])
  // The message can have another.
  ok(await call('POST', '/thread', { group_id: group, name: 'three', owner: 'bob', msg_id: msgId }))
})

test('a message has one thread, and a thread a message of its own group', async () => {
  const { call, group, say, register } = await stage()
  const msgId = await say()
  const make = (more: object) =>
    call('POST', '/thread', { group_id: group, name: 'x', owner: 'bob', msg_id: msgId, ...more })
  ok(await make({}))
  assert.deepEqual(await errorOf(make({})), [400, 40002, 'the message has a thread already'])
  const unknown = [400, undefined, 'the message is not in the group']
  assert.deepEqual(await errorOf(make({ msg_id: '12345' })), unknown)
  await register('erin')
  const other = ok(await call('POST', '/chatgroups', { groupname: 'h', public: true, owner: 'erin' })).json
    .data.groupid
  assert.deepEqual(await errorOf(make({ msg_id: await say(other) })), unknown)
  assert.deepEqual(await errorOf(make({ owner: 'dave' })), [
    403,
    undefined,
    `user:dave is not in group:${group}`,
  ])
  for (const wrong of [{ name: '' }, { name: 'x'.repeat(65) }, { msg_id: null }, { group_id: {} }])
    assert.equal((await make(wrong)).status, 400)
  assert.equal((await make({ group_id: '404404404' })).status, 404)
})

test('members of the group come and go, others stay out', async () => {
  const { group, makeThread, members, user } = await stage()
  const thread = await makeThread()
  const [bob, carol, dave] = [await user('bob'), await user('carol'), await user('dave')]
  const { data } = ok(await carol('POST', `/thread/${thread}/user/carol/join`)).json
  assert.deepEqual([data.status, data.detail.id, data.detail.groupId], ['ok', thread, group])
  assert.deepEqual(await members(thread), ['bob', 'carol'])
  const already = carol('POST', `/thread/${thread}/user/carol/join`)
  assert.deepEqual(await errorOf(already), [403, 40004, 'user:carol is in the thread already'])
  assert.equal((await bob('POST', `/thread/${thread}/user/alice/join`)).status, 401)
  const outside = dave('POST', `/thread/${thread}/user/dave/join`)
  assert.deepEqual(await errorOf(outside), [403, undefined, `user:dave is not in group:${group}`])
  ok(await carol('DELETE', `/thread/${thread}/user/carol/quit`))
  assert.deepEqual(await members(thread), ['bob'])
  const gone = carol('DELETE', `/thread/${thread}/user/carol/quit`)
  assert.deepEqual(await errorOf(gone), [404, 40012, 'user:carol is not in the thread'])
  assert.deepEqual(await errorOf(dave('GET', `/thread/${thread}`)), noRight)
  assert.deepEqual(await errorOf(dave('GET', `/thread/${thread}/users`)), noRight)
  assert.deepEqual(await errorOf(dave('GET', `/threads/chatgroups/${group}`)), noRight)
  assert.equal(ok(await carol('GET', `/thread/${thread}`)).json.data.affiliations_count, 1)
})

test('the app’s server puts members of the group into a thread and takes them out', async () => {
  const { call, group, makeThread, members } = await stage()
  const thread = await makeThread()
  ok(await call('POST', `/thread/${thread}/users`, { usernames: ['carol', 'Alice', 'bob'] }))
  assert.deepEqual((await members(thread)).toSorted(), ['alice', 'bob', 'carol'])
  const outsider = call('POST', `/thread/${thread}/users`, { usernames: ['carol', 'dave'] })
  assert.deepEqual(await errorOf(outsider), [403, undefined, `user:dave is not in group:${group}`])
  const many = Array.from({ length: 11 }, () => 'carol')
  assert.equal((await call('POST', `/thread/${thread}/users`, { usernames: many })).status, 400)
  const removed = ok(await call('DELETE', `/threads/${thread}/users`, { usernames: ['carol', 'dave'] })).json
  assert.deepEqual(removed.entities, [
    { result: true, user: 'carol' },
    { result: false, user: 'dave' },
  ])
  ok(await call('DELETE', `/thread/${thread}/users`, { usernames: ['alice'] }))
  assert.deepEqual(await members(thread), ['bob'])
  ok(await call('DELETE', `/thread/${thread}/users/bob`))
  const absent = call('DELETE', `/thread/${thread}/users/bob`)
  assert.deepEqual(await errorOf(absent), [404, 40012, 'user:bob is not in the thread'])
})

test('the group’s owner and admins run its threads, and who has made one renames it', async () => {
  const { call, group, makeThread, user, say } = await stage()
  const thread = await makeThread()
  const [alice, bob, carol] = [await user('alice'), await user('bob'), await user('carol')]
  ok(await bob('PUT', `/thread/${thread}`, { name: 'mine' }))
  assert.deepEqual(await errorOf(carol('PUT', `/thread/${thread}`, { name: 'x' })), noRight)
  assert.deepEqual(await errorOf(bob('DELETE', `/thread/${thread}`)), noRight)
  assert.deepEqual(await errorOf(bob('DELETE', `/thread/${thread}/users/bob`)), noRight)
  assert.deepEqual(await errorOf(bob('POST', `/thread/${thread}/users`, { usernames: ['carol'] })), noRight)
  const inOthersName = { group_id: group, name: 'x', owner: 'bob', msg_id: await say() }
  assert.deepEqual(await errorOf(carol('POST', '/thread', inOthersName)), noRight)
  ok(await call('POST', `/thread/${thread}/users`, { usernames: ['alice', 'carol'] }))
  ok(await call('POST', `/chatgroups/${group}/admin`, { newadmin: 'carol' }))
  assert.deepEqual(await errorOf(carol('DELETE', `/thread/${thread}/users/alice`)), noRight)
  ok(await carol('DELETE', `/thread/${thread}/users/bob`))
  ok(await alice('PUT', `/thread/${thread}`, { name: 'ours' }))
  ok(await carol('DELETE', `/thread/${thread}`))
})

test('threads are listed page by page: of the app, of a group, of a user', async () => {
  const { call, group, makeThread, user } = await stage()
  const [one, two, three] = [await makeThread('1'), await makeThread('2'), await makeThread('3')]
  const ids = async (path: string, caller = call) => {
    const { entities, properties } = ok(await caller('GET', path)).json
    return [entities.map(({ id }: { id: string }) => id), properties.cursor] as const
  }
  const [page, cursor] = await ids('/thread?limit=2')
  assert.deepEqual(page, [three, two])
  assert.deepEqual(await ids(`/thread?limit=2&cursor=${cursor}`), [[one], ''])
  assert.deepEqual((await ids('/thread?sort=asc'))[0], [one, two, three])
  const carol = await user('carol')
  assert.deepEqual((await ids(`/threads/chatgroups/${group}`, carol))[0], [three, two, one])
  const [ofGroup, next] = await ids(`/threads/chatgroups/${group}?limit=1&sort=asc`)
  assert.deepEqual(ofGroup, [one])
  assert.deepEqual((await ids(`/threads/chatgroups/${group}?limit=5&sort=asc&cursor=${next}`))[0], [
    two,
    three,
  ])
  for (const thread of [two, one]) ok(await carol('POST', `/thread/${thread}/user/carol/join`))
  assert.deepEqual((await ids('/threads/user/carol', carol))[0], [one, two])
  const [first, rest] = await ids('/threads/user/carol?limit=1&sort=asc')
  assert.deepEqual(first, [two])
  assert.deepEqual(await ids(`/threads/user/carol?limit=1&sort=asc&cursor=${rest}`), [[one], ''])
  assert.deepEqual((await ids(`/threads/chatgroups/${group}/user/carol`, carol))[0], [one, two])
  assert.deepEqual((await ids('/threads/chatgroups/404404404/user/carol'))[0], [])
  assert.equal((await carol('GET', '/threads/user/bob')).status, 401)
  assert.equal((await carol('GET', '/thread')).status, 401)
  const [entity] = ok(await call('GET', '/threads/user/carol')).json.entities
  assert.deepEqual(Object.keys(entity), ['name', 'owner', 'id', 'msgId', 'groupId', 'created'])
})

test('messages to a thread stay in it, and the last one is shown to members of the group', async () => {
  const { call, makeThread, say, user, org, app, group } = await stage()
  const [thread, silent] = [await makeThread('one'), await makeThread('two')]
  await say(thread)
  const message = { from: 'bob', to: [thread], type: 'txt', body: { msg: 'last' } }
  const sent = ok(await call('POST', '/messages/chatgroups', message)).json.data[thread]
  const carol = await user('carol')
  const { entities } = ok(
    await carol('POST', '/thread/message', { threadIds: [thread, silent, '404404'] }),
  ).json
  assert.deepEqual(entities[1], { thread_id: silent, last_message: {} })
  assert.equal(entities.length, 2)
  const { payload, timestamp, ...last } = entities[0].last_message
  assert.ok(Math.abs(Date.now() - timestamp) < 60_000)
  assert.deepEqual(last, { id: sent, from: `${org}#${app}_bob`, to: `${org}#${app}_${thread}` })
  assert.deepEqual([payload.from, payload.to, payload.type], ['bob', thread, 'groupchat'])
  assert.deepEqual(payload.bodies, [{ msg: 'last', type: 'txt' }])
  assert.deepEqual([payload.meta.thread.thread_name, payload.meta.thread.muc_parent_id], ['one', group])
  const dave = await user('dave')
  assert.deepEqual(ok(await dave('POST', '/thread/message', { threadIds: [thread] })).json.entities, [])
})

test('who leaves the group, or is sent away, is in none of its threads', async () => {
  const { call, group, makeThread, members } = await stage()
  const thread = await makeThread()
  ok(await call('POST', `/thread/${thread}/users`, { usernames: ['carol'] }))
  ok(await call('DELETE', `/chatgroups/${group}/users/carol`))
  assert.deepEqual(await members(thread), ['bob'])
  assert.equal(ok(await call('GET', `/thread/${thread}`)).json.data.affiliations_count, 1)
  ok(await call('POST', `/chatgroups/${group}/blocks/users/bob`))
  assert.deepEqual(await members(thread), [])
})

test('a thread outlives who has made it, and is then the group owner’s', async () => {
  const { call, group, makeThread, members } = await stage()
  const thread = await makeThread()
  ok(await call('POST', `/thread/${thread}/users`, { usernames: ['carol'] }))
  ok(await call('DELETE', '/users/bob'))
  assert.deepEqual(await members(thread), ['carol'])
  const shown = ok(await call('GET', `/thread/${thread}`)).json.data
  assert.deepEqual([shown.owner, shown.affiliations_count, shown.groupId], ['alice', 1, group])
})

test('threads go with their group, at once and to the last row', async t => {
  const own = await startApp(t)
  const app = await stage(own)
  const thread = await app.makeThread()
  await app.makeThread()
  ok(await app.call('DELETE', `/chatgroups/${app.group}`))
  assert.equal((await app.call('GET', `/thread/${thread}`)).status, 404)
  assert.deepEqual(ok(await app.call('GET', '/threads/user/bob')).json.entities, [])
  const late = { from: 'bob', to: [thread], type: 'txt', body: { msg: 'late' } }
  assert.notEqual((await app.call('POST', '/messages/chatgroups', late)).status, 200)
  await eventually(
    async () => countRows(own.dataDir),
    ({ threads, group_members, dissolved_groups }) => !threads && !group_members && !dissolved_groups,
  )
})

test('threads go with the owner of their group', async t => {
  const own = await startApp(t)
  const app = await stage(own)
  const thread = await app.makeThread()
  ok(await app.call('DELETE', '/users/alice'))
  assert.equal((await app.call('GET', `/thread/${thread}`)).status, 404)
  await eventually(
    async () => countRows(own.dataDir),
    ({ threads, group_members, groups }) => !threads && !group_members && !groups,
  )
})

test('of a deleted app no thread is left', async t => {
  const own = await startApp(t)
  const app = await stage(own)
  const before = countRows(own.dataDir)
  for (let count = 0; count < 3; count++) await app.makeThread()
  await own.admin('DELETE', `/apps/${app.org}/${app.app}`)
  await eventually(
    async () => countRows(own.dataDir),
    ({ threads, group_members, groups, dissolved_groups, group_counts, deleted_apps }) =>
      ![threads, group_members, groups, dissolved_groups, group_counts, deleted_apps].some(Boolean),
  )
  assert.ok(before.groups)
})

test('where threads are switched off there are none, nor messages to them', async () => {
  const app = await stage()
  const thread = await app.makeThread()
  await app.change({ threads: false })
  const off = [403, 40000, 'thread not open.']
  assert.deepEqual(await errorOf(app.call('GET', `/thread/${thread}`)), off)
  assert.deepEqual(await errorOf(app.call('GET', '/thread')), off)
  assert.deepEqual(await errorOf(app.call('POST', '/thread/message', { threadIds: [thread] })), off)
  const message = { from: 'bob', to: [thread], type: 'txt', body: { msg: 'x' } }
  assert.notEqual((await app.call('POST', '/messages/chatgroups', message)).status, 200)
})
