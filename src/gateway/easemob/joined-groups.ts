// The groups and rooms of one user: three calls, each with its own shape and its own way to count pages (easemob.md
// §6.27).
import { easemobLimits } from '../../contract/limits.ts'
import { dataEnvelope, shortEnvelope } from './envelope.ts'
import { toJoinedDetails } from './group-shapes.ts'
import { readPage } from './paging.ts'
import type { EasemobRoute } from './route.ts'
import { appOnly, userOf } from './user-need.ts'

const { groupsPageDefault, groupsPageMax, joinedUnpagedMax, joinedDetailsDefault, joinedDetailsMax } =
  easemobLimits

const paging = {
  from: 1,
  sizeDefault: groupsPageDefault,
  sizeMax: groupsPageMax,
  unpaged: joinedUnpagedMax,
} as const

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
    summary: 'The groups a user is in, the one joined last first: ?pagenum, ?pagesize',
    need: appOnly,
    raises: ['user_unknown'],
    handle: async call => {
      const page = readPage(call, paging)
      const { groups } = await call.run('group.joined', { kind: 'group', user: userOf(call), ...page })
      const data = groups.map(({ groupId, name }) => ({ groupid: groupId, groupname: name }))
      return shortEnvelope(call, { params: true, data, count: data.length })
    },
  },
  {
    method: 'GET',
    path: '/users/:user/joined_chatrooms',
    summary: 'The chat rooms a user is in, the one joined last first: ?pagenum, ?pagesize',
    need: appOnly,
    raises: ['user_unknown'],
    handle: async call => {
      const page = readPage(call, paging)
      const { groups } = await call.run('group.joined', { kind: 'room', user: userOf(call), ...page })
      const data = groups.map(({ groupId, name }) => ({ id: groupId, name }))
      return shortEnvelope(call, { params: true, data, count: data.length })
    },
  },
  {
    method: 'GET',
    path: '/chatgroups/user/:user',
    summary: 'The groups a user is in, with details: ?pagenum from 0, ?pagesize up to 20',
    family: 'groups',
    need: appOnly,
    raises: ['user_unknown'],
    handle: async call => {
      const page = readPage(call, detailsPaging)
      const { groups, total } = await call.run('group.joined', { kind: 'group', user: userOf(call), ...page })
      return dataEnvelope(call, { entities: groups.map(toJoinedDetails), total })
    },
  },
]
