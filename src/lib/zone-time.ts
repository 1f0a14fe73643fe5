// Wall-clock times of a fixed zone, given in minutes east of UTC.
const minuteMs = 60_000
export const dayMs = 86_400_000

/** The moment (epoch ms) at which the day of `at` began. */
export function startOfDay(at: number, zoneMinutes: number): number {
  return dayOf(at, zoneMinutes) * dayMs - zoneMinutes * minuteMs
}

/** The day of a moment, counted from the first of 1970. */
export function dayOf(at: number, zoneMinutes: number): number {
  return Math.floor((at + zoneMinutes * minuteMs) / dayMs)
}

/** @param day as `dayOf` counts; months from 0 */
export function dateOf(day: number): { readonly year: number; readonly month: number } {
  const date = new Date(day * dayMs)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() }
}

/** `2026-01-05 08:41:20` */
export function formatTime(at: number, zoneMinutes: number): string {
  return new Date(at + zoneMinutes * minuteMs).toISOString().slice(0, 19).replace('T', ' ')
}

/** `2026-01-05` */
export function formatDate(at: number, zoneMinutes: number): string {
  return formatTime(at, zoneMinutes).slice(0, 10)
}

/** Is the text a date that exists, as `2026-01-05`? */
export function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && existsAs(`${text}T00:00:00.000Z`)
}

/** Is the text a moment that exists, as `2026-01-05 08:41:20`? */
export function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) && existsAs(`${text.replace(' ', 'T')}.000Z`)
}

/** The moment (epoch ms) that a text such as `2026-01-05 08:41:20` names; undefined = none. */
export function parseTime(text: string, zoneMinutes: number): number | undefined {
  return isTime(text) ? Date.parse(`${text.replace(' ', 'T')}.000Z`) - zoneMinutes * minuteMs : undefined
}

/** Ms after midnight of a text such as `08:41:20`; undefined = it is no time of a day. */
export function parseTimeOfDay(text: string): number | undefined {
  return /^\d\d:\d\d:\d\d$/.test(text) ? parseTime(`1970-01-01 ${text}`, 0) : undefined
}

/** JavaScript turns the 31st of February into a day of March: only what reads back the same exists. */
function existsAs(iso: string): boolean {
  const time = Date.parse(iso)
  return !Number.isNaN(time) && new Date(time).toISOString() === iso
}
