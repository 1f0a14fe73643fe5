import type { Sql } from './db.ts'

export interface UserRow {
  readonly uid: number
  readonly appId: number
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
    username.toLowerCase(),
  )
}

/** @param text a username in any letter case, or a uuid: paths may carry either (easemob.md §1.1) */
export async function findUser(sql: Sql, appId: number, text: string): Promise<UserRow | undefined> {
  const byName = await findUserByName(sql, appId, text)
  if (byName || text.length !== 36) return byName
  return sql.one<UserRow>(
    `SELECT ${columns} FROM users WHERE app_id = $1 AND uuid = $2`,
    appId,
    text.toLowerCase(),
  )
}
