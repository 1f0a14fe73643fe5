// What users may not do with groups and rooms by their own tokens, and what attributes cannot be.
import type { Edition } from '../../src/contract/failure.ts'
import { type EasemobApp, makeEasemobApp, ok } from '../easemob-caller.ts'
import type { Received } from '../http-client.ts'
import { easemobError, type Proof, type Stage } from './proof.ts'

type Call = EasemobApp['call']
type Act = (app: EasemobApp, as: Readonly<Record<'alice' | 'bob' | 'carol', Call>>) => Promise<Received>

const id = '424242001'

const noRight = easemobError(
  'group_authorization',
  'com.easemob.group.exception.GroupAuthorizationException',
  'you have no permission to do this,group fields require group admin privileges to be modified',
)
const noRequest = (user: string, group: string) =>
  easemobError(
    'resource_not_found',
    'com.easemob.group.exception.ResourceNotFoundException',
    `there is no request of user: ${user} in group: ${group}`,
  )
const notFound = easemobError(
  'service_resource_not_found',
  'com.easemob.group.exception.ServiceResourceNotFoundException',
  'Service resource not found',
)
const tooLarge = (text: string) =>
  easemobError('metadata_error', undefined, text).replace(/}$/, ',"error_code":60009}')

/** In an app of these three users, each with its own token. */
const inApp =
  (act: Act, edition: Edition = 'seed') =>
  async ({ app: server }: Stage): Promise<Received> => {
    const app = await makeEasemobApp(server, { edition })
    await app.register('alice', 'bob', 'carol')
    const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map(name => app.login(name)))
    return act(app, { alice: app.as(alice!), bob: app.as(bob!), carol: app.as(carol!) })
  }

/** As `inApp`, with a group of alice that bob is in. */
const inGroup = (groupid: string, act: Act, settings: object = {}, edition: Edition = 'seed') =>
  inApp(async (app, as) => {
    const group = { groupid, groupname: 'ops', public: true, owner: 'alice', members: ['bob'], ...settings }
    ok(await app.call('POST', '/chatgroups', group))
    return act(app, as)
  }, edition)

/** As `inApp`, with a room of alice that bob is in. */
const inRoom = (act: (path: string, as: Parameters<Act>[1]) => Promise<Received>) =>
  inApp(async (app, as) => {
    const made = ok(await app.call('POST', '/chatrooms', { name: 'hall', owner: 'alice', members: ['bob'] }))
    return act(`/metadata/chatroom/${made.json.data.id}/user/bob`, as)
  })

const right = { failure: 'group_right_missing', dialect: 'easemob', status: 401, body: noRight } as const
const request = { failure: 'group_request_absent', dialect: 'easemob', status: 404 } as const
const large = { failure: 'member_attributes_too_large', dialect: 'easemob', status: 400 } as const
const many = {
  failure: 'room_attributes_too_many',
  dialect: 'easemob',
  status: 400,
  body: tooLarge('number of metadata is exceeding maximum limit : 10'),
} as const

const keys = Array.from({ length: 11 }, (_, index) => `k${index}`)
const ofBob = (groupid: string) => `/metadata/chatgroup/${groupid}/user/bob`

