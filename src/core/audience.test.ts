import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { type Audience, type Platform, platforms } from '../contract/operations/pushes.ts'
import type { Sql } from '../store/db.ts'
import { addTag } from '../store/device-attributes.ts'
import { insertDevice } from '../store/devices.ts'
import { SqliteDb } from '../store/sqlite.ts'
import { reachOf, resolveAudience } from './audience.ts'
import { TagBitmaps } from './tag-bitmaps.ts'

const appId = 1
const dayMs = 86_400_000
const now = 1_000 * dayMs

interface Device {
  readonly platform: Platform
  readonly tags: readonly string[]
  readonly alias: string
  readonly isActive: boolean
}

const tagBitmaps = new TagBitmaps(0)
const world = { tagBitmaps, nudge: () => {} }
const folder = mkdtempSync(join(tmpdir(), 'posthouse-audience-'))
const db = SqliteDb.open({ file: join(folder, 'test.db'), bytesMax: 1 << 30, groupMax: 100 })
after(async () => {
  await db.close()
  rmSync(folder, { recursive: true })
})

async function replaceDevices(sql: Sql, devices: readonly Device[]): Promise<void> {
  await sql.run('DELETE FROM devices')
  await sql.run('DELETE FROM device_tags')
  // Another app's devices carry the same names: they must never be found.
  await insert(sql, 2, 0, { platform: 'android', tags: ['a', 'b', 'c'], alias: 'x', isActive: true })
  for (const [index, device] of devices.entries()) await insert(sql, appId, index + 1, device)
}

async function insert(sql: Sql, appId: number, deviceId: number, device: Device): Promise<void> {
  const seenAt = now - (device.isActive ? 255 : 256) * dayMs
  await insertDevice(sql, {
    deviceId,
    appId,
    registrationId: `r${deviceId}`,
    passwordDigest: '',
    platform: device.platform,
    alias: device.alias,
    mobile: '',
    channels: '{}',
    session: null,
    lastOnlineAt: seenAt,
    offlineFrom: 0,
    broadcastCursor: 0,
    keptBroadcasts: '[]',
    onlineNotedAt: 0,
    activeNotedAt: 0,
    createdAt: seenAt,
  })
  for (const tag of device.tags) await addTag(sql, tagBitmaps, appId, tag, deviceId)
}

function isMeant(
  { tag, tagAnd, tagNot, alias, registrationId }: Audience,
  device: Device,
  id: number,
): boolean {
  return (
    (!tag || tag.some(one => device.tags.includes(one))) &&
    (tagAnd ?? []).every(one => device.tags.includes(one)) &&
    !(tagNot ?? []).some(one => device.tags.includes(one)) &&
    (!alias || alias.includes(device.alias)) &&
    (!registrationId || registrationId.includes(`r${id}`))
  )
}

function expected(devices: readonly Device[], on: readonly Platform[], audience: Audience) {
  const meant = devices
    .map((device, index) => ({ device, id: index + 1 }))
    .filter(({ device, id }) => on.includes(device.platform) && isMeant(audience, device, id))
  return { all: meant.length, active: meant.filter(({ device }) => device.isActive).map(({ id }) => id) }
}

async function resolveByPages(sql: Sql, on: readonly Platform[], audience: Audience, limit: number) {
  const found: number[] = []
  let after: number | undefined = 0
  while (after !== undefined) {
    const page = await resolveAudience(sql, { appId, platforms: on, audience, now }, after, limit)
    found.push(...page.found.map(({ deviceId }) => deviceId))
    after = page.next
  }
  return found
}

const tags = ['a', 'b', 'c', 'd']
const someTags = fc.uniqueArray(fc.constantFrom(...tags), { minLength: 1 })
const somePlatforms = fc.uniqueArray(fc.constantFrom(...platforms), { minLength: 1 })
const anyDevice: fc.Arbitrary<Device> = fc.record({
  platform: fc.constantFrom(...platforms),
  tags: fc.subarray(tags),
  alias: fc.constantFrom('', 'x', 'y', 'z'),
  isActive: fc.boolean(),
})
const anyAudience: fc.Arbitrary<Audience> = fc.record(
  {
    tag: someTags,
    tagAnd: someTags,
    tagNot: someTags,
    alias: fc.uniqueArray(fc.constantFrom('x', 'y', 'nobody'), { minLength: 1 }),
    registrationId: fc.uniqueArray(
      fc.nat(30).map(id => `r${id}`),
      { minLength: 1 },
    ),
  },
  { requiredKeys: [] },
)

test('an audience is the intersection of its keys, within the app, the platforms and 255 days', async () => {
  const devices = fc.array(anyDevice, { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(
      devices,
      fc.array(anyAudience, { maxLength: 8 }),
      somePlatforms,
      (devices, audiences, on) =>
        db.write(async sql => {
          await replaceDevices(sql, devices)
          for (const audience of audiences) {
            const { all, active } = expected(devices, on, audience)
            const reach = await reachOf(world, sql, { appId, platforms: on, audience, now })
            const nobody = all > 0 ? 'inactive' : 'nobody'
            assert.deepEqual(reach, active.length > 0 ? { kind: 'devices', deviceIds: active } : nobody)
            for (const limit of [1, 3, 100])
              assert.deepEqual(await resolveByPages(sql, on, audience, limit), active)
          }
          const { all, active } = expected(devices, on, {})
          const everybody = await reachOf(world, sql, { appId, platforms: on, audience: 'all', now })
          const nobody = all > 0 ? 'inactive' : 'nobody'
          assert.deepEqual(everybody, active.length > 0 ? { kind: 'broadcast' } : nobody)
        }),
    ),
    { numRuns: 60 },
  )
})

test('an audience of more than a thousand is not written down, but paged through', async () => {
  const devices = Array.from(
    { length: 2_500 },
    (_, index): Device => ({
      platform: index % 3 === 0 ? 'ios' : 'android',
      tags: [index % 2 === 0 ? 'even' : 'odd', 'all', ...(index % 5 === 0 ? ['fifth'] : [])],
      alias: '',
      isActive: index % 7 !== 0,
    }),
  )
  await db.write(async sql => {
    await replaceDevices(sql, devices)
    const reach = (audience: Audience) =>
      reachOf(world, sql, { appId, platforms: ['android'], audience, now })
    assert.deepEqual(await reach({ tag: ['all'] }), { kind: 'query' })
    assert.deepEqual(await reach({ tagNot: ['odd'] }), { kind: 'query' })
    assert.deepEqual(await reach({ tagAnd: ['even', 'odd'] }), 'nobody')
    assert.deepEqual(await reach({ tag: ['all'], tagNot: ['even', 'odd'] }), 'nobody')
    const fifth = { tagAnd: ['all', 'fifth'] }
    assert.deepEqual(await reach(fifth), {
      kind: 'devices',
      deviceIds: expected(devices, ['android'], fifth).active,
    })
    for (const audience of [{ tag: ['even', 'odd'] }, { tagNot: ['odd'] }, fifth])
      assert.deepEqual(
        await resolveByPages(sql, ['android'], audience, 100),
        expected(devices, ['android'], audience).active,
      )
  })
})
