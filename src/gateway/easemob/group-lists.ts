// Whom groups and chat rooms bar, and who may speak while all others are silent (easemob.md §2.10.4). One member is
// answered with an object, several with an array; the vendor's Web SDK says `version=v3` and reads arrays only.
import { easemobLimits } from '../../contract/limits.ts'
import type { GroupList, ListChange } from '../../contract/operations/group-roles.ts'
import { Refusal } from '../../contract/refusal.ts'
import { dataEnvelope } from './envelope.ts'
import { anyObject, groupOf, splitNames } from './group-calls.ts'
import { readUsernames } from './group-fields.ts'
import { type GroupDialect, groupDialect, roomDialect } from './group-shapes.ts'
import { readCount } from './paging.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { anyToken, userOf } from './user-need.ts'

const { groupsPageDefault, groupsPageMax, memberBatchMax, roomUsersMax } = easemobLimits

interface ListDialect extends GroupDialect {
  readonly list: GroupList
  readonly listPath: string
  readonly adding: string
  readonly removing: string
  /** In summaries: on the list. */
  readonly listed: string
}

const lists = [
  {
    list: 'blocked',
    listPath: 'blocks/users',
    adding: 'add_blocks',
    removing: 'remove_blocks',
    listed: 'barred from',
  },
  {
    list: 'allowed',
    listPath: 'white/users',
    adding: 'add_user_whitelist',
    removing: 'remove_user_whitelist',
    listed: 'allowed to speak always in',
  },
] as const

const dialects: readonly ListDialect[] = [groupDialect, roomDialect].flatMap(dialect =>
  lists.map(list => ({ ...dialect, ...list })),
)

export const groupListRoutes: readonly EasemobRoute[] = [
  ...dialects.flatMap(dialect => [...readingRoutesOf(dialect), ...addingRoutesOf(dialect)]),
  ...dialects.flatMap(removingRoutesOf),
  ...dialects.filter(({ list }) => list === 'allowed').map(askingRouteOf),
]

function readingRoutesOf(dialect: ListDialect): EasemobRoute[] {
  const { path, listPath, family, noun, listed } = dialect
  return [
    {
      method: 'GET',
      path: `${path}/:group/${listPath}`,
      summary: `Who is ${listed} a ${noun}, the newest first: all, or a page with ?pageSize and ?cursor`,
      family,
      need: anyToken,
      raises: ['group_unknown', 'group_right_missing'],
      handle: call => showList(call, dialect),
    },
  ]
}

function addingRoutesOf(dialect: ListDialect): EasemobRoute[] {
  const { kind, path, family, noun, list, listPath, listed, adding } = dialect
  const raises = ['group_unknown', 'group_right_missing', 'owner_protected'] as const
  return [
    {
      method: 'POST',
      path: `${path}/:group/${listPath}`,
      summary: `Put up to 60 members among those ${listed} a ${noun}: {"usernames"}`,
      family,
      need: anyToken,
      body: 'json',
      schema: anyObject,
      raises: ['field_missing', 'field_invalid', 'members_too_many_to_block', ...raises],
      handle: async call => {
        const users = readUsernames(call.members, 'members_too_many_to_block')
        const { changes } = await call.run('group_list.add', { kind, list, group: groupOf(call), users })
        return dataEnvelope(call, { data: changes.map(change => toResult(call, dialect, adding, change)) })
      },
    },
    {
      method: 'POST',
      path: `${path}/:group/${listPath}/:user`,
      summary: `Put one member among those ${listed} a ${noun}`,
      family,
      need: anyToken,
      raises: ['role_member_absent', ...raises],
      handle: async call => {
        const args = { kind, list, group: groupOf(call), user: userOf(call) }
        const { username: user } = await call.run('group_list.add_one', args)
        const result = toResult(call, dialect, adding, { user, isDone: true })
        return dataEnvelope(call, { data: readsArrays(call) ? [result] : result })
      },
    },
  ]
}

function removingRoutesOf(dialect: ListDialect): EasemobRoute[] {
  const { path, family, noun, list, listPath, listed } = dialect
  const raises = ['members_too_many_to_unblock', 'group_unknown', 'group_right_missing'] as const
  return [
    {
      method: 'DELETE',
      path: `${path}/:group/${listPath}/:user`,
      summary: `Take a user, or up to 60 parted by commas, from those ${listed} a ${noun}`,
      family,
      need: anyToken,
      raises,
      handle: async call => {
        const users = splitNames(userOf(call))
        const isSingle = list === 'blocked' && users.length === 1 && !readsArrays(call)
        const results = await remove(call, dialect, users)
        return dataEnvelope(call, { data: isSingle ? results[0] : results })
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:group/${listPath}`,
      summary: `Take up to 60 users from those ${listed} a ${noun}: {"usernames"}`,
      family,
      need: anyToken,
      body: 'json',
      schema: anyObject,
      raises: ['field_missing', 'field_invalid', ...raises],
      handle: async call => {
        const users = readUsernames(call.members, 'members_too_many_to_unblock')
        return dataEnvelope(call, { data: await remove(call, dialect, users) })
      },
    },
  ]
}

function askingRouteOf({ kind, path, family, noun, list, listPath, listed }: ListDialect): EasemobRoute {
  return {
    method: 'GET',
    path: `${path}/:group/${listPath}/:user`,
    summary: `Is a user ${listed} a ${noun}`,
    family,
    need: anyToken,
    raises: ['group_unknown', 'group_right_missing'],
    handle: async call => {
      const args = { kind, list, group: groupOf(call), user: userOf(call) }
      const { username, isListed } = await call.run('group_list.has', args)
      return dataEnvelope(call, { data: { white: isListed, member: username } })
    },
  }
}

async function showList(call: EasemobCall, { kind, list }: ListDialect): Promise<object> {
  const cursor = call.query('cursor')
  const size = readCount(call, 'pageSize', 1)
  const isPaged = cursor !== undefined || size !== undefined
  const { usernames, next } = await call.run('group_list.get', {
    kind,
    list,
    group: groupOf(call),
    limit: isPaged ? Math.min(size ?? groupsPageDefault, groupsPageMax) : roomUsersMax,
    ...(cursor && { cursor }),
  })
  return dataEnvelope(call, { data: usernames, cursor: next, count: usernames.length })
}

/** @throws Refusal `members_too_many_to_unblock` */
async function remove(call: EasemobCall, dialect: ListDialect, users: readonly string[]): Promise<object[]> {
  if (users.length > memberBatchMax)
    throw new Refusal('members_too_many_to_unblock', { limit: String(memberBatchMax) })
  const { kind, list, removing } = dialect
  const { usernames } = await call.run('group_list.remove', { kind, list, group: groupOf(call), users })
  return usernames.map(user => toResult(call, dialect, removing, { user, isDone: true }))
}

function toResult(
  call: EasemobCall,
  { kind }: ListDialect,
  action: string,
  { user, isDone }: ListChange,
): object {
  const id = groupOf(call)
  return {
    result: isDone,
    action,
    ...(!isDone && { reason: `user: ${user} doesn't exist in group: ${id}` }),
    user,
    ...(kind === 'group' ? { groupid: id } : { chatroomid: id }),
  }
}

function readsArrays(call: EasemobCall): boolean {
  return call.query('version') === 'v3'
}
