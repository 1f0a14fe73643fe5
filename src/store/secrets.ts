import type { Sql } from './db.ts'

export async function findSecret(sql: Sql, name: string): Promise<string | undefined> {
  const row = await sql.one<{ value: string }>('SELECT value FROM secrets WHERE name = $1', name)
  return row?.value
}

/** The named secret of this deployment; `make` gives it its value the first time it is asked for. */
export async function keepSecret(sql: Sql, name: string, make: () => string): Promise<string> {
  const kept = await findSecret(sql, name)
  if (kept !== undefined) return kept
  const value = make()
  await sql.run('INSERT INTO secrets (name, value) VALUES ($1, $2)', name, value)
  return value
}
