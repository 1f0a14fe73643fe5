// Attributes of members of groups and of rooms, and the super admins of rooms (easemob.md §2.11, §2.12).
import { Type } from 'typebox'
import { easemobLimits } from '../../contract/limits.ts'
import type { AttributeChanges, Attributes } from '../../contract/operations/group-attributes.ts'
import { Refusal } from '../../contract/refusal.ts'
import { dataEnvelope, dataOnlyEnvelope } from './envelope.ts'
import { anyObject, groupOf } from './group-calls.ts'
import { readMember } from './group-fields.ts'
import { readPage } from './paging.ts'
import type { EasemobRoute } from './route.ts'
import { anyToken, appOnly, appOrSelf, userOf } from './user-need.ts'

const { memberAttributeTargetsMax, roomAttributesPerCallMax, groupsPageDefault, groupsPageMax } =
  easemobLimits

const texts = Type.Record(Type.String(), Type.String())
const names = Type.Array(Type.String(), { maxItems: memberAttributeTargetsMax })
const namesOrNull = Type.Optional(Type.Union([names, Type.Null()]))

/** The SDK has a path of its own to the same calls. */
const memberRoutes = ['', '/sdk'].flatMap((prefix): EasemobRoute[] => [
  {
    method: 'PUT',
    path: `${prefix}/metadata/chatgroup/:group/user/:user`,
    summary: 'Set attributes of a member of a group: {"metaData"}; an empty value takes one away',
    family: 'metadata',
    need: anyToken,
    body: 'json',
    schema: Type.Object({ metaData: texts }),
    raises: ['metadata_group_unknown', 'group_right_missing', 'member_absent', 'member_attributes_too_large'],
    handle: async call => {
      const { metaData } = call.members as { metaData: Attributes }
      const named = { group: groupOf(call), user: userOf(call) }
      const { attributes } = await call.run('member_attributes.set', { ...named, attributes: metaData })
      return dataOnlyEnvelope(call, attributes)
    },
  },
  {
    method: 'GET',
    path: `${prefix}/metadata/chatgroup/:group/user/:user`,
    summary: 'The attributes of a member of a group',
    family: 'metadata',
    need: anyToken,
    raises: ['metadata_group_unknown', 'group_right_missing', 'member_absent'],
    handle: async call => {
      const user = userOf(call)
      const named = { group: groupOf(call), users: [user], names: [] }
      const { members } = await call.run('member_attributes.get', named)
      const [member] = members
      if (!member) throw new Refusal('member_absent', { username: user })
      return dataOnlyEnvelope(call, member.attributes)
    },
  },
  {
    method: 'POST',
    path: `${prefix}/metadata/chatgroup/:group/get`,
    summary: 'Attributes of up to 100 members of a group: {"targets", "properties"?}',
    family: 'metadata',
    need: anyToken,
    body: 'json',
    schema: Type.Object({ targets: names, properties: namesOrNull }),
    raises: ['metadata_group_unknown', 'group_right_missing'],
    handle: async call => {
      const { targets, properties } = call.members as { targets: string[]; properties?: string[] | null }
      const asked = { group: groupOf(call), users: targets, names: properties ?? [] }
      const { members } = await call.run('member_attributes.get', asked)
      const data = Object.fromEntries(members.map(({ username, attributes }) => [username, attributes]))
      return dataOnlyEnvelope(call, data)
    },
  },
])