export const proofs: readonly Proof[] = [
  {
    ...right,
    title: 'a member who renames its group answers 401',
    provoke: inGroup(`${id}01`, (_, { bob }) => bob('PUT', `/chatgroups/${id}01`, { groupname: 'mine' })),
  },
  {
    ...right,
    title: 'a member who dissolves its group answers 401',
    provoke: inGroup(`${id}02`, (_, { bob }) => bob('DELETE', `/chatgroups/${id}02`)),
  },
  {
    ...right,
    title: 'a member who hands its group to itself answers 401',
    provoke: inGroup(`${id}03`, (_, { bob }) => bob('PUT', `/chatgroups/${id}03`, { newowner: 'bob' })),
  },
  {
    ...right,
    title: 'a member who sends away another answers 401',
    provoke: inGroup(`${id}04`, (_, { bob }) => bob('DELETE', `/chatgroups/${id}04/users/carol`), {
      members: ['bob', 'carol'],
    }),
  },
  {
    ...right,
    title: 'a list of members for who is none answers 401',
    provoke: inGroup(`${id}05`, (_, { carol }) => carol('GET', `/chatgroups/${id}05/users`)),
  },
  {
    ...right,
    title: 'a member who decides on a request to join answers 401',
    provoke: inGroup(`${id}06`, (_, { bob }) =>
      bob('POST', `/chatgroups/${id}06/apply_verify`, { applicant: 'carol', verifyResult: true }),
    ),
  },
  {
    ...right,
    title: 'a member who invites where only the owner may answers 401',
    provoke: inGroup(`${id}07`, (_, { bob }) =>
      bob('POST', `/chatgroups/${id}07/invite`, { usernames: ['carol'] }),
    ),
  },
  {
    ...right,
    title: 'an invitation answered by another answers 401',
    provoke: inGroup(`${id}08`, (_, { bob }) =>
      bob('POST', `/chatgroups/${id}08/invite_verify`, { invitee: 'carol', verifyResult: true }),
    ),
  },
  {
    ...right,
    title: 'attributes of another member set by a plain one answer 401',
    provoke: inGroup(`${id}09`, (_, { bob }) =>
      bob('PUT', `/metadata/chatgroup/${id}09/user/alice`, { metaData: { nick: 'x' } }),
    ),
  },
  {
    ...right,
    title: 'a group made by one user for another answers 401',
    provoke: inApp((_, { bob }) =>
      bob('POST', '/chatgroups', { groupname: 'ops', public: true, owner: 'alice' }),
    ),
  },
  {
    ...right,
    title: 'what only a user does answers 401 to the app',
    provoke: inGroup(`${id}10`, app => app.call('DELETE', `/chatgroups/${id}10/quit`)),
  },
  {
    ...request,
    title: 'accepting a user who has not asked to join answers 404',
    provoke: inGroup(`${id}11`, (_, { alice }) =>
      alice('POST', `/chatgroups/${id}11/apply_verify`, { applicant: 'carol', verifyResult: true }),
    ),
    body: noRequest('carol', `${id}11`),
  },
  {
    ...request,
    title: 'accepting an invitation that nobody has sent answers 404',
    provoke: inGroup(`${id}12`, (_, { carol }) =>
      carol('POST', `/chatgroups/${id}12/invite_verify`, { invitee: 'carol', verifyResult: true }),
    ),
    body: noRequest('carol', `${id}12`),
  },
  {
    failure: 'metadata_group_unknown',
    dialect: 'easemob',
    title: 'attributes in a group that does not exist answer 404 (seed S-14)',
    provoke: inApp(app => app.call('GET', ofBob('999'))),
    status: 404,
    body: notFound,
  },
  {
    failure: 'metadata_group_unknown',
    dialect: 'easemob',
    edition: 'live',
    title: 'attributes in a group that does not exist name the group in the live edition',
    provoke: inApp(app => app.call('PUT', ofBob('999'), { metaData: { nick: 'x' } }), 'live'),
    status: 404,
    body: easemobError(
      'metadata_error',
      'com.easemob.group.exception.ServiceResourceNotFoundException',
      'group not exists',
    ),
  },
  {
    ...large,
    title: 'a name of 17 characters in the attributes of a member answers 400',
    provoke: inGroup(`${id}13`, (_, { bob }) =>
      bob('PUT', ofBob(`${id}13`), { metaData: { ['n'.repeat(17)]: 'x' } }),
    ),
    body: tooLarge('exceeds chatgroup user metadata single key limit'),
  },
  {
    ...large,
    title: 'a value of 513 characters in the attributes of a member answers 400',
    provoke: inGroup(`${id}14`, (_, { bob }) =>
      bob('PUT', ofBob(`${id}14`), { metaData: { nick: 'x'.repeat(513) } }),
    ),
    body: tooLarge('exceeds chatgroup user metadata single value limit'),
  },
  {
    ...large,
    title: 'more than 4096 characters of attributes of a member answer 400',
    provoke: inGroup(`${id}15`, async (_, { bob }) => {
      const some = (from: number) =>
        Object.fromEntries(keys.slice(from, from + 4).map(key => [key, 'x'.repeat(512)]))
      ok(await bob('PUT', ofBob(`${id}15`), { metaData: some(0) }))
      return bob('PUT', ofBob(`${id}15`), { metaData: some(4) })
    }),
    body: tooLarge('exceeds chatgroup user metadata single user limit'),
  },
  {
    ...many,
    title: 'the 11th attribute of a room in one call answers 400',
    provoke: inRoom((path, { bob }) =>
      bob('PUT', path, { metaData: Object.fromEntries(keys.map(key => [key, 'x'])) }),
    ),
  },
  {
    ...many,
    title: 'the 11th attribute of a room that one call removes answers 400',
    provoke: inRoom((path, { bob }) => bob('DELETE', path, { keys })),
  },
]
