// Works that wait together share a commit. One that is refused after it has written takes it from all of them, and each
// runs once more, alone: nobody is to bring that about as often as it likes by asking for what is refused.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { easemobLimits, jpushLimits } from '../src/contract/limits.ts'
import type { Caller } from '../src/contract/operations/caller.ts'
import type { GroupKind, NewGroup } from '../src/contract/operations/groups.ts'
import type { Args, OperationName } from '../src/contract/operations.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { CoreClient, secretOf } from './core-client.ts'

class Scene {
  readonly core: CoreClient
  readonly app: Caller
  readonly appKey: Caller
  readonly #file: string
  readonly #tokens = new Map<string, string>()

  constructor(core: CoreClient, app: Caller, appKey: Caller, file: string) {
    this.core = core
    this.app = app
    this.appKey = appKey
    this.#file = file
  }

  async users(...names: string[]): Promise<void> {
    for (const username of names) {
      const { token } = await this.core.call('token.inherit', { username, createsUser: true }, this.app)
      this.#tokens.set(username, token)
    }
  }

  as(user: string): Caller {
    const need = { is: 'token', verb: '', path: '' } as const
    const token = this.#tokens.get(user)
    return { as: 'token', org: 'test', app: 'refusals', uri: '', token, ip: '', bucket: '', need }
  }

  async make(kind: GroupKind, owner: string, more: Partial<NewGroup> = {}): Promise<string> {
    const { groupId } = await this.core.call('group.create', newGroup(kind, owner, more), this.app)
    return groupId
  }

