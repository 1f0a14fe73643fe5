// Applies migrations/ in order, each in a transaction of its own, each once. A released migration is never edited.
import { readdirSync, readFileSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

const folder = new URL('./migrations/', import.meta.url)

/** The migrations of this release, in order. */
export function migrationNames(): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.sql'))
    .sort()
}

export class LaterRelease extends Error {
  constructor(migration: string) {
    super(`the database was written by a later release (migration ${migration}); update Posthouse`)
    this.name = 'LaterRelease'
  }
}

/** @throws LaterRelease */
export function migrate(database: DatabaseSync): void {
  const names = migrationNames()
  database.exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)')
  const applied = new Set(
    database
      .prepare('SELECT name FROM migrations')
      .all()
      .map(row => String(row.name)),
  )
  const unknown = [...applied].find(name => !names.includes(name))
  if (unknown) throw new LaterRelease(unknown)
  for (const name of names) if (!applied.has(name)) apply(database, name)
}

function apply(database: DatabaseSync, name: string): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    // The row first: a second process that starts at the same moment waits here, then finds the work done.
    database.prepare('INSERT INTO migrations (name) VALUES (?)').run(name)
    database.exec(keyedByRow(readFileSync(new URL(name, folder), 'utf8')))
    database.exec('COMMIT')
  } catch (error) {
    // A full disk rolls back by itself.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** SQLite makes a column the key of the row itself, with no second index, only when its type is spelt INTEGER. */
function keyedByRow(text: string): string {
  return text.replaceAll('BIGINT PRIMARY KEY', 'INTEGER PRIMARY KEY')
}
