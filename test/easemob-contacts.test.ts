// Contacts over real sockets: what the app's server does with them, and what users do through the Web SDK's calls.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import fc from 'fast-check'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp, startApp } from './start-app.ts'

const server = sharedApp()
let app: EasemobApp

// A new app for each test: nobody knows anybody.
beforeEach(async () => {
  app = await makeEasemobApp(server())
  await app.register('alice', 'bob', 'carol', 'dave')
})

const namesOf = async (user: string): Promise<string[]> =>
  ok(await app.call('GET', `/users/${user}/contacts/users`)).json.data
const uuidOf = async (user: string): Promise<string> =>
  ok(await app.call('GET', `/users/${user}`)).json.entities[0].uuid
const add = async (owner: string, friend: string) =>
  ok(await app.call('POST', `/users/${owner}/contacts/users/${friend}`, {})).json
const statusOf = async (method: string, path: string, body?: object) =>
  (await app.call(method, path, body, lengthOf(body))).status

/** Node gives a DELETE with a body no length by itself, as browsers do. */
function lengthOf(body?: object): Record<string, string> {
  return body ? { 'Content-Length': String(Buffer.byteLength(JSON.stringify(body))) } : {}
}

/** Without what varies. */
function still({ timestamp, duration, ...rest }: any): object {
  assert.deepEqual([typeof timestamp, typeof duration], ['number', 'number'])
  return rest
}

test('one call puts each of two users into the list of the other, and answers the friend', async () => {
  const answer = await add('alice', 'BOB')
  const path = `/users/${await uuidOf('alice')}/contacts`
  const friend = ok(await app.call('GET', '/users/bob')).json.entities[0]
  assert.deepEqual(still(answer), {
    action: 'post',
    application: app.uuid,
    path,
    uri: app.url + path,
    entities: [friend],
    organization: app.org,
    applicationName: app.app,
  })
  assert.deepEqual(
    Object.keys(answer),
    'action application path uri entities timestamp duration organization applicationName'.split(' '),
  )
  assert.deepEqual([await namesOf('alice'), await namesOf('bob')], [['bob'], ['alice']])
})

test('adding a contact again changes nothing', async () => {
  await add('alice', 'bob')
  await add('alice', 'carol')
  await add('bob', 'alice')
  assert.deepEqual([await namesOf('alice'), await namesOf('bob')], [['carol', 'bob'], ['alice']])
})

test('users may be named by uuid, and the list has the newest first', async () => {
  const [alice, bob] = [await uuidOf('alice'), await uuidOf('bob')]
  await add(alice, bob)
  await add('alice', 'carol')
  const answer = ok(await app.call('GET', `/users/${alice}/contacts/users`)).json
  assert.deepEqual(still(answer), {
    action: 'get',
    uri: `${app.url}/users/${alice}/contacts/users`,
    entities: [],
    data: ['carol', 'bob'],
    count: 2,
  })
})

test('removing a contact takes each out of the list of the other, and may be repeated', async () => {
  await add('alice', 'bob')
  for (let round = 0; round < 2; round++) {
    const answer = ok(await app.call('DELETE', '/users/bob/contacts/users/alice')).json
    assert.equal(answer.action, 'delete')
    assert.equal(answer.path, `/users/${await uuidOf('bob')}/contacts`)
    assert.deepEqual(
      answer.entities.map((entity: any) => entity.username),
      ['alice'],
    )
    assert.deepEqual([await namesOf('alice'), await namesOf('bob')], [[], []])
  }
})

test('an unknown user answers 404 wherever it stands; nobody is a contact of itself', async () => {
  for (const [method, path] of [
    ['POST', '/users/ghost/contacts/users/bob'],
    ['POST', '/users/alice/contacts/users/ghost'],
    ['DELETE', '/users/ghost/contacts/users/bob'],
    ['DELETE', '/users/alice/contacts/users/ghost'],
    ['GET', '/users/ghost/contacts/users'],
    ['GET', '/user/ghost/contacts'],
    ['POST', '/users/alice/contacts/accept/users/ghost'],
    ['POST', '/users/alice/contacts/decline/users/ghost'],
  ] as const)
    assert.equal(await statusOf(method, path), 404, `${method} ${path}`)
  assert.equal(await statusOf('PUT', '/user/alice/contacts/users/ghost', { remark: 'x' }), 404)
  assert.equal(await statusOf('POST', '/users/alice/contacts/apply', { usernames: ['ghost'] }), 404)
  assert.equal(await statusOf('POST', '/users/alice/contacts/users/Alice'), 400)
  assert.equal(await statusOf('POST', '/users/alice/contacts/apply', { usernames: ['alice'] }), 400)
})

