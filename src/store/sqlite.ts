// The embedded engine: one connection, WAL, synchronous=FULL, group commit. Works wait in a lane; everything that
// waits when a commit begins shares that commit, and the next one begins when it is done (limits.md §2: eleven times
// the rate of a commit each, and no timer).
import { DatabaseSync } from 'node:sqlite'
import { retryAfter } from '../contract/limits.ts'
import { Refusal } from '../contract/refusal.ts'
import { Backups } from './backups.ts'
import type { Db, Sql } from './db.ts'
import { LaterRelease, migrate } from './migrate.ts'
import { Statements } from './statements.ts'

export interface SqliteOptions {
  readonly file: string
  /** The file never grows past this; the write that would is refused. */
  readonly bytesMax: number
  /** Works that share one commit at most. */
  readonly groupMax: number
}

interface Work {
  readonly run: (sql: Sql) => Promise<unknown>
  readonly writes: boolean
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

type Outcome = { readonly value: unknown } | { readonly error: unknown }

/** SQLite result codes (primary) that mean the store, not the statement, is at fault. */
const unavailableCodes: ReadonlySet<number> = new Set([5, 6, 8, 10, 11, 13, 14, 26])

/** 64 MB of log: a page written again and again between two checkpoints goes to the file once. */
const pagesPerCheckpoint = 16_000

/**
 * Small on purpose: a commit in which a tree's page has been split walks the whole cache, page by page (SQLite renumbers
 * pages through numbers beyond the file). What is not in it is in the system's own cache, one read away.
 */
const cacheKilobytes = 8_192

export class SqliteDb implements Db {
  readonly #database: DatabaseSync
  readonly #statements: Statements
  readonly #groupMax: number
  readonly #backups: Backups
  #waiting: Work[] = []
  #running: Promise<void> | undefined
  #isClosed = false

  private constructor(database: DatabaseSync, { file, groupMax }: SqliteOptions) {
    this.#database = database
    this.#statements = new Statements(database)
    this.#groupMax = groupMax
    this.#backups = new Backups(file)
  }

  /** @throws Error in words for the operator when the file cannot be opened, is no database, or is damaged */
  static open(options: SqliteOptions): SqliteDb {
    const database = openFile(options.file)
    try {
      prepare(database, options.bytesMax)
      return new SqliteDb(database, options)
    } catch (error) {
      database.close()
      throw error instanceof LaterRelease ? error : unusable(options.file, error)
    }
  }

  write<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#enqueue(work, true)
  }

  read<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#enqueue(work, false)
  }

  backup(file: string, waitMs: number): Promise<number | undefined> {
    return this.#backups.write(file, waitMs)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    while (this.#running) await this.#running
    if (this.#database.isOpen) this.#database.close()
  }

  #enqueue<T>(run: (sql: Sql) => Promise<T>, writes: boolean): Promise<T> {
    if (this.#isClosed)
      return Promise.reject(new Refusal('core_draining', {}, { retryAfterMs: retryAfter.drainMs }))
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ run, writes, resolve: resolve as (value: unknown) => void, reject })
      this.#running ??= this.#runGroups()
    })
  }

  async #runGroups(): Promise<void> {
    // Everything that has already arrived joins the group.
    await aTurn()
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, this.#groupMax)
      await this.#runGroup(group)
      // In the first turn its answers leave: the next commit stops this thread. In the second new works arrive.
      await aTurn()
      await aTurn()
    }
    this.#running = undefined
  }

  /**
   * All in one transaction. A work that fails without having written fails alone. One that fails after writing has
   * left rows behind: the group is rolled back and each work runs again in a transaction of its own.
   */
  async #runGroup(group: readonly Work[]): Promise<void> {
    const outcomes = await this.#attempt(group, group.length === 1)
    if (outcomes) return settle(group, outcomes)
    for (const work of group) settle([work], (await this.#attempt([work], true))!)
  }

  async #attempt(group: readonly Work[], isAlone: boolean): Promise<Outcome[] | undefined> {
    const sql = this.#statements
    const hasWrites = group.some(work => work.writes)
    try {
      if (hasWrites) this.#database.exec('BEGIN IMMEDIATE')
    } catch (error) {
      this.#rollback()
      return group.map(() => ({ error: unavailable(error) }))
    }
    const outcomes: Outcome[] = []
    for (const work of group) {
      sql.written = 0
      sql.mayWrite = work.writes
      try {
        outcomes.push({ value: await work.run(sql) })
      } catch (error) {
        outcomes.push({ error: unavailable(error) })
        if (!hasWrites || (sql.written === 0 && this.#database.isTransaction)) continue
        this.#rollback()
        return isAlone ? outcomes : undefined
      }
    }
    try {
      if (hasWrites) this.#database.exec('COMMIT')
    } catch (error) {
      this.#rollback()
      return isAlone ? [{ error: unavailable(error) }] : undefined
    }
    return outcomes
  }

  /** What cannot be rolled back now will be by the next attempt to begin; nobody may be left without an answer. */
  #rollback(): void {
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
    } catch {}
  }
}

/** The event loop goes round once. */
function aTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

function settle(group: readonly Work[], outcomes: readonly Outcome[]): void {
  for (const [index, work] of group.entries()) {
    const outcome = outcomes[index]!
    if ('error' in outcome) work.reject(outcome.error)
    else work.resolve(outcome.value)
  }
}

/** Turns an engine error that says "the store cannot" into the refusal for it; leaves every other error alone. */
function unavailable(error: unknown): unknown {
  const code = (error as { errcode?: unknown }).errcode
  if (typeof code !== 'number' || !unavailableCodes.has(code & 0xff)) return error
  const refusal = new Refusal('store_unavailable')
  refusal.message += `: ${(error as Error).message}`
  refusal.cause = error
  return refusal
}

function openFile(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 5_000 })
  } catch (error) {
    throw unusable(file, error)
  }
}

function prepare(database: DatabaseSync, bytesMax: number): void {
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
  database.exec(`PRAGMA cache_size = ${-cacheKilobytes}`)
  database.exec(`PRAGMA wal_autocheckpoint = ${pagesPerCheckpoint}`)
  const pageBytes = Number(Object.values(database.prepare('PRAGMA page_size').get()!)[0])
  database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(bytesMax / pageBytes))}`)
  migrate(database)
  // A file that may not be written opens all the same: better to hear of it now than from the first caller.
  database.exec("DELETE FROM migrations WHERE name = ''")
}

function unusable(file: string, cause: unknown): Error {
  return new Error(
    `cannot use the database ${file}: ${(cause as Error).message}. ` +
      'Check that the folder is writable and has space; a damaged file is replaced with `posthouse restore FILE`.',
    { cause },
  )
}
