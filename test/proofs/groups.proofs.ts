// Groups and chat rooms. Where a text names a group, the proof chooses its id.
import type { Edition } from '../../src/contract/failure.ts'
import { type EasemobApp, makeEasemobApp, ok } from '../easemob-caller.ts'
import { type Received, send } from '../http-client.ts'
import { easemobError, type Proof, type Stage } from './proof.ts'

const illegalArgument = (text: string) =>
  easemobError('illegal_argument', 'java.lang.IllegalArgumentException', text)
const invalidParameter = (text: string) =>
  easemobError('invalid_parameter', 'com.easemob.group.exception.InvalidParameterException', text)
const forbidden = (text: string) =>
  easemobError('forbidden_op', 'com.easemob.group.exception.ForbiddenOpException', text)
const exceeds = (text: string) =>
  easemobError('exceed_limit', 'com.easemob.group.exception.ExceedLimitException', text)
const liveNotFound = (text: string) =>
  easemobError('resource_not_found', 'com.easemob.group.exception.ResourceNotFoundException', text)
const serviceNotFound = (text: string) =>
  easemobError(
    'service_resource_not_found',
    'com.easemob.group.exception.ServiceResourceNotFoundException',
    text,
  )
const notFound = serviceNotFound('Service resource not found')
const tokenBlank = easemobError(
  'group_authorization',
  'com.easemob.group.exception.GroupAuthorizationException',
  'token is blank!',
)

const unknownId = '987654321'
const group = { groupname: 'ops', public: true, owner: 'alice' }
const room = { name: 'hall', owner: 'alice' }
const tooMany = Array.from({ length: 61 }, (_, index) => `u${index}`)

type Call = EasemobApp['call']
type Act = (call: Call) => Promise<Received>

/** An app of its own with the users alice, bob, carol and dave. */
const inApp =
  (act: Act, edition: Edition = 'seed') =>
  async (stage: Stage): Promise<Received> => {
    const { call } = await makeEasemobApp(stage.app, { edition })
    await register(call)
    return act(call)
  }

/** As `inApp`, with a group `id` of alice, bob and carol that holds three. */
const inGroup = (id: string, act: Act, edition: Edition = 'seed') =>
  inApp(async call => {
    ok(await call('POST', '/chatgroups', { ...group, groupid: id, members: ['bob', 'carol'], maxusers: 3 }))
    return act(call)
  }, edition)

/** As `inApp`, with a chat room of alice and bob. */
const inRoom = (act: (call: Call, path: string) => Promise<Received>, edition: Edition = 'seed') =>
  inApp(async call => {
    const made = ok(await call('POST', '/chatrooms', { ...room, members: ['bob'] }))
    return act(call, `/chatrooms/${made.json.data.id}`)
  }, edition)

/** The demo app of a server that allows one of something. */
const withLimit = (variable: string, act: Act) => async (stage: Stage) => {
  const { easemob, demo } = await stage.start({ [variable]: '1' })
  const { client_id, client_secret } = demo
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const headers = {
    Authorization: `Bearer ${(await send(`${easemob}/token`, { body: grant })).json.access_token}`,
  }
  const call: Call = (method, path, body) => send(easemob + path, { method, headers, body: body as object })
  await register(call)
  return act(call)
}

async function register(call: Call): Promise<void> {
  const users = ['alice', 'bob', 'carol', 'dave'].map(username => ({ username, password: 'pw' }))
  ok(await call('POST', '/users', users))
}

const withoutToken = (path: string) => async (stage: Stage) =>
  (await makeEasemobApp(stage.app)).open('GET', path)

const withUserToken = (path: string) => async (stage: Stage) => {
  const app = await makeEasemobApp(stage.app)
  await register(app.call)
  return app.as(await app.login('alice'))('GET', path)
}

const challenge = { 'WWW-Authenticate': 'Bearer' }

