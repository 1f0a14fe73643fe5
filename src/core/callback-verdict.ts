// What an app's server answers when it is asked whether a message may pass (easemob.md §5.2).
import { createHash, timingSafeEqual } from 'node:crypto'
import type { CallbackAnswer } from '../channels/callback.ts'
import type { CallbackRule } from '../contract/operations/apps.ts'
import type { ClientMessage } from '../contract/operations/inbox.ts'
import type { RoomPriority } from '../contract/operations/messages.ts'
import { parseExactly } from '../lib/exact-json.ts'

export interface Verdict {
  /** The text for the sender; absent = the message may pass. */
  readonly refused?: string
  /** JSON: what it is to say instead. */
  readonly payload?: string
  /** What it is to have in a room. */
  readonly priority?: RoomPriority
}

const priorities: readonly unknown[] = ['high', 'normal', 'low'] satisfies RoomPriority[]

/** UTF-8 bytes of an answer that are read: 1,000 characters. */
export const contentBytesMax = 4_000
const answerCharsMax = 1_000
const payloadBytesMax = 1_024

/** @param callId what it was asked under @param answer undefined = none came */
export function readVerdict(
  answer: CallbackAnswer | undefined,
  callId: string,
  { on_failure, secret }: Pick<CallbackRule, 'on_failure' | 'secret'>,
  message: Pick<ClientMessage, 'payload'>,
): Verdict {
  const unusable = on_failure === 'refuse' ? { refused: 'custom internal error' } : {}
  if (answer?.status !== 200 || answer.text.length > answerCharsMax) return unusable
  const json = parse(answer.text)
  if (!json) return unusable
  const { code, reason } = json
  const valid = 'valid' in json ? json.valid : ofOlderForm(json, callId, secret)
  if (typeof valid !== 'boolean') return unusable
  if (valid) return changesOf(json, message) ?? unusable
  const text = code ?? reason
  if (text === undefined) return { refused: 'custom logic denied' }
  return { refused: typeof text === 'string' && text !== '' ? text : 'Message blocked by external logic' }
}

/** `accept` of 2017, misspelt in its own sample. Not every server of that time signs; a signature has to be right. */
function ofOlderForm(
  { accept, accpet, security }: Record<string, unknown>,
  callId: string,
  secret: string,
): boolean | undefined {
  const text = String(accept ?? accpet)
  if (security !== undefined && !isSigned(security, `${callId}${secret}${text}`)) return undefined
  return text === 'true' ? true : text === 'false' ? false : undefined
}

function isSigned(security: unknown, text: string): boolean {
  const right = createHash('md5').update(text).digest('hex')
  const [given, wanted] = [Buffer.from(String(security)), Buffer.from(right)]
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** @returns undefined when what is wanted cannot be */
function changesOf(
  { payload, chatroom_msg_level: priority }: Record<string, unknown>,
  message: Pick<ClientMessage, 'payload'>,
): Verdict | undefined {
  if (priority !== undefined && !priorities.includes(priority)) return undefined
  const words = payload === undefined ? {} : replaced(payload, message)
  return words && { ...words, ...(priority !== undefined && { priority: priority as RoomPriority }) }
}

/** Of text messages only. */
function replaced(payload: unknown, message: Pick<ClientMessage, 'payload'>): Verdict | undefined {
  const text = JSON.stringify(payload)
  const { bodies } = JSON.parse(message.payload) as { bodies: { type: string }[] }
  if (bodies[0]?.type !== 'txt') return {}
  return Buffer.byteLength(text) <= payloadBytesMax && isText(payload) ? { payload: text } : undefined
}

function isText(payload: unknown): boolean {
  if (!isObject(payload)) return false
  const { bodies, ext = {} } = payload
  const areTexts =
    Array.isArray(bodies) &&
    bodies.length > 0 &&
    bodies.every(body => isObject(body) && body.type === 'txt' && typeof body.msg === 'string')
  return areTexts && isObject(ext)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const json = parseExactly(text)
    return isObject(json) ? json : undefined
  } catch {
    return undefined
  }
}
