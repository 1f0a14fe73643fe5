// What a query means when it is asked of users (usergrid.md §5.3, §5.4): the properties they have, what may be asked
// of each, and whether a user fits.
import { Refusal } from '../contract/refusal.ts'
import type { Comparator, Condition, Query, QueryValue, Selection } from '../lib/query.ts'
import { parseQuery, type QueryLimits } from '../lib/query-parser.ts'
import type { UserOrder, UserRow } from '../store/users.ts'
import { readQuery } from './query-faults.ts'

type Value = string | number | boolean

const properties: ReadonlyMap<string, (user: UserRow) => Value | undefined> = new Map(
  Object.entries({
    uuid: user => user.uuid,
    type: () => 'user',
    created: user => user.createdAt,
    modified: user => user.modifiedAt,
    username: user => user.username,
    activated: user => user.activated === 1,
    nickname: user => user.nickname ?? undefined,
  } satisfies Record<string, (user: UserRow) => Value | undefined>),
)

/** Declared by the vendor's schema and without a full-text index: `contains` is refused (seed S-17). */
const wholeOnly: ReadonlySet<string> = new Set(
  'username email activated confirmed disabled picture deactivated uuid type created modified'.split(' '),
)
/** Declared and without an index of any kind: only `=` may be asked. */
const unindexed: ReadonlySet<string> = new Set(['uuid', 'type', 'picture'])

/** What users can be ordered by, without reading all of them first. Creation is the order of their numbers. */
const orders: ReadonlyMap<string, UserOrder['by']> = new Map([
  ['created', 'uid'],
  ['modified', 'modified_at'],
  ['username', 'username'],
])

/** @throws Refusal `query_…`, `full_text_index_missing`, `index_missing` */
export function parseUserQuery(text: string, limits: QueryLimits): Query {
  const query = readQuery(() => parseQuery(text, limits))
  if (query.where) checkIndexes(query.where)
  for (const { property } of query.order)
    if (!orders.has(property)) throw new Refusal('index_missing', { property })
  return query
}

/** From left to right: the first refusal is the one reported. */
function checkIndexes(condition: Condition): void {
  switch (condition.is) {
    case 'all':
    case 'any':
      for (const part of condition.of) checkIndexes(part)
      return
    case 'not':
      return checkIndexes(condition.of)
    case 'contains':
      if (!wholeOnly.has(condition.property)) return
      throw new Refusal('full_text_index_missing', { property: condition.property })
    case 'compare':
      if (condition.comparator === '=' || !unindexed.has(condition.property)) return
      throw new Refusal('index_missing', { property: condition.property })
    case 'within':
      return
  }
}

/** The columns of a query's `order by`, oldest first where it has none. */
export function orderOf({ order }: Query): UserOrder[] {
  return order.map(({ property, isDescending }) => ({ by: orders.get(property)!, isDescending }))
}

/** The one user, named or numbered, that the query can match at most; undefined when it is not that narrow. */
export function soleCandidate({ where }: Query): string | undefined {
  const parts = where?.is === 'all' ? where.of : where ? [where] : []
  for (const part of parts) {
    if (part.is !== 'compare' || part.comparator !== '=' || typeof part.value !== 'string') continue
    const isKey = part.property === 'username' || part.property === 'uuid'
    if (isKey && !part.value.endsWith('*')) return part.value.trim()
  }
  return undefined
}

function propertyOf(user: UserRow, property: string): Value | undefined {
  const known = properties.get(property)
  if (known) return known(user)
  if (!property.startsWith('notification_')) return undefined
  const settings = JSON.parse(user.pushSettings) as Record<string, Value>
  return Object.hasOwn(settings, property) ? settings[property] : undefined
}

/** What `select` asks for, a row or an object a user; whoever has none of it is left out. */
export function project(users: readonly UserRow[], selection: Selection): unknown[] {
  const members = selection.as === 'objects' ? selection.members : undefined
  const wanted =
    selection.as === 'rows' ? selection.properties : selection.members.map(({ property }) => property)
  return users
    .map(user => wanted.map(property => propertyOf(user, property) ?? null))
    .filter(values => values.some(value => value !== null))
    .map(values =>
      members ? Object.fromEntries(members.map(({ name }, index) => [name, values[index]])) : values,
    )
}

export function matches(user: UserRow, condition: Condition): boolean {
  switch (condition.is) {
    case 'all':
      return condition.of.every(part => matches(user, part))
    case 'any':
      return condition.of.some(part => matches(user, part))
    case 'not':
      return !matches(user, condition.of)
    case 'contains':
      return hasWord(propertyOf(user, condition.property), condition.word)
    case 'compare':
      return compares(propertyOf(user, condition.property), condition.comparator, condition.value)
    case 'within':
      // No property of a user is a place.
      return false
  }
}

/** Only like is compared with like; booleans are numbers. */
function compares(value: Value | undefined, comparator: Comparator, wanted: QueryValue): boolean {
  if (value === undefined) return false
  if (typeof value === 'string') {
    if (typeof wanted !== 'string') return false
    const text = value.trim().toLowerCase()
    if (comparator !== '=') return holds(text, comparator, wanted.trim())
    return wanted.endsWith('*') ? text.startsWith(wanted.slice(0, -1)) : text === wanted.trim()
  }
  if (wanted === '*') return comparator === '='
  return typeof wanted !== 'string' && holds(Number(value), comparator, Number(wanted))
}

function holds<T extends string | number>(value: T, comparator: Comparator, wanted: T): boolean {
  switch (comparator) {
    case '<':
      return value < wanted
    case '<=':
      return value <= wanted
    case '=':
      return value === wanted
    case '>':
      return value > wanted
    case '>=':
      return value >= wanted
  }
}

/** Chinese and Japanese characters are words of their own; otherwise a word is a run of letters and digits. */
const words =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|(?:(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana})[\p{L}\p{M}\p{N}])+/gu

function hasWord(value: Value | undefined, wanted: string): boolean {
  if (typeof value !== 'string') return false
  const found: readonly string[] = value.toLowerCase().match(words) ?? []
  if (!wanted.endsWith('*')) return found.includes(wanted)
  return found.some(word => word.startsWith(wanted.slice(0, -1)))
}
