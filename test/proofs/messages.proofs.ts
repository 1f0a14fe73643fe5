// Messages between users, groups and rooms, in both forms of the call. Rows that the live edition words as the seed does
// are proven once.
import type { Edition } from '../../src/contract/failure.ts'
import type { FailureId } from '../../src/contract/failures.ts'
import { makeEasemobApp, ok } from '../easemob-caller.ts'
import { type Received, send } from '../http-client.ts'
import { easemobError, type Proof, type Stage } from './proof.ts'

const illegal = (text: string) => easemobError('illegal_argument', 'java.lang.IllegalArgumentException', text)
const sendError = (text: string) => easemobError('message_send_error', 'MessageSendException', text)
const structure = illegal('this is an invalid request.')
const invalidBody = easemobError(
  'invalid_request_body',
  'java.lang.IllegalArgumentException',
  'Request body is invalid. Please check body is correct.',
)
const notFound = easemobError(
  'service_resource_not_found',
  'org.apache.usergrid.services.exceptions.ServiceResourceNotFoundException',
  'Service resource not found',
)
const oauth = easemobError('unauthorized', 'EasemobSecurityException', 'Unable to authenticate (OAuth)')

const older = { target_type: 'users', target: ['alice'], msg: { type: 'txt', msg: 'hi' } }
const newer = { to: ['alice'], type: 'txt', body: { msg: 'hi' } }
const broadcast = '/messages/chatrooms/broadcast'
const toAllRooms = { msg: { type: 'txt', msg: 'hi' } }
const names = (count: number) => Array.from({ length: count }, (_, index) => `u${index}`)
/** More than a message may hold, less than the body limit of the server it goes to. */
const longText = 'x'.repeat(41_000)
const roomyBodies = { POSTHOUSE_EASEMOB_BODY_BYTES_MAX: '65536' }

/** Sends to a user alice, with the app's token. */
const post =
  (path: string, body: unknown, settings: { edition?: Edition; limits?: object } = {}) =>
  async (stage: Stage): Promise<Received> => {
    const app = await makeEasemobApp(stage.app, settings)
    await app.register('alice')
    return app.call('POST', path, body)
  }

/** As `post`, to a server that takes bodies of 64 KiB. */
const postLong = (path: string, body: unknown, edition: Edition) => async (stage: Stage) => {
  const app = await makeEasemobApp(await stage.start(roomyBodies), { edition })
  await app.register('alice')
  return app.call('POST', path, body)
}

const withoutToken = (path: string, edition: Edition) => async (stage: Stage) =>
  (await makeEasemobApp(stage.app, { edition })).open('POST', path, newer)

const withUserToken = (path: string, edition: Edition) => async (stage: Stage) => {
  const app = await makeEasemobApp(stage.app, { edition })
  await app.register('alice')
  return app.as(await app.login('alice'))('POST', path, newer)
}

const postBytes = (path: string, body: string, edition: Edition) => async (stage: Stage) => {
  const app = await stage.makeApp({ edition })
  return send(app.easemob + path, { headers: { Authorization: await app.bearer() }, body })
}

type Form = 'messages' | 'messages_modern'

interface Row {
  readonly failure: FailureId
  readonly family: Form
  readonly edition?: Edition
  readonly title: string
  readonly provoke: Proof['provoke']
  /** Default: 400. */
  readonly status?: number
  readonly headers?: NonNullable<Proof['headers']>
  readonly body: string
}

