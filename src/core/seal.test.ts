import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Seal, sealKeyBytes } from './seal.ts'

test('what is sealed opens under the same key, for the same place, as long as nobody changes it', () => {
  const [seal, other] = [new Seal(randomBytes(sealKeyBytes)), new Seal(randomBytes(sealKeyBytes))]
  const sealed = seal.close('密钥', '1 apns')
  assert.equal(seal.open(sealed, '1 apns'), '密钥')
  assert.notEqual(seal.close('密钥', '1 apns'), sealed)
  assert.ok(!Buffer.from(sealed, 'base64').includes('密钥'))
  assert.equal(other.open(sealed, '1 apns'), undefined)
  assert.equal(seal.open(sealed, '2 apns'), undefined)
  const bytes = Buffer.from(sealed, 'base64')
  for (const at of [0, 13, bytes.length - 1]) {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 1
    assert.equal(seal.open(changed.toString('base64'), '1 apns'), undefined)
  }
  assert.equal(seal.open('', '1 apns'), undefined)
})
