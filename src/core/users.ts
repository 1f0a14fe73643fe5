// Users of an app: registration, reading, change and deletion. Deactivation, a new password and deletion end every
// token of the user.
import { easemobLimits } from '../contract/limits.ts'
import type { PushSettings, UserOperations, UserPage, UserSession } from '../contract/operations/users.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import type { Sql } from '../store/db.ts'
import { removeUser } from '../store/deletions.ts'
import { isUserOnline, listUserDevices } from '../store/user-devices.ts'
import { findUser, type UserRow, updateUser } from '../store/users.ts'
import {
  addUser,
  addUsers,
  checkAccount,
  checkAccounts,
  checkNickname,
  checkPassword,
  prepareAccounts,
} from './accounts.ts'
import type { Call } from './call.ts'
import { Farewells, leaveOthers } from './farewells.ts'
import { type Handlers, reads, writes, writesAfter } from './handler.ts'
import { tokenHandlers } from './token-grants.ts'
import { readPage, type UserRowPage } from './user-pages.ts'
import { project } from './user-query.ts'
import { getUser, readSettings, toBoundUser, toUser } from './user-record.ts'
import { endUserSessions } from './user-sessions.ts'

export const userHandlers: Handlers<keyof UserOperations> = {
  ...tokenHandlers,

  'user.register': writesAfter(
    async (call, request) => {
      const [account] = await prepareAccounts(call, [checkAccount(call, request)])
      return account!
    },
    async (call, _request, sql, account) => toUser(await addUser(call, sql, account)),
  ),

  'user.register_many': writesAfter(
    (call, { accounts }) => prepareAccounts(call, checkAccounts(call, accounts)),
    async (call, _request, sql, accounts) => {
      const { users, taken } = await addUsers(call, sql, accounts)
      return { users: users.map(toUser), taken }
    },
  ),

  'user.get': reads(async (call, { user }, sql) => toBoundUser(sql, await getUser(call, sql, user))),

  'user.list': reads(async (call, request, sql) => toPage(await readPage(call, sql, request))),

  'user.delete': writes(async (call, { user }, sql) => {
    const row = await getUser(call, sql, user)
    await forget(call, sql, row, new Farewells())
    return toUser(row)
  }),

  'user.delete_many': writes(async (call, request, sql) => {
    const page = await readPage(call, sql, request)
    const farewells = new Farewells()
    for (const row of page.rows) await forget(call, sql, row, farewells)
    return toPage(page)
  }),

  'user.set_password': writesAfter(
    async (call, { user, newPassword, oldPassword }) => {
      const { db, passwords } = call.world
      checkPassword(newPassword)
      const row = await db.read(sql => getPasswordUser(call, sql, user))
      if (call.principal.is === 'user') {
        if (!oldPassword) throw new Refusal('oldpassword_missing')
        if (!(await passwords.verify(oldPassword, row.password))) throw new Refusal('oldpassword_wrong')
      }
      return { verified: row.password, hash: await passwords.hash(newPassword) }
    },
    async (call, { user }, sql, { verified, hash }) => {
      const row = await getPasswordUser(call, sql, user)
      // Another change came first: what was verified is no longer the password.
      if (call.principal.is === 'user' && row.password !== verified) throw new Refusal('oldpassword_wrong')
      await updateUser(sql, { ...changed(call, row), ...withoutTokens(call), password: hash })
      await endUserSessions(call, sql, row.uid, 'passwordChanged')
      return {}
    },
  ),

  'user.edit': writes(async (call, { user, nickname, pushSettings }, sql) => {
    if (nickname) checkNickname(nickname)
    const row = await getUser(call, sql, user)
    const after: UserRow = {
      ...changed(call, row),
      nickname: nickname === undefined ? row.nickname : nickname || null,
      pushSettings: JSON.stringify(mergeSettings(readSettings(row), pushSettings)),
    }
    await updateUser(sql, after)
    return toUser(after)
  }),

  'user.set_nicknames': writes(async (call, { nicknames }, sql) => {
    for (const { nickname } of nicknames) checkNickname(nickname)
    const rows: UserRow[] = []
    for (const { user } of nicknames) rows.push(await getUser(call, sql, user))
    const after = rows.map((row, index) => ({
      ...changed(call, row),
      nickname: nicknames[index]!.nickname || null,
    }))
    for (const row of after) await updateUser(sql, row)
    return { users: after.map(toUser) }
  }),

  'user.activate': writes(async (call, { user }, sql) => {
    const after = { ...changed(call, await getUser(call, sql, user)), activated: 1 }
    await updateUser(sql, after)
    return toUser(after)
  }),

  'user.deactivate': writes(async (call, { user }, sql) => {
    const row = await getUser(call, sql, user)
    const after = { ...changed(call, row), ...withoutTokens(call), activated: 0 }
    await updateUser(sql, after)
    await endUserSessions(call, sql, row.uid, 'kicked')
    return toUser(after)
  }),

  'user.get_sessions': reads(async (call, { user }, sql) => {
    const { uid, username } = await getUser(call, sql, user)
    return { username, sessions: await sessionsOf(sql, uid) }
  }),

  'user.are_online': reads(async (call, { users }, sql) => {
    const online: boolean[] = []
    for (const name of users) {
      const uid = await call.world.userIds.find(call, sql, lowerAscii(name))
      online.push(uid !== undefined && (await isUserOnline(sql, uid)))
    }
    return { online }
  }),

  'user.end_sessions': writes(async (call, { user, resource }, sql) => {
    const { uid } = await getUser(call, sql, user)
    await endUserSessions(call, sql, uid, 'kicked', resource)
    return {}
  }),
}

