import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Periodical } from '../contract/operations/schedules.ts'
import { dayMs, formatTime, parseTime, parseTimeOfDay } from '../lib/zone-time.ts'
import { nextRun } from './run-times.ts'

const zone = 480
const at = (text: string) => parseTime(text, zone)!

function periodical(
  start: string,
  end: string,
  time: string,
  unit: Periodical['unit'],
  frequency: number,
  days: readonly number[] = [],
): Periodical {
  return {
    kind: 'periodical',
    startAt: at(start),
    endAt: at(end),
    timeOfDayMs: parseTimeOfDay(time)!,
    unit,
    frequency,
    days,
  }
}

function runsOf(trigger: Periodical): string[] {
  const runs: string[] = []
  let next = nextRun(trigger, 0, zone)
  while (next !== undefined) {
    runs.push(formatTime(next, zone))
    next = nextRun(trigger, next + 1, zone)
  }
  return runs
}

test('a single run is due at its time and not after it', () => {
  const trigger = { kind: 'single', at: at('2026-01-05 09:00:00') } as const
  assert.equal(nextRun(trigger, trigger.at, zone), trigger.at)
  assert.equal(nextRun(trigger, trigger.at + 1, zone), undefined)
})

test('every second day counts from the day of the start, whether that has a run or not', () => {
  const daily = periodical('2026-02-27 10:00:00', '2026-03-05 10:00:00', '09:30:00', 'day', 2)
  assert.deepEqual(runsOf(daily), ['2026-03-01 09:30:00', '2026-03-03 09:30:00', '2026-03-05 09:30:00'])
})

test('weekdays of every second week, the week of the start being the first', () => {
  // The fifth of January 2026 is a Monday.
  const weekly = periodical('2026-01-07 00:00:00', '2026-01-26 23:59:59', '09:30:00', 'week', 2, [0, 4])
  assert.deepEqual(runsOf(weekly), ['2026-01-09 09:30:00', '2026-01-19 09:30:00', '2026-01-23 09:30:00'])
})

test('days that a month does not have are passed over', () => {
  const monthly = periodical('2026-01-15 00:00:00', '2026-05-31 12:00:00', '12:00:00', 'month', 1, [15, 31])
  assert.deepEqual(runsOf(monthly), [
    '2026-01-15 12:00:00',
    '2026-01-31 12:00:00',
    '2026-02-15 12:00:00',
    '2026-03-15 12:00:00',
    '2026-03-31 12:00:00',
    '2026-04-15 12:00:00',
    '2026-05-15 12:00:00',
    '2026-05-31 12:00:00',
  ])
})

test('a period whose first time is past its end has no run', () => {
  const never = periodical('2026-01-05 10:00:00', '2026-01-06 08:00:00', '09:00:00', 'day', 1)
  assert.equal(nextRun(never, 0, zone), undefined)
})

const moment = fc.integer({ min: at('2025-12-20 00:00:00'), max: at('2027-03-10 00:00:00') })
const anyTrigger = fc
  .record({
    startAt: moment,
    lengthMs: fc.nat({ max: 366 * dayMs }),
    timeOfDayMs: fc.integer({ min: 0, max: 86_399 }).map(seconds => seconds * 1_000),
    frequency: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 100 })),
    points: fc.oneof(
      fc.constant({ unit: 'day' as const, days: [] as number[] }),
      fc.record({
        unit: fc.constant('week' as const),
        days: fc.uniqueArray(fc.nat({ max: 6 }), { minLength: 1 }),
      }),
      fc.record({
        unit: fc.constant('month' as const),
        days: fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 1 }),
      }),
    ),
  })
  .map(
    ({ startAt, lengthMs, timeOfDayMs, frequency, points }): Periodical => ({
      kind: 'periodical',
      startAt,
      endAt: startAt + lengthMs,
      timeOfDayMs,
      frequency,
      unit: points.unit,
      days: points.days.toSorted((a, b) => a - b),
    }),
  )

/** Goes through the calendar second by day, as one would by hand. */
function byHand({ startAt, endAt, timeOfDayMs, unit, frequency, days }: Periodical, from: number) {
  const local = (time: number) => new Date(time + zone * 60_000)
  const midnight = (time: number) => new Date(local(time).toISOString().slice(0, 10))
  const monday = (date: Date) => date.getTime() - ((date.getUTCDay() + 6) % 7) * dayMs
  const started = midnight(startAt)
  for (let date = midnight(Math.max(from, startAt)); ; date = new Date(date.getTime() + dayMs)) {
    const run = date.getTime() + timeOfDayMs - zone * 60_000
    if (run > endAt) return undefined
    if (run < from || run < startAt) continue
    const months = (date.getUTCFullYear() - started.getUTCFullYear()) * 12 + date.getUTCMonth()
    const distance = {
      day: (date.getTime() - started.getTime()) / dayMs,
      week: (monday(date) - monday(started)) / (7 * dayMs),
      month: months - started.getUTCMonth(),
    }[unit]
    const point = unit === 'week' ? (date.getUTCDay() + 6) % 7 : date.getUTCDate()
    if (distance % frequency === 0 && (unit === 'day' || days.includes(point))) return run
  }
}

test('the next run is the one that a walk through the calendar finds', () => {
  fc.assert(
    fc.property(anyTrigger, moment, (trigger, from) => {
      assert.equal(nextRun(trigger, from, zone), byHand(trigger, from))
    }),
    { numRuns: 2_000 },
  )
})
