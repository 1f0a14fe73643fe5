import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { putInvitation } from './contacts.ts'
import { SqliteDb } from './sqlite.ts'
import { muteForever, purgeMutes, putMute } from './user-mutes.ts'

function openDb(t: TestContext): SqliteDb {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-contacts-'))
  const db = SqliteDb.open({ file: join(folder, 'test.db'), bytesMax: 1 << 30, groupMax: 100 })
  t.after(async () => {
    await db.close()
    rmSync(folder, { recursive: true })
  })
  return db
}

test('a user has, and has sent, no more invitations than may be: the oldest go', async t => {
  const db = openDb(t)
  const pairs = (where: string) =>
    db.read(sql =>
      sql.all<{ uid: number; inviter: number }>(
        `SELECT uid, inviter_uid AS "inviter" FROM contact_invitations WHERE ${where}
         ORDER BY invited_at, uid, inviter_uid`,
      ),
    )
  await db.write(async sql => {
    for (let inviter = 1; inviter <= 5; inviter++) await putInvitation(sql, 100, inviter, inviter, 3)
    // Once more: it is the newest now.
    await putInvitation(sql, 100, 3, 6, 3)
    await putInvitation(sql, 100, 6, 7, 3)
    for (let uid = 201; uid <= 205; uid++) await putInvitation(sql, uid, 200, 5, 3)
  })
  assert.deepEqual(
    (await pairs('uid = 100')).map(({ inviter }) => inviter),
    [5, 3, 6],
  )
  assert.deepEqual(
    (await pairs('inviter_uid = 200')).map(({ uid }) => uid),
    [203, 204, 205],
  )
})

test('mutes that are over are removed in slices, others stay', async t => {
  const db = openDb(t)
  const user = (uid: number) => ({ uid, appId: 1 })
  const slices = await db.write(async sql => {
    for (let uid = 1; uid <= 5; uid++) await putMute(sql, user(uid), 'chat', 100)
    await putMute(sql, user(1), 'groupchat', 101)
    await putMute(sql, user(2), 'chat', muteForever)
    return [await purgeMutes(sql, 100, 3), await purgeMutes(sql, 100, 3), await purgeMutes(sql, 100, 3)]
  })
  assert.deepEqual(slices, [true, false, false])
  const left = await db.read(sql => sql.all('SELECT uid, chat_type AS "kind" FROM user_mutes ORDER BY uid'))
  assert.deepEqual(
    left.map(row => ({ ...(row as object) })),
    [
      { uid: 1, kind: 'groupchat' },
      { uid: 2, kind: 'chat' },
    ],
  )
})
