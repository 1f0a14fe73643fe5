// Groups and chat rooms as an app server uses them: made, shown, listed, changed, dissolved.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { normalise } from './proofs/proof.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()

async function appWithUsers(settings?: object): Promise<EasemobApp> {
  const app = await makeEasemobApp(server(), settings)
  await app.register('alice', 'bob', 'carol', 'dave')
  return app
}

/** What `data` of a successful answer holds. */
async function dataOf(answer: ReturnType<EasemobApp['call']>): Promise<any> {
  return ok(await answer).json.data
}

test('a group lives from its creation to its end', async () => {
  const { call, url, org, app } = await appWithUsers()
  const made = ok(
    await call('POST', '/chatgroups', {
      groupname: 'ops',
      desc: 'who is on duty',
      public: true,
      maxusers: 50,
      members_only: true,
      allowinvites: false,
      owner: 'Alice',
      members: ['bob', 'ALICE'],
      custom: '{"a":1}',
      groupid: 71001,
      scale: 'large',
      need_verify: true,
    }),
  )
  const head = `"application":"<uuid>","uri":"${url}/chatgroups`
  const tail = `"timestamp":<timestamp>,"duration":<duration>,"organization":"${org}","applicationName":"${app}"`
  assert.equal(
    normalise(made.text),
    `{"action":"post",${head}","entities":[],"data":{"groupid":"71001"},${tail}}`,
  )
  const shown = ok(await call('GET', '/chatgroups/71001'))
  assert.equal(
    normalise(shown.text).replace(/"created":\d{13}/, '"created":<created>'),
    `{"action":"get",${head}/71001","entities":[],"data":[{"id":"71001","name":"ops","description":"who is on duty","membersonly":true,"allowinvites":false,"invite_need_confirm":true,"maxusers":50,"owner":"alice","created":<created>,"custom":"{\\"a\\":1}","mute":false,"scale":"large","affiliations_count":2,"disabled":false,"affiliations":[{"member":"bob"},{"owner":"alice"}],"public":true}],${tail},"count":1}`,
  )
  const changes = { name: 'duty', description: '', maxusers: 60, membersonly: false, allowinvites: true }
  assert.deepEqual(await dataOf(call('PUT', '/chatgroups/71001', changes)), {
    name: true,
    description: true,
    maxusers: true,
    membersonly: true,
    allowinvites: true,
  })
  assert.deepEqual(await dataOf(call('PUT', '/chatgroups/71001', { newowner: 'Bob' })), { newowner: true })
  assert.deepEqual(await dataOf(call('POST', '/chatgroups/71001/disable')), { disabled: true })
  const [changed] = await dataOf(call('GET', '/chatgroups/71001'))
  const { created, ...details } = changed
  assert.ok(Math.abs(created - Date.now()) < 60_000)
  assert.deepEqual(details, {
    id: '71001',
    name: 'duty',
    description: '',
    membersonly: false,
    allowinvites: true,
    invite_need_confirm: true,
    maxusers: 60,
    owner: 'bob',
    custom: '{"a":1}',
    mute: false,
    scale: 'large',
    affiliations_count: 2,
    disabled: true,
    affiliations: [{ owner: 'bob' }, { member: 'alice' }],
    public: true,
  })
  assert.deepEqual(await dataOf(call('POST', '/chatgroups/71001/enable')), { disabled: false })
  const gone = ok(await call('DELETE', '/chatgroups/71001'))
  assert.equal(
    normalise(gone.text),
    `{"action":"delete",${head}/71001","entities":[],"data":{"success":true,"groupid":"71001"},${tail}}`,
  )
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/users'],
    ['POST', '/users/carol'],
    ['DELETE', '/users/bob'],
    ['POST', '/enable'],
  ] as const)
    assert.equal((await call(method, `/chatgroups/71001${path}`)).status, 404, `${method} ${path}`)
})

