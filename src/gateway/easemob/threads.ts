// Threads of groups (easemob.md §2.12): the calls of an app's server, and those of the Web SDK, which has paths of its own
// for what a user does itself.
import { Type } from 'typebox'
import { easemobLimits } from '../../contract/limits.ts'
import type { Thread } from '../../contract/operations/threads.ts'
import { Refusal } from '../../contract/refusal.ts'
import { toMessageJson } from '../../contract/thread-json.ts'
import { parseOwnJson, toIdText } from '../http/json.ts'
import { dataEnvelope } from './envelope.ts'
import { groupOf } from './group-calls.ts'
import { toMessageId } from './message-ids.ts'
import { readCount } from './paging.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { anyToken, appOnly, appOrSelf, userOf } from './user-need.ts'

const {
  threadNameCharsMax,
  threadsPageDefault,
  threadsPageMax,
  threadMembersPageDefault,
  threadMembersPageMax,
  threadMemberBatchMax,
  threadLastMessagesMax,
} = easemobLimits

const shared = { family: 'groups' } as const satisfies Partial<EasemobRoute>
const ofThread = ['threads_off', 'thread_unknown', 'thread_right_missing'] as const
const name = Type.String({ minLength: 1, maxLength: threadNameCharsMax })
const namesUpTo = (maxItems: number) => Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems })

const lifeRoutes: readonly EasemobRoute[] = [
  {
    ...shared,
    method: 'POST',
    path: '/thread',
    summary: 'Make a thread about a message of a group: {"group_id", "name", "msg_id", "owner"}',
    need: anyToken,
    body: 'json',
    schema: Type.Object({
      name,
      owner: Type.String({ minLength: 1 }),
      group_id: Type.Unknown(),
      msg_id: Type.Unknown(),
    }),
    raises: [
      'threads_off',
      'group_unknown',
      'thread_right_missing',
      'thread_outsider',
      'thread_message_unknown',
      'thread_exists',
      'threads_too_many',
      'user_groups_too_many',
      'invalid_request',
    ],
    handle: async call => {
      const { name: wanted, owner } = call.members as { name: string; owner: string }
      const named = { name: wanted, owner, group: readId(call, 'group_id'), ...deviceOf(call) }
      const msgId = toMessageId(readId(call, 'msg_id'))
      const { threadId } = await call.run('thread.create', { ...named, msgId })
      return dataEnvelope(call, { data: { thread_id: threadId } })
    },
  },
  {
    ...shared,
    method: 'PUT',
    path: '/thread/:thread',
    summary: 'Rename a thread: {"name"}',
    need: anyToken,
    body: 'json',
    schema: Type.Object({ name }),
    raises: ofThread,
    handle: async call => {
      const { name: wanted } = call.members as { name: string }
      await call.run('thread.rename', { ...threadOf(call), name: wanted })
      return dataEnvelope(call, { data: { name: wanted } })
    },
  },
  {
    ...shared,
    method: 'DELETE',
    path: '/thread/:thread',
    summary: 'Delete a thread',
    need: anyToken,
    raises: ofThread,
    handle: async call => {
      await call.run('thread.delete', threadOf(call))
      return dataEnvelope(call, { data: { status: 'ok' } })
    },
  },
  {
    ...shared,
    method: 'GET',
    path: '/thread/:thread',
    summary: 'A thread, for members of its group',
    need: anyToken,
    raises: ofThread,
    handle: async call => {
      const { memberCount, ...thread } = await call.run('thread.get', threadOf(call))
      return dataEnvelope(call, { data: { ...toShown(thread), affiliations_count: memberCount } })
    },
  },
]

const memberRoutes: readonly EasemobRoute[] = [
  {
    ...shared,
    method: 'GET',
    path: '/thread/:thread/users',
    summary: 'Members of a thread: ?limit, ?cursor',
    need: anyToken,
    raises: ofThread,
    handle: async call => {
      const page = readPage(call, threadMembersPageDefault, threadMembersPageMax)
      const { usernames, next } = await call.run('thread.members', { ...threadOf(call), ...page })
      return dataEnvelope(call, { data: { affiliations: usernames }, properties: toProperties(next) })
    },
  },
  {
    ...shared,
    method: 'POST',
    path: '/thread/:thread/users',
    summary: 'Put up to 10 members of the group into a thread: {"usernames"}',
    need: anyToken,
    body: 'json',
    schema: Type.Object({ usernames: namesUpTo(threadMemberBatchMax) }),
    raises: [...ofThread, 'user_unknown', 'thread_outsider', 'user_groups_too_many'],
    handle: async call => {
      const { usernames: users } = call.members as { usernames: string[] }
      await call.run('thread.add_members', { ...threadOf(call), users })
      return dataEnvelope(call, { data: { status: 'ok' } })
    },
  },
  // The vendor's documents name the one path, and call the other.
  ...['/threads/:thread/users', '/thread/:thread/users'].map(
    (path): EasemobRoute => ({
      ...shared,
      method: 'DELETE',
      path,
      summary: 'Remove up to 10 members from a thread: {"usernames"}',
      need: anyToken,
      body: 'json',
      schema: Type.Object({ usernames: namesUpTo(threadMemberBatchMax) }),
      raises: ofThread,
      handle: async call => {
        const { usernames: users } = call.members as { usernames: string[] }
        const { removals } = await call.run('thread.remove_members', { ...threadOf(call), users })
        return dataEnvelope(call, {
          entities: removals.map(({ user, isRemoved }) => ({ result: isRemoved, user })),
        })
      },
    }),
  ),
  {
    ...shared,
    method: 'DELETE',
    path: '/thread/:thread/users/:user',
    summary: 'Remove a member from a thread',
    need: anyToken,
    raises: [...ofThread, 'thread_member_absent'],
    handle: async call => {
      const { removals } = await call.run('thread.remove_members', {
        ...threadOf(call),
        users: [userOf(call)],
      })
      const { user, isRemoved } = removals[0]!
      if (!isRemoved) throw new Refusal('thread_member_absent', { username: user })
      return dataEnvelope(call, { data: { result: true, user } })
    },
  },
  {
    ...shared,
    method: 'POST',
    path: '/thread/:thread/user/:user/join',
    summary: 'A user goes into a thread of its group',
    need: appOrSelf,
    raises: [
      'threads_off',
      'thread_unknown',
      'user_unknown',
      'thread_outsider',
      'thread_member_already',
      'user_groups_too_many',
    ],
    handle: async call => {
      const thread = await call.run('thread.join', { ...threadOf(call), user: userOf(call) })
      return dataEnvelope(call, { data: { status: 'ok', detail: toShown(thread) } })
    },
  },
  {
    ...shared,
    method: 'DELETE',
    path: '/thread/:thread/user/:user/quit',
    summary: 'A user leaves a thread',
    need: appOrSelf,
    raises: ['threads_off', 'thread_unknown', 'user_unknown', 'thread_member_absent'],
    handle: async call => {
      await call.run('thread.leave', { ...threadOf(call), user: userOf(call) })
      return dataEnvelope(call, { data: { status: 'ok' } })
    },
  },
]