const roomRoutes = (['', '/forced'] as const).flatMap((suffix): EasemobRoute[] => {
  const isForced = suffix === '/forced'
  const what = isForced ? 'whoever has set them' : 'which nobody else has set'
  const route = {
    path: `/metadata/chatroom/:group/user/:user${suffix}`,
    family: 'metadata',
    need: appOrSelf,
    body: 'json',
    raises: ['group_unknown', 'user_unknown', 'member_absent', 'room_attributes_too_many'],
  } as const
  return [
    {
      ...route,
      method: 'PUT',
      summary: `Set up to 10 attributes of a room, ${what}: {"metaData", "autoDelete"?}`,
      schema: Type.Object({
        metaData: texts,
        autoDelete: Type.Optional(Type.Union([Type.Literal('DELETE'), Type.Literal('NO_DELETE')])),
      }),
      handle: async call => {
        const { metaData, autoDelete } = call.members as { metaData: Attributes; autoDelete?: string }
        checkCount(Object.keys(metaData))
        const changes = await call.run('room_attributes.set', {
          room: groupOf(call),
          user: userOf(call),
          attributes: metaData,
          isForced,
          goWithUser: autoDelete !== 'NO_DELETE',
        })
        return dataOnlyEnvelope(call, toChanges(changes))
      },
    },
    {
      ...route,
      method: 'DELETE',
      summary: `Remove up to 10 attributes of a room, ${what}: {"keys"}`,
      schema: Type.Object({ keys: names }),
      handle: async call => {
        const { keys } = call.members as { keys: string[] }
        checkCount(keys)
        const named = { room: groupOf(call), user: userOf(call), names: keys, isForced }
        return dataOnlyEnvelope(call, toChanges(await call.run('room_attributes.remove', named)))
      },
    },
  ]
})

export const groupAttributeRoutes: readonly EasemobRoute[] = [
  ...memberRoutes,
  ...roomRoutes,
  {
    method: 'POST',
    path: '/metadata/chatroom/:group',
    summary: 'Attributes of a room: {"keys"?}',
    family: 'metadata',
    need: anyToken,
    body: 'optional',
    schema: Type.Object({ keys: namesOrNull }),
    raises: ['group_unknown'],
    handle: async call => {
      const { keys } = call.members as { keys?: string[] | null }
      const asked = { room: groupOf(call), names: keys ?? [] }
      const { attributes } = await call.run('room_attributes.get', asked)
      return dataOnlyEnvelope(call, attributes)
    },
  },
  {
    method: 'POST',
    path: '/chatrooms/super_admin',
    summary: 'Let a user manage every chat room: {"superadmin"}',
    family: 'rooms',
    need: appOnly,
    body: 'json',
    schema: anyObject,
    raises: ['field_missing', 'field_invalid', 'single_member_unknown'],
    handle: async call => {
      await call.run('super_admin.add', { user: readMember(call.members, 'superadmin') })
      return dataEnvelope(call, { data: { result: 'success', resource: '' } })
    },
  },
  {
    method: 'GET',
    path: '/chatrooms/super_admin',
    summary: 'Who may manage every chat room, the one added last first: ?pagenum, ?pagesize',
    family: 'rooms',
    need: appOnly,
    raises: [],
    handle: async call => {
      const { usernames } = await call.run('super_admin.list', readPage(call, superAdminPaging))
      return dataEnvelope(call, { params: true, data: usernames, count: usernames.length })
    },
  },
  {
    method: 'DELETE',
    path: '/chatrooms/super_admin/:user',
    summary: 'Let a user manage every chat room no more',
    family: 'rooms',
    need: appOnly,
    raises: ['single_member_unknown'],
    handle: async call => {
      const { username } = await call.run('super_admin.remove', { user: userOf(call) })
      return dataEnvelope(call, { data: { newSuperAdmin: username, resource: '' } })
    },
  },
]

const superAdminPaging = {
  from: 1,
  sizeDefault: groupsPageDefault,
  sizeMax: groupsPageMax,
  unpaged: groupsPageDefault,
} as const

/** @throws Refusal `room_attributes_too_many` */
function checkCount(keys: readonly string[]): void {
  if (keys.length > roomAttributesPerCallMax)
    throw new Refusal('room_attributes_too_many', { limit: String(roomAttributesPerCallMax) })
}

function toChanges({ done, failed }: AttributeChanges): object {
  return { successKeys: done, errorKeys: failed }
}
