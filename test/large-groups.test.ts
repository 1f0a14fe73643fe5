// In large groups nobody is told who comes and goes, nor of the attributes of members: only those whom it concerns are.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { easemobLimits } from '../src/contract/limits.ts'
import type { Args, OperationName } from '../src/contract/operations.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { CoreClient, secretOf } from './core-client.ts'
import { readRows } from './table-rows.ts'

/** An app with a group of ann's, of so many members. */
async function makeGroup(t: TestContext, memberCount: number) {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-large-'))
  const core = new CoreClient(dataDir, new ManualClock(Date.UTC(2026, 0, 1)))
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  await core.start()
  const app = secretOf(await core.makeApp('large'))
  const call = <Name extends OperationName>(op: Name, args: Args<Name>) => core.call(op, args, app)
  for (const username of ['ann', 'bob']) await call('token.inherit', { username, createsUser: true })
  const flags = { isPublic: true, membersOnly: false, allowInvites: false, inviteNeedConfirm: false }
  const settings = { name: 'g', description: '', custom: '', avatar: '', maxUsers: 5_000, ...flags }
  const made = await call('group.create', {
    ...settings,
    kind: 'group',
    scale: 'large',
    owner: 'ann',
    members: [],
  })
  const database = new DatabaseSync(join(dataDir, 'posthouse.db'), { timeout: 5_000 })
  database.exec(`INSERT INTO group_members (group_id, uid, kind, joined_at)
    WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < ${memberCount})
    SELECT ${made.groupId}, 100000 + n, 'group', 0 FROM n`)
  database.exec(`UPDATE groups SET member_count = ${memberCount} WHERE group_id = ${made.groupId}`)
  database.close()
  const told = () =>
    readRows(
      dataDir,
      `SELECT json_extract(n.content, '$.event') AS event, COUNT(*) AS users
       FROM notices n JOIN inbox i ON i.entry_id = n.notice_id GROUP BY n.notice_id ORDER BY n.notice_id`,
    ).map(({ event, users }) => [event, users])
  return { call, group: { kind: 'group', group: made.groupId } as const, told }
}

const most = easemobLimits.groupPresenceMembersMax

test('as long as a group is not large all members are told who comes, goes and says what of itself', async t => {
  const { call, group, told } = await makeGroup(t, most - 1)
  await call('group.add_member', { ...group, user: 'bob' })
  await call('member_attributes.set', { group: group.group, user: 'bob', attributes: { nick: 'b' } })
  await call('group.remove_member', { ...group, user: 'bob' })
  assert.deepEqual(told(), [
    ['added', 1],
    ['joined', most - 1],
    ['member_attributes_set', most],
    ['removed', 1],
    ['left', most - 1],
  ])
})

test('in a large group only those are told whom it concerns', async t => {
  const { call, group, told } = await makeGroup(t, most + 1)
  await call('group.add_member', { ...group, user: 'bob' })
  await call('member_attributes.set', { group: group.group, user: 'bob', attributes: { nick: 'b' } })
  await call('group.remove_member', { ...group, user: 'bob' })
  assert.deepEqual(told(), [
    ['added', 1],
    ['removed', 1],
  ])
})

test('what befalls the whole of a large group is told to all', async t => {
  const { call, group, told } = await makeGroup(t, most + 1)
  await call('group_announcement.set', { ...group, text: 'hear, hear' })
  assert.deepEqual(told(), [['announcement_changed', most + 1]])
})

test('of users deleted by one call so much is told as one call may tell', async t => {
  const { call, group, told } = await makeGroup(t, most - 20)
  const guests = Array.from({ length: 15 }, (_, index) => `guest${index}`)
  for (const username of guests) await call('token.inherit', { username, createsUser: true })
  await call('group.add_members', { ...group, usernames: guests })
  const { users } = await call('user.delete_many', { query: "username = 'guest*'", limit: 100 })
  assert.equal(users.length, guests.length)
  const left = told().filter(([event]) => event === 'left')
  const count = most - 20 + guests.length
  const expected = Math.floor(easemobLimits.farewellsMax / count)
  assert.equal(left.length, expected)
  assert.ok(expected < guests.length)
})
