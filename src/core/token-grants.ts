// How a caller gets a token: as the app, as a user with a password, or as the app for one of its users.
import { easemobLimits } from '../contract/limits.ts'
import type { TokenGrant, UserOperations } from '../contract/operations/users.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import { findUser, type UserRow } from '../store/users.ts'
import { addUser, checkUsername } from './accounts.ts'
import { isSameSecret } from './apps.ts'
import type { Call } from './call.ts'
import { type Handlers, reads, readsAfter, writes } from './handler.ts'
import type { Owner } from './tokens.ts'
import { toUser } from './user-record.ts'

type TokenOperation = Extract<keyof UserOperations, `token.${string}`>

export const tokenHandlers: Handlers<TokenOperation> = {
  'token.for_app': reads(async (call, { clientId, clientSecret, ttlSeconds }) => {
    const { app } = call
    if (clientId !== app.client_id) throw new Refusal('client_id_unknown')
    if (!isSameSecret(clientSecret, app.client_secret)) throw new Refusal('client_secret_wrong')
    return { ...grant(call, { kind: 'app', id: app.appId }, ttlSeconds), appUuid: app.uuid }
  }),

  'token.for_user': readsAfter(
    async (call, { username, password }) => {
      const { db, passwords } = call.world
      const user = await db.read(sql => findUser(sql, call.app.appId, username))
      const fits = await passwords.verify(password, user?.password)
      if (!user) throw new Refusal('grant_user_unknown')
      if (!fits) throw new Refusal('grant_password_wrong')
      return user
    },
    async (call, { username, ttlSeconds }, sql, verified) => {
      const user = await findUser(sql, call.app.appId, username)
      // Changed or gone while the password was being checked: what was checked is not true any more.
      if (user?.uid !== verified.uid || user.password !== verified.password)
        throw new Refusal('grant_password_wrong')
      return grantToUser(call, user, ttlSeconds)
    },
  ),

  'token.renew': reads(async (call, { user: text }, sql) => {
    const user = await findUser(sql, call.app.appId, text)
    if (!user) throw new Refusal('user_unknown')
    const { principal } = call
    if (principal.is !== 'user') return { expiresAt: null }
    const expiresAt = Number.isFinite(principal.tokenExpiresAt) ? principal.tokenExpiresAt : null
    call.wake({ kind: 'token_renewed', uid: user.uid, expiresAt })
    return { expiresAt }
  }),

  'token.inherit': writes(async (call, { username, createsUser, ttlSeconds }, sql) => {
    const user = await findUser(sql, call.app.appId, username)
    if (user) return grantToUser(call, user, ttlSeconds)
    if (!createsUser) throw new Refusal('inherit_user_unknown')
    const sentName = checkUsername(username)
    const account = { sentName, username: lowerAscii(sentName), hash: null }
    const created = await addUser(call, sql, { ...account, password: undefined, nickname: undefined })
    return grantToUser(call, created, ttlSeconds)
  }),
}

function grantToUser(call: Call, user: UserRow, ttlSeconds: number | undefined) {
  if (!user.activated) throw new Refusal('user_not_activated')
  return { ...grant(call, { kind: 'user', id: user.uid }, ttlSeconds), user: toUser(user) }
}

function grant({ world, app }: Call, owner: Owner, wanted: number | undefined): TokenGrant {
  const { tokenTtlSecondsMax } = easemobLimits
  const ttlSeconds = Math.min(wanted ?? app.settings.token_ttl_seconds, tokenTtlSecondsMax)
  return {
    token: world.tokens.issue(owner, ttlSeconds),
    expiresInSeconds: ttlSeconds === 0 ? tokenTtlSecondsMax : ttlSeconds,
  }
}
