// What an operator gives for Web Push: who is to be asked when something is wrong, and the key that browsers know the
// app by (VAPID, RFC 8292).
import { createECDH } from 'node:crypto'
import { ChannelFault, type Credentials, type Members } from './channel.ts'
import { knownHosts, readAllowedHosts } from './web-push-address.ts'

const members: ReadonlySet<string> = new Set(['subject', 'public_key', 'private_key', 'allowed_hosts'])

/**
 * `subject` is needed, the rest is made where it is absent: a key pair, the known push services. `allowed_hosts: null`
 * goes back to those.
 * @throws ChannelFault
 */
export function readVapidCredentials(wanted: Members, before: Credentials | undefined): Credentials {
  const unknown = Object.keys(wanted).find(name => !members.has(name))
  if (unknown !== undefined) throw new ChannelFault(`web_push has no member ${unknown}`)
  const { subject = before?.shown.subject, allowed_hosts = before?.shown.allowed_hosts } = wanted
  const keys = readKeys(wanted, before)
  return {
    shown: {
      subject: readSubject(subject),
      public_key: keys.publicKey,
      allowed_hosts: readAllowedHosts(allowed_hosts ?? knownHosts),
    },
    secret: { private_key: keys.privateKey },
  }
}

/** `mailto:` or `https:` (RFC 8292 §2.1). Safari's service takes no space and no angle brackets in it. */
function readSubject(value: unknown): string {
  const url = typeof value === 'string' && !/[\s<>]/.test(value) ? URL.parse(value) : null
  const isContact = url?.protocol === 'https:' || (url?.protocol === 'mailto:' && /.@./.test(url.pathname))
  if (!isContact) throw new ChannelFault('web_push.subject is a mailto: or https: address of yours')
  return value as string
}

interface KeyPair {
  readonly publicKey: string
  readonly privateKey: string
}

/** A public key alone is one that has been shown and is sent back: it has to be the one there is. */
function readKeys({ public_key, private_key }: Members, before: Credentials | undefined): KeyPair {
  const known = before?.secret.private_key
  const pair = pairOf(private_key ?? known)
  if (public_key !== undefined && String(public_key).replace(/=+$/, '') !== pair.publicKey)
    throw new ChannelFault(
      private_key === undefined
        ? 'web_push.public_key needs its private_key beside it'
        : 'web_push.public_key does not belong to web_push.private_key',
    )
  return pair
}

function pairOf(privateKey: unknown): KeyPair {
  const pair = createECDH('prime256v1')
  if (privateKey === undefined) pair.generateKeys()
  else {
    const isText = typeof privateKey === 'string' && /^[\w-]{43}=?$/.test(privateKey)
    try {
      pair.setPrivateKey(Buffer.from(isText ? (privateKey as string) : '', 'base64url'))
    } catch {
      throw new ChannelFault('web_push.private_key is a private key of P-256, 32 bytes in base64url')
    }
  }
  // Leading zeros do not come out of it.
  const bytes = Buffer.alloc(32)
  pair.getPrivateKey().copy(bytes, 32 - pair.getPrivateKey().length)
  return { publicKey: pair.getPublicKey('base64url'), privateKey: bytes.toString('base64url') }
}
