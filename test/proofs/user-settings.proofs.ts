// Bindings, push templates, attributes and presence of users.
import type { Edition } from '../../src/contract/failure.ts'
import { type EasemobApp, makeEasemobApp, ok } from '../easemob-caller.ts'
import type { Received } from '../http-client.ts'
import { ImClient } from '../im-client.ts'
import { easemobError, type Proof, type Stage } from './proof.ts'

type Act = (app: EasemobApp) => Promise<Received>

const illegal = (text: string) => easemobError('illegal_argument', 'java.lang.IllegalArgumentException', text)
const metadata = (text: string) => easemobError('metadata_error', undefined, text)

/** In an app of its own with the users alice and bob. */
const inApp =
  (act: Act, settings: { readonly edition?: Edition; readonly [name: string]: unknown } = {}) =>
  async ({ app: server }: Stage): Promise<Received> => {
    const app = await makeEasemobApp(server, settings)
    await app.register('alice', 'bob')
    return act(app)
  }

const names = (count: number) => Array.from({ length: count }, (_, at) => `user${at}`)
const presence = '/users/alice/presence'

/** Node gives a DELETE with a body no length by itself, as browsers do. */
const unsubscribe = ({ call }: EasemobApp, body: unknown) =>
  call('DELETE', presence, body, { 'Content-Length': String(Buffer.byteLength(JSON.stringify(body))) })

/** With alice logged in as `phone`. */
const loggedIn =
  (act: Act): Act =>
  async app => {
    const closers: (() => void | Promise<void>)[] = []
    const scope = { after: (closer: () => void | Promise<void>) => closers.push(closer) }
    const token = await app.login('alice')
    await ImClient.login(scope, app, { username: 'alice', token, resource: 'phone' })
    try {
      return await act(app)
    } finally {
      for (const close of closers) await close()
    }
  }

const setAttributes = (app: EasemobApp, user: string, attributes: object) =>
  app.call('PUT', `/metadata/user/${user}`, attributes)

