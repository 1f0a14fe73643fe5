// Tokens (easemob.md §2.1). The answers have no envelope.
import { Type } from 'typebox'
import type { Need } from '../../contract/operations/caller.ts'
import type { TokenRequest } from '../../contract/operations/users.ts'
import { Refusal } from '../../contract/refusal.ts'
import { readBasic } from '../http/basic.ts'
import type { EasemobCall, EasemobRoute, Members } from './route.ts'
import { toEntity, toText } from './user-entity.ts'
import { appOrSelf, userOf } from './user-need.ts'

const granting = {
  path: '/token',
  family: 'token',
  bucket: 'token',
  need: needOf,
  raises: [
    'grant_invalid',
    'grant_user_unknown',
    'grant_password_wrong',
    'client_id_unknown',
    'client_secret_wrong',
    'user_not_activated',
    'ttl_invalid',
    'inherit_user_unknown',
    'username_missing',
    'username_illegal',
    'username_too_long',
    'invalid_request',
  ],
  handle: grantToken,
} as const satisfies Partial<EasemobRoute>

export const tokenRoutes: readonly EasemobRoute[] = [
  {
    ...granting,
    method: 'POST',
    summary: 'Get a token: as the app (client_credentials), as a user (password), for a user (inherit)',
    body: 'form',
    schema: Type.Object({}),
  },
  { ...granting, method: 'GET', summary: 'Get a token, all of it in the query' },
  {
    method: 'GET',
    path: '/sdk/users/:user/token/expires',
    summary:
      'Until when the token of this call is good; the user’s sessions last as long (Web SDK: renewToken)',
    family: 'token',
    need: appOrSelf,
    raises: ['user_unknown'],
    handle: async call => {
      const { expiresAt } = await call.run('token.renew', { user: userOf(call) })
      return { expire_timestamp: expiresAt ?? neverMs }
    },
  },
]

/** What the Web SDK takes for a moment that does not come: far, and whole as a number. */
const neverMs = 4_638_873_600_000

async function grantToken(call: EasemobCall): Promise<object> {
  const values = valuesOf(call)
  const ttl = readTtl(values.ttl)
  switch (values.grant_type) {
    case 'client_credentials':
      return grantToApp(call, values, ttl)
    case 'password':
      return grantToUser(call, values, ttl)
    case 'inherit':
      return inherit(call, values, ttl)
    default:
      throw new Refusal('grant_invalid')
  }
}

async function grantToApp(call: EasemobCall, values: Members, ttl: TokenRequest): Promise<object> {
  const basic = readBasic(call.exchange.header('authorization'))
  const [clientId, clientSecret] =
    basic.key && basic.secret ? [basic.key, basic.secret] : [values.client_id, values.client_secret]
  if (!isText(clientId) || !isText(clientSecret)) throw new Refusal('grant_invalid')
  const granted = await call.run('token.for_app', { ...ttl, clientId, clientSecret })
  return { access_token: granted.token, expires_in: granted.expiresInSeconds, application: granted.appUuid }
}

async function grantToUser(call: EasemobCall, values: Members, ttl: TokenRequest): Promise<object> {
  const { username } = values
  const password = toText(values.password)
  if (!isText(username) || !isText(password)) throw new Refusal('grant_invalid')
  const granted = await call.run('token.for_user', { ...ttl, username, password })
  return {
    access_token: granted.token,
    expires_in: granted.expiresInSeconds,
    user: toEntity(granted.user),
  }
}

async function inherit(call: EasemobCall, values: Members, ttl: TokenRequest): Promise<object> {
  const { username, autoCreateUser } = values
  if (!isText(username)) throw new Refusal('grant_invalid')
  const createsUser = autoCreateUser === true || autoCreateUser === 'true'
  const granted = await call.run('token.inherit', { ...ttl, username, createsUser })
  return {
    access_token: granted.token,
    expires_in: granted.expiresInSeconds,
    user: toEntity(granted.user),
  }
}

/** Seconds, as a number or in digits; a fraction is rounded up, as 0 would mean for ever. */
function readTtl(value: unknown): TokenRequest {
  if (value === undefined || value === null) return {}
  const seconds = typeof value === 'number' ? value : Number(toDigits(value))
  if (!(seconds >= 0)) throw new Refusal('ttl_invalid')
  return { ttlSeconds: Math.ceil(seconds) }
}

function toDigits(value: unknown): string {
  const text = toText(value) ?? ''
  return /^\d+(?:\.\d+)?$/.test(text) ? text : 'none'
}

function needOf(call: EasemobCall): Need {
  switch (valuesOf(call).grant_type) {
    case 'inherit':
      return { is: 'app', verb: call.exchange.method.toLowerCase(), path: '/token' }
    case 'client_credentials':
      return { is: 'client' }
    default:
      return { is: 'open' }
  }
}

/** The members of the body, or of the query where there is no body to read. */
function valuesOf(call: EasemobCall): Members {
  if (call.exchange.method !== 'GET') return call.members
  const { query } = call.exchange
  return Object.fromEntries(query.names.map(name => [name, query.get(name)]))
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
