// A certificate that a peer in a test shows and its client is told to trust, made anew for each run.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  /** PEM. */
  readonly cert: string
  readonly key: string
}

let made: Certificate | undefined

/** For 127.0.0.1 and localhost, signed by itself; the same one for the whole process. */
export function peerCertificate(): Certificate {
  made ??= makeCertificate()
  return made
}

let written: string | undefined

/** A file with it, as an operator names the authorities to trust; gone when the process ends. */
export function peerCertificateFile(): string {
  if (written) return written
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-peer-ca-'))
  process.once('exit', () => rmSync(folder, { recursive: true }))
  written = join(folder, 'ca.pem')
  writeFileSync(written, peerCertificate().cert)
  return written
}

export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-peer-'))
  try {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost'
    const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
    const told = ['-subj', '/CN=peer', '-addext', names, '-keyout', key, '-out', cert]
    execFileSync('openssl', ['req', ...made, ...told], { stdio: 'ignore' })
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
