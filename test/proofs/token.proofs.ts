// Who is calling: tokens, grants, what an app lets in.
import { randomBytes } from 'node:crypto'
import { Tokens } from '../../src/core/tokens.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { type Received, send } from '../http-client.ts'
import { easemobError, type Proof, type ProofApp, type Stage } from './proof.ts'

const security = 'org.apache.usergrid.rest.exceptions.SecurityException'
const oauth = easemobError('unauthorized', 'EasemobSecurityException', 'Unable to authenticate (OAuth)')
const adminOnly = easemobError('unauthorized', security, 'No admin user access authorized')
const corrupt = easemobError(
  'auth_bad_access_token',
  security,
  'Unable to authenticate due to corrupt access token',
)
const unknown = easemobError('auth_bad_access_token', security, 'Unable to authenticate')
const wrongGrant = '{"error":"invalid_grant","error_description":"invalid username or password"}'

const noPermission = (verb: string, path: string) =>
  easemobError(
    'unauthorized',
    'org.apache.shiro.authz.UnauthorizedException',
    `Subject does not have permission [applications:${verb}:<uuid>:${path}]`,
  )

export const proofs: readonly Proof[] = [
  {
    failure: 'token_missing',
    dialect: 'easemob',
    family: 'users',
    title: 'reading users without a token answers 401 and names what would be needed',
    provoke: async stage => send(`${(await stage.makeApp()).easemob}/users`),
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
    body: noPermission('get', '/users'),
  },
  {
    failure: 'token_missing',
    dialect: 'easemob',
    family: 'users',
    title: 'deleting a user without a token answers 401, whether the user exists or not',
    provoke: async stage =>
      send(`${(await stage.makeApp()).easemob}/users/ghost`, {
        method: 'DELETE',
        headers: { Authorization: 'Basic eDp5' },
      }),
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
    body: noPermission('delete', '/users/ghost'),
  },
  {
    failure: 'token_missing',
    dialect: 'easemob',
    family: 'activation',
    title: 'barring a user without a token answers 401 No admin user access authorized',
    provoke: async stage =>
      send(`${(await stage.makeApp()).easemob}/users/alice/deactivate`, { method: 'POST' }),
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
    body: adminOnly,
  },
  {
    failure: 'token_missing',
    dialect: 'easemob',
    family: 'token',
    title: 'a token for a user, asked for without the app’s own, answers 401',
    provoke: async stage =>
      askToken(await stage.makeApp(), { grant_type: 'inherit', username: 'alice', autoCreateUser: true }),
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
    body: oauth,
  },
  {
    failure: 'token_missing',
    dialect: 'easemob',
    edition: 'live',
    title: 'reading users without a token answers 401 (OAuth)',
    provoke: async stage => send(`${(await stage.makeApp({ edition: 'live' })).easemob}/users`),
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
    body: oauth,
  },
  {
    failure: 'token_insufficient',
    dialect: 'easemob',
    family: 'users',
    title: 'listing users with a user’s token answers 401 as without one',
    provoke: stage => asUser(stage, {}, '/users'),
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
    body: noPermission('get', '/users'),
  },
  {
    failure: 'token_insufficient',
    dialect: 'easemob',
    family: 'users',
    title: 'reading another user with a user’s token answers 401',
    provoke: stage => asUser(stage, {}, '/users/bob'),
    status: 401,
    body: noPermission('get', '/users/bob'),
  },
  {
    failure: 'token_insufficient',
    dialect: 'easemob',
    family: 'users',
    title: 'reading a user with the token of another app answers 401, not whether it exists',
    provoke: async stage => {
      const other = await stage.makeApp()
      return send(`${(await stage.makeApp()).easemob}/users/alice`, {
        headers: { Authorization: await other.bearer() },
      })
    },
    status: 401,
    body: noPermission('get', '/users/alice'),
  },
  {
    failure: 'token_insufficient',
    dialect: 'easemob',
    family: 'activation',
    title: 'lifting a bar with a user’s token answers 401 No admin user access authorized',
    provoke: stage => asUser(stage, {}, '/users/alice/activate', {}),
    status: 401,
    body: adminOnly,
  },
  {
    failure: 'token_insufficient',
    dialect: 'easemob',
    family: 'token',
    title: 'a token for a user, asked for with a user’s own, answers 401',
    provoke: stage => asUser(stage, {}, '/token', { grant_type: 'inherit', username: 'bob' }),
    status: 401,
    body: oauth,
  },
  {
    failure: 'token_insufficient',
    dialect: 'easemob',
    family: 'token',
    edition: 'live',
    title: 'a token for a user, asked for with a user’s own, answers 401 corrupt',
    provoke: stage =>
      asUser(stage, { edition: 'live' }, '/token', { grant_type: 'inherit', username: 'bob' }),
    status: 401,
    body: corrupt,
  },
  {
    failure: 'token_insufficient',
    dialect: 'easemob',
    edition: 'live',
    title: 'listing users with a user’s token answers 401 (OAuth)',
    provoke: stage => asUser(stage, { edition: 'live' }, '/users'),
    status: 401,
    body: oauth,
  },
  {
    failure: 'token_corrupt',
    dialect: 'easemob',
    title: 'a token that is none answers 401 corrupt (S-11)',
    provoke: async stage => withToken(await stage.makeApp(), 'abc', '/users/alice'),
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
    body: corrupt,
  },
  {
    failure: 'token_corrupt',
    dialect: 'easemob',
    title: 'a token that is none answers 401 corrupt where none is needed, too (S-11)',
    provoke: async stage => withToken(await stage.makeApp(), '', '/token', { grant_type: 'password' }),
    status: 401,
    body: corrupt,
  },
  {
    failure: 'token_corrupt',
    dialect: 'easemob',
    title: 'a token one letter short answers 401 corrupt',
    provoke: async stage => {
      const app = await stage.makeApp()
      return withToken(app, (await app.bearer()).slice('Bearer '.length, -1), '/users/alice')
    },
    status: 401,
    body: corrupt,
  },
  {
    failure: 'token_unknown',
    dialect: 'easemob',
    title: 'a well-formed token of another deployment answers 401 Unable to authenticate (S-12)',
    provoke: async stage => {
      const foreign = new Tokens(randomBytes(32), systemClock).issue({ kind: 'app', id: 1 }, 0)
      return withToken(await stage.makeApp(), foreign, '/users/alice')
    },
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
    body: unknown,
  },
  {
    failure: 'token_unknown',
    dialect: 'easemob',
    title: 'the token of a deleted user answers 401 Unable to authenticate',
    provoke: async stage => {
      const { app, authorization } = await makeUser(stage, {})
      const headers = { Authorization: await app.bearer() }
      await send(`${app.easemob}/users/alice`, { method: 'DELETE', headers })
      return send(`${app.easemob}/users/alice`, { headers: { Authorization: authorization } })
    },
    status: 401,
    body: unknown,
  },
  {
    failure: 'token_expired',
    dialect: 'easemob',
    title: 'a token past its lifetime answers 401 expired (S-13)',
    provoke: stage => outlive(stage, {}),
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    body: easemobError('expired_token', security, 'Unable to authenticate due to expired access token'),
  },
  {
    failure: 'token_expired',
    dialect: 'easemob',
    edition: 'live',
    title: 'a token past its lifetime answers 401 unauthorized',
    provoke: stage => outlive(stage, { edition: 'live' }),
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    body: easemobError('unauthorized', security, 'Unable to authenticate due to expired access token'),
  },
  {
    failure: 'app_unknown',
    dialect: 'easemob',
    title: 'an app that does not exist answers 400 and names it (S-2)',
    provoke: ({ app }) => send(`${app.http}/acme/nope/users?limit=1`),
    status: 400,
    body: easemobError(
      'organization_application_not_found',
      'org.apache.usergrid.rest.exceptions.OrganizationApplicationNotFoundException',
      'Could not find application for acme/nope from URI: acme/nope/users',
    ),
  },
  {
    failure: 'app_unknown',
    dialect: 'easemob',
    edition: 'live',
    title: 'an app that an organisation of the live edition does not have answers 404',
    provoke: async ({ app }) => {
      await app.admin('POST', '/apps', { org: 'modern', app: 'one' })
      await app.admin('PATCH', '/apps/modern/one', { edition: 'live' })
      return send(`${app.http}/modern/two/token`, { body: { grant_type: 'password' } })
    },
    status: 404,
    body: easemobError(
      'organization_application_not_found',
      'org.apache.usergrid.rest.exceptions.OrganizationApplicationNotFoundException',
      'Could not find application for modern/two from URI: modern/two/token',
    ),
  },
  {
    failure: 'registration_closed',
    dialect: 'easemob',
    title: 'registering without a token, where registration is not open, answers 401 (S-10)',
    provoke: async stage => {
      const { easemob } = await stage.makeApp({ registration: 'authorised' })
      return send(`${easemob}/users`, { body: { username: 'u9', password: 'x' } })
    },
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
    body: easemobError('unauthorized', security, 'registration is not open, please contact the app admin'),
  },
  {
    failure: 'registration_closed',
    dialect: 'easemob',
    title: 'registering a list without a token answers 401 in an open app, too, before what is wrong in it',
    provoke: async stage => send(`${(await stage.makeApp()).easemob}/users`, { body: [{}] }),
    status: 401,
    body: easemobError('unauthorized', security, 'registration is not open, please contact the app admin'),
  },
  {
    failure: 'registration_closed',
    dialect: 'easemob',
    edition: 'live',
    title: 'registering without a token, where registration is not open, answers 401 in the later words',
    provoke: async stage => {
      const { easemob } = await stage.makeApp({ edition: 'live', registration: 'authorised' })
      return send(`${easemob}/users`, { body: { username: 'u9', password: 'x' } })
    },
    status: 401,
    body: easemobError(
      'unauthorized',
      security,
      "Open registration doesn't allow, so register user need token,",
    ),
  },
  {
    failure: 'grant_invalid',
    dialect: 'easemob',
    title: 'a token request without grant_type answers 400 invalid_grant',
    provoke: async stage => askToken(await stage.makeApp(), {}),
    status: 400,
    body: wrongGrant,
  },
  {
    failure: 'grant_user_unknown',
    dialect: 'easemob',
    title: 'a token for a user who does not exist answers 400 invalid_grant (S-1)',
    provoke: async stage => askToken(await stage.makeApp(), passwordGrant('ghost', 'pw1')),
    status: 400,
    body: wrongGrant,
  },
  {
    failure: 'grant_user_unknown',
    dialect: 'easemob',
    edition: 'live',
    title: 'a token for a user who does not exist answers 404 user not found',
    provoke: async stage => askToken(await stage.makeApp({ edition: 'live' }), passwordGrant('ghost', 'pw1')),
    status: 404,
    body: '{"error":"invalid_grant","error_description":"user not found"}',
  },
  {
    failure: 'grant_password_wrong',
    dialect: 'easemob',
    title: 'a wrong password answers 400 invalid_grant (S-1)',
    provoke: async stage => askToken((await makeUser(stage, {})).app, passwordGrant('alice', 'no')),
    status: 400,
    body: wrongGrant,
  },
  {
    failure: 'grant_password_wrong',
    dialect: 'easemob',
    edition: 'live',
    title: 'a wrong password answers 400 invalid password',
    provoke: async stage =>
      askToken((await makeUser(stage, { edition: 'live' })).app, passwordGrant('alice', 'no')),
    status: 400,
    body: '{"error":"invalid_grant","error_description":"invalid password"}',
  },
  {
    failure: 'client_id_unknown',
    dialect: 'easemob',
    title: 'the client_id of another app answers 400 client_id does not match (N-1)',
    provoke: async stage => {
      const { client_id, client_secret } = await stage.makeApp()
      return askToken(await stage.makeApp(), { grant_type: 'client_credentials', client_id, client_secret })
    },
    status: 400,
    body: '{"error":"invalid_grant","error_description":"client_id does not match"}',
  },
  {
    failure: 'client_secret_wrong',
    dialect: 'easemob',
    title: 'a wrong client_secret answers 400 client_secret does not match (N-2)',
    provoke: async stage => {
      const app = await stage.makeApp()
      const { client_id } = app
      return askToken(app, { grant_type: 'client_credentials', client_id, client_secret: 'YXA6wrong' })
    },
    status: 400,
    body: '{"error":"invalid_grant","error_description":"client_secret does not match"}',
  },
  {
    failure: 'user_not_activated',
    dialect: 'easemob',
    title: 'the right password of a barred user answers 400 user not activated (N-3)',
    provoke: async stage => {
      const { app } = await makeUser(stage, {})
      const headers = { Authorization: await app.bearer() }
      await send(`${app.easemob}/users/alice/deactivate`, { method: 'POST', headers })
      return askToken(app, passwordGrant('alice', 'pw1'))
    },
    status: 400,
    body: '{"error":"invalid_grant","error_description":"user not activated"}',
  },
  {
    failure: 'ttl_invalid',
    dialect: 'easemob',
    title: 'a negative lifetime answers 400 ttl must be a number (N-8)',
    provoke: async stage => askToken(await stage.makeApp(), { ...passwordGrant('alice', 'pw1'), ttl: -1 }),
    status: 400,
    body: easemobError('illegal_argument', 'java.lang.IllegalArgumentException', 'ttl must be a number >= 0'),
  },
  {
    failure: 'inherit_user_unknown',
    dialect: 'easemob',
    title: 'a token for a user who does not exist and is not to be made answers 404 (N-7)',
    provoke: async stage => {
      const app = await stage.makeApp()
      return askToken(app, { grant_type: 'inherit', username: 'ghost' }, await app.bearer())
    },
    status: 404,
    body: easemobError(
      'entity_not_found',
      'org.apache.usergrid.persistence.exceptions.EntityNotFoundException',
      'User null not found',
    ),
  },
  {
    failure: 'app_blacklisted',
    dialect: 'easemob',
    title: 'any call to an app on the black list answers 403',
    provoke: async stage => send(`${(await stage.makeApp({ blacklisted: true })).easemob}/users`),
    status: 403,
    body: easemobError('forbidden_op', undefined, 'The appKey is in black list.'),
  },
  {
    failure: 'ip_not_allowed',
    dialect: 'easemob',
    title: 'a call as the app from an address that is not on its list answers 403',
    provoke: async stage => {
      const { easemob } = await stage.makeApp({ ip_allowlist: ['10.0.0.0/8'] })
      return send(`${easemob}/token`, { body: { grant_type: 'client_credentials' } })
    },
    status: 403,
    body: easemobError('forbidden_op', undefined, 'The IP address of the caller is not allowed'),
  },
  {
    failure: 'rate_limited',
    dialect: 'easemob',
    title: 'the second call within a second, where one is allowed, answers 429 (S-16)',
    provoke: async stage => {
      const app = await stage.makeApp({ limits: { easemob_calls_per_second: 1 } })
      await send(`${app.easemob}/users`)
      return send(`${app.easemob}/users`)
    },
    status: 429,
    headers: { 'Retry-After': '1' },
    body: easemobError('reach_limit', 'EasemobReachLimitException', 'This request has reached api limit'),
  },
]

