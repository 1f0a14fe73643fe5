// The list of users: pages, cursors, queries, and deletion by page.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import type { Received } from './http-client.ts'
import { sharedApp, startApp } from './start-app.ts'

const server = sharedApp()
const namesOf = ({ json }: Received): string[] => json.entities.map((user: any) => user.username)

interface Asked {
  readonly limit?: number | string
  readonly cursor?: string | undefined
  readonly ql?: string
}

function pathOf(asked: Asked): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) params.set(name, String(value))
  return `/users?${params}`
}

function list({ call }: EasemobApp, asked: Asked): Promise<Received> {
  return call('GET', pathOf(asked))
}

/** Every page until the last, as a client reads them. */
async function walk(app: EasemobApp, asked: Asked): Promise<string[][]> {
  const pages: string[][] = []
  let cursor: string | undefined
  do {
    const page = ok(await list(app, { ...asked, cursor }))
    assert.equal(page.json.count, page.json.entities.length)
    pages.push(namesOf(page))
    cursor = page.json.cursor
    assert.match(cursor ?? 'none', /^[\w-]+$/)
  } while (cursor !== undefined)
  return pages
}

const byAge = ['kim', 'bea', 'leo', 'gus', 'dan', 'mia', 'cyd', 'jan', 'eve', 'hal', 'ivy', 'fay']

function registerAll({ call }: EasemobApp, names: readonly string[]): Promise<Received> {
  return call(
    'POST',
    '/users',
    names.map(username => ({ username, password: 'x' })),
  )
}

test('pages of any size show everybody once, in the order asked for', async () => {
  const app = await makeEasemobApp(server())
  ok(await registerAll(app, byAge))
  for (const name of ['fay', 'kim', 'ivy', 'bea'])
    ok(await app.call('PUT', `/users/${name}`, { nickname: 'changed' }))
  const { entities } = ok(await list(app, { limit: 100 })).json
  const modified = new Map<string, number>(entities.map((user: any) => [user.username, user.modified]))
  const [name, age, change] = [
    (a: string, b: string) => (a < b ? -1 : 1),
    (a: string, b: string) => byAge.indexOf(a) - byAge.indexOf(b),
    (a: string, b: string) => modified.get(a)! - modified.get(b)!,
  ]
  const sort = (...by: ((a: string, b: string) => number)[]) =>
    byAge.toSorted((a, b) => by.map(compare => compare(a, b)).find(order => order !== 0) ?? 0)
  const orders: readonly (readonly [string | undefined, readonly string[]])[] = [
    [undefined, byAge],
    ['order by created', byAge],
    ['order by created desc', byAge.toReversed()],
    ['order by username', sort(name)],
    ['select * order by username desc', sort(name).reverse()],
    ['order by modified', sort(change, age)],
    ['order by modified, username desc', sort(change, (a, b) => name(b, a))],
    ['order by modified desc, username', sort((a, b) => change(b, a), name)],
    ["nickname = 'changed'", ['kim', 'bea', 'ivy', 'fay']],
    ["nickname = 'changed' order by username desc", ['kim', 'ivy', 'fay', 'bea']],
    ["username = 'j*' or username > 'k'", ['kim', 'leo', 'mia', 'jan']],
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...orders),
      fc.integer({ min: 1, max: 14 }),
      async ([ql, names], limit) => {
        const pages = await walk(app, { limit, ...(ql && { ql }) })
        assert.deepEqual(pages.flat(), names, ql)
        assert.equal(pages.length, Math.ceil(names.length / limit), ql)
      },
    ),
    { numRuns: 60 },
  )
})

test('ten users are a page when no limit is given, or one that is no number', async () => {
  const app = await makeEasemobApp(server())
  ok(await registerAll(app, byAge))
  for (const limit of [undefined, '', '0', '-1', 'x', '1.5', '1e1', '99999999999'])
    assert.equal(namesOf(await list(app, limit === undefined ? {} : { limit })).length, 10, limit)
  const { json } = await list(app, { limit: 3 })
  assert.deepEqual(json.params, { limit: ['3'] })
  assert.equal((await app.call('GET', '/users')).json.params, undefined)
  assert.equal((await app.call('GET', '/users?limit=1&limit=2')).status, 400)
})

test('a page holds at most 1,000 users, 100 in the live edition', async () => {
  const app = await makeEasemobApp(server())
  for (let batch = 0; batch < 2; batch++)
    ok(
      await registerAll(
        app,
        Array.from({ length: 60 }, (_, index) => `u${batch}-${index}`),
      ),
    )
  assert.equal(namesOf(await list(app, { limit: 5_000 })).length, 120)
  await app.change({ edition: 'live' })
  const first = await list(app, { limit: 5_000 })
  assert.equal(namesOf(first).length, 100)
  assert.equal(namesOf(await list(app, { limit: 5_000, cursor: first.json.cursor })).length, 20)
})

