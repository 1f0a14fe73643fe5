// What a browser says of itself: PushSubscription.toJSON() (W3C Push API §8). Its endpoint is a URL that a stranger has
// chosen, so it is called only where the operator, or the list of the known push services, allows its host.
import { ECDH } from 'node:crypto'
import { ChannelFault, type Members } from './channel.ts'

export interface Subscription {
  readonly endpoint: URL
  /** The browser's public key, 65 bytes. */
  readonly p256dh: Buffer
  /** 16 bytes. */
  readonly auth: Buffer
}

/** The push services of Chrome and its kin, Firefox, Edge, Safari. */
export const knownHosts = [
  'fcm.googleapis.com',
  '*.push.services.mozilla.com',
  '*.notify.windows.com',
  '*.push.apple.com',
]
const endpointCharsMax = 2_048
const keyBytes = 65
const authBytes = 16

/** @throws ChannelFault */
export function readSubscription(value: unknown): Members {
  const { endpoint, keys } = asObject(value, 'web_push is what PushSubscription.toJSON() gives')
  const { p256dh, auth } = asObject(keys, 'web_push.keys is {"p256dh", "auth"}')
  const url = readEndpoint(endpoint)
  const subscription = { endpoint: url.href, keys: { p256dh: unpadded(p256dh), auth: unpadded(auth) } }
  if (!isPoint(bytesOf(p256dh))) throw new ChannelFault('web_push.keys.p256dh is a point of P-256, 65 bytes')
  if (bytesOf(auth)?.length !== authBytes) throw new ChannelFault('web_push.keys.auth is 16 bytes')
  return subscription
}

/** @param address from `readSubscription` */
export function subscriptionOf(address: Members): Subscription {
  const { endpoint, keys } = address as { endpoint: string; keys: { p256dh: string; auth: string } }
  return {
    endpoint: new URL(endpoint),
    p256dh: Buffer.from(keys.p256dh, 'base64url'),
    auth: Buffer.from(keys.auth, 'base64url'),
  }
}

/** @param allowed `host`, `*.domain` (any host below it), either with `:port` where it is not 443 */
export function isAllowed({ hostname, port }: URL, allowed: readonly string[]): boolean {
  return allowed.some(entry => {
    const [name = '', entryPort = ''] = entry.split(/:(?=\d+$)/)
    if (entryPort !== port) return false
    return name.startsWith('*.') ? hostname.endsWith(name.slice(1)) : hostname === name
  })
}

/**
 * Hosts in the form that `isAllowed` takes.
 * @throws ChannelFault
 */
export function readAllowedHosts(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 100)
    throw new ChannelFault('web_push.allowed_hosts is a list of 1 to 100 hosts')
  return value.map(readHost)
}

function readHost(value: unknown): string {
  const [, wildcard = '', rest = ''] = /^(\*\.)?(.+)$/.exec(typeof value === 'string' ? value : '') ?? []
  const url = URL.parse(`https://${rest}`)
  if (!url || url.href !== `https://${url.host}/` || rest.includes('*'))
    throw new ChannelFault('an entry of web_push.allowed_hosts is "host", "*.domain" or either with ":port"')
  return wildcard + url.host
}

function readEndpoint(value: unknown): URL {
  const url = typeof value === 'string' && value.length <= endpointCharsMax ? URL.parse(value) : null
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.hash !== '')
    throw new ChannelFault('web_push.endpoint is the https URL of a push service')
  return url
}

function asObject(value: unknown, fault: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ChannelFault(fault)
  return value as Members
}

function unpadded(value: unknown): string {
  return typeof value === 'string' ? value.replace(/=+$/, '') : ''
}

function bytesOf(value: unknown): Buffer | undefined {
  const isText = typeof value === 'string' && value.length <= 128 && /^[\w-]+={0,2}$/.test(value)
  return isText ? Buffer.from(value, 'base64url') : undefined
}

/** Uncompressed (RFC 8291 §3.1), and on the curve: another could give away bits of the private key. */
function isPoint(bytes: Buffer | undefined): boolean {
  if (bytes?.length !== keyBytes || bytes[0] !== 4) return false
  try {
    ECDH.convertKey(bytes, 'prime256v1')
    return true
  } catch {
    return false
  }
}
