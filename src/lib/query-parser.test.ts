import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Condition, type Query, QueryFault, type QueryValue } from './query.ts'
import { parseQuery } from './query-parser.ts'

const limits = { depthMax: 32, termsMax: 100 }
const parse = (text: string) => parseQuery(text, limits)

function faultOf(text: string): Omit<QueryFault, keyof Error> {
  try {
    parse(text)
  } catch (error) {
    assert.ok(error instanceof QueryFault, String(error))
    const { kind, text: word, column, line } = error
    return { kind, text: word, column, line }
  }
  assert.fail(`${text} was taken`)
}

const compare = (property: string, comparator: '=' | '<' | '>=', value: QueryValue): Condition => ({
  is: 'compare',
  property,
  comparator,
  value,
})

const uuid = '7a1e0c5a-4b2d-11e4-8d0f-95c3e1a7b201'
const letterUuid = 'aa1e0c5a-4b2d-11e4-8d0f-95c3e1a7b201'
const a = compare('a', '=', 1)
const b = compare('b', '=', 2)
const c = compare('c', '=', 3)

const taken: readonly (readonly [string, Query])[] = [
  ['', { order: [] }],
  ['select *', { order: [] }],
  ["  SELECT * WHERE Name = 'Bob'  ", { where: compare('name', '=', 'bob'), order: [] }],
  ["name = 'bob'", { where: compare('name', '=', 'bob'), order: [] }],
  ['where a = 1', { where: a, order: [] }],
  ['a eq 1', { where: a, order: [] }],
  ['a lt 1', { where: compare('a', '<', 1), order: [] }],
  ['a<1', { where: compare('a', '<', 1), order: [] }],
  ['a gte -1.5e2', { where: compare('a', '>=', -150), order: [] }],
  ['a = .5', { where: compare('a', '=', 0.5), order: [] }],
  ['a = 5.', { where: compare('a', '=', 5), order: [] }],
  ['a = true', { where: compare('a', '=', true), order: [] }],
  ['a = FALSE', { where: compare('a', '=', false), order: [] }],
  [`a = ${uuid}`, { where: compare('a', '=', uuid), order: [] }],
  [`a = ${letterUuid}`, { where: compare('a', '=', letterUuid), order: [] }],
  ['x-1.y_z = 1', { where: compare('x-1.y_z', '=', 1), order: [] }],
  ["a = 'it\\'s \\\\ \\u0041 \\101'", { where: compare('a', '=', "it's \\ a a"), order: [] }],
  ['a = 1 or b = 2 and c = 3', { where: any(a, all(b, c)), order: [] }],
  ['(a = 1 || b = 2) && c = 3', { where: all(any(a, b), c), order: [] }],
  ['not a = 1 and b = 2', { where: all({ is: 'not', of: a }, b), order: [] }],
  ['not (a = 1 or b = 2)', { where: { is: 'not', of: any(a, b) }, order: [] }],
  ["a contains 'x*'", { where: { is: 'contains', property: 'a', word: 'x*' }, order: [] }],
  [
    'place within 100 of 39.9, -116.4',
    {
      where: { is: 'within', property: 'place', metres: 100, latitude: 39.9, longitude: -116.4 },
      order: [],
    },
  ],
  ['select a, b', { select: rows('a', 'b'), order: [] }],
  [
    'select {x: a, y:b} where a = 1 order by a desc, b asc, c',
    {
      select: {
        as: 'objects',
        members: [
          { name: 'x', property: 'a' },
          { name: 'y', property: 'b' },
        ],
      },
      where: a,
      order: [
        { property: 'a', isDescending: true },
        { property: 'b', isDescending: false },
        { property: 'c', isDescending: false },
      ],
    },
  ],
  ['order by created', { order: [{ property: 'created', isDescending: false }] }],
  ['order = 1', { where: compare('order', '=', 1), order: [] }],
]

for (const [text, query] of taken)
  test(`the query ${JSON.stringify(text)} is read`, () => assert.deepEqual(parse(text), query))

