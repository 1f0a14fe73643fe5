import { hash } from 'node:crypto'
import type { IdempotencyKey } from '../contract/operations.ts'
import { Refusal } from '../contract/refusal.ts'

/** Printable ASCII, 255 characters at most (contract.md §3.3). */
const keyForm = /^[\x21-\x7e]{1,255}$/

/**
 * The key an `Idempotency-Key` header carries. Bodies that differ only in white space or member order count as the
 * same request.
 * @throws Refusal `idempotency_key_invalid`
 */
export function readIdempotencyKey(value: string, scope: string, request: unknown): IdempotencyKey {
  if (!keyForm.test(value)) throw new Refusal('idempotency_key_invalid')
  return { scope, value, fingerprint: fingerprintOf(request), onMismatch: 'refuse' }
}

/** A digest of a JSON value that does not depend on the order of members. */
export function fingerprintOf(value: unknown): string {
  return hash('sha256', JSON.stringify(value, sortMembers) ?? '', 'base64url')
}

function sortMembers(_key: string, value: unknown): unknown {
  const isPlain =
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  if (!isPlain || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1)))
}