function askToken(app: ProofApp, body: object, authorization?: string): Promise<Received> {
  return send(`${app.easemob}/token`, {
    body,
    ...(authorization && { headers: { Authorization: authorization } }),
  })
}

function passwordGrant(username: string, password: string): object {
  return { grant_type: 'password', username, password }
}

function withToken(app: ProofApp, token: string, path: string, body?: object): Promise<Received> {
  return send(app.easemob + path, { headers: { Authorization: `Bearer ${token}` }, ...(body && { body }) })
}

/** An app of its own with the user alice, and alice's Authorization. */
async function makeUser(stage: Stage, settings: object) {
  const app = await stage.makeApp(settings)
  const headers = { Authorization: await app.bearer() }
  await send(`${app.easemob}/users`, { headers, body: { username: 'alice', password: 'pw1' } })
  const { access_token } = (await askToken(app, passwordGrant('alice', 'pw1'))).json
  return { app, authorization: `Bearer ${access_token}` }
}

async function asUser(stage: Stage, settings: object, path: string, body?: object): Promise<Received> {
  const { app, authorization } = await makeUser(stage, settings)
  return send(app.easemob + path, { headers: { Authorization: authorization }, ...(body && { body }) })
}

/** Asks with a token of one second until it is not taken any more. */
async function outlive(stage: Stage, settings: object): Promise<Received> {
  const { app } = await makeUser(stage, settings)
  const { access_token } = (await askToken(app, { ...passwordGrant('alice', 'pw1'), ttl: 1 })).json
  const deadline = Date.now() + 5_000
  for (;;) {
    const answer = await withToken(app, access_token, '/users/alice')
    if (answer.status !== 200 || Date.now() > deadline) return answer
  }
}
