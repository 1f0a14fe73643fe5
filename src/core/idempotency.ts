// A repeat under the same key is answered with the first result and done once. The result is stored in the same
// transaction as the work, so that neither can exist without the other; refusals are never stored (contract.md §3.4).
import type { IdempotencyKey, OperationName, Replay, Result } from '../contract/operations.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import type { Call } from './call.ts'

interface Row {
  readonly fingerprint: string
  readonly result: string
  readonly answered_at: number
  readonly took_ms: number
}

export async function recall(call: Call, sql: Sql, key: IdempotencyKey) {
  const row = await sql.one<Row>(
    `SELECT fingerprint, result, answered_at, took_ms FROM idempotency
     WHERE app_id = $1 AND scope = $2 AND idempotency_key = $3 AND expires_at > $4`,
    call.app.appId,
    key.scope,
    key.value,
    call.now,
  )
  if (!row) return undefined
  const isMismatch = row.fingerprint !== key.fingerprint
  if (isMismatch && key.onMismatch === 'refuse') throw new Refusal('idempotency_key_reused')
  const replay: Replay = { at: row.answered_at, tookMs: row.took_ms, isRepeat: true, isMismatch }
  return { result: JSON.parse(row.result) as Result<OperationName>, replay }
}

export async function remember(
  call: Call,
  sql: Sql,
  key: IdempotencyKey,
  result: Result<OperationName>,
  sentAt: number,
): Promise<Replay> {
  const at = call.now
  const tookMs = Math.max(0, at - sentAt)
  await sql.run(
    `INSERT INTO idempotency
       (app_id, scope, idempotency_key, fingerprint, result, answered_at, took_ms, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (app_id, scope, idempotency_key) DO UPDATE SET
       fingerprint = excluded.fingerprint, result = excluded.result, answered_at = excluded.answered_at,
       took_ms = excluded.took_ms, expires_at = excluded.expires_at`,
    call.app.appId,
    key.scope,
    key.value,
    key.fingerprint,
    JSON.stringify(result),
    at,
    tookMs,
    at + call.world.config.core.idempotencyTtlMs,
  )
  return { at, tookMs, isRepeat: false, isMismatch: false }
}
