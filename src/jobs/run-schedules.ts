// Runs the schedules whose time has come, and forgets those that ended longer ago than pushes are kept.
import { runSchedule } from '../core/schedule-runs.ts'
import { deleteEndedSchedules, listDueSchedules } from '../store/schedules.ts'
import type { Job } from './runner.ts'

const perSlice = 20

export const runSchedules: Job = {
  name: 'run_schedules',
  everyMs: 1_000,
  async run(world) {
    const now = world.clock.now()
    const due = await world.db.read(sql => listDueSchedules(sql, now, perSlice))
    for (const scheduleId of due) await runSchedule(world, scheduleId)
    return due.length === perSlice
  },
}

export const forgetSchedules: Job = {
  name: 'forget_schedules',
  everyMs: 3_600_000,
  async run({ clock, config, db }) {
    const before = clock.now() - config.core.delivery.pushRetentionMs
    return (await db.write(sql => deleteEndedSchedules(sql, before, perSlice))) === perSlice
  },
}
