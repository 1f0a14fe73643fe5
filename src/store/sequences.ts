import type { Sql } from './db.ts'

/** The number given out last; 0 = none was. */
export async function lastInSequence(sql: Sql, name: string): Promise<number> {
  const row = await sql.one<{ value: number }>('SELECT value FROM sequences WHERE name = $1', name)
  return row?.value ?? 0
}

/** The next number of a named sequence, from 1: small, dense, never given out twice. */
export async function nextInSequence(sql: Sql, name: string): Promise<number> {
  const row = await sql.one<{ value: number }>(
    `INSERT INTO sequences (name, value) VALUES ($1, 1)
     ON CONFLICT (name) DO UPDATE SET value = sequences.value + 1
     RETURNING value`,
    name,
  )
  return row!.value
}
