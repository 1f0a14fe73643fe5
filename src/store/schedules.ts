import type { Sql } from './db.ts'

export interface ScheduleRow {
  readonly scheduleId: string
  readonly appId: number
  /** In the order of creation. */
  readonly number: number
  readonly name: string
  readonly enabled: number
  /** JSON: Trigger (lib/run-times.ts). */
  readonly triggerRule: string
  /** JSON: PushRequest. */
  readonly request: string
  /** JSON: both as the caller wrote them. */
  readonly shownTrigger: string
  readonly shownPush: string
  /** Epoch ms; null = nothing is due: no run is left, or it is disabled. */
  readonly nextRunAt: number | null
  /** Epoch ms: no run is later. */
  readonly endsAt: number
}

const columns = `schedule_id AS "scheduleId", app_id AS "appId", number, name, enabled,
  trigger_rule AS "triggerRule", request, shown_trigger AS "shownTrigger", shown_push AS "shownPush",
  next_run_at AS "nextRunAt", ends_at AS "endsAt"`

export async function insertSchedule(sql: Sql, row: ScheduleRow): Promise<void> {
  await sql.run(
    `INSERT INTO schedules (schedule_id, app_id, number, name, enabled, trigger_rule, request, shown_trigger,
       shown_push, next_run_at, ends_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    row.scheduleId,
    row.appId,
    row.number,
    row.name,
    row.enabled,
    row.triggerRule,
    row.request,
    row.shownTrigger,
    row.shownPush,
    row.nextRunAt,
    row.endsAt,
  )
}

export async function updateSchedule(sql: Sql, row: ScheduleRow): Promise<void> {
  await sql.run(
    `UPDATE schedules SET name = $1, enabled = $2, trigger_rule = $3, request = $4, shown_trigger = $5,
       shown_push = $6, next_run_at = $7, ends_at = $8 WHERE schedule_id = $9`,
    row.name,
    row.enabled,
    row.triggerRule,
    row.request,
    row.shownTrigger,
    row.shownPush,
    row.nextRunAt,
    row.endsAt,
    row.scheduleId,
  )
}

export async function setNextRun(sql: Sql, scheduleId: string, nextRunAt: number | null): Promise<void> {
  await sql.run('UPDATE schedules SET next_run_at = $1 WHERE schedule_id = $2', nextRunAt, scheduleId)
}

export function findSchedule(sql: Sql, scheduleId: string): Promise<ScheduleRow | undefined> {
  return sql.one<ScheduleRow>(`SELECT ${columns} FROM schedules WHERE schedule_id = $1`, scheduleId)
}

/** Has a run left, or its time is not over: the others are at term. */
const isLive = '(next_run_at IS NOT NULL OR ends_at > $2)'

/** In the order of creation. */
export function listSchedules(
  sql: Sql,
  appId: number,
  now: number,
  offset: number,
  limit: number,
): Promise<ScheduleRow[]> {
  return sql.all<ScheduleRow>(
    `SELECT ${columns} FROM schedules WHERE app_id = $1 AND ${isLive} ORDER BY number LIMIT $3 OFFSET $4`,
    appId,
    now,
    limit,
    offset,
  )
}

export async function countSchedules(sql: Sql, appId: number, now: number): Promise<number> {
  const row = await sql.one<{ count: number }>(
    `SELECT COUNT(*) AS count FROM schedules WHERE app_id = $1 AND ${isLive}`,
    appId,
    now,
  )
  return row!.count
}

/** What is due, the longest first. */
export async function listDueSchedules(sql: Sql, now: number, limit: number): Promise<string[]> {
  const rows = await sql.all<{ scheduleId: string }>(
    `SELECT schedule_id AS "scheduleId" FROM schedules WHERE next_run_at <= $1 ORDER BY next_run_at LIMIT $2`,
    now,
    limit,
  )
  return rows.map(({ scheduleId }) => scheduleId)
}

/** With its runs. */
export async function deleteSchedule(sql: Sql, scheduleId: string): Promise<number> {
  const runs = await sql.run('DELETE FROM schedule_runs WHERE schedule_id = $1', scheduleId)
  return runs + (await sql.run('DELETE FROM schedules WHERE schedule_id = $1', scheduleId))
}

/** Schedules that ended before the moment (epoch ms), with their runs. @returns how many rows */
export async function deleteEndedSchedules(sql: Sql, before: number, limit: number): Promise<number> {
  const ended = await sql.all<{ scheduleId: string }>(
    `SELECT schedule_id AS "scheduleId" FROM schedules
     WHERE ends_at < $1 AND next_run_at IS NULL ORDER BY ends_at LIMIT $2`,
    before,
    limit,
  )
  for (const { scheduleId } of ended) await deleteSchedule(sql, scheduleId)
  return ended.length
}

/** @returns how many rows */
export async function deleteSchedulesOfApp(sql: Sql, appId: number, limit: number): Promise<number> {
  const rows = await sql.all<{ scheduleId: string }>(
    'SELECT schedule_id AS "scheduleId" FROM schedules WHERE app_id = $1 LIMIT $2',
    appId,
    limit,
  )
  let deleted = 0
  for (const { scheduleId } of rows) {
    if (deleted >= limit) break
    deleted += await deleteSchedule(sql, scheduleId)
  }
  return deleted
}

export interface RunRow {
  /** Epoch ms. */
  readonly runAt: number
  /** null = the run did not get as far as an id. */
  readonly msgId: number | null
  /** JSON: what it was refused with; null = it was accepted. */
  readonly refusal: string | null
}

/** Keeps the newest `most` runs of the schedule. */
export async function insertRun(sql: Sql, scheduleId: string, run: RunRow, most: number): Promise<void> {
  await sql.run(
    'INSERT INTO schedule_runs (schedule_id, run_at, msg_id, refusal) VALUES ($1, $2, $3, $4)',
    scheduleId,
    run.runAt,
    run.msgId,
    run.refusal,
  )
  await sql.run(
    `DELETE FROM schedule_runs WHERE schedule_id = $1 AND run_at <=
       (SELECT run_at FROM schedule_runs WHERE schedule_id = $1 ORDER BY run_at DESC LIMIT 1 OFFSET $2)`,
    scheduleId,
    most,
  )
}

/** The oldest first. */
export function listRuns(sql: Sql, scheduleId: string): Promise<RunRow[]> {
  return sql.all<RunRow>(
    `SELECT run_at AS "runAt", msg_id AS "msgId", refusal FROM schedule_runs
     WHERE schedule_id = $1 ORDER BY run_at`,
    scheduleId,
  )
}
