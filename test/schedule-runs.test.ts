// Runs of schedules on a clock of the test's own: each once, whatever happens in between.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import type { Caller } from '../src/contract/operations/caller.ts'
import type { Platform, PushRequest } from '../src/contract/operations/pushes.ts'
import type { Trigger } from '../src/contract/operations/schedules.ts'
import { Refusal } from '../src/contract/refusal.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { CoreClient, secretOf } from './core-client.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A Monday, midnight of the server's zone. */
const monday = Date.UTC(2026, 0, 4, 16)

interface Stage {
  readonly core: CoreClient
  readonly clock: ManualClock
  readonly dataDir: string
  readonly app: Caller
  readonly schedule: (trigger: Trigger, alias?: string) => Promise<string>
  readonly runs: (scheduleId: string) => Promise<(string | undefined)[]>
  /** What is in the log of pushes. */
  readonly pushes: () => number
}

async function makeStage(t: TestContext): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-schedules-'))
  const clock = new ManualClock(monday)
  const core = new CoreClient(dataDir, clock)
  await core.start()
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const credentials = await core.makeApp('schedules')
  const app = secretOf(credentials)
  const device = { platform: 'android', alias: 'ann' } as const
  await core.call('registration.create', device, { as: 'app_key', key: credentials.app_key, ip: '' })
  return {
    core,
    clock,
    dataDir,
    app,
    schedule: async (trigger, alias = 'ann') => {
      const push = { request: pushTo(alias), text: '{"push":1}' }
      const args = { name: 'digest', trigger: { trigger, text: '{"trigger":1}' }, push }
      return (await core.call('schedule.create', args, app)).scheduleId
    },
    runs: async scheduleId => {
      const { runs } = await core.call('schedule.runs', { scheduleId }, app)
      return runs.map(({ refusal }) => refusal?.id)
    },
    pushes: () => {
      const database = new DatabaseSync(join(dataDir, 'posthouse.db'), { readOnly: true })
      const { count } = database.prepare('SELECT COUNT(*) AS count FROM pushes').get()!
      database.close()
      return Number(count)
    },
  }
}

function pushTo(alias: string): PushRequest {
  return {
    sendno: '0',
    platforms: ['android'] as Platform[],
    audience: { alias: [alias] },
    contents: { notification: { android: '{"alert":"hi"}' }, kept: '{}' },
    timeToLiveSeconds: 86_400,
    hasActivePushConflict: false,
  }
}

function daily(): Trigger {
  return {
    kind: 'periodical',
    startAt: monday,
    endAt: monday + 7 * dayMs - 1,
    timeOfDayMs: 9 * hourMs,
    unit: 'day',
    frequency: 1,
    days: [],
  }
}

const isRefusal = (id: string) => (error: unknown) => error instanceof Refusal && error.id === id

test('a single run happens at its time, once, and the schedule is at term', async t => {
  const { core, clock, app, schedule, runs, pushes } = await makeStage(t)
  const scheduleId = await schedule({ kind: 'single', at: monday + hourMs })
  clock.advance(hourMs - 1)
  await core.runJob('run_schedules')
  assert.deepEqual([await runs(scheduleId), pushes()], [[], 0])
  clock.advance(1)
  await core.runJob('run_schedules')
  await core.runJob('run_schedules')
  assert.deepEqual([await runs(scheduleId), pushes()], [[undefined], 1])
  await assert.rejects(core.call('schedule.get', { scheduleId }, app), isRefusal('schedule_unknown'))
  assert.equal((await core.call('schedule.list', { page: 1 }, app)).total, 0)
  await assert.rejects(
    core.call('schedule.change', { scheduleId, name: 'late' }, app),
    isRefusal('schedule_invalid'),
  )
})

test('the runs of a week happen once each, across restarts of the core', async t => {
  const { core, clock, schedule, runs, pushes } = await makeStage(t)
  const scheduleId = await schedule(daily())
  for (let hour = 0; hour < 8 * 24; hour++) {
    clock.advance(hourMs)
    if (hour % 5 === 0) {
      await core.stop()
      await core.start()
    }
    await core.runJob('run_schedules')
  }
  assert.deepEqual(await runs(scheduleId), Array(7).fill(undefined))
  assert.equal(pushes(), 7)
})

