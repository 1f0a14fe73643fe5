// Pushes at a speed of their own (options.big_push_duration), on a clock of the test's own.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import type { Caller } from '../src/contract/operations/caller.ts'
import type { Audience, Platform } from '../src/contract/operations/pushes.ts'
import { Refusal } from '../src/contract/refusal.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { CoreClient, secretOf } from './core-client.ts'

const minuteMs = 60_000
const devices = 100

interface Stage {
  readonly core: CoreClient
  readonly clock: ManualClock
  readonly app: Caller
  readonly push: (minutes: number, audience?: 'all' | Audience, timeToLiveSeconds?: number) => Promise<string>
  /** Time passes, and what is due is done. */
  readonly pass: (ms: number) => Promise<void>
  /** How many devices have the push in their queues. */
  readonly reached: (msgId: string) => number
}

async function makeStage(t: TestContext): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-paced-'))
  const clock = new ManualClock(Date.UTC(2026, 0, 1))
  const core = new CoreClient(dataDir, clock)
  await core.start()
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const credentials = await core.makeApp('paced')
  const app = secretOf(credentials)
  const registering: Caller = { as: 'app_key', key: credentials.app_key, ip: '' }
  for (let count = 0; count < devices; count++) {
    const device = { platform: count % 2 === 0 ? 'android' : 'ios', tags: ['all'] } as const
    await core.call('registration.create', device, registering)
  }
  return {
    core,
    clock,
    app,
    push: async (minutes, audience = 'all', timeToLiveSeconds = 86_400) => {
      const platforms: Platform[] = ['android', 'ios']
      const { msgId } = await core.call(
        'push.send',
        {
          sendno: '0',
          platforms,
          audience,
          contents: { notification: { android: '{"alert":"hi"}', ios: '{"alert":"hi"}' }, kept: '{}' },
          timeToLiveSeconds,
          durationMs: minutes * minuteMs,
          hasActivePushConflict: false,
        },
        app,
      )
      await core.runJob('fan_out')
      return msgId
    },
    pass: async ms => {
      clock.advance(ms)
      await core.runJob('fan_out')
    },
    reached: msgId => {
      const database = new DatabaseSync(join(dataDir, 'posthouse.db'), { readOnly: true })
      const query = 'SELECT COUNT(*) AS count FROM push_targets WHERE msg_id = ?'
      const { count } = database.prepare(query).get(Number(msgId))!
      database.close()
      return Number(count)
    },
  }
}

test('a push of ten minutes reaches a tenth of the devices each minute, everybody’s and a tag’s alike', async t => {
  const { push, pass, reached } = await makeStage(t)
  const pushes = [await push(10), await push(10, { tag: ['all'] })]
  for (let minute = 0; minute <= 12; minute++) {
    for (const msgId of pushes) assert.equal(reached(msgId), Math.min(devices, minute * 10), `${minute} min`)
    await pass(minuteMs)
  }
})

test('it goes on where it was when the core comes back, and catches up', async t => {
  const { core, push, pass, reached } = await makeStage(t)
  const msgId = await push(10)
  await pass(3 * minuteMs)
  await core.stop()
  await core.start()
  await core.runJob('fan_out')
  assert.equal(reached(msgId), 30)
  await core.stop()
  await core.start()
  await pass(4 * minuteMs)
  assert.equal(reached(msgId), 70)
  await pass(60 * minuteMs)
  assert.equal(reached(msgId), devices)
})

test('a withdrawn push stops where it is, one whose time is over too', async t => {
  const { core, app, push, pass, reached } = await makeStage(t)
  const withdrawn = await push(10)
  const short = await push(10, 'all', 300)
  await pass(2 * minuteMs)
  await core.call('push.withdraw', { msgId: withdrawn }, app)
  await pass(2 * minuteMs)
  await pass(4 * minuteMs)
  assert.deepEqual([reached(withdrawn), reached(short)], [20, 40])
})

test('an app has twenty of them at a time; the next goes when one is out', async t => {
  const { push, pass, reached } = await makeStage(t)
  await push(5)
  for (let count = 1; count < 20; count++) await push(10)
  const isOverLimit = (error: unknown) => error instanceof Refusal && error.id === 'push_over_limit'
  await assert.rejects(push(10), isOverLimit)
  await pass(5 * minuteMs)
  assert.equal(reached(await push(10)), 0)
})

test('a fast push does not wait for a slow one', async t => {
  const { push, reached } = await makeStage(t)
  await push(10)
  const alias = { alias: ['nobody'] }
  await assert.rejects(push(10, alias), (error: unknown) => error instanceof Refusal)
  const fast = await push(0, { tag: ['all'] })
  assert.equal(reached(fast), devices)
})
