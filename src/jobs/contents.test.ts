import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Config, readConfig } from '../config.ts'
import { ManualClock } from '../lib/clock.ts'
import { contentFolder, contentShelves, shelfOf, thumbnailSuffix } from '../lib/content-place.ts'
import { type FileRow, findFile, insertFile, removeFile } from '../store/files.ts'
import { insertImage, insertImageFile } from '../store/images.ts'
import { SqliteDb } from '../store/sqlite.ts'
import { Purge } from './purge.ts'
import { removeContents } from './remove-contents.ts'
import { SweepContents } from './sweep-contents.ts'

const startMs = Date.UTC(2026, 0, 1)
const hourMs = 3_600_000
const dayMs = 24 * hourMs

function openWorld(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-contents-'))
  const db = SqliteDb.open({ file: join(dataDir, 'test.db'), bytesMax: 1 << 30, groupMax: 100 })
  t.after(async () => {
    await db.close()
    rmSync(dataDir, { recursive: true })
  })
  const clock = new ManualClock(startMs)
  const config: Config = { ...readConfig({}), dataDir }
  return { db, clock, config }
}

type World = ReturnType<typeof openWorld>

function pathOf({ config }: World, id: string): string {
  return join(config.dataDir, contentFolder, shelfOf(id), id)
}

/** Puts a content on the disk, last changed at that moment. */
function write(world: World, changedMs: number, suffix = ''): string {
  const id = randomUUID()
  for (const path of new Set([pathOf(world, id), pathOf(world, id) + suffix])) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, 'x')
    utimesSync(path, changedMs / 1000, changedMs / 1000)
  }
  return id
}

let lastNo = 0
async function keep(world: World, fileId: string, parts: Partial<FileRow> = {}): Promise<FileRow> {
  const row: FileRow = {
    fileNo: ++lastNo,
    fileId,
    appId: 1,
    groupId: null,
    ownerUid: 0,
    owner: '',
    name: 'x',
    type: 'text/plain',
    bytes: 1,
    secretDigest: null,
    thumbnailWidth: 1,
    thumbnailHeight: 1,
    hasContent: 1,
    createdAt: world.clock.now(),
    ...parts,
  }
  await world.db.write(sql => insertFile(sql, row))
  return row
}

async function runAll(world: World, job: { run(world: World): Promise<boolean> }): Promise<number> {
  let slices = 1
  while (await job.run(world)) slices++
  return slices
}

const find = ({ db }: World, { fileId, groupId }: FileRow) =>
  db.read(sql => findFile(sql, 1, groupId, fileId))

test('a file of messages loses its content when its time is over, and is forgotten a month later', async t => {
  const world = openWorld(t)
  const old = await keep(world, write(world, startMs, thumbnailSuffix))
  const shared = await keep(world, write(world, startMs), { groupId: 77 })
  world.clock.advance(dayMs)
  const young = await keep(world, write(world, startMs))
  world.clock.advance(6 * dayMs - 1)
  await runAll(world, removeContents)
  assert.ok(existsSync(pathOf(world, old.fileId)))
  world.clock.advance(1)
  await runAll(world, removeContents)
  assert.equal(existsSync(pathOf(world, old.fileId)), false)
  assert.equal(existsSync(pathOf(world, old.fileId) + thumbnailSuffix), false)
  assert.equal((await find(world, old))?.hasContent, 0)
  for (const file of [shared, young]) assert.ok(existsSync(pathOf(world, file.fileId)))
  world.clock.advance(30 * dayMs - 1)
  await runAll(world, removeContents)
  assert.ok(await find(world, old))
  world.clock.advance(1)
  await runAll(world, removeContents)
  assert.equal(await find(world, old), undefined)
  assert.ok(existsSync(pathOf(world, shared.fileId)))
})

test('contents of removed files go in slices, also those that are gone already', async t => {
  const world = openWorld(t)
  const files: FileRow[] = []
  for (let count = 0; count < 450; count++) files.push(await keep(world, write(world, startMs)))
  rmSync(pathOf(world, files[7]!.fileId))
  await world.db.write(async sql => {
    for (const file of files) await removeFile(sql, file)
  })
  assert.equal(await runAll(world, removeContents), 3)
  assert.ok(files.every(({ fileId }) => !existsSync(pathOf(world, fileId))))
  assert.equal(await runAll(world, removeContents), 1)
})

test('the sweep removes contents without a file once they are an hour old, and nothing else', async t => {
  const world = openWorld(t)
  const now = world.clock.now()
  const stray = write(world, now - hourMs - 1_000, thumbnailSuffix)
  const young = write(world, now - hourMs + 1_000)
  const kept = await keep(world, write(world, now - dayMs))
  const expired = await keep(world, write(world, now - dayMs), { hasContent: 0 })
  const foreign = join(dirname(pathOf(world, kept.fileId)), 'notes.txt')
  writeFileSync(foreign, 'mine')
  utimesSync(foreign, 0, 0)
  assert.equal(await runAll(world, new SweepContents()), contentShelves.length)
  assert.equal(existsSync(pathOf(world, stray)), false)
  assert.equal(existsSync(pathOf(world, stray) + thumbnailSuffix), false)
  assert.equal(existsSync(pathOf(world, expired.fileId)), false)
  for (const path of [pathOf(world, young), pathOf(world, kept.fileId), foreign])
    assert.ok(existsSync(path), path)
})

test('the files of an image stay as long as it does, and go with it, however many there are', async t => {
  const world = openWorld(t)
  const dayOld = world.clock.now() - dayMs
  const [old, young] = [1, 2].map(() => Array.from({ length: 250 }, () => write(world, dayOld)))
  await world.db.write(async sql => {
    for (const [mediaId, files, days] of [
      ['old', old!, 30],
      ['young', young!, 31],
    ] as const) {
      await insertImage(sql, { mediaId, appId: 1, urls: '{}', expiresAt: startMs + days * dayMs })
      for (const fileId of files)
        await insertImageFile(sql, mediaId, { fileId, type: 'image/png', bytes: 1 }, startMs)
    }
  })
  const there = (files: readonly string[]) => files.filter(id => existsSync(pathOf(world, id))).length
  const run = async () => {
    for (const job of [new Purge(), removeContents, new SweepContents()]) await runAll(world, job)
  }
  world.clock.advance(30 * dayMs - 1)
  await run()
  assert.deepEqual([there(old!), there(young!)], [250, 250])
  world.clock.advance(1)
  await run()
  assert.deepEqual([there(old!), there(young!)], [0, 250])
})
