// Taking messages back in the name of the app's server (easemob.md §2.7): one, or several in the older form.
import { historyRows } from '../../contract/easemob/history.ts'
import { easemobLimits } from '../../contract/limits.ts'
import type { Recall, RecallOutcome } from '../../contract/operations/history.ts'
import type { ChatType } from '../../contract/operations/messages.ts'
import { Refusal } from '../../contract/refusal.ts'
import { isJsonObject, toIdText } from '../http/json.ts'
import { messageEnvelope } from './envelope.ts'
import { toMessageId } from './message-ids.ts'
import type { EasemobCall, EasemobRoute, Members } from './route.ts'
import { membersOf, readSender } from './send-message.ts'

const failures = [
  'recall_off',
  'recall_param_empty',
  'recall_receiver_wrong',
  'recall_message_unknown',
  'recall_too_late',
  'from_empty',
  'message_body_invalid',
] as const

export const recallRoutes: readonly EasemobRoute[] = [
  {
    method: 'POST',
    path: '/messages/msg_recall',
    summary: 'Recall a message within two minutes: {"msg_id", "to", "chat_type", "from"?, "force"?}',
    family: 'messages_modern',
    need: () => ({ is: 'app', verb: 'post', path: '/messages/msg_recall' }),
    body: 'json',
    raises: failures,
    handle: recallOne,
  },
  {
    method: 'POST',
    path: '/messages/recall',
    summary: 'Recall messages: {"msgs": [{"msg_id", "to", "chat_type", "from"?, "force"?}]}',
    family: 'messages_modern',
    need: () => ({ is: 'app', verb: 'post', path: '/messages/recall' }),
    body: 'json',
    raises: failures,
    handle: recallMany,
  },
]

interface Wanted extends Recall {
  /** As it was sent. */
  readonly id: string
}

async function recallOne(call: EasemobCall): Promise<object> {
  const wanted = read(membersOf(call))
  const { outcomes } = await call.run('history.recall', { messages: [wanted] })
  const outcome = outcomes[0]!
  const path = '/messages/msg_recall'
  if (!('refusedAs' in outcome)) return messageEnvelope(call, { path, data: shown(wanted, outcome) })
  if (call.exchange.facts.edition === 'live') throw new Refusal(outcome.refusedAs)
  // The older service says it in its answer, which is that list alone (easemob.md §6.23).
  const msgs = [shown(wanted, outcome)]
  return { ...messageEnvelope(call, { path, data: { msgs } }), msgs }
}

async function recallMany(call: EasemobCall): Promise<object> {
  const { msgs } = membersOf(call)
  if (!Array.isArray(msgs) || msgs.length === 0 || msgs.length > easemobLimits.recallBatchMax)
    throw new Refusal('message_body_invalid')
  const messages = msgs.map(one => {
    if (!isJsonObject(one)) throw new Refusal('message_body_invalid')
    return read(one)
  })
  const { outcomes } = await call.run('history.recall', { messages })
  const data = { msgs: messages.map((message, index) => shown(message, outcomes[index]!)) }
  return messageEnvelope(call, { path: '/messages/recall', data })
}

const chatTypes: ReadonlySet<unknown> = new Set(['chat', 'groupchat', 'chatroom'] satisfies ChatType[])

/** @throws Refusal `recall_param_empty`, `from_empty` */
function read(members: Members): Wanted {
  const { msg_id, to, chat_type, force = false } = members
  const id = toIdText(msg_id)
  const target = toIdText(to)
  if (!id) throw empty('msg_id')
  if (!target) throw empty('to')
  if (!chatTypes.has(chat_type)) throw empty('chat_type')
  if (typeof force !== 'boolean') throw empty('force')
  return {
    id,
    msgId: toMessageId(id),
    to: target,
    chatType: chat_type as ChatType,
    from: readSender(members),
    isForced: force,
  }
}

function empty(param: string): Refusal {
  return new Refusal('recall_param_empty', { param })
}

function shown({ id, chatType }: Wanted, outcome: RecallOutcome): object {
  if ('refusedAs' in outcome) return { msg_id: id, recalled: historyRows[outcome.refusedAs].text }
  const { from, to } = outcome
  return { recalled: 'yes', chattype: chatType, from, to, msg_id: id }
}
