import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatPeriod, nextPeriod, parsePeriod, periodUnits, startOfPeriod } from './periods.ts'

const zone = 480
const times = fc.integer({ min: Date.UTC(2019, 0, 1), max: Date.UTC(2033, 0, 1) })
const zones = fc.integer({ min: -720, max: 840 })

test('a period reads back as it is written, in each unit', () => {
  const at = Date.UTC(2026, 1, 28, 16, 30)
  for (const [unit, text] of [
    ['HOUR', '2026-03-01 00'],
    ['DAY', '2026-03-01'],
    ['MONTH', '2026-03'],
  ] as const) {
    const start = startOfPeriod(unit, at, zone)
    assert.equal(formatPeriod(unit, start, zone), text)
    assert.equal(parsePeriod(unit, text, zone), start)
    assert.equal(parsePeriod(unit, `${text}x`, zone), undefined)
  }
  assert.equal(parsePeriod('DAY', '2026-02-30', zone), undefined)
  assert.equal(parsePeriod('MONTH', '2026-13', zone), undefined)
})

test('periods follow each other without a gap: every moment is in the one that began last', () => {
  fc.assert(
    fc.property(fc.constantFrom(...periodUnits), times, zones, (unit, at, minutes) => {
      const start = startOfPeriod(unit, at, minutes)
      const next = nextPeriod(unit, start, minutes)
      assert.ok(start <= at && at < next)
      assert.equal(startOfPeriod(unit, next - 1, minutes), start)
      assert.equal(startOfPeriod(unit, next, minutes), next)
      assert.equal(parsePeriod(unit, formatPeriod(unit, start, minutes), minutes), start)
    }),
    { numRuns: 2_000 },
  )
})
