// Whom a user has blocked (easemob.md §2.5); the vendor's Web SDK has paths of its own for its user.
import { Type } from 'typebox'
import { easemobLimits } from '../../contract/limits.ts'
import { dataEnvelope, fullEnvelope, shortEnvelope } from './envelope.ts'
import { readCount } from './paging.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { toEntity } from './user-entity.ts'
import { appOrSelf, userOf } from './user-need.ts'

const { blocksMax, contactsPageDefault, contactsPageMax } = easemobLimits

const schema = Type.Object({
  usernames: Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: blocksMax }),
})

const adding = {
  method: 'POST',
  summary: 'Block users: {"usernames"}, 500 in all',
  need: appOrSelf,
  body: 'json',
  schema,
  raises: ['user_unknown', 'block_user_unknown', 'blocks_too_many'],
  handle: add,
} as const satisfies Partial<EasemobRoute>

export const userBlockRoutes: readonly EasemobRoute[] = [
  { ...adding, path: '/users/:user/blocks/users' },
  { ...adding, path: '/sdk/user/:user/blocks' },
  {
    method: 'GET',
    path: '/users/:user/blocks/users',
    summary: 'Who is blocked, the newest first: all, or a page with ?pageSize up to 50 and ?cursor',
    need: appOrSelf,
    raises: ['user_unknown'],
    handle: list,
  },
  {
    method: 'DELETE',
    path: '/users/:user/blocks/users/:blocked',
    summary: 'Block a user no more',
    need: appOrSelf,
    raises: ['user_unknown'],
    handle: async call => {
      const pair = { owner: userOf(call), user: call.params.blocked! }
      const { owner, user } = await call.run('block.remove', pair)
      const path = `/users/${owner.uuid}/blocks`
      return fullEnvelope(call, { path, uri: path, entities: [toEntity(user)] })
    },
  },
  {
    method: 'DELETE',
    path: '/sdk/user/:user/blocks',
    summary: 'Block users no more: {"usernames"}',
    need: appOrSelf,
    body: 'json',
    schema,
    raises: ['user_unknown'],
    handle: async call => {
      const users = call.members.usernames as string[]
      const { usernames } = await call.run('block.remove_many', { owner: userOf(call), users })
      return dataEnvelope(call, { data: usernames })
    },
  },
]

async function add(call: EasemobCall): Promise<object> {
  const users = call.members.usernames as string[]
  const { usernames } = await call.run('block.add', { owner: userOf(call), users })
  return dataEnvelope(call, { data: usernames })
}

async function list(call: EasemobCall): Promise<object> {
  const cursor = call.query('cursor')
  const size = readCount(call, 'pageSize', 1)
  const isPaged = cursor !== undefined || size !== undefined
  const { usernames, next } = await call.run('block.list', {
    owner: userOf(call),
    limit: isPaged ? Math.min(size ?? contactsPageDefault, contactsPageMax) : blocksMax,
    ...(cursor !== undefined && { cursor }),
  })
  return shortEnvelope(call, { data: usernames, cursor: next, count: usernames.length })
}
