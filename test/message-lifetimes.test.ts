// What of messages ends with time: their place in a conversation, what a user has removed from its view of one, the
// address of an export, what an app's server has not taken.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { easemobLimits } from '../src/contract/limits.ts'
import type { Args, OperationName } from '../src/contract/operations.ts'
import { Refusal } from '../src/contract/refusal.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { CoreClient, secretOf } from './core-client.ts'
import { countRows } from './table-rows.ts'

const dayMs = 86_400_000
const payload = '{"bodies":[{"type":"txt","msg":"x"}]}'
const conversation = { with: 'ann', isGroup: false }

/** A core with an app of ann and bob, who keep messages for a day. */
async function openApp(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-lifetimes-'))
  const clock = new ManualClock(Date.UTC(2026, 0, 1, 9, 30))
  const core = new CoreClient(dataDir, clock, { POSTHOUSE_MESSAGE_RETENTION_MS: String(dayMs) })
  await core.start()
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true })
  })
  const caller = secretOf(await core.makeApp('chat'))
  const call = <Name extends OperationName>(op: Name, args: Args<Name>) => core.call(op, args, caller)
  for (const username of ['ann', 'bob']) await call('token.inherit', { username, createsUser: true })
  const send = () => call('message.send', { chatType: 'chat', from: 'ann', targets: ['bob'], payload })
  return { core, call, clock, dataDir, send }
}

function isRefusal(id: string) {
  return (error: unknown) => error instanceof Refusal && error.id === id
}

test('a message is in the conversation for as long as messages are kept, whether it is still stored or not', async t => {
  const { call, clock, send } = await openApp(t)
  const page = async () => {
    const args = { user: 'bob', conversation, order: 'newest_first', limit: 10 } as const
    return (await call('history.page', args)).entries.length
  }
  await send()
  clock.advance(dayMs / 2)
  await send()
  assert.equal(await page(), 2)
  clock.advance(dayMs / 2)
  assert.equal(await page(), 2)
  clock.advance(1)
  assert.equal(await page(), 1)
})

test('what a user has removed from its view is forgotten with the messages', async t => {
  const { core, call, clock, dataDir, send } = await openApp(t)
  const views = () => {
    const { history_starts = 0, history_hidden = 0 } = countRows(dataDir)
    return [history_starts, history_hidden]
  }
  const { ids } = await send()
  await call('history.hide', { user: 'bob', conversation, msgIds: ids as number[] })
  await call('history.hide', { user: 'ann', conversation: { with: 'bob', isGroup: false } })
  clock.advance(dayMs)
  await core.runJob('expire_messages')
  assert.deepEqual(views(), [1, 1])
  clock.advance(1)
  await core.runJob('expire_messages')
  assert.deepEqual(views(), [0, 0])
})

test('the address of an export opens its hour until its time is over', async t => {
  const { call, clock, send } = await openApp(t)
  await send()
  clock.advance(dayMs / 24)
  const hour = '2026010109'
  const { expiresAt, signature } = await call('history.offer_hour', { hour })
  assert.equal(expiresAt, clock.now() + easemobLimits.exportLinkMs)
  const read = (until = expiresAt) =>
    call('history.read_hour', { hour, expiresAt: until, signature, after: 0 })
  clock.advance(easemobLimits.exportLinkMs - 1)
  assert.equal((await read()).messages.length, 1)
  clock.advance(1)
  await assert.rejects(read(), isRefusal('export_link_invalid'))
  await assert.rejects(read(expiresAt + 1), isRefusal('export_link_invalid'))
})

test('what an app’s server has not taken is kept for three days, however often it is asked for', async t => {
  const { core, call, clock, dataDir, send } = await openApp(t)
  const rule = {
    name: 'tell',
    phase: 'after',
    url: 'http://127.0.0.1:1/',
    secret: 's',
    enabled: false,
  } as const
  const meant = { chat_types: [], message_types: [], events: ['chat'], on_failure: 'deliver' } as const
  const change = (enabled: boolean) =>
    core.call('app.change', {
      org: 'test',
      app: 'chat',
      settings: { callbacks: [{ ...rule, ...meant, enabled, timeout_ms: 1_000 }] },
    })
  await change(true)
  await send()
  await change(false)
  await call('callback.retry', { from: Math.floor(clock.now() / 600_000) * 600_000 })
  clock.advance(3 * dayMs)
  await core.runJob('callbacks')
  assert.equal(countRows(dataDir).callbacks, 1)
  clock.advance(1)
  await core.runJob('callbacks')
  assert.equal(countRows(dataDir).callbacks, undefined)
})
