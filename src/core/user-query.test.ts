import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Refusal } from '../contract/refusal.ts'
import type { UserRow } from '../store/users.ts'
import { matches, orderOf, parseUserQuery, project, soleCandidate } from './user-query.ts'

const limits = { depthMax: 32, termsMax: 100 }
const parse = (text: string) => parseUserQuery(text, limits)

const alice: UserRow = {
  uid: 1,
  appId: 1,
  username: 'alice',
  uuid: '7a1e0c5a-4b2d-11e4-8d0f-95c3e1a7b201',
  password: 'a secret',
  nickname: ' Alice in 北京 Wonder-Land ',
  activated: 1,
  tokensFrom: 0,
  pushSettings: '{"notification_display_style":1,"notification_no_disturbing":false}',
  createdAt: 1_412_000_000_123,
  modifiedAt: 1_412_000_000_456,
}
const nameless: UserRow = { ...alice, uid: 2, username: 'x', nickname: null, pushSettings: '{}' }

const isMatch = (user: UserRow, text: string) => matches(user, parse(text).where!)

test('what a condition says of a user', () => {
  const rows: readonly (readonly [string, boolean])[] = [
    ["username = 'ALICE'", true],
    ["username = ' alice '", true],
    ["username = 'alic'", false],
    ["username = 'al*'", true],
    ["username = '*'", true],
    ["username = 'b*'", false],
    ["username > 'alibi'", true],
    ["username < 'alibi'", false],
    ["nickname = 'alice in 北京 wonder-land'", true],
    [`uuid = ${alice.uuid}`, true],
    [`uuid = '${alice.uuid}'`, true],
    ["type = 'user'", true],
    ['created = 1412000000123', true],
    ['created < 1412000000123', false],
    ['created <= 1412000000123', true],
    ['modified > 1412000000455.5', true],
    ["created > '1'", false],
    ["created = '*'", true],
    ['username = 5', false],
    ['activated = true', true],
    ['activated = 1', true],
    ['activated = false', false],
    ['notification_display_style = 1', true],
    ['notification_no_disturbing = false', true],
    ['notification_ignore_5 = false', false],
    ['not notification_ignore_5 = false', true],
    ["nickname contains 'wonder'", true],
    ["nickname contains 'LAND'", true],
    ["nickname contains 'won*'", true],
    ["nickname contains '京'", true],
    ["nickname contains '北京'", false],
    ["nickname contains 'alice in'", false],
    ["nickname contains '*'", true],
    ["city contains 'x'", false],
    ["city = '*'", false],
    ["constructor = '*'", false],
    ["__proto__ = '*'", false],
    ["password = '*'", false],
    ['home within 1000 of 39.9, 116.4', false],
    ["username = 'bob' or activated = true and not nickname = 'x'", true],
    ["(username = 'bob' or activated = true) and nickname = 'x'", false],
  ]
  for (const [text, expected] of rows) assert.equal(isMatch(alice, text), expected, text)
})

test('a user without the property fits no comparison and no word', () => {
  for (const text of ["nickname = '*'", "nickname < 'z'", "nickname contains '*'"])
    assert.equal(isMatch(nameless, text), false, text)
})

test('a query holds for a user exactly when its parts say so', () => {
  const leaves = [
    ["username = 'alice'", true],
    ["nickname contains 'bob'", false],
    ['activated = true', true],
    ['created < 5', false],
  ] as const
  interface Said {
    readonly text: string
    readonly holds: boolean
  }
  const { said } = fc.letrec<{ said: Said }>(tie => {
    const parts = fc.array(tie('said'), { minLength: 1, maxLength: 3 })
    return {
      said: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(...leaves).map(([text, holds]) => ({ text, holds })),
        tie('said').map(({ text, holds }) => ({ text: `not (${text})`, holds: !holds })),
        parts.map(all => ({
          text: `(${all.map(({ text }) => text).join(' and ')})`,
          holds: all.every(({ holds }) => holds),
        })),
        parts.map(any => ({
          text: `(${any.map(({ text }) => text).join(' or ')})`,
          holds: any.some(({ holds }) => holds),
        })),
      ),
    }
  })
  fc.assert(
    fc.property(said, ({ text, holds }) => {
      const { where } = parseUserQuery(text, { depthMax: 100, termsMax: 1_000 })
      assert.equal(matches(alice, where!), holds, text)
    }),
  )
})

test('contains is refused on what the schema declares without a full-text index, the first from the left', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ["username contains 'al'", 'full_text_index_missing', 'username'],
    ["UserName CONTAINS 'al'", 'full_text_index_missing', 'username'],
    ["nickname = 'x' and (email contains 'a' or uuid contains 'b')", 'full_text_index_missing', 'email'],
    ["not created contains 'x'", 'full_text_index_missing', 'created'],
    ["uuid > 'a'", 'index_missing', 'uuid'],
    ["type <= 'a' and username contains 'x'", 'index_missing', 'type'],
    ["picture < 'x'", 'index_missing', 'picture'],
    ['order by uuid', 'index_missing', 'uuid'],
    ['order by created, nickname', 'index_missing', 'nickname'],
  ]
  for (const [text, id, property] of rows)
    assert.throws(
      () => parse(text),
      (error: Refusal) => error.id === id && error.params.property === property,
      text,
    )
  for (const text of ["nickname contains 'x'", "name contains 'x'", "uuid = 'x'"]) assert.ok(parse(text))
})

test('a fault of the grammar wins over a missing index', () => {
  assert.throws(() => parse("username contains 'al' and"), { id: 'query_parse' })
  assert.throws(() => parse("username contains 'al' !"), { id: 'query_token' })
})

test('only a query that names one user in every case has a sole candidate', () => {
  assert.equal(soleCandidate(parse("username = 'Alice' and activated = true")), 'alice')
  assert.equal(soleCandidate(parse(`uuid = ${alice.uuid}`)), alice.uuid)
  for (const text of [
    "username = 'al*'",
    "not username = 'a'",
    "username = 'a' or activated = true",
    'a = 1',
  ])
    assert.equal(soleCandidate(parse(text)), undefined, text)
  assert.equal(soleCandidate(parse('')), undefined)
})

test('order by names columns that have an index', () => {
  assert.deepEqual(orderOf(parse('order by created desc, modified, username asc')), [
    { by: 'uid', isDescending: true },
    { by: 'modified_at', isDescending: false },
    { by: 'username', isDescending: false },
  ])
})

test('select gives rows or objects, and leaves out users who have none of it', () => {
  const users = [alice, nameless]
  assert.deepEqual(project(users, parse('select username, nickname').select!), [
    ['alice', alice.nickname],
    ['x', null],
  ])
  assert.deepEqual(project(users, parse('select {__proto__: nickname}').select!), [
    Object.fromEntries([['__proto__', alice.nickname]]),
  ])
  assert.deepEqual(project(users, parse('select password').select!), [])
})
