// Takes a .p12 apart, in a thread of its own: its author says how often a password is to be digested, and in JavaScript
// that can take for ever. OpenSSL 3 does not open what Apple's Keychain writes (RC2), so a library does.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import forge from 'node-forge'

export interface Packed {
  readonly file: Uint8Array
  readonly password: string
}

/** In PEM; the leaf first. */
export interface Unpacked {
  readonly certificate: string
  readonly key: string
}

const { pki, asn1 } = forge

parentPort!.postMessage(unpack(workerData as Packed))

function unpack({ file, password }: Packed): Unpacked | undefined {
  try {
    const p12 = decipher(asn1.fromDer(Buffer.from(file).toString('binary')), password)
    const key = keysIn(p12).map(der => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))[0]
    const certificates = certificatesIn(p12).map(der => new X509Certificate(der))
    const leaf = key && certificates.find(certificate => certificate.checkPrivateKey(key))
    if (!key || !leaf) return undefined
    const others = certificates.filter(certificate => certificate !== leaf)
    return {
      certificate: [leaf, ...others].map(String).join(''),
      key: key.export({ type: 'pkcs8', format: 'pem' }) as string,
    }
  } catch {
    // No .p12, or another password: the library says no more than that.
    return undefined
  }
}

/**
 * Beyond ASCII the two ways to digest a password want it in two forms (RFC 7292 §B.1: UTF-16; RFC 8018 §3: UTF-8), and
 * the library takes one. What is deciphered proves the password as well as the digest over the file, which is left out.
 */
function decipher(packed: forge.asn1.Asn1, password: string): forge.pkcs12.Pkcs12Pfx {
  try {
    return forge.pkcs12.pkcs12FromAsn1(packed, password)
  } catch (error) {
    if (/^[\x00-\x7f]*$/.test(password)) throw error
    const withoutDigest = { ...packed, value: packed.value.slice(0, 2) as forge.asn1.Asn1[] }
    return forge.pkcs12.pkcs12FromAsn1(withoutDigest, Buffer.from(password).toString('binary'))
  }
}

/** What the library does not know, such as keys on elliptic curves, it leaves as it is. */
function keysIn(p12: forge.pkcs12.Pkcs12Pfx): Buffer[] {
  const { pkcs8ShroudedKeyBag, keyBag } = pki.oids
  const bags = [pkcs8ShroudedKeyBag, keyBag].flatMap(bagType => p12.getBags({ bagType })[bagType!] ?? [])
  return bags.map(({ key, asn1: raw }) => derOf(key ? pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(key)) : raw))
}

function certificatesIn(p12: forge.pkcs12.Pkcs12Pfx): Buffer[] {
  const { certBag } = pki.oids
  const bags = p12.getBags({ bagType: certBag })[certBag!] ?? []
  return bags.map(({ cert, asn1: raw }) => derOf(cert ? pki.certificateToAsn1(cert) : raw))
}

function derOf(value: forge.asn1.Asn1): Buffer {
  return Buffer.from(asn1.toDer(value).getBytes(), 'binary')
}