test('a chat room lives from its creation to its end', async () => {
  const { call, url, org, app } = await appWithUsers()
  const made = ok(await call('POST', '/chatrooms', { title: 'hall', owner: 'alice', members: ['bob'] }))
  const { id } = made.json.data
  assert.match(id, /^[1-9]\d{14,15}$/)
  const head = `"application":"<uuid>","uri":"${url}/chatrooms`
  const tail = `"timestamp":<timestamp>,"duration":<duration>,"organization":"${org}","applicationName":"${app}"`
  assert.equal(normalise(made.text), `{"action":"post",${head}","entities":[],"data":{"id":"${id}"},${tail}}`)
  assert.equal(
    normalise(ok(await call('GET', `/chatrooms/${id}`)).text).replace(
      /"created":\d{13}/,
      '"created":<created>',
    ),
    `{"action":"get",${head}/${id}","entities":[],"data":[{"id":"${id}","name":"hall","description":"","membersonly":false,"allowinvites":false,"maxusers":200,"owner":"alice","created":<created>,"custom":"","mute":false,"affiliations_count":2,"affiliations":[{"member":"bob"},{"owner":"alice"}],"public":true}],${tail},"count":1}`,
  )
  const update = { title: 'great hall', desc: 'all of us', maxusers: 10_000 }
  assert.deepEqual(await dataOf(call('PUT', `/chatrooms/${id}`, update)), {
    groupname: true,
    name: true,
    desc: true,
    maxusers: true,
  })
  assert.deepEqual(await dataOf(call('PUT', `/chatrooms/${id}`, { newowner: 'bob' })), { newowner: true })
  assert.deepEqual(await dataOf(call('GET', '/chatrooms')), [
    { id, name: 'great hall', owner: 'bob', affiliations_count: 2 },
  ])
  assert.deepEqual(await dataOf(call('DELETE', `/chatrooms/${id}`)), { success: true, id })
  assert.equal((await call('GET', `/chatrooms/${id}`)).status, 404)
})

test('a field means the same under each of its names', async () => {
  const { call } = await appWithUsers()
  const made = { groupname: 'g', public: false, owner: 'alice' }
  const variants = [
    { description: 'd', membersonly: true, maxusers: 77 },
    { desc: 'd', members_only: 'true', maxusers: '77' },
    { desc: 'd', approval: true, maxusers: 77, members: null, custom: null, avatar: null },
  ]
  for (const variant of variants) {
    const { groupid } = await dataOf(call('POST', '/chatgroups', { ...made, ...variant }))
    const [{ description, membersonly, maxusers, public: isPublic }] = await dataOf(
      call('GET', `/chatgroups/${groupid}`),
    )
    assert.deepEqual([description, membersonly, maxusers, isPublic], ['d', true, 77, false])
  }
  const { groupid } = await dataOf(call('POST', '/chatgroups', { ...made, owner: 'bob', members: [] }))
  for (const field of ['name', 'groupname']) {
    assert.deepEqual(await dataOf(call('PUT', `/chatgroups/${groupid}`, { [field]: field })), {
      [field]: true,
    })
    assert.equal((await dataOf(call('GET', `/chatgroups/${groupid}`)))[0].name, field)
  }
})

test('what an update does not know is passed over in the seed edition and refused in the live one', async () => {
  const { call, change } = await appWithUsers()
  const made = { groupname: 'g', public: true, owner: 'alice' }
  const { groupid } = await dataOf(call('POST', '/chatgroups', made))
  const update = { groupname: 'h', colour: 'red', owner: 'bob', description: null }
  assert.deepEqual(await dataOf(call('PUT', `/chatgroups/${groupid}`, update)), { groupname: true })
  await change({ edition: 'live' })
  const refused = await call('PUT', `/chatgroups/${groupid}`, { ...update, groupname: 'i' })
  assert.equal(refused.status, 400)
  assert.equal(refused.json.error_description, 'some of [colour, owner] are not valid fields')
  const [{ name, owner }] = await dataOf(call('GET', `/chatgroups/${groupid}`))
  assert.deepEqual([name, owner], ['h', 'alice'])
})

