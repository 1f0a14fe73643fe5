// Who is in which group or chat room: added, removed, listed, counted; whatever happens at the same time.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { ImClient } from './im-client.ts'
import { normalise } from './proofs/proof.ts'
import { sharedApp } from './start-app.ts'
import { until } from './until.ts'

const server = sharedApp()

async function appWithUsers(...names: string[]): Promise<EasemobApp> {
  const app = await makeEasemobApp(server())
  const users = ['alice', ...names].map(username => ({ username, password: 'pw' }))
  ok(await app.call('POST', '/users', users))
  return app
}

type Call = EasemobApp['call']

/** What `data` of a successful answer holds. */
async function dataOf(answer: ReturnType<Call>): Promise<any> {
  return ok(await answer).json.data
}

/** @returns the path of a new group that alice owns */
async function makeGroup(call: Call, settings: object = {}): Promise<string> {
  const made = { groupname: 'g', public: true, owner: 'alice', ...settings }
  return `/chatgroups/${(await dataOf(call('POST', '/chatgroups', made))).groupid}`
}

/** @returns the path of a new chat room that alice owns */
async function makeRoom(call: Call, settings: object = {}): Promise<string> {
  return `/chatrooms/${(await dataOf(call('POST', '/chatrooms', { name: 'r', owner: 'alice', ...settings }))).id}`
}

async function membersOf(call: Call, path: string): Promise<string[]> {
  const members: Record<string, string>[] = await dataOf(call('GET', `${path}/users`))
  return members.map(member => member.owner ?? member.member!)
}

async function countOf(call: Call, path: string): Promise<number> {
  return (await dataOf(call('GET', path)))[0].affiliations_count
}

test('members are added without a word to anybody when the app’s server asks for that, and hear the group', async t => {
  const app = await appWithUsers('bob', 'carol')
  const { call } = app
  const group = await makeGroup(call)
  const groupid = group.slice('/chatgroups/'.length)
  const clients: ImClient[] = []
  for (const username of ['alice', 'bob', 'carol'])
    clients.push(await ImClient.login(t, app, { username, token: await app.login(username) }))
  ok(await call('POST', `${group}/users?need_notify=false`, { usernames: ['bob'] }))
  ok(await call('POST', `${group}/users?need_notify=true`, { usernames: ['carol'] }))
  const heard: string[][] = []
  for (const client of clients) {
    const { body } = await client.events.next()
    heard.push([String(body.operation), ...body.to.map(({ name }) => name)])
  }
  assert.deepEqual(heard, [
    ['17', 'carol'],
    ['17', 'carol'],
    ['19', 'carol'],
  ])
  ok(await call('POST', '/messages/chatgroups', { to: [groupid], type: 'txt', body: { msg: 'hello' } }))
  for (const client of clients) assert.equal((await client.nextMessage()).text, 'hello')
})

test('members are added to a group one by one and together, and removed again', async () => {
  const { call, url, org, app, as, login } = await appWithUsers('bob', 'carol', 'dave')
  const group = await makeGroup(call)
  const groupid = group.slice('/chatgroups/'.length)
  const added = ok(await call('POST', `${group}/users/BOB`))
  assert.equal(
    normalise(added.text),
    `{"action":"post","application":"<uuid>","uri":"${url}${group}/users/BOB","entities":[],"data":{"result":true,"groupid":"${groupid}","action":"add_member","user":"bob"},"timestamp":<timestamp>,"duration":<duration>,"organization":"${org}","applicationName":"${app}"}`,
  )
  assert.deepEqual(
    await dataOf(call('POST', `${group}/users`, { usernames: ['dave', 'Bob', 'carol', 'DAVE'] })),
    { newmembers: ['dave', 'carol'], groupid, action: 'add_member' },
  )
  assert.equal(await dataOf(call('GET', `${group}/user/Carol/is_joined`)), true)
  assert.equal(await dataOf(call('GET', `${group}/user/ghost/is_joined`)), false)
  const { uuid } = ok(await call('GET', '/users/dave')).json.entities[0]
  assert.deepEqual(await dataOf(call('DELETE', `${group}/users/${uuid}`)), {
    result: true,
    action: 'remove_member',
    user: 'dave',
    groupid,
  })
  assert.deepEqual(await dataOf(call('DELETE', `${group}/users/dave,Bob,ghost,bob`)), [
    { result: false, action: 'remove_member', reason: "user dave doesn't exist.", user: 'dave', groupid },
    { result: true, action: 'remove_member', user: 'bob', groupid },
    { result: false, action: 'remove_member', reason: "user ghost doesn't exist.", user: 'ghost', groupid },
  ])
  assert.deepEqual(await membersOf(call, group), ['carol', 'alice'])
  assert.equal(await countOf(call, group), 2)
  assert.equal((await as(await login('carol'))('DELETE', `${group}/users/carol`)).status, 401)
})

