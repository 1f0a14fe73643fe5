// Admins, bars, mutes, the allow list, the announcement of groups and chat rooms: lists, answers, who may, what goes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Caller, type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { normalise } from './proofs/proof.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()

const kinds = ['group', 'room'] as const
type Kind = (typeof kinds)[number]

interface Stage extends EasemobApp {
  /** Of the group or room: alice owns it, bob, carol and dave are in it; eve is not. */
  readonly path: string
  readonly id: string
  /** What `data` of a successful answer holds. */
  data(method: string, path: string, body?: unknown): Promise<any>
  /** Calls as this user. */
  user(name: string): Promise<Caller>
}

async function stage(kind: Kind): Promise<Stage> {
  const app = await makeEasemobApp(server())
  await app.register('alice', 'bob', 'carol', 'dave', 'eve')
  const members = ['bob', 'carol', 'dave']
  const made =
    kind === 'group'
      ? await app.call('POST', '/chatgroups', { groupname: 'g', public: true, owner: 'alice', members })
      : await app.call('POST', '/chatrooms', { name: 'r', owner: 'alice', members })
  const { groupid, id = groupid } = ok(made).json.data
  const path = `/chat${kind}s/${id}`
  return {
    ...app,
    id,
    path,
    data: async (method, below, body) => ok(await app.call(method, path + below, body)).json.data,
    async user(name) {
      const call = app.as(await app.login(name))
      return (method, below, body) => call(method, path + below, body)
    },
  }
}

/** `groupid` or `chatroomid`, as the lists of a group or room name it. */
const named = (kind: Kind, id: string) => (kind === 'group' ? { groupid: id } : { chatroomid: id })

async function membersOf({ data }: Stage): Promise<string[]> {
  const members: Record<string, string>[] = await data('GET', '/users')
  return members.map(member => member.owner ?? member.member!).toSorted()
}