test('pages hold up to 50 contacts, ten by default, and lead to each once', async () => {
  const names = Array.from({ length: 23 }, (_, index) => `friend${index}`)
  await app.register(...names)
  for (const name of names) await add('alice', name)
  const newestFirst = names.toReversed()
  const seen: string[] = []
  let cursor: string | undefined = ''
  while (cursor !== undefined) {
    const answer: any = ok(await app.call('GET', `/user/alice/contacts?cursor=${cursor}`)).json
    assert.deepEqual([answer.count, answer.entities], [answer.data.contacts.length, []])
    assert.ok(answer.count === 10 || answer.count === 3)
    assert.equal(answer.data.cursor, answer.cursor)
    seen.push(...answer.data.contacts.map(({ username }: any) => username))
    cursor = answer.cursor
  }
  assert.deepEqual(seen, newestFirst)
  const page = async (query: string) => ok(await app.call('GET', `/users/alice/contacts?${query}`)).json
  assert.equal((await page('limit=99')).count, 23)
  for (const query of ['limit=0', 'limit=x', 'cursor=!!', 'limit='])
    assert.equal((await page(query)).count, 10, query)
  assert.deepEqual((await page('limit=1')).data.contacts, [{ username: newestFirst[0] }])
})

test('a remark is what one user calls the other, and nobody else sees it', async () => {
  await add('alice', 'bob')
  await add('alice', 'carol')
  const remark = '"B" 老板 😀'
  const answer = ok(await app.call('PUT', '/user/alice/contacts/users/bob', { remark })).json
  assert.deepEqual(still(answer), {
    action: 'put',
    status: 'ok',
    uri: `${app.url}/user/alice/contacts/users/bob`,
  })
  const page = async (user: string) =>
    ok(await app.call('GET', `/user/${user}/contacts?needReturnRemark=true`)).json.data.contacts
  assert.deepEqual(await page('alice'), [
    { username: 'carol', remark: null },
    { username: 'bob', remark },
  ])
  assert.deepEqual(await page('bob'), [{ username: 'alice', remark: null }])
  ok(await app.call('PUT', '/user/alice/contacts/users/bob', { remark: '😀'.repeat(100) }))
  for (const body of [{ remark: 'x'.repeat(101) }, { remark: null }, { remark: 1 }, {}])
    assert.equal(await statusOf('PUT', '/user/alice/contacts/users/bob', body), 400)
  ok(await app.call('PUT', '/user/alice/contacts/users/bob', { remark: '' }))
  assert.deepEqual((await page('alice'))[1], { username: 'bob', remark: null })
  assert.equal(await statusOf('PUT', '/user/alice/contacts/users/dave', { remark: 'x' }), 404)
})

test('a remark goes with the contact', async () => {
  await add('alice', 'bob')
  ok(await app.call('PUT', '/users/alice/contacts/users/bob', { remark: 'B' }))
  ok(await app.call('DELETE', '/users/alice/contacts/users/bob'))
  await add('alice', 'bob')
  const { entities, data } = ok(
    await app.call('GET', '/users/alice/contacts/users?needReturnRemark=true'),
  ).json
  assert.deepEqual([entities, data], [[{ username: 'bob', remark: null }], ['bob']])
})

test('a user does all of this with its own list, and nothing with that of another', async () => {
  const alice = app.as(await app.login('alice'))
  for (const [method, path, body] of [
    ['POST', '/contacts/users/bob'],
    ['GET', '/contacts/users'],
    ['GET', '/contacts'],
    ['PUT', '/contacts/users/bob', { remark: 'x' }],
    ['DELETE', '/contacts/users/bob'],
    ['POST', '/contacts/apply', { usernames: ['carol'] }],
    ['POST', '/blocks/users', { usernames: ['carol'] }],
    ['GET', '/blocks/users'],
    ['DELETE', '/blocks/users/carol'],
  ] as const) {
    assert.equal((await alice(method, `/users/alice${path}`, body)).status, 200, `${method} ${path}`)
    const other = await alice(method, `/users/dave${path}`, body)
    assert.deepEqual([other.status, other.json.error], [401, 'unauthorized'], `${method} ${path}`)
    const nobody = await app.open(method, `/users/alice${path}`, body)
    assert.deepEqual([nobody.status, nobody.json.error], [401, 'unauthorized'], `${method} ${path}`)
  }
})

