// What the outbox keeps of one send, and the states it goes through:
//
// pending ──(its turn)──▶ sending ──▶ sent
//    ▲                      │  ├────▶ waiting ──(its time)──▶ sending
//    │                      │  ├────▶ unknown ──(its time, under its key)──▶ sending
//    │                      │  └────▶ dead
//    │                      └─(the process died)─▶ unknown
//    └──(a person: resend)── unknown, dead, expired, cancelled
//
// pending, waiting, unknown ──▶ expired (its time to live is over) or cancelled (a person).
// `unknown` may have been executed: it is repeated by itself only while a key makes the repeat harmless, or where the
// caller has chosen so; else a person decides.
import type { MessageContent, OutgoingMessage } from '../easemob/messages.ts'
import type { Push } from '../jpush/push-object.ts'

/** Where an item is on its way. */
export type OutboxState =
  | 'pending'
  | 'sending'
  | 'sent'
  | 'waiting'
  | 'unknown'
  | 'dead'
  | 'expired'
  | 'cancelled'

export const openStates: readonly OutboxState[] = ['pending', 'sending', 'waiting', 'unknown']

/** Nobody sends, waits for or asks about it any more. */
export function isFinal({ state }: Pick<OutboxItem, 'state'>): boolean {
  return !openStates.includes(state)
}

/** What is sent, as JSON. */
export type OutboxContent =
  | { readonly kind: 'push'; readonly push: Omit<Push, 'cid'> }
  | {
      readonly kind: 'message'
      readonly message: MessageContent & Omit<OutgoingMessage, 'signal' | 'key' | 'type' | 'body'>
    }

/** What is kept of one send. */
export interface OutboxItem {
  readonly itemId: string
  /** Counts up with every change: who has seen an older one changes nothing. */
  readonly version: number
  readonly state: OutboxState
  readonly content: OutboxContent
  /** Items of one conversation are sent in their order, one at a time; `''`: none. */
  readonly conversation: string
  /** The cid or Idempotency-Key; `''`: none yet, so it was never sent. */
  readonly key: string
  /** When the key was had, epoch ms. */
  readonly keyAt: number
  /** Epoch ms. */
  readonly createdAt: number
  readonly changedAt: number
  /** Null: never by itself. */
  readonly dueAt: number | null
  readonly expiresAt: number
  /** Those that reached the server. */
  readonly tries: number
  /** Those in a row that did not. */
  readonly misses: number
  /** The last failure as `PosthouseError.toJSON` has it, or null. */
  readonly failure: Readonly<Record<string, unknown>> | null
  /** What the server answered, once it is sent. */
  readonly result: unknown
}

/** How long and how often an outbox tries; every number has a default. */
export interface OutboxOptions {
  /** Before each further try, in ms; a fifth more or less. As many tries as waits, then the item is dead. */
  readonly waitsMs: readonly number[]
  /** While the server is not reached, the waits grow to no more than this, and the tries do not count. */
  readonly missMsMax: number
  /** The server forgets a key after a day: what may have been executed is not repeated after so long. */
  readonly keyMsMax: number
  /** An answer may ask for a longer wait; it gets this. */
  readonly waitMsMax: number
  /** Default time to live. */
  readonly lifeMs: number
  /** A process that says nothing for so long is dead. */
  readonly leaseMs: number
  /** Sends under way at once. */
  readonly atOnceMax: number
  /** Dead items beyond these are deleted, the oldest first, and all sent ones after `sentMs`. */
  readonly deadMax: number
  readonly deadMs: number
  readonly sentMs: number
}

export const outboxDefaults: OutboxOptions = {
  waitsMs: [5_000, 30_000, 120_000, 600_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000],
  missMsMax: 60_000,
  keyMsMax: 23 * 3_600_000,
  waitMsMax: 24 * 3_600_000,
  lifeMs: 7 * 24 * 3_600_000,
  leaseMs: 60_000,
  atOnceMax: 8,
  deadMax: 100_000,
  deadMs: 180 * 24 * 3_600_000,
  sentMs: 24 * 3_600_000,
}

const kinds: readonly OutboxContent['kind'][] = ['push', 'message']
export const states: readonly OutboxState[] = [...openStates, 'sent', 'dead', 'expired', 'cancelled']

/** An item as `JSON.stringify` has written it. @throws TypeError that names the member that is not as it should be */
export function checkItem(value: unknown): OutboxItem {
  const item = (value ?? {}) as OutboxItem
  const isObject = (member: unknown) => typeof member === 'object' && member !== null
  const wholes = ['version', 'keyAt', 'createdAt', 'changedAt', 'expiresAt', 'tries', 'misses'] as const
  const checks: [keyof OutboxItem, boolean][] = [
    ['itemId', typeof item.itemId === 'string' && item.itemId !== ''],
    ['state', states.includes(item.state)],
    ['content', isObject(item.content) && kinds.includes(item.content.kind)],
    ['conversation', typeof item.conversation === 'string'],
    ['key', typeof item.key === 'string'],
    ['dueAt', item.dueAt === null || Number.isSafeInteger(item.dueAt)],
    ['failure', item.failure === null || isObject(item.failure)],
    ...wholes.map(name => [name, Number.isSafeInteger(item[name])] as [keyof OutboxItem, boolean]),
  ]
  const wrong = checks.find(([, isRight]) => !isRight)
  if (wrong) throw new TypeError(`${wrong[0]} of the item ${item.itemId} is not what an outbox has written`)
  return item
}
