// Lists of KeyValue and JSON objects, exact both ways (msync.md §4): a 64-bit integer keeps every digit, so numbers are
// carried over as text, and never through a JavaScript number that cannot hold them.
import { type Decoded, has, type KeyValue, toBigInt } from './codec.ts'

const types = { bool: 1, int: 2, uint: 3, llint: 4, float: 5, double: 6, string: 7, json: 8 } as const

const int32Max = 2n ** 31n - 1n
const int32Min = -(2n ** 31n)
const int64Max = 2n ** 63n - 1n
const int64Min = -(2n ** 63n)
const uint64Max = 2n ** 64n - 1n
/** Nested deeper, a value stays the text it came as: readers take JSON apart by recursion. */
const depthMax = 64
/** So many digits may be more than a JavaScript number holds. */
const maybeLarge = /\d{16}/

/** The text of one JSON object. Of several values of one key the last counts; what has no readable value is left out. */
export function toJsonObject(pairs: readonly Decoded<KeyValue>[]): string {
  const members = new Map<string, string>()
  for (const pair of pairs) {
    const value = toJsonValue(pair)
    if (value !== undefined) members.set(pair.key, value)
  }
  return objectText(members)
}

export function objectText(members: Iterable<readonly [string, string]>): string {
  return `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
}

function toJsonValue(pair: Decoded<KeyValue>): string | undefined {
  if (has(pair, 'stringValue'))
    return pair.type === types.json && isJson(pair.stringValue)
      ? pair.stringValue
      : JSON.stringify(pair.stringValue)
  if (has(pair, 'doubleValue')) return JSON.stringify(pair.doubleValue)
  if (has(pair, 'floatValue')) return JSON.stringify(pair.floatValue)
  if (!has(pair, 'varintValue')) return undefined
  const integer = toBigInt(pair.varintValue)
  if (has(pair, 'type') && pair.type === types.bool) return String(integer !== 0n)
  return String(pair.type === types.uint ? BigInt.asUintN(64, integer) : integer)
}

/** @param json the text of a JSON object; anything else is an empty one */
export function fromJsonObject(json: string): KeyValue[] {
  const object = parseJson(json)
  return isObject(object) ? toKeyValues(object) : []
}

/** @param object from `parseJson`: its long integers are `LongInteger` */
export function toKeyValues(object: Readonly<Record<string, unknown>>): KeyValue[] {
  return Object.keys(object).map(key => toKeyValue(key, object[key]))
}

function toKeyValue(key: string, value: unknown): KeyValue {
  switch (typeof value) {
    case 'boolean':
      return { key, type: types.bool, varintValue: Number(value) }
    case 'string':
      return { key, type: types.string, stringValue: value }
    case 'number':
      return Number.isSafeInteger(value)
        ? toInteger(key, BigInt(value))
        : { key, type: types.double, doubleValue: value }
    default:
      return value instanceof LongInteger
        ? toInteger(key, value.value)
        : { key, type: types.json, stringValue: stringify(value) }
  }
}

function toInteger(key: string, value: bigint): KeyValue {
  const varintValue = String(BigInt.asIntN(64, value))
  if (value >= int32Min && value <= int32Max) return { key, type: types.int, varintValue }
  if (value >= int64Min && value <= int64Max) return { key, type: types.llint, varintValue }
  if (value >= 0n && value <= uint64Max) return { key, type: types.uint, varintValue }
  return { key, type: types.double, doubleValue: Number(value) }
}

/** An integer that a JavaScript number would change. */
class LongInteger {
  readonly value: bigint

  constructor(source: string) {
    this.value = BigInt(source)
  }
}

/** As JSON.parse, with long integers kept whole. @returns undefined for what is no JSON */
export function parseJson(text: string): unknown {
  try {
    return maybeLarge.test(text) ? JSON.parse(text, keepLong) : JSON.parse(text)
  } catch {
    return undefined
  }
}

function keepLong(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isLong = typeof value === 'number' && !Number.isSafeInteger(value)
  const source = context?.source
  return isLong && source !== undefined && /^-?\d{16,20}$/.test(source) ? new LongInteger(source) : value
}

/** The inverse of `parseJson`. */
export function stringify(value: unknown): string {
  if (value instanceof LongInteger) return String(value.value)
  if (Array.isArray(value)) return `[${value.map(stringify).join(',')}]`
  if (isObject(value)) return objectText(Object.keys(value).map(key => [key, stringify(value[key])]))
  return JSON.stringify(value)
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LongInteger)
  )
}

function isJson(text: string): boolean {
  if (isDeep(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function isDeep(text: string): boolean {
  if (text.length <= depthMax) return false
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (isInString) {
      if (char === '\\') at++
      else if (char === '"') isInString = false
    } else if (char === '"') isInString = true
    else if (char === '{' || char === '[') {
      if (++depth > depthMax) return true
    } else if (char === '}' || char === ']') depth--
  }
  return false
}