test('an invitation that is accepted makes both contacts, once', async () => {
  const [alice, bob] = [app.as(await app.login('alice')), app.as(await app.login('bob'))]
  const path = '/users/alice/contacts/apply?resource=r'
  assert.deepEqual(still(ok(await alice('POST', path, { usernames: ['bob'], reason: 'hi' })).json), {
    action: 'post',
    status: 'ok',
    uri: `${app.url}/users/alice/contacts/apply`,
  })
  assert.deepEqual(await namesOf('bob'), [])
  for (let round = 0; round < 2; round++)
    ok(await bob('POST', '/users/bob/contacts/accept/users/alice?resource=r'))
  assert.deepEqual([await namesOf('alice'), await namesOf('bob')], [['bob'], ['alice']])
  // It has been used up.
  ok(await alice('DELETE', '/users/alice/contacts/users/bob'))
  assert.equal((await bob('POST', '/users/bob/contacts/accept/users/alice')).status, 404)
})

test('nobody becomes a contact by accepting what was never asked, or was declined', async () => {
  const bob = app.as(await app.login('bob'))
  const answers = (verb: string) => bob('POST', `/users/bob/contacts/${verb}/users/alice`)
  assert.deepEqual([(await answers('accept')).status, (await answers('decline')).status], [404, 404])
  ok(await app.call('POST', '/users/alice/contacts/apply', { usernames: ['bob'] }))
  // The one who has asked cannot answer.
  assert.equal(await statusOf('POST', '/users/alice/contacts/accept/users/bob'), 404)
  assert.equal((await answers('decline')).status, 200)
  assert.deepEqual([(await answers('accept')).status, (await answers('decline')).status], [404, 404])
  assert.deepEqual(await namesOf('bob'), [])
})

test('of two who have invited each other either may accept, and nothing stays to be answered', async () => {
  ok(await app.call('POST', '/users/alice/contacts/apply', { usernames: ['bob'] }))
  ok(await app.call('POST', '/users/bob/contacts/apply', { usernames: ['alice'] }))
  ok(await app.call('POST', '/users/alice/contacts/accept/users/bob'))
  ok(await app.call('DELETE', '/users/alice/contacts/users/bob'))
  assert.equal(await statusOf('POST', '/users/bob/contacts/accept/users/alice'), 404)
})

test('blocked users stay contacts, and their invitations reach nobody', async () => {
  await add('alice', 'bob')
  ok(await app.call('POST', '/users/alice/blocks/users', { usernames: ['bob', 'carol'] }))
  assert.deepEqual(await namesOf('alice'), ['bob'])
  ok(await app.call('POST', '/users/carol/contacts/apply', { usernames: ['alice'] }))
  assert.equal(await statusOf('POST', '/users/alice/contacts/accept/users/carol'), 404)
})

test('a user makes no contact of its own to get past a block, or where messages need one', async () => {
  const [bob, carol] = [app.as(await app.login('bob')), app.as(await app.login('carol'))]
  ok(await app.call('POST', '/users/alice/blocks/users', { usernames: ['bob'] }))
  assert.equal((await bob('POST', '/users/bob/contacts/users/alice')).status, 404)
  ok(await carol('POST', '/users/carol/contacts/users/alice'))
  await app.change({ messages_need_contact: true })
  assert.equal((await carol('POST', '/users/carol/contacts/users/dave')).status, 404)
  ok(await app.call('POST', '/users/dave/contacts/apply', { usernames: ['carol'] }))
  ok(await carol('POST', '/users/carol/contacts/users/dave'))
  await add('carol', 'bob')
  assert.deepEqual(await namesOf('carol'), ['bob', 'dave', 'alice'])
  assert.deepEqual(await namesOf('alice'), ['carol'])
})

