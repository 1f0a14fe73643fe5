import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { type Audience, type Platform, platforms } from '../contract/operations/pushes.ts'
import { fillSlice } from '../jobs/fill-tag-bitmaps.ts'
import type { Sql } from '../store/db.ts'
import { addTag, deleteTag, removeTag } from '../store/device-attributes.ts'
import { deleteDevice, insertDevice } from '../store/devices.ts'
import { SqliteDb } from '../store/sqlite.ts'
import { reachOf } from './audience.ts'
import { TagBitmaps } from './tag-bitmaps.ts'

const appId = 1
const dayMs = 86_400_000
const devices = 1_800
/** Some bits of every bitmap lie in another chunk than the others. */
const idOf = (index: number) => index * 11
/** Room for two of three tags, or for all. */
const sizes = [12_000, 1 << 20]
const tags = ['a', 'b', 'c']
const audiences: readonly Audience[] = [
  { tagAnd: ['a', 'b'] },
  { tagAnd: ['a', 'b', 'c'] },
  { tag: ['a', 'b'], tagAnd: ['c'] },
  { tagAnd: ['a', 'c'], tagNot: ['b'] },
]

const folder = mkdtempSync(join(tmpdir(), 'posthouse-bitmaps-'))
const db = SqliteDb.open({ file: join(folder, 'test.db'), bytesMax: 1 << 30, groupMax: 100 })
after(async () => {
  await db.close()
  rmSync(folder, { recursive: true })
})

/** `again`: when it runs again, after a rollback that another has caused. */
type Fails = 'never' | 'always' | 'again'

/** What happens to the devices `from`, `from + step` … */
interface Some {
  readonly from: number
  readonly step: number
}

type Write =
  | (Some & { readonly does: 'give' | 'take'; readonly tag: string })
  | (Some & { readonly does: 'delete' | 'register' | 'age' })

type Transaction =
  | (Write & { readonly fails: Fails })
  | { readonly does: 'delete-tag'; readonly tag: string; readonly on: Platform[]; readonly fails: Fails }

type Act =
  | Transaction
  | { readonly does: 'push'; readonly audience: Audience }
  | { readonly does: 'want'; readonly audience: Audience }
  | { readonly does: 'fill'; readonly devices: number }
  | { readonly does: 'restart'; readonly bytesMax: number }
  | { readonly does: 'wait'; readonly ms: number }

const from = fc.nat(3)
const tag = fc.constantFrom(...tags)
const fails = fc.constantFrom<Fails>('never', 'never', 'never', 'always', 'again')
const audience = fc.constantFrom(...audiences)
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('give'), from, step: fc.constantFrom(1, 2, 3, 97), tag, fails }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('take'), from, step: fc.constantFrom(1, 2, 3, 97), tag, fails }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('delete'), from, step: fc.constantFrom(1, 5, 97), fails }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('register'), from, step: fc.constantFrom(1, 3), fails }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('age'), from, step: fc.constantFrom(1, 2, 3), fails }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('delete-tag'),
      tag,
      on: fc.subarray([...platforms], { minLength: 1 }),
      fails,
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('push'), audience }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('want'), audience }) },
  {
    weight: 8,
    arbitrary: fc.record({ does: fc.constant('fill'), devices: fc.constantFrom(700, devices + 1) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('restart'), bytesMax: fc.constantFrom(...sizes) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('wait'), ms: fc.constantFrom(60_000, 600_000) }) },
)

/** How often bitmaps had something to say. */
let known = 0

class Watched extends TagBitmaps {
  override candidates(...asked: Parameters<TagBitmaps['candidates']>) {
    const found = super.candidates(...asked)
    if (found) known++
    return found
  }
}

class Play {
  #now = 1_000 * dayMs
  #bitmaps = new Watched(sizes[1]!)

