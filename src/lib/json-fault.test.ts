import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findJsonFault } from './json-fault.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

const faults: readonly [text: string, what: string, line: number, column: number][] = [
  [
    '{"username":"u1","pw"="x"}',
    "Unexpected character ('=' (code 61)): was expecting a colon to separate field name and value",
    1,
    23,
  ],
  ['{a:1}', "Unexpected character ('a' (code 97)): was expecting double-quote to start field name", 1, 3],
  ['{"a":1,}', "Unexpected character ('}' (code 125)): was expecting double-quote to start field name", 1, 9],
  [
    '{"a":1 "b":2}',
    "Unexpected character ('\"' (code 34)): was expecting comma to separate OBJECT entries",
    1,
    9,
  ],
  ['[1 2]', "Unexpected character ('2' (code 50)): was expecting comma to separate ARRAY entries", 1, 5],
  [
    '{"a":}',
    "Unexpected character ('}' (code 125)): expected a valid value (number, String, array, object, 'true', 'false' or 'null')",
    1,
    7,
  ],
  ['{"a":tru}', "Unrecognized token 'tru': was expecting 'null', 'true', 'false' or NaN", 1, 7],
  [
    '{\r\n\t"a" 1}',
    "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
    2,
    7,
  ],
  ['', 'No content to map due to end-of-input', 1, 2],
]

for (const [text, what, line, column] of faults)
  test(`names the fault of ${JSON.stringify(text)} as Jackson does`, () => {
    assert.deepEqual(findJsonFault(bytes(text)), { what, line, column })
  })

test('says where the container begins that the text ends in, counted from 0', () => {
  const what = 'Unexpected end-of-input: expected close marker for'
  for (const [text, container, line, column, from] of [
    ['{"a":1', 'OBJECT', 1, 8, { line: 1, column: 0 }],
    ['{"a":', 'OBJECT', 1, 7, { line: 1, column: 0 }],
    ['{"a":[1,', 'ARRAY', 1, 10, { line: 1, column: 5 }],
    ['[\n  {"a":{}', 'OBJECT', 2, 11, { line: 2, column: 2 }],
  ] as const)
    assert.deepEqual(findJsonFault(bytes(text)), { what: `${what} ${container}`, line, column, from })
})

test('counts bytes, not characters, and lines that end in CRLF, LF or CR', () => {
  assert.deepEqual(findJsonFault(bytes('{\r\n"中😀":\n\t\t \r"x"="y"}'))?.line, 4)
  const { line, column } = findJsonFault(bytes('{"中😀" 1}'))!
  assert.deepEqual([line, column], [1, 13])
})

test('bytes that are no UTF-8 are named as such wherever they stand', () => {
  for (const [start, what] of [
    [[0xff, 0xfe, 0x7b, 0x00], 'Invalid UTF-8 start byte 0xff'],
    [[0xfe, 0xff, 0x00, 0x7b], 'Invalid UTF-8 start byte 0xfe'],
    [[0x7b, 0xd6, 0xd0], 'Invalid UTF-8 middle byte 0xd0'],
  ] as const)
    assert.equal(findJsonFault(new Uint8Array(start))?.what, what)
})

test('finds a fault in exactly those texts that JSON.parse refuses', () => {
  const pieces = fc.constantFrom(
    ...'{}[],:"\\u0a1-.eE+ \n\ttruefalsnil',
    '"a":',
    '\\ud83d',
    '\\ude00',
    'é',
    '\u0001',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 14 }), parts => {
      const text = parts.join('')
      const fault = findJsonFault(bytes(text))
      let isParsed = true
      try {
        JSON.parse(text)
      } catch {
        isParsed = false
      }
      // JSON.parse takes lone surrogates; we do not (contract.md §8.1).
      const isSurrogate = fault?.what.startsWith('Incomplete surrogate')
      assert.equal(
        fault === undefined || Boolean(isSurrogate),
        isParsed || Boolean(isSurrogate),
        `${text} ${fault?.what}`,
      )
    }),
    { numRuns: 20_000 },
  )
})

test('accepts every value that JSON.stringify writes', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 5 }),
      value => findJsonFault(bytes(JSON.stringify(value))) === undefined,
    ),
  )
})

test('refuses 65 levels and invalid UTF-8', () => {
  assert.match(findJsonFault(bytes('['.repeat(65)))!.what, /nested too deeply/)
  assert.match(findJsonFault(new Uint8Array([0x22, 0xc0, 0xaf, 0x22]))!.what, /Invalid UTF-8 start byte 0xc0/)
  assert.match(
    findJsonFault(new Uint8Array([0x22, 0xe4, 0xbd, 0x22]))!.what,
    /Invalid UTF-8 middle byte 0x22/,
  )
})
