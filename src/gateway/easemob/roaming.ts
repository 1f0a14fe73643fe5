// Conversations as a user's client reads them again, and what the user removes from its own view of them: what the
// vendor's Web SDK asks for (msync.md §3).
import { easemobLimits } from '../../contract/limits.ts'
import type { ConversationName } from '../../contract/operations/history.ts'
import type { Args } from '../../contract/operations.ts'
import { Refusal } from '../../contract/refusal.ts'
import { encodeMeta } from '../../msync/meta.ts'
import { toIdText } from '../http/json.ts'
import { shortEnvelope, statusEnvelope } from './envelope.ts'
import { toMessageId } from './message-ids.ts'
import type { EasemobCall, EasemobRoute, Members } from './route.ts'
import { appOrSelf, userOf } from './user-need.ts'

const { roamingPageDefault, roamingPageMax, hiddenBatchMax } = easemobLimits
/** A path names the kind of conversation, the query the other side of it. */
const kinds = [
  { name: 'chat', param: 'userId', isGroup: false },
  { name: 'group', param: 'groupId', isGroup: true },
] as const

export const roamingRoutes: readonly EasemobRoute[] = [
  {
    method: 'POST',
    path: '/users/:user/messageroaming',
    summary: 'A page of a conversation, as the Web SDK reads it: {"queue", "start", "pull_number", …}',
    need: appOrSelf,
    body: 'json',
    raises: ['roaming_off', 'user_unknown', 'roaming_no_member', 'invalid_request'],
    handle: readPage,
  },
  ...kinds.flatMap(({ name, param, isGroup }): EasemobRoute[] => [
    {
      method: 'DELETE',
      path: `/sdk/message/roaming/${name}/user/:user`,
      summary: `Remove messages from a user's view: ?${param}=…&msgIdList=…`,
      need: appOrSelf,
      raises: ['user_unknown', 'roaming_no_member', 'invalid_request'],
      handle: call => hide(call, { with: queryOf(call, param), isGroup }, { msgIds: readIds(call) }),
    },
    {
      method: 'DELETE',
      path: `/sdk/message/roaming/${name}/user/:user/time`,
      summary: `Remove messages sent up to a moment from a user's view: ?${param}=…&delTime={ms}`,
      need: appOrSelf,
      raises: ['user_unknown', 'roaming_no_member', 'invalid_request'],
      handle: call => hide(call, { with: queryOf(call, param), isGroup }, { until: readTime(call) }),
    },
  ]),
]

async function readPage(call: EasemobCall): Promise<object> {
  const { username, entries, isLast, next } = await call.run('history.page', readWish(call))
  const { org, app } = call.place
  const reader = { appKey: `${org}#${app}`, username }
  const msgs = entries.map(entry => ({ msg: Buffer.from(encodeMeta(reader, entry)).toString('base64') }))
  const data = { msgs, is_last: isLast, next_key: next === undefined ? '' : String(next) }
  return shortEnvelope(call, { data })
}

/** @throws Refusal `invalid_request` */
function readWish(call: EasemobCall): Args<'history.page'> {
  const { queue, start, pull_number, is_positive, msgType, startTime, endTime, userId } = call.members
  const after = readStart(start)
  const [since, until] = [readMoment(startTime), readMoment(endTime)]
  return {
    user: userOf(call),
    conversation: readQueue(queue),
    order: is_positive === true ? 'oldest_first' : 'newest_first',
    limit: Math.min(readNumber(pull_number) ?? roamingPageDefault, roamingPageMax),
    ...(after !== undefined && { after }),
    ...(typeof msgType === 'string' && msgType !== '' && { types: msgType.split(',') }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(typeof userId === 'string' && userId !== '' && { sender: userId }),
  }
}

const queueForm = /^(.+)@(conference\.)?easemob\.com$/

function readQueue(queue: Members[string]): ConversationName {
  const [, name, isGroup] = (typeof queue === 'string' && queueForm.exec(queue)) || []
  if (name === undefined) throw new Refusal('invalid_request')
  return { with: name, isGroup: isGroup !== undefined }
}

/** An id, as text or number; -1, nothing or '' stand for the end. */
function readStart(start: unknown): number | undefined {
  const text = toIdText(start ?? '')
  if (text === undefined) throw new Refusal('invalid_request')
  return toMessageId(text) || undefined
}

function readNumber(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  if (!Number.isInteger(value) || Number(value) < 1) throw new Refusal('invalid_request')
  return Number(value)
}

/** Epoch ms. */
function readMoment(value: unknown): number | undefined {
  if (value === undefined || value === null || value === -1 || value === 0) return undefined
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw new Refusal('invalid_request')
  return Number(value)
}

async function hide(
  call: EasemobCall,
  conversation: ConversationName,
  what: Pick<Args<'history.hide'>, 'until' | 'msgIds'>,
): Promise<object> {
  await call.run('history.hide', { user: userOf(call), conversation, ...what })
  return statusEnvelope(call)
}

function queryOf(call: EasemobCall, name: string): string {
  const value = call.query(name)
  if (!value) throw new Refusal('invalid_request')
  return value
}

function readIds(call: EasemobCall): number[] {
  const ids = queryOf(call, 'msgIdList').split(',')
  if (ids.length > hiddenBatchMax) throw new Refusal('invalid_request')
  return ids.map(toMessageId)
}

function readTime(call: EasemobCall): number {
  const text = queryOf(call, 'delTime')
  if (!/^\d{1,15}$/.test(text)) throw new Refusal('invalid_request')
  return Number(text)
}
