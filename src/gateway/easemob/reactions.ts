// Reactions to messages (easemob.md §2.12), set and read in the name of a user.
import { easemobLimits } from '../../contract/limits.ts'
import type { Reaction } from '../../contract/operations/reactions.ts'
import { toReactionJson } from '../../contract/reaction-json.ts'
import { Refusal } from '../../contract/refusal.ts'
import { toIdText } from '../http/json.ts'
import { reactionEnvelope } from './envelope.ts'
import { toMessageId } from './message-ids.ts'
import { readCount } from './paging.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { appOrSelf, userOf } from './user-need.ts'

const { reactionCharsMax, reactionMessagesMax, reactionUsersPageDefault, reactionUsersPageMax } =
  easemobLimits

const path = '/reaction/user/:user'
const ofMessage = [
  'reactions_off',
  'user_unknown',
  'reaction_message_unknown',
  'reaction_forbidden',
  'reaction_no_member',
  'invalid_request',
] as const

export const reactionRoutes: readonly EasemobRoute[] = [
  {
    method: 'POST',
    path,
    summary: 'Put a reaction on a message: {"msgId", "message"}',
    need: appOrSelf,
    body: 'json',
    raises: [...ofMessage, 'reaction_exists', 'reactions_too_many'],
    handle: add,
  },
  {
    method: 'DELETE',
    path,
    summary: 'Take a reaction of a user away: ?msgId=…&message=…',
    need: appOrSelf,
    raises: ofMessage,
    handle: async call => {
      await call.run('reaction.remove', readOne(call))
      return reactionEnvelope(call)
    },
  },
  {
    method: 'GET',
    path,
    summary: 'Reactions of up to 20 messages: ?msgIdList=…&msgType=chat|groupchat&groupId=…',
    need: appOrSelf,
    raises: [
      'reactions_off',
      'user_unknown',
      'reaction_no_member',
      'reaction_group_missing',
      'invalid_request',
    ],
    handle: list,
  },
  {
    method: 'GET',
    path: `${path}/detail`,
    summary: 'A reaction with its users, the earliest first: ?msgId=…&message=…&limit=…&cursor=…',
    need: appOrSelf,
    raises: ofMessage,
    handle: showOne,
  },
]

async function add(call: EasemobCall): Promise<object> {
  const { msgId: id, message } = call.members
  const msgId = toIdText(id ?? '')
  if (msgId === undefined || msgId === '') throw new Refusal('invalid_request')
  const reaction = readReaction(message)
  const named = { user: userOf(call), msgId: toMessageId(msgId), reaction }
  const { reactionId, chatType, groupId, createdAt, modifiedAt } = await call.run('reaction.add', named)
  return reactionEnvelope(call, {
    id: reactionId,
    msgId,
    msgType: chatType,
    groupId,
    reaction,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(modifiedAt).toISOString(),
  })
}

async function list(call: EasemobCall): Promise<object> {
  const ids = queryOf(call, 'msgIdList')?.split(',') ?? []
  if (ids.length === 0 || ids.length > reactionMessagesMax) throw new Refusal('invalid_request')
  const group = readGroup(call)
  const { messages } = await call.run('reaction.list', {
    user: userOf(call),
    msgIds: ids.map(toMessageId),
    ...(group !== undefined && { group }),
  })
  return reactionEnvelope(
    call,
    messages.map(({ msgId, reactions }) => ({ msgId: String(msgId), reactionList: reactions.map(toShown) })),
  )
}

async function showOne(call: EasemobCall): Promise<object> {
  const named = readOne(call)
  // The Web SDK has names of its own for the page.
  const limit = readCount(call, 'limit', 1) ?? readCount(call, 'pageSize', 1) ?? reactionUsersPageDefault
  const cursor = queryOf(call, 'cursor') ?? queryOf(call, 'currentPage')
  const page = { limit: Math.min(limit, reactionUsersPageMax), ...(cursor !== undefined && { cursor }) }
  const { reaction, next } = await call.run('reaction.get', { ...named, ...page })
  const none = { reactionId: '', reaction: named.reaction, count: 0, isOwn: false, users: [] }
  return reactionEnvelope(call, { ...toShown(reaction ?? none), cursor: next ?? '' })
}

function toShown(reaction: Reaction): object {
  return { reactionId: reaction.reactionId, ...toReactionJson(reaction) }
}

/** @throws Refusal `invalid_request` */
function readOne(call: EasemobCall) {
  const msgId = queryOf(call, 'msgId')
  if (msgId === undefined) throw new Refusal('invalid_request')
  return {
    user: userOf(call),
    msgId: toMessageId(msgId),
    reaction: readReaction(call.query('message')),
  }
}

/** @returns undefined for messages between two. @throws Refusal `invalid_request`, `reaction_group_missing` */
function readGroup(call: EasemobCall): string | undefined {
  const type = queryOf(call, 'msgType')
  if (type === 'chat') return undefined
  if (type !== 'groupchat') throw new Refusal('invalid_request')
  const group = queryOf(call, 'groupId')
  if (group === undefined) throw new Refusal('reaction_group_missing')
  return group
}

/** @throws Refusal `invalid_request` */
function readReaction(value: unknown): string {
  if (typeof value !== 'string' || value === '' || [...value].length > reactionCharsMax)
    throw new Refusal('invalid_request')
  return value
}

/** The Web SDK writes `null` for what it does not say. */
function queryOf(call: EasemobCall, name: string): string | undefined {
  const value = call.query(name)
  return value === '' || value === 'null' ? undefined : value
}
