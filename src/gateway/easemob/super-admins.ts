// Users who may manage every chat room of the app (easemob.md §2.11).
import { easemobLimits } from '../../contract/limits.ts'
import { dataEnvelope } from './envelope.ts'
import { anyObject } from './group-calls.ts'
import { readMember } from './group-fields.ts'
import { readPage } from './paging.ts'
import type { EasemobRoute } from './route.ts'
import { appOnly, userOf } from './user-need.ts'

const family = 'rooms'
const path = '/chatrooms/super_admin'
const { groupsPageDefault, groupsPageMax } = easemobLimits
const paging = {
  from: 1,
  sizeDefault: groupsPageDefault,
  sizeMax: groupsPageMax,
  unpaged: groupsPageDefault,
} as const

export const superAdminRoutes: readonly EasemobRoute[] = [
  {
    method: 'POST',
    path,
    summary: 'Let a user manage every chat room: {"superadmin"}',
    family,
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
    path,
    summary: 'Who may manage every chat room, the one named last first: ?pagenum, ?pagesize',
    family,
    need: appOnly,
    raises: [],
    handle: async call => {
      const { usernames } = await call.run('super_admin.list', readPage(call, paging))
      return dataEnvelope(call, { params: true, data: usernames, count: usernames.length })
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:user`,
    summary: 'Let a user manage no chat room but its own',
    family,
    need: appOnly,
    raises: ['single_member_unknown'],
    handle: async call => {
      const { username } = await call.run('super_admin.remove', { user: userOf(call) })
      return dataEnvelope(call, { data: { newSuperAdmin: username, resource: '' } })
    },
  },
]