export const proofs: readonly Proof[] = [
  {
    failure: 'binding_invalid',
    dialect: 'easemob',
    title: 'a binding to a device that is none of the app answers 400',
    provoke: inApp(({ call }) => {
      const binding = { device_id: 'phone', device_token: '1'.repeat(19), notifier_name: 'posthouse' }
      return call('PUT', '/users/alice/push/binding', binding)
    }),
    status: 400,
    body: illegal('device_token is not a registration id of this app'),
  },
  {
    failure: 'template_unknown',
    dialect: 'easemob',
    title: 'a push template that does not exist answers 404',
    provoke: inApp(({ call }) => call('GET', '/notification/template/none')),
    status: 404,
    body: easemobError(
      'service_resource_not_found',
      'org.apache.usergrid.services.exceptions.ServiceResourceNotFoundException',
      'Service resource not found',
    ),
  },
  ...(['seed', 'live'] as const).map(
    (edition): Proof => ({
      failure: 'token_insufficient',
      dialect: 'easemob',
      edition,
      family: 'metadata',
      title: 'attributes of another user cannot be set with a user’s token',
      provoke: inApp(
        async app => app.as(await app.login('alice'))('PUT', '/metadata/user/bob', { nickname: 'x' }),
        { edition },
      ),
      status: 401,
      body: easemobError('metadata_error', 'EasemobSecurityException', 'auth error'),
    }),
  ),
  ...(['seed', 'live'] as const).flatMap(edition =>
    [
      ['GET', '/metadata/chatgroup/42/user/alice'],
      ['POST', '/metadata/chatroom/42'],
    ].map(
      ([method, path]): Proof => ({
        failure: 'token_insufficient',
        dialect: 'easemob',
        edition,
        family: 'metadata',
        title: `the token of another app answers 401 to ${method} ${path}`,
        provoke: async ({ app: server }) => {
          const other = await makeEasemobApp(server)
          await other.register('alice')
          const token = await other.login('alice')
          return (await makeEasemobApp(server, { edition })).as(token)(method!, path!, {})
        },
        status: 401,
        body: easemobError('metadata_error', 'EasemobSecurityException', 'auth error'),
      }),
    ),
  ),
  {
    failure: 'attributes_off',
    dialect: 'easemob',
    title: 'attributes of an app that has them switched off answer 403 and name the app',
    provoke: async ({ app: server }) => {
      const app = await makeEasemobApp(server, { user_attributes: false })
      await app.register('alice')
      const answer = await setAttributes(app, 'alice', { nickname: 'x' })
      return { ...answer, text: answer.text.replace(`${app.org}#${app.app} `, 'acme#app ') }
    },
    status: 403,
    body: easemobError('FORBIDDEN', undefined, 'acme#app user metadata service not allow'),
  },
  {
    failure: 'attributes_too_large',
    dialect: 'easemob',
    title: 'more than 2048 bytes of attributes of one user answer 403',
    provoke: inApp(async app => {
      ok(await setAttributes(app, 'alice', { ext: 'é'.repeat(1_022), a: '' }))
      return setAttributes(app, 'alice', { a: '1' })
    }),
    status: 403,
    body: metadata('size of metadata for this single user exceeds the user defined limit, 2048Bytes'),
  },
  {
    failure: 'attributes_of_app_too_large',
    dialect: 'easemob',
    title: 'more bytes of attributes than one app may have answer 403',
    provoke: async stage => {
      const server = await stage.start({ POSTHOUSE_ATTRIBUTE_BYTES_PER_APP_MAX: '10' })
      const app = await makeEasemobApp(server)
      await app.register('alice', 'bob')
      ok(await setAttributes(app, 'alice', { sign: '123456' }))
      return setAttributes(app, 'bob', { b: '1' })
    },
    status: 403,
    body: metadata('total size of user metadata for this app exceeds the user defined limit, 10Bytes'),
  },
  {
    failure: 'presence_off',
    dialect: 'easemob',
    title: 'presence of an app that has it switched off answers 400',
    provoke: inApp(({ call }) => call('POST', presence, { usernames: ['bob'] }), { presence: false }),
    status: 400,
    body: easemobError('service open exception', undefined, 'the app not open presence'),
  },
  {
    failure: 'presence_failed',
    dialect: 'easemob',
    title: 'a status that is no number answers 400',
    provoke: inApp(loggedIn(({ call }) => call('POST', `${presence}/phone/busy`, { ext: '' }))),
    status: 400,
    body: illegal('set presence failed'),
  },
  {
    failure: 'presence_ext_missing',
    dialect: 'easemob',
    title: 'a presence without ext answers 400',
    provoke: inApp(({ call }) => call('POST', `${presence}/phone/1`, { ext: null })),
    status: 400,
    body: illegal('ext cannot be null'),
  },
  {
    failure: 'presence_ext_too_big',
    dialect: 'easemob',
    title: 'an ext of 65 bytes answers 400',
    provoke: inApp(
      loggedIn(async ({ call }) => {
        ok(await call('POST', `${presence}/phone/1`, { ext: 'x'.repeat(64) }))
        return call('POST', `${presence}/phone/1`, { ext: `é${'x'.repeat(63)}` })
      }),
    ),
    status: 400,
    body: illegal('ext is too big'),
  },
  {
    failure: 'presence_resource_unknown',
    dialect: 'easemob',
    title: 'a presence on a device from which the user has never logged in answers 400',
    provoke: inApp(loggedIn(({ call }) => call('POST', `${presence}/tablet/1`, { ext: '' }))),
    status: 400,
    body: illegal('resource not exist'),
  },
  {
    failure: 'presence_of_oneself',
    dialect: 'easemob',
    title: 'a subscription to oneself answers 400',
    provoke: inApp(({ call }) => call('POST', `${presence}/60`, { usernames: ['bob', 'Alice'] })),
    status: 400,
    body: illegal("you can't sub yourself"),
  },
  {
    failure: 'presence_subscriptions_too_many',
    dialect: 'easemob',
    title: 'a subscription to 101 users answers 400',
    provoke: inApp(({ call }) => call('POST', `${presence}/60`, { usernames: names(101) })),
    status: 400,
    body: illegal('too many sub presence'),
  },
  {
    failure: 'presence_queries_too_many',
    dialect: 'easemob',
    title: 'a query for 101 users answers 400',
    provoke: inApp(({ call }) => call('POST', presence, { usernames: names(101) })),
    status: 400,
    body: illegal('too many get presences'),
  },
  {
    failure: 'presence_unsubscriptions_too_many',
    dialect: 'easemob',
    title: 'ending 101 subscriptions at once answers 400',
    provoke: inApp(app => unsubscribe(app, { users: names(101) })),
    status: 400,
    body: illegal('too many unsub presences'),
  },
  {
    failure: 'presence_pages_too_large',
    dialect: 'easemob',
    title: 'a page of 501 subscriptions answers 400',
    provoke: inApp(({ call }) => call('GET', `${presence}/sublist?pageNum=1&pageSize=501`)),
    status: 400,
    body: illegal('too many queries'),
  },
  {
    failure: 'presence_usernames_empty',
    dialect: 'easemob',
    title: 'a subscription to nobody answers 400',
    provoke: inApp(({ call }) => call('POST', `${presence}/60`, { usernames: [] })),
    status: 400,
    body: illegal('usernames is empty'),
  },
  {
    failure: 'user_unknown',
    dialect: 'easemob',
    title: 'a presence query for a user who does not exist answers 404',
    provoke: inApp(({ call }) => call('POST', '/users/ghost/presence', { usernames: ['bob'] })),
    status: 404,
    body: easemobError(
      'service_resource_not_found',
      'org.apache.usergrid.services.exceptions.ServiceResourceNotFoundException',
      'Service resource not found',
    ),
  },
]
