// The older message call: one path for users, groups and rooms (easemob.md §2.6.1).
import { easemobLimits } from '../../contract/limits.ts'
import type { ChatType } from '../../contract/operations/messages.ts'
import { Refusal } from '../../contract/refusal.ts'
import { isJsonObject } from '../http/json.ts'
import { fullEnvelope } from './envelope.ts'
import { makePayload } from './message-content.ts'
import type { EasemobCall, EasemobRoute, Members } from './route.ts'
import { membersOf, type OutgoingMessage, readNames, readSender, sendMessage } from './send-message.ts'

const kinds: ReadonlyMap<unknown, { readonly chatType: ChatType; readonly max: number }> = new Map([
  ['users', { chatType: 'chat', max: easemobLimits.messageTargetsMax }],
  ['chatgroups', { chatType: 'groupchat', max: easemobLimits.messageGroupsMax }],
  ['chatrooms', { chatType: 'chatroom', max: easemobLimits.messageRoomsMax }],
])

export const legacyMessageRoutes: readonly EasemobRoute[] = [
  {
    method: 'POST',
    path: '/messages',
    summary: 'Send a message to users, groups or rooms; ?useMsgId=true answers message ids',
    family: 'messages',
    need: () => ({ is: 'app', verb: 'post', path: '/messages' }),
    body: 'json',
    raises: [
      'target_type_invalid',
      'targets_too_many',
      'from_empty',
      'message_body_invalid',
      'message_too_large',
      'targets_unknown',
      'message_rate_reached',
    ],
    handle: send,
  },
]

async function send(call: EasemobCall): Promise<object> {
  const useMsgId = call.query('useMsgId') === 'true'
  const data = await sendMessage(call, read(membersOf(call)), useMsgId ? undefined : () => 'success')
  return fullEnvelope(call, { path: '/messages', data, params: true })
}

function read(members: Members): OutgoingMessage {
  const { target_type, target, msg, ext = {} } = members
  const kind = kinds.get(target_type)
  if (!kind) throw new Refusal('target_type_invalid')
  const targets = readNames(target, 'to', kind.max)
  if (targets.length === 0) throw new Refusal('message_body_invalid')
  const from = readSender(members)
  if (!isJsonObject(msg) || !isJsonObject(ext)) throw new Refusal('message_body_invalid')
  return { chatType: kind.chatType, from, targets, payload: makePayload(msg.type, msg, ext), ext }
}
