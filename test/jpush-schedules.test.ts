// The schedule API over HTTP (jpush.md §3.4), and a run that reaches a device.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { formatTime } from '../src/lib/zone-time.ts'
import { connectDevice, eventually, register } from './devices.ts'
import { makeJpushApp } from './jpush-client.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()
const zoneMinutes = 480
const dayMs = 86_400_000
const inZone = (at: number) => formatTime(at, zoneMinutes)
const push = { platform: 'all', audience: 'all', notification: { alert: 'Hi' } }

function weekly() {
  return {
    periodical: {
      start: inZone(Date.now()),
      end: inZone(Date.now() + 100 * dayMs),
      time: '09:30:00',
      time_unit: 'WEEK',
      frequency: 1,
      point: ['FRI', 'mon'],
    },
  }
}

function single(at = Date.now() + dayMs) {
  return { single: { time: inZone(at) } }
}

const task = (difference: object = {}) => ({
  name: '每周_digest',
  enabled: true,
  trigger: weekly(),
  push,
  ...difference,
})

test('a schedule comes back as it was written, and goes', async () => {
  const { ok, call } = await makeJpushApp(server())
  const wanted = task({ push: { ...push, options: { sendno: 100_234 } } })
  const made = await ok('POST', '/v3/schedules', wanted)
  assert.deepEqual(Object.keys(made), ['schedule_id', 'name'])
  assert.equal(made.name, wanted.name)
  const path = `/v3/schedules/${made.schedule_id}`
  const { name, enabled, trigger } = wanted
  const whole = { schedule_id: made.schedule_id, name, enabled, trigger, push: wanted.push }
  assert.deepEqual(await ok('GET', path), whole)
  assert.deepEqual(await ok('GET', `${path}/msg_ids`), { count: 0, msgids: [] })
  const list = { total_count: 1, total_pages: 1, page: 1, schedules: [whole] }
  assert.deepEqual(await ok('GET', '/v3/schedules'), list)
  assert.deepEqual(await ok('GET', '/v3/push/schedules/?page'), list)
  assert.deepEqual(await ok('GET', '/v3/schedules?page=7'), { ...list, page: 7, schedules: [] })
  assert.deepEqual(await ok('DELETE', path), {})
  assert.equal((await call('DELETE', path)).status, 404)
})

test('numbers of a push keep every digit', async () => {
  const { ok, call } = await makeJpushApp(server())
  const extras = '{"big":9007199254740993}'
  const body = JSON.stringify(task({ push: { ...push, message: { msg_content: 'x', extras: '?' } } }))
  const { schedule_id } = await ok('POST', '/v3/schedules', body.replace('"?"', extras))
  const { text } = await call('GET', `/v3/schedules/${schedule_id}`)
  assert.ok(text.includes(extras), text)
})

test('a change replaces the sections it names, and answers with the whole', async () => {
  const { ok } = await makeJpushApp(server())
  const { schedule_id } = await ok('POST', '/v3/schedules', task())
  const path = `/v3/schedules/${schedule_id}`
  const before = await ok('GET', path)
  const disabled = await ok('PUT', path, { enabled: false })
  assert.deepEqual({ schedule_id, ...disabled }, { ...before, enabled: false })
  const trigger = { periodical: { ...weekly().periodical, time_unit: 'month', point: ['01', '31'] } }
  const changes = { name: 'monthly', enabled: true, trigger, push: { ...push, platform: ['ios'] } }
  assert.deepEqual(await ok('PUT', path, changes), changes)
  assert.deepEqual(await ok('GET', path), { schedule_id, ...changes })
})

test('pages hold fifty, the oldest first', async () => {
  const { ok } = await makeJpushApp(server())
  const ids: string[] = []
  for (let count = 0; count < 51; count++)
    ids.push((await ok('POST', '/v3/schedules', task({ trigger: single() }))).schedule_id)
  const pages = [await ok('GET', '/v3/schedules'), await ok('GET', '/v3/schedules?page=2')]
  assert.deepEqual(
    pages.map(({ total_count, total_pages, page }) => [total_count, total_pages, page]),
    [
      [51, 2, 1],
      [51, 2, 2],
    ],
  )
  assert.deepEqual(
    pages.flatMap(({ schedules }) => schedules.map((schedule: any) => schedule.schedule_id)),
    ids,
  )
})

test('the same cid makes one schedule', async () => {
  const { app_key, ok } = await makeJpushApp(server())
  const cid = (await ok('GET', '/v3/push/cid?type=schedule')).cidlist[0]
  assert.ok(cid.startsWith(app_key))
  const [first, second] = await Promise.all([
    ok('POST', '/v3/schedules', task({ cid })),
    ok('POST', '/v3/schedules', task({ cid })),
  ])
  assert.deepEqual(second, first)
  assert.equal((await ok('GET', '/v3/schedules')).total_count, 1)
})

