// Hours, days and months of a fixed zone.
import { dateOf, dayMs, dayOf, formatTime, parseTime } from './zone-time.ts'

export const periodUnits = ['HOUR', 'DAY', 'MONTH'] as const
export type PeriodUnit = (typeof periodUnits)[number]

const hourMs = 3_600_000

/** The moment (epoch ms) at which the period that holds `at` began. */
export function startOfPeriod(unit: PeriodUnit, at: number, zoneMinutes: number): number {
  const offsetMs = zoneMinutes * 60_000
  if (unit === 'HOUR') return Math.floor((at + offsetMs) / hourMs) * hourMs - offsetMs
  const day = dayOf(at, zoneMinutes)
  if (unit === 'DAY') return day * dayMs - offsetMs
  const { year, month } = dateOf(day)
  return Date.UTC(year, month, 1) - offsetMs
}

/** @param start of a period @returns that of the next one */
export function nextPeriod(unit: PeriodUnit, start: number, zoneMinutes: number): number {
  if (unit === 'HOUR') return start + hourMs
  if (unit === 'DAY') return start + dayMs
  // No month has 32 days, and none less than 28.
  return startOfPeriod('MONTH', start + 31 * dayMs + hourMs, zoneMinutes)
}

/** `2026-01-05 08`, `2026-01-05` and `2026-01` */
const lengths: Readonly<Record<PeriodUnit, number>> = { HOUR: 13, DAY: 10, MONTH: 7 }
const rests: Readonly<Record<PeriodUnit, string>> = {
  HOUR: ':00:00',
  DAY: ' 00:00:00',
  MONTH: '-01 00:00:00',
}

export function formatPeriod(unit: PeriodUnit, start: number, zoneMinutes: number): string {
  return formatTime(start, zoneMinutes).slice(0, lengths[unit])
}

/** The start (epoch ms) of the period that the text names; undefined = it names none of this unit. */
export function parsePeriod(unit: PeriodUnit, text: string, zoneMinutes: number): number | undefined {
  return text.length === lengths[unit] ? parseTime(text + rests[unit], zoneMinutes) : undefined
}