test('with a block goes what the two have asked of each other', async () => {
  const apply = (one: string, other: string) =>
    app.call('POST', `/users/${one}/contacts/apply`, { usernames: [other] })
  ok(await apply('alice', 'bob'))
  ok(await apply('carol', 'alice'))
  ok(await app.call('POST', '/users/alice/blocks/users', { usernames: ['bob', 'carol'] }))
  assert.equal(await statusOf('POST', '/users/bob/contacts/accept/users/alice'), 404)
  assert.equal(await statusOf('POST', '/users/alice/contacts/accept/users/carol'), 404)
})

test('what an invitation must not be is refused whole', async () => {
  for (const body of [
    {},
    { usernames: [] },
    { usernames: 'bob' },
    { usernames: [1] },
    { usernames: [''] },
    { usernames: Array.from({ length: 61 }, () => 'bob') },
    { usernames: ['bob'], reason: {} },
    { usernames: ['bob', 'alice'] },
  ])
    assert.equal(await statusOf('POST', '/users/alice/contacts/apply', body), 400, JSON.stringify(body))
  assert.equal(await statusOf('POST', '/users/bob/contacts/accept/users/alice'), 404)
})

test('blocks: names are answered as they are kept, listed newest first, and lifted', async () => {
  const path = '/users/alice/blocks/users'
  const added = ok(await app.call('POST', path, { usernames: ['BOB', 'carol', 'bob'] })).json
  assert.deepEqual(still(added), {
    action: 'post',
    application: app.uuid,
    uri: app.url + path,
    entities: [],
    data: ['bob', 'carol'],
    organization: app.org,
    applicationName: app.app,
  })
  assert.deepEqual(ok(await app.call('POST', path, { usernames: ['dave', 'bob'] })).json.data, [
    'dave',
    'bob',
  ])
  const listed = ok(await app.call('GET', path)).json
  assert.deepEqual(still(listed), {
    action: 'get',
    uri: app.url + path,
    entities: [],
    data: ['dave', 'carol', 'bob'],
    count: 3,
  })
  const first = ok(await app.call('GET', `${path}?pageSize=2`)).json
  assert.deepEqual([first.data, first.count], [['dave', 'carol'], 2])
  const second = ok(await app.call('GET', `${path}?pageSize=2&cursor=${first.cursor}`)).json
  assert.deepEqual([second.data, second.cursor], [['bob'], undefined])
  for (let round = 0; round < 2; round++) {
    const removed = ok(await app.call('DELETE', `${path}/carol`)).json
    assert.equal(removed.path, `/users/${await uuidOf('alice')}/blocks`)
    assert.equal(removed.entities[0].username, 'carol')
  }
  assert.deepEqual(ok(await app.call('GET', path)).json.data, ['dave', 'bob'])
})

test('blocks are added all or none: an unknown user, oneself, a body of the wrong structure', async () => {
  const path = '/users/alice/blocks/users'
  const tooMany = { usernames: Array.from({ length: 501 }, () => 'bob') }
  for (const body of [
    { usernames: ['bob', 'ghost'] },
    { usernames: ['bob', 'alice'] },
    { usernames: [] },
    { usernames: 'bob' },
    tooMany,
    {},
  ])
    assert.equal(await statusOf('POST', path, body), 400, JSON.stringify(body))
  assert.deepEqual(ok(await app.call('GET', path)).json.data, [])
  assert.equal(await statusOf('DELETE', '/sdk/user/alice/blocks', tooMany), 400)
  for (const [method, unknown, body] of [
    ['POST', '/users/ghost/blocks/users', { usernames: ['bob'] }],
    ['GET', '/users/ghost/blocks/users'],
    ['DELETE', '/users/alice/blocks/users/ghost'],
    ['DELETE', '/users/ghost/blocks/users/bob'],
    ['DELETE', '/sdk/user/ghost/blocks', { usernames: ['bob'] }],
  ] as const)
    assert.equal(await statusOf(method, unknown, body), 404, `${method} ${unknown}`)
})

test('the paths of the Web SDK block and lift by list, and pass over who is not there', async () => {
  const alice = app.as(await app.login('alice'))
  const path = '/sdk/user/alice/blocks?resource=r'
  assert.deepEqual(ok(await alice('POST', path, { usernames: ['bob', 'carol'] })).json.data, ['bob', 'carol'])
  assert.equal((await alice('POST', '/sdk/user/bob/blocks', { usernames: ['alice'] })).status, 401)
  const names = { usernames: ['bob', 'dave', 'ghost'] }
  const lifted = await alice('DELETE', path, names, lengthOf(names))
  assert.deepEqual(ok(lifted).json.data, ['bob', 'dave'])
  assert.deepEqual(ok(await alice('GET', '/users/alice/blocks/users')).json.data, ['carol'])
})

