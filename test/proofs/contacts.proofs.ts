// Contacts and blocks of users.
import type { Edition } from '../../src/contract/failure.ts'
import { type EasemobApp, makeEasemobApp, ok } from '../easemob-caller.ts'
import type { Received } from '../http-client.ts'
import { easemobError, type Proof, type Stage } from './proof.ts'

const notFound = easemobError(
  'service_resource_not_found',
  'org.apache.usergrid.services.exceptions.ServiceResourceNotFoundException',
  'Service resource not found',
)
const illegal = (text: string) => easemobError('illegal_argument', 'java.lang.IllegalArgumentException', text)
const exceeded = (text: string) =>
  easemobError('exceed_limit', 'com.easemob.group.exception.ExceedLimitException', text)

/** In an app of these users. */
const inApp =
  (names: readonly string[], act: (app: EasemobApp) => Promise<Received>, edition: Edition = 'seed') =>
  async ({ app: server }: Stage): Promise<Received> => {
    const app = await makeEasemobApp(server, { edition })
    await app.register(...names)
    return act(app)
  }

/** Alice may have one contact, and has it. */
const withFullList =
  (act: (app: EasemobApp) => Promise<Received>) =>
  async (stage: Stage): Promise<Received> => {
    const app = await makeEasemobApp(await stage.start({ POSTHOUSE_CONTACTS_PER_USER_MAX: '1' }))
    await app.register('alice', 'bob', 'carol')
    const invited = await app.call('POST', '/users/carol/contacts/apply', { usernames: ['alice'] })
    ok(invited)
    ok(await app.call('POST', '/users/alice/contacts/users/bob'))
    return act(app)
  }

async function registerMany(app: EasemobApp, names: readonly string[]): Promise<void> {
  for (let at = 0; at < names.length; at += 60) {
    const batch = names.slice(at, at + 60).map(username => ({ username, password: 'pw' }))
    ok(await app.call('POST', '/users', batch))
  }
}

const full = exceeded('user contact number exceed limit')
const unknown = 'attempt to adding new block[Ghost] for user[alice],but user[Ghost] not found.'

export const proofs: readonly Proof[] = [
  {
    failure: 'contacts_too_many',
    dialect: 'easemob',
    title: 'a user whose list is full gets no more contacts',
    provoke: withFullList(app => app.call('POST', '/users/alice/contacts/users/carol')),
    status: 403,
    body: full,
  },
  {
    failure: 'contacts_too_many',
    dialect: 'easemob',
    title: 'a user whose list is full becomes no contact of another',
    provoke: withFullList(app => app.call('POST', '/users/carol/contacts/users/alice')),
    status: 403,
    body: full,
  },
  {
    failure: 'contacts_too_many',
    dialect: 'easemob',
    title: 'a user whose list is full accepts nobody',
    provoke: withFullList(app => app.call('POST', '/users/alice/contacts/accept/users/carol')),
    status: 403,
    body: full,
  },
  {
    failure: 'contacts_too_many',
    dialect: 'easemob',
    title: 'a user whose list is full invites nobody',
    provoke: withFullList(app =>
      app.call('POST', '/users/alice/contacts/apply', { usernames: ['carol'], reason: '' }),
    ),
    status: 403,
    body: full,
  },
  {
    failure: 'contact_absent',
    dialect: 'easemob',
    title: 'a remark about a user who is no contact answers 404',
    provoke: inApp(['alice', 'bob'], app =>
      app.call('PUT', '/user/alice/contacts/users/bob', { remark: 'x' }),
    ),
    status: 404,
    body: notFound,
  },
  {
    failure: 'contact_absent',
    dialect: 'easemob',
    title: 'accepting what nobody has asked answers 404',
    provoke: inApp(['alice', 'bob'], app => app.call('POST', '/users/alice/contacts/accept/users/bob')),
    status: 404,
    body: notFound,
  },
  {
    failure: 'user_unknown',
    dialect: 'easemob',
    title: 'a contact who does not exist answers 404 (seed S-14)',
    provoke: inApp(['alice'], app => app.call('POST', '/users/alice/contacts/users/ghost')),
    status: 404,
    body: notFound,
  },
  {
    failure: 'invalid_request',
    dialect: 'easemob',
    title: 'a contact of oneself answers 400',
    provoke: inApp(['alice'], app => app.call('POST', '/users/alice/contacts/users/alice')),
    status: 400,
    body: illegal('this is an invalid request.'),
  },
  {
    failure: 'block_user_unknown',
    dialect: 'easemob',
    title: 'blocking a user who does not exist answers 400 and names both',
    provoke: inApp(['alice', 'bob'], app =>
      app.call('POST', '/users/Alice/blocks/users', { usernames: ['bob', 'Ghost'] }),
    ),
    status: 400,
    body: illegal(unknown),
  },
  {
    failure: 'blocks_too_many',
    dialect: 'easemob',
    title: 'the 501st blocked user answers 403',
    provoke: inApp(['alice'], async app => {
      const names = Array.from({ length: 501 }, (_, index) => `u${index}`)
      await registerMany(app, names)
      ok(await app.call('POST', '/users/alice/blocks/users', { usernames: names.slice(0, 500) }))
      return app.call('POST', '/users/alice/blocks/users', { usernames: names.slice(499) })
    }),
    status: 403,
    body: exceeded('user block number exceed limit'),
  },
  {
    failure: 'token_missing',
    dialect: 'easemob',
    title: 'a list of contacts without a token names verb and path',
    provoke: inApp(['alice'], app => app.open('GET', '/users/alice/contacts/users')),
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
    body: easemobError(
      'unauthorized',
      'org.apache.shiro.authz.UnauthorizedException',
      'Subject does not have permission [applications:get:<uuid>:/users/alice]',
    ),
  },
  {
    failure: 'token_insufficient',
    dialect: 'easemob',
    edition: 'live',
    title: 'a list of contacts with the token of another user answers 401',
    provoke: inApp(
      ['alice', 'bob'],
      async app => app.as(await app.login('bob'))('GET', '/users/alice/contacts/users'),
      'live',
    ),
    status: 401,
    body: easemobError('unauthorized', 'EasemobSecurityException', 'Unable to authenticate (OAuth)'),
  },
]
