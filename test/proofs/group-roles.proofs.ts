// Admins, barred, muted and allowed members of groups and rooms.
import { type EasemobApp, makeEasemobApp, ok } from '../easemob-caller.ts'
import type { Received } from '../http-client.ts'
import { easemobError, type Proof, type Stage } from './proof.ts'

const groupId = '987654321'
const invalid = (text: string) =>
  easemobError('invalid_parameter', 'com.easemob.group.exception.InvalidParameterException', text)
const forbidden = (text: string) =>
  easemobError('forbidden_op', 'com.easemob.group.exception.ForbiddenOpException', text)
const exceeds = (text: string) =>
  easemobError('exceed_limit', 'com.easemob.group.exception.ExceedLimitException', text)
const absent = easemobError(
  'resource_not_found',
  'com.easemob.group.exception.ResourceNotFoundException',
  `user: dave doesn't exist in group: ${groupId}`,
)
const noRight = easemobError(
  'group_authorization',
  'com.easemob.group.exception.GroupAuthorizationException',
  'you have no permission to do this,group fields require group admin privileges to be modified',
)

const usernames = Array.from({ length: 61 }, (_, index) => `u${index}`)
const names = usernames.join(',')

/** Below a group that alice owns and bob is in; dave is not. */
const inGroup =
  (act: (call: EasemobApp['call'], app: EasemobApp) => Promise<Received>) =>
  async ({ app: server }: Stage): Promise<Received> => {
    const app = await makeEasemobApp(server)
    await app.register('alice', 'bob', 'dave')
    const group = { groupname: 'ops', public: true, owner: 'alice', members: ['bob'], groupid: groupId }
    ok(await app.call('POST', '/chatgroups', group))
    const below =
      (call: EasemobApp['call']): EasemobApp['call'] =>
      (method, path, body) =>
        call(method, `/chatgroups/${groupId}${path}`, body)
    const answer = await act(below(app.call), { ...app, as: token => below(app.as(token)) })
    // The id is free for the next proof.
    ok(await app.call('DELETE', `/chatgroups/${groupId}`))
    return answer
  }

async function withManyAdmins(call: EasemobApp['call'], app: EasemobApp): Promise<Received> {
  const many = Array.from({ length: 100 }, (_, index) => `admin-${index}`)
  for (const batch of [many.slice(0, 50), many.slice(50)]) {
    const users = batch.map(username => ({ username, password: 'pw' }))
    ok(await app.call('POST', '/users', users))
    ok(await call('POST', '/users', { usernames: batch }))
  }
  for (const newadmin of many.slice(0, 99)) ok(await call('POST', '/admin', { newadmin }))
  return call('POST', '/admin', { newadmin: many.at(-1) })
}

