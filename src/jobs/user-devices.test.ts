// What is kept for the devices of users, and what of it goes when.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { readConfig } from '../config.ts'
import type { Wake } from '../contract/operations/wakes.ts'
import { checkSettings } from '../core/app-settings.ts'
import { Apps } from '../core/apps.ts'
import { checkCallbacks } from '../core/callback-rules.ts'
import { ChannelAccounts } from '../core/channel-accounts.ts'
import { ChannelGate } from '../core/channel-gate.ts'
import { OnlineDevices } from '../core/online.ts'
import { OnlineUsers } from '../core/online-users.ts'
import { Seal, sealKeyBytes } from '../core/seal.ts'
import { ManualClock } from '../lib/clock.ts'
import { MessageIds, messageIdAt } from '../lib/message-id.ts'
import type { Sql } from '../store/db.ts'
import { addToInbox, moveCursor } from '../store/inbox.ts'
import { putSubscription } from '../store/presence.ts'
import { SqliteDb } from '../store/sqlite.ts'
import { addSentMessage, putUserDevice, type UserDeviceRow } from '../store/user-devices.ts'
import { insertUser } from '../store/users.ts'
import { EndLostSessions } from './end-lost-sessions.ts'
import { ForgetUserDevices } from './forget-user-devices.ts'
import type { Job } from './runner.ts'

const startMs = Date.UTC(2026, 0, 1)
const retentionMs = 172_800_000
/** More than one slice takes, of everything. */
const many = 1_200

function openWorld(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-user-devices-'))
  const db = SqliteDb.open({ file: join(folder, 'test.db'), bytesMax: 1 << 30, groupMax: 100 })
  t.after(async () => {
    await db.close()
    rmSync(folder, { recursive: true })
  })
  const clock = new ManualClock(startMs)
  const config = readConfig({ POSTHOUSE_MESSAGE_RETENTION_MS: String(retentionMs) })
  const online = new OnlineDevices(messageIdAt(startMs), startMs)
  const wakes: Wake[] = []
  const world = {
    db,
    clock,
    config,
    ids: new MessageIds(clock),
    online,
    onlineUsers: new OnlineUsers(),
    apps: new Apps(),
    channels: noChannels(clock),
    nudge: () => {},
    wake: (wake: Wake) => void wakes.push(wake),
  }
  const count = (table: string, condition = '1 = 1') =>
    db.read(async sql => {
      const text = `SELECT COUNT(*) AS count FROM ${table} WHERE ${condition}`
      return (await sql.one<{ count: number }>(text))!.count
    })
  return { world, wakes, count }
}

/** Nobody has credentials with a vendor. */
function noChannels(clock: ManualClock): ChannelAccounts {
  const { gate, timeoutMs } = readConfig({}).core.dispatch
  const surroundings = { now: () => clock.now(), ca: [], timeoutMs }
  return new ChannelAccounts(new Seal(randomBytes(sealKeyBytes)), new ChannelGate(clock, gate), surroundings)
}

function deviceOf(deviceId: number, more: Partial<UserDeviceRow> = {}): UserDeviceRow {
  const named = { resource: `r${deviceId}`, deviceUuid: '', deviceName: '', os: 'other' }
  const times = { sessionFrom: 0, since: 0, seenAt: startMs }
  return { deviceId, uid: deviceId, appId: 1, session: null, ...named, ...times, ...more }
}

async function slicesOf<World>(job: Job<World>, world: World): Promise<number> {
  let slices = 1
  while (await job.run(world)) slices++
  return slices
}

test('devices, cursors and sent messages go with their time, slice by slice; younger ones stay', async t => {
  const { world, count } = openWorld(t)
  const { clock, config } = world
  const oldId = messageIdAt(startMs)
  await world.db.write(async sql => {
    for (let id = 1; id <= many; id++) {
      await putUserDevice(sql, deviceOf(id))
      await addSentMessage(sql, id, 'x', oldId + id)
      await moveCursor(sql, id, 'u:bob', id, oldId)
    }
    await putUserDevice(sql, deviceOf(many + 1, { session: 'live' }))
    await putUserDevice(sql, deviceOf(many + 2, { seenAt: startMs + retentionMs }))
    await moveCursor(sql, many + 2, 'u:bob', many + 2, messageIdAt(startMs + 2))
  })
  const job = new ForgetUserDevices()

  clock.advance(config.im.resendMs)
  await slicesOf(job, world)
  assert.equal(await count('sent_messages'), many)

  clock.advance(1)
  assert.ok((await slicesOf(job, world)) > many / 500)
  assert.equal(await count('sent_messages'), 0)
  assert.equal(await count('user_devices'), many + 2)
  assert.equal(await count('inbox_cursors'), many + 1)

  clock.advance(retentionMs - config.im.resendMs)
  assert.ok((await slicesOf(job, world)) > 5)
  assert.equal(await count('user_devices'), 2)
  assert.equal(await count('inbox_cursors'), 1)
})

