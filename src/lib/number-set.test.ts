import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inEach, NumberSet } from './number-set.ts'

const numbers = fc.array(fc.oneof(fc.nat(70), fc.nat(40_000), fc.constantFrom(16_383, 16_384, 2 ** 40)))
const lists = fc.array(fc.array(numbers, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })

function setOf(numbers: readonly number[]): NumberSet {
  const set = new NumberSet()
  let grown = 0
  for (const number of numbers) grown += set.add(number)
  assert.equal(set.bytes, grown)
  return set
}

test('what sets have in common is found from the greatest down', () => {
  fc.assert(
    fc.property(lists, lists => {
      const sets = lists.map(list => list.map(setOf))
      const unions = lists.map(list => new Set(list.flat()))
      const common = unions.reduce((a, b) => a.intersection(b))
      assert.deepEqual(
        [...inEach(sets)],
        [...common].sort((a, b) => b - a),
      )
    }),
  )
})
