// Users (easemob.md §2.2). What an account may hold is the core's to say; here it is taken out of the JSON.
import { Type } from 'typebox'
import { easemobLimits } from '../../contract/limits.ts'
import type { UserPage, UserPageRequest } from '../../contract/operations/users.ts'
import { Refusal } from '../../contract/refusal.ts'
import { commandEnvelope, dataEnvelope, type EnvelopeParts, fullEnvelope } from './envelope.ts'
import { changedBinding, isBinding } from './notifications.ts'
import { readPushSettings } from './push-settings.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { toAccount, toEntity, toNickname, toText } from './user-entity.ts'
import { appOnly, appOrSelf, userOf } from './user-need.ts'

const queryFailures = [
  'query_parse',
  'query_token',
  'query_string_open',
  'query_order_by_split',
  'query_sort_repeated',
  'full_text_index_missing',
  'index_missing',
] as const

/** The calls that change an account share one rate limit (easemob.md §1.12). */
const bucket = 'accounts'

const changingPassword = {
  path: '/users/:user/password',
  summary: 'Change the password: {"newpassword"}; a user with its own token adds "oldpassword"',
  need: appOrSelf,
  body: 'optional',
  schema: Type.Object({}),
  raises: [
    'newpassword_missing',
    'oldpassword_missing',
    'oldpassword_wrong',
    'password_too_long',
    'password_user_unknown',
    'invalid_request',
  ],
  handle: changePassword,
} as const satisfies Partial<EasemobRoute>

export const userRoutes: readonly EasemobRoute[] = [
  {
    method: 'POST',
    path: '/users',
    summary: 'Register a user, {"username", "password", "nickname"?}, or a list of up to 60',
    family: 'registration',
    bucket,
    need: call => ({ is: 'registration', many: Array.isArray(call.body) }),
    body: 'json',
    raises: [
      'registration_closed',
      'username_missing',
      'username_illegal',
      'username_too_long',
      'password_missing',
      'password_too_long',
      'nickname_too_long',
      'invalid_request',
      'user_exists',
      'batch_password_conflict',
      'batch_too_large',
    ],
    handle: call => (Array.isArray(call.body) ? registerMany(call, call.body) : registerOne(call)),
  },
  {
    method: 'GET',
    path: '/users/:user',
    summary: 'One user, by name or uuid',
    need: appOrSelf,
    raises: ['user_unknown'],
    handle: async call => {
      const user = await call.run('user.get', { user: userOf(call) })
      return usersEnvelope(call, { uri: `/users/${user.username}`, entities: [toEntity(user)], count: 1 })
    },
  },
  {
    method: 'GET',
    path: '/users',
    summary: 'A page of users: ?limit, ?cursor, ?ql',
    need: appOnly,
    raises: queryFailures,
    handle: async call => pageEnvelope(call, await call.run('user.list', pageRequestOf(call))),
  },
  {
    method: 'DELETE',
    path: '/users/:user',
    summary: 'Delete a user, by name or uuid, with the groups and rooms it owns',
    need: appOnly,
    raises: ['user_unknown'],
    handle: async call => {
      const user = await call.run('user.delete', { user: userOf(call) })
      return usersEnvelope(call, { entities: [toEntity(user)] })
    },
  },
  {
    method: 'DELETE',
    path: '/users',
    summary: 'Delete a page of users: ?limit or ?ql must be there',
    // Without either it is a method that the path does not offer, whoever asks.
    need: call => (isBounded(pageRequestOf(call)) ? appOnly(call) : { is: 'open' }),
    raises: ['method_not_allowed', ...queryFailures],
    handle: async call => {
      const request = pageRequestOf(call)
      if (!isBounded(request)) throw new Refusal('method_not_allowed', {}, { allow: ['GET', 'HEAD', 'POST'] })
      return pageEnvelope(call, await call.run('user.delete_many', request))
    },
  },
  { ...changingPassword, method: 'PUT' },
  { ...changingPassword, method: 'POST' },
  {
    method: 'PUT',
    path: '/users/:user',
    summary: 'Change nickname and notification settings, or bind a device as …/push/binding does',
    bucket,
    need: appOrSelf,
    body: 'json',
    schema: Type.Object({}),
    raises: ['invalid_request', 'nickname_too_long', 'binding_invalid', 'user_unknown'],
    handle: async call => {
      if (isBinding(call.members)) return changedBinding(call)
      const { nickname } = call.members
      const user = await call.run('user.edit', {
        user: userOf(call),
        ...(nickname !== undefined && { nickname: toNickname(nickname) }),
        pushSettings: readPushSettings(call.members),
      })
      return usersEnvelope(call, { entities: [toEntity(user)] })
    },
  },
  {
    method: 'PUT',
    path: '/push/nickname',
    summary: 'Change the nicknames of several users: [{"username", "nickname"}]',
    bucket,
    need: call => ({ ...appOnly(call), path: '/push/nickname' }),
    body: 'json',
    schema: Type.Array(Type.Object({ username: Type.String(), nickname: Type.String() }), {
      maxItems: easemobLimits.nicknameBatchMax,
    }),
    raises: ['invalid_request', 'nickname_too_long', 'user_unknown'],
    handle: async call => {
      const wanted = call.body as { username: string; nickname: string }[]
      const nicknames = wanted.map(({ username, nickname }) => ({ user: username, nickname }))
      const { users } = await call.run('user.set_nicknames', { nicknames })
      const data = users.map(({ username, nickname = '' }) => ({ username, nickname }))
      return dataEnvelope(call, { data })
    },
  },
]

async function registerOne(call: EasemobCall): Promise<object> {
  const user = await call.run('user.register', toAccount(call.body))
  return usersEnvelope(call, { entities: [toEntity(user)] })
}

async function registerMany(call: EasemobCall, list: readonly unknown[]): Promise<object> {
  const { users, taken } = await call.run('user.register_many', { accounts: list.map(toAccount) })
  const data = taken.map(username => ({
    username,
    registerUserFailReason: `the ${username} already exists`,
  }))
  return usersEnvelope(call, { entities: users.map(toEntity), data })
}

/** The new password is asked for before anybody looks whether the user exists (seed S-8). */
async function changePassword(call: EasemobCall): Promise<object> {
  const newPassword = toText(call.members.newpassword)
  const oldPassword = toText(call.members.oldpassword)
  if (!newPassword) throw new Refusal('newpassword_missing')
  const user = userOf(call)
  await call.run('user.set_password', { user, newPassword, ...(oldPassword && { oldPassword }) })
  return commandEnvelope(call, { action: 'set user password' })
}

/** A limit that is no whole number is as good as none (easemob.md §1.11). */
function pageRequestOf(call: EasemobCall): UserPageRequest {
  const limit = call.query('limit')
  const cursor = call.query('cursor')
  const query = call.query('ql')?.trim()
  return {
    ...(limit !== undefined && /^0*[1-9]\d{0,8}$/.test(limit) && { limit: Number(limit) }),
    ...(cursor && { cursor }),
    ...(query && { query }),
  }
}

function isBounded({ limit, query }: UserPageRequest): boolean {
  return limit !== undefined || query !== undefined
}

function pageEnvelope(call: EasemobCall, { users, list, next }: UserPage): object {
  const count = call.exchange.method === 'GET' ? (list ?? users).length : undefined
  return usersEnvelope(call, {
    params: true,
    entities: users.map(toEntity),
    list,
    cursor: next,
    ...(count !== undefined && { count }),
  })
}

function usersEnvelope(call: EasemobCall, parts: EnvelopeParts): object {
  return fullEnvelope(call, { path: '/users', uri: '/users', ...parts })
}
