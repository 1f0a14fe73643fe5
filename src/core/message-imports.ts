// Messages that were sent through another service (easemob.md §2.7): into the log, as if they had been sent here then.
import type { ImportArgs } from '../contract/operations/messages.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import { messageIdAt } from '../lib/message-id.ts'
import type { Sql } from '../store/db.ts'
import { findGroup } from '../store/groups.ts'
import { findFreeId, insertMessage } from '../store/messages.ts'
import type { Call } from './call.ts'
import { toGroupId } from './group-lookup.ts'
import { oldestMessageId } from './message-pages.ts'
import { conversationOf, listForBoth } from './send.ts'

/**
 * @returns the message's id
 * @throws Refusal `targets_unknown`, `import_time_invalid`
 */
export async function importMessage(call: Call, sql: Sql, message: ImportArgs): Promise<number> {
  const { chatType, payload, sentAt } = message
  const from = lowerAscii(message.from)
  const target = await findTarget(call, sql, message)
  const msgId = sentAt === undefined ? call.world.ids.next() : await findIdAt(call, sql, sentAt)
  const conversation = conversationOf(chatType, from, target)
  await insertMessage(sql, {
    msgId,
    appId: call.app.appId,
    chatType,
    sender: from,
    target,
    payload,
    conversation,
    senderResource: '',
    body: null,
  })
  const receiver = chatType === 'chat' ? await call.world.userIds.find(call, sql, target) : undefined
  if (receiver !== undefined) await listForBoth(call, sql, { conversation, sender: from, msgId }, receiver, 0)
  return msgId
}

/** @throws Refusal `targets_unknown` */
async function findTarget(call: Call, sql: Sql, { chatType, target }: ImportArgs): Promise<string> {
  const name = lowerAscii(target)
  if (chatType === 'chat') {
    if ((await call.world.userIds.find(call, sql, name)) === undefined) throw new Refusal('targets_unknown')
    return name
  }
  const groupId = toGroupId(name)
  const group = groupId === undefined ? undefined : await findGroup(sql, call.app.appId, 'group', groupId)
  if (!group) throw new Refusal('targets_unknown')
  return String(group.groupId)
}

/** A moment has room for thousands of messages; one that comes after them gets an id of so many ms later at most. */
const spreadMs = 1_000

/** An id of that moment; of the next that has one left, where thousands were imported into one. */
async function findIdAt(call: Call, sql: Sql, sentAt: number): Promise<number> {
  const isKept = messageIdAt(sentAt) > Math.max(0, oldestMessageId(call.world))
  if (sentAt >= call.now || !isKept) throw new Refusal('import_time_invalid')
  for (let at = sentAt; at <= sentAt + spreadMs; at++) {
    if (at >= call.now) return call.world.ids.next()
    const free = await findFreeId(sql, messageIdAt(at), messageIdAt(at + 1))
    if (free !== undefined && free > 0) return free
  }
  throw new Refusal('import_time_invalid')
}
