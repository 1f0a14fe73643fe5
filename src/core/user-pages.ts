// Pages of an app's users, with a query or without. A cursor is the place of the first user of the next page and
// nothing else: it never expires, and used again later it shows who has come since (easemob.md §2.2.4).
import { easemobLimits } from '../contract/limits.ts'
import type { UserPageRequest } from '../contract/operations/users.ts'
import type { Query } from '../lib/query.ts'
import type { Sql, SqlValue } from '../store/db.ts'
import { findUserByName, findUserByUuid, listUsers, type UserOrder, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { matches, orderOf, parseUserQuery, soleCandidate } from './user-query.ts'

export interface UserRowPage {
  readonly rows: readonly UserRow[]
  readonly next?: string
  readonly query: Query
}

const everybody: Query = { order: [] }
/** Users read at once when a query has to look at each. */
const pieceRows = 500

/** @throws Refusal what is wrong with the query */
export async function readPage(call: Call, sql: Sql, request: UserPageRequest): Promise<UserRowPage> {
  const { userQuery } = call.world.config.core
  const query = request.query ? parseUserQuery(request.query, userQuery) : everybody
  const sole = soleCandidate(query)
  if (sole !== undefined) return { rows: await readSole(call, sql, query, sole), query }
  const order = orderOf(query)
  const { rows, next } = await walk(call, sql, query, {
    order,
    from: readCursor(request.cursor, order),
    limit: limitOf(call, request.limit),
  })
  return { rows, query, ...(next && { next: toCursor(next, order) }) }
}

function limitOf(call: Call, wanted: number | undefined): number {
  const { usersPageDefault, usersPageMax, usersPageMaxLive } = easemobLimits
  if (wanted === undefined || wanted < 1) return usersPageDefault
  return Math.min(wanted, call.app.settings.edition === 'live' ? usersPageMaxLive : usersPageMax)
}

async function readSole(call: Call, sql: Sql, query: Query, text: string): Promise<UserRow[]> {
  const { appId } = call.app
  const candidates = [await findUserByName(sql, appId, text), await findUserByUuid(sql, appId, text)]
  const user = candidates.find(candidate => candidate && matches(candidate, query.where!))
  return user ? [user] : []
}

interface Walk {
  readonly order: readonly UserOrder[]
  readonly from: readonly SqlValue[] | undefined
  readonly limit: number
}

/**
 * Reads in order, piece by piece, what matches. It looks at so many users at most: then the page is what was found so
 * far, and `next` where to go on.
 */
async function walk(call: Call, sql: Sql, { where }: Query, { order, from, limit }: Walk) {
  const { scannedMax } = call.world.config.core.userQuery
  const piece = where ? Math.min(pieceRows, scannedMax) : limit
  const rows: UserRow[] = []
  let start = from
  for (let scanned = 0; ; scanned += piece) {
    const read = await listUsers(sql, call.app.appId, order, start, piece + 1)
    const beyond = read.length > piece ? read.pop() : undefined
    for (const row of read) {
      if (where && !matches(row, where)) continue
      if (rows.length === limit) return { rows, next: row }
      rows.push(row)
    }
    if (!beyond) return { rows }
    if (!where || scanned + piece >= scannedMax) return { rows, next: beyond }
    start = placeOf(beyond, order)
  }
}

/** The values a user is ordered by, then what tells users apart. */
function placeOf(user: UserRow, order: readonly UserOrder[]): (string | number)[] {
  const values = { uid: user.uid, modified_at: user.modifiedAt, username: user.username }
  return [...order.map(({ by }) => values[by]), user.uid]
}

function toCursor(user: UserRow, order: readonly UserOrder[]): string {
  return Buffer.from(JSON.stringify(placeOf(user, order))).toString('base64url')
}

/** Undefined, the beginning, for anything that is no cursor of this order. */
function readCursor(cursor: string | undefined, order: readonly UserOrder[]): SqlValue[] | undefined {
  if (!cursor) return undefined
  const values = parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  const wanted = [...order.map(({ by }) => (by === 'username' ? 'string' : 'number')), 'number']
  if (!Array.isArray(values) || values.length !== wanted.length) return undefined
  return values.every((value, index) => typeof value === wanted[index]) ? values : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
