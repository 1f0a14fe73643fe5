// Schedules: pushes that are accepted when their time comes, as if the app had sent them then.
import { randomUUID } from 'node:crypto'
import { jpushLimits } from '../contract/limits.ts'
import type {
  ScheduledRun,
  ScheduleOperations,
  ShownSchedule,
  Trigger,
} from '../contract/operations/schedules.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import {
  countSchedules,
  deleteSchedule,
  findSchedule,
  insertSchedule,
  listRuns,
  listSchedules,
  type RunRow,
  type ScheduleRow,
  updateSchedule,
} from '../store/schedules.ts'
import { nextInSequence } from '../store/sequences.ts'
import type { Call } from './call.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { nextRun } from './run-times.ts'

const { schedulesPageSize, schedulesMax, schedulesMaxVip, scheduleMsMax } = jpushLimits

export const scheduleHandlers: Handlers<keyof ScheduleOperations> = {
  'schedule.create': writes(async (call, { name, trigger, push }, sql) => {
    const nextRunAt = checkTrigger(call, trigger.trigger)
    const { audience } = push.request
    if (audience !== 'all' && audience.file !== undefined) call.spendOnce(() => spendFileCall(call))
    const most = call.app.settings.vip ? schedulesMaxVip : schedulesMax
    if ((await countSchedules(sql, call.app.appId, call.now)) >= most)
      refuse(`there are ${most} tasks already`)
    const scheduleId = randomUUID()
    await insertSchedule(sql, {
      scheduleId,
      appId: call.app.appId,
      number: await nextInSequence(sql, 'schedules'),
      name,
      enabled: 1,
      triggerRule: JSON.stringify(trigger.trigger),
      request: JSON.stringify(push.request),
      shownTrigger: trigger.text,
      shownPush: push.text,
      nextRunAt,
      endsAt: endOf(trigger.trigger),
    })
    return { scheduleId }
  }),

  'schedule.list': reads(async (call, { page }, sql) => {
    const { appId } = call.app
    const offset = (page - 1) * schedulesPageSize
    const rows = await listSchedules(sql, appId, call.now, offset, schedulesPageSize)
    return { total: await countSchedules(sql, appId, call.now), schedules: rows.map(show) }
  }),

  'schedule.get': reads(async (call, { scheduleId }, sql) => {
    const row = await getSchedule(call, sql, scheduleId)
    if (isAtTerm(row, call.now)) throw new Refusal('schedule_unknown')
    return show(row)
  }),

  'schedule.runs': reads(async (call, { scheduleId }, sql) => {
    const { scheduleId: id } = await getSchedule(call, sql, scheduleId)
    return { runs: (await listRuns(sql, id)).map(showRun) }
  }),

  'schedule.change': writes(async (call, { scheduleId, ...changes }, sql) => {
    const before = await getSchedule(call, sql, scheduleId)
    if (isAtTerm(before, call.now)) refuse('has been at term')
    const after = change(call, before, changes)
    await updateSchedule(sql, after)
    return show(after)
  }),

  'schedule.delete': writes(async (call, { scheduleId }, sql) => {
    const row = await getSchedule(call, sql, scheduleId)
    if (isAtTerm(row, call.now)) throw new Refusal('schedule_unknown')
    await deleteSchedule(sql, row.scheduleId)
    return {}
  }),
}

/** A schedule to a file counts among the calls about files as well (jpush.md §1.8). */
function spendFileCall({ app, world }: Call): void {
  const { settings, appId } = app
  const { isExceeded, resetMs } = world.quotas.spend(`${appId} file`, settings.limits.file_per_minute)
  if (isExceeded) throw new Refusal('rate_limited', {}, { retryAfterMs: resetMs })
}

type Changes = Omit<ScheduleOperations['schedule.change']['args'], 'scheduleId'>

function change(call: Call, before: ScheduleRow, { name, isEnabled, trigger, push }: Changes): ScheduleRow {
  const was = JSON.parse(before.triggerRule) as Trigger
  if (trigger && trigger.trigger.kind !== was.kind) refuse('single and periodical cannot be exchanged')
  const rule = trigger?.trigger ?? was
  const firstRunAt = trigger ? checkTrigger(call, rule) : nextRun(rule, call.now, zoneOf(call))
  const enabled = isEnabled ?? before.enabled === 1
  // What is due already is left to its run: a change of the push alone does not put it off.
  const isUntouched = !trigger && enabled && before.nextRunAt !== null
  return {
    ...before,
    ...(name !== undefined && { name }),
    enabled: enabled ? 1 : 0,
    ...(trigger && {
      triggerRule: JSON.stringify(rule),
      shownTrigger: trigger.text,
      endsAt: endOf(rule),
    }),
    ...(push && { request: JSON.stringify(push.request), shownPush: push.text }),
    nextRunAt: enabled ? (isUntouched ? before.nextRunAt : (firstRunAt ?? null)) : null,
  }
}

/** @returns its first run from now on @throws Refusal `schedule_invalid` */
function checkTrigger(call: Call, trigger: Trigger): number {
  const { now } = call
  if (trigger.kind === 'single') {
    if (trigger.at <= now) refuse('expired')
    if (trigger.at - now > scheduleMsMax) refuse('time is more than a year ahead')
    return trigger.at
  }
  if (trigger.endAt <= now || trigger.endAt < trigger.startAt) refuse('expired')
  if (trigger.endAt - trigger.startAt > scheduleMsMax) refuse('it lasts longer than a year')
  return nextRun(trigger, now, zoneOf(call)) ?? refuse('it has no run before its end')
}

function endOf(trigger: Trigger): number {
  return trigger.kind === 'single' ? trigger.at : trigger.endAt
}

function zoneOf({ world }: Call): number {
  return world.config.core.timeZoneMinutes
}

/** A run that is due and not yet made keeps a schedule alive past its end. */
function isAtTerm({ nextRunAt, endsAt }: ScheduleRow, now: number): boolean {
  return nextRunAt === null && endsAt <= now
}

async function getSchedule(call: Call, sql: Sql, scheduleId: string): Promise<ScheduleRow> {
  const row = await findSchedule(sql, scheduleId.toLowerCase())
  if (row?.appId !== call.app.appId) throw new Refusal('schedule_unknown')
  return row
}

function refuse(reason: string): never {
  throw new Refusal('schedule_invalid', { reason })
}

function show(row: ScheduleRow): ShownSchedule {
  return {
    scheduleId: row.scheduleId,
    name: row.name,
    isEnabled: row.enabled === 1,
    trigger: row.shownTrigger,
    push: row.shownPush,
  }
}

function showRun({ runAt, msgId, refusal }: RunRow): ScheduledRun {
  return {
    at: runAt,
    msgId: msgId === null ? '' : String(msgId),
    ...(refusal && { refusal: JSON.parse(refusal) }),
  }
}
