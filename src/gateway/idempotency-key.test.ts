import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fingerprintOf, readIdempotencyKey } from './idempotency-key.ts'

test('requests that differ in the order of members, or in a secret only, count as the same', () => {
  const first = fingerprintOf([{ username: 'ann', password: 'one' }])
  assert.equal(first, fingerprintOf([{ password: 'two', username: 'ann' }]))
  assert.notEqual(first, fingerprintOf([{ username: 'ben', password: 'one' }]))
  assert.notEqual(first, fingerprintOf([{ username: 'ann' }]))
})

test('a key is 1 to 255 printable characters', () => {
  assert.equal(readIdempotencyKey('a'.repeat(255), 'scope', {}).value.length, 255)
  for (const value of ['', 'a'.repeat(256), 'a b', 'é'])
    assert.throws(() => readIdempotencyKey(value, 'scope', {}), { id: 'idempotency_key_invalid' })
})