test('a chat room takes those who are in it already without a word', async () => {
  const { call } = await appWithUsers('bob', 'carol')
  const room = await makeRoom(call)
  const id = room.slice('/chatrooms/'.length)
  const added = { result: true, action: 'add_member', id, user: 'bob' }
  for (let times = 0; times < 2; times++)
    assert.deepEqual(await dataOf(call('POST', `${room}/users/bob`)), added)
  const addMany = (...usernames: string[]) => dataOf(call('POST', `${room}/users`, { usernames }))
  assert.deepEqual(await addMany('bob', 'carol'), { newmembers: ['carol'], action: 'add_member', id })
  assert.deepEqual(await addMany('bob', 'carol'), { newmembers: [], action: 'add_member', id })
  assert.deepEqual(await dataOf(call('DELETE', `${room}/users/bob`)), {
    result: true,
    action: 'remove_member',
    user: 'bob',
    id,
  })
  assert.deepEqual(await dataOf(call('DELETE', `${room}/users/bob,carol`)), [
    {
      result: false,
      action: 'remove_member',
      reason: `user: bob doesn't exist in group: ${id}`,
      user: 'bob',
      id,
    },
    { result: true, action: 'remove_member', user: 'carol', id },
  ])
  assert.equal(await countOf(call, room), 1)
})

test('of several users to add, all are added or none', async () => {
  const { call } = await appWithUsers('bob', 'carol', 'dave')
  const group = await makeGroup(call, { maxusers: 3 })
  const addMany = (...usernames: string[]) => call('POST', `${group}/users`, { usernames })
  assert.equal((await addMany('bob', 'ghost')).status, 400)
  assert.equal((await addMany('bob', 'carol', 'dave')).status, 403)
  assert.deepEqual(await membersOf(call, group), ['alice'])
  assert.equal((await addMany('bob', 'carol')).status, 200)
  assert.equal((await addMany('carol', 'dave')).status, 403)
  assert.equal(await countOf(call, group), 3)
})

test('members are listed by the time they joined, page by page', async () => {
  const { call } = await appWithUsers('u1', 'u2', 'u3', 'u4')
  for (const path of [await makeGroup(call), await makeRoom(call)]) {
    for (const user of ['u1', 'u2', 'u3', 'u4']) ok(await call('POST', `${path}/users/${user}`))
    const list = (query: string) => call('GET', `${path}/users?${query}`)
    assert.deepEqual(await membersOf(call, path), ['u4', 'u3', 'u2', 'u1', 'alice'])
    const { json } = ok(await list('pagenum=1&pagesize=2'))
    assert.deepEqual(json.data, [{ member: 'u4' }, { member: 'u3' }])
    assert.deepEqual(json.params, { pagenum: ['1'], pagesize: ['2'] })
    assert.equal(json.count, 2)
    assert.deepEqual(await dataOf(list('pagenum=3&pagesize=2')), [{ owner: 'alice' }])
    assert.deepEqual(await dataOf(list('pagenum=4&pagesize=2')), [])
    assert.deepEqual(await dataOf(list('pagenum=999999999&pagesize=1000')), [])
    assert.deepEqual(await dataOf(list('pagesize=2&sort=asc')), [{ owner: 'alice' }, { member: 'u1' }])
    const [first] = await dataOf(list('pagesize=1&joined_time=true'))
    assert.deepEqual(Object.keys(first), ['member', 'joined_time'])
    assert.ok(Math.abs(first.joined_time - Date.now()) < 60_000)
    for (const [sort, wanted] of [
      ['desc', ['u4', 'u3', 'u2', 'u1']],
      ['asc', ['u1', 'u2', 'u3', 'u4']],
    ] as const) {
      const names: string[] = []
      for (let cursor = ''; ; ) {
        const page = ok(await list(`version=v3&limit=3&sort=${sort}${cursor && `&cursor=${cursor}`}`)).json
        names.push(...page.data)
        if (page.cursor === undefined) break
        cursor = page.cursor
      }
      assert.deepEqual(names, wanted)
    }
  }
})

