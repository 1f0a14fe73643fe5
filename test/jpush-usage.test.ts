// How devices use an app (jpush.md §3.2.6, §3.2.7): over HTTP, and over months on a clock of the test's own.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Caller } from '../src/contract/operations/caller.ts'
import { Refusal } from '../src/contract/refusal.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { type PeriodUnit, parsePeriod, startOfPeriod } from '../src/lib/periods.ts'
import { formatDate, formatTime } from '../src/lib/zone-time.ts'
import { CoreClient, secretOf } from './core-client.ts'
import { connectDevice, register } from './devices.ts'
import { basic, send } from './http-client.ts'
import { makeJpushApp } from './jpush-client.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()
const zone = 480
const hourMs = 3_600_000
const dayMs = 24 * hourMs

test('an app sees who registered, was online and active today, each device once', async t => {
  const app = await makeJpushApp(server())
  await register(server(), app)
  const device = await connectDevice(t, server(), app)
  await connectDevice(t, server(), app, { platform: 'ios' })
  await connectDevice(t, server(), app, { platform: 'web' })
  assert.ok(device)
  const today = formatDate(Date.now(), zone)
  const answer = await app.ok('GET', `/v3/users?time_unit=DAY&start=${today}&duration=2`)
  assert.deepEqual(Object.keys(answer), ['time_unit', 'start', 'duration', 'items'])
  const [first, second] = answer.items
  assert.deepEqual(first, {
    time: today,
    android: { new: 2, online: 1, active: 1 },
    ios: { new: 1, online: 1, active: 1 },
  })
  assert.deepEqual(second, { time: formatDate(Date.now() + dayMs, zone) })
  const month = today.slice(0, 7)
  const byMonth = await app.ok('GET', `/v3/users?time_unit=month&start=${month}&duration=1`)
  assert.deepEqual([byMonth.time_unit, byMonth.items], ['MONTH', [{ ...first, time: month }]])
})

test('hours end at midnight, whatever the duration', async () => {
  const app = await makeJpushApp(server())
  const start = `${formatDate(Date.now(), zone)} 04`
  const query = `time_unit=HOUR&start=${encodeURIComponent(start)}&duration=24`
  const { duration, items } = await app.ok('GET', `/v3/report/users?${query}`)
  assert.deepEqual(
    [duration, items.length, items[0].time, items.at(-1).time],
    [24, 20, start, `${start.slice(0, 10)} 23`],
  )
})

test('what is asked about must be written as its unit, and not be too long ago', async () => {
  const app = await makeJpushApp(server())
  const today = formatDate(Date.now(), zone)
  const ago = (days: number) => formatDate(Date.now() - days * dayMs, zone)
  for (const [query, code] of [
    [`time_unit=DAY&start=${today.slice(0, 7)}&duration=1`, 3004],
    [`time_unit=MONTH&start=${today}&duration=1`, 3004],
    ['time_unit=DAY&start=2026-02-30&duration=1', 3004],
    ['time_unit=DAY&duration=1', 3004],
    [`time_unit=YEAR&start=${today}&duration=1`, 3002],
    [`start=${today}&duration=1`, 3002],
    [`time_unit=DAY&start=${today}`, 3002],
    [`time_unit=DAY&start=${today}&duration=0`, 3002],
    [`time_unit=DAY&start=${today}&duration=61`, 3002],
    [`time_unit=MONTH&start=${today.slice(0, 7)}&duration=3`, 3002],
    [`time_unit=DAY&start=${ago(62)}&duration=1`, 3005],
    ['time_unit=DAY&start=2016-01-01&duration=60', 3005],
  ] as const) {
    const { status, json } = await app.call('GET', `/v3/users?${query}`)
    assert.deepEqual([status, json.error?.code], [400, code], query)
  }
  await app.ok('GET', `/v3/users?time_unit=DAY&start=${ago(59)}&duration=60`)
  const poor = await makeJpushApp(server(), { vip: false })
  const refused = await poor.call('GET', `/v3/users?time_unit=DAY&start=${today}&duration=1`)
  assert.deepEqual([refused.status, refused.json.error.code], [403, 2003])
})