const callers: readonly Proof[] = [
  {
    failure: 'token_missing',
    dialect: 'easemob',
    family: 'groups',
    title: 'a call to groups without a token answers 401 token is blank!',
    provoke: withoutToken('/chatgroups'),
    status: 401,
    headers: challenge,
    body: tokenBlank,
  },
  {
    failure: 'token_missing',
    dialect: 'easemob',
    family: 'rooms',
    title: 'a call to chat rooms without a token answers 401 token is blank!',
    provoke: withoutToken('/chatrooms'),
    status: 401,
    headers: challenge,
    body: tokenBlank,
  },
  {
    failure: 'token_insufficient',
    dialect: 'easemob',
    family: 'groups',
    title: 'a user cannot list the groups of the app',
    provoke: withUserToken('/chatgroups'),
    status: 401,
    headers: challenge,
    body: tokenBlank,
  },
  {
    failure: 'token_insufficient',
    dialect: 'easemob',
    family: 'rooms',
    title: 'a user cannot list the super admins of chat rooms',
    provoke: withUserToken('/chatrooms/super_admin'),
    status: 401,
    headers: challenge,
    body: tokenBlank,
  },
]

const existence: readonly Proof[] = [
  {
    failure: 'group_unknown',
    dialect: 'easemob',
    title: 'dissolving a group that does not exist answers 404',
    provoke: inApp(call => call('DELETE', `/chatgroups/${unknownId}`)),
    status: 404,
    body: notFound,
  },
  {
    failure: 'group_unknown',
    dialect: 'easemob',
    edition: 'live',
    title: 'dissolving a group that does not exist names it',
    provoke: inApp(call => call('DELETE', `/chatgroups/${unknownId}`), 'live'),
    status: 404,
    body: liveNotFound('grpID 987654321 does not exist!'),
  },
  {
    failure: 'group_unknown',
    dialect: 'easemob',
    edition: 'live',
    title: 'the members of a chat room that does not exist are not found',
    provoke: inApp(call => call('GET', `/chatrooms/${unknownId}/users`), 'live'),
    status: 404,
    body: liveNotFound('grpID 987654321 does not exist!'),
  },
  {
    failure: 'group_unknown',
    dialect: 'easemob',
    title: 'a chat room is no group',
    provoke: inRoom((call, path) => call('DELETE', path.replace('chatrooms', 'chatgroups'))),
    status: 404,
    body: notFound,
  },
  {
    failure: 'group_details_unknown',
    dialect: 'easemob',
    title: 'details of groups of which none exists answer 404',
    provoke: inApp(call => call('GET', `/chatgroups/${unknownId},nonsense`)),
    status: 404,
    body: notFound,
  },
  {
    failure: 'group_details_unknown',
    dialect: 'easemob',
    edition: 'live',
    title: 'details of a group that does not exist name it',
    provoke: inApp(call => call('GET', `/chatgroups/${unknownId}`), 'live'),
    status: 404,
    body: serviceNotFound('do not find this group:987654321'),
  },
  {
    failure: 'single_member_unknown',
    dialect: 'easemob',
    title: 'adding one user who does not exist answers 404',
    provoke: inGroup('910001', call => call('POST', '/chatgroups/910001/users/ghost')),
    status: 404,
    body: notFound,
  },
  {
    failure: 'single_member_unknown',
    dialect: 'easemob',
    edition: 'live',
    title: 'adding one user who does not exist names the user',
    provoke: inRoom((call, path) => call('POST', `${path}/users/ghost`), 'live'),
    status: 404,
    body: liveNotFound("username ghost doesn't exist!"),
  },
  {
    failure: 'member_unknown',
    dialect: 'easemob',
    title: 'adding several users names the first who does not exist (seed S-9)',
    provoke: inGroup('910002', call =>
      call('POST', '/chatgroups/910002/users', { usernames: ['dave', 'username1', 'ghost'] }),
    ),
    status: 400,
    body: illegalArgument("group member username1 doesn't exist"),
  },
  {
    failure: 'member_unknown',
    dialect: 'easemob',
    title: 'a chat room cannot be made with a member who does not exist',
    provoke: inApp(call => call('POST', '/chatrooms', { ...room, members: ['bob', 'ghost'] })),
    status: 400,
    body: illegalArgument("group member ghost doesn't exist"),
  },
  {
    failure: 'member_unknown',
    dialect: 'easemob',
    edition: 'live',
    title: 'adding several users of whom one does not exist answers 404',
    provoke: inGroup(
      '910003',
      call => call('POST', '/chatgroups/910003/users', { usernames: ['dave', 'ghost'] }),
      'live',
    ),
    status: 404,
    body: liveNotFound("username ghost doesn't exist!"),
  },
  {
    failure: 'owner_unknown',
    dialect: 'easemob',
    title: 'a group cannot be made for an owner who does not exist',
    provoke: inApp(call => call('POST', '/chatgroups', { ...group, owner: 'Ghost' })),
    status: 400,
    body: illegalArgument("group member Ghost doesn't exist"),
  },
  {
    failure: 'owner_unknown',
    dialect: 'easemob',
    edition: 'live',
    title: 'a group cannot be handed to a user who does not exist',
    provoke: inGroup('910004', call => call('PUT', '/chatgroups/910004', { newowner: 'ghost' }), 'live'),
    status: 404,
    body: liveNotFound("username ghost doesn't exist!"),
  },
]

