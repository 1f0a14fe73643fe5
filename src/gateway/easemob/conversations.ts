// The list of a user's conversations as the vendor's Web SDK asks for it, in its two forms, and what the user does with
// one: pins it, marks it, takes it off the list. The app's server may take one off too (easemob.md §2.7).
import { type Static, Type } from 'typebox'
import { easemobLimits } from '../../contract/limits.ts'
import type { Conversation } from '../../contract/operations/conversations.ts'
import type { ConversationName } from '../../contract/operations/history.ts'
import type { Entry } from '../../contract/operations/inbox.ts'
import type { Args } from '../../contract/operations.ts'
import { Refusal } from '../../contract/refusal.ts'
import { timeOfMessageId } from '../../lib/message-id.ts'
import { domains } from '../../msync/codec.ts'
import { parseOwnJson } from '../http/json.ts'
import { messageEnvelope, shortEnvelope, statusEnvelope } from './envelope.ts'
import { readCount } from './paging.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { appOrSelf, userOf } from './user-need.ts'

const { conversationsPageDefault, conversationsPageMax, conversationMarks, markBatchMax } = easemobLimits

/** The SDK writes the second in two ways. */
const kind = Type.Union([Type.Literal('chat'), Type.Literal('groupchat'), Type.Literal('groupChat')])
const name = Type.Object({ to: Type.String({ minLength: 1 }), type: kind })
const marking = Type.Object({
  mark: Type.String(),
  targets: Type.Array(name, { minItems: 1, maxItems: markBatchMax }),
})
const removal = Type.Object({
  channel: Type.String({ minLength: 1 }),
  type: kind,
  delete_roam: Type.Optional(Type.Boolean()),
})

export const conversationRoutes: readonly EasemobRoute[] = [
  {
    method: 'GET',
    path: '/sdk/user/:user/user_channels/list',
    summary: 'A user’s conversations, the last active first: ?limit, cursor, is_top, needEmptySession',
    need: appOrSelf,
    raises: ['user_unknown'],
    handle: call =>
      list(call, {
        ...(call.query('is_top') === 'true' && { only: 'pinned' }),
        withEmpty: call.query('needEmptySession') === 'true',
      }),
  },
  {
    method: 'GET',
    path: '/sdk/user/:user/user_channels/mark/search',
    summary: 'A user’s conversations that carry a mark: ?mark=mark_{0…19}, limit, cursor',
    need: appOrSelf,
    raises: ['user_unknown', 'invalid_request'],
    handle: call => list(call, { only: { mark: readMark(call.query('mark')) }, withEmpty: true }),
  },
  {
    method: 'GET',
    path: '/users/:user/user_channels',
    summary: 'A user’s last active conversations, the older form',
    need: appOrSelf,
    raises: ['user_unknown'],
    handle: call => listOlder(call, { offset: 0, limit: conversationsPageMax }),
  },
  {
    method: 'GET',
    path: '/users/:user/user_channels/page',
    summary: 'A user’s conversations by the page, the older form: ?pageNum (from 1), pageSize',
    need: appOrSelf,
    raises: ['user_unknown'],
    handle: call => {
      const limit = Math.min(readCount(call, 'pageSize', 1) ?? conversationsPageDefault, conversationsPageMax)
      return listOlder(call, { offset: ((readCount(call, 'pageNum', 1) ?? 1) - 1) * limit, limit })
    },
  },
  {
    method: 'POST',
    path: '/sdk/user/:user/user_channel/top',
    summary: 'Pin a conversation: {"to", "type"}',
    need: appOrSelf,
    body: 'json',
    schema: name,
    raises: ['user_unknown', 'roaming_no_member'],
    handle: call => pin(call, nameOf(call.members as Static<typeof name>), true),
  },
  {
    method: 'DELETE',
    path: '/sdk/user/:user/user_channel/top',
    summary: 'No longer pin a conversation: ?to=…&type=chat|groupchat',
    need: appOrSelf,
    raises: ['user_unknown', 'roaming_no_member', 'invalid_request'],
    handle: call => pin(call, readName(call), false),
  },
  ...(['POST', 'DELETE'] as const).map(
    (method): EasemobRoute => ({
      method,
      path: '/sdk/user/:user/user_channels/mark',
      summary: `${method === 'POST' ? 'Mark' : 'Unmark'} conversations: {"mark", "targets": [{"to", "type"}]}`,
      need: appOrSelf,
      body: 'json',
      schema: marking,
      raises: ['user_unknown'],
      handle: call => mark(call, method === 'POST'),
    }),
  ),
  // The app's server says `users`, the SDK `user`.
  ...['/users/:user/user_channel', '/user/:user/user_channel'].map(
    (path): EasemobRoute => ({
      method: 'DELETE',
      path,
      summary: 'Take a conversation off a user’s list: {"channel", "type", "delete_roam"}',
      need: appOrSelf,
      body: 'json',
      schema: removal,
      raises: ['user_unknown', 'roaming_no_member'],
      handle: remove,
    }),
  ),
  {
    method: 'POST',
    path: '/sdk/message/roaming/user/:user/delete/all',
    summary: 'Remove every conversation from a user’s view, with its messages',
    need: appOrSelf,
    raises: ['user_unknown'],
    handle: async call => {
      await call.run('conversation.remove_all', changeOf(call))
      return statusEnvelope(call)
    },
  },
]

