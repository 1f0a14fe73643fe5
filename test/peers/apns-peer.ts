// APNs as its provider API is documented: it checks the token, the headers and the payload of each request, knows its
// devices, and shows on each of them what a repeat under one collapse id has become.
import { type createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import type { ServerHttp2Stream } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import { type Asked, answer, Http2Peer, type Reply } from './http2-peer.ts'

interface Scope {
  after(fn: () => Promise<void> | void): void
}

export interface Notified {
  readonly id: string
  readonly type: string
  readonly priority: string
  readonly expiration: string
  readonly payload: any
}

export interface AppleDevice {
  readonly topic: string
  /** Epoch ms. */
  unregisteredAt?: number
  isExpired?: boolean
  /** By collapse id: what the device shows. */
  readonly shown: Map<string, Notified>
  /** Everything it was sent. */
  readonly all: Notified[]
}

interface Refusal {
  readonly status: number
  readonly reason: string
  readonly timestamp?: number
}

const hourMs = 3_600_000
const renewalMs = 20 * 60_000
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const suffixes: Readonly<Record<string, string>> = {
  alert: '',
  background: '',
  voip: '.voip',
  liveactivity: '.push-type.liveactivity',
}

export class ApnsPeer {
  readonly teamId = 'TEAM123456'
  readonly keyId = 'KEY1234567'
  readonly topic = 'com.acme.chat'
  /** As Apple gives it. */
  readonly key: string
  readonly devices = new Map<string, AppleDevice>()
  /** What becomes of the next requests instead of what would; each once. */
  readonly next: Reply[] = []
  /** Fingerprints of clients' certificates that Apple has given out, and for which topic. */
  readonly certificates = new Map<string, string>()
  /** The fingerprint that came with each request; '' = none. */
  readonly shown: string[] = []
  now: () => number = Date.now
  readonly #publicKey: ReturnType<typeof createPublicKey>
  #http: Http2Peer | undefined
  #token = ''
  #tokenSince = Number.NEGATIVE_INFINITY

  private constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    this.key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    this.#publicKey = publicKey
  }

  static async start(scope: Scope, port = 0, asksCertificate = false): Promise<ApnsPeer> {
    const peer = new ApnsPeer()
    // One stream until a token has been accepted.
    const options = { streamsMax: 1, port, asksCertificate }
    peer.#http = await Http2Peer.start(scope, (stream, asked) => void peer.#reply(stream, asked), options)
    return peer
  }

  get http(): Http2Peer {
    return this.#http!
  }

  get credentials() {
    const { teamId: team_id, keyId: key_id, topic, key } = this
    return { team_id, key_id, topic, key, base_url: this.http.url }
  }

  /** Apple has given this certificate to an app. */
  addCertificate(certificate: string, topic = this.topic): void {
    this.certificates.set(new X509Certificate(certificate).fingerprint256, topic)
  }

  /** @returns its token */
  addDevice(topic = this.topic): string {
    const token = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex')
    this.devices.set(token, { topic, shown: new Map(), all: [] })
    return token
  }

  async #reply(stream: ServerHttp2Stream, asked: Asked): Promise<void> {
    const instead = this.next.shift()
    if (instead) return instead(stream, asked)
    const refusal =
      this.#checkPath(asked) ??
      (await this.#checkCaller(stream, asked)) ??
      this.#checkHeaders(asked) ??
      this.#deliver(asked)
    if (stream.destroyed) return
    const id = { 'apns-id': String(asked.headers['apns-id'] ?? '') }
    if (refusal) return answer(refusal.status, { ...refusal, status: undefined }, id)(stream, asked)
    if (stream.session?.localSettings.maxConcurrentStreams === 1)
      stream.session.settings({ maxConcurrentStreams: 1_000 })
    answer(200, undefined, id)(stream, asked)
  }

  #checkPath({ method, path }: Asked): Refusal | undefined {
    if (method !== 'POST') return { status: 405, reason: 'MethodNotAllowed' }
    return /^\/3\/device\/[0-9a-f]+$/.test(path) ? undefined : { status: 404, reason: 'BadPath' }
  }

  /** A token goes before a certificate; with neither nobody is known. */
  async #checkCaller(stream: ServerHttp2Stream, asked: Asked): Promise<Refusal | undefined> {
    const certificate = (stream.session?.socket as TLSSocket | undefined)?.getPeerX509Certificate?.()
    this.shown.push(certificate?.fingerprint256 ?? '')
    if (!certificate || asked.headers.authorization !== undefined) return this.#checkToken(asked)
    const topic = this.certificates.get(certificate.fingerprint256)
    if (topic === undefined) return { status: 403, reason: 'BadCertificate' }
    const isOfTopic = String(asked.headers['apns-topic']).startsWith(topic)
    return isOfTopic ? undefined : { status: 400, reason: 'TopicDisallowed' }
  }

  async #checkToken({ headers }: Asked): Promise<Refusal | undefined> {
    const token = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
    if (token === undefined) return { status: 403, reason: 'MissingProviderToken' }
    if (token === this.#token && this.now() - this.#tokenSince <= hourMs) return undefined
    const iat = await this.#issuedAt(token)
    if (iat === undefined) return { status: 403, reason: 'InvalidProviderToken' }
    if (Math.abs(this.now() - iat) > hourMs) return { status: 403, reason: 'ExpiredProviderToken' }
    if (this.now() - this.#tokenSince < renewalMs)
      return { status: 429, reason: 'TooManyProviderTokenUpdates' }
    this.#token = token
    this.#tokenSince = iat
    return undefined
  }

  async #issuedAt(token: string): Promise<number | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#publicKey, {
        algorithms: ['ES256'],
        issuer: this.teamId,
        requiredClaims: ['iat'],
        currentDate: new Date(this.now()),
      })
      return decodeProtectedHeader(token).kid === this.keyId ? payload.iat! * 1_000 : undefined
    } catch {
      return undefined
    }
  }

  #checkHeaders({ headers, body }: Asked): Refusal | undefined {
    const [type, priority] = [headers['apns-push-type'], headers['apns-priority']].map(String)
    const suffix = suffixes[type!]
    const bad = (reason: string) => ({ status: 400, reason })
    if (suffix === undefined) return bad('InvalidPushType')
    if (!uuid.test(String(headers['apns-id']))) return bad('BadMessageId')
    if (!/^(?:5|10)$/.test(priority!) || (type === 'background' && priority === '10'))
      return bad('BadPriority')
    if (!/^\d{1,10}$/.test(String(headers['apns-expiration']))) return bad('BadExpirationDate')
    if (String(headers['apns-collapse-id']).length > 64) return bad('BadCollapseId')
    if (headers['apns-topic'] === undefined) return bad('MissingTopic')
    if (!String(headers['apns-topic']).endsWith(suffix)) return bad('TopicDisallowed')
    if (body === '') return bad('PayloadEmpty')
    const bytesMax = type === 'voip' ? 5_120 : 4_096
    return Buffer.byteLength(body) > bytesMax ? { status: 413, reason: 'PayloadTooLarge' } : undefined
  }

  #deliver({ path, headers, body }: Asked): Refusal | undefined {
    const device = this.devices.get(path.slice('/3/device/'.length))
    if (!device) return { status: 400, reason: 'BadDeviceToken' }
    const type = String(headers['apns-push-type'])
    if (headers['apns-topic'] !== device.topic + suffixes[type])
      return { status: 400, reason: 'DeviceTokenNotForTopic' }
    if (device.isExpired) return { status: 410, reason: 'ExpiredToken' }
    if (device.unregisteredAt !== undefined)
      return { status: 410, reason: 'Unregistered', timestamp: device.unregisteredAt }
    const notified = {
      id: String(headers['apns-id']),
      type,
      priority: String(headers['apns-priority']),
      expiration: String(headers['apns-expiration']),
      payload: JSON.parse(body),
    }
    device.all.push(notified)
    device.shown.set(String(headers['apns-collapse-id']), notified)
    return undefined
  }
}