  async begin(): Promise<void> {
    await db.write(async sql => {
      await sql.run('DELETE FROM devices')
      await sql.run('DELETE FROM device_tags')
      for (let index = 1; index <= devices; index++) {
        await this.#register(sql, index)
        for (const [nth, tag] of tags.entries())
          if (index % 3 !== nth) await addTag(sql, this.#bitmaps, appId, tag, idOf(index))
      }
    })
  }

  /** All of them at once: they share a commit, and a rollback. */
  async run(acts: readonly Act[]): Promise<void> {
    const ends = await Promise.allSettled(acts.map(one => this.#act(one)))
    for (const end of ends) if (end.status === 'rejected' && !(end.reason instanceof Failed)) throw end.reason
    await db.read(async sql => {
      for (const audience of audiences) await this.#check(sql, audience)
    })
    assert.ok(this.#bitmaps.bytes <= sizes[1]!)
  }

  async #act(act: Act): Promise<unknown> {
    if (act.does === 'wait') this.#now += act.ms
    else if (act.does === 'restart') this.#bitmaps = new Watched(act.bytesMax)
    else if (act.does === 'want') this.#bitmaps.want(appId, act.audience, this.#now)
    else if (act.does === 'fill')
      return fillSlice({ tagBitmaps: this.#bitmaps, db, clock: { now: () => this.#now } }, act.devices)
    else if (act.does === 'push') return db.write(sql => this.#check(sql, act.audience))
    else return this.#writeAll(act)
  }

  #writeAll(act: Transaction): Promise<void> {
    let runs = 0
    return db.write(async sql => {
      if (act.does === 'delete-tag') await this.#deleteTag(sql, act.tag, act.on)
      else await this.#write(sql, act)
      if (act.fails === 'always' || (act.fails === 'again' && ++runs > 1)) throw new Failed()
    })
  }

  async #write(sql: Sql, act: Write): Promise<void> {
    for (let index = 1 + act.from; index <= devices; index += act.step) await this.#change(sql, act, index)
  }

  async #deleteTag(sql: Sql, tag: string, on: readonly Platform[]): Promise<void> {
    await deleteTag(sql, appId, tag, on)
    this.#bitmaps.drop(appId, tag)
  }

  async #change(sql: Sql, act: Write, index: number): Promise<void> {
    const deviceId = idOf(index)
    const row = await sql.one('SELECT 1 FROM devices WHERE device_id = $1', deviceId)
    if (act.does === 'register') return row ? undefined : this.#register(sql, index)
    if (!row) return
    if (act.does === 'give') await addTag(sql, this.#bitmaps, appId, act.tag, deviceId)
    else if (act.does === 'take') await removeTag(sql, appId, act.tag, deviceId)
    else if (act.does === 'delete') await deleteDevice(sql, deviceId)
    else await sql.run('UPDATE devices SET last_online_at = 0, created_at = 0 WHERE device_id = $1', deviceId)
  }

  #register(sql: Sql, index: number): Promise<void> {
    return insertDevice(sql, {
      deviceId: idOf(index),
      appId,
      registrationId: `r${index}`,
      passwordDigest: '',
      platform: index % 2 === 0 ? 'android' : 'ios',
      alias: '',
      mobile: '',
      channels: '{}',
      session: null,
      lastOnlineAt: this.#now,
      offlineFrom: 0,
      broadcastCursor: 0,
      keptBroadcasts: '[]',
      onlineNotedAt: 0,
      activeNotedAt: 0,
      createdAt: this.#now,
    })
  }

  /** The same answer with the bitmaps there are as with none. */
  async #check(sql: Sql, audience: Audience): Promise<void> {
    const nudge = () => {}
    for (const on of [platforms, ['ios'] as const]) {
      const meant = { appId, platforms: on, audience, now: this.#now }
      const expected = await reachOf({ tagBitmaps: new TagBitmaps(0), nudge }, sql, meant)
      assert.deepEqual(await reachOf({ tagBitmaps: this.#bitmaps, nudge }, sql, meant), expected)
    }
  }
}

const fillAtOnce: Act = { does: 'fill', devices: devices + 1 }
/** Rows that are gone while they are read, and come back. */
const takenBackAfterReading: Act[][] = [
  [
    ...tags.map((tag): Act => ({ does: 'take', from: 0, step: 1, tag, fails: 'again' })),
    fillAtOnce,
    { does: 'age', from: 0, step: 1, fails: 'always' },
  ],
  [fillAtOnce],
]

class Failed extends Error {}

test('bitmaps change no answer, whatever is written, rolled back, deleted, forgotten or begun anew beside them', async () => {
  const turns = fc.array(fc.array(act, { minLength: 1, maxLength: 4 }), { minLength: 5, maxLength: 14 })
  await fc.assert(
    fc.asyncProperty(fc.boolean(), turns, async (isFilled, turns) => {
      const play = new Play()
      await play.begin()
      await play.run([{ does: 'want', audience: audiences[1]! }])
      if (isFilled) for (const _ of tags) await play.run([fillAtOnce])
      for (const acts of turns) await play.run(acts)
    }),
    { numRuns: 20, examples: [[false, takenBackAfterReading]] },
  )
  assert.ok(known > 100, `bitmaps were asked ${known} times only`)
})
