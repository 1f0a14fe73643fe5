import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDate, formatTime, isDate, isTime, startOfDay } from './zone-time.ts'

const beijing = 480

test('a moment is written in the zone, not in that of the machine', () => {
  const at = Date.UTC(2026, 0, 4, 16, 0, 0)
  assert.equal(formatTime(at, beijing), '2026-01-05 00:00:00')
  assert.equal(formatTime(at - 1, beijing), '2026-01-04 23:59:59')
  assert.equal(formatDate(at - 1, -60), '2026-01-04')
})

test('a day begins at midnight of the zone, also before 1970', () => {
  const midnight = Date.UTC(2026, 0, 4, 16)
  for (const at of [midnight, midnight + 1, midnight + 86_399_999])
    assert.equal(startOfDay(at, beijing), midnight)
  assert.equal(startOfDay(midnight - 1, beijing), midnight - 86_400_000)
  assert.equal(startOfDay(-1, 0), -86_400_000)
})

test('only dates and times that exist are any', () => {
  for (const date of ['2026-01-05', '2024-02-29']) assert.ok(isDate(date))
  for (const date of ['2026-02-29', '2026-13-01', '2026-1-5', '2026-01-05 ', '', '2026-01-00'])
    assert.ok(!isDate(date), date)
  for (const time of ['2026-01-05 00:00:00', '2026-12-31 23:59:59']) assert.ok(isTime(time))
  for (const time of ['2026-01-05', '2026-01-05 24:00:00', '2026-01-05 23:60:00', '2026-01-05T00:00:00'])
    assert.ok(!isTime(time), time)
})