test('an avatar is shown once it is set, and no more once it is taken away', async () => {
  const { call } = await appWithUsers()
  const made = { groupname: 'g', public: true, owner: 'alice', avatar: 'https://example.test/a.png' }
  const { groupid } = await dataOf(call('POST', '/chatgroups', made))
  assert.equal((await dataOf(call('GET', `/chatgroups/${groupid}`)))[0].avatar, made.avatar)
  await dataOf(call('PUT', `/chatgroups/${groupid}`, { avatar: '' }))
  assert.ok(!Object.hasOwn((await dataOf(call('GET', `/chatgroups/${groupid}`)))[0], 'avatar'))
})

test('groups are listed newest first, page by page, each once', async () => {
  const { call, change, org, app } = await appWithUsers()
  const ids: string[] = []
  for (const groupname of ['g1', 'g2', 'g3', 'g4', 'g5']) {
    const made = { groupname, public: true, owner: 'alice', ...(groupname === 'g3' && { groupid: '77' }) }
    ids.unshift((await dataOf(call('POST', '/chatgroups', made))).groupid)
  }
  await dataOf(call('POST', '/chatrooms', { name: 'not a group', owner: 'alice' }))
  const all = ok(await call('GET', '/chatgroups'))
  assert.equal(all.json.count, 5)
  assert.equal(all.json.params, undefined)
  assert.equal(all.json.cursor, undefined)
  assert.deepEqual(
    all.json.data.map(({ groupid }: { groupid: string }) => groupid),
    ids,
  )
  const { last_modified, ...newest } = all.json.data[0]
  assert.match(last_modified, /^\d{13}$/)
  assert.deepEqual(newest, {
    owner: `${org}#${app}_alice`,
    groupid: ids[0],
    affiliations: 1,
    type: 'group',
    lastModified: last_modified,
    groupname: 'g5',
  })
  const walked: string[] = []
  for (let cursor = ''; ; ) {
    const { json } = ok(await call('GET', `/chatgroups?limit=2${cursor && `&cursor=${cursor}`}`))
    assert.deepEqual(json.params, { limit: ['2'], ...(cursor && { cursor: [cursor] }) })
    assert.equal(json.count, json.data.length)
    walked.push(...json.data.map(({ groupid }: { groupid: string }) => groupid))
    if (json.cursor === undefined) break
    cursor = json.cursor
  }
  assert.deepEqual(walked, ids)
  for (const query of ['limit=2&cursor=nonsense', 'limit=2&cursor=']) {
    const page = await dataOf(call('GET', `/chatgroups?${query}`))
    assert.equal(page[0].groupid, ids[0], query)
  }
  assert.equal((await dataOf(call('GET', '/chatgroups?limit=many'))).length, 5)
  for (let count = 0; count < 6; count++)
    await dataOf(call('POST', '/chatgroups', { groupname: 'more', public: true, owner: 'bob' }))
  await change({ edition: 'live' })
  const unasked = ok(await call('GET', '/chatgroups'))
  assert.equal(unasked.json.data.length, 10)
  assert.equal(typeof unasked.json.cursor, 'string')
})

test('details of several groups come in the order asked, those that do not exist left out', async () => {
  const { call } = await appWithUsers()
  const made = { public: true, owner: 'alice' }
  const first = (await dataOf(call('POST', '/chatgroups', { ...made, groupname: 'first' }))).groupid
  const second = (await dataOf(call('POST', '/chatgroups', { ...made, groupname: 'second' }))).groupid
  for (const comma of [',', '%2C']) {
    const { json } = ok(await call('GET', `/chatgroups/${[second, '12345', first, second].join(comma)}`))
    assert.deepEqual(
      json.data.map(({ name }: { name: string }) => name),
      ['second', 'first'],
    )
    assert.equal(json.count, 2)
    assert.ok(!json.data.some((group: object) => Object.hasOwn(group, 'affiliations')))
  }
  const many = Array.from({ length: 101 }, (_, index) => 100 + index).join(',')
  assert.equal((await call('GET', `/chatgroups/${many}`)).status, 400)
})

