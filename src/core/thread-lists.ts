// Pages of threads: of the app, of a group, of a user; and what was said last in them.
import type { ThreadMessage, ThreadOperations } from '../contract/operations/threads.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import {
  findThread,
  listJoinedThreads,
  listThreads,
  listThreadsOfGroup,
  type ThreadPage,
  type ThreadRow,
} from '../store/threads.ts'
import type { Call } from './call.ts'
import { getGroup, toGroupId } from './group-lookup.ts'
import { firstPlace, lastPlace, readCursor, toCursor } from './group-places.ts'
import { hasRight } from './group-rights.ts'
import { type Handlers, reads } from './handler.ts'
import { checkThreadsAreOn, findLast, getThread, toThread } from './thread-lookup.ts'
import { getUser } from './user-record.ts'

type ListOperation = 'thread.list' | 'thread.list_of_group' | 'thread.list_joined' | 'thread.last_messages'

export const threadListHandlers: Handlers<Extract<keyof ThreadOperations, ListOperation>> = {
  'thread.list': reads(async (call, wanted, sql) => {
    checkThreadsAreOn(call)
    const { rows, next } = await cutPage(wanted, page => listThreads(sql, call.app.appId, page))
    return { threadIds: rows.map(({ threadId }) => String(threadId)), ...next }
  }),

  'thread.list_of_group': reads(async (call, { group: text, ...wanted }, sql) => {
    checkThreadsAreOn(call)
    const group = await getGroup(call, sql, { kind: 'group', group: text })
    if (!(await hasRight(call, sql, 'see', group))) throw new Refusal('thread_right_missing')
    const { rows, next } = await cutPage(wanted, page => listThreadsOfGroup(sql, group.groupId, page))
    return { threads: rows.map(toThread), ...next }
  }),

  'thread.list_joined': reads(async (call, { user: name, group, ...wanted }, sql) => {
    checkThreadsAreOn(call)
    const { uid } = await getUser(call, sql, name)
    const groupId = group === undefined ? 0 : (toGroupId(group) ?? -1)
    const { rows, next } = await cutPage(wanted, page => listJoinedThreads(sql, uid, groupId, page))
    return { threads: rows.map(toThread), ...next }
  }),

  'thread.last_messages': reads(async (call, { threads: texts }, sql) => {
    checkThreadsAreOn(call)
    const threads: { threadId: string; last?: ThreadMessage }[] = []
    for (const text of new Set(texts)) {
      const thread = await findVisible(call, sql, text)
      const last = thread && (await findLast(call, sql, thread))
      if (thread) threads.push({ threadId: String(thread.threadId), ...(last && { last }) })
    }
    return { threads }
  }),
}

/** For members of its group. */
async function findVisible(call: Call, sql: Sql, text: string): Promise<ThreadRow | undefined> {
  const threadId = toGroupId(text)
  const found = threadId === undefined ? undefined : await findThread(sql, call.app.appId, threadId)
  if (!found) return undefined
  const { thread, parent } = await getThread(call, sql, text)
  return (await hasRight(call, sql, 'see', parent)) ? thread : undefined
}

interface Wanted extends Pick<ThreadPage, 'order' | 'limit'> {
  readonly cursor?: string
}

async function cutPage(
  { order, limit, cursor }: Wanted,
  list: (page: ThreadPage) => Promise<ThreadRow[]>,
): Promise<{ rows: ThreadRow[]; next: { next?: string } }> {
  const [at, threadId] = readCursor(cursor) ?? (order === 'oldest_first' ? firstPlace : lastPlace)
  const found = await list({ order, after: { at, threadId }, limit: limit + 1 })
  const rows = found.slice(0, limit)
  const last = found.length > limit ? rows.at(-1) : undefined
  return { rows, next: last ? { next: toCursor([last.at, last.threadId]) } : {} }
}
