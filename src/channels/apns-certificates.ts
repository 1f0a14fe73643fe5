// Certificates by which APNs knows an app, one for each environment (Apple, "Establishing a certificate-based connection
// to APNs"). Their keys are secret, what they say of themselves is not.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { ChannelFault, type Credentials, type Members } from './channel.ts'

export const certificateNames = {
  production: 'production_certificate',
  sandbox: 'sandbox_certificate',
} as const

export type Environment = keyof typeof certificateNames
const names = Object.values(certificateNames)

/** Both in PEM. */
export interface ClientIdentity {
  readonly certificate: string
  readonly key: string
  /** Epoch ms. */
  readonly expiresAt: number
}

interface Certificates {
  readonly shown: Record<string, Members>
  readonly secret: Record<string, string>
  /** The bundle id that they are for; undefined where none says. */
  readonly topic: string | undefined
}

/** `{certificate, key}` by name; null removes, absent or as it was shown keeps what was. @throws ChannelFault */
export function readCertificates(wanted: Members, before: Credentials | undefined): Certificates {
  const shown: Record<string, Members> = {}
  const secret: Record<string, string> = {}
  for (const name of names) {
    const value = isKept(wanted[name], before?.shown[name])
      ? { certificate: before!.secret[name], key: before!.secret[keyNameOf(name)] }
      : wanted[name]
    if (value === undefined || value === null) continue
    const { certificate, key, topic, fingerprint, expiresAt } = readIdentity(name, value)
    shown[name] = { fingerprint, expires_at: expiresAt, ...(topic !== undefined && { topic }) }
    secret[name] = certificate
    secret[keyNameOf(name)] = key
  }
  const topics = new Set(Object.values(shown).flatMap(({ topic }) => (topic === undefined ? [] : [topic])))
  if (topics.size > 1) throw new ChannelFault('the certificates are for different bundle ids')
  const [topic] = topics
  return { shown, secret, topic: topic as string | undefined }
}

export function identityOf(
  { shown, secret }: Credentials,
  environment: Environment,
): ClientIdentity | undefined {
  const name = certificateNames[environment]
  const certificate = secret[name]
  const key = secret[keyNameOf(name)]
  if (certificate === undefined || key === undefined) return undefined
  return { certificate, key, expiresAt: (shown[name] as Members).expires_at as number }
}

function isKept(wanted: unknown, shown: unknown): boolean {
  if (shown === undefined || wanted === null) return false
  const { fingerprint } = (wanted ?? shown) as Members
  return fingerprint === (shown as Members).fingerprint
}

function keyNameOf(name: string): string {
  return `${name}_key`
}

function readIdentity(name: string, value: unknown) {
  const fault = new ChannelFault(
    `apns.${name} is {"certificate", "key"} in PEM, and the key is the certificate's own`,
  )
  const { certificate, key } = typeof value === 'object' ? (value as Members) : {}
  if (typeof certificate !== 'string' || typeof key !== 'string') throw fault
  try {
    const leaf = new X509Certificate(certificate)
    if (!leaf.checkPrivateKey(createPrivateKey(key))) throw fault
    return {
      certificate,
      key,
      topic: topicOf(leaf),
      fingerprint: leaf.fingerprint256,
      expiresAt: leaf.validToDate.getTime(),
    }
  } catch {
    // What it says may quote the key.
    throw fault
  }
}

/** Apple puts the bundle id where other authorities put the name of a user. */
function topicOf({ subject }: X509Certificate): string | undefined {
  return /^UID=([A-Za-z0-9.-]{1,155})$/m.exec(subject)?.[1]
}
