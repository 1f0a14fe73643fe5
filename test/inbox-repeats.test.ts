// A core may go down between a commit and its reply. The gateway then asks again, so that whatever a session asks for
// can be asked for twice.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Caller } from '../src/contract/operations/caller.ts'
import type { OpenedUserSession } from '../src/contract/operations/inbox.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { CoreClient, secretOf } from './core-client.ts'

interface Scene {
  readonly core: CoreClient
  readonly appServer: Caller
  /** A login of ann's one device. */
  open(session: string): Promise<OpenedUserSession>
}

async function makeScene(t: TestContext): Promise<Scene> {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-repeats-'))
  const core = new CoreClient(dataDir, new ManualClock(Date.UTC(2026, 0, 1)))
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  await core.start()
  const appServer = secretOf(await core.makeApp('repeats'))
  const { token } = await core.call('token.inherit', { username: 'ann', createsUser: true }, appServer)
  const device = { resource: 'web', deviceUuid: '', deviceName: '', os: 'web', ip: '' }
  const login = { org: 'test', app: 'repeats', username: 'ann', credentials: { token }, ...device }
  return { core, appServer, open: session => core.call('inbox.open', { ...login, session }) }
}

/** The sessions that gateways have been told to end. */
function endedBy({ core }: Scene): (string | undefined)[] {
  return core.wakes.flatMap(wake => (wake.kind === 'end_user_sessions' ? [wake.session] : []))
}

test('a login that is asked for again, its reply being lost, is the same session and displaces nobody', async t => {
  const scene = await makeScene(t)
  await scene.open('earlier')
  const first = await scene.open('a')
  const again = await scene.open('a')
  assert.deepEqual(endedBy(scene), ['earlier'])
  assert.equal(again.deviceId, first.deviceId)
  await scene.core.call('inbox.waiting', { uid: again.uid, deviceId: again.deviceId, session: 'a' })
})

test('a room is entered twice, and left twice, as it is once', async t => {
  const { core, appServer, open } = await makeScene(t)
  await core.call('token.inherit', { username: 'owner', createsUser: true }, appServer)
  const flags = { isPublic: true, membersOnly: false, allowInvites: false, inviteNeedConfirm: false }
  const text = { name: 'r', description: '', custom: '', avatar: '' }
  const { groupId: room } = await core.call(
    'group.create',
    { kind: 'room', scale: 'normal', owner: 'owner', members: [], ...flags, ...text },
    appServer,
  )
  const { uid, deviceId, appId } = await open('a')
  const door: Caller = { as: 'door', appId }
  const wish = { uid, deviceId, session: 'a', room }
  const enter = () => core.call('inbox.enter_room', { ...wish, leavesOthers: true, text: '' }, door)
  assert.deepEqual([(await enter()).memberCount, (await enter()).memberCount], [2, 2])
  await core.call('inbox.leave_room', wish, door)
  await core.call('inbox.leave_room', wish, door)
  const { groups } = await core.call('group.get', { kind: 'room', groups: [room] }, appServer)
  assert.equal(groups[0]!.memberCount, 1)
})
