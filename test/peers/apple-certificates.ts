// Certificates as Apple gives them to apps, in the .p12 files that people export.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Certificate } from './certificate.ts'

export interface Wanted {
  /** The bundle id; '' = the certificate names none. */
  readonly topic?: string
  /** `legacy`: with RC2, as Keychain writes it. `plain`: with nothing to decipher. */
  readonly packing?: 'modern' | 'legacy'
  readonly password?: string
  readonly algorithm?: 'rsa:2048' | 'ec'
  /** As openssl takes it: `20200101000000Z`. */
  readonly notAfter?: string
}

export interface AppleCertificate extends Certificate {
  readonly p12: Buffer
  readonly password: string
}

export function appleCertificate(wanted: Wanted = {}): AppleCertificate {
  const { topic = 'com.acme.chat', packing = 'modern', password = 'secret', algorithm = 'ec' } = wanted
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-apple-'))
  const [cert, key, p12] = [join(folder, 'cert.pem'), join(folder, 'key.pem'), join(folder, 'both.p12')]
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' })
  try {
    const kind =
      algorithm === 'ec' ? ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] : ['-newkey', algorithm]
    const subject = `${topic && `/UID=${topic}`}/CN=Apple Push Services: ${topic}`
    const files = ['-nodes', '-subj', subject, '-keyout', key]
    if (wanted.notAfter === undefined) {
      openssl('req', '-x509', '-days', '2', ...kind, ...files, '-out', cert)
    } else {
      const request = join(folder, 'request.pem')
      openssl('req', ...kind, ...files, '-out', request)
      writeFileSync(join(folder, 'index'), '')
      const config = `[ca]\ndefault_ca=d\n[d]\ndatabase=${folder}/index\nnew_certs_dir=${folder}\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n[p]\nUID=optional\ncommonName=optional\n`
      writeFileSync(join(folder, 'config'), config)
      const dates = ['-startdate', '20200101000000Z', '-enddate', wanted.notAfter]
      const told = ['-batch', '-selfsign', '-config', join(folder, 'config'), '-in', request, '-keyfile', key]
      openssl('ca', ...told, ...dates, '-out', cert, '-notext')
    }
    const packed = packing === 'legacy' ? ['-legacy'] : []
    openssl(
      'pkcs12',
      '-export',
      ...packed,
      '-inkey',
      key,
      '-in',
      cert,
      '-out',
      p12,
      '-passout',
      `pass:${password}`,
    )
    return {
      cert: readFileSync(cert, 'utf8'),
      key: readFileSync(key, 'utf8'),
      p12: readFileSync(p12),
      password,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
