// The file of an outbox for whoever only wants to look: it must be there, and be one.
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { SqliteStore } from './sqlite-store.ts'

/** SQLITE_NOTADB. */
const notADatabase = 26

export class NoOutbox extends Error {}

/** @throws NoOutbox @throws Error of SQLite */
export function openOutboxFile(path: string): SqliteStore {
  const file = statSync(path, { throwIfNoEntry: false })
  if (!file) throw new NoOutbox(`there is no file ${path}`)
  if (!file.isFile() || !beginsAsSqlite(path)) throw new NoOutbox(`${path} is no outbox`)
  if (!holdsOutbox(path)) throw new NoOutbox(`${path} is a SQLite file, but no outbox`)
  return new SqliteStore(path)
}

/** Readable to its owner alone: others' messages are in it. @throws Error where the file is there already */
export function makeOutboxFile(path: string): SqliteStore {
  closeSync(openSync(path, 'wx', 0o600))
  return new SqliteStore(path)
}

/** @throws Error of SQLite, but for a file that is none: only its start looks like one */
function holdsOutbox(path: string): boolean {
  try {
    return SqliteStore.isIn(path)
  } catch (error) {
    if ((error as { errcode?: number }).errcode === notADatabase) return false
    throw error
  }
}

function beginsAsSqlite(path: string): boolean {
  const start = new Uint8Array(16)
  const file = openSync(path, 'r')
  try {
    readSync(file, start)
  } finally {
    closeSync(file)
  }
  return new TextDecoder().decode(start) === 'SQLite format 3\0'
}