// usergrid.md §5.5, and what the vendor drops silently and this refuses in the same words.
const refused: readonly (readonly [string, QueryFault['kind'], string, number?, number?])[] = [
  ["name like 'x'", 'unexpected', 'like', 2],
  ['name =', 'unexpected', '<EOF>', 3],
  ["name = 'a' and", 'unexpected', '<EOF>', 7],
  ['garbage', 'unexpected', '<EOF>', 1],
  ['name contains foo', 'unexpected', 'foo', 4],
  ["name in ('a','b')", 'unexpected', 'in', 2],
  ["select * from users where name = 'x'", 'unexpected', 'users', 6],
  ['name = asc', 'unexpected', 'asc', 4],
  ["name <> 'go'", 'unexpected', '>', 3],
  ['not not a = 1', 'unexpected', 'not', 2],
  ["name = 'a' garbage", 'unexpected', 'garbage', 6],
  ["name = 'a' limit 5", 'unexpected', 'limit', 6],
  ["name = 'x')", 'unexpected', ')', 5],
  ['order by name sideways', 'unexpected', 'sideways', 4],
  ["= 'x'", 'unexpected', '=', 0],
  ["'x'", 'unexpected', "'x'", 0],
  ['lt = 5', 'unexpected', 'lt', 0],
  ['where', 'unexpected', '<EOF>', 1],
  ['select', 'unexpected', '<EOF>', 1],
  ['select {a b}', 'unexpected', 'b', 5],
  ['a = 1 order by', 'unexpected', '<EOF>', 7],
  ['and = 1', 'unexpected', 'and', 0],
  ['a within x of 1,2', 'unexpected', 'x', 4],
  ['a = 1\n  and\n b', 'unexpected', '<EOF>', 9, 3],
  ['a =\n\n like', 'unexpected', 'like', 4, 3],
  ['order by name, name', 'sort_repeated', 'name'],
  ["name != 'go'", 'character', '!'],
  ['name = "go"', 'character', '"'],
  ['a = 1;', 'character', ';'],
  ['名 = 1', 'character', '名'],
  ['𝒂 = 1', 'character', '𝒂'],
  ["a = '\\q'", 'character', 'q'],
  ["name = 'go", 'string_open', "'go"],
  ["name = 'go\\'", 'string_open', "'go\\'"],
  ["name = 'go\\", 'string_open', "'go\\"],
  ['order  by name', 'order_by_split', 'order by'],
  ['a = 1 order\tby name', 'order_by_split', 'order by'],
]

for (const [text, kind, word, column = 0, line = 1] of refused)
  test(`the query ${JSON.stringify(text)} is refused: ${kind} ${word}`, () =>
    assert.deepEqual(faultOf(text), { kind, text: word, column, line }))

test('a word that no comparator names is none, whatever an object inherits', () => {
  for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
    assert.equal(faultOf(`a ${word} 1`).text, word.toLowerCase())
  assert.deepEqual(parse('__proto__ = 1').where, compare('__proto__', '=', 1))
})

test('parentheses and terms are limited', () => {
  const nested = (depth: number) => `${'('.repeat(depth)}a = 1${')'.repeat(depth)}`
  assert.deepEqual(parse(nested(limits.depthMax)).where, a)
  assert.equal(faultOf(nested(limits.depthMax + 1)).text, '(')
  const terms = (count: number) => Array.from({ length: count }, () => 'a = 1').join(' or ')
  assert.ok(parse(terms(limits.termsMax)))
  assert.equal(faultOf(terms(limits.termsMax + 1)).text, 'a')
})

test('any text is read or refused, and nothing else happens', () => {
  const words =
    "select where and or not order by asc desc contains within of a b 'x' '\\ 1 -2.5 ( ) , : { } = < <= && || * ! true".split(
      ' ',
    )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...words), { maxLength: 40 }).map(parts => parts.join(' ')),
  )
  fc.assert(
    fc.property(text, query => {
      try {
        parse(query)
      } catch (error) {
        assert.ok(error instanceof QueryFault, String(error))
      }
    }),
    { numRuns: 2_000 },
  )
})

test('a tree written out as a query is read as the same tree', () => {
  const plain = { noNullPrototype: true }
  const name = fc.stringMatching(/^p[a-z0-9_.-]{0,5}$/)
  const word = fc.stringMatching(/^[a-z0-9 *']{0,6}$/)
  const value = fc.oneof(word, fc.integer(), fc.boolean())
  const comparator = fc.constantFrom('<', '<=', '=', '>', '>=')
  const leaf = fc.oneof(
    fc.record({ is: fc.constant('compare'), property: name, comparator, value }, plain),
    fc.record({ is: fc.constant('contains'), property: name, word }, plain),
  )
  const { tree } = fc.letrec<{ tree: unknown }>(tie => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.record({ is: fc.constant('not'), of: tie('tree') }, plain),
      fc.record(
        { is: fc.constantFrom('all', 'any'), of: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }) },
        plain,
      ),
    ),
  }))
  fc.assert(
    fc.property(tree as fc.Arbitrary<Condition>, condition => {
      assert.deepEqual(parseQuery(write(condition), { depthMax: 100, termsMax: 1_000 }).where, condition)
    }),
  )
})

/** Every part in parentheses, so that the tree is written as it is and not as it would be read without them. */
function write(condition: Condition): string {
  switch (condition.is) {
    case 'compare':
      return `${condition.property} ${condition.comparator} ${quote(condition.value)}`
    case 'contains':
      return `${condition.property} contains ${quote(condition.word)}`
    case 'not':
      return `not (${write(condition.of)})`
    case 'all':
      return condition.of.map(part => `(${write(part)})`).join(' and ')
    case 'any':
      return condition.of.map(part => `(${write(part)})`).join(' or ')
    case 'within':
      return assert.fail('not generated')
  }
}

function quote(value: QueryValue): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value)
}

function all(...of: Condition[]): Condition {
  return { is: 'all', of }
}

function any(...of: Condition[]): Condition {
  return { is: 'any', of }
}

function rows(...properties: string[]) {
  return { as: 'rows', properties } as const
}
