// An app whose core goes down while its rows are being removed: for every caller it is gone, whatever is still there.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { AppCredentials } from '../src/contract/operations/apps.ts'
import type { Caller, Need } from '../src/contract/operations/caller.ts'
import type { NewGroup } from '../src/contract/operations/groups.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { CoreClient, secretOf } from './core-client.ts'
import { countRows } from './table-rows.ts'

const org = 'test'
const moreThanASlice = 800
const groupId = 8_801

const push = {
  platforms: ['android'],
  audience: 'all',
  contents: { notification: { android: '{}' }, kept: '{}' },
  timeToLiveSeconds: 60,
  sendno: '0',
  hasActivePushConflict: false,
} as const

const group: NewGroup = {
  kind: 'group',
  groupId,
  name: 'g',
  description: '',
  isPublic: true,
  membersOnly: false,
  allowInvites: false,
  inviteNeedConfirm: false,
  custom: '',
  avatar: '',
  scale: 'normal',
  owner: 'alice',
  members: ['bob'],
}

test('no session of it is confirmed, all of them end, no row stays and no message id comes again', async t => {
  const { core, dataDir, clock, deviceId, msgId } = await deletedInPart(t)
  const sessions = [{ deviceId, session: 's1' }]
  assert.deepEqual(await core.call('session.confirm', { sessions }), { lost: [deviceId] })
  await core.runJob('forget')
  await core.runJob('dissolve')
  assert.deepEqual(
    core.wakes.filter(({ kind }) => kind === 'end_session'),
    [{ kind: 'end_session', deviceId, session: 's1', because: 'removed' }],
  )
  assert.deepEqual(countRows(dataDir), {})
  await core.stop()
  clock.advance(-3_600_000)
  await core.start()
  const other = await core.makeApp('other')
  await core.call('registration.create', { platform: 'android' }, registrar(other))
  const after = await core.call('push.send', push, secretOf(other))
  assert.ok(Number(after.msgId) > Number(msgId), `${after.msgId} > ${msgId}`)
})

test("its groups are in nobody's way, and come back to nobody", async t => {
  const { core, dataDir } = await deletedInPart(t)
  const anew = await core.makeApp('gone')
  const caller = await tokenOf(core, anew)
  for (const username of ['alice', 'carol'])
    await core.call('user.register', { username, password: 'pw' }, caller)
  await core.call('group.create', { ...group, members: ['carol'] }, caller)
  const ref = { kind: 'group', group: String(groupId) } as const
  const page = { order: 'oldest_first', offset: 0, limit: 10 } as const
  const names = async () =>
    (await core.call('group.members', { ...ref, ...page }, caller)).members.map(({ username }) => username)
  assert.deepEqual(await names(), ['alice', 'carol'])
  await core.runJob('forget')
  await core.runJob('dissolve')
  assert.deepEqual(await names(), ['alice', 'carol'])
  // The notice is the new app's: carol is told that she is in the group.
  const rows = { users: 2, groups: 1, group_members: 2, group_counts: 1, notices: 1, inbox: 1 }
  assert.deepEqual(countRows(dataDir), rows)
})

test('the token of one of its users is one that nobody knows, in another app as well', async t => {
  const { core, userToken } = await deletedInPart(t)
  const other = await core.makeApp('other')
  const caller = tokenCaller(other, userToken, { is: 'token', verb: 'get', path: '/users' })
  await assert.rejects(core.call('user.get', { user: 'alice' }, caller), { id: 'token_unknown' })
})

test('what is asked of an app in the same commit as its deletion does not bring it back', async t => {
  const { core } = await openCore(t)
  for (const op of ['app.change', 'app.delete'] as const) {
    await core.makeApp('shop')
    const [deleted, late] = await Promise.allSettled([
      core.call('app.delete', { org, app: 'shop' }),
      core.call(op, { org, app: 'shop', settings: { vip: true } }),
    ])
    assert.equal(deleted.status, 'fulfilled')
    assert.equal(late.status === 'rejected' && late.reason.id, 'app_not_found')
    await assert.rejects(core.call('app.get', { org, app: 'shop' }), { id: 'app_not_found' })
  }
})

async function openCore(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-test-'))
  const clock = new ManualClock(Date.UTC(2026, 0, 1))
  const core = new CoreClient(dataDir, clock)
  await core.start()
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true })
  })
  return { core, dataDir, clock }
}

/** A core that starts when another has removed a slice of a deleted app; it runs a job only when it is told to. */
async function deletedInPart(t: TestContext) {
  const { core, dataDir, clock } = await openCore(t)
  const app = await core.makeApp('gone')
  const caller = await tokenOf(core, app)
  for (const username of ['alice', 'bob'])
    await core.call('user.register', { username, password: 'pw' }, caller)
  await core.call('group.create', group, caller)
  const { token: userToken } = await core.call(
    'token.for_user',
    { username: 'alice', password: 'pw' },
    caller,
  )
  const registering = Array.from({ length: moreThanASlice }, () =>
    core.call('registration.create', { platform: 'android' }, registrar(app)),
  )
  const last = (await Promise.all(registering)).at(-1)!
  const { deviceId } = await core.call(
    'session.open',
    { session: 's1', appKey: app.app_key },
    { as: 'device', ...last },
  )
  const { msgId } = await core.call('push.send', push, secretOf(app))
  await core.call('app.delete', { org, app: 'gone' })
  await core.stop()
  const left = countRows(dataDir)
  assert.ok(left.devices! < moreThanASlice && left.groups === 1, JSON.stringify(left))
  await core.start()
  return { core, dataDir, clock, deviceId, msgId, userToken }
}

function registrar({ app_key }: AppCredentials): Caller {
  return { as: 'app_key', key: app_key, ip: '' }
}

function tokenCaller({ app }: AppCredentials, token: string | undefined, need: Need): Caller {
  return { as: 'token', org, app, uri: '', token, ip: '', bucket: '', need }
}

/** The app itself. */
async function tokenOf(core: CoreClient, app: AppCredentials): Promise<Caller> {
  const { client_id, client_secret } = app
  const { token } = await core.call(
    'token.for_app',
    { clientId: client_id, clientSecret: client_secret },
    tokenCaller(app, undefined, { is: 'open' }),
  )
  return tokenCaller(app, token, { is: 'app', verb: 'post', path: '/' })
}
