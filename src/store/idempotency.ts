// The results kept for repeats under the same key.
import type { Sql } from './db.ts'

export interface ResultKey {
  readonly appId: number
  readonly scope: string
  readonly value: string
}

export interface KeptResult {
  readonly fingerprint: string
  /** JSON. */
  readonly result: string
  readonly answeredAt: number
  readonly tookMs: number
  readonly expiresAt: number
}

/** @param now epoch ms: what has expired counts as absent */
export function findResult(
  sql: Sql,
  { appId, scope, value }: ResultKey,
  now: number,
): Promise<KeptResult | undefined> {
  return sql.one<KeptResult>(
    `SELECT fingerprint, result, answered_at AS "answeredAt", took_ms AS "tookMs", expires_at AS "expiresAt"
     FROM idempotency WHERE app_id = $1 AND scope = $2 AND idempotency_key = $3 AND expires_at > $4`,
    appId,
    scope,
    value,
    now,
  )
}

/** Takes the place of an expired result under the same key. */
export async function keepResult(sql: Sql, key: ResultKey, kept: KeptResult): Promise<void> {
  await sql.run(
    `INSERT INTO idempotency
       (app_id, scope, idempotency_key, fingerprint, result, answered_at, took_ms, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (app_id, scope, idempotency_key) DO UPDATE SET
       fingerprint = excluded.fingerprint, result = excluded.result, answered_at = excluded.answered_at,
       took_ms = excluded.took_ms, expires_at = excluded.expires_at`,
    key.appId,
    key.scope,
    key.value,
    kept.fingerprint,
    kept.result,
    kept.answeredAt,
    kept.tookMs,
    kept.expiresAt,
  )
}
