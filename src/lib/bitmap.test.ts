import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chunkOf, hasBit, withBits } from './bitmap.ts'

test('chunks of bits are a set: every number once, whatever the order and however often', () => {
  const numbers = fc.array(fc.nat({ max: 20_000 }), { maxLength: 50 })
  fc.assert(
    fc.property(fc.array(numbers, { maxLength: 10 }), batches => {
      const chunks = new Map<number, Uint8Array>()
      const expected = new Set<number>()
      for (const batch of batches) {
        let added = 0
        for (const [chunk, members] of Map.groupBy(batch, chunkOf)) {
          const after = withBits(chunks.get(chunk) ?? null, members)
          chunks.set(chunk, after.chunk)
          added += after.added
        }
        const before = expected.size
        for (const number of batch) expected.add(number)
        assert.equal(added, expected.size - before)
      }
      for (let number = 0; number <= 20_000; number++)
        assert.equal(hasBit(chunks.get(chunkOf(number)) ?? null, number), expected.has(number))
    }),
    { numRuns: 30 },
  )
})

test('a chunk that is given is left as it is', () => {
  const { chunk } = withBits(null, [1])
  withBits(chunk, [2])
  assert.deepEqual([hasBit(chunk, 1), hasBit(chunk, 2)], [true, false])
})
