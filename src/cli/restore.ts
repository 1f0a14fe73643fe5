// `posthouse restore`: puts a backup in the place of the database while no server runs.
import { resolve } from 'node:path'
import { makeDataDir } from '../runtime-file.ts'
import { replaceDatabase, UnusableBackup } from '../store/database-files.ts'
import { FolderInUse, lockFolder } from '../store/folder-lock.ts'
import { type Command, CommandError, exitCodes, onlyArgument } from './command.ts'
import { dataDirOf } from './data-dir.ts'

export const restoreCommand: Command = {
  summary: 'put a backup in the place of the database (the server must be stopped)',
  usage: `posthouse restore FILE
  Checks FILE first; what was there stays beside it as posthouse.db.before-restore-TIME.
  Exit codes: 0 done, 2 wrong usage, 3 a server uses the data folder, 4 FILE is no usable backup, 1 anything else`,
  run: async argv => {
    const file = resolve(onlyArgument(argv, 'FILE'))
    const dataDir = dataDirOf(process.env)
    makeDataDir(dataDir)
    try {
      await restore(dataDir, file)
    } catch (error) {
      throw new CommandError((error as Error).message, exitCodeOf(error), error)
    }
    return exitCodes.done
  },
}

async function restore(dataDir: string, file: string): Promise<void> {
  const unlock = lockFolder(dataDir)
  try {
    const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
    const { keptAs } = await replaceDatabase(dataDir, file, stamp)
    console.log(`${dataDir} now holds ${file}`)
    if (keptAs) console.log(`the database that was there is kept as ${keptAs}`)
  } finally {
    unlock()
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof FolderInUse) return exitCodes.server
  return error instanceof UnusableBackup ? exitCodes.backupUnusable : exitCodes.failed
}