const listRoutes: readonly EasemobRoute[] = [
  {
    ...shared,
    method: 'GET',
    path: '/thread',
    summary: 'Threads of the app, the newest first: ?limit, ?cursor, ?sort=asc|desc',
    need: appOnly,
    raises: ['threads_off'],
    handle: async call => {
      const { threadIds, next } = await call.run('thread.list', readList(call))
      const entities = threadIds.map(id => ({ id }))
      return dataEnvelope(call, { entities, properties: toProperties(next) })
    },
  },
  {
    ...shared,
    method: 'GET',
    path: '/threads/chatgroups/:group',
    summary: 'Threads of a group, the newest first: ?limit, ?cursor, ?sort=asc|desc',
    need: anyToken,
    raises: ['threads_off', 'group_unknown', 'thread_right_missing'],
    handle: async call =>
      toPage(call, await call.run('thread.list_of_group', { group: groupOf(call), ...readList(call) })),
  },
  {
    ...shared,
    method: 'GET',
    path: '/threads/user/:user',
    summary: 'Threads a user is in, the one joined last first: ?limit, ?cursor, ?sort=asc|desc',
    need: appOrSelf,
    raises: ['threads_off', 'user_unknown'],
    handle: async call =>
      toPage(call, await call.run('thread.list_joined', { user: userOf(call), ...readList(call) })),
  },
  {
    ...shared,
    method: 'GET',
    path: '/threads/chatgroups/:group/user/:user',
    summary: 'Threads of a group that a user is in: ?limit, ?cursor, ?sort=asc|desc',
    need: appOrSelf,
    raises: ['threads_off', 'user_unknown'],
    handle: async call => {
      const named = { user: userOf(call), group: groupOf(call) }
      return toPage(call, await call.run('thread.list_joined', { ...named, ...readList(call) }))
    },
  },
  {
    ...shared,
    method: 'POST',
    path: '/thread/message',
    summary: 'What was said last in up to 20 threads: {"threadIds"}',
    need: anyToken,
    body: 'json',
    schema: Type.Object({ threadIds: namesUpTo(threadLastMessagesMax) }),
    raises: ['threads_off'],
    handle: async call => {
      const { threadIds } = call.members as { threadIds: string[] }
      const { threads } = await call.run('thread.last_messages', { threads: threadIds })
      const { org, app } = call.place
      const entities = threads.map(({ threadId, last }) => ({
        thread_id: threadId,
        last_message: last ? toMessageJson(`${org}#${app}`, last, parseOwnJson) : {},
      }))
      return dataEnvelope(call, { entities })
    },
  },
]

export const threadRoutes: readonly EasemobRoute[] = [...lifeRoutes, ...memberRoutes, ...listRoutes]

function threadOf(call: EasemobCall) {
  return { thread: call.params.thread!, ...deviceOf(call) }
}

/** The SDK says from which of the user's devices it asks. */
function deviceOf(call: EasemobCall): { resource?: string } {
  const resource = call.query('resource')
  return resource ? { resource } : {}
}

/** @throws Refusal `invalid_request` for what is neither text nor number */
function readId(call: EasemobCall, member: string): string {
  const text = toIdText(call.members[member] ?? '')
  if (text === undefined || text === '') throw new Refusal('invalid_request')
  return text
}

function readPage(call: EasemobCall, usual: number, most: number) {
  const cursor = call.query('cursor')
  return { limit: Math.min(readCount(call, 'limit', 1) ?? usual, most), ...(cursor && { cursor }) }
}

function readList(call: EasemobCall) {
  const order = call.query('sort') === 'asc' ? 'oldest_first' : 'newest_first'
  return { order, ...readPage(call, threadsPageDefault, threadsPageMax) } as const
}

function toPage(call: EasemobCall, { threads, next }: { threads: readonly Thread[]; next?: string }): object {
  return dataEnvelope(call, { entities: threads.map(toShown), properties: toProperties(next) })
}

/** Members of a page: an empty text says that it was the last. */
function toProperties(next: string | undefined): object {
  return { cursor: next ?? '' }
}

function toShown({ threadId, name: title, owner, msgId, groupId, createdAt }: Thread): object {
  return { name: title, owner, id: threadId, msgId: String(msgId), groupId, created: createdAt }
}
