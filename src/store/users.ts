import { isUuid } from '../contract/names.ts'
import { lowerAscii } from '../lib/ascii.ts'
import type { Sql, SqlValue } from './db.ts'

export interface UserRow {
  readonly uid: number
  readonly appId: number
  /** In lower case. */
  readonly username: string
  readonly uuid: string
  /** A password hash; null = the user cannot log in with a password. */
  readonly password: string | null
  readonly nickname: string | null
  readonly activated: number
  /** Tokens issued before this moment (µs since 1970) are revoked. */
  readonly tokensFrom: number
  /** JSON: notification_* members that were set. */
  readonly pushSettings: string
  readonly createdAt: number
  readonly modifiedAt: number
}

/** `uid` grows with each registration: the order of creation. */
export interface UserOrder {
  readonly by: 'uid' | 'modified_at' | 'username'
  readonly isDescending: boolean
}

const columns = `uid, app_id AS "appId", username, uuid, password, nickname, activated, tokens_from AS "tokensFrom",
  push_settings AS "pushSettings", created_at AS "createdAt", modified_at AS "modifiedAt"`

export function findUserById(sql: Sql, uid: number): Promise<UserRow | undefined> {
  return sql.one<UserRow>(`SELECT ${columns} FROM users WHERE uid = $1`, uid)
}

/** @param username in any letter case */
export function findUserByName(sql: Sql, appId: number, username: string): Promise<UserRow | undefined> {
  return sql.one<UserRow>(
    `SELECT ${columns} FROM users WHERE app_id = $1 AND username = $2`,
    appId,
    lowerAscii(username),
  )
}

/** @param uuid in any letter case */
export function findUserByUuid(sql: Sql, appId: number, uuid: string): Promise<UserRow | undefined> {
  return sql.one<UserRow>(
    `SELECT ${columns} FROM users WHERE app_id = $1 AND uuid = $2`,
    appId,
    lowerAscii(uuid),
  )
}

/**
 * Paths may carry a username or a uuid (easemob.md §1.1). A text of the form of a uuid names the user whose uuid it is,
 * and only when nobody's it is the user of that name: a name can be chosen, a uuid cannot, so nobody comes between a
 * user and its uuid by registering under it.
 * @param text a username or a uuid, in any letter case
 */
export async function findUser(sql: Sql, appId: number, text: string): Promise<UserRow | undefined> {
  const byUuid = isUuid(text) ? await findUserByUuid(sql, appId, text) : undefined
  return byUuid ?? findUserByName(sql, appId, text)
}

/**
 * Users of an app in the given order, ties by age.
 * @param from the values of the order's columns, then the uid, of the user to begin with; it need not exist any more
 */
export function listUsers(
  sql: Sql,
  appId: number,
  order: readonly UserOrder[],
  from: readonly SqlValue[] | undefined,
  limit: number,
): Promise<UserRow[]> {
  const keys = [...order, { by: 'uid', isDescending: false } as const]
  const sort = keys.map(({ by, isDescending }) => `${by}${isDescending ? ' DESC' : ''}`).join(', ')
  const start = from ? `AND ${notBefore(keys)}` : ''
  return sql.all<UserRow>(
    `SELECT ${columns} FROM users WHERE app_id = $1 ${start} ORDER BY ${sort} LIMIT $2`,
    appId,
    limit,
    ...(from ?? []),
  )
}

/** `(a, b) >= ($3, $4)` for columns of which some descend; the first part alone lets an index find the start. */
function notBefore(keys: readonly UserOrder[]): string {
  const beyond = ({ isDescending }: UserOrder) => (isDescending ? '<' : '>')
  const cases = keys.map((key, index) => {
    const ties = keys.slice(0, index).map(({ by }, tie) => `${by} = $${tie + 3} AND `)
    const isLast = index === keys.length - 1
    return `(${ties.join('')}${key.by} ${beyond(key)}${isLast ? '=' : ''} $${index + 3})`
  })
  const [first] = keys
  return `${first!.by} ${beyond(first!)}= $3 AND (${cases.join(' OR ')})`
}

export async function insertUser(sql: Sql, row: UserRow): Promise<void> {
  await sql.run(
    `INSERT INTO users (uid, app_id, username, uuid, password, nickname, activated, tokens_from, push_settings,
       created_at, modified_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    row.uid,
    row.appId,
    row.username,
    row.uuid,
    row.password,
    row.nickname,
    row.activated,
    row.tokensFrom,
    row.pushSettings,
    row.createdAt,
    row.modifiedAt,
  )
}

/** Writes everything about a user that can change. */
export async function updateUser(sql: Sql, row: UserRow): Promise<void> {
  await sql.run(
    `UPDATE users SET password = $1, nickname = $2, activated = $3, tokens_from = $4, push_settings = $5,
       modified_at = $6
     WHERE uid = $7`,
    row.password,
    row.nickname,
    row.activated,
    row.tokensFrom,
    row.pushSettings,
    row.modifiedAt,
    row.uid,
  )
}

export async function deleteUser(sql: Sql, uid: number): Promise<void> {
  await sql.run('DELETE FROM users WHERE uid = $1', uid)
}