test('a global mute is answered for as long as it lasts, each kind for itself', async () => {
  const mute = (body: object) => app.call('POST', '/mutes', body)
  const set = ok(await mute({ username: 'Bob', chat: 100, groupchat: -1 })).json
  assert.deepEqual(still(set), {
    path: '/mutes',
    uri: `${app.url}/mutes`,
    organization: app.org,
    application: app.uuid,
    action: 'post',
    data: { result: 'ok' },
    applicationName: app.app,
  })
  const read = async (user: string) => ok(await app.call('GET', `/mutes/${user}`)).json
  const { unixtime, chat, ...rest } = (await read('bob')).data
  assert.ok(Math.abs(unixtime - Date.now() / 1_000) < 60)
  assert.ok(chat > 90 && chat <= 100)
  assert.deepEqual(rest, { userid: `${app.org}#${app.app}_bob`, groupchat: -1, chatroom: 0 })
  ok(await mute({ username: 'bob', chat: 0 }))
  ok(await mute({ username: 'alice', chatroom: 2_147_483_647 }))
  const list = async (query = '') => ok(await app.call('GET', `/mutes${query}`)).json
  const { data } = await list()
  assert.equal(typeof data.unixtime, 'number')
  const kinds = data.data.map(({ username, ...kind }: any) => [username, ...Object.keys(kind)])
  assert.deepEqual(kinds, [
    ['alice', 'chatroom'],
    ['bob', 'groupchat'],
  ])
  const page = async (query: string) => (await list(query)).data.data.map(({ username }: any) => username)
  assert.deepEqual(await page('?pageNum=2&pageSize=1'), ['bob'])
  assert.deepEqual(await page('?pageNum=3&pageSize=1'), [])
  assert.deepEqual((await read('dave')).data.chat, 0)
})

test('a mute of nobody, of no kind, or of no time is refused', async () => {
  for (const body of [
    {},
    { username: 'bob' },
    { chat: 1 },
    { username: 'bob', chat: -2 },
    { username: 'bob', chat: 1.5 },
    { username: 'bob', chat: '1' },
    { username: 'bob', chat: 2_147_483_648 },
    { username: '', chat: 1 },
  ])
    assert.equal(await statusOf('POST', '/mutes', body), 400, JSON.stringify(body))
  assert.equal(await statusOf('POST', '/mutes', { username: 'ghost', chat: 1 }), 404)
  assert.equal(await statusOf('GET', '/mutes/ghost'), 404)
  const bob = app.as(await app.login('bob'))
  for (const path of ['/mutes', '/mutes/bob']) assert.equal((await bob('GET', path)).status, 401, path)
  assert.equal((await bob('POST', '/mutes', { username: 'bob', chat: 0 })).status, 401)
})

test('whatever happens at once, two are contacts of each other or not at all, and nobody has too many', async t => {
  const own = await makeEasemobApp(await startApp(t, { POSTHOUSE_CONTACTS_PER_USER_MAX: '3' }))
  const names = Array.from({ length: 8 }, (_, index) => `u${index}`)
  await own.register(...names)
  const integer = () => fc.integer({ min: 0, max: names.length - 1 })
  const steps = fc.array(fc.tuple(integer(), integer(), fc.constantFrom('POST', 'POST', 'DELETE')), {
    minLength: 30,
    maxLength: 60,
  })
  await fc.assert(
    fc.asyncProperty(steps, async chosen => {
      const statuses = await Promise.all(
        chosen.map(async ([one, other, method]) => {
          const path = `/users/${names[one]}/contacts/users/${names[other]}`
          const { status } = await own.call(method, path)
          return one === other && method === 'POST' ? status === 400 : status === 200 || status === 403
        }),
      )
      assert.ok(statuses.every(Boolean))
      const lists = new Map<string, string[]>()
      for (const name of names)
        lists.set(name, ok(await own.call('GET', `/users/${name}/contacts/users`)).json.data)
      for (const [name, list] of lists) {
        assert.ok(list.length <= 3)
        for (const other of list) assert.ok(lists.get(other)!.includes(name), `${name} ${other}`)
      }
    }),
    { numRuns: 10 },
  )
})
