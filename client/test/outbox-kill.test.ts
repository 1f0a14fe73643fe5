// kill -9 at every step of a send, against a real server: what the outbox has taken is sent once, never lost.
// OUTBOX_KILLS says how often, TEST_SEED which steps.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectDevice } from '../../test/devices.ts'
import { makeJpushApp } from '../../test/jpush-client.ts'
import { randomFrom } from '../../test/random.ts'
import { sharedApp } from '../../test/start-app.ts'
import { until } from '../../test/until.ts'
import { countOfflineMessages, EasemobClient, registerUser } from '../src/easemob.ts'
import { JpushClient } from '../src/jpush.ts'
import { Outbox, type Send } from '../src/outbox.ts'
import type { Step, Task } from './outbox-child.ts'

const kills = Number(process.env.OUTBOX_KILLS ?? 12)
const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const steps: readonly Step[] = ['before write', 'after write', 'before call', 'after commit', 'before mark']
const child = join(import.meta.dirname, 'outbox-child.ts')
const leaseMs = 300

const shared = sharedApp()

test(`what the outbox has taken is sent once, whenever its process dies (${kills} kills, seed ${seed})`, async t => {
  const server = shared()
  const app = await makeJpushApp(server, { limits: { push_per_minute: 1_000_000 } })
  const device = await connectDevice(t, server, app)
  const chat = await server.admin('POST', '/apps', { org: 'outbox', app: 'chat' })
  const jpush = { baseUrl: server.http, appKey: app.app_key, masterSecret: app.master_secret }
  const keys = { clientId: chat.client_id, clientSecret: chat.client_secret }
  const easemob = { baseUrl: server.http, org: 'outbox', app: 'chat', ...keys, isPosthouse: true }
  const chatClient = new EasemobClient(easemob)
  await registerUser(chatClient, { user: { username: 'bob', password: 'x' } })
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-outbox-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'outbox.db')

  const random = randomFrom(seed)
  const kept = { push: new Set<string>(), message: new Set<string>() }
  for (let nth = 0; nth < kills; nth++) {
    const text = `n${nth}.`
    const step = steps[random(steps.length)]!
    const audience = { registration_id: [device.rid] }
    const message = { to: { users: ['bob'] }, type: 'txt', body: { msg: text } } as const
    const push = { platform: 'all', audience, notification: { alert: text } } as const
    const content =
      random(2) === 0 ? ({ kind: 'push', push } as const) : ({ kind: 'message', message } as const)
    const task: Task = { path, jpush, easemob, send: content satisfies Send, text, step, leaseMs }
    if (await runUntilKilled(task)) kept[content.kind].add(text)
  }

  const outbox = new Outbox({ path, jpush: new JpushClient(jpush), easemob: chatClient, leaseMs })
  t.after(() => outbox.close())
  await until(async () => {
    const { sent = 0, ...others } = await outbox.count()
    return sent > 0 && Object.keys(others).length === 0
  }, 60_000)
  const items = await outbox.list({}, kills + 1)
  const textOf = ({ content }: (typeof items)[number]) =>
    content.kind === 'push'
      ? content.push.notification!.alert!
      : (content.message.body as { readonly msg: string }).msg
  // One that was killed before it could tell may be there as well.
  const sent = { push: new Set<string>(), message: new Set<string>() }
  for (const item of items) sent[item.content.kind].add(textOf(item))
  for (const kind of ['push', 'message'] as const)
    for (const text of kept[kind]) assert.ok(sent[kind].has(text), `${text} is lost (seed ${seed})`)
  await device.count(sent.push.size)
  const alerts = device.received.map(({ notification }) => notification.alert)
  assert.deepEqual(alerts.toSorted(), [...sent.push].toSorted(), `seed ${seed}`)
  const waiting = await countOfflineMessages(chatClient, { username: 'bob' })
  assert.equal(waiting, sent.message.size, `seed ${seed}`)
  t.diagnostic(
    `${items.length} sent: ${sent.push.size} pushes, ${sent.message.size} messages; lost 0, twice 0`,
  )
})

/** @returns whether it had been told that its send is kept */
async function runUntilKilled(task: Task): Promise<boolean> {
  const process = spawn(globalThis.process.execPath, [child, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  process.stdout.on('data', chunk => {
    said += chunk
  })
  const signal = await new Promise(resolve => process.once('close', (_code, how) => resolve(how)))
  assert.equal(signal, 'SIGKILL')
  return said === 'kept'
}
