// What the tables of a server's database hold; the server may be running.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** What every database has, whatever apps there are. */
const own: ReadonlySet<string> = new Set(['apps', 'migrations', 'secrets', 'sequences'])

/** Tables with rows in them; those of the server itself and the list of apps are left out. */
export function countRows(dataDir: string): Record<string, number> {
  return withDatabase(dataDir, database => {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
    const counts: Record<string, number> = {}
    for (const { name } of tables) {
      if (own.has(String(name))) continue
      const { count } = database.prepare(`SELECT COUNT(*) AS count FROM ${name}`).get() as { count: number }
      if (count > 0) counts[String(name)] = count
    }
    return counts
  })
}

export function readRows(dataDir: string, query: string): Record<string, unknown>[] {
  return withDatabase(dataDir, database => database.prepare(query).all())
}

function withDatabase<T>(dataDir: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(join(dataDir, 'posthouse.db'), { timeout: 5_000, readOnly: true })
  try {
    return work(database)
  } finally {
    database.close()
  }
}
