// Admins, bars, mutes and allowed members of groups and rooms: held against a model while members come and go and time
// passes; and what goes with members, users, groups and apps.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import type { Caller } from '../src/contract/operations/caller.ts'
import type { GroupRef } from '../src/contract/operations/groups.ts'
import type { Args, OperationName } from '../src/contract/operations.ts'
import { Refusal } from '../src/contract/refusal.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { CoreClient } from './core-client.ts'
import { countRows } from './table-rows.ts'

const owner = 'owner'
const users = ['ann', 'bob', 'cat', 'dan'] as const
type User = (typeof users)[number]

/** A core with an app of these users. */
async function openApp(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-test-'))
  const clock = new ManualClock(Date.UTC(2026, 0, 1))
  const core = new CoreClient(dataDir, clock)
  await core.start()
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true })
  })
  const { client_id, client_secret } = await core.makeApp('chat')
  const as = (token: string | undefined): Caller => {
    const need =
      token === undefined ? ({ is: 'open' } as const) : ({ is: 'app', verb: '', path: '' } as const)
    return { as: 'token', org: 'test', app: 'chat', uri: '', token, ip: '', bucket: '', need }
  }
  const credentials = { clientId: client_id, clientSecret: client_secret }
  const caller = as((await core.call('token.for_app', credentials, as(undefined))).token)
  const call = <Name extends OperationName>(op: Name, args: Args<Name>) => core.call(op, args, caller)
  for (const username of [owner, ...users]) await call('user.register', { username, password: 'pw' })
  return { core, call, clock, dataDir }
}

type Call = Awaited<ReturnType<typeof openApp>>['call']

async function makeGroup(call: Call, kind: GroupRef['kind']): Promise<GroupRef> {
  const settings = {
    name: 'g',
    description: '',
    isPublic: true,
    membersOnly: false,
    allowInvites: false,
    inviteNeedConfirm: false,
    custom: '',
    avatar: '',
  }
  const made = await call('group.create', { ...settings, kind, scale: 'normal', owner, members: [...users] })
  return { kind, group: made.groupId }
}

/** What the lists must say, the newest first. */
class Model {
  readonly members = new Set<string>(users)
  readonly admins = new Set<string>()
  readonly allowed = new Set<string>()
  readonly blocked = new Set<string>()
  readonly mutes = new Map<string, number>()

  leave(user: string): void {
    for (const set of [this.members, this.admins, this.allowed]) set.delete(user)
  }

  pass(now: number): void {
    for (const [user, until] of this.mutes) if (until <= now) this.mutes.delete(user)
  }
}

interface Step {
  readonly what:
    | 'join'
    | 'leave'
    | 'admin'
    | 'unadmin'
    | 'allow'
    | 'disallow'
    | 'block'
    | 'unblock'
    | 'mute'
    | 'unmute'
    | 'wait'
  readonly user: User
  readonly ms: number
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(
    'join',
    'leave',
    'admin',
    'unadmin',
    'allow',
    'disallow',
    'block',
    'unblock',
    'mute',
    'unmute',
    'wait',
  ),
  user: fc.constantFrom(...users),
  ms: fc.integer({ min: 1, max: 5_000 }),
})

/** @returns the id of the refusal, if it was refused */
async function outcome(asked: Promise<unknown>): Promise<string | undefined> {
  try {
    await asked
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.id
    throw error
  }
}

/** Does the step to both. @returns what the core must answer, and what it answers */
async function take(
  { call, clock }: { call: Call; clock: ManualClock },
  ref: GroupRef,
  model: Model,
  { what, user, ms }: Step,
): Promise<[expected: string | undefined, actual: string | undefined]> {
  const { members, admins, allowed, blocked, mutes } = model
  const isMember = members.has(user)
  switch (what) {
    case 'wait':
      clock.advance(ms)
      model.pass(clock.now())
      return [undefined, undefined]
    case 'join': {
      const expected = isMember
        ? ref.kind === 'group'
          ? 'member_already'
          : undefined
        : blocked.has(user)
          ? 'member_blocked'
          : undefined
      if (!expected) members.add(user)
      return [expected, await outcome(call('group.add_member', { ...ref, user }))]
    }
    case 'leave':
      model.leave(user)
      return [
        isMember ? undefined : 'member_absent',
        await outcome(call('group.remove_member', { ...ref, user })),
      ]
    case 'admin':
      if (isMember) admins.add(user)
      return [
        isMember ? undefined : 'role_member_absent',
        await outcome(call('group_admin.add', { ...ref, user })),
      ]
    case 'unadmin':
      return [
        admins.delete(user) ? undefined : 'admin_absent',
        await outcome(call('group_admin.remove', { ...ref, user })),
      ]
    case 'allow':
    case 'block': {
      const list = what === 'allow' ? 'allowed' : 'blocked'
      if (isMember) (what === 'allow' ? allowed : blocked).add(user)
      if (isMember && what === 'block') model.leave(user)
      return [
        isMember ? undefined : 'role_member_absent',
        await outcome(call('group_list.add_one', { ...ref, list, user })),
      ]
    }
    case 'disallow':
    case 'unblock': {
      const list = what === 'disallow' ? 'allowed' : 'blocked'
      ;(what === 'disallow' ? allowed : blocked).delete(user)
      return [undefined, await outcome(call('group_list.remove', { ...ref, list, users: [user] }))]
    }
    case 'mute':
    case 'unmute': {
      const expected = isMember || mutes.has(user) ? undefined : 'member_absent'
      const args = { ...ref, users: [user] }
      if (what === 'unmute') {
        mutes.delete(user)
        return [expected, await outcome(call('group_mute.remove', args))]
      }
      if (!expected) mutes.set(user, clock.now() + ms)
      return [expected, await outcome(call('group_mute.set', { ...args, ms }))]
    }
  }
}

