// What both forms of the message call have in common: reading receivers and sender, sending, and saying what became of
// each receiver.
import { easemobLimits } from '../../contract/limits.ts'
import type { ChatType, RoomPriority, SendArgs } from '../../contract/operations/messages.ts'
import type { IdempotencyKey } from '../../contract/operations.ts'
import { Refusal } from '../../contract/refusal.ts'
import { isJsonObject, toIdText } from '../http/json.ts'
import { fingerprintOf } from '../idempotency-key.ts'
import type { EasemobCall, Members } from './route.ts'

/** Who a message is from when it does not say. */
const defaultSender = 'admin'
/**
 * What `data` says of a receiver who does not exist, beside others who do: the words of the 404 that is answered when
 * none of them exists (seed S-14). Only the seed edition looks.
 */
const unknownReceiver = 'Service resource not found'

export interface OutgoingMessage {
  readonly chatType: ChatType
  readonly from: string
  readonly targets: readonly string[]
  readonly only?: readonly string[]
  readonly payload: string
  readonly ext: Members
}

/** The body, which is an object: the pipeline lets lists pass. @throws Refusal `message_body_invalid` */
export function membersOf({ body }: EasemobCall): Members {
  if (!isJsonObject(body)) throw new Refusal('message_body_invalid')
  return body
}

/** @throws Refusal `from_empty`, `message_body_invalid` */
export function readSender({ from }: Members): string {
  if (from === undefined) return defaultSender
  if (from === '') throw new Refusal('from_empty')
  if (typeof from !== 'string') throw new Refusal('message_body_invalid')
  return from
}

/**
 * Names or ids, each once; ids may come as numbers.
 * @param limit for the list as it was sent
 * @throws Refusal `targets_too_many`, `message_body_invalid`
 */
export function readNames(
  list: unknown,
  param: 'to' | 'users' | 'roam_ignore_users',
  limit: number,
): string[] {
  if (!Array.isArray(list)) throw new Refusal('message_body_invalid')
  if (list.length > limit) throw new Refusal('targets_too_many', { param, limit: String(limit) })
  const names = list.map(entry => {
    const name = toIdText(entry)
    if (name === undefined) throw new Refusal('message_body_invalid')
    return name
  })
  return names.length === 1 ? names : [...new Set(names)]
}

/** Sends, and says what became of each receiver: its message id, or what `word` makes of it. */
export async function sendMessage(
  call: EasemobCall,
  { chatType, from, targets, only, payload, ext }: OutgoingMessage,
  word: (msgId: number) => string = String,
): Promise<Record<string, string>> {
  const { ids } = await call.run(
    'message.send',
    {
      chatType,
      from,
      targets,
      payload,
      ...(only && { only }),
      ...(call.members.routetype === 'ROUTE_ONLINE' && { isOnlineOnly: true }),
      ...readOptions(call.members, chatType),
    },
    dedupeKey(call, ext),
  )
  // Own members whatever the name: `__proto__` is a legal one.
  return Object.fromEntries(
    targets.map((target, index) => {
      const id = ids[index]
      return [target, typeof id === 'number' ? word(id) : unknownReceiver]
    }),
  )
}

const priorities: ReadonlySet<unknown> = new Set(['high', 'normal', 'low'] satisfies RoomPriority[])

/** What only some kinds of message have, others may bring. @throws Refusal `targets_too_many`, `message_body_invalid` */
function readOptions(members: Members, chatType: ChatType): Partial<SendArgs> {
  const { sync_device, roam_ignore_users: forgetful } = members
  const { forgetfulMembersMax } = easemobLimits
  return {
    ...(sync_device === true && { isSynced: true }),
    ...(chatType === 'groupchat' &&
      forgetful !== undefined && {
        forgottenBy: readNames(forgetful, 'roam_ignore_users', forgetfulMembersMax),
      }),
    ...(chatType === 'chatroom' && readPriority(members)),
  }
}

/** How soon a room that says too much may let go of it. What is none of the three is as good as absent. */
export function readPriority({ chatroom_msg_level: level }: Members): { priority?: RoomPriority } {
  return priorities.has(level) ? { priority: level as RoomPriority } : {}
}

/**
 * Where no `Idempotency-Key` came, `ext.em_dedupe` is the key: senders put it there so that receivers can drop repeats
 * (contract.md §4.4). Any text will do; a digest of it is kept.
 */
function dedupeKey(call: EasemobCall, { em_dedupe: mark }: Members): IdempotencyKey | undefined {
  if (typeof mark !== 'string' || mark === '' || call.exchange.header('idempotency-key') !== undefined)
    return undefined
  return {
    scope: `easemob em_dedupe ${call.place.subPath}`,
    value: fingerprintOf(mark),
    fingerprint: fingerprintOf([call.exchange.target.query, call.body]),
    onMismatch: 'refuse',
  }
}