for (const kind of kinds) {
  test(`admins of a ${kind} are made, listed and unmade`, async () => {
    const room = await stage(kind)
    const { data, call, path, url, org, app } = room
    assert.deepEqual(await data('GET', '/admin'), [])
    const made = ok(await call('POST', `${path}/admin`, { newadmin: 'BOB' }))
    assert.equal(
      normalise(made.text),
      `{"action":"post","application":"<uuid>","uri":"${url}${path}/admin","entities":[],"data":{"result":"success","newadmin":"bob"},"timestamp":<timestamp>,"duration":<duration>,"organization":"${org}","applicationName":"${app}"}`,
    )
    await data('POST', '/admin', { newadmin: 'carol' })
    await data('POST', '/admin', { newadmin: 'bob' })
    const listed = ok(await call('GET', `${path}/admin?version=v3`)).json
    assert.deepEqual([listed.data, listed.count], [['carol', 'bob'], 2])
    assert.deepEqual(
      (await data('GET', '/roles')).map(({ username, role }: Record<string, string>) => [username, role]),
      [
        ['alice', 'owner'],
        ['bob', 'admin'],
        ['carol', 'admin'],
        ['dave', 'member'],
      ],
    )
    assert.deepEqual(await data('DELETE', '/admin/Bob'), { result: 'success', oldadmin: 'bob' })
    assert.deepEqual(await data('GET', '/admin'), ['carol'])
    assert.equal((await call('DELETE', `${path}/admin/bob`)).status, 403)
    assert.equal((await call('POST', `${path}/admin`, { newadmin: 'eve' })).status, 404)
    assert.equal((await call('POST', `${path}/admin`, { newadmin: 'alice' })).status, 403)
    assert.equal((await call('POST', `${path}/admin`, {})).status, 400)
  })

  test(`whoever is blocked is out of the ${kind} and cannot be put in until it is unblocked`, async () => {
    const room = await stage(kind)
    const { data, call, path, id } = room
    const of = named(kind, id)
    const failed = (user: string) => ({
      result: false,
      action: 'add_blocks',
      reason: `user: ${user} doesn't exist in group: ${id}`,
      user,
      ...of,
    })
    assert.deepEqual(await data('POST', '/blocks/users/BOB'), {
      result: true,
      action: 'add_blocks',
      user: 'bob',
      ...of,
    })
    assert.deepEqual(await data('POST', '/blocks/users', { usernames: ['carol', 'eve', 'ghost', 'Carol'] }), [
      { result: true, action: 'add_blocks', user: 'carol', ...of },
      failed('eve'),
      failed('ghost'),
    ])
    assert.deepEqual(await membersOf(room), ['alice', 'dave'])
    const listed = ok(await call('GET', `${path}/blocks/users`)).json
    assert.deepEqual([listed.data, listed.count], [['carol', 'bob'], 2])
    const first = ok(await call('GET', `${path}/blocks/users?pageSize=1`)).json
    const second = ok(await call('GET', `${path}/blocks/users?pageSize=1&cursor=${first.cursor}`)).json
    assert.deepEqual([first.data, second.data, second.cursor], [['carol'], ['bob'], undefined])
    for (const added of [
      await call('POST', `${path}/users/bob`),
      await call('POST', `${path}/users`, { usernames: ['eve', 'carol'] }),
    ]) {
      assert.equal(added.status, 403)
      assert.match(added.json.error_description, /^can not join this group, .*is in the blacklist of group/)
    }
    assert.deepEqual(await membersOf(room), ['alice', 'dave'])
    assert.deepEqual(await data('DELETE', '/blocks/users/Bob'), {
      result: true,
      action: 'remove_blocks',
      user: 'bob',
      ...of,
    })
    assert.deepEqual(
      await data('DELETE', '/blocks/users/carol,eve'),
      ['carol', 'eve'].map(user => ({ result: true, action: 'remove_blocks', user, ...of })),
    )
    assert.deepEqual(await data('GET', '/blocks/users'), [])
    assert.deepEqual(await membersOf(room), ['alice', 'dave'])
    await data('POST', '/users', { usernames: ['bob', 'carol'] })
    assert.deepEqual(await membersOf(room), ['alice', 'bob', 'carol', 'dave'])
  })

  test(`the blocks of a ${kind} are lifted by a body too, and are arrays for version 3`, async () => {
    const { data, call, path, id } = await stage(kind)
    const of = named(kind, id)
    assert.deepEqual(await data('POST', '/blocks/users/bob?resource=web&version=v3'), [
      { result: true, action: 'add_blocks', user: 'bob', ...of },
    ])
    const body = { usernames: ['bob'] }
    // Node gives a DELETE with a body no length by itself.
    const length = { 'Content-Length': String(JSON.stringify(body).length) }
    const lifted = await call('DELETE', `${path}/blocks/users`, body, length)
    assert.deepEqual(ok(lifted).json.data, [{ result: true, action: 'remove_blocks', user: 'bob', ...of }])
    assert.deepEqual(await data('DELETE', '/blocks/users/bob?version=v3'), [
      { result: true, action: 'remove_blocks', user: 'bob', ...of },
    ])
  })

  test(`the allow list of a ${kind} is kept for its members`, async () => {
    const { data, call, path, id } = await stage(kind)
    const of = named(kind, id)
    assert.deepEqual(await data('POST', '/white/users/bob'), {
      result: true,
      action: 'add_user_whitelist',
      user: 'bob',
      ...of,
    })
    assert.deepEqual(await data('POST', '/white/users?version=v3', { usernames: ['carol', 'eve'] }), [
      { result: true, action: 'add_user_whitelist', user: 'carol', ...of },
      {
        result: false,
        action: 'add_user_whitelist',
        reason: `user: eve doesn't exist in group: ${id}`,
        user: 'eve',
        ...of,
      },
    ])
    const listed = ok(await call('GET', `${path}/white/users`)).json
    assert.deepEqual([listed.data, listed.count], [['carol', 'bob'], 2])
    assert.deepEqual(await data('GET', '/white/users/Bob'), { white: true, member: 'bob' })
    assert.deepEqual(await data('GET', '/white/users/dave'), { white: false, member: 'dave' })
    assert.deepEqual(await data('DELETE', '/white/users/bob'), [
      { result: true, action: 'remove_user_whitelist', user: 'bob', ...of },
    ])
    assert.deepEqual(await data('GET', '/white/users'), ['carol'])
    await data('DELETE', '/users/carol')
    assert.deepEqual(await data('GET', '/white/users'), [])
    assert.equal((await call('POST', `${path}/white/users/eve`)).status, 404)
    assert.equal((await call('POST', `${path}/white/users/alice`)).status, 403)
  })

  test(`members of a ${kind} are muted until a moment, for ever, and no more`, async () => {
    const { data, call, path } = await stage(kind)
    const before = Date.now()
    const [muted] = await data('POST', '/mute', { usernames: ['BOB'], mute_duration: 60_000 })
    assert.deepEqual([muted.result, muted.user], [true, 'bob'])
    assert.ok(muted.expire >= before + 60_000 && muted.expire <= Date.now() + 60_000)
    const forever = 4_638_873_600_000
    assert.deepEqual(await data('POST', '/mute', { username: 'carol', mute_duration: -1 }), [
      { result: true, expire: forever, user: 'carol' },
    ])
    assert.deepEqual(await data('GET', '/mute'), [
      { expire: forever, user: 'carol' },
      { expire: muted.expire, user: 'bob' },
    ])
    assert.deepEqual(await data('POST', '/mute', { usernames: ['bob'], mute_duration: 0 }), [
      { result: true, expire: 0, user: 'bob' },
    ])
    assert.deepEqual(await data('DELETE', '/mute/carol,dave'), [
      { result: true, user: 'carol' },
      { result: true, user: 'dave' },
    ])
    assert.deepEqual(await data('GET', '/mute'), [])
    const refused = async (body: unknown) => (await call('POST', `${path}/mute`, body)).status
    assert.equal(await refused({ usernames: ['bob', 'eve'], mute_duration: 1 }), 403)
    assert.equal(await refused({ usernames: ['alice'], mute_duration: 1 }), 403)
    assert.equal(await refused({ usernames: ['bob'] }), 400)
    assert.equal(await refused({ usernames: ['bob'], mute_duration: -2 }), 400)
    assert.equal(await refused({ usernames: ['bob'], mute_duration: 1.5 }), 400)
    assert.equal((await call('DELETE', `${path}/mute/eve`)).status, 403)
    assert.deepEqual(await data('GET', '/mute'), [])
  })

  test(`a mute in a ${kind} outlasts leaving, or leaving would lift it`, async () => {
    const { data, call, path } = await stage(kind)
    const isMuted = async () => ok(await call('GET', `/sdk${path}/mute/bob?version=v3`)).json.data
    assert.equal(await isMuted(), false)
    await data('POST', '/mute', { usernames: ['bob'], mute_duration: 60_000 })
    await data('DELETE', '/users/bob')
    assert.equal(await isMuted(), true)
    await data('POST', '/users/bob')
    assert.equal(await isMuted(), true)
    await data('DELETE', '/users/bob')
    assert.deepEqual(await data('DELETE', '/mute/bob'), [{ result: true, user: 'bob' }])
    assert.equal(await isMuted(), false)
  })

  test(`a ${kind} falls silent as a whole, by POST and PUT, and speaks again`, async () => {
    const { data, call, path } = await stage(kind)
    const isMute = async () => (await data('GET', ''))[0].mute
    assert.equal(await isMute(), false)
    for (const method of ['POST', 'PUT']) {
      const { action, data: said } = ok(await call(method, `${path}/ban`)).json
      assert.deepEqual([action, said], ['put', { mute: true }])
      assert.equal(await isMute(), true)
    }
    const { action, data: said } = ok(await call('DELETE', `${path}/ban`)).json
    assert.deepEqual([action, said], ['delete', { mute: false }])
    assert.equal(await isMute(), false)
  })

  test(`the announcement of a ${kind} is told as it was set`, async () => {
    const { data, call, path, id } = await stage(kind)
    assert.deepEqual(await data('GET', '/announcement'), { announcement: '' })
    for (const announcement of ['Dinner at 8 🍜', 'x'.repeat(512), '']) {
      assert.deepEqual(await data('POST', '/announcement', { announcement }), { id, result: true })
      assert.deepEqual(await data('GET', '/announcement'), { announcement })
    }
    assert.equal((await call('POST', `${path}/announcement`, { announcement: 'x'.repeat(513) })).status, 403)
    assert.equal((await call('POST', `${path}/announcement`, { announcement: 7 })).status, 200)
    assert.equal((await call('POST', `${path}/announcement`, {})).status, 400)
  })

  test(`in a ${kind} the owner may everything, an admin all but what touches admins, a member only look`, async () => {
    const { user, data, open, path } = await stage(kind)
    const [alice, bob, carol, eve] = [
      await user('alice'),
      await user('bob'),
      await user('carol'),
      await user('eve'),
    ]
    const status = async (call: Caller, method: string, below: string, body?: unknown) =>
      (await call(method, below, body)).status
    const mute = (name: string) => ({ usernames: [name], mute_duration: 1_000 })
    assert.equal(await status(alice, 'POST', '/admin', { newadmin: 'bob' }), 200)
    await data('POST', '/admin', { newadmin: 'carol' })
    for (const [method, below, body] of [
      ['POST', '/mute', mute('dave')],
      ['GET', '/mute', undefined],
      ['DELETE', '/mute/dave', undefined],
      ['POST', '/white/users/dave', undefined],
      ['GET', '/white/users', undefined],
      ['DELETE', '/white/users/dave', undefined],
      ['POST', '/ban', undefined],
      ['DELETE', '/ban', undefined],
      ['POST', '/announcement', { announcement: 'x' }],
      ['POST', '/blocks/users/dave', undefined],
      ['GET', '/blocks/users', undefined],
      ['DELETE', '/blocks/users/dave', undefined],
    ] as const) {
      assert.equal(await status(bob, method, below, body), 200, `${method} ${below}`)
      assert.equal(await status(eve, method, below, body), 401, `${method} ${below}`)
    }
    assert.equal(await status(bob, 'POST', '/mute', mute('carol')), 401)
    assert.equal(await status(bob, 'POST', '/blocks/users/carol'), 401)
    assert.equal(await status(bob, 'POST', '/admin', { newadmin: 'dave' }), 401)
    assert.equal(await status(bob, 'DELETE', '/admin/carol'), 401)
    assert.equal(await status(bob, 'POST', '/mute', mute('alice')), 403)
    assert.equal(await status(alice, 'POST', '/mute', mute('carol')), 200)
    assert.equal(await status(alice, 'DELETE', '/admin/carol'), 200)
    const refused = await carol('POST', '/announcement', { announcement: 'mine' })
    assert.deepEqual([refused.status, refused.json.error], [401, 'group_authorization'])
    for (const below of ['/announcement', '/admin', '/roles', '/white/users/carol'])
      assert.equal(await status(carol, 'GET', below), 200, below)
    for (const below of ['/announcement', '/admin', '/roles', '/white/users/eve'])
      assert.equal(await status(eve, 'GET', below), 401, below)
    assert.equal(await status(carol, 'GET', '/white/users/bob'), 401)
    assert.equal((await open('GET', `${path}/admin`)).status, 401)
  })

  test(`who leaves a ${kind} is its admin no more, who comes to own it is above all lists`, async () => {
    const { data, call, path } = await stage(kind)
    await data('POST', '/admin', { newadmin: 'bob' })
    await data('DELETE', '/users/bob')
    await data('POST', '/users/bob')
    assert.deepEqual(await data('GET', '/admin'), [])
    await data('POST', '/admin', { newadmin: 'bob' })
    await data('POST', '/white/users/bob')
    await data('POST', '/mute', { usernames: ['bob'], mute_duration: -1 })
    ok(await call('PUT', path, { newowner: 'bob' }))
    for (const list of ['/admin', '/white/users', '/mute']) assert.deepEqual(await data('GET', list), [])
    assert.equal((await call('POST', `${path}/blocks/users/bob`)).status, 403)
    await data('POST', '/blocks/users/alice')
  })
}

test('of many who are made admins at once no more than may be are', async () => {
  const { data, call, path } = await stage('group')
  const names = Array.from({ length: 110 }, (_, index) => `user-${index}`)
  for (const usernames of [names.slice(0, 55), names.slice(55)]) {
    const users = usernames.map(username => ({ username, password: 'pw' }))
    ok(await call('POST', '/users', users))
    await data('POST', '/users', { usernames })
  }
  const made = await Promise.all(names.map(newadmin => call('POST', `${path}/admin`, { newadmin })))
  assert.equal(made.filter(({ status }) => status === 200).length, 99)
  assert.equal(made.filter(({ json }) => json.error === 'exceed_limit').length, 11)
  assert.equal((await data('GET', '/admin')).length, 99)
})
