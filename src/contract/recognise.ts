// From what an answer says back to the failure it means, whatever the dialect: the inverse of render.ts. Most exact
// first, as contract.md §7 orders it: status, code and text; status and code; code alone (an edition this catalogue does
// not know). Beyond that the caller has only the status and the headers, and this says undefined.
import { literalLength, matchTemplate } from './template.ts'

export interface Recognised<Id extends string = string> {
  /** The best candidate. */
  readonly id: Id
  /** Every failure that reads the same on the wire, the best first. */
  readonly candidates: readonly Id[]
  /** The variable parts of the text; empty unless `by` is `text`. */
  readonly params: Readonly<Record<string, string>>
  /** How it was found: by its text, by code and status, by code alone. */
  readonly by: 'text' | 'code' | 'code-alone'
}

/** What all dialects come down to: a status, a code in some form, a text. */
export interface Seen {
  /** Undefined: not known, as for a body pasted without its status. */
  readonly status: number | undefined
  /** Undefined: the body left it blank, so the text has to do (seed S-13). */
  readonly code: string | undefined
  readonly text: string
}

/** One way a failure looks on the wire. Of forms that read alike, the likelier stands first in its list. */
export interface Form<Id extends string = string> {
  readonly id: Id
  readonly status: number
  readonly code: string
  readonly template: string
}

export function recognise<Id extends string>(
  forms: readonly Form<Id>[],
  seen: Seen,
): Recognised<Id> | undefined {
  const found = recogniseText(forms, seen)
  if (found || seen.code === undefined) return found
  const sameCode = forms.filter(form => form.code === seen.code)
  const sameStatus = sameCode.filter(form => form.status === seen.status)
  if (sameStatus.length > 0) return recognised(sameStatus, {}, 'code')
  if (sameCode.length > 0) return recognised(sameCode, {}, 'code-alone')
  return undefined
}

/**
 * By the text, and by status and code where they are known. Where several forms match, those with most fixed letters win
 * over a template that takes anything.
 */
export function recogniseText<Id extends string>(
  forms: readonly Form<Id>[],
  { status, code, text }: Seen,
): Recognised<Id> | undefined {
  const matches = forms
    .filter(form => status === undefined || form.status === status)
    .filter(form => code === undefined || form.code === code)
    .map(form => ({ form, params: matchTemplate(form.template, text), weight: literalLength(form.template) }))
    .filter(match => match.params !== undefined && !(code === undefined && match.weight === 0))
  const best = Math.max(...matches.map(match => match.weight))
  const winners = matches.filter(match => match.weight === best)
  if (winners.length === 0) return undefined
  return recognised(
    winners.map(match => match.form),
    winners[0]!.params!,
    'text',
  )
}

function recognised<Id extends string>(
  forms: readonly Form<Id>[],
  params: Readonly<Record<string, string>>,
  by: Recognised['by'],
): Recognised<Id> {
  const candidates = [...new Set(forms.map(form => form.id))]
  return { id: candidates[0]!, candidates, params, by }
}