test('the groups and rooms of a user are listed, the one joined last first', async () => {
  const { call, url } = await appWithUsers('bob')
  const groups: string[] = []
  const rooms: string[] = []
  for (let count = 0; count < 12; count++) {
    groups.unshift(await makeGroup(call, { groupname: `g${count}` }))
    rooms.unshift(await makeRoom(call, { name: `r${count}` }))
  }
  const [oldest] = groups.slice(-1)
  ok(await call('POST', `${groups[0]}/users/bob`))
  const joinedAt = Date.now()
  await until(async () => Date.now() > joinedAt)
  ok(await call('POST', `${oldest}/users/bob`))
  const joined = ok(await call('GET', '/users/Bob/joined_chatgroups'))
  assert.equal(
    normalise(joined.text),
    `{"action":"get","uri":"${url}/users/Bob/joined_chatgroups","entities":[],"data":[{"groupid":"${oldest!.slice(12)}","groupname":"g0"},{"groupid":"${groups[0]!.slice(12)}","groupname":"g11"}],"timestamp":<timestamp>,"duration":<duration>,"count":2}`,
  )
  const all = ok(await call('GET', '/users/alice/joined_chatrooms'))
  assert.deepEqual(
    all.json.data.map(({ id }: { id: string }) => `/chatrooms/${id}`),
    rooms,
  )
  const page = ok(await call('GET', '/users/alice/joined_chatgroups?pagenum=2')).json
  assert.deepEqual(
    page.data.map(({ groupname }: { groupname: string }) => groupname),
    ['g1', 'g0'],
  )
  assert.deepEqual(page.params, { pagenum: ['2'] })
  const detailed = ok(await call('GET', '/chatgroups/user/alice?pagenum=1&pagesize=50')).json
  assert.equal(detailed.total, 12)
  assert.deepEqual(detailed.entities, [])
  const [details] = ok(await call('GET', '/chatgroups/user/bob')).json.entities
  assert.deepEqual([details.groupId, details.name, details.owner], [oldest!.slice(12), 'g0', 'alice'])
  for (const path of [
    '/users/ghost/joined_chatgroups',
    '/users/ghost/joined_chatrooms',
    '/chatgroups/user/ghost',
  ])
    assert.equal((await call('GET', path)).json.error, 'service_resource_not_found')
})

test('of two calls that add the same member at once, one succeeds', async () => {
  const { call } = await appWithUsers('bob')
  for (let round = 0; round < 10; round++) {
    const group = await makeGroup(call)
    const answers = await Promise.all([
      call('POST', `${group}/users/bob`),
      call('POST', `${group}/users`, { usernames: ['bob'] }),
    ])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 403])
    assert.equal(await countOf(call, group), 2)
  }
})

test('a group with five free places takes five of twenty who come at once', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `user-${index}`)
  const { call } = await appWithUsers(...names)
  const group = await makeGroup(call, { maxusers: 6 })
  const answers = await Promise.all(names.map(name => call('POST', `${group}/users/${name}`)))
  assert.equal(answers.filter(({ status }) => status === 200).length, 5)
  for (const { status, json } of answers)
    if (status !== 200) assert.deepEqual([status, json.error], [403, 'exceed_limit'])
  assert.equal(await countOf(call, group), 6)
  assert.equal((await membersOf(call, group)).length, 6)
})

test('a user who is deleted takes along the groups it owns and leaves all others', async () => {
  const { call } = await appWithUsers('bob', 'carol')
  const own = await makeGroup(call, { owner: 'bob', members: ['alice', 'carol'] })
  const ownRoom = await makeRoom(call, { owner: 'bob', members: ['carol'] })
  const other = await makeGroup(call, { members: ['bob', 'carol'], maxusers: 3 })
  const handed = await makeGroup(call, { owner: 'bob', members: ['alice'] })
  ok(await call('PUT', handed, { newowner: 'alice' }))
  ok(await call('DELETE', '/users/bob'))
  assert.equal((await call('GET', own)).status, 404)
  assert.equal((await call('GET', ownRoom)).status, 404)
  assert.deepEqual(await membersOf(call, other), ['carol', 'alice'])
  assert.deepEqual(await membersOf(call, handed), ['alice'])
  assert.deepEqual([await countOf(call, other), await countOf(call, handed)], [2, 1])
  assert.equal((await dataOf(call('GET', '/users/carol/joined_chatgroups'))).length, 1)
  assert.deepEqual(await dataOf(call('GET', '/users/carol/joined_chatrooms')), [])
  ok(await call('POST', '/users', { username: 'bob', password: 'pw' }))
  assert.deepEqual(await dataOf(call('GET', '/users/bob/joined_chatgroups')), [])
  assert.equal((await call('POST', `${other}/users/bob`)).status, 200)
})

test('the id of a dissolved group can be used again at once, and nobody of the old one is in the new', async () => {
  const { call } = await appWithUsers('bob', 'carol')
  for (let round = 0; round < 5; round++) {
    const group = await makeGroup(call, { groupid: '8801', members: ['bob', 'carol'] })
    const answers = await Promise.all([call('DELETE', group), makeGroup(call, { groupid: '8801' })])
    assert.equal(answers[0].status, 200)
    assert.deepEqual(await membersOf(call, group), ['alice'])
    assert.equal((await dataOf(call('GET', '/users/bob/joined_chatgroups'))).length, 0)
    ok(await call('DELETE', group))
  }
})

