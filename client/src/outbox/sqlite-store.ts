// The outbox on the disk, in one SQLite file that several processes may share. What is committed has been synced.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { loadSqlite, openSqliteFile } from '../sqlite-file.ts'
import type { Row, Sql } from './sql.ts'
import { SqlStore } from './sql-store.ts'
import { type Engine, type Procedure, schemaOf } from './statements.ts'

const engine: Engine = {
  // SQLite counts by itself only under this very name.
  counter: 'INTEGER',
  memberOf: (column, name) => `json_extract(${column}, '$.${name}')`,
  // Who writes is alone.
  skipLocked: '',
}

interface Work {
  readonly procedure: Procedure<unknown>
  readonly resolve: (result: never) => void
  readonly reject: (error: unknown) => void
}

export class SqliteStore extends SqlStore {
  protected readonly engine = engine
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #works: Work[] = []

  /** @param path a file, made where it is not there @throws Error of SQLite, or where there is no SQLite */
  constructor(path: string) {
    super()
    this.#db = openSqliteFile(path)
    this.#db.exec(`BEGIN IMMEDIATE; ${schemaOf(engine).join(';')}; COMMIT;`)
  }

  /** Whether a file of SQLite is an outbox; nothing is changed in it. @throws Error of SQLite */
  static isIn(path: string): boolean {
    const { DatabaseSync } = loadSqlite()
    const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
    try {
      return db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'posthouse_outbox'`).get() !== undefined
    } finally {
      db.close()
    }
  }

  close(): void {
    this.#db.close()
  }

  protected async run(statement: Sql, isRead: boolean): Promise<readonly Row[]> {
    return isRead ? this.#all(statement) : this.transact(only(statement))
  }

  /** What is asked for in one turn of the event loop shares one sync of the disk; each is done by itself, or not at all. */
  protected transact<Result>(procedure: Procedure<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#works.push({ procedure, resolve, reject })
      if (this.#works.length === 1) setImmediate(() => this.#commit())
    })
  }

  #commit(): void {
    const works = this.#works
    this.#works = []
    const done: (() => void)[] = []
    try {
      // At once: two processes that both read and then write would each have to give way to the other.
      this.#db.exec('BEGIN IMMEDIATE')
      for (const work of works) done.push(this.#runOne(work))
      this.#db.exec('COMMIT')
      for (const tell of done) tell()
    } catch (error) {
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK')
      for (const { reject } of works) reject(error)
    }
  }

  /** @returns what tells its caller, once it is committed @throws Error that concerns all: the transaction is gone */
  #runOne({ procedure, resolve, reject }: Work): () => void {
    this.#db.exec('SAVEPOINT work')
    try {
      let step = procedure.next()
      while (!step.done) step = procedure.next(this.#all(step.value))
      const result = step.value
      this.#db.exec('RELEASE work')
      return () => resolve(result as never)
    } catch (error) {
      if (!this.#db.isTransaction) throw error
      this.#db.exec('ROLLBACK TO work; RELEASE work')
      return () => reject(error)
    }
  }

  #all(statement: Sql): readonly Row[] {
    const text = statement.marked
    const known = this.#statements.get(text) ?? this.#db.prepare(text)
    this.#statements.set(text, known)
    return known.all(...statement.values) as Row[]
  }
}

function* only(statement: Sql): Procedure<readonly Row[]> {
  return yield statement
}
