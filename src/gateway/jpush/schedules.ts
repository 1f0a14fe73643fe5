// Pushes at set times (jpush.md §3.4).
import { Type } from 'typebox'
import type { Advice } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { jpushLimits } from '../../contract/limits.ts'
import { isCid, isUuid } from '../../contract/names.ts'
import type { ScheduledRun, ShownSchedule } from '../../contract/operations/schedules.ts'
import { Refusal } from '../../contract/refusal.ts'
import { renderJpush } from '../../contract/render.ts'
import { parseOwnJson } from '../http/json.ts'
import { fingerprintOf } from '../idempotency-key.ts'
import type { JpushCall, JpushRoute } from './route.ts'
import { readEnabled, readName, readPushSection, readTrigger } from './schedule-sections.ts'

const { schedulesPageSize } = jpushLimits
const byId = '/v3/schedules/:schedule_id'

const schema = Type.Object({
  cid: Type.Optional(Type.String()),
  name: Type.String(),
  enabled: Type.Boolean(),
  trigger: Type.Object({}),
  push: Type.Object({}),
})

export const scheduleRoutes: readonly JpushRoute[] = [
  {
    method: 'POST',
    path: '/v3/schedules',
    summary: 'Make a schedule: a push at a set time, or at many',
    family: 'schedule',
    quota: 'schedule',
    body: 'json',
    schema,
    raises: ['schedule_invalid'],
    handle: async call => {
      const { name, enabled, trigger, push } = call.body
      if (readEnabled(enabled) !== true) invalid('enabled must be true')
      const args = {
        name: readName(name),
        trigger: readTrigger(trigger, call.timeZoneMinutes),
        push: readPushSection(push, call.appKey),
      }
      const { scheduleId } = await call.run('schedule.create', args, keyOf(call))
      return { schedule_id: scheduleId, name: args.name }
    },
  },
  {
    method: 'GET',
    path: '/v3/schedules',
    summary: `The schedules that are not at term: page, of ${schedulesPageSize} each`,
    family: 'schedule',
    quota: 'schedule',
    raises: ['schedule_invalid'],
    handle: async call => {
      const page = readPage(call)
      const { total, schedules } = await call.run('schedule.list', { page })
      return {
        total_count: total,
        total_pages: Math.ceil(total / schedulesPageSize),
        page,
        schedules: schedules.map(schedule => ({ schedule_id: schedule.scheduleId, ...sectionsOf(schedule) })),
      }
    },
  },
  {
    method: 'GET',
    path: byId,
    summary: 'A schedule',
    family: 'schedule',
    quota: 'schedule',
    raises: ['schedule_unknown'],
    handle: async call => {
      const schedule = await call.run('schedule.get', { scheduleId: readId(call) })
      return { schedule_id: schedule.scheduleId, ...sectionsOf(schedule) }
    },
  },
  {
    method: 'GET',
    path: `${byId}/msg_ids`,
    summary: 'What became of the runs of a schedule',
    family: 'schedule',
    quota: 'schedule',
    raises: ['schedule_unknown'],
    handle: async call => {
      const { runs } = await call.run('schedule.runs', { scheduleId: readId(call) })
      return { count: runs.length, msgids: runs.map(run => JSON.stringify(toRun(run))) }
    },
  },
  {
    method: 'PUT',
    path: byId,
    summary:
      'Change a schedule: each of name, enabled, trigger, push that is given takes the place of what was',
    family: 'schedule',
    quota: 'schedule',
    body: 'json',
    schema: Type.Partial(schema),
    raises: ['schedule_unknown', 'schedule_invalid'],
    handle: async call => {
      const scheduleId = readId(call)
      const { name, enabled, trigger, push } = call.body
      if ([name, enabled, trigger, push].every(isAbsent)) invalid('schedule request is not exist')
      return sectionsOf(
        await call.run('schedule.change', {
          scheduleId,
          ...(!isAbsent(name) && { name: readName(name) }),
          ...(!isAbsent(enabled) && { isEnabled: readEnabled(enabled) }),
          ...(!isAbsent(trigger) && { trigger: readTrigger(trigger, call.timeZoneMinutes) }),
          ...(!isAbsent(push) && { push: readPushSection(push, call.appKey) }),
        }),
      )
    },
  },
  {
    method: 'DELETE',
    path: byId,
    summary: 'Delete a schedule',
    family: 'schedule',
    quota: 'schedule',
    raises: ['schedule_unknown'],
    handle: call => call.run('schedule.delete', { scheduleId: readId(call) }),
  },
]

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

/** @throws Refusal `schedule_unknown`: what is no uuid names nothing */
function readId({ params }: JpushCall): string {
  const { schedule_id = '' } = params
  if (!isUuid(schedule_id)) throw new Refusal('schedule_unknown')
  return schedule_id
}

function readPage(call: JpushCall): number {
  const page = call.query('page') || '1'
  if (!/^\d{1,9}$/.test(page) || Number(page) < 1) invalid('page must be a number from 1')
  return Number(page)
}

/** As for pushes: a repeat gets the first result, whatever else it says (jpush.md §3.1.3). */
function keyOf({ body, appKey }: JpushCall) {
  const { cid, ...rest } = body
  if (isAbsent(cid)) return undefined
  if (!isCid(cid, appKey)) return invalid('cid is not valid')
  const fingerprint = fingerprintOf(rest)
  return { scope: 'jpush schedule cid', value: cid, fingerprint, onMismatch: 'first_result' } as const
}

function sectionsOf({ name, isEnabled, trigger, push }: ShownSchedule): object {
  return { name, enabled: isEnabled, trigger: JSON.parse(trigger), push: parseOwnJson(push) }
}

/** What may go by itself. */
const passing: ReadonlySet<Advice> = new Set(['after', 'same-key'])

function toRun({ at, msgId, refusal }: ScheduledRun): object {
  const error = refusal
    ? JSON.parse(renderJpush({ ...refusal, facts: {} }, { family: 'push' }).body).error
    : { code: 0, message: '' }
  const needRetry = refusal !== undefined && passing.has(failures[refusal.id].advice)
  return { msg_id: msgId, error, needRetry, ts: at }
}

function invalid(reason: string): never {
  throw new Refusal('schedule_invalid', { reason })
}
