// Reads a JSON body strictly: valid UTF-8, one value, at most 64 levels, no lone surrogates, numbers that survive.
// JSON.parse does the work; what it cannot tell is looked for only in texts that could hold it.
import { isUtf8 } from 'node:buffer'
import { Refusal } from '../../contract/refusal.ts'
import { isRawJson, keepDigits } from '../../lib/exact-json.ts'
import { findJsonFault } from '../../lib/json-fault.ts'

const numberCharsMax = 64
/** Long integers and exponents may not fit a double; `-0` would lose its sign. */
const riskyNumber = /\d{16}|\d[eE]|-0(?![.\d])/
const bracket = /[[{]/g
const depthMax = 64

/**
 * @returns the value; integers beyond 2^53 come as `JSON.rawJSON`, so that writing them out again keeps every digit
 * @throws Refusal `json_malformed`, `json_value_invalid`
 */
export function parseJson(bytes: Buffer): unknown {
  const text = bytes.toString('utf8', hasBom(bytes) ? 3 : 0)
  if (!isUtf8(bytes) || text.includes('\\u') || isDeep(text)) refuseFault(bytes)
  try {
    return parseOwnJson(text)
  } catch (error) {
    if (error instanceof Refusal) throw error
    refuseFault(bytes)
    throw error
  }
}

/** Reads JSON that this server wrote, with every digit of its numbers. */
export function parseOwnJson(text: string): unknown {
  return riskyNumber.test(text) ? JSON.parse(text, keepNumber) : JSON.parse(text)
}

function hasBom(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}

/** Fewer brackets than levels allowed cannot nest too deeply, whatever stands between them. */
function isDeep(text: string): boolean {
  bracket.lastIndex = 0
  let count = 0
  while (bracket.test(text)) if (++count > depthMax) return true
  return false
}

/** Names the first fault; does nothing when there is none. */
function refuseFault(bytes: Buffer): void {
  const fault = findJsonFault(bytes)
  if (!fault) return
  const source = streamHash()
  const { what, line, column, from } = fault
  const begun =
    from &&
    ` (from [Source: java.io.BufferedInputStream@${source}; line: ${from.line}, column: ${from.column}])`
  throw new Refusal('json_malformed', {
    fault: what + (begun ?? ''),
    source,
    line: String(line),
    column: String(column),
  })
}

/** The identity hash the vendor's text carries: any hex digits, different each time (easemob.md S-5). */
function streamHash(): string {
  return Math.floor(0x1000_0000 + Math.random() * 0x6fff_ffff).toString(16)
}

function keepNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number') return value
  const source = context?.source ?? String(value)
  if (!Number.isFinite(value) || source.length > numberCharsMax) throw new Refusal('json_value_invalid')
  return keepDigits(value, source)
}

/** Is it a JSON object? A long number comes as an object too, but is none. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJson(value)
}

/** An id that may come as text or as a number of any length (jpush.md §1.5); undefined when it is neither. */
export function toIdText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (Number.isSafeInteger(value)) return String(value)
  return isRawJson(value) ? value.rawJSON : undefined
}