const fields: readonly Proof[] = [
  {
    failure: 'public_missing',
    dialect: 'easemob',
    title: 'a new group has to say whether it is public',
    provoke: inApp(call => call('POST', '/chatgroups', { groupname: 'ops', owner: 'alice' })),
    status: 400,
    body: invalidParameter('group must contain public field!'),
  },
  {
    failure: 'room_name_missing',
    dialect: 'easemob',
    title: 'a new chat room has to have a name',
    provoke: inApp(call => call('POST', '/chatrooms', { owner: 'alice' })),
    status: 400,
    body: invalidParameter('chatroom must contain title/name field!'),
  },
  {
    failure: 'field_missing',
    dialect: 'easemob',
    title: 'a new group has to have an owner',
    provoke: inApp(call => call('POST', '/chatgroups', { groupname: 'ops', public: false })),
    status: 400,
    body: invalidParameter('owner must be provided'),
  },
  {
    failure: 'field_invalid',
    dialect: 'easemob',
    title: 'the size of a group is a number',
    provoke: inApp(call => call('POST', '/chatgroups', { ...group, maxusers: [200] })),
    status: 400,
    body: invalidParameter('maxusers is not valid'),
  },
  {
    failure: 'avatar_too_long',
    dialect: 'easemob',
    title: 'the address of an avatar of 1025 characters is too long',
    provoke: inApp(call => call('POST', '/chatgroups', { ...group, avatar: 'a'.repeat(1025) })),
    status: 400,
    body: invalidParameter('avatar length is too big'),
  },
  {
    failure: 'group_id_exists',
    dialect: 'easemob',
    title: 'a group id that is taken cannot be taken again',
    provoke: inGroup('920001', call => call('POST', '/chatgroups', { ...group, groupid: 920001 })),
    status: 400,
    body: illegalArgument('group ID 920001 already exists!'),
  },
  {
    failure: 'name_too_long',
    dialect: 'easemob',
    title: 'a name of 129 characters is too long for a group',
    provoke: inApp(call => call('POST', '/chatgroups', { ...group, groupname: 'n'.repeat(129) })),
    status: 403,
    body: exceeds('title cannot exceed to 128'),
  },
  {
    failure: 'group_name_blocked',
    dialect: 'easemob',
    title: 'a group whose name holds a word that the app has blocked is not made (N-73)',
    provoke: async ({ app: server }) => {
      const app = await makeEasemobApp(server, { blocked_words: ['casino'] })
      await register(app.call)
      return app.call('POST', '/chatgroups', { ...group, groupname: 'My Casino' })
    },
    status: 403,
    body: easemobError('group_name_violation', undefined, 'My Casino is violation, please change it.'),
  },
  {
    failure: 'group_name_blocked',
    dialect: 'easemob',
    title: 'a chat room is not renamed to a word that the app has blocked, by its owner neither (N-73)',
    provoke: async ({ app: server }) => {
      const app = await makeEasemobApp(server, { blocked_words: ['casino'] })
      await register(app.call)
      const made = ok(await app.call('POST', '/chatrooms', room))
      const asAlice = app.as(await app.login('alice'))
      return asAlice('PUT', `/chatrooms/${made.json.data.id}`, { name: 'CASINO' })
    },
    status: 403,
    body: easemobError('group_name_violation', undefined, 'CASINO is violation, please change it.'),
  },
  {
    failure: 'description_too_long',
    dialect: 'easemob',
    title: 'a description of 513 characters is too long for a chat room',
    provoke: inRoom((call, path) => call('PUT', path, { description: 'd'.repeat(513) })),
    status: 403,
    body: exceeds('desc cannot exceed to 512'),
  },
  {
    failure: 'maxusers_too_large',
    dialect: 'easemob',
    title: 'a chat room holds 10000 at most',
    provoke: inRoom((call, path) => call('PUT', path, { maxusers: 10_001 })),
    status: 403,
    body: exceeds('maxUsers cannot exceed 10000'),
  },
  {
    failure: 'fields_unknown',
    dialect: 'easemob',
    title: 'an update cannot name another id',
    provoke: inGroup('920002', call =>
      call('PUT', '/chatgroups/920002', { groupid: '5', chatroom_id: '6', nonsense: 1 }),
    ),
    status: 400,
    body: invalidParameter('some of [groupid, chatroom_id] are not valid fields'),
  },
  {
    failure: 'members_too_many_to_add',
    dialect: 'easemob',
    title: '61 users are too many to be added in one call',
    provoke: inGroup('920003', call => call('POST', '/chatgroups/920003/users', { usernames: tooMany })),
    status: 400,
    body: invalidParameter('addMembers: addMembers number more than maxSize : 60'),
  },
  {
    failure: 'members_too_many_to_kick',
    dialect: 'easemob',
    title: '61 users are too many to be removed in one call',
    provoke: inRoom((call, path) => call('DELETE', `${path}/users/${tooMany.join(',')}`)),
    status: 400,
    body: invalidParameter('kickMember: kickMembers number more than maxSize : 60'),
  },
]

