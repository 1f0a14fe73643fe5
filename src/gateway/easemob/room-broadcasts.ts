// A message to every chat room of the app (easemob.md §2.6.2).
import { Refusal } from '../../contract/refusal.ts'
import { isJsonObject } from '../http/json.ts'
import { messageEnvelope } from './envelope.ts'
import { makePayload } from './message-content.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { membersOf, readPriority, readSender } from './send-message.ts'

const path = '/messages/chatrooms/broadcast'

export const roomBroadcastRoutes: readonly EasemobRoute[] = [
  {
    method: 'POST',
    path,
    summary:
      'Send a message to every chat room: {"msg": {"type", …}, "from"?, "ext"?, "chatroom_msg_level"?}',
    family: 'messages_modern',
    need: () => ({ is: 'app', verb: 'post', path }),
    body: 'json',
    raises: [
      'from_empty',
      'param_empty',
      'message_body_invalid',
      'ext_not_object',
      'message_too_large',
      'message_rate_reached',
      'broadcast_off',
      'broadcast_rooms_too_many',
    ],
    handle: broadcast,
  },
]

async function broadcast(call: EasemobCall): Promise<object> {
  const members = membersOf(call)
  const from = readSender(members)
  const { msg, ext = {} } = members
  if (msg === undefined || msg === null) throw new Refusal('param_empty', { param: 'msg' })
  if (!isJsonObject(msg)) throw new Refusal('message_body_invalid')
  if (!isJsonObject(ext)) throw new Refusal('ext_not_object')
  const payload = makePayload(msg.type, msg, ext)
  const { msgId } = await call.run('message.broadcast', { from, payload, ...readPriority(members) })
  // A number here, a text everywhere else: as the vendor has it.
  return messageEnvelope(call, { path, data: { id: msgId } })
}
