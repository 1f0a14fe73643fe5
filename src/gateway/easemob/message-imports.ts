// Bringing messages along from another service (easemob.md §2.7).
import type { ImportArgs } from '../../contract/operations/messages.ts'
import { Refusal } from '../../contract/refusal.ts'
import { isJsonObject, toIdText } from '../http/json.ts'
import { messageEnvelope } from './envelope.ts'
import { makePayload } from './message-content.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { membersOf, readSender } from './send-message.ts'

const kinds = [
  { path: '/messages/users/import', chatType: 'chat', what: 'a user' },
  { path: '/messages/chatgroups/import', chatType: 'groupchat', what: 'a group' },
] as const

export const messageImportRoutes: readonly EasemobRoute[] = kinds.map(({ path, chatType, what }) => ({
  method: 'POST',
  path,
  summary: `Bring in a message to ${what} that was sent elsewhere: {"from", "target", "type", "body", "msg_timestamp"?}`,
  family: 'messages_modern',
  need: () => ({ is: 'app', verb: 'post', path }),
  body: 'json',
  raises: [
    'from_empty',
    'param_empty',
    'message_body_invalid',
    'ext_not_object',
    'message_too_large',
    'import_time_invalid',
    'targets_unknown',
    'message_rate_reached',
  ],
  handle: async call => {
    const { msgId } = await call.run('message.import', read(call, chatType))
    return messageEnvelope(call, { path, entities: [], data: { msg_id: String(msgId) } })
  },
}))

function read(call: EasemobCall, chatType: ImportArgs['chatType']): ImportArgs {
  const members = membersOf(call)
  const from = readSender(members)
  const { type, body, ext = {}, msg_timestamp: sentAt } = members
  const target = toIdText(members.target)
  if (!target) throw new Refusal('param_empty', { param: 'target' })
  if (!type) throw new Refusal('param_empty', { param: 'type' })
  if (!body) throw new Refusal('param_empty', { param: 'body' })
  if (!isJsonObject(ext)) throw new Refusal('ext_not_object')
  if (sentAt !== undefined && !(Number.isSafeInteger(sentAt) && Number(sentAt) > 0))
    throw new Refusal('import_time_invalid')
  return {
    chatType,
    from,
    target,
    payload: makePayload(type, body, ext),
    ...(sentAt !== undefined && { sentAt: Number(sentAt) }),
  }
}