export const proofs: readonly Proof[] = [
  {
    failure: 'role_member_absent',
    dialect: 'easemob',
    title: 'making a user an admin who is no member answers 404 (N-79)',
    provoke: inGroup(call => call('POST', '/admin', { newadmin: 'dave' })),
    status: 404,
    body: absent,
  },
  {
    failure: 'role_member_absent',
    dialect: 'easemob',
    title: 'blocking a user who is no member answers 404 (N-79)',
    provoke: inGroup(call => call('POST', '/blocks/users/dave')),
    status: 404,
    body: absent,
  },
  {
    failure: 'admin_absent',
    dialect: 'easemob',
    title: 'unmaking an admin who is none answers 403 (N-80)',
    provoke: inGroup(call => call('DELETE', '/admin/bob')),
    status: 403,
    body: forbidden(`user:bob is not admin of group:${groupId}`),
  },
  {
    failure: 'admins_too_many',
    dialect: 'easemob',
    title: 'a hundredth admin answers 403',
    provoke: inGroup(withManyAdmins),
    status: 403,
    body: exceeds('admins number more than maxSize : 99'),
  },
  {
    failure: 'owner_protected',
    dialect: 'easemob',
    title: 'blocking the owner answers 403 (N-78)',
    provoke: inGroup(call => call('POST', '/blocks/users/alice')),
    status: 403,
    body: forbidden('forbidden operation on group owner!'),
  },
  {
    failure: 'owner_protected',
    dialect: 'easemob',
    title: 'muting the owner answers 403 (N-78)',
    provoke: inGroup(call => call('POST', '/mute', { usernames: ['alice'], mute_duration: 1_000 })),
    status: 403,
    body: forbidden('forbidden operation on group owner!'),
  },
  {
    failure: 'member_absent',
    dialect: 'easemob',
    title: 'muting users of whom one is no member answers 403 and names that one (N-75)',
    provoke: inGroup(call => call('POST', '/mute', { usernames: ['bob', 'dave'], mute_duration: 1_000 })),
    status: 403,
    body: forbidden('users [dave] are not members of this group!'),
  },
  {
    failure: 'members_too_many_to_block',
    dialect: 'easemob',
    title: 'blocking more than 60 at once answers 400 (N-72)',
    provoke: inGroup(call => call('POST', '/blocks/users', { usernames })),
    status: 400,
    body: invalid('userNames is more than max limit : 60'),
  },
  {
    failure: 'members_too_many_to_unblock',
    dialect: 'easemob',
    title: 'unblocking more than 60 at once answers 400 (N-72)',
    provoke: inGroup(call => call('DELETE', `/blocks/users/${names}`)),
    status: 400,
    body: invalid('removeBlacklist: list size more than max limit : 60'),
  },
  {
    failure: 'members_too_many_to_mute',
    dialect: 'easemob',
    title: 'muting more than 60 at once answers 400 (N-72)',
    provoke: inGroup(call => call('POST', '/mute', { usernames, mute_duration: -1 })),
    status: 400,
    body: invalid('userNames size is more than max limit : 60'),
  },
  {
    failure: 'members_too_many_to_unmute',
    dialect: 'easemob',
    title: 'lifting the mutes of more than 60 at once answers 400 (N-72)',
    provoke: inGroup(call => call('DELETE', `/mute/${names}`)),
    status: 400,
    body: invalid('removeMute member size more than max limit : 60'),
  },
  {
    failure: 'announcement_too_long',
    dialect: 'easemob',
    title: 'an announcement of more than 512 characters answers 403',
    provoke: inGroup(call => call('POST', '/announcement', { announcement: 'x'.repeat(513) })),
    status: 403,
    body: exceeds('announcement cannot exceed to 512'),
  },
  {
    failure: 'announcement_blocked',
    dialect: 'easemob',
    title: 'an announcement with a word that the app has blocked answers 403 (N-81)',
    provoke: inGroup(async (call, { change }) => {
      await change({ blocked_words: ['other', 'lottery'] })
      return call('POST', '/announcement', { announcement: 'Join our ＬＯＴＴＥＲＹ!' })
    }),
    status: 403,
    body: easemobError(
      'group_announce_violation',
      undefined,
      'the announcement is violation, please change it.',
    ),
  },
  {
    failure: 'field_missing',
    dialect: 'easemob',
    title: 'a mute of no duration answers 400 (N-63)',
    provoke: inGroup(call => call('POST', '/mute', { usernames: ['bob'] })),
    status: 400,
    body: invalid('mute_duration must be provided'),
  },
  {
    failure: 'field_invalid',
    dialect: 'easemob',
    title: 'a mute of half a millisecond answers 400',
    provoke: inGroup(call => call('POST', '/mute', { usernames: ['bob'], mute_duration: 0.5 })),
    status: 400,
    body: invalid('mute_duration is not valid'),
  },
  {
    failure: 'member_blocked',
    dialect: 'easemob',
    title: 'adding a user whom the group bars answers 403',
    provoke: inGroup(async call => {
      ok(await call('POST', '/blocks/users/bob'))
      return call('POST', '/users/bob')
    }),
    status: 403,
    body: forbidden(`can not join this group, reason:user: bob is in the blacklist of group: ${groupId}`),
  },
  {
    failure: 'group_right_missing',
    dialect: 'easemob',
    title: 'a member who mutes another with its own token answers 401 (N-15)',
    provoke: inGroup(async (_call, app) => {
      const bob = app.as(await app.login('bob'))
      return bob('POST', '/mute', { usernames: ['alice'], mute_duration: -1 })
    }),
    status: 401,
    body: noRight,
  },
]
