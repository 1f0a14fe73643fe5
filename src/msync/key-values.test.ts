import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type KeyValue, messageBodyCodec } from './codec.ts'
import { fromJsonObject, toJsonObject } from './key-values.ts'

/** To the wire and back. */
function travel(json: string): string {
  return toJsonObject(onTheWire(fromJsonObject(json)))
}

function onTheWire(pairs: readonly KeyValue[]) {
  return messageBodyCodec.decode(messageBodyCodec.encode({ ext: pairs })).ext
}

const jsonObjects = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 }), { maxKeys: 12 })

test('any JSON object travels to the wire and back unchanged', () => {
  fc.assert(
    fc.property(jsonObjects, object => {
      const json = JSON.stringify(object)
      assert.deepEqual(JSON.parse(travel(json)), JSON.parse(json))
    }),
  )
})

test('integers of up to 64 bits keep every digit, alone and inside of values', () => {
  const integers = fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
  )
  fc.assert(
    fc.property(integers, integer => {
      const json = `{"n":${integer},"deep":{"list":[${integer}]}}`
      assert.equal(travel(json), json)
    }),
  )
})

const valueTypes = [
  ['true', { key: 'k', type: 1, varintValue: 1 }],
  ['false', { key: 'k', type: 1, varintValue: 0 }],
  ['2147483647', { key: 'k', type: 2, varintValue: '2147483647' }],
  ['-2147483648', { key: 'k', type: 2, varintValue: '-2147483648' }],
  ['2147483648', { key: 'k', type: 4, varintValue: '2147483648' }],
  ['9223372036854775807', { key: 'k', type: 4, varintValue: '9223372036854775807' }],
  ['-9223372036854775808', { key: 'k', type: 4, varintValue: '-9223372036854775808' }],
  ['18446744073709551615', { key: 'k', type: 3, varintValue: '-1' }],
  ['0.1', { key: 'k', type: 6, doubleValue: 0.1 }],
  ['1e+300', { key: 'k', type: 6, doubleValue: 1e300 }],
  ['"text"', { key: 'k', type: 7, stringValue: 'text' }],
  ['null', { key: 'k', type: 8, stringValue: 'null' }],
  ['[1,"a",{"b":[]}]', { key: 'k', type: 8, stringValue: '[1,"a",{"b":[]}]' }],
] as const

for (const [json, pair] of valueTypes)
  test(`${json} is the type of value that clients know it as`, () => {
    const [made] = fromJsonObject(`{"k":${json}}`)
    assert.deepEqual(
      { ...made, ...(made!.varintValue !== undefined && { varintValue: String(made!.varintValue) }) },
      {
        ...pair,
        ...('varintValue' in pair && { varintValue: String(pair.varintValue) }),
      },
    )
    assert.equal(toJsonObject(onTheWire([pair])), `{"k":${json}}`)
  })

test('a float is the number that it is', () => {
  assert.equal(toJsonObject(onTheWire([{ key: 'k', type: 5, floatValue: 0.5 }])), '{"k":0.5}')
  const [value] = Object.values(JSON.parse(toJsonObject(onTheWire([{ key: 'k', type: 5, floatValue: 0.1 }]))))
  assert.equal(value, Math.fround(0.1))
})

test('of several values of one key the last counts, and a name can be anything', () => {
  const twice = [
    { key: 'k', type: 7, stringValue: 'a' },
    { key: 'k', type: 7, stringValue: 'b' },
  ]
  assert.equal(toJsonObject(onTheWire(twice)), '{"k":"b"}')
  assert.equal(travel('{"__proto__":{"x":1},"":0,"a\\"b":1}'), '{"__proto__":{"x":1},"":0,"a\\"b":1}')
})

test('what claims to be JSON and is not, or is nested too deep to be taken apart, is a text', () => {
  for (const text of ['{', '', 'undefined', `${'['.repeat(20_000)}${']'.repeat(20_000)}`])
    assert.deepEqual(JSON.parse(toJsonObject(onTheWire([{ key: 'k', type: 8, stringValue: text }]))), {
      k: text,
    })
  const shallow = `${'['.repeat(64)}${']'.repeat(64)}`
  assert.equal(toJsonObject(onTheWire([{ key: 'k', type: 8, stringValue: shallow }])), `{"k":${shallow}}`)
})

test('a value without a type, or a type without a value, makes JSON all the same', () => {
  assert.equal(toJsonObject(onTheWire([{ key: 'k' }])), '{}')
  assert.equal(toJsonObject(onTheWire([{ key: 'k', type: 7 }])), '{}')
  assert.equal(toJsonObject(onTheWire([{ key: 'k', varintValue: 7 }])), '{"k":7}')
  assert.equal(toJsonObject(onTheWire([{ type: 7, stringValue: 'v' }])), '{"":"v"}')
  assert.equal(toJsonObject(onTheWire([{ key: 'k', type: 6, doubleValue: Number.NaN }])), '{"k":null}')
})

test('what is no JSON object has no pairs', () => {
  for (const text of ['', '[]', '1', 'null', '{', '"x"']) assert.deepEqual(fromJsonObject(text), [])
})
