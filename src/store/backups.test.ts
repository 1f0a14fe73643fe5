import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { Backups } from './backups.ts'

const rows = 4_000

/** A write-ahead-logged database of some megabytes, in use. */
function makeDatabase(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-backups-'))
  const source = join(folder, 'source.db')
  const database = new DatabaseSync(source)
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER PRIMARY KEY, x BLOB)')
  database.exec('BEGIN')
  const insert = database.prepare('INSERT INTO t (x) VALUES (zeroblob(2000))')
  for (let index = 0; index < rows; index++) insert.run()
  database.exec('COMMIT')
  t.after(() => {
    database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { folder, database, backups: new Backups(source) }
}

function countIn(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true })
  const count = Number(database.prepare('SELECT count(*) AS n FROM t').get()!.n)
  database.close()
  return count
}

test('a copy that takes long is joined by asking again, and holds the moment it began although writes go on', async t => {
  const { folder, database, backups } = makeDatabase(t)
  const file = join(folder, 'copy.db')
  assert.equal(await backups.write(file, 0), undefined)
  assert.equal(existsSync(file), false, 'no half of a copy stands under its name')
  let bytes: number | undefined
  while (bytes === undefined) {
    database.exec('INSERT INTO t (x) VALUES (zeroblob(2000))')
    bytes = await backups.write(file, 1)
  }
  assert.equal(bytes, statSync(file).size)
  const copied = countIn(file)
  assert.ok(copied >= rows && copied < countIn(join(folder, 'source.db')), `${copied} rows`)
})

test('another copy has to wait until the one under way is done', async t => {
  const { folder, backups } = makeDatabase(t)
  assert.equal(await backups.write(join(folder, 'one.db'), 0), undefined)
  await assert.rejects(backups.write(join(folder, 'two.db'), 0), /a backup to .*one\.db is under way/)
  assert.ok(await backups.write(join(folder, 'one.db'), 60_000))
  assert.ok(await backups.write(join(folder, 'two.db'), 60_000))
})

test('how a copy ended is told once: then the same file counts as taken', async t => {
  const { folder, backups } = makeDatabase(t)
  const file = join(folder, 'copy.db')
  assert.ok(await backups.write(file, 60_000))
  await assert.rejects(backups.write(file, 60_000), /EEXIST/)
  await assert.rejects(backups.write(join(folder, 'no', 'folder.db'), 60_000), /ENOENT/)
  assert.ok(await backups.write(join(folder, 'next.db'), 60_000), 'a failure does not stand in the way')
})
