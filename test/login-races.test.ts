// A password is checked outside of any transaction, since that takes long. What becomes of the user meanwhile counts.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Caller } from '../src/contract/operations/caller.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { CoreClient, secretOf } from './core-client.ts'

async function openCore(t: TestContext): Promise<{ core: CoreClient; app: Caller }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-logins-'))
  const core = new CoreClient(dataDir, new ManualClock(Date.UTC(2026, 0, 1)))
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  await core.start()
  const app = secretOf(await core.makeApp('logins'))
  await core.call('user.register', { username: 'ann', password: 'pw' }, app)
  return { core, app }
}

function logIn(core: CoreClient) {
  const device = { resource: 'web', deviceUuid: '', deviceName: '', os: 'web', ip: '' }
  const credentials = { password: 'pw' }
  return core.call('inbox.open', {
    org: 'test',
    app: 'logins',
    username: 'ann',
    credentials,
    session: 's',
    ...device,
  })
}

for (const [what, ops] of [
  ['barred and let in again', ['user.deactivate', 'user.activate']],
  ['barred', ['user.deactivate']],
  ['deleted', ['user.delete']],
] as const)
  test(`a user who is ${what} while its password is checked has no session`, async t => {
    const { core, app } = await openCore(t)
    const login = logIn(core)
    // It admits its caller, then reads the user; these are read beside that, so the password is being checked now.
    for (let read = 0; read < 2; read++) await core.call('user.get', { user: 'ann' }, app)
    const changed = ops.map(op => core.call(op, { user: 'ann' }, app))
    await assert.rejects(login, { id: 'token_unknown' })
    await Promise.all(changed)
    assert.deepEqual(core.wakes, [])
  })

test('a user who stays as it is has one', async t => {
  const { core } = await openCore(t)
  assert.equal((await logIn(core)).username, 'ann')
})