test('a cursor names a place for ever: later it shows who has come since', async () => {
  const app = await makeEasemobApp(server())
  await app.register('a', 'b', 'c', 'd')
  const { cursor } = (await list(app, { limit: 2 })).json
  assert.deepEqual(namesOf(await list(app, { cursor })), ['c', 'd'])
  await app.register('e')
  assert.deepEqual(namesOf(await list(app, { cursor })), ['c', 'd', 'e'])
  ok(await app.call('DELETE', '/users/c'))
  assert.deepEqual(namesOf(await list(app, { cursor })), ['d', 'e'])
  assert.deepEqual(namesOf(await list(app, { limit: 1, cursor })), ['d'])
})

test('a cursor that cannot be read, or belongs to another order, begins at the start', async () => {
  const app = await makeEasemobApp(server())
  await app.register('a', 'b', 'c')
  const foreign = (await list(app, { limit: 1, ql: 'order by username' })).json.cursor
  const text = (value: string) => Buffer.from(value).toString('base64url')
  for (const cursor of ['x', '*', text('{}'), text('["a"]'), text('[1,2]'), text('null'), foreign])
    assert.deepEqual(namesOf(await list(app, { cursor })), ['a', 'b', 'c'], cursor)
})

test('apps do not see each other’s users', async () => {
  const [one, two] = [await makeEasemobApp(server()), await makeEasemobApp(server())]
  await one.register('a')
  await two.register('b')
  assert.deepEqual(await walk(one, {}), [['a']])
  assert.deepEqual(await walk(two, { ql: "username = '*'" }), [['b']])
  assert.deepEqual(await walk(two, { ql: "username = 'a'" }), [[]])
})

test('select answers a list in place of the entities', async () => {
  const app = await makeEasemobApp(server())
  await app.register('a', 'b')
  ok(await app.call('PUT', '/users/b', { nickname: 'Bea' }))
  const { json } = ok(await list(app, { ql: 'select {name: username, __proto__: nickname}' }))
  assert.equal(JSON.stringify(json.list), '[{"name":"a","__proto__":null},{"name":"b","__proto__":"Bea"}]')
  assert.deepEqual([json.entities, json.count, json.cursor], [undefined, 2, undefined])
  assert.deepEqual((await list(app, { ql: 'select nickname' })).json.list, [['Bea']])
})

test('a query looks at so many users a call and says where to go on', async t => {
  const app = await makeEasemobApp(await startApp(t, { POSTHOUSE_QUERY_SCANNED_MAX: '5' }))
  ok(await registerAll(app, byAge))
  ok(await app.call('PUT', '/users/fay', { nickname: 'last' }))
  const ql = "nickname = 'last'"
  assert.deepEqual(await walk(app, { ql }), [[], [], ['fay']])
  assert.deepEqual(await walk(app, { ql: `${ql} order by username desc` }), [[], ['fay'], []])
  assert.deepEqual(await walk(app, { ql: "username = 'fay'" }), [['fay']])
  assert.deepEqual(await walk(app, { limit: 100 }), [byAge])
  const first = ok(await app.call('DELETE', pathOf({ ql })))
  assert.deepEqual(namesOf(first), [])
  assert.equal(typeof first.json.cursor, 'string')
})

test('deletion by page deletes the oldest first, or whom the query names, and never all by accident', async () => {
  const app = await makeEasemobApp(server())
  await app.register('a', 'b', 'c', 'd', 'e')
  for (const path of [
    '/users',
    '/users?limit=',
    '/users?limit=0',
    '/users?limit=all',
    '/users?ql=',
    '/users?cursor=x',
  ])
    assert.equal((await app.call('DELETE', path)).json.error, 'unsupported_service_operation', path)
  const first = ok(await app.call('DELETE', '/users?limit=2'))
  assert.deepEqual(namesOf(first), ['a', 'b'])
  assert.deepEqual(
    [first.json.action, first.json.params, first.json.count],
    ['delete', { limit: ['2'] }, undefined],
  )
  assert.deepEqual(namesOf(await list(app, { cursor: first.json.cursor })), ['c', 'd', 'e'])
  assert.equal((await app.call('DELETE', pathOf({ ql: "username = 'd' garbage" }))).status, 400)
  assert.deepEqual(namesOf(ok(await app.call('DELETE', pathOf({ ql: "username = 'd'" })))), ['d'])
  assert.deepEqual(namesOf(ok(await app.call('DELETE', '/users?limit=10'))), ['c', 'e'])
  assert.deepEqual(namesOf(ok(await app.call('DELETE', '/users?limit=10'))), [])
})