test('a group sees its apps together, for a month', async () => {
  const org = 'used'
  const names = ['one', 'two']
  for (const name of names) {
    const app = await server().admin('POST', '/apps', { org, app: name })
    await register(server(), app)
  }
  const group = await server().admin('POST', '/app-groups', { org, name: 'all', apps: names })
  const headers = { Authorization: basic(`group-${group.group_key}`, group.group_master_secret) }
  const ask = (start: string, duration: number) =>
    send(`${server().http}/v3/group/users?time_unit=DAY&start=${start}&duration=${duration}`, { headers })
  const today = formatDate(Date.now(), zone)
  const { json } = await ask(today, 1)
  assert.deepEqual(json.items, [{ time: today, android: { new: 2 } }])
  const { json: refused } = await ask(formatDate(Date.now() - 33 * dayMs, zone), 1)
  assert.equal(refused.error.code, 3005)
  assert.equal((await ask(today, 31)).json.error.code, 3002)
})

async function makeStage(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-usage-'))
  // Ten past nine in the server's zone.
  const clock = new ManualClock(Date.UTC(2026, 0, 31, 1, 10))
  const core = new CoreClient(dataDir, clock)
  await core.start()
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const credentials = await core.makeApp('usage')
  const make = async () => {
    const registering: Caller = { as: 'app_key', key: credentials.app_key, ip: '' }
    const { registrationId, password } = await core.call(
      'registration.create',
      { platform: 'android' },
      registering,
    )
    return { as: 'device', registrationId, password } as const
  }
  let lastSession = 0
  return {
    core,
    clock,
    make,
    connect: async (device: Caller) => {
      const session = `s${++lastSession}`
      const { deviceId } = await core.call('session.open', { session, appKey: credentials.app_key }, device)
      return { deviceId, session, settled: 0 }
    },
    usage: async (unit: PeriodUnit, start: string) => {
      const from = parsePeriod(unit, start, zone)!
      const until = from + 1
      const { periods } = await core.call('usage.report', { unit, from, until }, secretOf(credentials))
      assert.ok(periods.length <= 1)
      const { registered, online, active } = periods[0]?.platforms.android ?? {}
      return [registered, online, active]
    },
  }
}

test('a device counts once an hour, a day and a month, however often it connects', async t => {
  const { core, clock, make, connect, usage } = await makeStage(t)
  const device = await make()
  for (let time = 0; time < 3; time++) await core.call('session.close', { sessions: [await connect(device)] })
  assert.deepEqual(await usage('HOUR', '2026-01-31 09'), [1, 1, 1])
  clock.advance(hourMs)
  await core.call('session.close', { sessions: [await connect(device)] })
  assert.deepEqual(await usage('HOUR', '2026-01-31 10'), [0, 1, 1])
  assert.deepEqual(await usage('DAY', '2026-01-31'), [1, 1, 1])
  clock.advance(dayMs)
  await connect(device)
  assert.deepEqual(await usage('DAY', '2026-02-01'), [0, 1, 1])
  assert.deepEqual(await usage('MONTH', '2026-02'), [0, 1, 1])
  assert.deepEqual(await usage('MONTH', '2026-01'), [1, 1, 1])
})

test('a session that lasts is online in every hour, and active in its first', async t => {
  const { core, clock, make, connect, usage } = await makeStage(t)
  const [lasting, leaving] = [await make(), await make()]
  await connect(lasting)
  const session = await connect(leaving)
  await core.runJob('count_online')
  assert.deepEqual(await usage('HOUR', '2026-01-31 09'), [2, 2, 2])
  await core.call('session.close', { sessions: [session] })
  for (let hour = 10; hour < 24; hour++) {
    clock.advance(hourMs)
    await core.runJob('count_online')
    await core.runJob('count_online')
    assert.deepEqual(await usage('HOUR', `2026-01-31 ${hour}`), [0, 1, 0])
  }
  clock.advance(hourMs)
  await core.runJob('count_online')
  assert.deepEqual(await usage('DAY', '2026-02-01'), [0, 1, 0])
  assert.deepEqual(await usage('DAY', '2026-01-31'), [2, 2, 2])
  assert.deepEqual(await usage('MONTH', '2026-02'), [0, 1, 0])
})

test('counts go with their time', async t => {
  const { core, clock, make, usage } = await makeStage(t)
  await make()
  clock.advance(59 * dayMs)
  await core.runJob('purge')
  assert.deepEqual(await usage('DAY', '2026-01-31'), [1, 0, 0])
  clock.advance(50 * dayMs)
  await core.runJob('purge')
  const isTooOld = (error: unknown) => error instanceof Refusal && error.id === 'usage_too_old'
  await assert.rejects(usage('DAY', '2026-01-31'), isTooOld)
  const now = startOfPeriod('DAY', clock.now(), zone)
  assert.deepEqual(await usage('DAY', formatTime(now, zone).slice(0, 10)), [undefined, undefined, undefined])
})