const rules: readonly Proof[] = [
  {
    failure: 'maxusers_below_count',
    dialect: 'easemob',
    title: 'a group cannot be made smaller than it is',
    provoke: inGroup('930001', call => call('PUT', '/chatgroups/930001', { maxusers: 2 })),
    status: 403,
    body: forbidden('current user count is larger than the maxUsers that you want to update !'),
  },
  {
    failure: 'group_full',
    dialect: 'easemob',
    title: 'a full group takes nobody',
    provoke: inGroup('930002', call => call('POST', '/chatgroups/930002/users/dave')),
    status: 403,
    body: exceeds('members size is greater than max user size !'),
  },
  {
    failure: 'groups_too_many',
    dialect: 'easemob',
    title: 'an app that may have one group cannot make another',
    provoke: withLimit('POSTHOUSE_GROUPS_PER_APP_MAX', async call => {
      ok(await call('POST', '/chatgroups', group))
      return call('POST', '/chatgroups', group)
    }),
    status: 403,
    body: exceeds('appKey:demo#chat has create too many groups!'),
  },
  {
    failure: 'groups_too_many',
    dialect: 'easemob',
    family: 'rooms',
    title: 'an app that may have one chat room cannot make another',
    provoke: withLimit('POSTHOUSE_GROUPS_PER_APP_MAX', async call => {
      ok(await call('POST', '/chatgroups', group))
      ok(await call('POST', '/chatrooms', room))
      return call('POST', '/chatrooms', room)
    }),
    status: 403,
    body: exceeds('appKey:demo#chat has create too many chatrooms!'),
  },
  {
    failure: 'user_groups_too_many',
    dialect: 'easemob',
    title: 'a user who may be in one group is not added to another',
    provoke: withLimit('POSTHOUSE_GROUPS_PER_USER_MAX', async call => {
      ok(await call('POST', '/chatgroups', { ...group, members: ['bob'] }))
      ok(await call('POST', '/chatgroups', { ...group, owner: 'carol', groupid: '940001' }))
      return call('POST', '/chatgroups/940001/users', { usernames: ['dave', 'Bob'] })
    }),
    status: 403,
    body: exceeds('user bob has joined too many groups!'),
  },
  {
    failure: 'user_groups_too_many',
    dialect: 'easemob',
    family: 'rooms',
    title: 'a user who may be in one chat room cannot own another',
    provoke: withLimit('POSTHOUSE_GROUPS_PER_USER_MAX', async call => {
      ok(await call('POST', '/chatrooms', room))
      return call('POST', '/chatrooms', room)
    }),
    status: 403,
    body: exceeds('user alice has joined too many chatrooms!'),
  },
  {
    failure: 'member_already',
    dialect: 'easemob',
    title: 'adding a user who is in the group answers 403',
    provoke: inGroup('930003', call => call('POST', '/chatgroups/930003/users/Bob')),
    status: 403,
    body: '{"error":"forbidden_op","timestamp":<timestamp>,"duration":<duration>,"exception":"com.easemob.group.exception.ForbiddenOpException","error_description":"can not join this group, reason:user: bob already in group: 930003\\n"}',
  },
  {
    failure: 'member_already',
    dialect: 'easemob',
    title: 'adding several users who are all in the group answers 403',
    provoke: inGroup('930004', call =>
      call('POST', '/chatgroups/930004/users', { usernames: ['carol', 'bob'] }),
    ),
    status: 403,
    body: forbidden('can not join this group, reason:user: carol already in group: 930004\n'),
  },
  {
    failure: 'member_absent',
    dialect: 'easemob',
    title: 'removing somebody who is not in the chat room answers 403',
    provoke: inRoom((call, path) => call('DELETE', `${path}/users/dave`)),
    status: 403,
    body: '{"error":"forbidden_op","timestamp":<timestamp>,"duration":<duration>,"exception":"com.easemob.group.exception.ForbiddenOpException","error_description":"users [dave] are not members of this group!"}',
  },
  {
    failure: 'member_absent',
    dialect: 'easemob',
    title: 'removing somebody who is no user from a group answers 403',
    provoke: inGroup('930005', call => call('DELETE', '/chatgroups/930005/users/ghost')),
    status: 403,
    body: forbidden('users [ghost] are not members of this group!'),
  },
  {
    failure: 'member_absent',
    dialect: 'easemob',
    title: 'removing several of whom none is in the group answers 403',
    provoke: inGroup('930006', call => call('DELETE', '/chatgroups/930006/users/dave,ghost')),
    status: 403,
    body: forbidden('users [dave, ghost] are not members of this group!'),
  },
  {
    failure: 'new_owner_absent',
    dialect: 'easemob',
    title: 'a group cannot be handed to somebody who is not in it',
    provoke: inGroup('930007', call => call('PUT', '/chatgroups/930007', { newowner: 'dave' })),
    status: 403,
    body: forbidden("user: dave doesn't exist in group: 930007"),
  },
  {
    failure: 'new_owner_same',
    dialect: 'easemob',
    title: 'a chat room cannot be handed to its owner',
    provoke: inRoom((call, path) => call('PUT', path, { newowner: 'Alice' })),
    status: 403,
    body: forbidden('new owner and old owner are the same'),
  },
  {
    failure: 'owner_protected',
    dialect: 'easemob',
    title: 'the owner cannot be removed from the group',
    provoke: inGroup('930008', call => call('DELETE', '/chatgroups/930008/users/alice')),
    status: 403,
    body: forbidden('forbidden operation on group owner!'),
  },
  {
    failure: 'owner_protected',
    dialect: 'easemob',
    title: 'nobody is removed from a chat room when the owner is among them',
    provoke: inRoom((call, path) => call('DELETE', `${path}/users/bob,alice`)),
    status: 403,
    body: forbidden('forbidden operation on group owner!'),
  },
]

export const proofs: readonly Proof[] = [...callers, ...existence, ...fields, ...rules]
