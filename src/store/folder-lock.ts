// One process a data folder. The lock is a write lock on an empty SQLite file: the system lets go of it when the
// process ends, however it ends, so there is no stale lock to clear away.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const busy = 5

/**
 * @returns what lets go of the folder
 * @throws FolderInUse when another server, or a restore, holds it; Error in words when it cannot be written
 */
export function lockFolder(dataDir: string): () => void {
  let file: DatabaseSync | undefined
  try {
    const opened = new DatabaseSync(join(dataDir, 'lock'), { timeout: 0 })
    file = opened
    file.exec('BEGIN EXCLUSIVE')
    return () => opened.close()
  } catch (error) {
    file?.close()
    const { errcode, message } = error as { errcode?: number; message: string }
    if (errcode === busy) throw new FolderInUse(dataDir)
    throw new Error(`cannot use the data folder ${dataDir}: ${message}. Check that it can be written`, {
      cause: error,
    })
  }
}

export class FolderInUse extends Error {
  constructor(dataDir: string) {
    super(`another server uses ${dataDir}: stop it first, or set POSTHOUSE_DATA to another folder`)
    this.name = 'FolderInUse'
  }
}
