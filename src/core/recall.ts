// Taking messages back (easemob.md §2.7, msync.md §5 step 16): the message goes from the log, from the queues that still
// hold it and from devices that have not shown it yet, and everybody who may have it is told.
import { easemobLimits } from '../contract/limits.ts'
import type { Recall, RecallOutcome } from '../contract/operations/history.ts'
import type { InboxOperations } from '../contract/operations/inbox.ts'
import type { Signal } from '../contract/operations/notices.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import { timeOfMessageId } from '../lib/message-id.ts'
import type { Sql } from '../store/db.ts'
import { isMember } from '../store/group-members.ts'
import type { MessageRow } from '../store/messages.ts'
import { deleteMessage, removeEntry, removeEntryOfGroup } from '../store/recalls.ts'
import type { Call } from './call.ts'
import { type Handlers, writes } from './handler.ts'
import {
  appServer,
  checkPlaces,
  findLiveMessage,
  isIn,
  type Places,
  placesOf,
  type Speaker,
  tellAbout,
} from './message-signals.ts'
import { withdrawPushesOf } from './offline-push.ts'
import { groupQueue, userQueue } from './tell.ts'
import { tellOfThreadMessage } from './thread-events.ts'

export const recallHandlers: Handlers<'history.recall'> = {
  'history.recall': writes(async (call, { messages }, sql) => {
    if (!call.app.settings.message_recall) throw new Refusal('recall_off')
    const outcomes: RecallOutcome[] = []
    for (const message of messages) outcomes.push(await recallByServer(call, sql, message))
    return { outcomes }
  }),
}

type ClientSignal = InboxOperations['inbox.signal']['args']

/**
 * @returns the id of what is told
 * @throws Refusal `recall_off`, `recall_message_unknown`, `recall_forbidden`, `recall_too_late`, and what keeps the user from sending
 */
export async function recallByClient(call: Call, sql: Sql, message: ClientSignal): Promise<number> {
  if (!call.app.settings.message_recall) throw new Refusal('recall_off')
  const { uid, deviceId, from, resource, chatType, to, about, body } = message
  const row = await findLiveMessage(call, sql, about)
  if (!row || !isIn(row, chatType, from, to)) throw new Refusal('recall_message_unknown')
  const places = await placesOf(call, sql, row)
  checkPlaces(places, to)
  await checkMayRecall(sql, row, places, { uid, from })
  if (isLate(call, row)) throw new Refusal('recall_too_late')
  return recall(call, sql, row, places, { from, resource, body }, { uid, deviceId })
}

/** One's own; in a group or room that one owns, everybody's. @throws Refusal */
async function checkMayRecall(
  sql: Sql,
  row: MessageRow,
  places: Places,
  { uid, from }: { readonly uid: number; readonly from: string },
): Promise<void> {
  const group = places.are === 'members' ? places.group : undefined
  if (group && !(await isMember(sql, group.groupId, uid))) throw new Refusal('sender_no_member')
  if (row.sender !== from && group?.ownerUid !== uid) throw new Refusal('recall_forbidden')
}

function isLate(call: Call, { msgId }: MessageRow): boolean {
  return call.now - timeOfMessageId(msgId) > easemobLimits.recallMs
}

async function recallByServer(call: Call, sql: Sql, wanted: Recall): Promise<RecallOutcome> {
  const row = await findLiveMessage(call, sql, wanted.msgId)
  if (!row) return { refusedAs: 'recall_message_unknown' }
  if (row.chatType !== wanted.chatType || row.target !== lowerAscii(wanted.to))
    return { refusedAs: 'recall_receiver_wrong' }
  if (!wanted.isForced && isLate(call, row)) return { refusedAs: 'recall_too_late' }
  const from = lowerAscii(wanted.from)
  await recall(call, sql, row, await placesOf(call, sql, row), { from, resource: '' }, appServer)
  return { from, to: row.target }
}

async function recall(
  call: Call,
  sql: Sql,
  row: MessageRow,
  places: Places,
  { from, resource, body }: Pick<Signal, 'from' | 'resource' | 'body'>,
  speaker: Speaker,
): Promise<number> {
  await removeFromQueues(sql, row, places)
  await withdrawPushesOf(call, sql, row.msgId)
  await deleteMessage(sql, row.msgId)
  const notice: Signal = {
    is: 'signal',
    signal: 'recall',
    chatType: row.chatType,
    from,
    resource,
    to: row.target,
    msgId: row.msgId,
    ...(body !== undefined && { body }),
  }
  if (places.are === 'members' && places.group?.kind === 'thread' && row.conversation === `g:${row.target}`)
    await tellOfThreadMessage(call, sql, places.group, from, -1)
  return tellAbout(call, sql, row, places, notice, speaker)
}

async function removeFromQueues(sql: Sql, row: MessageRow, places: Places): Promise<void> {
  if (places.are === 'members') {
    const groupId = places.group?.groupId
    if (groupId !== undefined) await removeEntryOfGroup(sql, groupId, groupQueue(groupId), row.msgId)
    return
  }
  const { sender, receiver } = places
  if (receiver) await removeEntry(sql, receiver.uid, userQueue(row.sender), row.msgId)
  if (sender) await removeEntry(sql, sender.uid, userQueue(row.target), row.msgId)
}
