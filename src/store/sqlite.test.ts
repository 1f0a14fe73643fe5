import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from './db.ts'
import { SqliteDb } from './sqlite.ts'

/** A database with a table of numbers, and a second connection that sees what is committed. */
function open(t: TestContext, groupMax = 1_000) {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-sqlite-'))
  const file = join(folder, 'posthouse.db')
  const db = SqliteDb.open({ file, bytesMax: 2 ** 30, groupMax })
  const other = new DatabaseSync(file)
  other.exec('CREATE TABLE numbers (n BIGINT PRIMARY KEY)')
  t.after(async () => {
    other.close()
    await db.close()
    rmSync(folder, { recursive: true })
  })
  const committed = () =>
    other
      .prepare('SELECT n FROM numbers ORDER BY n')
      .all()
      .map(row => Number(row.n))
  return { db, committed }
}

const insert = (sql: Sql, n: number) => sql.run('INSERT INTO numbers (n) VALUES ($1)', n)

test('works that wait together share a commit, and none is answered before it', async t => {
  const { db, committed } = open(t, 10)
  const seen = new Set<number>()
  const works = Array.from({ length: 25 }, async (_, n) => {
    await db.write(sql => insert(sql, n))
    const count = committed().length
    assert.ok(count > n, `${n} was answered when ${count} were committed`)
    seen.add(count)
  })
  await Promise.all(works)
  assert.deepEqual([...seen], [10, 20, 25])
})

test('a commit is on the disk before it is done: power may fail right after it', async t => {
  const { db } = open(t)
  const [mode, synchronous] = await db.write(sql =>
    Promise.all([sql.one<object>('PRAGMA journal_mode'), sql.one<object>('PRAGMA synchronous')]),
  )
  // 2 = FULL.
  assert.deepEqual([{ ...mode }, { ...synchronous }], [{ journal_mode: 'wal' }, { synchronous: 2 }])
})

test('a work that is refused after it has written leaves nothing; those beside it stay', async t => {
  const { db, committed } = open(t)
  const refused = db.write(async sql => {
    await insert(sql, 2)
    throw new Refusal('path_unknown')
  })
  const results = await Promise.allSettled([
    db.write(sql => insert(sql, 1)),
    refused,
    db.write(sql => insert(sql, 3)),
  ])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(committed(), [1, 3])
})

test('a work that is refused when its statements have changed nothing takes nobody with it', async t => {
  const { db, committed } = open(t)
  let runs = 0
  const beside = db.write(async sql => {
    runs++
    await insert(sql, 1)
  })
  const refused = db.write(async sql => {
    await sql.run('DELETE FROM numbers WHERE n = $1', 9)
    await sql.run('INSERT INTO numbers (n) VALUES ($1) ON CONFLICT (n) DO NOTHING', 1)
    throw new Refusal('path_unknown')
  })
  await Promise.all([beside, assert.rejects(refused)])
  assert.deepEqual([runs, committed()], [1, [1]])
})

test('whatever works do, those that were answered are committed, and no other', async t => {
  const { db, committed } = open(t)
  const work = fc.record({
    writes: fc.integer({ min: 0, max: 3 }),
    end: fc.constantFrom('answer', 'refuse', 'break', 'clash'),
  })
  let next = 0
  await fc.assert(
    fc.asyncProperty(fc.array(work, { maxLength: 12 }), async works => {
      const before = committed()
      const taken = ++next
      const expected = [...before, taken]
      const first = db.write(sql => insert(sql, taken))
      const others = works.map(async ({ writes, end }) => {
        const mine = Array.from({ length: writes }, () => ++next)
        let runs = 0
        const done = db.write(async sql => {
          runs++
          for (const n of mine) await insert(sql, n)
          if (end === 'refuse') throw new Refusal('path_unknown')
          if (end === 'break') throw new Error('a bug')
          if (end === 'clash') await insert(sql, taken)
          return mine
        })
        const [outcome] = await Promise.allSettled([done])
        assert.ok(runs <= 2)
        assert.equal(outcome.status === 'fulfilled', end === 'answer')
        if (outcome.status === 'fulfilled') expected.push(...outcome.value)
      })
      await Promise.all([first, ...others])
      assert.deepEqual(
        committed(),
        expected.toSorted((a, b) => a - b),
      )
    }),
  )
})

test('a work that has promised to read cannot write, in any disguise', async t => {
  const { db, committed } = open(t)
  for (const text of [
    'INSERT INTO numbers (n) VALUES (1)',
    'WITH one AS (SELECT 1 AS n) INSERT INTO numbers (n) SELECT n FROM one',
    'DELETE FROM numbers',
  ]) {
    await assert.rejects(
      db.read(sql => sql.run(text)),
      /a read must not write/,
    )
    await assert.rejects(
      db.read(sql => sql.all(text)),
      /a read must not write/,
    )
  }
  const text = "WITH one AS (SELECT 1 AS n) SELECT n, replace('a', 'a', 'b') AS b FROM one"
  assert.deepEqual({ ...(await db.read(sql => sql.one<object>(text))) }, { n: 1, b: 'b' })
  assert.deepEqual(committed(), [])
})

test('a write hidden behind WITH is undone when its work fails', async t => {
  const { db, committed } = open(t)
  const failed = db.write(async sql => {
    await sql.all('WITH one AS (SELECT 1 AS n) INSERT INTO numbers (n) SELECT n FROM one RETURNING n')
    throw new Refusal('path_unknown')
  })
  await assert.rejects(failed, new Refusal('path_unknown'))
  await db.write(sql => insert(sql, 2))
  assert.deepEqual(committed(), [2])
})

test('an error in a statement is the statement’s, not the store’s', async t => {
  const { db } = open(t)
  await assert.rejects(
    db.write(sql => sql.run('INSERT INTO nowhere VALUES (1)')),
    /no such table/,
  )
  await db.write(sql => insert(sql, 1))
  await assert.rejects(
    db.write(sql => insert(sql, 1)),
    /UNIQUE constraint failed/,
  )
})

test('closing finishes what waits and refuses what comes after', async t => {
  const { db, committed } = open(t)
  const waiting = Array.from({ length: 5 }, (_, n) => db.write(sql => insert(sql, n)))
  const closed = db.close()
  await assert.rejects(
    db.write(sql => insert(sql, 9)),
    (error: Refusal) => error.id === 'core_draining' && error.facts.retryAfterMs === 30_000,
  )
  await Promise.all([...waiting, closed])
  assert.deepEqual(committed(), [0, 1, 2, 3, 4])
})