async function sessionsOf(sql: Sql, uid: number): Promise<UserSession[]> {
  const devices = await listUserDevices(sql, uid)
  return devices
    .filter(({ session }) => session !== null)
    .map(({ resource, deviceUuid, deviceName }) => ({ resource, deviceUuid, deviceName }))
}

/** The vendor has another text for an unknown user whose password is to change (easemob.md N-7). */
async function getPasswordUser(call: Call, sql: Sql, text: string): Promise<UserRow> {
  const user = await findUser(sql, call.app.appId, text)
  if (!user) throw new Refusal('password_user_unknown')
  return user
}

/**
 * A user leaves nothing behind but the messages it sent, with their files, and what it shared with groups: the groups
 * and rooms it owns go with it. Its tokens die with the row they name.
 */
async function forget(call: Call, sql: Sql, user: UserRow, farewells: Farewells): Promise<void> {
  const { uid } = user
  await endUserSessions(call, sql, uid, 'removed')
  await leaveOthers(call, sql, user, farewells)
  const { leavesTraces } = await removeUser(sql, uid)
  call.world.userIds.changed(call, user)
  if (leavesTraces) call.afterCommit(() => call.world.nudge('forget'))
}

function changed(call: Call, row: UserRow): UserRow {
  return { ...row, modifiedAt: call.now }
}

function withoutTokens(call: Call): Pick<UserRow, 'tokensFrom'> {
  return { tokensFrom: call.world.tokens.revocationMark() }
}

function mergeSettings(
  before: PushSettings,
  wanted: Readonly<Record<string, number | boolean | null>>,
): PushSettings {
  const after = new Map(Object.entries(before))
  for (const [name, value] of Object.entries(wanted)) {
    if (value === null) after.delete(name)
    else after.set(name, value)
  }
  if (after.size > easemobLimits.pushSettingsMax) throw new Refusal('invalid_request')
  return Object.fromEntries(after)
}

function toPage({ rows, next, query }: UserRowPage): UserPage {
  return {
    users: query.select ? [] : rows.map(toUser),
    ...(query.select && { list: project(rows, query.select) }),
    ...(next && { next }),
  }
}