test('what had waited for a forgotten device alone goes with it', async t => {
  const { world, count } = openWorld(t)
  await world.db.write(async sql => {
    await putUserDevice(sql, deviceOf(1, { uid: 9 }))
    await putUserDevice(sql, deviceOf(2, { uid: 9, session: 'live' }))
    for (const entryId of [5, 6, 7])
      await addToInbox(sql, 9, 'u:bob', { entryId, origin: 0, isTransient: false })
    await moveCursor(sql, 9, 'u:bob', 2, 6)
  })
  assert.equal(await count('inbox'), 3)
  world.clock.advance(retentionMs + 1)
  await slicesOf(new ForgetUserDevices(), world)
  assert.equal(await count('inbox'), 1)
})

test('sessions of users that no gateway has confirmed end once, slice by slice, when their time is over', async t => {
  const { world, count } = openWorld(t)
  const { clock, config, onlineUsers } = world
  const put = (sql: Sql, id: number) => putUserDevice(sql, deviceOf(id, { session: `s${id}`, seenAt: 0 }))
  await world.db.write(async sql => {
    for (let id = 1; id <= many; id++) await put(sql, id)
  })
  onlineUsers.begin(7, 7, 's7')
  const job = new EndLostSessions()

  clock.advance(config.core.delivery.confirmMs - 1)
  await slicesOf(job, world)
  assert.equal(await count('user_devices', 'session IS NOT NULL'), many)

  clock.advance(1)
  assert.ok((await slicesOf(job, world)) >= 3)
  assert.equal(await count('user_devices', 'session IS NOT NULL'), 1)
  assert.equal(await count('user_devices', `session IS NULL AND seen_at = ${startMs}`), many - 1)

  // Whatever comes later is known to this core.
  await world.db.write(sql => put(sql, 1))
  await slicesOf(job, world)
  assert.equal(await count('user_devices', 'session IS NOT NULL'), 2)
})

test('a session that begins while those are ended that were lost is not one of them', async t => {
  const { world, count } = openWorld(t)
  const { clock, config, db, onlineUsers } = world
  const job = new EndLostSessions()
  clock.advance(config.core.delivery.confirmMs)
  // The walk comes to users after devices.
  assert.equal(await job.run(world), true)
  // Both in one commit; what follows a commit is done after it.
  const opened = db
    .write(sql => putUserDevice(sql, deviceOf(1, { session: 's1' })))
    .then(() => onlineUsers.begin(1, 1, 's1'))
  await Promise.all([opened, slicesOf(job, world)])
  assert.equal(await count('user_devices', 'session IS NOT NULL'), 1)
})

test('who has subscribed to a user whose session was lost is told that it is offline', async t => {
  const { world, wakes, count } = openWorld(t)
  const { clock, config, onlineUsers } = world
  await world.db.write(async sql => {
    for (const uid of [1, 2]) {
      const named = { uid, appId: 1, username: `u${uid}`, uuid: `uuid${uid}`, password: null, nickname: null }
      const times = { tokensFrom: 0, createdAt: 0, modifiedAt: 0 }
      await insertUser(sql, { ...named, ...times, activated: 1, pushSettings: '{}' })
      await putUserDevice(sql, deviceOf(uid, { session: `s${uid}` }))
    }
    await putSubscription(sql, 1, 2, startMs + retentionMs)
  })
  onlineUsers.begin(1, 1, 's1')
  clock.advance(config.core.delivery.confirmMs)
  await slicesOf(new EndLostSessions(), world)
  assert.deepEqual(wakes, [{ kind: 'inbox', queue: '', users: [1], origin: 0 }])
  assert.equal(await count('notices', `content LIKE '%"r2\\":\\"0%'`), 1)
})

test('a session that was lost is told to the app’s server as a logout, if its rule asks for that', async t => {
  const { world, count } = openWorld(t)
  const { clock, config } = world
  const rule = { name: 'tell', phase: 'after', url: 'http://localhost/', secret: '' }
  const keep = (appId: number, events: readonly string[]) => {
    const callbacks = checkCallbacks([{ ...rule, events }])
    const keys = { client_id: '', client_secret: '', app_key: String(appId), master_secret: '', uuid: '' }
    const settings = checkSettings({ callbacks }, config)
    const app = `app${appId}`
    world.apps.keep({ appId, org: 'acme', app, ...keys, settings, createdAt: 0, allowlist: undefined })
  }
  keep(1, ['user_status'])
  keep(2, ['chat'])
  await world.db.write(async sql => {
    for (const uid of [1, 2]) {
      const named = { uid, appId: uid, username: 'ann', uuid: `uuid${uid}`, password: null, nickname: null }
      const times = { tokensFrom: 0, createdAt: 0, modifiedAt: 0 }
      await insertUser(sql, { ...named, ...times, activated: 1, pushSettings: '{}' })
      await putUserDevice(sql, deviceOf(uid, { appId: uid, session: `s${uid}` }))
    }
  })
  clock.advance(config.core.delivery.confirmMs)
  await slicesOf(new EndLostSessions(), world)
  assert.equal(await count('callbacks'), 1)
  const isOfRule = `app_id = 1 AND rule = 'tell' AND event = 'user_status' AND content LIKE '%"reason":"logout"%'`
  assert.equal(await count('callbacks', isOfRule), 1)
})
