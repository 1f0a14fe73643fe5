// Conversations read again by their members, page by page, and what a user removes from its own view of them.
//
// Whoever joins a group reads what was said in it before. The specification is silent on it; the vendor describes this
// call to its own users as the way for newcomers to see what others have said earlier, and its clients offer no other.
import type { ConversationName, HistoryOperations } from '../contract/operations/history.ts'
import type { Entry } from '../contract/operations/inbox.ts'
import type { ThreadOfMessage } from '../contract/operations/threads.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import { messageIdAt } from '../lib/message-id.ts'
import type { Sql } from '../store/db.ts'
import { isMember } from '../store/group-members.ts'
import { findGroup } from '../store/groups.ts'
import { findMessage, type MessageRow } from '../store/messages.ts'
import { findHistoryStart, hideMessage, listRoaming, startHistory } from '../store/roaming.ts'
import type { UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { messageEntry } from './entries.ts'
import { toGroupId } from './group-lookup.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { oldestMessageId } from './message-pages.ts'
import { readReactions } from './reactions.ts'
import { conversationOf } from './send.ts'
import { findGroupOrThread, findOverview, findThreadFacts } from './thread-lookup.ts'
import { getUser } from './user-record.ts'

/** A page is read in pieces, and ends early once so many rows were looked at, or it holds so many characters. */
const pieceRows = 100
const rowsPerPageMax = 2_000
const pageCharsMax = 1_048_576

export const roamingHandlers: Handlers<'history.page' | 'history.hide'> = {
  'history.page': reads(async (call, args, sql) => {
    if (!call.app.settings.message_roaming) throw new Refusal('roaming_off')
    const user = await getUser(call, sql, args.user)
    const conversation = await findConversation(call, sql, user, args.conversation)
    return { username: user.username, ...(await readPage(call, sql, user, conversation, args)) }
  }),

  'history.hide': writes(async (call, { user: name, conversation: wanted, until, msgIds }, sql) => {
    const user = await getUser(call, sql, name)
    const conversation = await findConversation(call, sql, user, wanted)
    if (msgIds) await hide(sql, user, conversation, msgIds)
    else await startHistory(sql, user.uid, conversation, lastIdOf(call, until))
    return {}
  }),
}

/** @throws Refusal `roaming_no_member` */
async function findConversation(
  call: Call,
  sql: Sql,
  { uid, username }: UserRow,
  { with: other, isGroup }: ConversationName,
): Promise<string> {
  if (!isGroup) return conversationOf('chat', username, lowerAscii(other))
  const groupId = toGroupId(other)
  if (groupId === undefined || !(await isMember(sql, groupId, uid))) throw new Refusal('roaming_no_member')
  if (await findGroupOrThread(call, sql, groupId))
    return conversationOf('groupchat', username, String(groupId))
  const room = await findGroup(sql, call.app.appId, 'room', groupId)
  if (!room) throw new Refusal('roaming_no_member')
  return conversationOf('chatroom', username, String(groupId))
}

/** Up to this moment, which is included; nothing that is still to come. */
function lastIdOf(call: Call, until = Number.POSITIVE_INFINITY): number {
  return Math.min(messageIdAt(until + 1) - 1, call.world.ids.last)
}

async function hide(sql: Sql, { uid }: UserRow, conversation: string, msgIds: readonly number[]) {
  for (const msgId of msgIds) {
    const row = await findMessage(sql, msgId)
    if (row?.conversation === conversation) await hideMessage(sql, uid, msgId)
  }
}

type PageArgs = HistoryOperations['history.page']['args']

async function readPage(
  call: Call,
  sql: Sql,
  { uid }: UserRow,
  conversation: string,
  { order, after, limit, types, since, until, sender }: PageArgs,
) {
  const isWanted = (row: MessageRow) =>
    (!sender || row.sender === lowerAscii(sender)) && (!types || types.includes(typeOf(row)))
  const first = await findFirst(call, sql, uid, conversation, since)
  const last = messageIdAt((until ?? Number.MAX_SAFE_INTEGER) + 1)
  let [low, high] = order === 'newest_first' ? [first, Math.min(last, after ?? last)] : [first, last]
  if (order === 'oldest_first') low = Math.max(first, after ?? 0)
  const thread = await findThreadFacts(call, sql, conversation)
  const entries: Entry[] = []
  let [seen, chars, next] = [0, 0, after]
  while (seen < rowsPerPageMax) {
    const place = { appId: call.app.appId, uid, conversation, after: low, before: high, order }
    const rows = await listRoaming(sql, place, pieceRows)
    for (const row of rows) {
      if (entries.length >= limit || chars >= pageCharsMax) return pageOf(entries, false, next)
      next = row.msgId
      if (!isWanted(row)) continue
      entries.push(await readEntry(call, sql, row, uid, thread))
      chars += row.payload.length + (row.body?.length ?? 0)
    }
    if (rows.length < pieceRows) return pageOf(entries, true, next)
    seen += rows.length
    if (order === 'newest_first') high = next!
    else low = next!
  }
  return pageOf(entries, false, next)
}

async function readEntry(
  call: Call,
  sql: Sql,
  row: MessageRow,
  uid: number,
  thread: ThreadOfMessage | undefined,
): Promise<Entry> {
  const reactions = call.app.settings.reactions ? await readReactions(sql, row.msgId, uid) : []
  const overview = await findOverview(call, sql, row)
  return messageEntry(row, {
    ...(reactions.length > 0 && { reactions }),
    ...(thread && { thread }),
    ...(overview && { overview }),
  })
}

function pageOf(entries: Entry[], isLast: boolean, next: number | undefined) {
  return { entries, isLast, ...(next !== undefined && { next }) }
}

/** Excluded. */
async function findFirst(call: Call, sql: Sql, uid: number, conversation: string, since = 0) {
  const start = await findHistoryStart(sql, uid, conversation)
  return Math.max(start, oldestMessageId(call.world) - 1, messageIdAt(since) - 1)
}

function typeOf({ payload }: MessageRow): string {
  const { bodies } = JSON.parse(payload) as { bodies?: { type?: string }[] }
  return bodies?.[0]?.type ?? ''
}
