// From an answer of a dialect back to the failure: what stands where in its bodies, and how it may look (recognise.ts).
import type { Edition } from './failure.ts'
import { type FailureId, failures } from './failures.ts'
import { type Form, type Recognised as Found, recognise, recogniseText, type Seen } from './recognise.ts'
import { easemobVariants, jpushVariants, type Variant } from './variants.ts'

export type Recognised = Found<FailureId>

interface EditionForm extends Form<FailureId> {
  readonly editions: readonly Edition[]
}

const easemobForms = formsOf(easemobVariants, row => row.error)
const jpushForms = formsOf(jpushVariants, row => String(row.code))

/**
 * @param body the answer's body as text or as parsed JSON
 * @param edition forms of this edition are preferred; the other's are still recognised
 * @returns undefined when the body is no Easemob error, or none this catalogue knows
 */
export function parseEasemob(
  status: number | undefined,
  body: unknown,
  edition?: Edition,
): Recognised | undefined {
  const { error, error_description: text } = objectOf(body) ?? {}
  if (typeof error !== 'string' && typeof text !== 'string') return undefined
  const code = typeof error === 'string' && error !== '' ? error : undefined
  const seen: Seen = { status, code, text: typeof text === 'string' ? text : '' }
  const preferred = edition && easemobForms.filter(form => form.editions.includes(edition))
  return (preferred && recogniseText(preferred, seen)) ?? recognise(easemobForms, seen)
}

/** As parseEasemob, for `{"error":{"code":…,"message":…}}` with or without `msg_id`, and for the inner object alone. */
export function parseJpush(status: number | undefined, body: unknown): Recognised | undefined {
  const whole = objectOf(body)
  const { code, message } = memberOf(whole?.error) ?? whole ?? {}
  if (typeof code !== 'number') return undefined
  const text = typeof message === 'string' ? message : ''
  return recognise(jpushForms, { status, code: String(code), text })
}

/** From an error text alone, whichever dialect it is of; a text that is all parameters recognises nothing. */
export function parseText(text: string): Recognised | undefined {
  return recogniseText([...easemobForms, ...jpushForms], { status: undefined, code: undefined, text })
}

/**
 * Of failures that read alike, a rule of one dialect is likelier than trouble every door can have on the
 * way.
 */
export function likelierFirst(a: FailureId, b: FailureId): number {
  return failures[a].dialects.length - failures[b].dialects.length
}

function formsOf<Row extends { readonly status: number; readonly text: string }>(
  variants: readonly Variant<Row>[],
  codeOf: (row: Row) => string,
): readonly EditionForm[] {
  return variants
    .map(({ id, row, editions }) => ({
      id,
      status: row.status,
      code: codeOf(row),
      template: row.text,
      editions,
    }))
    .sort((a, b) => likelierFirst(a.id, b.id))
}

function objectOf(body: unknown): Readonly<Record<string, unknown>> | undefined {
  return memberOf(typeof body === 'string' ? jsonOf(body) : body)
}

function memberOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
