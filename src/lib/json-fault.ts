// Says what is wrong with a JSON text, where, and in the words of Jackson 1.9, which Easemob's error texts quote
// (easemob.md S-5, usergrid.md §1.7). JSON.parse reads every good body; this scanner runs only after it refused.

export interface JsonFault {
  /** Jackson's sentence, without the source location. */
  readonly what: string
  /** From 1. */
  readonly line: number
  /** Zero-based byte index of the offending byte within its line, plus 2: Jackson's own counting. */
  readonly column: number
  /** Where the container begins that the text ends in: Jackson counts this column from 0. */
  readonly from?: { readonly line: number; readonly column: number }
}

const depthMax = 64
const whitespace = new Set([0x20, 0x09, 0x0a, 0x0d])
const valueWords = "expected a valid value (number, String, array, object, 'true', 'false' or 'null')"

class Fault extends Error {
  readonly at: number
  readonly from: number | undefined

  constructor(what: string, at: number, from?: number) {
    super(what)
    this.at = at
    this.from = from
  }
}

/** The first fault of `bytes` read as one JSON text, or undefined when there is none. */
export function findJsonFault(bytes: Uint8Array): JsonFault | undefined {
  const scanner = new Scanner(bytes)
  try {
    scanner.text()
    return undefined
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { line, index } = placeOf(bytes, error.at)
    const fault = { what: error.message, line, column: index + 2 }
    if (error.from === undefined) return fault
    const start = placeOf(bytes, error.from)
    return { ...fault, from: { line: start.line, column: start.index } }
  }
}

/** `index` is that of the byte within its line. */
function placeOf(bytes: Uint8Array, at: number): { line: number; index: number } {
  let line = 1
  let lineStart = 0
  for (let index = 0; index < at && index < bytes.length; index++) {
    const isLf = bytes[index] === 0x0a
    const isLoneCr = bytes[index] === 0x0d && bytes[index + 1] !== 0x0a
    if (!isLf && !isLoneCr) continue
    line++
    lineStart = index + 1
  }
  return { line, index: at - lineStart }
}

