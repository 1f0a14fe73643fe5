// One process a data folder. The lock is a write lock on an empty SQLite file: the system lets go of it when the
// process ends, however it ends, so there is no stale lock to clear away.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const busy = 5

/**
 * @returns what lets go of the folder
 * @throws FolderInUse when another server, or a restore, holds it
 */
export function lockFolder(dataDir: string): () => void {
  const file = new DatabaseSync(join(dataDir, 'lock'), { timeout: 0 })
  try {
    file.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    file.close()
    throw (error as { errcode?: number }).errcode === busy ? new FolderInUse(dataDir) : error
  }
  return () => file.close()
}

export class FolderInUse extends Error {
  constructor(dataDir: string) {
    super(`another server uses ${dataDir}: stop it first, or set POSTHOUSE_DATA to another folder`)
    this.name = 'FolderInUse'
  }
}
