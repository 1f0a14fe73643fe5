import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../contract/refusal.ts'
import { parseJson, toIdText } from './json.ts'

const read = (text: string) => parseJson(Buffer.from(text))
const refusalOf = (bytes: Buffer) => {
  try {
    parseJson(bytes)
    return undefined
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error))
    return error
  }
}

test('what JSON.stringify wrote is read back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), value => {
      const text = JSON.stringify(value)
      assert.equal(JSON.stringify(read(text)), text)
    }),
  )
})

test('any bytes at all are read or refused', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => void refusalOf(Buffer.from(bytes))))
})

test('a text is accepted exactly when JSON.parse accepts it and its bytes are sound', () => {
  const pieces = fc.constantFrom(
    ...'{}[],:"0123456789.-+eE \n\ttruefalsn\\u中'.split(''),
    '"a"',
    '{"a":',
    '[1,',
    'null',
    '\\ud800',
    '1e400',
  )
  const text = fc.array(pieces, { maxLength: 12 }).map(parts => parts.join(''))
  fc.assert(
    fc.property(text, given => {
      const refusal = refusalOf(Buffer.from(given))
      let isKept = !given.includes('\\ud800')
      try {
        JSON.parse(given, (_name, value) => {
          if (typeof value === 'number' && !Number.isFinite(value)) isKept = false
          return value
        })
      } catch {
        assert.equal(refusal?.id, 'json_malformed', given)
        return
      }
      if (isKept) assert.equal(refusal, undefined, given)
    }),
    { numRuns: 2_000 },
  )
})

test('integers of any length up to 64 digits come through with every digit', () => {
  fc.assert(
    fc.property(fc.bigInt(), integer => {
      const text = `{"id":${integer}}`
      if (String(integer).length <= 64) assert.equal(JSON.stringify(read(text)), text)
    }),
  )
  assert.equal(toIdText((read('{"id":9007199254740993}') as { id: unknown }).id), '9007199254740993')
})

test('numbers that no double can hold are refused as values, not as syntax', () => {
  for (const number of ['1e400', '-1e400', '1'.repeat(65), `0.${'1'.repeat(400)}`, `-${'9'.repeat(400)}`])
    assert.equal(refusalOf(Buffer.from(`[${number}]`))?.id, 'json_value_invalid', number)
})

test('the last of two members of one name counts, and __proto__ is a member like any other', () => {
  assert.deepEqual(read('{"a":1,"a":2}'), { a: 2 })
  const read_ = read('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}}}') as object
  assert.deepEqual(Object.keys(read_), ['__proto__', 'constructor'])
  assert.equal(Object.getPrototypeOf(read_), Object.prototype)
  assert.equal(Reflect.get({}, 'polluted'), undefined)
})

test('a BOM is skipped, once', () => {
  assert.deepEqual(read('\ufeff{"a":1}'), { a: 1 })
  assert.equal(refusalOf(Buffer.from('\ufeff\ufeff{}'))?.id, 'json_malformed')
})

test('64 levels are read; more are refused, in a moment, however many there are', () => {
  const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth))
  assert.equal(refusalOf(nested(64)), undefined)
  assert.equal(refusalOf(Buffer.from(`["${'['.repeat(100)}"]`)), undefined)
  for (const depth of [65, 10_000, 1_000_000]) {
    const startedAt = performance.now()
    assert.equal(refusalOf(nested(depth))?.id, 'json_malformed', String(depth))
    assert.ok(performance.now() - startedAt < 200, String(depth))
  }
})
