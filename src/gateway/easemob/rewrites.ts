// Changing a text in the name of its sender (easemob.md §2.7).
import { Refusal } from '../../contract/refusal.ts'
import { isJsonObject } from '../http/json.ts'
import { messageEnvelope } from './envelope.ts'
import { makePayload } from './message-content.ts'
import { toMessageId } from './message-ids.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { membersOf } from './send-message.ts'

export const rewriteRoutes: readonly EasemobRoute[] = [
  {
    method: 'PUT',
    path: '/messages/rewrite/:message',
    summary: 'Change a text that was sent: {"user", "new_msg": {"type": "txt", "msg"}, "new_ext"?}',
    family: 'messages_modern',
    need: call => ({ is: 'app', verb: 'put', path: pathOf(call) }),
    body: 'json',
    raises: [
      'edit_off',
      'edit_message_unknown',
      'edit_forbidden',
      'edit_not_text',
      'edits_too_many',
      'message_body_invalid',
      'message_too_large',
      'ext_not_object',
    ],
    handle: rewrite,
  },
]

async function rewrite(call: EasemobCall): Promise<object> {
  const { user, new_msg: content, new_ext: ext = {} } = membersOf(call)
  if (typeof user !== 'string' || user === '' || !isJsonObject(content))
    throw new Refusal('message_body_invalid')
  if (!isJsonObject(ext)) throw new Refusal('ext_not_object')
  // Either form of the send calls: members beside the type, or in a `body`.
  const { type, body, ...members } = content
  const payload = makePayload(type, isJsonObject(body) ? body : members, ext)
  const id = call.params.message!
  await call.run('history.edit', { msgId: toMessageId(id), user, payload })
  return messageEnvelope(call, { path: pathOf(call), data: { msg_id: id, rewritten: 'yes' } })
}

function pathOf({ params }: EasemobCall): string {
  return `/messages/rewrite/${params.message}`
}
