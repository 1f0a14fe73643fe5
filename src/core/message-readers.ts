// Who has read a message of a group: kept when a member says so in a receipt for the group, told to the author with the
// receipt, listed for the members.
import type { InboxOperations } from '../contract/operations/inbox.ts'
import type { ReaderOperations } from '../contract/operations/message-readers.ts'
import type { Sql } from '../store/db.ts'
import { addReader, countReaders, listReaders } from '../store/message-readers.ts'
import type { Call } from './call.ts'
import { firstPlace, readCursor, toCursor } from './group-places.ts'
import { getGroupFor } from './group-rights.ts'
import { type Handlers, reads } from './handler.ts'
import { findLiveMessage } from './message-signals.ts'

export const readerHandlers: Handlers<keyof ReaderOperations> = {
  'message.readers': reads(async (call, { group: text, msgId, limit, cursor }, sql) => {
    const { groupId } = await getGroupFor(call, sql, 'see', { kind: 'group', group: text })
    if (!(await isOf(call, sql, msgId, groupId))) return { usernames: [], total: 0 }
    const [readAt, uid] = readCursor(cursor) ?? firstPlace
    const rows = await listReaders(sql, msgId, { readAt, uid }, limit + 1)
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return {
      usernames: shown.map(({ username }) => username),
      total: await countReaders(sql, msgId),
      ...(last && { next: toCursor([last.readAt, last.uid]) }),
    }
  }),
}

async function isOf(call: Call, sql: Sql, msgId: number, groupId: number): Promise<boolean> {
  const row = await findLiveMessage(call, sql, msgId)
  return row?.chatType === 'groupchat' && row.target === String(groupId)
}

/** @returns how many have read it by now; undefined when this is no receipt of that kind */
export async function noteReader(
  call: Call,
  sql: Sql,
  groupId: number,
  { signal, groupAck, about, uid, from }: InboxOperations['inbox.signal']['args'],
): Promise<number | undefined> {
  if (signal !== 'read' || !groupAck) return undefined
  const row = await findLiveMessage(call, sql, about)
  if (row?.chatType !== 'groupchat' || row.target !== String(groupId) || row.sender === from) return undefined
  await addReader(sql, about, uid, call.now)
  return countReaders(sql, about)
}