async function list(
  call: EasemobCall,
  wish: Pick<Args<'conversation.list'>, 'only' | 'withEmpty'>,
): Promise<object> {
  const cursor = call.query('cursor')
  const { conversations, next } = await call.run('conversation.list', {
    user: userOf(call),
    ...wish,
    limit: Math.min(readCount(call, 'limit', 1) ?? conversationsPageDefault, conversationsPageMax),
    ...(cursor && { cursor }),
  })
  const channel_infos = conversations.map(conversation => {
    const { with: session_to, isGroup, pinnedAt, unread, marks } = conversation
    return {
      session_to,
      session_type: isGroup ? 'groupchat' : 'chat',
      is_top: pinnedAt > 0,
      update_top_status_time: pinnedAt,
      unread_num: unread,
      meta: metaOf(call, conversation),
      marks: marks.map(number => `mark_${number}`),
    }
  })
  return shortEnvelope(call, { data: { channel_infos, cursor: next ?? '' }, count: channel_infos.length })
}

async function listOlder(
  call: EasemobCall,
  page: { readonly offset: number; readonly limit: number },
): Promise<object> {
  const wanted = { user: userOf(call), withEmpty: false, ...page }
  const { conversations } = await call.run('conversation.list', wanted)
  const channel_infos = conversations.map(conversation => ({
    channel_id: addressOf(call, conversation.with, conversation.isGroup),
    unread_num: conversation.unread,
    meta: metaOf(call, conversation),
  }))
  return shortEnvelope(call, { data: { channel_infos }, count: channel_infos.length })
}

/** The newest message as the SDK reads it; `{}` stands for none. */
function metaOf(call: EasemobCall, { last, isGroup }: Conversation): object {
  return last?.content.is === 'message' ? messageMeta(call, last.id, last.content, isGroup) : {}
}

function messageMeta(
  call: EasemobCall,
  id: number,
  { from, resource, to, payload }: Extract<Entry['content'], { is: 'message' }>,
  isGroup: boolean,
): object {
  const said = { ...(parseOwnJson(payload) as object), from, to }
  return {
    id: String(id),
    from: addressOf(call, from, false) + (resource === '' ? '' : `/${resource}`),
    to: addressOf(call, to, isGroup),
    timestamp: timeOfMessageId(id),
    payload: JSON.stringify(said),
  }
}

function addressOf({ place: { org, app } }: EasemobCall, target: string, isGroup: boolean): string {
  return `${org}#${app}_${target}@${isGroup ? domains.groups : domains.users}`
}

async function pin(call: EasemobCall, conversation: ConversationName, isPinned: boolean): Promise<object> {
  const { pinnedAt } = await call.run('conversation.pin', { ...changeOf(call), conversation, isPinned })
  return shortEnvelope(call, { data: { is_top: pinnedAt > 0, update_top_status_time: pinnedAt } })
}

async function mark(call: EasemobCall, isMarked: boolean): Promise<object> {
  const { mark: text, targets } = call.members as Static<typeof marking>
  const wanted = { mark: readMark(text), conversations: targets.map(nameOf), isMarked }
  const { ignored } = await call.run('conversation.mark', { ...changeOf(call), ...wanted })
  const ignore = ignored.map(({ with: to, isGroup }) => ({ to, type: isGroup ? 'groupchat' : 'chat' }))
  return shortEnvelope(call, { data: { ignore } })
}

async function remove(call: EasemobCall): Promise<object> {
  const { channel, type, delete_roam } = call.members as Static<typeof removal>
  await call.run('conversation.remove', {
    ...changeOf(call),
    conversation: nameOf({ to: channel, type }),
    withMessages: delete_roam === true,
  })
  return messageEnvelope(call, {
    path: `/users/${userOf(call)}/user_channel`,
    entities: [],
    data: { result: 'ok' },
  })
}

function changeOf(call: EasemobCall): { user: string; resource: string } {
  return { user: userOf(call), resource: call.query('resource') ?? '' }
}

function nameOf({ to, type }: Static<typeof name>): ConversationName {
  return { with: to, isGroup: type !== 'chat' }
}

/** @throws Refusal `invalid_request` */
function readName(call: EasemobCall): ConversationName {
  const [to, type] = [call.query('to'), call.query('type')]
  if (!to || !['chat', 'groupchat', 'groupChat'].includes(type ?? '')) throw new Refusal('invalid_request')
  return { with: to, isGroup: type !== 'chat' }
}

/** @throws Refusal `invalid_request` */
function readMark(text: string | undefined): number {
  const found = /^mark_(\d{1,2})$/.exec(text ?? '')
  const number = found ? Number(found[1]) : conversationMarks
  if (number >= conversationMarks) throw new Refusal('invalid_request')
  return number
}
