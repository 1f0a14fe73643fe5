// From an answer back to the failure: the inverse of render.ts. Most exact first, as contract.md §7 orders
// it: status, code and text; status and code; code alone (an edition this catalogue does not know). Beyond
// that the caller has only the status and the headers, and this says undefined.
import type { Edition } from './failure.ts'
import { type FailureId, failures } from './failures.ts'
import { literalLength, matchTemplate } from './template.ts'
import { easemobVariants, jpushVariants, type Variant } from './variants.ts'

export interface Recognised {
  /** The best candidate. */
  readonly id: FailureId
  /** Every failure that reads the same on the wire, the best first. */
  readonly candidates: readonly FailureId[]
  /** The variable parts of the text; empty unless `by` is `text`. */
  readonly params: Readonly<Record<string, string>>
  /** How it was found: by its text, by code and status, by code alone. */
  readonly by: 'text' | 'code' | 'code-alone'
}

/** What all dialects come down to: a status, a code in some form, a text. */
interface Seen {
  /** Undefined: not known, as for a body pasted without its status. */
  readonly status: number | undefined
  /** Undefined: the body left it blank, so the text has to do (seed S-13). */
  readonly code: string | undefined
  readonly text: string
}

interface Form {
  readonly id: FailureId
  readonly status: number
  readonly code: string
  readonly template: string
  readonly editions: readonly Edition[]
}

const easemobForms = easemobVariants.map(variant => formOf(variant, variant.row.error))
const jpushForms = jpushVariants.map(variant => formOf(variant, String(variant.row.code)))

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
  return recognise(easemobForms, { status, code, text: typeof text === 'string' ? text : '' }, edition)
}

/** As parseEasemob, for `{"error":{"code":…,"message":…}}` with or without `msg_id`, and for the inner object alone. */
export function parseJpush(status: number | undefined, body: unknown): Recognised | undefined {
  const whole = objectOf(body)
  const { code, message } = memberOf(whole?.error) ?? whole ?? {}
  if (typeof code !== 'number') return undefined
  return recognise(jpushForms, {
    status,
    code: String(code),
    text: typeof message === 'string' ? message : '',
  })
}

/** From an error text alone, whichever dialect it is of; a text that is all parameters recognises nothing. */
export function parseText(text: string): Recognised | undefined {
  return byText([...easemobForms, ...jpushForms], { status: undefined, code: undefined, text })
}

function recognise(forms: readonly Form[], seen: Seen, edition?: Edition): Recognised | undefined {
  const preferred = edition && forms.filter(form => form.editions.includes(edition))
  for (const pool of preferred ? [preferred, forms] : [forms]) {
    const found = byText(pool, seen)
    if (found) return found
  }
  if (seen.code === undefined) return undefined
  const sameCode = forms.filter(form => form.code === seen.code)
  const sameStatus = sameCode.filter(form => form.status === seen.status)
  if (sameStatus.length > 0) return outcome(sameStatus, {}, 'code')
  if (sameCode.length > 0) return outcome(sameCode, {}, 'code-alone')
  return undefined
}

/**
 * The forms whose template reads as the text; those with most fixed letters win over a template that takes
 * anything.
 */
function byText(forms: readonly Form[], { status, code, text }: Seen): Recognised | undefined {
  const matches = forms
    .filter(form => status === undefined || form.status === status)
    .filter(form => code === undefined || form.code === code)
    .map(form => ({ form, params: matchTemplate(form.template, text), weight: literalLength(form.template) }))
    .filter(match => match.params !== undefined && !(code === undefined && match.weight === 0))
  const best = Math.max(...matches.map(match => match.weight))
  const winners = matches.filter(match => match.weight === best)
  if (winners.length === 0) return undefined
  return outcome(
    winners.map(match => match.form),
    winners[0]!.params!,
    'text',
  )
}

/**
 * Of failures that read alike, a rule of one dialect is likelier than trouble every door can have on the
 * way.
 */
export function likelierFirst(a: FailureId, b: FailureId): number {
  return failures[a].dialects.length - failures[b].dialects.length
}

function outcome(
  forms: readonly Form[],
  params: Readonly<Record<string, string>>,
  by: Recognised['by'],
): Recognised {
  const candidates = [...new Set(forms.map(form => form.id))].sort(likelierFirst)
  return { id: candidates[0]!, candidates, params, by }
}

function formOf(
  { id, row, editions }: Variant<{ readonly status: number; readonly text: string }>,
  code: string,
): Form {
  return { id, status: row.status, code, template: row.text, editions }
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