test('of runs that were missed, the last is made up for within an hour, and noted as missed after that', async t => {
  const { core, clock, schedule, runs, pushes } = await makeStage(t)
  const scheduleId = await schedule(daily())
  await core.stop()
  clock.advance(2 * dayMs + 10 * hourMs)
  await core.start()
  await core.runJob('run_schedules')
  assert.deepEqual([await runs(scheduleId), pushes()], [[undefined], 1])
  await core.stop()
  clock.advance(dayMs + 1)
  await core.start()
  await core.runJob('run_schedules')
  assert.deepEqual([await runs(scheduleId), pushes()], [[undefined, 'core_deadline_passed'], 1])
  clock.advance(dayMs - hourMs)
  await core.runJob('run_schedules')
  assert.deepEqual([await runs(scheduleId), pushes()], [[undefined, 'core_deadline_passed', undefined], 2])
})

test('a run whose push is refused notes why, and the next one comes', async t => {
  const { core, clock, app, schedule, runs, pushes } = await makeStage(t)
  const scheduleId = await schedule(daily(), 'bob')
  clock.advance(9 * hourMs)
  await core.runJob('run_schedules')
  assert.deepEqual([await runs(scheduleId), pushes()], [['audience_empty'], 0])
  await core.call('schedule.change', { scheduleId, push: { request: pushTo('ann'), text: '{}' } }, app)
  clock.advance(dayMs)
  await core.runJob('run_schedules')
  assert.deepEqual([await runs(scheduleId), pushes()], [['audience_empty', undefined], 1])
})

test('a disabled schedule does not run, and goes on from the moment it is enabled', async t => {
  const { core, clock, app, schedule, runs } = await makeStage(t)
  const scheduleId = await schedule(daily())
  await core.call('schedule.change', { scheduleId, isEnabled: false }, app)
  clock.advance(3 * dayMs)
  await core.runJob('run_schedules')
  assert.deepEqual(await runs(scheduleId), [])
  assert.equal((await core.call('schedule.get', { scheduleId }, app)).isEnabled, false)
  await core.call('schedule.change', { scheduleId, isEnabled: true }, app)
  await core.runJob('run_schedules')
  assert.deepEqual(await runs(scheduleId), [])
  clock.advance(9 * hourMs)
  await core.runJob('run_schedules')
  assert.deepEqual(await runs(scheduleId), [undefined])
})

test('a change of the trigger counts from now on; single and periodical do not change places', async t => {
  const { core, clock, app, schedule, runs } = await makeStage(t)
  const scheduleId = await schedule(daily())
  const change = (trigger: Trigger) =>
    core.call('schedule.change', { scheduleId, trigger: { trigger, text: '{}' } }, app)
  await change({ ...daily(), timeOfDayMs: 20 * hourMs } as Trigger)
  clock.advance(19 * hourMs)
  await core.runJob('run_schedules')
  assert.deepEqual(await runs(scheduleId), [])
  clock.advance(hourMs)
  await core.runJob('run_schedules')
  assert.deepEqual(await runs(scheduleId), [undefined])
  await assert.rejects(change({ kind: 'single', at: clock.now() + hourMs }), isRefusal('schedule_invalid'))
})

test('a schedule that is deleted, or whose app is, runs no more and leaves nothing', async t => {
  const { core, clock, dataDir, app, schedule } = await makeStage(t)
  const deleted = await schedule(daily())
  await schedule(daily())
  clock.advance(9 * hourMs)
  await core.runJob('run_schedules')
  await core.call('schedule.delete', { scheduleId: deleted }, app)
  await core.call('app.delete', { org: 'test', app: 'schedules' })
  clock.advance(dayMs)
  await core.runJob('run_schedules')
  await core.runJob('forget')
  const database = new DatabaseSync(join(dataDir, 'posthouse.db'), { readOnly: true })
  for (const table of ['schedules', 'schedule_runs', 'pushes'])
    assert.equal(database.prepare(`SELECT COUNT(*) AS count FROM ${table}`).get()!.count, 0, table)
  database.close()
})

test('an app has so many schedules and no more; those at term do not count, and go after a while', async t => {
  const { core, clock, dataDir, app, schedule } = await makeStage(t)
  await core.call('app.change', { org: 'test', app: 'schedules', settings: { vip: false } })
  for (let count = 0; count < 100; count++) await schedule({ kind: 'single', at: monday + hourMs })
  await assert.rejects(schedule(daily()), isRefusal('schedule_invalid'))
  clock.advance(hourMs)
  await core.runJob('run_schedules')
  const { total } = await core.call('schedule.list', { page: 1 }, app)
  assert.equal(total, 0)
  await schedule(daily())
  clock.advance(31 * dayMs)
  await core.runJob('run_schedules')
  await core.runJob('forget_schedules')
  const database = new DatabaseSync(join(dataDir, 'posthouse.db'), { readOnly: true })
  assert.equal(database.prepare('SELECT COUNT(*) AS count FROM schedules').get()!.count, 1)
  database.close()
})