test('each section is checked before anything is made or changed', async () => {
  const { ok, call } = await makeJpushApp(server())
  const { schedule_id } = await ok('POST', '/v3/schedules', task())
  const before = await ok('GET', `/v3/schedules/${schedule_id}`)
  const { periodical } = weekly()
  const withPeriod = (difference: object) => ({ trigger: { periodical: { ...periodical, ...difference } } })
  const faults = [
    { name: '' },
    { name: 'a b' },
    { name: '字'.repeat(86) },
    { trigger: {} },
    { trigger: { ...weekly(), ...single() } },
    { trigger: single() },
    withPeriod({ end: inZone(Date.now() - dayMs) }),
    withPeriod({ start: inZone(Date.now() - 300 * dayMs) }),
    withPeriod({ start: '2026-02-30 00:00:00' }),
    withPeriod({ time: '24:00:00' }),
    withPeriod({ time_unit: 'year' }),
    withPeriod({ frequency: 0 }),
    withPeriod({ frequency: 101 }),
    withPeriod({ point: [] }),
    withPeriod({ point: ['SUNDAY'] }),
    withPeriod({ time_unit: 'day' }),
    withPeriod({ time_unit: 'month', point: ['32'] }),
    { push: {} },
    { push: { ...push, platform: 'toaster' } },
    { push: { ...push, audience: { alias: [''] } } },
  ]
  for (const fault of faults) {
    const { status, json } = await call('PUT', `/v3/schedules/${schedule_id}`, fault)
    assert.deepEqual([status, json.error?.code], [400, 8100], JSON.stringify(fault))
  }
  for (const fault of [...faults.filter(({ trigger }: any) => !trigger?.single), { enabled: false }]) {
    const { status, json } = await call('POST', '/v3/schedules', task(fault))
    assert.deepEqual([status, json.error?.code], [400, 8100], JSON.stringify(fault))
  }
  assert.deepEqual(await ok('GET', '/v3/schedules'), {
    total_count: 1,
    total_pages: 1,
    page: 1,
    schedules: [before],
  })
})

test('what SDKs write for nothing is nothing: a null point, an empty list, a null section', async () => {
  const { ok } = await makeJpushApp(server())
  for (const point of [null, []]) {
    const trigger = { periodical: { ...weekly().periodical, time_unit: 'DAY', point } }
    await ok('POST', '/v3/schedules', task({ trigger: { single: null, ...trigger } }))
  }
})

test('the schedules of an app are its own', async () => {
  const owner = await makeJpushApp(server())
  const other = await makeJpushApp(server())
  const { schedule_id } = await owner.ok('POST', '/v3/schedules', task())
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const body = method === 'PUT' ? { enabled: false } : undefined
    const { status, json } = await other.call(method, `/v3/schedules/${schedule_id}`, body)
    assert.deepEqual([status, json.error.code], [404, 8104])
  }
  assert.equal((await owner.call('GET', `/v3/schedules/${randomUUID()}`)).status, 404)
})

test('a push comes to the device when its time has come, and the run names it', async t => {
  const app = await makeJpushApp(server())
  const device = await connectDevice(t, server(), app, { alias: 'ann' })
  const at = Date.now() + 1_500
  const scheduled = { ...push, audience: { alias: ['ann'] } }
  const made = await app.ok('POST', '/v3/schedules', task({ trigger: single(at), push: scheduled }))
  const failing = { ...push, audience: { alias: ['nobody'] } }
  const failed = await app.ok('POST', '/v3/schedules', task({ trigger: single(at), push: failing }))
  const barred = await makeJpushApp(server(), { limits: { pushes_per_device_per_day: 0 } })
  await register(server(), barred)
  const full = await barred.ok('POST', '/v3/schedules', task({ trigger: single(at) }))
  const received = await device.next()
  assert.equal(received.notification.alert, 'Hi')
  const runOf = async ({ schedule_id }: { schedule_id: string }, { ok } = app) => {
    const ask = () => ok('GET', `/v3/schedules/${schedule_id}/msg_ids`)
    const { msgids } = await eventually(ask, ({ count }) => count === 1)
    return JSON.parse(msgids[0])
  }
  const { ts, ...run } = await runOf(made)
  assert.deepEqual(run, { msg_id: received.msg_id, error: { code: 0, message: '' }, needRetry: false })
  assert.ok(ts >= Math.floor(at / 1_000) * 1_000 && ts <= Date.now())
  const refused = await runOf(failed)
  assert.match(refused.msg_id, /^\d+$/)
  assert.deepEqual(refused.error, { code: 1011, message: 'cannot find user by this audience' })
  // A person has to act: another try would fail as well.
  const { error, needRetry } = await runOf(full, barred)
  assert.deepEqual([error.code, needRetry], [2005, false])
  const { json, status } = await app.call('GET', `/v3/schedules/${made.schedule_id}`)
  assert.deepEqual([status, json.error.code], [404, 8104])
})
