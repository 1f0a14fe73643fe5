// What is given on the command line, checked.
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { type OutboxState, states } from '../outbox/item.ts'
import type { ItemFilter } from '../outbox/store.ts'
import { UsageError } from './failure.ts'

export type Values = Readonly<Record<string, string | boolean | undefined>>

export interface Arguments {
  readonly values: Values
  readonly positionals: readonly string[]
}

const placeOptions = {
  file: { type: 'string' },
  posthouse: { type: 'boolean' },
  url: { type: 'string' },
  token: { type: 'string' },
  json: { type: 'boolean' },
} satisfies ParseArgsOptionsConfig

export const filterOptions = {
  state: { type: 'string' },
  kind: { type: 'string' },
  conversation: { type: 'string' },
  failure: { type: 'string' },
  older: { type: 'string' },
  newer: { type: 'string' },
  limit: { type: 'string' },
} satisfies ParseArgsOptionsConfig

export const handOptions = {
  by: { type: 'string' },
  why: { type: 'string' },
} satisfies ParseArgsOptionsConfig

/** @throws UsageError */
export function readArguments(argv: readonly string[], options: ParseArgsOptionsConfig): Arguments {
  try {
    const all = { ...placeOptions, ...options }
    const { values, positionals } = parseArgs({ args: [...argv], options: all, allowPositionals: true })
    return { values: values as Values, positionals }
  } catch (error) {
    // Its further sentences tell how to pass something that begins with a dash.
    throw new UsageError((error as Error).message.split(/[.\n] /)[0]!.replace(/\.$/, ''))
  }
}

export function textOf(values: Values, name: string): string | undefined {
  return values[name] as string | undefined
}

/** @throws UsageError */
export function filterOf(values: Values, now: number): ItemFilter {
  const [state, kind, conversation, failureId, older, newer] = [
    'state',
    'kind',
    'conversation',
    'failure',
    'older',
    'newer',
  ].map(name => textOf(values, name))
  if (kind !== undefined && kind !== 'push' && kind !== 'message')
    throw new UsageError(`there is no kind "${kind}": push or message`)
  return {
    ...(state !== undefined && { states: statesOf(state) }),
    ...(kind !== undefined && { kind }),
    ...(conversation !== undefined && { conversation }),
    ...(failureId !== undefined && { failureId }),
    ...(older !== undefined && { createdBefore: momentOf(older, now) }),
    ...(newer !== undefined && { createdAfter: momentOf(newer, now) }),
  }
}

function statesOf(text: string): readonly OutboxState[] {
  const names = text.split(',').map(name => name.trim())
  const wrong = names.find(name => !states.includes(name as OutboxState))
  if (wrong !== undefined) throw new UsageError(`there is no state "${wrong}": ${states.join(', ')}`)
  return [...new Set(names as OutboxState[])]
}

const sizes: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** @throws UsageError */
export function spanMsOf(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  if (count === undefined) throw new UsageError(`"${text}" is no span of time, such as 30s, 5m, 2h or 7d`)
  return Math.round(Number(count) * sizes[unit!]!)
}

/** A time, or an age. @returns epoch ms @throws UsageError */
function momentOf(text: string, now: number): number {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return now - spanMsOf(text)
  const at = Date.parse(text)
  if (!Number.isFinite(at))
    throw new UsageError(`"${text}" is no time, such as 2026-11-24 or 2026-11-24T09:30:00Z`)
  return at
}

/** `5/s`, `300/m` or `5`. @returns between two, in ms @throws UsageError */
export function paceMsOf(text: string): number {
  const [, count, unit = 's'] = /^(\d+(?:\.\d+)?)(?:\/(s|m|h))?$/.exec(text) ?? []
  const pace = sizes[unit]! / Number(count)
  if (count === undefined || !(pace >= 0.1 && pace <= 86_400_000))
    throw new UsageError(`"${text}" is no rate, such as 5/s or 300/m`)
  return pace
}

/** @throws UsageError */
export function wholeOf(values: Values, name: string): number | undefined {
  const text = textOf(values, name)
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError(`--${name} wants a whole number from 1, not "${text}"`)
  return Number(text)
}

/** @throws UsageError */
export function oneOf({ positionals }: Arguments, name: string): string {
  const [value, ...more] = positionals
  if (value === undefined || more.length > 0) throw new UsageError(`give one ${name}`)
  return value
}

/** Items by their ids, or by a filter. */
export type Selection =
  | { readonly itemIds: readonly string[] }
  | { readonly filter: ItemFilter; readonly limit: number }

/** @throws UsageError, also for neither or both: nothing is meant by accident */
export function selectionOf({ values, positionals }: Arguments, now: number): Selection {
  const names = Object.keys(filterOptions).filter(name => values[name] !== undefined)
  const isAll = values.all === true
  const itemIds = [...new Set(positionals)]
  if (itemIds.length > 0) {
    if (names.length > 0 || isAll) throw new UsageError('give ids or a filter, not both')
    return { itemIds }
  }
  const filter = filterOf(values, now)
  if (Object.keys(filter).length === 0 && !isAll)
    throw new UsageError('say which: ids, a filter such as --state dead, or --all')
  return { filter, limit: wholeOf(values, 'limit') ?? Number.POSITIVE_INFINITY }
}
