import type { Sql } from './db.ts'

export interface CredentialsRow {
  readonly appId: number
  readonly channel: string
  readonly sealed: string
}

export interface KeptCredentialsRow extends CredentialsRow {
  /** Sealed; null = nothing is kept. */
  readonly memory: string | null
}

export function listCredentials(sql: Sql): Promise<KeptCredentialsRow[]> {
  return sql.all<KeptCredentialsRow>(
    'SELECT app_id AS "appId", channel, sealed, memory FROM channel_credentials',
  )
}

export async function putCredentials(sql: Sql, { appId, channel, sealed }: CredentialsRow): Promise<void> {
  await sql.run(
    `INSERT INTO channel_credentials (app_id, channel, sealed) VALUES ($1, $2, $3)
     ON CONFLICT (app_id, channel) DO UPDATE SET sealed = excluded.sealed`,
    appId,
    channel,
    sealed,
  )
}

/** Of an account that is gone nothing is kept. */
export async function putMemory(sql: Sql, appId: number, channel: string, memory: string): Promise<void> {
  await sql.run(
    'UPDATE channel_credentials SET memory = $1 WHERE app_id = $2 AND channel = $3',
    memory,
    appId,
    channel,
  )
}

export async function deleteCredentials(sql: Sql, appId: number, channel: string): Promise<void> {
  await sql.run('DELETE FROM channel_credentials WHERE app_id = $1 AND channel = $2', appId, channel)
}

/** @returns how many rows */
export function deleteCredentialsOfApp(sql: Sql, appId: number): Promise<number> {
  return sql.run('DELETE FROM channel_credentials WHERE app_id = $1', appId)
}
