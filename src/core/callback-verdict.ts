// What an app's server answers when it is asked whether a message may pass (easemob.md §5.2).
import type { CallbackAnswer } from '../channels/callback.ts'
import type { CallbackRule } from '../contract/operations/apps.ts'
import type { ClientMessage } from '../contract/operations/inbox.ts'

export interface Verdict {
  /** The text for the sender; absent = the message may pass. */
  readonly refused?: string
  /** JSON: what it is to say instead. */
  readonly payload?: string
}

/** UTF-8 bytes of an answer that are read: 1,000 characters. */
export const contentBytesMax = 4_000
const answerCharsMax = 1_000
const payloadBytesMax = 1_024

/** @param answer undefined = none came */
export function readVerdict(
  answer: CallbackAnswer | undefined,
  { on_failure }: Pick<CallbackRule, 'on_failure'>,
  message: Pick<ClientMessage, 'payload'>,
): Verdict {
  const unusable = on_failure === 'refuse' ? { refused: 'custom internal error' } : {}
  if (answer?.status !== 200 || answer.text.length > answerCharsMax) return unusable
  const json = parse(answer.text)
  if (!json) return unusable
  const { code, reason, payload } = json
  const valid = 'valid' in json ? json.valid : ofOlderForm(json)
  if (typeof valid !== 'boolean') return unusable
  if (valid) return payload === undefined ? {} : (replaced(payload, message) ?? unusable)
  const text = code ?? reason
  if (text === undefined) return { refused: 'custom logic denied' }
  return { refused: typeof text === 'string' && text !== '' ? text : 'Message blocked by external logic' }
}

/** `accept` of 2017, misspelt in its own sample. */
function ofOlderForm({ accept, accpet }: Record<string, unknown>): boolean | undefined {
  const text = String(accept ?? accpet)
  return text === 'true' ? true : text === 'false' ? false : undefined
}

/** Of text messages only. */
function replaced(payload: unknown, message: Pick<ClientMessage, 'payload'>): Verdict | undefined {
  const text = JSON.stringify(payload)
  const { bodies } = JSON.parse(message.payload) as { bodies: { type: string }[] }
  if (bodies[0]?.type !== 'txt') return {}
  const isUsable =
    Buffer.byteLength(text) <= payloadBytesMax &&
    Array.isArray((payload as { bodies?: unknown })?.bodies) &&
    (payload as { bodies: { type?: unknown; msg?: unknown }[] }).bodies.every(
      body => body?.type === 'txt' && typeof body.msg === 'string',
    )
  return isUsable ? { payload: text } : undefined
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