const rows: readonly Row[] = [
  ...(['seed', 'live'] as const).flatMap(edition =>
    (
      [
        ['messages', '/messages'],
        ['messages_modern', '/messages/users'],
      ] as const
    ).flatMap(([family, path]): Row[] => [
      {
        failure: 'token_missing',
        family,
        edition,
        title: `${path} without a token answers 401 (OAuth)`,
        provoke: withoutToken(path, edition),
        status: 401,
        headers: { 'WWW-Authenticate': 'Bearer' },
        body: oauth,
      },
      {
        failure: 'token_insufficient',
        family,
        edition,
        title: `${path} with a user's token answers 401 (OAuth)`,
        provoke: withUserToken(path, edition),
        status: 401,
        headers: { 'WWW-Authenticate': 'Bearer' },
        body: oauth,
      },
    ]),
  ),
  {
    failure: 'json_malformed',
    family: 'messages_modern',
    title: 'the newer form answers json_parse in the seed edition',
    provoke: postBytes('/messages/users', '{"to"=1}', 'seed'),
    body: easemobError(
      'json_parse',
      'org.codehaus.jackson.JsonParseException',
      "Unexpected character ('=' (code 61)): was expecting a colon to separate field name and value\n at [Source: java.io.BufferedInputStream@<hex>; line: 1, column: 7]",
    ),
  },
  {
    failure: 'json_malformed',
    family: 'messages_modern',
    edition: 'live',
    title: 'the newer form answers invalid_request_body in the live edition',
    provoke: postBytes('/messages/users', '{"to"=1}', 'live'),
    body: invalidBody,
  },
  {
    failure: 'body_not_object',
    family: 'messages_modern',
    title: 'a body that is null has the wrong structure',
    provoke: postBytes('/messages/users', 'null', 'seed'),
    body: structure,
  },
  {
    failure: 'body_not_object',
    family: 'messages_modern',
    edition: 'live',
    title: 'a body that is null is an invalid_request_body in the live edition',
    provoke: postBytes('/messages/users', 'null', 'live'),
    body: invalidBody,
  },
  {
    failure: 'from_empty',
    family: 'messages',
    title: 'an empty sender is refused by the older form',
    provoke: post('/messages', { ...older, from: '' }),
    body: illegal("from can't be empty"),
  },
  {
    failure: 'from_empty',
    family: 'messages_modern',
    title: 'an empty sender is refused by the newer form',
    provoke: post('/messages/users', { ...newer, from: '' }),
    body: sendError("param from can't be empty"),
  },
  {
    failure: 'target_type_invalid',
    family: 'messages',
    title: 'a kind of receiver that there is not is refused',
    provoke: post('/messages', { ...older, target_type: 'user' }),
    body: illegal("target_type can only be 'users' or 'chatgroups' or 'chatrooms'"),
  },
  {
    failure: 'target_type_invalid',
    family: 'messages',
    title: 'without a kind of receiver nothing else is looked at',
    provoke: post('/messages', {}),
    body: illegal("target_type can only be 'users' or 'chatgroups' or 'chatrooms'"),
  },
  {
    failure: 'param_empty',
    family: 'messages_modern',
    title: 'a newer message to nobody is refused',
    provoke: post('/messages/users', { ...newer, to: [] }),
    body: sendError("param to can't be empty"),
  },
  {
    failure: 'param_empty',
    family: 'messages_modern',
    title: 'a newer message without a type is refused',
    provoke: post('/messages/chatgroups', { ...newer, type: undefined }),
    body: sendError("param type can't be empty"),
  },
  {
    failure: 'param_empty',
    family: 'messages_modern',
    title: 'a newer message without content is refused',
    provoke: post('/messages/chatrooms', { ...newer, body: null }),
    body: sendError("param body can't be empty"),
  },
  {
    failure: 'param_empty',
    family: 'messages_modern',
    title: 'a message for some members that names none is refused',
    provoke: post('/messages/chatgroups/users', newer),
    body: sendError("param users can't be empty"),
  },
  {
    failure: 'ext_not_object',
    family: 'messages_modern',
    title: 'an ext of null is refused',
    provoke: post('/messages/users', { ...newer, ext: null }),
    body: sendError('param ext must be JSONObject'),
  },
  {
    failure: 'targets_too_many',
    family: 'messages',
    title: 'the older form takes 600 users, not 601',
    provoke: post('/messages', { ...older, target: names(601) }),
    body: sendError("params to's size can't exceed limit 600"),
  },
  {
    failure: 'targets_too_many',
    family: 'messages_modern',
    title: 'the newer form takes 600 users, not 601',
    provoke: post('/messages/users', { ...newer, to: names(601) }),
    body: sendError("params to's size can't exceed limit 600"),
  },
  {
    failure: 'targets_too_many',
    family: 'messages_modern',
    title: 'a message goes to three groups, not to four',
    provoke: post('/messages/chatgroups', { ...newer, to: ['11', '12', '13', '14'] }),
    body: sendError("params to's size can't exceed limit 3"),
  },
  {
    failure: 'targets_too_many',
    family: 'messages_modern',
    title: 'a message goes to ten rooms, not to eleven',
    provoke: post('/messages/chatrooms', { ...newer, to: names(11) }),
    body: sendError("params to's size can't exceed limit 10"),
  },
  {
    failure: 'targets_too_many',
    family: 'messages_modern',
    title: 'a message goes to twenty members of a group, not to twenty-one',
    provoke: post('/messages/chatgroups/users', { ...newer, to: ['11'], users: names(21) }),
    body: sendError("params users's size can't exceed limit 20"),
  },
  {
    failure: 'message_body_invalid',
    family: 'messages',
    title: 'a type of message that there is not is refused by the older form',
    provoke: post('/messages', { ...older, msg: { type: 'text', msg: 'hi' } }),
    body: structure,
  },
  {
    failure: 'message_body_invalid',
    family: 'messages',
    title: 'an ext of null has the wrong structure in the older form',
    provoke: post('/messages', { ...older, ext: null }),
    body: structure,
  },
  {
    failure: 'message_body_invalid',
    family: 'messages',
    title: 'an older message to nobody has the wrong structure',
    provoke: post('/messages', { ...older, target: [] }),
    body: structure,
  },
  {
    failure: 'message_body_invalid',
    family: 'messages_modern',
    title: 'a text without its text is refused by the newer form',
    provoke: post('/messages/users', { ...newer, body: { text: 'hi' } }),
    body: structure,
  },
  {
    failure: 'message_body_invalid',
    family: 'messages_modern',
    edition: 'live',
    title: 'a list for a body is an invalid_request_body in the live edition',
    provoke: post('/messages/users', [newer], { edition: 'live' }),
    body: invalidBody,
  },
  {
    failure: 'message_too_large',
    family: 'messages',
    title: 'where bodies may be long, a message of more than 40 KB is refused by the older form',
    provoke: postLong('/messages', { ...older, msg: { type: 'txt', msg: longText } }, 'seed'),
    body: illegal('message is too large'),
  },
  {
    failure: 'message_too_large',
    family: 'messages_modern',
    title: 'where bodies may be long, a message of more than 40 KB is refused by the newer form',
    provoke: postLong('/messages/users', { ...newer, ext: { long: longText } }, 'seed'),
    body: illegal('message is too large'),
  },
  {
    failure: 'message_too_large',
    family: 'messages_modern',
    edition: 'live',
    title: 'the live edition adds a number of its own to the refusal of a long message',
    provoke: postLong('/messages/users', { ...newer, ext: { long: longText } }, 'live'),
    body: sendError('message is too large').replace(/}$/, ',"error_code":14007}'),
  },
  {
    failure: 'message_rate_reached',
    family: 'messages_modern',
    // Only the live edition has such a limit; nothing is worded differently for it.
    title: 'two receivers are more than the one message a minute that the app may send',
    provoke: post(
      '/messages/users',
      { ...newer, to: ['alice', 'bob'] },
      { edition: 'live', limits: { messages_per_minute: 1 } },
    ),
    status: 403,
    headers: { 'Retry-After': /^[1-9]\d?$/ },
    body: sendError('message send reach limit'),
  },
  {
    failure: 'broadcast_off',
    family: 'messages_modern',
    title: 'a message to all rooms of an app that has it switched off answers 403 (N-44)',
    provoke: async stage =>
      (await makeEasemobApp(stage.app, { room_broadcast: false })).call('POST', broadcast, toAllRooms),
    status: 403,
    body: easemobError(
      'forbidden_op',
      'EasemobForbiddenOpException',
      'message broadcast service is unopened',
    ),
  },
  {
    failure: 'broadcast_rooms_too_many',
    family: 'messages_modern',
    title: 'a message to more rooms than one may be written into reaches none',
    provoke: async stage => {
      const app = await makeEasemobApp(await stage.start({ POSTHOUSE_BROADCAST_ROOMS_MAX: '1' }))
      await app.register('alice')
      for (const name of ['hall', 'yard']) ok(await app.call('POST', '/chatrooms', { name, owner: 'alice' }))
      return app.call('POST', broadcast, toAllRooms)
    },
    status: 403,
    body: easemobError(
      'exceed_limit',
      'com.easemob.group.exception.ExceedLimitException',
      'chatrooms number more than maxSize : 1',
    ),
  },
  {
    failure: 'rate_limited',
    family: 'messages_modern',
    title: 'a second message to all rooms within a minute, where one is allowed, answers 429 (S-16)',
    provoke: async stage => {
      const app = await makeEasemobApp(stage.app, { limits: { room_broadcasts_per_minute: 1 } })
      ok(await app.call('POST', broadcast, toAllRooms))
      return app.call('POST', broadcast, toAllRooms)
    },
    status: 429,
    body: easemobError('reach_limit', 'EasemobReachLimitException', 'This request has reached api limit'),
  },
  {
    failure: 'param_empty',
    family: 'messages_modern',
    title: 'a message to all rooms that says nothing is refused',
    provoke: post(broadcast, { from: 'ops' }),
    body: sendError("param msg can't be empty"),
  },
  {
    failure: 'targets_unknown',
    family: 'messages',
    title: 'a message of which no receiver exists is refused',
    provoke: post('/messages', { ...older, target: ['ghost', 'shadow'] }),
    status: 404,
    body: notFound,
  },
  {
    failure: 'targets_unknown',
    family: 'messages_modern',
    title: 'a message to a group that does not exist is refused',
    provoke: post('/messages/chatgroups', { ...newer, to: ['12345'] }),
    status: 404,
    body: notFound,
  },
  {
    failure: 'targets_unknown',
    family: 'messages_modern',
    title: 'a user of another app is none of this one',
    provoke: async stage => {
      const other = await makeEasemobApp(stage.app)
      await other.register('zoe')
      ok(await other.call('POST', '/messages/users', { ...newer, to: ['zoe'] }))
      return post('/messages/users', { ...newer, to: ['zoe'] })(stage)
    },
    status: 404,
    body: notFound,
  },
]

export const proofs: readonly Proof[] = rows.map(row => ({ status: 400, ...row, dialect: 'easemob' }))
