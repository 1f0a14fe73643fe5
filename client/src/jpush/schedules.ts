// Scheduled pushes: jpush.md §3.4. Times are in the server's zone, UTC+08:00 at JPush.
import type { CallOptions } from '../caller.ts'
import type { JpushCall, JpushClient } from './client.ts'
import type { Push } from './push-object.ts'

/** When a schedule runs: once, or again and again. */
export type Trigger =
  | { readonly single: { readonly time: string } }
  | {
      readonly periodical: {
        /** `YYYY-MM-DD HH:MM:SS`; at most a year from start to end. */
        readonly start: string
        readonly end: string
        /** `HH:MM:SS`. */
        readonly time: string
        readonly time_unit: 'day' | 'week' | 'month' | 'DAY' | 'WEEK' | 'MONTH'
        /** 1–100: every so many units. */
        readonly frequency: number
        /** `MON` … `SUN` of a week, `01` … `31` of a month; none of a day. */
        readonly point?: readonly string[]
      }
    }

/** A schedule as it is kept. */
export interface Schedule {
  readonly schedule_id: string
  readonly name: string
  readonly enabled: boolean
  readonly trigger: Trigger
  readonly push: Omit<Push, 'cid'>
}

function of(method: string, template: string, rest: Omit<JpushCall, 'method' | 'template'> = {}): JpushCall {
  return { method, template, quota: 'schedule', ...rest }
}

const one = '/v3/schedules/:schedule_id'

/** A push to send later. */
export interface NewSchedule extends CallOptions {
  /** 1–255 bytes: Chinese, letters, digits, `_`. */
  readonly name: string
  readonly trigger: Trigger
  readonly push: Omit<Push, 'cid'>
  /** Absent: taken from the client's pool. */
  readonly cid?: string
}

/** Under a cid: however often the call is repeated on the way, there is one schedule. @returns its schedule_id */
export async function createSchedule(
  client: JpushClient,
  { name, trigger, push, cid, ...options }: NewSchedule,
): Promise<string> {
  const key = cid ?? (await client.cids.schedule.take())[0]!.cid
  const body = { cid: key, name, enabled: true, trigger, push }
  const call = of('POST', '/v3/schedules', { body, repeat: 'keyed', key, expects: ['schedule_id'] })
  return (await client.request<{ readonly schedule_id: string }>(call, options)).schedule_id
}

/** Schedules, 50 a page. */
export interface SchedulePage {
  readonly total_count: number
  readonly total_pages: number
  readonly page: number
  /** 50 at most. */
  readonly schedules: readonly Schedule[]
}

/** Those that have a run to come. @param request `page` from 1 */
export function listSchedules(
  client: JpushClient,
  { page, ...options }: CallOptions & { readonly page?: number } = {},
): Promise<SchedulePage> {
  return client.request(of('GET', '/v3/schedules', { query: { page }, expects: ['schedules'] }), options)
}

/** Which schedule. */
export interface ScheduleRequest extends CallOptions {
  readonly scheduleId: string
}

/** @throws PosthouseError of the class `missing` where it is not there, or has had its last run */
export function getSchedule(
  client: JpushClient,
  { scheduleId, ...options }: ScheduleRequest,
): Promise<Schedule> {
  return client.request(
    of('GET', one, { params: { schedule_id: scheduleId }, expects: ['trigger'] }),
    options,
  )
}

/** One run of a schedule. */
export interface ScheduleRun {
  /** `''`: the push failed before it had one. */
  readonly msg_id: string
  /** Epoch ms. */
  readonly ts?: number
  /** Code 0: the push was accepted. */
  readonly error?: { readonly code: number; readonly message: string }
}

/** What came of a schedule's runs so far. */
export async function listScheduleRuns(
  client: JpushClient,
  { scheduleId, ...options }: ScheduleRequest,
): Promise<readonly ScheduleRun[]> {
  const params = { schedule_id: scheduleId }
  const call = of('GET', `${one}/msg_ids`, { params, expects: ['msgids'] })
  const { msgids } = await client.request<{ readonly msgids: readonly string[] }>(call, options)
  // Each is JSON within a string, or, of old, the plain id.
  return msgids.map(text => (text.startsWith('{') ? (JSON.parse(text) as ScheduleRun) : { msg_id: text }))
}

/** What is changed of a schedule; what is not named stays. */
export interface ScheduleChanges extends ScheduleRequest {
  readonly name?: string
  readonly enabled?: boolean
  /** Whole, and of the kind it was. */
  readonly trigger?: Trigger
  /** Whole. */
  readonly push?: Omit<Push, 'cid'>
}

/** Replaces what is given. */
export function updateSchedule(
  client: JpushClient,
  { scheduleId, name, enabled, trigger, push, signal }: ScheduleChanges,
): Promise<Omit<Schedule, 'schedule_id'>> {
  const body = { name, enabled, trigger, push }
  return client.request(of('PUT', one, { params: { schedule_id: scheduleId }, body }), { signal })
}

/** Answers 404 where it is not there, or has had its last run. */
export async function deleteSchedule(
  client: JpushClient,
  { scheduleId, ...options }: ScheduleRequest,
): Promise<void> {
  await client.request(of('DELETE', one, { params: { schedule_id: scheduleId } }), options)
}
