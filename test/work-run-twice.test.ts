// Works share a commit. One that fails after it has written takes the commit of the others with it: each of them runs
// again, and must tell, spend and keep what it would have alone.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Caller } from '../src/contract/operations/caller.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { CoreClient, secretOf } from './core-client.ts'

const org = 'test'
const name = 'twice'

interface Scene {
  readonly core: CoreClient
  readonly app: Caller
}

async function makeScene(t: TestContext): Promise<Scene> {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-twice-'))
  const core = new CoreClient(dataDir, new ManualClock(Date.UTC(2026, 0, 1)))
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  await core.start()
  const app = secretOf(await core.makeApp(name))
  for (const username of ['ann', 'bob'])
    await core.call('token.inherit', { username, createsUser: true }, app)
  return { core, app }
}

/** An invitation of bob that is written, and then refused for the other one. */
async function failHavingWritten({ core, app }: Scene): Promise<void> {
  const invitation = core.call('contact.invite', { owner: 'ann', users: ['bob', 'ghost'], reason: '' }, app)
  await assert.rejects(invitation, { id: 'user_unknown' })
}

function send({ core, app }: Scene) {
  const payload = '{"bodies":[{"type":"txt","msg":"x"}]}'
  return core.call('message.send', { chatType: 'chat', from: 'ann', targets: ['bob'], payload }, app)
}

test('a message beside a work that fails is written once, and its receiver is woken once', async t => {
  const scene = await makeScene(t)
  const { core, app } = scene
  const { token } = await core.call('token.inherit', { username: 'bob', createsUser: false }, app)
  const device = { resource: 'web', deviceUuid: '', deviceName: '', os: 'web', ip: '' }
  await core.call('inbox.open', {
    ...{ org, app: name, username: 'bob', credentials: { token }, session: 's' },
    ...device,
  })
  core.wakes.length = 0
  await Promise.all([send(scene), failHavingWritten(scene), send(scene)])
  assert.deepEqual(
    core.wakes.map(({ kind }) => kind),
    ['inbox', 'inbox'],
  )
  assert.equal((await core.call('message.count_waiting', { user: 'bob' }, app)).count, 2)
})

test('a message beside a work that fails is paid for once', async t => {
  const scene = await makeScene(t)
  const { limits } = (await scene.core.call('app.get', { org, app: name })).settings
  const settings = { edition: 'live', limits: { ...limits, messages_per_minute: 3 } } as const
  await scene.core.call('app.change', { org, app: name, settings })
  await Promise.all([send(scene), failHavingWritten(scene), send(scene)])
  await send(scene)
  await assert.rejects(send(scene), { id: 'message_rate_reached' })
})
