// What the values of a push may be, in pieces to build tables from.
import { bytesOf } from '../../contract/names.ts'
import { isTime } from '../../lib/zone-time.ts'
import { isJsonObject, toIdText } from '../http/json.ts'
import type { PushFaults } from './push-faults.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export interface Rule {
  readonly accepts: (value: unknown) => boolean
  /** Completes the sentence "x must be …". */
  readonly wanted: string
}

export type Rules = Readonly<Record<string, Rule>>

/** An object of a push: its members by name. An open one may hold others, which nobody looks at. */
export interface Shape {
  readonly rules: Rules
  readonly isOpen: boolean
}

/** Read elsewhere. */
export const anything: Rule = { accepts: () => true, wanted: 'anything' }
export const text: Rule = { accepts: value => typeof value === 'string', wanted: 'a string' }
export const flag: Rule = { accepts: value => typeof value === 'boolean', wanted: 'true or false' }
export const object: Rule = { accepts: value => asObject(value) !== undefined, wanted: 'an object' }
export const number: Rule = { accepts: value => typeof value === 'number', wanted: 'a number' }

export const time: Rule = {
  accepts: value => typeof value === 'string' && isTime(value),
  wanted: 'a time such as 2026-01-05 08:30:00',
}

/** A positive number of up to 64 bits, in digits or in quotes (jpush.md §1.5). */
export const id: Rule = { accepts: value => isInteger64(value) && !isNegative(value), wanted: 'an id' }

export const integer64: Rule = { accepts: isInteger64, wanted: 'a whole number of at most 64 bits' }

export function whole(least: number, most: number): Rule {
  return {
    accepts: value => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
    wanted: `a whole number from ${least} to ${most}`,
  }
}

export function between(least: number, most: number): Rule {
  return {
    accepts: value => typeof value === 'number' && value >= least && value <= most,
    wanted: `a number from ${least} to ${most}`,
  }
}

export const anyWhole: Rule = { accepts: Number.isSafeInteger, wanted: 'a whole number' }

export function bytesUpTo(most: number): Rule {
  return {
    accepts: value => typeof value === 'string' && bytesOf(value) <= most,
    wanted: `a string of at most ${most} bytes`,
  }
}

export function charsUpTo(most: number): Rule {
  return {
    accepts: value => typeof value === 'string' && [...value].length <= most,
    wanted: `a string of at most ${most} characters`,
  }
}

export function oneOf(...choices: readonly (string | number)[]): Rule {
  return {
    accepts: value => choices.some(choice => choice === value),
    wanted: `one of ${choices.map(choice => JSON.stringify(choice)).join(', ')}`,
  }
}

export function matching(form: RegExp, wanted: string): Rule {
  return { accepts: value => typeof value === 'string' && form.test(value), wanted }
}

export function either(one: Rule, other: Rule): Rule {
  return {
    accepts: value => one.accepts(value) || other.accepts(value),
    wanted: `${one.wanted} or ${other.wanted}`,
  }
}

export function listOf(rule: Rule): Rule {
  return {
    accepts: value => Array.isArray(value) && value.every(entry => rule.accepts(entry)),
    wanted: `a list, each entry ${rule.wanted}`,
  }
}

/** An object whose members, where present, obey these rules; others are nobody's business. */
export function objectWith(rules: Rules): Rule {
  return {
    accepts: value => {
      const members = asObject(value)
      return (
        members !== undefined &&
        Object.entries(rules).every(([name, rule]) => isAbsent(members, name) || rule.accepts(members[name]))
      )
    },
    wanted: `an object with ${Object.entries(rules)
      .map(([name, { wanted }]) => `${name} ${wanted}`)
      .join(', ')}`,
  }
}

/** PHP writes an empty map as an empty list (jpush.md §1.5). */
export function asObject(value: unknown): JsonObject | undefined {
  if (Array.isArray(value)) return value.length === 0 ? {} : undefined
  return isJsonObject(value) ? value : undefined
}

/** Typing errors that the vendor's documents warn of: refused even where other members are welcome. */
const knownTypos: ReadonlySet<string> = new Set(['content_available', 'build_id'])

/**
 * The members of an object as a device may see them: null counts as absent, an empty list for an object as one.
 * Whatever is wrong goes to `faults`.
 * @param at the object's name in a sentence, '' for the push itself
 */
export function readShape(
  { rules, isOpen }: Shape,
  value: JsonObject,
  at: string,
  faults: PushFaults,
): JsonObject {
  const members: [string, unknown][] = []
  for (const [name, member] of Object.entries(value)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (!rule && (!isOpen || knownTypos.has(name))) faults.unsupported(name)
    if (member === null) continue
    if (rule && !rule.accepts(member))
      faults.invalid(`${at === '' ? name : `${at}.${name}`} must be ${rule.wanted}`)
    const isEmptyMap = rule !== undefined && Array.isArray(member) && member.length === 0 && rule.accepts({})
    members.push([name, isEmptyMap ? {} : member])
  }
  return Object.fromEntries(members)
}

function isAbsent(members: JsonObject, name: string): boolean {
  return !Object.hasOwn(members, name) || members[name] === null
}

function isInteger64(value: unknown): boolean {
  const digits = toIdText(value)
  return (
    digits !== undefined &&
    /^-?\d{1,19}$/.test(digits) &&
    BigInt.asIntN(64, BigInt(digits)) === BigInt(digits)
  )
}

function isNegative(value: unknown): boolean {
  return toIdText(value)!.startsWith('-')
}
