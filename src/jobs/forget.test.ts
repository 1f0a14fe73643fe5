import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import type { Wake } from '../contract/operations/wakes.ts'
import { OnlineDevices } from '../core/online.ts'
import { OnlineUsers } from '../core/online-users.ts'
import type { JobName } from '../core/world.ts'
import { ManualClock } from '../lib/clock.ts'
import { MessageIds } from '../lib/message-id.ts'
import type { Sql } from '../store/db.ts'
import { leaveTraces } from '../store/deletions.ts'
import { addToInbox } from '../store/inbox.ts'
import { SqliteDb } from '../store/sqlite.ts'
import { forget } from './forget.ts'

const startMs = Date.UTC(2026, 0, 1)
/** What a slice may take, and what the last push in it may exceed that by. */
const rowsMax = 500 + 20
/** More than one slice takes, of every kind. */
const many = 1_200

function openWorld(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-forget-'))
  const file = join(folder, 'test.db')
  const db = SqliteDb.open({ file, bytesMax: 1 << 30, groupMax: 100 })
  t.after(async () => {
    await db.close()
    rmSync(folder, { recursive: true })
  })
  const ids = new MessageIds(new ManualClock(startMs))
  const wakes: Wake[] = []
  const nudged: JobName[] = []
  const world = {
    db,
    ids,
    online: new OnlineDevices(ids.last, startMs),
    onlineUsers: new OnlineUsers(),
    wake: (wake: Wake) => void wakes.push(wake),
    nudge: (job: JobName) => void nudged.push(job),
  }
  const countRows = () => {
    const database = new DatabaseSync(file, { readOnly: true })
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
    const counts = tables
      .filter(({ name }) => name !== 'sequences')
      .map(
        ({ name }) =>
          [String(name), Number(database.prepare(`SELECT COUNT(*) AS n FROM ${name}`).get()!.n)] as const,
      )
    database.close()
    return Object.fromEntries(counts)
  }
  return { world, wakes, nudged, countRows }
}

/** Rows as many apps have them; ids of different apps are apart. */
async function fill(sql: Sql, appId: number, count: number): Promise<void> {
  const base = appId * 1_000_000
  const insert = (table: string, columns: string, values: (string | number)[]) =>
    sql.run(
      `INSERT INTO ${table} (${columns}) VALUES (${values.map((_, at) => `$${at + 1}`).join(', ')})`,
      ...values,
    )
  for (let id = base; id < base + count; id++) {
    await insert(
      'devices',
      `device_id, app_id, registration_id, password_digest, platform, alias, mobile, channels, session,
       last_online_at, offline_from, broadcast_cursor, kept_broadcasts, created_at`,
      [id, appId, `rid-${id}`, '', 'android', '', '', '{}', `session-${id}`, 0, 0, 0, '[]', 0],
    )
    await insert('device_tags', 'app_id, tag, device_id', [appId, 'x', id])
    // The first device has a long queue.
    for (const [device, msg] of [
      [base, id],
      [id, base],
    ] as const)
      if (device !== msg || id === base)
        await sql.run(
          "INSERT INTO push_targets (device_id, msg_id, state) VALUES ($1, $2, 'pending') ON CONFLICT DO NOTHING",
          device,
          msg,
        )
    await insert(
      'pushes',
      'msg_id, app_id, platforms, audience, content, is_broadcast, state, created_at, expires_at',
      [id, appId, 'android', '"all"', '{}', 1, 'live', 0, 0],
    )
    await insert('push_counts', 'msg_id, platform, received, opened', [id, 'android', 1, 0])
    await insert('broadcast_receipts', 'msg_id, event, chunk, devices', [id, 'received', 0, ''])
    await insert('messages', 'msg_id, app_id, chat_type, sender, target, payload', [
      id,
      appId,
      'chat',
      'admin',
      'bob',
      '{}',
    ])
    await insert(
      'idempotency',
      'app_id, scope, idempotency_key, fingerprint, result, answered_at, took_ms, expires_at',
      [appId, 's', `k-${id}`, '', '{}', 0, 0, startMs],
    )
    await insert(
      'users',
      'uid, app_id, username, uuid, activated, tokens_from, push_settings, created_at, modified_at',
      [id, appId, `user-${id}`, `uuid-${id}`, 1, 0, '{}', 0, 0],
    )
    await insert('inbox', 'uid, queue, entry_id, origin, is_transient', [id, 'u:admin', id, 0, 0])
    await insert('inbox_cursors', 'uid, queue, device_id, acknowledged', [id, 'u:bob', id, id])
    await insert('notices', 'notice_id, app_id, content', [id, appId, '{}'])
    await insert(
      'user_devices',
      'device_id, uid, app_id, resource, device_uuid, device_name, os, session, session_from, since, seen_at',
      [id, id, appId, 'web', '', '', 'other', `web-${id}`, 0, 0, 0],
    )
    await insert(
      'groups',
      `group_id, app_id, kind, name, description, is_public, max_users, members_only, allow_invites,
       invite_need_confirm, custom, scale, is_disabled, is_muted, owner_uid, member_count, created_at, modified_at`,
      [id, appId, 'group', '', '', 1, 9, 0, 0, 0, '', 'normal', 0, 0, id, 0, 0, 0],
    )
  }
  await insert('group_counts', 'app_id, kind, count', [appId, 'group', count])
}

test('a deleted app goes slice by slice, whoever goes on with it, and no other app loses a row', async t => {
  const { world, wakes, nudged, countRows } = openWorld(t)
  await world.db.write(sql => fill(sql, 2, 3))
  const others = countRows()
  await world.db.write(async sql => {
    await fill(sql, 1, many)
    await sql.run('INSERT INTO deleted_apps (app_id) VALUES (1)')
  })
  const sum = () => Object.values(countRows()).reduce((total, count) => total + count, 0)
  let before = sum()
  let slices = 0
  while (await forget.run(world)) {
    const after = sum()
    // A dissolved group and a deleted user leave a row behind for another slice, or another job.
    assert.ok(before - after <= rowsMax, `${before - after} rows in one slice`)
    before = after
    slices++
  }
  assert.ok(slices > (10 * many) / rowsMax, `${slices} slices`)
  assert.deepEqual(countRows(), { ...others, dissolved_groups: many })
  assert.equal(wakes.length, 2 * many)
  const deviceId = 1_000_000 + many - 1
  assert.deepEqual(wakes[many - 1], {
    kind: 'end_session',
    deviceId,
    session: `session-${deviceId}`,
    because: 'removed',
  })
  assert.deepEqual(wakes.at(-1), {
    kind: 'end_user_sessions',
    uid: deviceId,
    deviceId,
    session: `web-${deviceId}`,
    because: 'removed',
  })
  assert.deepEqual(nudged, ['dissolve', 'remove_contents'])
})

test('what waited for a deleted user goes slice by slice, and for nobody else', async t => {
  const { world, countRows } = openWorld(t)
  await world.db.write(async sql => {
    for (let msgId = 1; msgId <= many; msgId++)
      for (const uid of [1, 2])
        await addToInbox(sql, uid, 'u:admin', { entryId: msgId, origin: 0, isTransient: false })
    assert.equal(await leaveTraces(sql, 1), true)
    assert.equal(await leaveTraces(sql, 3), false)
  })
  let slices = 1
  while (await forget.run(world)) slices++
  assert.equal(slices, Math.ceil(many / 500))
  assert.equal(countRows().deleted_users, 0)
  assert.equal(countRows().inbox, many)
})
