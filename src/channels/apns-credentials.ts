// What an operator gives for APNs, and what a device says of itself.
import { createPrivateKey } from 'node:crypto'
import { certificateNames, type Environment, readCertificates } from './apns-certificates.ts'
import { readBaseUrl } from './base-url.ts'
import { ChannelFault, type Credentials, type Members } from './channel.ts'

export interface ApnsAddress {
  readonly token: string
  /** Of PushKit; APNs gives apps a token of its own for calls. */
  readonly voipToken: string | undefined
  /** Of ActivityKit: of one activity, or for starting one. */
  readonly liveActivityToken: string | undefined
  readonly environment: Environment | undefined
  /** The bundle id of the app on the device; absent = the operator's. */
  readonly topic: string | undefined
}

const names: ReadonlySet<string> = new Set([
  'team_id',
  'key_id',
  'topic',
  'key',
  'base_url',
  ...Object.values(certificateNames),
])
const tenCharacters = /^[A-Z0-9]{10}$/
/** A bundle id (Apple, CFBundleIdentifier). */
const bundleId = /^[A-Za-z0-9.-]{1,155}$/

/**
 * `team_id`, `key_id`, `topic` and `key` are needed, or a certificate, which says its topic by itself; a member that is
 * not sent again stays. `base_url: null` goes back to Apple.
 * @throws ChannelFault
 */
export function readApnsCredentials(wanted: Members, before: Credentials | undefined): Credentials {
  const unknown = Object.keys(wanted).find(name => !names.has(name))
  if (unknown !== undefined) throw new ChannelFault(`apns has no member ${unknown}`)
  const certificates = readCertificates(wanted, before)
  const { topic = certificates.topic, base_url = null } = { ...before?.shown, ...wanted }
  if (certificates.topic !== undefined && topic !== certificates.topic)
    throw new ChannelFault(`the certificate is for ${certificates.topic}, which is not apns.topic`)
  const token = readToken(wanted, before, Object.keys(certificates.shown).length === 0)
  return {
    shown: {
      ...token?.shown,
      topic: readText('topic', topic, bundleId, 'the bundle id of the app'),
      ...certificates.shown,
      ...(base_url !== null && { base_url: readBaseUrl('apns.base_url', base_url) }),
    },
    secret: { ...token?.secret, ...certificates.secret },
  }
}

/** What tokens are signed with; undefined where the app has certificates alone. */
function readToken(
  wanted: Members,
  before: Credentials | undefined,
  isNeeded: boolean,
): Credentials | undefined {
  const { team_id, key_id } = { ...before?.shown, ...wanted }
  const key = wanted.key ?? before?.secret.key
  const isNamed = [team_id, key_id, key].some(member => member !== undefined)
  if (!isNeeded && !isNamed) return undefined
  return {
    shown: {
      team_id: readText('team_id', team_id, tenCharacters, 'the ten characters of your Apple team'),
      key_id: readText('key_id', key_id, tenCharacters, 'the ten characters that name the key'),
    },
    secret: { key: readKey(key) },
  }
}

/** @throws ChannelFault */
export function readApnsAddress(value: unknown): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ChannelFault('apns is {"token", "environment", "topic"}')
  const { token, voip_token, live_activity_token, environment, topic } = value as Members
  if (environment !== undefined && environment !== 'production' && environment !== 'sandbox')
    throw new ChannelFault('apns.environment is "production" or "sandbox"')
  return {
    token: readDeviceToken('token', token),
    ...(voip_token !== undefined && { voip_token: readDeviceToken('voip_token', voip_token) }),
    ...(live_activity_token !== undefined && {
      live_activity_token: readDeviceToken('live_activity_token', live_activity_token),
    }),
    ...(environment !== undefined && { environment }),
    ...(topic !== undefined && { topic: readText('topic', topic, bundleId, 'the bundle id of the app') }),
  }
}

/** @param address from `readApnsAddress` */
export function apnsAddressOf(address: Members): ApnsAddress {
  return {
    token: address.token as string,
    voipToken: address.voip_token as string | undefined,
    liveActivityToken: address.live_activity_token as string | undefined,
    environment: address.environment as ApnsAddress['environment'],
    topic: address.topic as string | undefined,
  }
}

/** Their length is not to be relied on (Apple, "Registering your app with APNs"). */
function readDeviceToken(name: string, value: unknown): string {
  if (typeof value !== 'string' || !/^(?:[0-9A-Fa-f]{2}){8,256}$/.test(value))
    throw new ChannelFault(`apns.${name} is the token in hexadecimal digits`)
  return value.toLowerCase()
}

function readText(name: string, value: unknown, form: RegExp, words: string): string {
  if (typeof value !== 'string' || !form.test(value)) throw new ChannelFault(`apns.${name} is ${words}`)
  return value
}

function readKey(value: unknown): string {
  const fault = new ChannelFault('apns.key is the text of the .p8 file: a private key of P-256 in PKCS#8 PEM')
  if (typeof value !== 'string' || !value.includes('-----BEGIN PRIVATE KEY-----')) throw fault
  try {
    const { asymmetricKeyDetails } = createPrivateKey(value)
    if (asymmetricKeyDetails?.namedCurve === 'prime256v1') return value.trim()
  } catch {
    // What it says may quote the key.
  }
  throw fault
}
