// Pushes to browsers: RFC 8030 (the request), RFC 8188 and 8291 (its encryption for one browser), RFC 8292 (who asks).
// The push services are those that the browsers name, each an origin of its own.
import { createECDH, createPrivateKey, type KeyObject } from 'node:crypto'
import { encrypt } from 'http_ece'
import { SignJWT } from 'jose'
import { Lru } from '../lib/lru.ts'
import type {
  Channel,
  ChannelSurroundings,
  Credentials,
  Members,
  Outcome,
  Sender,
  VendorPush,
} from './channel.ts'
import { HttpOrigins, type HttpResult } from './http-request.ts'
import { readJsonObject } from './json-object.ts'
import { readRetryAfter } from './retry-after.ts'
import { asMembers, shownOf } from './shown-notification.ts'
import { isAllowed, readSubscription, type Subscription, subscriptionOf } from './web-push-address.ts'
import { readVapidCredentials } from './web-push-credentials.ts'

/** 4,096 less header (86), padding delimiter (1) and tag (16): what every push service takes (RFC 8291 §4). */
const plaintextBytesMax = 3_993
/** Four weeks: what the push services keep a message for at most (Apple, Chrome; Firefox takes two days more). */
const ttlSecondsMax = 2_419_200
/** A token lasts a day at most (RFC 8292 §2), by the clock of the push service. */
const tokenMs = 12 * 3_600_000
const tokenRestMs = 3_600_000
const tokensMax = 100
const urgencies = ['very-low', 'low', 'normal', 'high']
const operatorsMs = 30 * 60_000

export const webPush: Channel = {
  name: 'web_push',
  platforms: ['web'],
  atOnceMax: 100,
  readCredentials: readVapidCredentials,
  readAddress: readSubscription,
  providerOf: address => subscriptionOf(address).endpoint.origin,
  carries: push => isShown(push) || push.message !== undefined,
  // Under one topic the later replaces the earlier while it waits (RFC 8030 §5.4); on the page both have one `msg_id`.
  isRepeatable: () => true,
  open: (credentials, surroundings) => new WebPushSender(credentials, surroundings),
}

class WebPushSender implements Sender {
  readonly #vapid: Vapid
  readonly #allowed: readonly string[]
  readonly #http: HttpOrigins
  readonly #now: () => number

  constructor(credentials: Credentials, surroundings: ChannelSurroundings) {
    this.#vapid = new Vapid(credentials, surroundings.now)
    this.#allowed = credentials.shown.allowed_hosts as string[]
    this.#http = new HttpOrigins(surroundings)
    this.#now = surroundings.now
  }