class Scanner {
  readonly #bytes: Uint8Array
  #at = 0
  #depth = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#at = 3
  }

  text(): void {
    this.#space()
    if (this.#at >= this.#bytes.length) throw new Fault('No content to map due to end-of-input', this.#at)
    this.#value()
    this.#space()
    if (this.#at < this.#bytes.length) this.#unexpected('expected end-of-input after the JSON value')
  }

  #value(): void {
    const byte = this.#bytes[this.#at]
    if (byte === 0x7b) return this.#object()
    if (byte === 0x5b) return this.#array()
    if (byte === 0x22) return this.#string()
    if (byte === 0x2d || isDigit(byte)) return this.#number()
    if (byte !== undefined && byte >= 0x61 && byte <= 0x7a) return this.#literal()
    this.#unexpected(valueWords)
  }

  #object(): void {
    const start = this.#at
    this.#enter()
    this.#space()
    if (this.#take(0x7d)) return this.#leave()
    for (;;) {
      this.#space()
      if (this.#at >= this.#bytes.length) this.#cut('OBJECT', start)
      if (this.#bytes[this.#at] !== 0x22) this.#unexpected('was expecting double-quote to start field name')
      this.#string()
      this.#space()
      if (this.#at >= this.#bytes.length) this.#cut('OBJECT', start)
      if (!this.#take(0x3a)) this.#unexpected('was expecting a colon to separate field name and value')
      this.#space()
      if (this.#at >= this.#bytes.length) this.#cut('OBJECT', start)
      this.#value()
      this.#space()
      if (this.#take(0x7d)) return this.#leave()
      if (this.#at >= this.#bytes.length) this.#cut('OBJECT', start)
      if (!this.#take(0x2c)) this.#unexpected('was expecting comma to separate OBJECT entries')
    }
  }

  #array(): void {
    const start = this.#at
    this.#enter()
    this.#space()
    if (this.#take(0x5d)) return this.#leave()
    for (;;) {
      this.#space()
      if (this.#at >= this.#bytes.length) this.#cut('ARRAY', start)
      this.#value()
      this.#space()
      if (this.#take(0x5d)) return this.#leave()
      if (this.#at >= this.#bytes.length) this.#cut('ARRAY', start)
      if (!this.#take(0x2c)) this.#unexpected('was expecting comma to separate ARRAY entries')
    }
  }

  #string(): void {
    this.#at++
    for (;;) {
      const byte = this.#bytes[this.#at]
      if (byte === undefined) throw new Fault('Unexpected end-of-input in VALUE_STRING', this.#at)
      if (byte === 0x22) {
        this.#at++
        return
      }
      if (byte < 0x20)
        throw new Fault(
          `Illegal unquoted character ((CTRL-CHAR, code ${byte})): has to be escaped using backslash to be ` +
            'included in string value',
          this.#at,
        )
      if (byte === 0x5c) this.#escape()
      else this.#character(byte)
    }
  }

  #escape(): void {
    const byte = this.#bytes[this.#at + 1]
    if (byte === undefined)
      throw new Fault('Unexpected end-of-input in character escape sequence', this.#at + 1)
    if ('"\\/bfnrt'.includes(String.fromCharCode(byte))) {
      this.#at += 2
      return
    }
    if (byte !== 0x75)
      throw new Fault(`Unrecognized character escape ${this.#name(this.#at + 1)}`, this.#at + 1)
    const unit = this.#hex(this.#at + 2)
    if (unit >= 0xdc00 && unit <= 0xdfff) this.#loneSurrogate()
    this.#at += 6
    if (unit < 0xd800 || unit > 0xdbff) return
    const isEscape = this.#bytes[this.#at] === 0x5c && this.#bytes[this.#at + 1] === 0x75
    if (!isEscape) this.#loneSurrogate()
    const low = this.#hex(this.#at + 2)
    if (low < 0xdc00 || low > 0xdfff) this.#loneSurrogate()
    this.#at += 6
  }

  #loneSurrogate(): never {
    throw new Fault('Incomplete surrogate pair in string value', this.#at)
  }

  #hex(start: number): number {
    let unit = 0
    for (let index = start; index < start + 4; index++) {
      const byte = this.#bytes[index]
      if (byte === undefined) throw new Fault('Unexpected end-of-input in character escape sequence', index)
      const digit = Number.parseInt(String.fromCharCode(byte), 16)
      if (Number.isNaN(digit))
        throw new Fault(
          `Unexpected character (${this.#name(index)}): expected a hex-digit for character escape sequence`,
          index,
        )
      unit = unit * 16 + digit
    }
    return unit
  }

  /** Steps over one UTF-8 character; refuses what RFC 3629 §3 does not allow. */
  #character(lead: number): void {
    if (lead < 0x80) {
      this.#at++
      return
    }
    const size =
      lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 0
    if (size === 0) throw new Fault(`Invalid UTF-8 start byte 0x${lead.toString(16)}`, this.#at)
    for (let index = 1; index < size; index++) {
      const byte = this.#bytes[this.#at + index]
      if (byte === undefined) throw new Fault('Unexpected end-of-input in VALUE_STRING', this.#at + index)
      const [low, high] = index === 1 ? secondByteRange(lead) : [0x80, 0xbf]
      if (byte < low || byte > high)
        throw new Fault(`Invalid UTF-8 middle byte 0x${byte.toString(16)}`, this.#at + index)
    }
    this.#at += size
  }

  #number(): void {
    const start = this.#at
    if (this.#take(0x2d) && !isDigit(this.#bytes[this.#at])) {
      if (this.#at >= this.#bytes.length)
        throw new Fault('Unexpected end-of-input in VALUE_NUMBER_INT', this.#at)
      this.#unexpected('expected digit (0-9) to follow minus sign, for valid numeric value')
    }
    if (this.#take(0x30)) {
      if (isDigit(this.#bytes[this.#at]))
        throw new Fault('Invalid numeric value: Leading zeroes not allowed', this.#at)
    } else this.#digits()
    if (this.#take(0x2e)) this.#wantDigits('Decimal point not followed by a digit')
    if (this.#take(0x65) || this.#take(0x45)) {
      if (!this.#take(0x2b)) this.#take(0x2d)
      this.#wantDigits('Exponent indicator not followed by a digit')
    }
    if (this.#at === start) this.#unexpected(valueWords)
  }

  #wantDigits(what: string): void {
    if (!isDigit(this.#bytes[this.#at])) throw new Fault(`Invalid numeric value: ${what}`, this.#at)
    this.#digits()
  }

  #digits(): void {
    while (isDigit(this.#bytes[this.#at])) this.#at++
  }

  #literal(): void {
    const start = this.#at
    while (isWordByte(this.#bytes[this.#at])) this.#at++
    const word = String.fromCharCode(...this.#bytes.subarray(start, Math.min(this.#at, start + 64)))
    if (word === 'true' || word === 'false' || word === 'null') return
    const begins = ['true', 'false', 'null'].some(known => known[0] === word[0])
    if (begins)
      throw new Fault(`Unrecognized token '${word}': was expecting 'null', 'true', 'false' or NaN`, start)
    this.#at = start
    this.#unexpected(valueWords)
  }

  #enter(): void {
    if (++this.#depth > depthMax)
      throw new Fault(`JSON is nested too deeply: more than ${depthMax} levels`, this.#at)
    this.#at++
  }

  #leave(): void {
    this.#depth--
  }

  #space(): void {
    while (whitespace.has(this.#bytes[this.#at] as number)) this.#at++
  }

  #take(byte: number): boolean {
    if (this.#bytes[this.#at] !== byte) return false
    this.#at++
    return true
  }

  #unexpected(wanted: string): never {
    const at = this.#at
    const byte = this.#bytes[at]
    // Bytes that are no character at all are the greater fault.
    if (byte !== undefined && byte >= 0x80) this.#character(byte)
    this.#at = at
    throw new Fault(`Unexpected character (${this.#name(this.#at)}): ${wanted}`, this.#at)
  }

  /** @param start where the container begins */
  #cut(container: string, start: number): never {
    throw new Fault(`Unexpected end-of-input: expected close marker for ${container}`, this.#at, start)
  }

  /** `'=' (code 61)`; a character beyond ASCII is named by its code point. */
  #name(at: number): string {
    const text = new TextDecoder().decode(this.#bytes.subarray(at, at + 4))
    const code = text.codePointAt(0) ?? 0
    if (code < 0x20) return `(CTRL-CHAR, code ${code})`
    return `'${String.fromCodePoint(code)}' (code ${code})`
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

function isWordByte(byte: number | undefined): boolean {
  if (byte === undefined) return false
  return isDigit(byte) || (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a)
}

/** Excludes overlong forms, surrogates and code points past U+10FFFF. */
function secondByteRange(lead: number): readonly [number, number] {
  if (lead === 0xe0) return [0xa0, 0xbf]
  if (lead === 0xed) return [0x80, 0x9f]
  if (lead === 0xf0) return [0x90, 0xbf]
  if (lead === 0xf4) return [0x80, 0x8f]
  return [0x80, 0xbf]
}
