// How many rows each table of a server's database holds; the server may be running.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** What every database has, whatever apps there are. */
const own: ReadonlySet<string> = new Set(['apps', 'migrations', 'secrets', 'sequences'])

/** Tables with rows in them; those of the server itself and the list of apps are left out. */
export function countRows(dataDir: string): Record<string, number> {
  const database = new DatabaseSync(join(dataDir, 'posthouse.db'), { timeout: 5_000, readOnly: true })
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
    const counts: Record<string, number> = {}
    for (const { name } of tables) {
      if (own.has(String(name))) continue
      const { count } = database.prepare(`SELECT COUNT(*) AS count FROM ${name}`).get() as { count: number }
      if (count > 0) counts[String(name)] = count
    }
    return counts
  } finally {
    database.close()
  }
}