test('a group belongs to one app', async () => {
  const app = await appWithUsers()
  const { groupid } = await dataOf(
    app.call('POST', '/chatgroups', { groupname: 'g', public: true, owner: 'alice' }),
  )
  const other = await appWithUsers()
  assert.equal((await other.call('GET', `/chatgroups/${groupid}`)).status, 404)
  assert.equal((await other.call('POST', `/chatgroups/${groupid}/users/bob`)).status, 404)
  assert.equal((await other.call('DELETE', `/chatgroups/${groupid}`)).status, 404)
  assert.deepEqual(await dataOf(other.call('GET', '/chatgroups')), [])
  const foreign = await app.as((await other.open('POST', '/token', credentialsOf(other))).json.access_token)(
    'GET',
    `/chatgroups/${groupid}`,
  )
  assert.equal(foreign.status, 401)
})

function credentialsOf({ client_id, client_secret }: EasemobApp) {
  return { grant_type: 'client_credentials', client_id, client_secret }
}

test('a creation repeated under one key makes one group', async () => {
  const { call } = await appWithUsers()
  const made = { groupname: 'g', public: true, owner: 'alice' }
  const key = { 'Idempotency-Key': 'make-g' }
  const first = ok(await call('POST', '/chatgroups', made, key))
  const again = ok(await call('POST', '/chatgroups', { owner: 'alice', public: true, groupname: 'g' }, key))
  assert.equal(again.text, first.text)
  assert.equal(again.headers['idempotent-replayed'], 'true')
  assert.equal((await dataOf(call('GET', '/chatgroups'))).length, 1)
  assert.equal((await call('POST', '/chatgroups', { ...made, public: false }, key)).status, 400)
})

test('a body of the wrong kind is refused before anybody looks for the group', async () => {
  const { call, open } = await appWithUsers()
  const made = { groupname: 'g', public: true, owner: 'alice' }
  const refusals: [object, string][] = [
    [{ ...made, public: 1 }, 'public is not valid'],
    [{ ...made, maxusers: 0 }, 'maxusers is not valid'],
    [{ ...made, maxusers: 1.5 }, 'maxusers is not valid'],
    [{ ...made, groupid: '0123' }, 'groupid is not valid'],
    [{ ...made, groupid: '999999999999999999' }, 'groupid is not valid'],
    [{ ...made, members: 'bob' }, 'members is not valid'],
    [{ ...made, members: [{}] }, 'members is not valid'],
    [{ ...made, scale: 'huge' }, 'scale is not valid'],
    [{ ...made, groupname: '' }, 'groupname is not valid'],
    [{ ...made, groupname: null }, 'groupname must be provided'],
    [{ ...made, owner: '' }, 'owner must be provided'],
  ]
  for (const [body, text] of refusals) {
    const refused = await call('POST', '/chatgroups', body)
    assert.equal(refused.json.error_description, text)
    assert.equal(refused.status, 400)
  }
  assert.equal((await call('POST', '/chatgroups', { ...made, groupname: 'a\0b' })).status, 400)
  for (const body of [[], [made], 'text', 5]) {
    const refused = await call('PUT', '/chatgroups/12345', body)
    assert.equal(refused.json.error, 'illegal_argument', JSON.stringify(body))
  }
  assert.equal((await call('POST', '/chatgroups/12345/users', { usernames: [] })).status, 400)
  // Whoever may not call learns nothing of it.
  assert.equal(
    (await open('POST', '/chatgroups', { nonsense: true })).json.error_description,
    'token is blank!',
  )
  assert.deepEqual(await dataOf(call('GET', '/chatgroups')), [])
})

test('a chat room holds 200 unless it is told otherwise, 1000 in the live edition', async () => {
  for (const [edition, size] of [
    ['seed', 200],
    ['live', 1_000],
  ] as const) {
    const { call } = await appWithUsers({ edition })
    const { id } = await dataOf(call('POST', '/chatrooms', { name: 'r', owner: 'alice' }))
    assert.equal((await dataOf(call('GET', `/chatrooms/${id}`)))[0].maxusers, size)
  }
})
