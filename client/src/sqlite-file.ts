// SQLite files of the client's own: an outbox, or alerts that are still to be told. Several processes may share one.
import type { DatabaseSync } from 'node:sqlite'

/**
 * @param path a file; where it is not there it is made, for its owner alone: messages are in it
 * @returns it open, so that a statement that has succeeded has survived the loss of power
 * @throws Error of SQLite or of the disk, or where there is no SQLite
 */
export function openSqliteFile(path: string): DatabaseSync {
  const { DatabaseSync } = loadSqlite()
  const { closeSync, openSync } = process.getBuiltinModule('node:fs')
  // SQLite itself would make it as the umask has it. What it puts beside takes over the mode.
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600))
  const db = new DatabaseSync(path, { timeout: 5_000 })
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
  return db
}

/** Not imported: an outbox in PostgreSQL needs none, and older Nodes have none. */
export function loadSqlite(): typeof import('node:sqlite') {
  const sqlite = globalThis.process?.getBuiltinModule?.('node:sqlite')
  if (!sqlite) throw new Error('a file of SQLite needs node:sqlite, as Node has it since 22.13')
  return sqlite
}
