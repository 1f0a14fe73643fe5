// What happens to a user while the credentials of its session are being checked.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Refusal } from '../src/contract/refusal.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { CoreClient, secretOf } from './core-client.ts'

test('credentials that are revoked while they are being checked open no session', async t => {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-races-'))
  const core = new CoreClient(dataDir, new ManualClock(Date.UTC(2026, 0, 1)), {
    POSTHOUSE_SCRYPT_COST: '65536',
  })
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true })
  })
  await core.start()
  const caller = secretOf(await core.makeApp('chat'))
  await core.call('user.register', { username: 'ann', password: 'pw' }, caller)
  const device = { resource: 'phone', deviceUuid: 'u', deviceName: 'd', os: 'web', ip: '127.0.0.1' }
  const open = (session: string) =>
    core.call('inbox.open', {
      org: 'test',
      app: 'chat',
      username: 'ann',
      credentials: { password: 'pw' },
      ...device,
      session,
    })
  const openings = Array.from({ length: 8 }, (_, index) => open(`session ${index}`))
  const settled = Promise.allSettled(openings)
  // By then all have read the user. The password of the last waits for the others' to be hashed, far longer than what
  // follows takes.
  for (let reads = 0; reads < 3; reads++) await core.call('message.count_waiting', { user: 'ann' }, caller)
  await core.call('user.deactivate', { user: 'ann' }, caller)
  await core.call('user.activate', { user: 'ann' }, caller)
  const isRevoked = (error: unknown) => error instanceof Refusal && error.id === 'token_unknown'
  await assert.rejects(openings.at(-1)!, isRevoked)
  await settled
  assert.equal((await open('later')).username, 'ann')
})
