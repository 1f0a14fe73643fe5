// The parts of a schedule: each is complete in itself, since a change replaces it as a whole (jpush.md §3.4.1).
import { jpushLimits } from '../../contract/limits.ts'
import { isScheduleName } from '../../contract/names.ts'
import type { Trigger, WrittenPush, WrittenTrigger } from '../../contract/operations/schedules.ts'
import { Refusal } from '../../contract/refusal.ts'
import { renderJpush } from '../../contract/render.ts'
import { parseTime, parseTimeOfDay } from '../../lib/zone-time.ts'
import { isJsonObject } from '../http/json.ts'
import { readPush } from './push-object.ts'

const weekdays = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN']
const units = ['day', 'week', 'month'] as const
const { scheduleNameBytesMax, scheduleFrequencyMax } = jpushLimits

type Members = Readonly<Record<string, unknown>>

export function readName(value: unknown): string {
  if (isScheduleName(value)) return value
  return invalid(
    `name must be 1 to ${scheduleNameBytesMax} bytes of Chinese characters, letters, digits and _`,
  )
}

export function readEnabled(value: unknown): boolean {
  return typeof value === 'boolean' ? value : invalid('enabled must be true or false')
}

export function readTrigger(value: unknown, zoneMinutes: number): WrittenTrigger {
  const { single, periodical } = objectOf(value, 'trigger')
  const isSingle = isGiven(single)
  if (isSingle === isGiven(periodical)) invalid('trigger section is invalid: one of single and periodical')
  const trigger = isSingle
    ? readSingle(objectOf(single, 'trigger.single'), zoneMinutes)
    : readPeriodical(objectOf(periodical, 'trigger.periodical'), zoneMinutes)
  return { trigger, text: JSON.stringify(isSingle ? { single } : { periodical }) }
}

function readSingle({ time }: Members, zoneMinutes: number): Trigger {
  return { kind: 'single', at: readTime(time, 'single.time', zoneMinutes) }
}

function readPeriodical(members: Members, zoneMinutes: number): Trigger {
  const { start, end, time, time_unit, frequency, point } = members
  const unit = units.find(name => typeof time_unit === 'string' && name === time_unit.toLowerCase())
  const timeOfDayMs = typeof time === 'string' ? parseTimeOfDay(time) : undefined
  const isFrequency = Number.isInteger(frequency) && Number(frequency) >= 1
  if (timeOfDayMs === undefined) return invalid('periodical.time must be a time such as 08:30:00')
  if (!unit) return invalid('periodical.time_unit must be day, week or month')
  if (!isFrequency || Number(frequency) > scheduleFrequencyMax)
    return invalid(`periodical.frequency must be a whole number from 1 to ${scheduleFrequencyMax}`)
  return {
    kind: 'periodical',
    startAt: readTime(start, 'periodical.start', zoneMinutes),
    endAt: readTime(end, 'periodical.end', zoneMinutes),
    timeOfDayMs,
    unit,
    frequency: Number(frequency),
    days: readPoint(point, unit),
  }
}

/** Ruby sends null, PHP an empty list, where days take none. */
function readPoint(value: unknown, unit: (typeof units)[number]): number[] {
  const points = value ?? []
  if (!Array.isArray(points)) return invalid('periodical.point must be a list')
  if (unit === 'day')
    return points.length === 0 ? [] : invalid('periodical.point does not go with the unit day')
  if (points.length === 0) return invalid('periodical.point is missing')
  const days = points.map(point => (unit === 'week' ? weekdayOf(point) : dayOfMonth(point)))
  return [...new Set(days)].sort((a, b) => a - b)
}

function weekdayOf(point: unknown): number {
  const day = typeof point === 'string' ? weekdays.indexOf(point.toUpperCase()) : -1
  return day === -1 ? invalid(`periodical.point must hold some of ${weekdays.join(', ')}`) : day
}

function dayOfMonth(point: unknown): number {
  const isDay = typeof point === 'string' && /^(?:0[1-9]|[12]\d|3[01])$/.test(point)
  return isDay ? Number(point) : invalid('periodical.point must hold days from "01" to "31"')
}

function readTime(value: unknown, name: string, zoneMinutes: number): number {
  const at = typeof value === 'string' ? parseTime(value, zoneMinutes) : undefined
  return at ?? invalid(`${name} must be a time such as 2026-01-05 08:30:00`)
}

/** Checked as a push is, but for its audience: that is looked up when the time comes. Its cid means nothing here. */
export function readPushSection(value: unknown, appKey: string): WrittenPush {
  const { cid: _, ...push } = objectOf(value, 'push')
  try {
    return { request: readPush(push, appKey, 'either').request, text: JSON.stringify(value) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { message } = JSON.parse(renderJpush(error, { family: 'push' }).body).error
    return invalid(`push section is invalid: ${message}`)
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

function objectOf(value: unknown, name: string): Members {
  return isJsonObject(value) ? value : invalid(`${name} section is invalid`)
}

function invalid(reason: string): never {
  throw new Refusal('schedule_invalid', { reason })
}
