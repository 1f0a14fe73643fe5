// The newer message calls: a path for each kind of receiver, and one for some members of a group or room (easemob.md
// §2.6.2).
import { easemobLimits } from '../../contract/limits.ts'
import type { ChatType } from '../../contract/operations/messages.ts'
import { Refusal } from '../../contract/refusal.ts'
import { isJsonObject } from '../http/json.ts'
import { messageEnvelope } from './envelope.ts'
import { makePayload } from './message-content.ts'
import type { EasemobCall, EasemobRoute, Members } from './route.ts'
import { membersOf, type OutgoingMessage, readNames, readSender, sendMessage } from './send-message.ts'

interface MessagePath {
  readonly path: string
  readonly summary: string
  readonly chatType: ChatType
  readonly max: number
  /** Names of members in `users`. */
  readonly isTargeted?: true
}

const { messageTargetsMax, messageGroupsMax, messageRoomsMax, messageMembersMax } = easemobLimits

const paths: readonly MessagePath[] = [
  {
    path: '/messages/users',
    summary: 'Send a message to users',
    chatType: 'chat',
    max: messageTargetsMax,
  },
  {
    path: '/messages/chatgroups',
    summary: 'Send a message to groups',
    chatType: 'groupchat',
    max: messageGroupsMax,
  },
  {
    path: '/messages/chatrooms',
    summary: 'Send a message to chat rooms',
    chatType: 'chatroom',
    max: messageRoomsMax,
  },
  {
    path: '/messages/chatgroups/users',
    summary: 'Send a message to some members of a group',
    chatType: 'groupchat',
    max: 1,
    isTargeted: true,
  },
  {
    path: '/messages/chatrooms/users',
    summary: 'Send a message to some members of a chat room',
    chatType: 'chatroom',
    max: 1,
    isTargeted: true,
  },
]

export const modernMessageRoutes: readonly EasemobRoute[] = paths.map(path => ({
  method: 'POST',
  path: path.path,
  summary: path.summary,
  family: 'messages_modern',
  need: () => ({ is: 'app', verb: 'post', path: path.path }),
  body: 'json',
  raises: [
    'from_empty',
    'param_empty',
    'targets_too_many',
    'message_body_invalid',
    'ext_not_object',
    'message_too_large',
    'targets_unknown',
    'message_rate_reached',
  ],
  handle: call => send(call, path),
}))

async function send(call: EasemobCall, path: MessagePath): Promise<object> {
  const data = await sendMessage(call, read(membersOf(call), path))
  return messageEnvelope(call, { path: path.path, data })
}

/** In the order of the vendor's rows (N-40): from, to, type, body, users, ext. */
function read(members: Members, { chatType, max, isTargeted }: MessagePath): OutgoingMessage {
  const from = readSender(members)
  const targets = readNames(getMember(members, 'to'), 'to', max)
  const type = getMember(members, 'type')
  const content = getMember(members, 'body')
  const only = isTargeted ? readNames(getMember(members, 'users'), 'users', messageMembersMax) : undefined
  const { ext = {} } = members
  if (!isJsonObject(ext)) throw new Refusal('ext_not_object')
  return { chatType, from, targets, payload: makePayload(type, content, ext), ext, ...(only && { only }) }
}

/** @throws Refusal `param_empty` */
function getMember(members: Members, param: string): unknown {
  const value = members[param]
  const isEmptyList = Array.isArray(value) && value.length === 0
  if (value === undefined || value === null || value === '' || isEmptyList)
    throw new Refusal('param_empty', { param })
  return value
}
