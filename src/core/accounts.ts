// How users come to be: the rules an account has to meet, in the order their failures win, and its registration.
import { easemobLimits } from '../contract/limits.ts'
import type { AccountRequest } from '../contract/operations/users.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import type { Sql } from '../store/db.ts'
import { nextInSequence } from '../store/sequences.ts'
import { findUserByName, insertUser, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { uuidV1 } from './uuid.ts'

const usernameForm = /^[A-Za-z0-9_.-]+$/

/** An account that meets the rules. */
export interface Account {
  /** As sent: errors say it so. */
  readonly sentName: string
  /** In lower case, as it is kept. */
  readonly username: string
  /** Undefined = the user logs in by other means than a password. */
  readonly password: string | undefined
  readonly nickname: string | undefined
}

/** Its password hashed, or `taken` when there was a user of this name before any work was done. */
export type PreparedAccount = Account & ({ readonly hash: string | null } | { readonly isTaken: true })

/** @throws Refusal the first rule that is broken (easemob.md §2.2.1) */
export function checkAccount(call: Call, { username, password, nickname }: AccountRequest): Account {
  const sentName = checkUsername(username)
  if (!password && !(password === undefined && mayLackPassword(call))) throw new Refusal('password_missing')
  if (password !== undefined) checkPassword(password)
  if (nickname !== undefined) checkNickname(nickname)
  return { sentName, username: lowerAscii(sentName), password, nickname }
}

/** @throws Refusal `username_missing`, `username_illegal`, `username_too_long` */
export function checkUsername(username: string | undefined): string {
  if (username === undefined || username.trim() === '') throw new Refusal('username_missing')
  if (!usernameForm.test(username)) throw new Refusal('username_illegal', { username })
  if (username.length > easemobLimits.usernameBytesMax) throw new Refusal('username_too_long')
  return username
}

/** @throws Refusal `password_too_long` */
export function checkPassword(password: string): void {
  if (isLonger(password, easemobLimits.passwordCharsMax)) throw new Refusal('password_too_long')
}

/** @throws Refusal `nickname_too_long` */
export function checkNickname(nickname: string): void {
  if (isLonger(nickname, easemobLimits.nicknameCharsMax)) throw new Refusal('nickname_too_long')
}

/** In characters, as a reader counts them: one outside the basic plane is one. */
function isLonger(text: string, charsMax: number): boolean {
  return text.length > charsMax && [...text].length > charsMax
}

/** In the live edition an app that registers its users itself may leave logging in to its own tokens. */
function mayLackPassword({ app }: Call): boolean {
  return app.settings.edition === 'live' && app.settings.registration === 'authorised'
}

/** Hashes the passwords of the accounts whose names are free; the others would be refused anyway. */
export async function prepareAccounts(call: Call, accounts: readonly Account[]): Promise<PreparedAccount[]> {
  const { db, passwords } = call.world
  const taken = await db.read(sql => findTaken(call, sql, accounts))
  const free = accounts.filter(({ username }) => !taken.has(username))
  const secrets = free.flatMap(({ password }) => password ?? [])
  const hashes = await passwords.hashAll(secrets)
  return accounts.map(account => {
    if (taken.has(account.username)) return { ...account, isTaken: true }
    return { ...account, hash: account.password === undefined ? null : hashes.shift()! }
  })
}

async function findTaken(call: Call, sql: Sql, accounts: readonly Account[]): Promise<Set<string>> {
  const taken = new Set<string>()
  for (const { username } of accounts)
    if (await findUserByName(sql, call.app.appId, username)) taken.add(username)
  return taken
}

/** @throws Refusal `user_exists` */
export async function addUser(
  call: Call,
  sql: Sql,
  account: PreparedAccount,
  now = call.now,
): Promise<UserRow> {
  const { appId } = call.app
  const { username, nickname } = account
  if ('isTaken' in account || (await findUserByName(sql, appId, username))) throw userExists(call, account)
  const row: UserRow = {
    uid: await nextInSequence(sql, 'users'),
    appId,
    username,
    uuid: uuidV1(now),
    password: account.hash,
    nickname: nickname ?? null,
    activated: 1,
    tokensFrom: 0,
    pushSettings: '{}',
    createdAt: now,
    modifiedAt: now,
  }
  await insertUser(sql, row)
  call.world.userIds.changed(call, row)
  return row
}

/**
 * The accounts of one list, each name once.
 * @throws Refusal `batch_too_large`, `batch_password_conflict`, whatever is wrong with one of them
 */
export function checkAccounts(call: Call, requests: readonly AccountRequest[]): Account[] {
  const { batchUsersMax } = easemobLimits
  if (requests.length > batchUsersMax)
    throw new Refusal('batch_too_large', { size: String(requests.length), max: String(batchUsersMax) })
  const byName = new Map<string, Account>()
  for (const request of requests) {
    const account = checkAccount(call, request)
    const earlier = byName.get(account.username)
    if (!earlier) byName.set(account.username, account)
    else if (earlier.password !== account.password)
      throw new Refusal('batch_password_conflict', { username: account.sentName })
  }
  return [...byName.values()]
}

/**
 * In the seed edition a taken name refuses the whole list; in the live one it is only told.
 * @throws Refusal `user_exists`, before anything is written
 */
export async function addUsers(
  call: Call,
  sql: Sql,
  accounts: readonly PreparedAccount[],
): Promise<{ users: UserRow[]; taken: string[] }> {
  const taken = await findTaken(call, sql, accounts)
  for (const account of accounts) if ('isTaken' in account) taken.add(account.username)
  const first = accounts.find(({ username }) => taken.has(username))
  if (first && call.app.settings.edition === 'seed') throw userExists(call, first)
  const { now } = call
  const users: UserRow[] = []
  for (const account of accounts)
    if (!taken.has(account.username)) users.push(await addUser(call, sql, account, now))
  return { users, taken: [...taken] }
}

function userExists({ app }: Call, { sentName }: Account): Refusal {
  return new Refusal('user_exists', { application: app.uuid, username: sentName })
}
