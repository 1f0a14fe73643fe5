// The messages of an app, for its server to read back (easemob.md §2.9, the older form).
import { easemobLimits } from '../../contract/limits.ts'
import type { StoredMessage } from '../../contract/operations/messages.ts'
import { messageIdAt } from '../../lib/message-id.ts'
import { parseOwnJson } from '../http/json.ts'
import { fullEnvelope } from './envelope.ts'
import { readCount } from './paging.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'

export const chatHistoryRoutes: readonly EasemobRoute[] = [
  {
    method: 'GET',
    path: '/chatmessages',
    summary: 'Messages sent, oldest first: ?ql=select * where timestamp>{ms}, limit, cursor',
    family: 'messages',
    need: () => ({ is: 'app', verb: 'get', path: '/chatmessages' }),
    raises: ['query_parse', 'query_token', 'query_string_open', 'query_order_by_split'],
    handle: list,
  },
]

async function list(call: EasemobCall): Promise<object> {
  const { historyPageDefault, historyPageMax } = easemobLimits
  const query = call.query('ql')
  const cursor = call.query('cursor')
  const { messages, next } = await call.run('message.list', {
    ...(query && { query }),
    ...(cursor && { cursor }),
    limit: Math.min(readCount(call, 'limit', 1) ?? historyPageDefault, historyPageMax),
  })
  const entities = messages.map(toEntity)
  return fullEnvelope(call, {
    path: '/chatmessages',
    params: true,
    entities,
    cursor: next,
    count: entities.length,
  })
}

function toEntity(message: StoredMessage): object {
  const { msgId, sentAt } = message
  return {
    uuid: uuidOf(msgId, sentAt),
    type: 'chatmessage',
    created: sentAt,
    modified: sentAt,
    ...toRecord(message),
  }
}

/** What the export and the pages have in common. */
export function toRecord({ msgId, sentAt, chatType, from, to, payload }: StoredMessage): object {
  return {
    timestamp: sentAt,
    direction: 'outgoing',
    msg_id: String(msgId),
    from,
    to,
    chat_type: chatType,
    payload: { ...(parseOwnJson(payload) as object), from, to },
  }
}

/**
 * Records carry a version-1 UUID beside their id. It is made of the id, so that a record has the same one each time: its
 * moment, with the count within the millisecond as the finer part; the node is none of a network card (RFC 9562 §5.1).
 */
function uuidOf(msgId: number, sentAt: number): string {
  const ticks = (BigInt(sentAt) + 12_219_292_800_000n) * 10_000n + BigInt(msgId - messageIdAt(sentAt))
  const hex = ticks.toString(16).padStart(15, '0')
  return `${hex.slice(7)}-${hex.slice(3, 7)}-1${hex.slice(0, 3)}-8000-010000000000`
}