test('a dissolved group leaves no rows behind', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `user-${index}`)
  const { call } = await appWithUsers(...names)
  const group = await makeGroup(call, { members: names })
  const groupId = Number(group.slice('/chatgroups/'.length))
  const database = new DatabaseSync(join(server().dataDir, 'posthouse.db'), { readOnly: true })
  const rows = database.prepare('SELECT uid FROM group_members WHERE group_id = ?')
  const dissolved = database.prepare('SELECT group_id FROM dissolved_groups')
  assert.equal(rows.all(groupId).length, 31)
  ok(await call('DELETE', group))
  await until(async () => rows.all(groupId).length === 0 && dissolved.all().length === 0)
  database.close()
})

test('the count of a group equals its list and never passes its maximum, whatever is done to it', async () => {
  const names = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7']
  const { call } = await appWithUsers(...names)
  const user = fc.constantFrom('alice', ...names, 'ghost')
  const users = fc.array(user, { minLength: 1, maxLength: 5 })
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const), user }),
    fc.record({ do: fc.constant('addMany' as const), users }),
    fc.record({ do: fc.constant('remove' as const), user }),
    fc.record({ do: fc.constant('removeMany' as const), users }),
    fc.record({ do: fc.constant('hand' as const), user }),
    fc.record({ do: fc.constant('resize' as const), size: fc.integer({ min: 1, max: 8 }) }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('group' as const, 'room' as const),
      fc.array(step, { minLength: 1, maxLength: 12 }),
      async (kind, steps) => {
        const path = await (kind === 'group' ? makeGroup : makeRoom)(call, { maxusers: 5 })
        const model = new Model(kind)
        for (const one of steps) {
          const [status, act] = model.take(one)
          assert.equal((await act(call, path)).status, status, JSON.stringify(one))
        }
        const [{ owner, maxusers, affiliations_count }] = await dataOf(call('GET', path))
        assert.deepEqual((await membersOf(call, path)).sort(), [...model.members].sort())
        assert.deepEqual([owner, maxusers], [model.owner, model.size])
        assert.equal(affiliations_count, model.members.size)
        assert.ok(affiliations_count <= maxusers)
        ok(await call('DELETE', path))
      },
    ),
    { numRuns: 60, plugins: [fc.interruptAfterTimeLimit(60_000)] },
  )
})

type Step =
  | { readonly do: 'add' | 'remove' | 'hand'; readonly user: string }
  | { readonly do: 'addMany' | 'removeMany'; readonly users: readonly string[] }
  | { readonly do: 'resize'; readonly size: number }

type Act = (call: Call, path: string) => ReturnType<Call>

/** What a group or room ought to be after each step: alice's, with room for five. */
class Model {
  readonly kind: 'group' | 'room'
  readonly members = new Set(['alice'])
  owner = 'alice'
  size = 5

  constructor(kind: 'group' | 'room') {
    this.kind = kind
  }

  /** @returns the status that is due, and the call to make */
  take(step: Step): [number, Act] {
    switch (step.do) {
      case 'add':
        return [
          step.user === 'ghost' ? 404 : this.#add([step.user]),
          (call, path) => call('POST', `${path}/users/${step.user}`),
        ]
      case 'addMany': {
        const body = { usernames: step.users }
        const status = step.users.includes('ghost') ? 400 : this.#add(step.users)
        return [status, (call, path) => call('POST', `${path}/users`, body)]
      }
      case 'remove':
        return [this.#remove([step.user]), (call, path) => call('DELETE', `${path}/users/${step.user}`)]
      case 'removeMany':
        return [
          this.#remove(step.users),
          (call, path) => call('DELETE', `${path}/users/${step.users.join(',')}`),
        ]
      case 'hand':
        return [this.#hand(step.user), (call, path) => call('PUT', path, { newowner: step.user })]
      case 'resize':
        return [this.#resize(step.size), (call, path) => call('PUT', path, { maxusers: step.size })]
    }
  }

  #add(users: readonly string[]): number {
    const newcomers = new Set(users).difference(this.members)
    if (newcomers.size === 0) return this.kind === 'room' ? 200 : 403
    if (this.members.size + newcomers.size > this.size) return 403
    for (const user of newcomers) this.members.add(user)
    return 200
  }

  #remove(users: readonly string[]): number {
    if (users.includes(this.owner) || !users.some(user => this.members.has(user))) return 403
    for (const user of users) this.members.delete(user)
    return 200
  }

  #hand(user: string): number {
    if (user === 'ghost') return 400
    if (user === this.owner || !this.members.has(user)) return 403
    this.owner = user
    return 200
  }

  #resize(size: number): number {
    if (size < this.members.size) return 403
    this.size = size
    return 200
  }
}
