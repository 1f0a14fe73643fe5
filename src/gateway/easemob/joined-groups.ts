// The groups and rooms of one user: three calls, each with its own shape and its own way to count pages (easemob.md
// §6.27).
import { Type } from 'typebox'
import { easemobLimits } from '../../contract/limits.ts'
import type { Group, MemberRole } from '../../contract/operations/groups.ts'
import { dataEnvelope, shortEnvelope } from './envelope.ts'
import { toJoinedDetails } from './group-shapes.ts'
import { readPage } from './paging.ts'
import type { EasemobCall, EasemobPlace, EasemobRoute } from './route.ts'
import { appOnly, appOrSelf, userOf } from './user-need.ts'

const { groupsPageDefault, groupsPageMax, joinedUnpagedMax, joinedDetailsDefault, joinedDetailsMax } =
  easemobLimits

const paging = {
  from: 1,
  sizeDefault: groupsPageDefault,
  sizeMax: groupsPageMax,
  unpaged: joinedUnpagedMax,
} as const

/** The newer form of the same call counts from 0. */
const newerPaging = { ...paging, from: 0 } as const

const detailsPaging = {
  from: 0,
  sizeDefault: joinedDetailsDefault,
  sizeMax: joinedDetailsMax,
  unpaged: joinedDetailsDefault,
} as const

export const joinedGroupRoutes: readonly EasemobRoute[] = [
  {
    method: 'GET',
    path: '/users/:user/joined_chatgroups',
    summary:
      'The groups a user is in, the one joined last first: ?pagenum, ?pagesize; ?version=v3 counts pages from 0',
    need: appOrSelf,
    raises: ['user_unknown'],
    handle: async call => {
      const isNewer = isNewerForm(call)
      const page = readPage(call, isNewer ? newerPaging : paging)
      const wanted = { kind: 'group', user: userOf(call), withRoles: isNewer, ...page } as const
      const { groups } = await call.run('group.joined', wanted)
      const data = groups.map(isNewer ? toNewerEntry : toEntry)
      return shortEnvelope(call, { params: true, data, count: data.length })
    },
  },
  {
    method: 'POST',
    path: '/users/:user/joined_chatgroups',
    summary: 'Put a user into up to 100 groups: {"chatgroups"}; each is answered for itself',
    need: appOnly,
    body: 'json',
    schema: Type.Object({
      chatgroups: Type.Array(Type.Union([Type.String(), Type.Integer()]), {
        maxItems: easemobLimits.groupDetailsMax,
      }),
    }),
    raises: ['user_unknown'],
    handle: async call => {
      const { chatgroups } = call.members as { chatgroups: (string | number)[] }
      const wanted = { user: userOf(call), groups: chatgroups.map(String) }
      const { joined } = await call.run('group.join_many', wanted)
      const data = joined.map(({ group, isMember }) => ({ id: group, result: isMember }))
      return shortEnvelope(call, { data, count: data.length })
    },
  },
  {
    method: 'GET',
    path: '/users/:user/joined_chatrooms',
    summary:
      'The chat rooms a user is in, the one joined last first: ?pagenum, ?pagesize; ?detail=true says more',
    need: appOrSelf,
    raises: ['user_unknown'],
    handle: async call => {
      const page = readPage(call, paging)
      const { groups } = await call.run('group.joined', { kind: 'room', user: userOf(call), ...page })
      const isDetailed = call.query('detail') === 'true'
      const data = groups.map(room =>
        isDetailed ? toDetailedRoom(room, call.place) : { id: room.groupId, name: room.name },
      )
      return shortEnvelope(call, { params: true, data, count: data.length })
    },
  },
  {
    method: 'GET',
    path: '/chatgroups/user/:user',
    summary: 'The groups a user is in, with details: ?pagenum from 0, ?pagesize up to 20, ?needRole',
    family: 'groups',
    need: appOrSelf,
    raises: ['user_unknown'],
    handle: async call => {
      const page = readPage(call, detailsPaging)
      const withRoles = call.query('needRole') === 'true'
      const wanted = { kind: 'group', user: userOf(call), withRoles, ...page } as const
      const { groups, total } = await call.run('group.joined', wanted)
      return dataEnvelope(call, { entities: groups.map(toJoinedDetails), total })
    },
  },
  {
    method: 'GET',
    path: '/chatgroups/user/:user/joined_count',
    summary: 'How many groups a user is in',
    family: 'groups',
    need: appOrSelf,
    raises: ['user_unknown'],
    handle: async call => {
      const wanted = { kind: 'group', user: userOf(call), offset: 0, limit: 1 } as const
      const { total } = await call.run('group.joined', wanted)
      return dataEnvelope(call, { data: total })
    },
  },
]

function isNewerForm(call: EasemobCall): boolean {
  return call.query('version') === 'v3'
}

function toEntry({ groupId, name }: Group): object {
  return { groupid: groupId, groupname: name }
}

/** Under the older names too. */
function toNewerEntry(group: Group & { readonly role?: MemberRole }): object {
  const { groupId, name, isDisabled, role } = group
  return { ...toEntry(group), id: groupId, name, disabled: isDisabled, permission: role }
}

/** As the SDK takes it apart: it looks for the owner's name behind that of the app. */
function toDetailedRoom(room: Group, { org, app }: EasemobPlace): object {
  return {
    id: room.groupId,
    name: room.name,
    title: room.name,
    owner: `${org}#${app}_${room.owner}`,
    description: room.description,
    max_users: room.maxUsers,
    affiliations_count: room.memberCount,
    created: room.createdAt,
    disabled: room.isDisabled,
  }
}
