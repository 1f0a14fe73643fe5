// When a schedule runs, in the wall-clock time of a fixed zone.
import type { Periodical, Trigger } from '../contract/operations/schedules.ts'
import { dateOf, dayMs, dayOf } from '../lib/zone-time.ts'

/** The first run at `from` (epoch ms) or later; undefined = there is none. */
export function nextRun(trigger: Trigger, from: number, zoneMinutes: number): number | undefined {
  if (trigger.kind === 'single') return trigger.at >= from ? trigger.at : undefined
  const { startAt, endAt, timeOfDayMs, unit, frequency } = trigger
  const earliest = Math.max(from, startAt)
  const first = periodOf(unit, dayOf(startAt, zoneMinutes))
  const current = periodOf(unit, dayOf(earliest, zoneMinutes))
  const last = periodOf(unit, dayOf(endAt, zoneMinutes))
  for (
    let period = first + Math.floor((current - first) / frequency) * frequency;
    period <= last;
    period += frequency
  )
    for (const day of daysOf(trigger, period)) {
      const at = day * dayMs + timeOfDayMs - zoneMinutes * 60_000
      if (at >= earliest) return at <= endAt ? at : undefined
    }
  return undefined
}

/** The number of the day, week or month that holds a day: consecutive. */
function periodOf(unit: Periodical['unit'], day: number): number {
  if (unit === 'day') return day
  // Day 0, the first of 1970, was a Thursday.
  if (unit === 'week') return Math.floor((day + 3) / 7)
  const { year, month } = dateOf(day)
  return year * 12 + month
}

/** Days of a period that have a run, ascending. */
function daysOf({ unit, days }: Periodical, period: number): number[] {
  if (unit === 'day') return [period]
  if (unit === 'week') return days.map(weekday => period * 7 - 3 + weekday)
  const firstOfMonth = Date.UTC(Math.floor(period / 12), period % 12, 1) / dayMs
  return days.map(day => firstOfMonth + day - 1).filter(day => periodOf('month', day) === period)
}
