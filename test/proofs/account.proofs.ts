// Accounts, their passwords and states.
import { type Received, send } from '../http-client.ts'
import { easemobError, type Proof, type ProofApp, type Stage } from './proof.ts'

const illegal = (text: string) => easemobError('illegal_argument', 'java.lang.IllegalArgumentException', text)

const duplicate = (text: string) =>
  easemobError(
    'duplicate_unique_property_exists',
    'org.apache.usergrid.persistence.exceptions.DuplicateUniquePropertyExistsException',
    text,
  )

const notFound = easemobError(
  'service_resource_not_found',
  'org.apache.usergrid.services.exceptions.ServiceResourceNotFoundException',
  'Service resource not found',
)

export const proofs: readonly Proof[] = [
  registration('username_missing', 'an account without a username answers 400 (S-3)', {
    sent: { password: 'x' },
    body: illegal('Entity user requires a property named username'),
  }),
  registration('username_missing', 'a list with an account that is no object answers 400 (S-3)', {
    sent: [{ username: 'u8', password: 'x' }, 5],
    body: illegal('Entity user requires a property named username'),
  }),
  registration('password_missing', 'an account without a password answers 400 (S-4)', {
    sent: { username: 'u9' },
    body: illegal('password or pin must provided'),
  }),
  registration('password_missing', 'an account with an empty password answers 400 (S-6)', {
    sent: { username: 'u9', password: '' },
    body: illegal('password or pin must provided'),
  }),
  registration('username_illegal', 'a username with other characters answers 400 and repeats it (N-19)', {
    sent: { username: 'Jo Ann', password: 'x' },
    body: illegal('username [Jo Ann] is not legal'),
  }),
  registration('username_too_long', 'a username of 65 bytes answers 400 (N-20)', {
    sent: { username: 'u'.repeat(65), password: 'x' },
    body: illegal('USERNAME_TOO_LONG'),
  }),
  registration('password_too_long', 'a password of 65 characters answers 400', {
    sent: { username: 'u9', password: 'p'.repeat(65) },
    body: illegal('PASSWORD_TOO_LONG'),
  }),
  registration('nickname_too_long', 'a nickname of 101 characters answers 400 (N-21)', {
    sent: { username: 'u9', password: 'x', nickname: '名'.repeat(101) },
    body: illegal('NICKNAME_TOO_LONG'),
  }),
  registration('user_exists', 'a name that is taken answers 400, in any letter case (S-7)', {
    sent: { username: 'Alice', password: 'x' },
    body: duplicate(
      'Application <uuid>Entity user requires that property named username be unique, value of Alice exists',
    ),
  }),
  registration('user_exists', 'a list with a name that is taken answers 400', {
    sent: [
      { username: 'u9', password: 'x' },
      { username: 'alice', password: 'x' },
    ],
    body: duplicate(
      'Application <uuid>Entity user requires that property named username be unique, value of alice exists',
    ),
  }),
  registration('batch_password_conflict', 'a list that gives a user two passwords answers 400 (N-22)', {
    sent: [
      { username: 'u9', password: 'x' },
      { username: 'U9', password: 'y' },
    ],
    body: duplicate('the same user U9 has a different password, the passwords are ***'),
  }),
  registration('batch_too_large', 'a list of 61 accounts answers 400 (N-23)', {
    sent: Array.from({ length: 61 }, (_, index) => ({ username: `u${index}`, password: 'x' })),
    body: illegal(
      'Request body array size[61] had almost reached or been greater than the upper range value[60]',
    ),
  }),
  registration('invalid_request', 'a nickname that is an object answers 400', {
    sent: { username: 'u9', password: 'x', nickname: {} },
    body: illegal('this is an invalid request.'),
  }),
  {
    failure: 'newpassword_missing',
    dialect: 'easemob',
    title: 'a password change without newpassword answers 400 (S-8)',
    provoke: stage => asApp(stage, 'PUT', '/users/alice/password', { password: 'x' }),
    status: 400,
    body: illegal('newpassword is required'),
  },
  {
    failure: 'newpassword_missing',
    dialect: 'easemob',
    title: 'a password change without newpassword answers 400 for an unknown user, too (S-8)',
    provoke: stage => asApp(stage, 'PUT', '/users/nosuch/password', { newpassword: '' }),
    status: 400,
    body: illegal('newpassword is required'),
  },
  {
    failure: 'oldpassword_missing',
    dialect: 'easemob',
    title: 'a user who changes its password without the old one gets 400 (N-24)',
    provoke: stage => changeOwnPassword(stage, { newpassword: 'n' }),
    status: 400,
    body: illegal('oldPassword is required'),
  },
  {
    failure: 'oldpassword_wrong',
    dialect: 'easemob',
    title: 'a user who changes its password with a wrong old one gets 400 invalid_grant',
    provoke: stage => changeOwnPassword(stage, { newpassword: 'n', oldpassword: 'no' }),
    status: 400,
    body: '{"error":"invalid_grant","error_description":"invalid username or password"}',
  },
  {
    failure: 'password_user_unknown',
    dialect: 'easemob',
    title: 'a new password for a user who does not exist answers 404 (N-7)',
    provoke: stage => asApp(stage, 'PUT', '/users/ghost/password', { newpassword: 'n' }),
    status: 404,
    body: easemobError(
      'entity_not_found',
      'org.apache.usergrid.persistence.exceptions.EntityNotFoundException',
      'User null not found',
    ),
  },
  {
    failure: 'user_unknown',
    dialect: 'easemob',
    title: 'a user who does not exist answers 404 (S-14)',
    provoke: stage => asApp(stage, 'GET', '/users/ghost'),
    status: 404,
    body: notFound,
  },
  {
    failure: 'user_unknown',
    dialect: 'easemob',
    title: 'a user of another app answers 404',
    provoke: async stage => {
      await makeAlice(stage)
      const app = await stage.makeApp()
      return send(`${app.easemob}/users/alice`, { headers: { Authorization: await app.bearer() } })
    },
    status: 404,
    body: notFound,
  },
  {
    failure: 'status_batch_too_large',
    dialect: 'easemob',
    title: 'the states of 101 users answer 400 (N-27)',
    provoke: stage =>
      asApp(stage, 'POST', '/users/batch/status', {
        usernames: Array.from({ length: 101 }, (_, index) => `u${index}`),
      }),
    status: 400,
    body: illegal('request body exceeds maximum limit, maximum limit is 100'),
  },
  {
    failure: 'invalid_request',
    dialect: 'easemob',
    title: 'the states of nobody answer 400 (N-35)',
    provoke: stage => asApp(stage, 'POST', '/users/batch/status', { usernames: [] }),
    status: 400,
    body: illegal('this is an invalid request.'),
  },
  {
    failure: 'method_not_allowed',
    dialect: 'easemob',
    title: 'deleting all users without a limit or a query answers 500 (S-18)',
    provoke: stage => asApp(stage, 'DELETE', '/users'),
    status: 500,
    headers: { Allow: 'GET, HEAD, POST' },
    body: easemobError(
      'unsupported_service_operation',
      'org.apache.usergrid.services.exceptions.UnsupportedServiceOperationException',
      'Service operation not supported',
    ),
  },
]

function registration(
  failure: Proof['failure'],
  title: string,
  { sent, body }: { sent: object; body: string },
): Proof {
  return {
    failure,
    dialect: 'easemob',
    title,
    provoke: stage => asApp(stage, 'POST', '/users', sent),
    status: 400,
    body,
  }
}

/** An app of its own with the user alice. */
async function makeAlice(stage: Stage): Promise<ProofApp> {
  const app = await stage.makeApp()
  await send(`${app.easemob}/users`, { body: { username: 'alice', password: 'pw1' } })
  return app
}

async function asApp(stage: Stage, method: string, path: string, body?: object): Promise<Received> {
  const app = await makeAlice(stage)
  const headers = { Authorization: await app.bearer() }
  return send(app.easemob + path, { method, headers, ...(body && { body }) })
}

async function changeOwnPassword(stage: Stage, body: object): Promise<Received> {
  const app = await makeAlice(stage)
  const grant = { grant_type: 'password', username: 'alice', password: 'pw1' }
  const { access_token } = (await send(`${app.easemob}/token`, { body: grant })).json
  const headers = { Authorization: `Bearer ${access_token}` }
  return send(`${app.easemob}/users/alice/password`, { method: 'PUT', headers, body })
}
