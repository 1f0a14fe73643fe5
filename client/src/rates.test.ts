import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Rate, SpentRate } from './rates.ts'

const rate: fc.Arbitrary<Rate> = fc.record({
  max: fc.integer({ min: 2, max: 50 }),
  perMs: fc.integer({ min: 10, max: 1_000 }),
  counts: fc.constantFrom('calls', 'units'),
})
const asks = fc.array(fc.record({ afterMs: fc.nat({ max: 300 }), units: fc.integer({ min: 1, max: 20 }) }), {
  minLength: 1,
  maxLength: 80,
})

test('in no span of time is more than nine tenths of a rate spent, and nothing waits that has room', () => {
  fc.assert(
    fc.property(rate, asks, (rate, asks) => {
      const spent = new SpentRate(rate, 0.9)
      const max = Math.max(1, Math.floor(rate.max * 0.9))
      const taken: { at: number; units: number }[] = []
      const sumSince = (from: number, to: number) =>
        taken.reduce((sum, { at, units }) => (at > from && at <= to ? sum + units : sum), 0)
      let now = 0
      for (const { afterMs, units } of asks) {
        now += afterMs
        const counted = Math.min(max, rate.counts === 'units' ? units : 1)
        const at = spent.roomAt(now, units)
        const earliest = Math.max(now, taken.at(-1)?.at ?? 0)
        // A millisecond sooner there was none.
        if (at > earliest) assert.ok(sumSince(at - 1 - rate.perMs, at - 1) + counted > max)
        spent.take(at, units)
        taken.push({ at, units: counted })
        assert.ok(sumSince(at - rate.perMs, at) <= max)
      }
    }),
  )
})
