// Members of groups and chat rooms (easemob.md §2.10.3): the same calls under two paths.
import { easemobLimits } from '../../contract/limits.ts'
import { Refusal } from '../../contract/refusal.ts'
import { dataEnvelope } from './envelope.ts'
import { anyObject, groupOf, splitNames } from './group-calls.ts'
import { readUsernames } from './group-fields.ts'
import { type GroupDialect, groupDialect, roomDialect, toAffiliation } from './group-shapes.ts'
import { readCount, readPage } from './paging.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { anyToken, userOf } from './user-need.ts'

const { groupsPageDefault, groupsPageMax, roomUsersMax, memberBatchMax } = easemobLimits
/** Who asks for no page gets everybody. */
const paging = {
  from: 1,
  sizeDefault: groupsPageDefault,
  sizeMax: groupsPageMax,
  unpaged: roomUsersMax,
} as const

export const groupMemberRoutes: readonly EasemobRoute[] = [
  ...[groupDialect, roomDialect].flatMap(routesOf),
  {
    method: 'GET',
    path: '/chatgroups/:group/user/:user/is_joined',
    summary: 'Is a user in a group',
    family: 'groups',
    need: anyToken,
    raises: ['group_unknown', 'group_right_missing'],
    handle: async call => {
      const asked = { group: groupOf(call), user: userOf(call) }
      const { isMember } = await call.run('group.has_member', { kind: 'group', ...asked })
      return dataEnvelope(call, { data: isMember })
    },
  },
]

function routesOf(dialect: GroupDialect): EasemobRoute[] {
  const { path, family, noun } = dialect
  const members = { path: `${path}/:group/users`, family, need: anyToken } as const
  const member = { path: `${path}/:group/users/:user`, family, need: anyToken } as const
  return [
    {
      ...members,
      method: 'GET',
      summary: `Members of a ${noun}: ?pagenum, ?pagesize, ?joined_time, ?sort; ?version=v3 for names without the owner`,
      raises: ['group_unknown', 'group_right_missing'],
      handle: call => (wantsNames(call) ? listNames(call, dialect) : list(call, dialect)),
    },
    {
      ...member,
      method: 'POST',
      summary: `Add one member to a ${noun}`,
      raises: [
        'group_unknown',
        'group_right_missing',
        'single_member_unknown',
        ...(dialect.kind === 'group' ? (['member_already'] as const) : []),
        'member_blocked',
        'user_groups_too_many',
        'group_full',
      ],
      handle: async call => {
        const group = groupOf(call)
        const { username } = await call.run('group.add_member', {
          kind: dialect.kind,
          group,
          user: userOf(call),
        })
        return dataEnvelope(call, { data: dialect.added(group, username) })
      },
    },
    {
      ...members,
      method: 'POST',
      summary: `Add up to 60 members to a ${noun}, all or none: {"usernames"}`,
      body: 'json',
      schema: anyObject,
      raises: [
        'field_missing',
        'field_invalid',
        'members_too_many_to_add',
        'group_unknown',
        'group_right_missing',
        'member_unknown',
        ...(dialect.kind === 'group' ? (['member_already'] as const) : []),
        'member_blocked',
        'user_groups_too_many',
        'group_full',
      ],
      handle: async call => {
        const group = groupOf(call)
        const usernames = readUsernames(call.members)
        const isSilent = dialect.kind === 'group' && call.query('need_notify') === 'false'
        const args = { kind: dialect.kind, group, usernames, isSilent }
        const { added } = await call.run('group.add_members', args)
        return dataEnvelope(call, { data: dialect.addedMany(group, added) })
      },
    },
    {
      ...member,
      method: 'DELETE',
      summary: `Remove a member from a ${noun}, or up to 60, names parted by commas`,
      raises: [
        'members_too_many_to_kick',
        'group_unknown',
        'group_right_missing',
        'owner_protected',
        'member_absent',
      ],
      handle: call => (userOf(call).includes(',') ? removeMany(call, dialect) : removeOne(call, dialect)),
    },
  ]
}

/** Those who joined last come first, unless `?sort=asc`. */
function orderOf(call: EasemobCall): 'oldest_first' | 'newest_first' {
  return call.query('sort') === 'asc' ? 'oldest_first' : 'newest_first'
}

/** The newer form; the SDK also asks for it by the page's number, and means the older one. */
function wantsNames(call: EasemobCall): boolean {
  return call.query('version') === 'v3' && call.query('pagenum') === undefined
}

/** By the page's number, or from a cursor on where the query names a `limit`. */
async function list(call: EasemobCall, { kind }: GroupDialect): Promise<object> {
  const limit = readCount(call, 'limit', 1)
  const cursor = call.query('cursor')
  const { members, next } = await call.run('group.members', {
    kind,
    group: groupOf(call),
    order: orderOf(call),
    ...(limit === undefined
      ? readPage(call, paging)
      : { offset: 0, limit: Math.min(limit, groupsPageMax), ...(cursor && { cursor }) }),
  })
  const hasTime = call.query('joined_time') === 'true'
  const data = members.map(member => toAffiliation(member, hasTime))
  const isCut = limit !== undefined
  return dataEnvelope(call, { params: true, data, cursor: isCut ? next : undefined, count: data.length })
}

async function listNames(call: EasemobCall, { kind }: GroupDialect): Promise<object> {
  const cursor = call.query('cursor')
  const { usernames, next } = await call.run('group.plain_members', {
    kind,
    group: groupOf(call),
    order: orderOf(call),
    limit: Math.min(readCount(call, 'limit', 1) ?? groupsPageDefault, groupsPageMax),
    ...(cursor && { cursor }),
  })
  return dataEnvelope(call, { params: true, data: usernames, cursor: next, count: usernames.length })
}

async function removeOne(call: EasemobCall, dialect: GroupDialect): Promise<object> {
  const group = groupOf(call)
  const { username } = await call.run('group.remove_member', {
    kind: dialect.kind,
    group,
    user: userOf(call),
  })
  return dataEnvelope(call, { data: dialect.removed(group, { user: username, isRemoved: true }) })
}

async function removeMany(call: EasemobCall, dialect: GroupDialect): Promise<object> {
  const group = groupOf(call)
  const users = splitNames(userOf(call))
  if (users.length > memberBatchMax)
    throw new Refusal('members_too_many_to_kick', { limit: String(memberBatchMax) })
  const { removals } = await call.run('group.remove_members', { kind: dialect.kind, group, users })
  return dataEnvelope(call, { data: removals.map(removal => dialect.removed(group, removal)) })
}
