// Changing texts that were sent (msync.md §5 step 16): the message in the log is the new one from then on, for everybody
// who reads it later; those who may have it are told.
import { easemobLimits } from '../contract/limits.ts'
import type { HistoryOperations } from '../contract/operations/history.ts'
import type { InboxOperations } from '../contract/operations/inbox.ts'
import type { EditFacts, Signal } from '../contract/operations/notices.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import { parseExactly } from '../lib/exact-json.ts'
import type { Sql } from '../store/db.ts'
import { findNotice } from '../store/inbox.ts'
import { type EditMark, type MessageRow, replaceContent } from '../store/messages.ts'
import type { Call } from './call.ts'
import { editOf } from './entries.ts'
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
import { checkMaySendToGroup, checkMaySendToUser, checkMaySpeak, checkMaySpeakInGroup } from './send-rules.ts'

export const editHandlers: Handlers<'history.edit'> = {
  'history.edit': writes(editByServer),
}

type ClientSignal = InboxOperations['inbox.signal']['args']

interface Edited {
  readonly noticeId: number
  readonly count: number
}

/**
 * @returns the id of what is told
 * @throws Refusal `edit_off`, `edit_message_unknown`, `edit_forbidden`, `edit_not_text`, `edits_too_many`, and what keeps the user
 *   from sending
 */
export async function editByClient(call: Call, sql: Sql, message: ClientSignal): Promise<number> {
  const { uid, deviceId, from, resource, chatType, to, about, body, payload = '{}' } = message
  checkIsOn(call)
  await checkMaySpeak(call, sql, uid, chatType)
  const row = await findLiveMessage(call, sql, about)
  if (!row || !isIn(row, chatType, from, to)) throw new Refusal('edit_message_unknown')
  const places = await placesOf(call, sql, row)
  checkPlaces(places, to)
  await checkMaySend(call, sql, uid, places)
  const said = { from, resource, body, payload }
  return (await edit(call, sql, row, places, said, { uid, deviceId })).noticeId
}

/** Of an edit that was made before: what was told of it. */
export async function findEdit(sql: Sql, noticeId: number): Promise<EditFacts | undefined> {
  const content = await findNotice(sql, noticeId)
  return content === undefined ? undefined : (JSON.parse(content) as Signal).edit
}

async function checkMaySend(call: Call, sql: Sql, uid: number, places: Places): Promise<void> {
  if (places.are === 'members' && places.group) {
    await checkMaySendToGroup(call, sql, uid, places.group)
    await checkMaySpeakInGroup(call, sql, uid, places.group)
  }
  if (places.are === 'users' && places.receiver) await checkMaySendToUser(call, sql, uid, places.receiver)
}

/** @throws Refusal `edit_off` */
function checkIsOn({ app }: Call): void {
  if (!app.settings.message_edit) throw new Refusal('edit_off')
}

type EditArgs = HistoryOperations['history.edit']

async function editByServer(call: Call, args: EditArgs['args'], sql: Sql): Promise<EditArgs['result']> {
  checkIsOn(call)
  const row = await findLiveMessage(call, sql, args.msgId)
  if (!row) throw new Refusal('edit_message_unknown')
  const from = lowerAscii(args.user)
  const places = await placesOf(call, sql, row)
  const said = { from, resource: '', payload: args.payload }
  const { count } = await edit(call, sql, row, places, said, appServer)
  return { count }
}

interface Said extends Pick<Signal, 'from' | 'resource' | 'body'> {
  readonly payload: string
}

async function edit(
  call: Call,
  sql: Sql,
  row: MessageRow,
  places: Places,
  { from, resource, body, payload: wanted }: Said,
  speaker: Speaker,
): Promise<Edited> {
  if (row.sender !== from) throw new Refusal('edit_forbidden')
  const payload = mergeTexts(row.payload, wanted)
  const before = row.edit === null ? 0 : (JSON.parse(row.edit) as EditMark).count
  if (before >= easemobLimits.editsMax) throw new Refusal('edits_too_many')
  const mark: EditMark = { operator: from, editedAt: call.now, count: before + 1 }
  await replaceContent(sql, row.msgId, payload, mark)
  const notice: Signal = {
    is: 'signal',
    signal: 'edit',
    chatType: row.chatType,
    from,
    resource,
    to: row.target,
    msgId: row.msgId,
    edit: { ...editOf(row, mark), payload },
    // The app's server has put other words into it: the sender's own bytes are not what it says.
    ...(body && { body }),
  }
  return { noticeId: await tellAbout(call, sql, row, places, notice, speaker), count: mark.count }
}

interface Payload {
  readonly bodies?: readonly { readonly type?: unknown }[]
  readonly ext?: object
}

/** The new text; without an `ext` of its own it keeps that of the message. @throws Refusal `edit_not_text` */
function mergeTexts(before: string, wanted: string): string {
  const [old, fresh] = [parseExactly(before) as Payload, parseExactly(wanted) as Payload]
  if (!isText(old) || !isText(fresh)) throw new Refusal('edit_not_text')
  if (Object.keys(fresh.ext ?? {}).length > 0) return wanted
  return JSON.stringify({ ...fresh, ext: old.ext ?? {} })
}

function isText({ bodies }: Payload): boolean {
  return bodies?.[0]?.type === 'txt'
}
