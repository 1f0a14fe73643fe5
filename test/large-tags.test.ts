// Tags of many devices: who is meant by several together is found by bitmaps, which hear of every tag that is given.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { ManualClock } from '../src/lib/clock.ts'
import { databaseFile } from '../src/store/database-files.ts'
import { CoreClient, secretOf } from './core-client.ts'

const startMs = Date.UTC(2026, 0, 1)
/** Enough that a search for nobody is a long one. */
const devices = 110_000
const tags = {
  older: (id: number) => id <= devices / 2,
  newer: (id: number) => id > devices / 2,
}

async function openCore(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-tags-'))
  const core = new CoreClient(dataDir, new ManualClock(startMs))
  t.after(async () => {
    await core.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  await core.start()
  const made = await core.makeApp('tags')
  await core.stop()
  fill(databaseFile(dataDir))
  await core.start()
  const app = secretOf(made)
  const device = { as: 'app_key', key: made.app_key, ip: '' } as const
  return { core, app, device }
}

/** Registering each would take longer than the test. */
function fill(file: string): void {
  const database = new DatabaseSync(file)
  const { app_id } = database.prepare("SELECT app_id FROM apps WHERE app = 'tags'").get()!
  database.exec('BEGIN')
  const device = database.prepare(
    `INSERT INTO devices (device_id, app_id, registration_id, password_digest, platform, alias, mobile, channels,
       session, last_online_at, offline_from, broadcast_cursor, kept_broadcasts, created_at)
     VALUES (?, ?, ?, '', 'android', '', '', '{}', NULL, ?, 0, 0, '[]', ?)`,
  )
  const tag = database.prepare('INSERT INTO device_tags (app_id, tag, device_id) VALUES (?, ?, ?)')
  for (let id = 1; id <= devices; id++) {
    device.run(id, app_id!, nameOf(id), startMs, startMs)
    for (const [name, has] of Object.entries(tags)) if (has(id)) tag.run(app_id!, name, id)
  }
  database.prepare("INSERT INTO sequences (name, value) VALUES ('devices', ?)").run(devices)
  database.exec('COMMIT')
  database.close()
}

function nameOf(id: number): string {
  return id.toString(16).padStart(19, '0')
}

test('a device that comes to carry them all is meant, however it got the tag, until it carries one no more', async t => {
  const { core, app, device } = await openCore(t)
  const validate = () =>
    core.call(
      'push.validate',
      {
        sendno: '0',
        platforms: ['android'],
        audience: { tagAnd: ['older', 'newer'] },
        contents: { notification: { android: '{"alert":"a"}' }, kept: '{}' },
        timeToLiveSeconds: 60,
        hasActivePushConflict: false,
      },
      app,
    )
  const nobodyIsMeant = () => assert.rejects(validate, { id: 'audience_empty' })
  const name = nameOf(6)

  await nobodyIsMeant()

  await core.call('tag.change', { tag: 'newer', add: [name], remove: [] }, app)
  await validate()
  await core.call('tag.change', { tag: 'newer', add: [], remove: [name] }, app)
  await nobodyIsMeant()

  await core.call('device.change', { registrationId: name, changes: { tagsAdd: ['newer'] } }, app)
  await validate()
  await core.call('device.change', { registrationId: name, changes: { tagsRemove: ['newer'] } }, app)
  await nobodyIsMeant()

  const made = await core.call(
    'registration.create',
    { platform: 'android', tags: Object.keys(tags) },
    device,
  )
  await validate()
  await core.call('registration.delete', made, { as: 'device', ...made })
  await nobodyIsMeant()

  await core.call('tag.change', { tag: 'newer', add: [nameOf(7)], remove: [] }, app)
  await core.stop()
  await core.start()
  await validate()
  await core.call('tag.delete', { tag: 'newer', platforms: ['android'] }, app)
  await nobodyIsMeant()
})