  /** A session of a user, by which it asks for what clients of users ask for. */
  async session(username: string, session: string) {
    const device = { resource: 'web', deviceUuid: '', deviceName: '', os: 'web', ip: '' }
    const credentials = { token: this.#tokens.get(username)! }
    const login = { org: 'test', app: 'refusals', username, credentials, ...device, session }
    const { uid, deviceId, appId } = await this.core.call('inbox.open', login)
    return { name: { uid, deviceId, session }, door: { as: 'door', appId } as const }
  }

  /** Rows that would take too many calls to make. */
  insert(text: string): void {
    const database = new DatabaseSync(this.#file, { timeout: 5_000 })
    database.exec(text)
    database.close()
  }

  /** Asks, beside something else that uses one id each time it runs. @returns how often that has run, and what was refused */
  async askBeside<Name extends OperationName>(
    op: Name,
    args: Args<Name>,
    caller: Caller,
  ): Promise<[runs: number, refused: string]> {
    const group = await this.make('group', 'owner', { members: ['member'] })
    const before = Number(await this.make('group', 'owner'))
    const beside = this.core.call('group.set_disabled', { kind: 'group', group, isDisabled: true }, this.app)
    const asked = this.core.call(op, args, caller).then(
      () => 'nothing',
      refusal => refusal.id,
    )
    await beside
    const refused = await asked
    return [Number(await this.make('group', 'owner')) - before - 1, refused]
  }
}

function newGroup(kind: GroupKind, owner: string, more: Partial<NewGroup>): NewGroup {
  const flags = { isPublic: true, membersOnly: false, allowInvites: true, inviteNeedConfirm: true }
  const texts = { name: 'g', description: '', custom: '', avatar: '' }
  return { kind, scale: 'normal', owner, members: [], ...flags, ...texts, ...more }
}

async function openScene(t: TestContext, env: Record<string, string> = {}): Promise<Scene> {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-refusals-'))
  const core = new CoreClient(dataDir, new ManualClock(Date.UTC(2026, 0, 1)), env)
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  await core.start()
  const credentials = await core.makeApp('refusals')
  const appKey: Caller = { as: 'app_key', key: credentials.app_key, ip: '' }
  const scene = new Scene(core, secretOf(credentials), appKey, join(dataDir, 'posthouse.db'))
  await scene.users('owner', 'member', 'ann', 'bob', 'cat')
  return scene
}

test('what is not refused runs once', async t => {
  const scene = await openScene(t)
  assert.deepEqual(await scene.askBeside('user.get', { user: 'ann' }, scene.app), [1, 'nothing'])
})

test('contacts: an unknown name among those invited, an invitation that is not there, no room for another', async t => {
  const scene = await openScene(t, { POSTHOUSE_CONTACTS_PER_USER_MAX: '1' })
  const { core, app } = scene
  const invitation = { owner: 'ann', users: ['bob', 'nobody'], reason: '' }
  assert.deepEqual(await scene.askBeside('contact.invite', invitation, app), [1, 'user_unknown'])
  const pair = { owner: 'ann', user: 'bob' }
  assert.deepEqual(await scene.askBeside('contact.decline', pair, app), [1, 'contact_absent'])
  await core.call('contact.invite', { owner: 'bob', users: ['ann'], reason: '' }, app)
  await core.call('contact.add', { owner: 'ann', user: 'cat' }, app)
  assert.deepEqual(await scene.askBeside('contact.accept', pair, app), [1, 'contacts_too_many'])
  assert.deepEqual(await scene.askBeside('contact.add', pair, app), [1, 'contacts_too_many'])
  // The invitation waits still.
  await core.call('contact.decline', pair, app)
})

test('lists that are full: blocks, subscriptions, settings of conversations, attributes', async t => {
  const scene = await openScene(t, { POSTHOUSE_ATTRIBUTE_BYTES_PER_APP_MAX: '1000' })
  const { core, app } = scene
  const { presenceSubscriptionsMax, notificationsMax, blocksMax } = easemobLimits
  const count = (most: number) => `WITH RECURSIVE n (n) AS
    (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${most})`
  const ann = "(SELECT uid FROM users WHERE username = 'ann')"
  scene.insert(`INSERT INTO users (uid, app_id, username, uuid, activated, tokens_from, push_settings, created_at, modified_at)
    ${count(blocksMax)} SELECT 100000 + n, 1, 'x' || n, 'x' || n, 1, 0, '{}', 0, 0 FROM n`)
  scene.insert(
    `INSERT INTO user_blocks (uid, blocked_uid, blocked_at) SELECT ${ann}, uid, 0 FROM users WHERE uid > 100000`,
  )
  scene.insert(`INSERT INTO presence_subscriptions (uid, target_uid, expires_at)
    ${count(presenceSubscriptionsMax)} SELECT ${ann}, 100000 + n, 9000000000000 FROM n`)
  scene.insert(`INSERT INTO notification_settings (uid, target, remind, quiet_interval, quiet_until)
    ${count(notificationsMax)} SELECT ${ann}, 'u:x' || n, 'NONE', '', 0 FROM n`)
  const block = { owner: 'ann', users: ['bob'] }
  assert.deepEqual(await scene.askBeside('block.add', block, app), [1, 'blocks_too_many'])
  const subscription = { user: 'ann', users: ['x1', 'bob'], seconds: 60 }
  assert.deepEqual(await scene.askBeside('presence.subscribe', subscription, app), [
    1,
    'presence_subscriptions_too_many',
  ])
  const setting = { user: 'ann', target: 'u:bob', remind: 'NONE' } as const
  assert.deepEqual(await scene.askBeside('notification.set', setting, app), [1, 'invalid_request'])
  const attributes = { user: 'ann', attributes: { k: 'x'.repeat(1_000) } }
  assert.deepEqual(await scene.askBeside('attributes.set', attributes, app), [
    1,
    'attributes_of_app_too_large',
  ])
  // What is on the lists already may change all the same.
  await core.call('block.add', { owner: 'ann', users: ['x1'] }, app)
  await core.call('presence.subscribe', { ...subscription, users: ['x1'] }, app)
  await core.call('notification.set', { ...setting, target: 'u:x1', remind: 'ALL' }, app)
})

test('groups that are full, for those who have asked, who were invited, who are to be asked, who come into a room', async t => {
  const scene = await openScene(t)
  const { core, app } = scene
  const group = await scene.make('group', 'owner', { maxUsers: 2, membersOnly: true })
  await core.call('group_request.ask', { group, message: '' }, scene.as('ann'))
  await core.call('group_invitation.send', { group, usernames: ['bob'] }, scene.as('owner'))
  await core.call('group.add_member', { kind: 'group', group, user: 'cat' }, app)
  const answer = { group, user: 'ann', accepts: true, reason: '' }
  assert.deepEqual(await scene.askBeside('group_request.answer', answer, app), [1, 'group_full'])
  const own = { group, user: 'bob', accepts: true }
  assert.deepEqual(await scene.askBeside('group_invitation.answer', own, scene.as('bob')), [1, 'group_full'])
  const made = newGroup('group', 'ann', { maxUsers: 1, members: ['bob'], asksMembers: true })
  assert.deepEqual(await scene.askBeside('group.create', made, scene.as('ann')), [1, 'group_full'])
  const [full, other] = [
    await scene.make('room', 'owner', { maxUsers: 1 }),
    await scene.make('room', 'owner'),
  ]
  const { name, door } = await scene.session('ann', 's')
  await core.call('inbox.enter_room', { ...name, room: other, leavesOthers: false, text: '' }, door)
  const wish = { ...name, room: full, leavesOthers: true, text: '' }
  assert.deepEqual(await scene.askBeside('inbox.enter_room', wish, door), [1, 'group_full'])
  // Both may come once there is room.
  await core.call('group.remove_member', { kind: 'group', group, user: 'cat' }, app)
  await core.call('group_request.answer', answer, app)
  assert.deepEqual(await scene.askBeside('group_request.answer', answer, app), [1, 'group_request_absent'])
})

test('an admin that bars a member and then an admin', async t => {
  const scene = await openScene(t)
  const group = await scene.make('group', 'owner', { members: ['ann', 'bob', 'cat'] })
  const ref = { kind: 'group', group } as const
  for (const user of ['ann', 'cat']) await scene.core.call('group_admin.add', { ...ref, user }, scene.app)
  const wish = { ...ref, list: 'blocked', users: ['bob', 'cat'] } as const
  assert.deepEqual(await scene.askBeside('group_list.add', wish, scene.as('ann')), [1, 'group_right_missing'])
})

test('developer accounts: a name that is taken, an app, a group and a certificate that cannot be', async t => {
  const scene = await openScene(t)
  const account = { org: 'test', name: 'ann' }
  const { dev_key: key, dev_secret: secret } = await scene.core.call('developer.create', account)
  const developer: Caller = { as: 'developer', key, secret }
  const ask = <Name extends OperationName>(op: Name, args: Args<Name>, caller: Caller = developer) =>
    scene.askBeside(op, args, caller)
  assert.deepEqual(await ask('developer.create', account, { as: 'door' }), [1, 'developer_exists'])
  const app = { appName: 'mine', androidPackage: 'cn.jpush.app' }
  const { appKey } = await scene.core.call('developer_app.create', app, developer)
  const other = { ...app, androidPackage: 'cn.jpush.other' }
  assert.deepEqual(await ask('developer_app.create', other), [1, 'admin_parameter_invalid'])
  const group = { ...app, appName: 'new', groupName: 'a b' }
  assert.deepEqual(await ask('developer_app.create', group), [1, 'admin_parameter_invalid'])
  const certificate = { certificate: 'none', key: 'none' }
  const certificates = { appKey, production: certificate }
  assert.deepEqual(await ask('developer_app.set_certificates', certificates), [1, 'certificate_invalid'])
  await scene.core.call('developer_app.delete', { appKey }, developer)
  assert.deepEqual(await ask('developer_app.delete', { appKey }), [1, 'app_delete_failed'])
})

test('a device that registers under an alias of too many, and one that changes to it', async t => {
  const scene = await openScene(t)
  const { core, appKey } = scene
  const device = { platform: 'android', tags: ['a'] } as const
  for (let index = 0; index < jpushLimits.devicesPerAliasMax; index++)
    await core.call('registration.create', { ...device, alias: 'full' }, appKey)
  const wish = { ...device, alias: 'full' }
  assert.deepEqual(await scene.askBeside('registration.create', wish, appKey), [1, 'alias_full'])
  const { registrationId, password } = await core.call('registration.create', device, appKey)
  const change = { registrationId, changes: { alias: 'full', tags: ['b'] } }
  const itself: Caller = { as: 'device', registrationId, password }
  assert.deepEqual(await scene.askBeside('registration.change', change, itself), [1, 'alias_full'])
})
