// One run of a schedule: its push is accepted, the run noted and the next one set in one transaction, so that each run
// happens once, whatever happens in between.
import type { PushRequest } from '../contract/operations/pushes.ts'
import type { Trigger } from '../contract/operations/schedules.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { findSchedule, insertRun, type RunRow, type ScheduleRow, setNextRun } from '../store/schedules.ts'
import { acceptPush } from './accept-push.ts'
import { Call } from './call.ts'
import { nextRun } from './run-times.ts'
import type { World } from './world.ts'

type Outcome = Omit<RunRow, 'runAt'>

/** Does nothing when the schedule is due no longer: it may have been changed or deleted in the meantime. */
export async function runSchedule(world: World, scheduleId: string): Promise<void> {
  let committed: (() => void) | undefined
  try {
    await world.db.write(async sql => {
      const due = await findDue(world, sql, scheduleId)
      const call = due && callOf(world, due)
      committed = call && (() => call.committed())
      if (due) await settle(world, sql, due, call ? await run(call, sql, due) : undefined)
    })
  } catch (error) {
    if (error instanceof Refusal && error.id === 'store_unavailable') throw error
    world.log.error({ err: error, schedule: scheduleId }, 'a scheduled push failed')
    return world.db.write(async sql => {
      const due = await findDue(world, sql, scheduleId)
      if (due) await settle(world, sql, due, outcomeOf(new Refusal('internal')))
    })
  }
  committed?.()
}

interface Due {
  readonly row: ScheduleRow
  readonly trigger: Trigger
  readonly now: number
  /** Of the runs that are due, the last: those before it were missed. */
  readonly dueAt: number
  readonly nextRunAt: number | undefined
}

async function findDue(world: World, sql: Sql, scheduleId: string): Promise<Due | undefined> {
  const row = await findSchedule(sql, scheduleId)
  const now = world.clock.now()
  if (!row || row.nextRunAt === null || row.nextRunAt > now) return undefined
  const trigger = JSON.parse(row.triggerRule) as Trigger
  const zone = world.config.core.timeZoneMinutes
  let dueAt = row.nextRunAt
  let nextRunAt = nextRun(trigger, dueAt + 1, zone)
  while (nextRunAt !== undefined && nextRunAt <= now) {
    dueAt = nextRunAt
    nextRunAt = nextRun(trigger, dueAt + 1, zone)
  }
  return { row, trigger, now, dueAt, nextRunAt }
}

function callOf(world: World, { row }: Due): Call | undefined {
  const app = world.apps.findById(row.appId)
  return app && new Call(world, { app, principal: { is: 'app' }, facts: {} }, `schedule ${row.scheduleId}`)
}

async function run(call: Call, sql: Sql, { row, now, dueAt }: Due): Promise<Outcome> {
  // Whoever has been away too long does not wake people for what was meant for the morning.
  if (now - dueAt > call.world.config.core.schedules.lateMsMax)
    return outcomeOf(new Refusal('core_deadline_passed'))
  if (call.app.settings.blacklisted) return outcomeOf(new Refusal('app_blacklisted'))
  try {
    const msgId = await acceptPush(call, sql, JSON.parse(row.request) as PushRequest)
    return { msgId, refusal: null }
  } catch (error) {
    if (error instanceof Refusal && error.cause === undefined) return outcomeOf(error)
    throw error
  }
}

function outcomeOf({ id, params, facts }: Refusal): Outcome {
  return {
    msgId: facts.msgId === undefined ? null : Number(facts.msgId),
    refusal: JSON.stringify({ id, params }),
  }
}

async function settle(
  world: World,
  sql: Sql,
  { row, now, nextRunAt }: Due,
  outcome: Outcome | undefined,
): Promise<void> {
  const { runsKeptMax } = world.config.core.schedules
  if (outcome) await insertRun(sql, row.scheduleId, { runAt: now, ...outcome }, runsKeptMax)
  await setNextRun(sql, row.scheduleId, outcome && nextRunAt !== undefined ? nextRunAt : null)
}
