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

/** Members that are secrets: whoever steals the stored digests must not be able to guess at them. */
const secretMembers: ReadonlySet<string> = new Set([
  'password',
  'pin',
  'newpassword',
  'oldpassword',
  'client_secret',
])

/** A digest of a JSON value that does not depend on the order of members, nor on what its secrets are. */
export function fingerprintOf(value: unknown): string {
  return hash('sha256', JSON.stringify(value, canonical) ?? '', 'base64url')
}

function canonical(name: string, value: unknown): unknown {
  if (secretMembers.has(name)) return true
  const isPlain =
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  if (!isPlain || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1)))
}