  async send(address: Members, push: VendorPush): Promise<Outcome> {
    const subscription = subscriptionOf(address)
    const { endpoint } = subscription
    if (!isAllowed(endpoint, this.#allowed))
      return { is: 'refused', reason: 'the push service is none of allowed_hosts' }
    const plaintext = Buffer.from(JSON.stringify(payloadOf(push)))
    if (plaintext.length > plaintextBytesMax)
      return { is: 'refused', reason: `${plaintext.length} bytes, not ${plaintextBytesMax} at most` }
    const ttlSeconds = Math.ceil((push.expiresAt - this.#now()) / 1_000)
    if (ttlSeconds <= 0) return { is: 'refused', reason: 'it has expired' }
    const result = await this.#http.request({
      origin: endpoint.origin,
      method: 'POST',
      path: endpoint.pathname + endpoint.search,
      headers: {
        authorization: await this.#vapid.authorizationFor(endpoint.origin),
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        ttl: String(Math.min(ttlSeconds, ttlSecondsMax)),
        urgency: urgencyOf(push),
        topic: topicOf(push),
      },
      body: encryptFor(subscription, plaintext),
    })
    return outcomeOf(result, this.#now())
  }

  close(): Promise<void> {
    return this.#http.close()
  }
}

/** Says who the app server is, to one push service at a time (RFC 8292). */
class Vapid {
  readonly #subject: string
  readonly #publicKey: string
  readonly #key: KeyObject
  readonly #now: () => number
  readonly #tokens = new Lru<string, { readonly authorization: Promise<string>; readonly expiresAt: number }>(
    tokensMax,
  )

  constructor({ shown, secret }: Credentials, now: () => number) {
    this.#subject = shown.subject as string
    this.#publicKey = shown.public_key as string
    const point = Buffer.from(this.#publicKey, 'base64url')
    this.#key = createPrivateKey({
      format: 'jwk',
      key: {
        kty: 'EC',
        crv: 'P-256',
        x: point.toString('base64url', 1, 33),
        y: point.toString('base64url', 33, 65),
        d: secret.private_key!,
      },
    })
    this.#now = now
  }

  /** Signed once for many requests: push services ask for that (RFC 8292 §2.2). */
  authorizationFor(origin: string): Promise<string> {
    const known = this.#tokens.get(origin)
    if (known && known.expiresAt - this.#now() > tokenRestMs) return known.authorization
    const expiresAt = this.#now() + tokenMs
    const authorization = this.#sign(origin, expiresAt)
    this.#tokens.set(origin, { authorization, expiresAt })
    return authorization
  }

  async #sign(origin: string, expiresAt: number): Promise<string> {
    const token = await new SignJWT({ aud: origin, exp: Math.floor(expiresAt / 1_000), sub: this.#subject })
      .setProtectedHeader({ typ: 'JWT', alg: 'ES256' })
      .sign(this.#key)
    return `vapid t=${token}, k=${this.#publicKey}`
  }
}

/** What a device that listens by MQTT gets, and what a page is shown that is not there to receive a message. */
function payloadOf(push: VendorPush): object {
  const { msgId, chainRoot, message, sentAt, expiresAt } = push
  const notification = shownOf(push)
  return {
    msg_id: msgId,
    ...(chainRoot && { override_msg_id: chainRoot }),
    ...(notification && { notification }),
    ...(message && { message }),
    sent_at: sentAt,
    expires_at: expiresAt,
  }
}

/** A key pair for each message (RFC 8291 §3.1). */
function encryptFor({ p256dh, auth }: Subscription, plaintext: Buffer): Buffer {
  const privateKey = createECDH('prime256v1')
  privateKey.generateKeys()
  return encrypt(plaintext, { version: 'aes128gcm', privateKey, dh: p256dh, authSecret: auth })
}

/** At most 32 characters of base64url (RFC 8030 §5.4); Firefox's service takes letters and digits only. */
function topicOf({ chainRoot, msgId }: VendorPush): string {
  return chainRoot || msgId
}

/** RFC 8030 §5.3. What is only for the app does not wake a phone that saves its battery. */
function urgencyOf(push: VendorPush): string {
  const own = asMembers(asMembers(push.options.third_party_channel)?.web_push)?.urgency
  return urgencies.find(urgency => urgency === own) ?? (isShown(push) ? 'high' : 'normal')
}

/** An empty alert is not to be shown (jpush.md §3.1.1.3). */
function isShown(push: VendorPush): boolean {
  const { alert } = shownOf(push) ?? {}
  return alert !== undefined && alert !== ''
}

function outcomeOf(result: HttpResult, now: number): Outcome {
  if (result.is === 'unprocessed') return { is: 'retry', of: 'provider', reason: result.reason }
  if (result.is === 'unknown') return { is: 'unknown', reason: result.reason }
  const { status } = result
  const said = saidIn(result.text)
  const reason = said ?? wordFor(status)
  const retryAfterMs = readRetryAfter(result.headers['retry-after'], now)
  const later = { is: 'retry', status, reason, ...(retryAfterMs !== undefined && { retryAfterMs }) } as const
  if (status >= 200 && status < 300) return { is: 'accepted', status, reason: wordFor(status) }
  // RFC 8030 §7.3; the browser has unsubscribed, or never was.
  if (status === 404 || status === 410) return { is: 'dead_token', status, reason }
  // Of one subscription (RFC 8030 §8.4); Edge's service says 406 for it.
  if (status === 429 || status === 406) return { ...later, of: 'device' }
  if (status >= 500 || status === 408) return { ...later, of: 'provider' }
  const of = whoseSignature(status, said)
  return of
    ? { is: 'retry', of, status, reason, retryAfterMs: operatorsMs }
    : { is: 'refused', status, reason }
}

/**
 * Whom it concerns that a push service does not take the signature. The app only where the service says so: a stranger
 * can register a subscription that was made with another site's key, and that must not hold up everybody else's pushes
 * (RFC 8292 §4.2: 403, or 401; Apple: 400 VapidPkHashMismatch; Chrome: 400 UnauthorizedRegistration).
 */
function whoseSignature(status: number, said: string | undefined): 'app' | 'device' | undefined {
  if (said === 'BadJwtToken') return 'app'
  const isOtherKey = said === 'VapidPkHashMismatch' || said === 'UnauthorizedRegistration'
  return status === 401 || status === 403 || isOtherKey ? 'device' : undefined
}

/**
 * The short name that a push service gives its refusal: Apple {"reason": "BadJwtToken"}, Mozilla {"errno": 109}. Nothing
 * else of the text: it may repeat the endpoint, and whoever knows that can send to it.
 */
function saidIn(text: string): string | undefined {
  if (/UnauthorizedRegistration/.test(text)) return 'UnauthorizedRegistration'
  const { reason, errno } = readJsonObject(text)
  if (typeof reason === 'string' && /^[A-Za-z]{1,40}$/.test(reason)) return reason
  return Number.isInteger(errno) ? `errno ${errno}` : undefined
}

function wordFor(status: number): string {
  if (status < 300) return 'accepted'
  if (status < 400) return 'it answers with a redirect'
  if (status === 404 || status === 410) return 'there is no such subscription (any more)'
  if (status === 413) return 'the message is too big'
  if (status === 401 || status === 403)
    return 'the subscription was not made with this key, or the token is not taken'
  if (status === 429 || status === 406) return 'too many messages'
  return status < 500 ? 'the push service refuses it' : 'the push service fails'
}
