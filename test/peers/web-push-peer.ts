// A push service as RFC 8030 has it, with VAPID (RFC 8292). It cannot read what it carries: a test decrypts that with the
// keys of the browser whose subscription it is.
import { createECDH, createPublicKey, type ECDH, randomBytes, randomUUID } from 'node:crypto'
import { decrypt } from 'http_ece'
import { errors, jwtVerify } from 'jose'
import {
  type HttpAnswer,
  type HttpAsked,
  HttpPeer,
  type HttpPeerOptions,
  type HttpReply,
  send,
} from './http-peer.ts'

interface Scope {
  after(fn: () => Promise<void> | void): void
}

/** RFC 8030 §7.2. */
const bodyBytesMax = 4_096

export interface Carried {
  readonly topic: string | undefined
  readonly urgency: string | undefined
  readonly ttl: number
  readonly sub: string
  readonly body: Buffer
}

/** A browser's subscription, with what only the browser knows. */
export class BrowserSubscription {
  readonly endpoint: string
  /** VAPID public key that alone may send to it. */
  readonly serverKey: string
  readonly #keys: ECDH = createECDH('prime256v1')
  readonly #auth = randomBytes(16)
  /** What waits for the browser: of one topic the newest alone (RFC 8030 §5.4). */
  waiting: Carried[] = []
  isGone = false

  constructor(endpoint: string, serverKey: string) {
    this.endpoint = endpoint
    this.serverKey = serverKey
    this.#keys.generateKeys()
  }

  /** As PushSubscription.toJSON() gives it. */
  toJSON() {
    const keys = { p256dh: this.#keys.getPublicKey('base64url'), auth: this.#auth.toString('base64url') }
    return { endpoint: this.endpoint, expirationTime: null, keys }
  }

  decrypt({ body }: Carried): Buffer {
    return decrypt(body, { version: 'aes128gcm', privateKey: this.#keys, authSecret: this.#auth })
  }

  take(carried: Carried): void {
    const others = this.waiting.filter(({ topic }) => topic === undefined || topic !== carried.topic)
    this.waiting = [...others, carried]
  }
}

export class WebPushPeer {
  readonly #http: HttpPeer
  readonly #subscriptions = new Map<string, BrowserSubscription>()
  /** Answers in place of the push service while it is there. */
  instead: HttpReply | undefined
  /** Epoch ms. */
  now: () => number = Date.now

  private constructor(http: HttpPeer) {
    this.#http = http
    http.reply = (answer, asked) => (this.instead ? this.instead(answer, asked) : this.#answer(answer, asked))
  }

  static async start(scope: Scope, options: HttpPeerOptions = {}): Promise<WebPushPeer> {
    return new WebPushPeer(await HttpPeer.start(scope, () => undefined, options))
  }

  get http(): HttpPeer {
    return this.#http
  }

  subscribe(serverKey: string): BrowserSubscription {
    const path = `/push/${randomUUID()}`
    const subscription = new BrowserSubscription(this.#http.origin + path, serverKey)
    this.#subscriptions.set(path, subscription)
    return subscription
  }

  async #answer(answer: HttpAnswer, asked: HttpAsked): Promise<void> {
    const subscription = this.#subscriptions.get(asked.path)
    if (!subscription) return send(answer, 404)
    if (subscription.isGone) return send(answer, 410)
    const { ttl, topic, urgency } = asked.headers
    const fault = faultIn(asked)
    if (fault) return send(answer, fault)
    const sub = await this.#verified(asked, subscription)
    if (typeof sub === 'number') return send(answer, sub)
    subscription.take({
      topic: topic as string | undefined,
      urgency: urgency as string | undefined,
      ttl: Number(ttl),
      sub,
      body: asked.body,
    })
    send(answer, 201, '', { location: `${this.#http.origin}/message/${randomUUID()}`, ttl: String(ttl) })
  }

  /** The subject of the token, or the status it is refused with (RFC 8292 §4.2). */
  async #verified({ headers }: HttpAsked, { serverKey }: BrowserSubscription): Promise<string | number> {
    const [, token, key] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(headers.authorization ?? '') ?? []
    if (!token || !key) return 401
    try {
      const { payload } = await jwtVerify(token, publicKeyOf(key), {
        algorithms: ['ES256'],
        audience: this.#http.origin,
        currentDate: new Date(this.now()),
      })
      const isTooLong = (payload.exp ?? Infinity) * 1_000 > this.now() + 86_400_000
      if (isTooLong || !/^(?:mailto|https):/.test(payload.sub ?? '')) return 401
      return key === serverKey ? payload.sub! : 403
    } catch (error) {
      if (error instanceof errors.JOSEError) return 401
      throw error
    }
  }
}

function faultIn({ method, headers, body }: HttpAsked): number | undefined {
  const { ttl, topic, urgency } = headers
  if (method !== 'POST') return 405
  if (!/^\d{1,10}$/.test(String(ttl))) return 400
  if (topic !== undefined && !/^[\w-]{1,32}$/.test(String(topic))) return 400
  if (urgency !== undefined && !/^(?:very-low|low|normal|high)$/.test(String(urgency))) return 400
  if (headers['content-encoding'] !== 'aes128gcm') return 415
  return body.length > bodyBytesMax ? 413 : undefined
}

function publicKeyOf(point: string) {
  const bytes = Buffer.from(point, 'base64url')
  return createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: bytes.toString('base64url', 1, 33),
      y: bytes.toString('base64url', 33, 65),
    },
  })
}
