// What an app's server does not take comes again, ever later, over a day, and then rests until it is asked for.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ManualClock } from '../src/lib/clock.ts'
import { answerWith, CallbackServer } from './callback-server.ts'
import { CoreClient, secretOf } from './core-client.ts'
import { readRows } from './table-rows.ts'
import { until } from './until.ts'

const org = 'test'
const app = 'callbacks'
const minuteMs = 60_000
/** The first wait, twice as long each time, up to an hour. */
const waits = [1, 2, 4, 8, 16, 32, ...Array<number>(23).fill(60)].map(minutes => minutes * minuteMs)

test('an attempt is two calls; the next one is due after a minute, two, four, up to an hour, thirty in all', async t => {
  const listener = await CallbackServer.start(t)
  listener.answer = answerWith({}, 503)
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-callbacks-'))
  const clock = new ManualClock(Date.UTC(2026, 0, 1))
  const core = new CoreClient(dataDir, clock)
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  await core.start()
  const caller = secretOf(await core.makeApp(app))
  const rule = { name: 'tell', phase: 'after', url: listener.url, secret: 's', enabled: true } as const
  const meant = { chat_types: [], message_types: [], events: ['chat'] } as const
  const callbacks = [{ ...rule, ...meant, timeout_ms: 1_000, on_failure: 'deliver' }] as const
  await core.call('app.change', { org, app, settings: { callbacks } })
  await core.call('token.inherit', { username: 'bob', createsUser: true }, caller)
  const payload = '{"bodies":[{"type":"txt","msg":"x"}]}'
  await core.call('message.send', { chatType: 'chat', from: 'ann', targets: ['bob'], payload }, caller)

  /** When the next one is due, once so many have failed. */
  const dueAfter = (attempts: number) =>
    until(async () => readRows(dataDir, `SELECT due_at FROM callbacks WHERE attempts = ${attempts}`)[0])
  for (const [index, waitMs] of waits.entries()) {
    assert.equal((await dueAfter(index + 1)).due_at, clock.now() + waitMs, `after attempt ${index + 1}`)
    clock.advance(waitMs - 1)
    await core.runJob('callbacks')
    clock.advance(1)
    await core.runJob('callbacks')
  }
  assert.equal((await dueAfter(waits.length + 1)).due_at, null)
  clock.advance(24 * 60 * minuteMs)
  await core.runJob('callbacks')
  await core.stop()
  assert.equal(listener.told.length, 2 * (waits.length + 1))
  assert.equal(new Set(listener.told.map(({ body }) => body.callId)).size, 1)
})
