// The database as files of a data folder, and how another one takes its place while no server runs.
import { copyFile, link, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { syncFolder } from './backups.ts'
import { migrationNames } from './migrate.ts'

export function databaseFile(dataDir: string): string {
  return join(dataDir, 'posthouse.db')
}

/** SQLite keeps these beside a database that is, or was to the end, in use. */
const sideFiles = ['-wal', '-shm']
const header = Buffer.from('SQLite format 3\0', 'latin1')

export interface Replaced {
  /** Where the database that was there is now; undefined when there was none. */
  readonly keptAs: string | undefined
}

/**
 * Puts a copy of `backup` in the place of the folder's database. What was there stays beside it, whole. The caller holds
 * the folder's lock.
 * @param stamp goes into the kept database's name
 * @throws UnusableBackup when `backup` is no sound database of this release or an earlier one; nothing has changed then
 */
export async function replaceDatabase(dataDir: string, backup: string, stamp: string): Promise<Replaced> {
  const current = databaseFile(dataDir)
  const incoming = `${current}.restoring`
  try {
    await copyIn(backup, incoming)
    checkDatabase(incoming, backup)
    await syncFile(incoming)
    const keptAs = (await exists(current)) ? `${current}.before-restore-${stamp}` : undefined
    if (keptAs) await keep(current, keptAs)
    await rename(incoming, current)
    await syncFolder(dirname(current))
    return { keptAs }
  } finally {
    await removeAll(incoming)
  }
}

export class UnusableBackup extends Error {
  constructor(file: string, reason: string, cause?: unknown) {
    super(`${file} is no usable backup: ${reason}`, { cause })
    this.name = 'UnusableBackup'
  }
}

/** The log as well, should `backup` be the database of a server that was killed. */
async function copyIn(backup: string, incoming: string): Promise<void> {
  await removeAll(incoming)
  if (!(await exists(backup))) throw new UnusableBackup(backup, 'there is no such file')
  await checkHeader(backup)
  await copyFile(backup, incoming)
  if (await exists(`${backup}-wal`)) await copyFile(`${backup}-wal`, `${incoming}-wal`)
}

async function checkHeader(file: string): Promise<void> {
  const handle = await open(file, 'r')
  try {
    const start = Buffer.alloc(header.length)
    await handle.read(start, 0, start.length, 0)
    if (!start.equals(header)) throw new UnusableBackup(file, 'it is not an SQLite database')
  } finally {
    await handle.close()
  }
}

/** Opens the copy, folds its log into it, and looks at every page. `name` is what the operator calls it. */
function checkDatabase(file: string, name: string): void {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file)
    const [fault] = Object.values(database.prepare('PRAGMA quick_check(1)').get()!)
    if (fault !== 'ok') throw new UnusableBackup(name, `it is damaged (${String(fault)})`)
    checkMigrations(database, name)
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch (error) {
    if (error instanceof UnusableBackup) throw error
    throw new UnusableBackup(name, (error as Error).message, error)
  } finally {
    database?.close()
  }
}

function checkMigrations(database: DatabaseSync, name: string): void {
  const table = database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'migrations'").get()
  const applied = Number(table?.n) ? database.prepare('SELECT name FROM migrations').all() : []
  if (applied.length === 0) throw new UnusableBackup(name, 'it is not a database of Posthouse')
  const known = migrationNames()
  const unknown = applied.map(row => String(row.name)).find(migration => !known.includes(migration))
  if (unknown) throw new UnusableBackup(name, `it was written by a later release (migration ${unknown})`)
}

/** There is a database under the old name at every moment. */
async function keep(current: string, keptAs: string): Promise<void> {
  foldLog(current)
  await link(current, keptAs)
  // A log that could not be folded goes with its database; under the new one it would be played into it.
  if (await exists(`${current}-wal`)) await copyFile(`${current}-wal`, `${keptAs}-wal`)
  for (const side of sideFiles) await rm(current + side, { force: true })
}

/** Brings what is in the log alone into the database, where the database still allows it. */
function foldLog(file: string): void {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file)
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {
    // Damaged, perhaps the very reason for the restore: its log is kept as it is.
  } finally {
    database?.close()
  }
}

async function removeAll(file: string): Promise<void> {
  for (const part of ['', ...sideFiles]) await rm(file + part, { force: true })
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  await handle.chmod(0o600)
  await handle.sync().finally(() => handle.close())
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
