import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Sql } from './db.ts'
import { leaveTraces, removeTraces } from './deletions.ts'
import { listRoomAttributes, putMemberAttribute, putRoomAttribute } from './group-attributes.ts'
import { deleteDissolvedMembers } from './group-members.ts'
import {
  dropApplication,
  dropInvitations,
  findInviter,
  hasApplied,
  putGroupRequest,
} from './group-requests.ts'
import { SqliteDb } from './sqlite.ts'

const many = { ofGroup: 100, ofUser: 100 }

function openDb(t: TestContext): SqliteDb {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-requests-'))
  const db = SqliteDb.open({ file: join(folder, 'test.db'), bytesMax: 1 << 30, groupMax: 100 })
  t.after(async () => {
    await db.close()
    rmSync(folder, { recursive: true })
  })
  return db
}

async function requestsOf(sql: Sql, where: string): Promise<string[]> {
  const rows = await sql.all<{ groupId: number; uid: number; inviter: number }>(
    `SELECT group_id AS "groupId", uid, inviter_uid AS inviter FROM group_requests WHERE ${where}
     ORDER BY asked_at, group_id, uid, inviter_uid`,
  )
  return rows.map(({ groupId, uid, inviter }) => `${groupId} ${uid} ${inviter}`)
}

test('a group and a user have no more requests than may be: the oldest go', async t => {
  const db = openDb(t)
  await db.write(async sql => {
    const most = { ofGroup: 2, ofUser: 3 }
    for (let uid = 1; uid <= 3; uid++)
      await putGroupRequest(sql, { groupId: 10, uid, inviterUid: 0 }, uid, most)
    // Once more: it is the newest now.
    await putGroupRequest(sql, { groupId: 10, uid: 2, inviterUid: 0 }, 4, most)
    assert.deepEqual(await requestsOf(sql, 'group_id = 10'), ['10 3 0', '10 2 0'])
    for (let groupId = 21; groupId <= 24; groupId++)
      await putGroupRequest(sql, { groupId, uid: 9, inviterUid: 5 }, groupId, most)
    assert.deepEqual(await requestsOf(sql, 'uid = 9'), ['22 9 5', '23 9 5', '24 9 5'])
  })
})

test('an invitation is answered once, to who has invited last; a request to join is another thing', async t => {
  const db = openDb(t)
  await db.write(async sql => {
    for (const [inviterUid, at] of [
      [7, 2],
      [8, 3],
      [0, 4],
    ] as const)
      await putGroupRequest(sql, { groupId: 1, uid: 5, inviterUid }, at, many)
    assert.equal(await findInviter(sql, 1, 5), 8)
    await dropInvitations(sql, 1, 5)
    assert.equal(await findInviter(sql, 1, 5), undefined)
    assert.equal(await hasApplied(sql, 1, 5), true)
    await dropApplication(sql, 1, 5)
    assert.equal(await hasApplied(sql, 1, 5), false)
  })
})

test('of a deleted user no request stays, and no attribute of a room that was to go with it', async t => {
  const db = openDb(t)
  await db.write(async sql => {
    await putGroupRequest(sql, { groupId: 1, uid: 5, inviterUid: 0 }, 1, many)
    await putGroupRequest(sql, { groupId: 2, uid: 6, inviterUid: 5 }, 1, many)
    await putGroupRequest(sql, { groupId: 2, uid: 6, inviterUid: 7 }, 1, many)
    await putRoomAttribute(sql, 3, { name: 'goes', value: 'x', uid: 5, goesWithUser: 1 })
    await putRoomAttribute(sql, 3, { name: 'stays', value: 'y', uid: 5, goesWithUser: 0 })
    assert.equal(await leaveTraces(sql, 5), true)
    while ((await removeTraces(sql, 1)) > 0);
    assert.deepEqual(await requestsOf(sql, '1 = 1'), ['2 6 7'])
    assert.deepEqual(
      (await listRoomAttributes(sql, 3)).map(({ name, uid }) => [name, uid]),
      [['stays', 0]],
    )
    assert.equal(await leaveTraces(sql, 5), false)
  })
})

test('a dissolved group takes its requests and attributes with it, slice by slice, and no other', async t => {
  const db = openDb(t)
  await db.write(async sql => {
    for (const groupId of [1, 2]) {
      for (let uid = 1; uid <= 5; uid++) {
        await putGroupRequest(sql, { groupId, uid, inviterUid: 0 }, 1, many)
        await putMemberAttribute(sql, groupId, uid, 'k', 'v')
        await putRoomAttribute(sql, groupId, { name: `k${uid}`, value: 'v', uid, goesWithUser: 0 })
      }
    }
    await sql.run('INSERT INTO dissolved_groups (group_id) VALUES (1)')
    while ((await deleteDissolvedMembers(sql, 2)) === 'more');
    for (const table of ['group_requests', 'group_member_attributes', 'room_attributes']) {
      const rows = await sql.all<{ groupId: number; n: number }>(
        `SELECT group_id AS "groupId", COUNT(*) AS n FROM ${table} GROUP BY group_id`,
      )
      assert.deepEqual(
        rows.map(({ groupId, n }) => [groupId, n]),
        [[2, 5]],
        table,
      )
    }
  })
})