async function assertSame(call: Call, ref: GroupRef, model: Model): Promise<void> {
  const page = { order: 'oldest_first', offset: 0, limit: 100 } as const
  const { members } = await call('group.members', { ...ref, ...page })
  const { usernames: admins } = await call('group_admin.list', ref)
  const listed = async (list: 'allowed' | 'blocked') =>
    (await call('group_list.get', { ...ref, list, limit: 100 })).usernames
  const { mutes } = await call('group_mute.list', ref)
  const { groups } = await call('group.get', { kind: ref.kind, groups: [ref.group] })
  assert.deepEqual(
    {
      members: members.map(({ username }) => username).toSorted(),
      count: groups[0]!.memberCount,
      admins: admins.toSorted(),
      allowed: (await listed('allowed')).toSorted(),
      blocked: (await listed('blocked')).toSorted(),
      mutes: mutes.map(({ username, until }) => [username, until]).toSorted(),
    },
    {
      members: [...model.members, owner].toSorted(),
      count: model.members.size + 1,
      admins: [...model.admins].toSorted(),
      allowed: [...model.allowed].toSorted(),
      blocked: [...model.blocked].toSorted(),
      mutes: [...model.mutes].toSorted(),
    },
  )
}

for (const kind of ['group', 'room'] as const)
  test(`whatever becomes of its members, the lists of a ${kind} are those of the model`, async t => {
    const app = await openApp(t)
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
        const ref = await makeGroup(app.call, kind)
        const model = new Model()
        for (const one of steps) {
          const [expected, actual] = await take(app, ref, model, one)
          assert.equal(actual, expected, JSON.stringify(one))
        }
        await assertSame(app.call, ref, model)
        await app.call('group.delete', ref)
      }),
      { numRuns: 60, plugins: [fc.interruptAfterTimeLimit(60_000)] },
    )
    await app.core.runJob('dissolve')
    assert.equal(countRows(app.dataDir).group_roles, undefined)
  })

test('mutes that have ended are cleared away, those that last are not', async t => {
  const { core, call, clock, dataDir } = await openApp(t)
  const ref = await makeGroup(call, 'group')
  await call('group_mute.set', { ...ref, users: ['ann'], ms: 1_000 })
  await call('group_mute.set', { ...ref, users: ['bob'], ms: -1 })
  await call('group_admin.add', { ...ref, user: 'cat' })
  clock.advance(1_000)
  await core.runJob('purge')
  assert.equal(countRows(dataDir).group_roles, 2)
  const [mute] = (await call('group_mute.list', ref)).mutes
  assert.equal(mute?.username, 'bob')
})

test('a deleted user leaves no role behind, and its name is not barred for who registers it anew', async t => {
  const { call, dataDir } = await openApp(t)
  const ref = await makeGroup(call, 'group')
  await call('group_admin.add', { ...ref, user: 'ann' })
  await call('group_list.add_one', { ...ref, list: 'allowed', user: 'ann' })
  await call('group_mute.set', { ...ref, users: ['ann', 'bob'], ms: -1 })
  await call('group_list.add_one', { ...ref, list: 'blocked', user: 'bob' })
  assert.equal(countRows(dataDir).group_roles, 5)
  for (const user of ['ann', 'bob']) await call('user.delete', { user })
  assert.equal(countRows(dataDir).group_roles, undefined)
  await call('user.register', { username: 'bob', password: 'pw' })
  await call('group.add_member', { ...ref, user: 'bob' })
  assert.deepEqual(await call('group_mute.list', ref), { mutes: [] })
})

test('with an app go the roles in its groups', async t => {
  const { core, call, dataDir } = await openApp(t)
  const ref = await makeGroup(call, 'room')
  await call('group_admin.add', { ...ref, user: 'ann' })
  await call('group_list.add_one', { ...ref, list: 'blocked', user: 'bob' })
  await core.call('app.delete', { org: 'test', app: 'chat' })
  await core.runJob('forget')
  await core.runJob('dissolve')
  assert.deepEqual(countRows(dataDir), {})
})

test('a group made anew under the id of a dissolved one has none of its roles', async t => {
  const { call } = await openApp(t)
  const ref = await makeGroup(call, 'group')
  await call('group_list.add_one', { ...ref, list: 'blocked', user: 'bob' })
  await call('group_announcement.set', { ...ref, text: 'old' })
  await call('group.delete', ref)
  const again = {
    ...ref,
    name: 'h',
    description: '',
    isPublic: true,
    membersOnly: false,
    allowInvites: false,
  }
  const rest = { inviteNeedConfirm: false, custom: '', avatar: '', scale: 'normal', owner } as const
  await call('group.create', { ...again, ...rest, groupId: Number(ref.group), members: ['bob'] })
  assert.deepEqual((await call('group_list.get', { ...ref, list: 'blocked', limit: 10 })).usernames, [])
  assert.deepEqual(await call('group_announcement.get', ref), { text: '' })
})

test('who is blocked and added at the same moment is one of the two', async t => {
  const { call } = await openApp(t)
  for (let round = 0; round < 20; round++) {
    const ref = await makeGroup(call, 'room')
    await Promise.all([
      outcome(call('group_list.add_one', { ...ref, list: 'blocked', user: 'ann' })),
      outcome(call('group.add_member', { ...ref, user: 'ann' })),
    ])
    const { isMember } = await call('group.has_member', { ...ref, user: 'ann' })
    const { isListed } = await call('group_list.has', { ...ref, list: 'blocked', user: 'ann' })
    assert.equal(isMember, !isListed)
  }
})
