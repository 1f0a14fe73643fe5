// What comes out of .p12 files, those that people export and those that are made to do harm.
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { appleCertificate } from '../../../test/peers/apple-certificates.ts'
import { openPkcs12 } from './pkcs12.ts'

for (const packing of ['modern', 'legacy'] as const) {
  for (const algorithm of ['rsa:2048', 'ec'] as const) {
    test(`certificate and key come out of a ${packing} file (${algorithm}), with its password only`, async () => {
      const { p12, password, cert } = appleCertificate({ packing, algorithm })
      const { certificate, key } = (await openPkcs12(p12, password))!
      const { fingerprint256 } = new X509Certificate(cert)
      assert.equal(new X509Certificate(certificate).fingerprint256, fingerprint256)
      assert.match(key, /^-----BEGIN PRIVATE KEY-----/)
      assert.equal(await openPkcs12(p12, 'wrong'), undefined)
    })
  }
}

test('a password may be empty, and may be written in any script', async () => {
  for (const password of ['', '密码'])
    assert.ok(await openPkcs12(appleCertificate({ password }).p12, password), password)
  assert.equal(await openPkcs12(appleCertificate({ password: '密码' }).p12, '密密'), undefined)
})

test('what is no .p12 comes to nothing, cut off anywhere or changed anywhere', async () => {
  const { p12, password } = appleCertificate()
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('no p12'),
    Buffer.alloc(10_000, 0x30),
    p12.subarray(0, -1),
  ])
    assert.equal(await openPkcs12(bytes, password), undefined)
  const changed = Buffer.from(p12)
  changed[changed.length >> 1]! ^= 1
  assert.equal(await openPkcs12(changed, password), undefined)
})

test('a password that is to be digested two thousand million times is given up', async () => {
  const { p12, password } = appleCertificate()
  // The count of the digest over the file stands at its end: INTEGER 2048.
  const at = p12.lastIndexOf(Buffer.from([0x02, 0x02, 0x08, 0x00]))
  assert.ok(at > 0)
  const grown = Buffer.concat([p12.subarray(0, at), Buffer.from([0x02, 0x04, 0x7f, 0xff, 0xff, 0xff])])
  // Two bytes more in the file, and in the digest at its end.
  grown.writeUInt16BE(grown.readUInt16BE(2) + 2, 2)
  const outer = grown.lastIndexOf(Buffer.from([0x30, 0x41]))
  assert.ok(outer > 0)
  grown[outer + 1]! += 2
  const startedAt = performance.now()
  assert.equal(await openPkcs12(grown, password, 1_000), undefined)
  assert.ok(performance.now() - startedAt >= 900, 'it was worked on')
})
