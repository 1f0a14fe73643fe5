// A repeat under the same key is answered with the first result and done once. The result is stored in the same
// transaction as the work, so that neither can exist without the other; refusals are never stored (contract.md §3.4).
import type { IdempotencyKey, OperationName, Replay, Result } from '../contract/operations.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { findResult, keepResult } from '../store/idempotency.ts'
import type { Call } from './call.ts'

export async function recall(call: Call, sql: Sql, key: IdempotencyKey) {
  const kept = await findResult(sql, { appId: call.keyOwner, ...key }, call.now)
  if (!kept) return undefined
  const isMismatch = kept.fingerprint !== key.fingerprint
  if (isMismatch && key.onMismatch === 'refuse') throw new Refusal('idempotency_key_reused')
  if (isMismatch)
    call.world.log.warn({ request: call.request, scope: key.scope }, 'another request under a key in use')
  const replay: Replay = { at: kept.answeredAt, tookMs: kept.tookMs, isRepeat: true, isMismatch }
  return { result: JSON.parse(kept.result) as Result<OperationName>, replay }
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
  await keepResult(
    sql,
    { appId: call.keyOwner, ...key },
    {
      fingerprint: key.fingerprint,
      result: JSON.stringify(result),
      answeredAt: at,
      tookMs,
      expiresAt: at + call.world.config.core.idempotencyTtlMs,
    },
  )
  return { at, tookMs, isRepeat: false, isMismatch: false }
}
