// Finding what a thread operation, or a message to a thread, names. Where threads are switched off there are none.
import type {
  Thread,
  ThreadMessage,
  ThreadOfMessage,
  ThreadOverview,
} from '../contract/operations/threads.ts'
import { Refusal } from '../contract/refusal.ts'
import { timeOfMessageId } from '../lib/message-id.ts'
import type { Sql } from '../store/db.ts'
import { findGroup, type GroupRow } from '../store/groups.ts'
import { findLastMessage, type MessageRow } from '../store/messages.ts'
import { findParentId, findThread, findThreadOfMessage, type ThreadRow } from '../store/threads.ts'
import type { Call } from './call.ts'
import { toGroupId } from './group-lookup.ts'
import { hasRight } from './group-rights.ts'
import { oldestMessageId } from './message-pages.ts'

/** A thread and the group it is in. */
export interface HousedThread {
  readonly thread: ThreadRow
  readonly parent: GroupRow
}

/** @throws Refusal `threads_off` */
export function checkThreadsAreOn({ app }: Call): void {
  if (!app.settings.threads) throw new Refusal('threads_off')
}

/** @throws Refusal `threads_off`, `thread_unknown` */
export async function getThread(call: Call, sql: Sql, text: string): Promise<HousedThread> {
  checkThreadsAreOn(call)
  const threadId = toGroupId(text)
  const { appId } = call.app
  const thread = threadId === undefined ? undefined : await findThread(sql, appId, threadId)
  const parent = thread && (await findGroup(sql, appId, 'group', thread.parentId))
  if (!parent) throw new Refusal('thread_unknown', { thread: text })
  return { thread, parent }
}

/** As `getThread`. @param right that the caller must have in the thread's group @throws Refusal `thread_right_missing` */
export async function getThreadFor(
  call: Call,
  sql: Sql,
  right: 'see' | 'run',
  text: string,
): Promise<HousedThread> {
  const housed = await getThread(call, sql, text)
  if (!(await hasRight(call, sql, right, housed.parent))) throw new Refusal('thread_right_missing')
  return housed
}

/** Where members of a group write: the group, or a thread of one. */
export async function findGroupOrThread(
  call: Call,
  sql: Sql,
  groupId: number,
): Promise<GroupRow | undefined> {
  const { appId, settings } = call.app
  const group = await findGroup(sql, appId, 'group', groupId)
  if (group || !settings.threads) return group
  const thread = await findGroup(sql, appId, 'thread', groupId)
  return thread && (await findParentId(sql, groupId)) !== undefined ? thread : undefined
}

/** The group whose rules hold here: of a thread, the one it is in. */
export async function houseOf(sql: Sql, group: GroupRow): Promise<GroupRow> {
  if (group.kind !== 'thread') return group
  const parentId = await findParentId(sql, group.groupId)
  const parent = parentId && (await findGroup(sql, group.appId, 'group', parentId))
  return parent || group
}

/** What the messages of a conversation (as `conversationOf` names it) say of the thread that it is. */
export async function findThreadFacts(
  call: Call,
  sql: Sql,
  conversation: string,
): Promise<ThreadOfMessage | undefined> {
  const id = conversation.startsWith('g:') ? toGroupId(conversation.slice(2)) : undefined
  const thread = id === undefined ? undefined : await findThread(sql, call.app.appId, id)
  return thread && toFacts(thread)
}

/** What a message says of the thread about it. */
export async function findOverview(
  call: Call,
  sql: Sql,
  { msgId, conversation }: MessageRow,
): Promise<ThreadOverview | undefined> {
  if (!conversation.startsWith('g:') || !call.app.settings.threads) return undefined
  const thread = await findThreadOfMessage(sql, call.app.appId, msgId)
  if (!thread || conversation !== `g:${thread.parentId}`) return undefined
  const lastMessage = await findLast(call, sql, thread)
  return { ...toThread(thread), messageCount: thread.messageCount, ...(lastMessage && { lastMessage }) }
}

/** The newest message of a thread that has not had its time. */
export async function findLast(call: Call, sql: Sql, thread: ThreadRow): Promise<ThreadMessage | undefined> {
  const row = await findLastMessage(sql, call.app.appId, `g:${thread.threadId}`)
  if (!row || row.msgId < oldestMessageId(call.world)) return undefined
  const { msgId, chatType, sender, target, payload } = row
  const message = { msgId, sentAt: timeOfMessageId(msgId), chatType, from: sender, to: target, payload }
  return { message, thread: toFacts(thread) }
}

export function toThread({ threadId, name, owner, msgId, parentId, createdAt }: ThreadRow): Thread {
  return { threadId: String(threadId), name, owner, msgId, groupId: String(parentId), createdAt }
}

function toFacts({ name, msgId, parentId }: ThreadRow): ThreadOfMessage {
  return { name, msgId, groupId: String(parentId) }
}
