// Wall-clock times of a fixed zone, given in minutes east of UTC.
const minuteMs = 60_000
const dayMs = 86_400_000

/** The moment (epoch ms) at which the day of `at` began. */
export function startOfDay(at: number, zoneMinutes: number): number {
  const local = at + zoneMinutes * minuteMs
  return at - (((local % dayMs) + dayMs) % dayMs)
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

/** JavaScript turns the 31st of February into a day of March: only what reads back the same exists. */
function existsAs(iso: string): boolean {
  const time = Date.parse(iso)
  return !Number.isNaN(time) && new Date(time).toISOString() === iso
}
