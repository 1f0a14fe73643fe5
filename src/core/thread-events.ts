// What is told of threads: to the members of the group what becomes of a thread, to a user's other devices what the user
// does with it (msync.md §4, operations 33 to 38, and the notice of the type `thread`).
import type { ServerNotice, ThreadEvent, ThreadEventName } from '../contract/operations/notices.ts'
import { toMessageJson } from '../contract/thread-json.ts'
import { parseExactly } from '../lib/exact-json.ts'
import type { Sql } from '../store/db.ts'
import type { GroupRow } from '../store/groups.ts'
import { countThreadMessage, findThread, type ThreadRow } from '../store/threads.ts'
import { listUserDevices } from '../store/user-devices.ts'
import type { UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { deliver, deliverCopy, keepNotice, serverQueue, tellGroup } from './tell.ts'
import { findLast } from './thread-lookup.ts'

/** As clients know them. */
type Operation = 'create' | 'update' | 'delete'

/** To the members of the thread's group. @param from who does it, a username */
export function tellGroupOfThread(
  call: Call,
  sql: Sql,
  thread: ThreadRow,
  operation: Operation,
  from: string,
): Promise<void> {
  return tellGroup(call, sql, { groupId: thread.parentId }, toNotice(call, thread, operation, from))
}

/** A message has come to a thread, or was taken back: those of the group who are online see how it stands now. */
export async function tellOfThreadMessage(
  call: Call,
  sql: Sql,
  { groupId }: Pick<GroupRow, 'groupId'>,
  from: string,
  by: 1 | -1,
): Promise<void> {
  await countThreadMessage(sql, groupId, by)
  const thread = await findThread(sql, call.app.appId, groupId)
  if (!thread) return
  const { org, app } = call.app
  const last = await findLast(call, sql, thread)
  const shown = last ? toMessageJson(`${org}#${app}`, last, parseExactly) : {}
  const notice = toNotice(call, thread, 'update_msg', from, { last_message: shown })
  await tellGroup(call, sql, { groupId: thread.parentId }, notice, true)
}

function toNotice(
  call: Call,
  thread: ThreadRow,
  operation: Operation | 'update_msg',
  from: string,
  more: object = {},
): ServerNotice {
  const data = {
    id: String(thread.threadId),
    name: thread.name,
    from,
    operation,
    msg_parent_id: String(thread.msgId),
    muc_parent_id: String(thread.parentId),
    message_count: thread.messageCount,
    timestamp: call.now,
    ...more,
  }
  return { is: 'server_notice', payload: JSON.stringify({ type: 'thread', data }) }
}

interface Told {
  readonly event: ThreadEventName
  /** Who does it, a username. */
  readonly from: string
  /** The device it is done with: it is not told. */
  readonly resource?: string | undefined
}

/** To the devices of the user whom it concerns. */
export async function tellUserOfThread(
  call: Call,
  sql: Sql,
  { threadId, name, parentId }: ThreadRow,
  { uid, username }: Pick<UserRow, 'uid' | 'username'>,
  { event, from, resource }: Told,
): Promise<void> {
  const notice: ThreadEvent = {
    is: 'thread_event',
    event,
    threadId: String(threadId),
    name,
    groupId: String(parentId),
    from,
    to: username,
  }
  const devices = resource === undefined ? [] : await listUserDevices(sql, uid)
  const origin = devices.find(device => device.resource === resource)?.deviceId ?? 0
  const parcel = { entryId: await keepNotice(call, sql, notice), origin, isTransient: false }
  if (origin > 0) await deliverCopy(call, sql, uid, serverQueue, parcel)
  else await deliver(call, sql, uid, serverQueue, parcel)
}
