// What a message says: checked as far as the vendor checks it, then made the one JSON text that the core keeps and every
// reader gets.
import { easemobLimits } from '../../contract/limits.ts'
import { Refusal } from '../../contract/refusal.ts'
import { isJsonObject } from '../http/json.ts'
import type { Members } from './route.ts'

/** Each type with the member it cannot do without; clients of ten years leave out the rest (easemob.md §2.6.1). */
const contentTypes: ReadonlyMap<unknown, string | undefined> = new Map([
  ['txt', 'msg'],
  ['img', undefined],
  ['loc', undefined],
  ['audio', undefined],
  ['video', undefined],
  ['file', undefined],
  ['cmd', 'action'],
  ['custom', undefined],
])

/**
 * @param content the members of the message's type; a `type` among them gives way to `type`
 * @throws Refusal `message_body_invalid`, `message_too_large`
 */
export function makePayload(type: unknown, content: unknown, ext: Members): string {
  const needed = contentTypes.get(type)
  if (!isJsonObject(content) || (needed === undefined && !contentTypes.has(type)))
    throw new Refusal('message_body_invalid')
  if (needed !== undefined && typeof content[needed] !== 'string') throw new Refusal('message_body_invalid')
  const body = Object.hasOwn(content, 'type') ? { ...content, type } : { type, ...content }
  const payload = JSON.stringify({ bodies: [body], ext })
  if (isTooLong(payload)) throw new Refusal('message_too_large')
  return payload
}

/** A character is three bytes at most, so most texts need not be measured. */
function isTooLong(payload: string): boolean {
  const { messageBytesMax } = easemobLimits
  return payload.length * 3 > messageBytesMax && Buffer.byteLength(payload) > messageBytesMax
}
