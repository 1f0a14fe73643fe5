// Google's token endpoint and FCM's HTTP v1 API as they are documented: assertions are checked with the public key, access
// tokens end, messages are checked member by member, devices show what a tag replaces.
import { generateKeyPairSync, type KeyPairKeyObjectResult, randomBytes } from 'node:crypto'
import type { ServerHttp2Stream } from 'node:http2'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import { type Asked, answer, Http2Peer, type Reply } from './http2-peer.ts'

interface Scope {
  after(fn: () => Promise<void> | void): void
}

export interface AndroidDevice {
  readonly projectId: string
  isUnregistered?: boolean
  /** By tag. */
  readonly shown: Map<string, any>
  /** Each `message` it was sent. */
  readonly all: any[]
}

const scope = 'https://www.googleapis.com/auth/firebase.messaging'
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const fcmErrorType = 'type.googleapis.com/google.firebase.fcm.v1.FcmError'
const badRequestType = 'type.googleapis.com/google.rpc.BadRequest'
const statuses: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
}
const androidMembers: Readonly<Record<string, (value: any) => boolean>> = {
  priority: value => value === 'HIGH' || value === 'NORMAL',
  ttl: value => /^\d+s$/.test(value) && Number.parseInt(value, 10) <= 2_419_200,
  collapse_key: value => typeof value === 'string',
  notification: value => Object.entries(value).every(([name, member]) => notificationMembers[name]?.(member)),
}
const isText = (value: unknown) => typeof value === 'string'
const notificationMembers: Readonly<Record<string, (value: any) => boolean>> = {
  title: isText,
  body: isText,
  tag: isText,
  channel_id: isText,
  sound: isText,
  image: isText,
  click_action: isText,
  color: value => /^#[0-9a-f]{6}$/i.test(value),
  notification_priority: value => /^PRIORITY_(?:MIN|LOW|DEFAULT|HIGH|MAX)$/.test(value),
  notification_count: Number.isInteger,
  default_sound: value => value === true,
  default_vibrate_timings: value => value === true,
  default_light_settings: value => value === true,
}

/** An error as google.rpc words it. */
export function rpcError(status: number, errorCode?: string, more: object[] = [], message = 'no'): object {
  const details = [...(errorCode === undefined ? [] : [{ '@type': fcmErrorType, errorCode }]), ...more]
  return {
    error: { code: status, message, status: statuses[status], ...(details.length > 0 && { details }) },
  }
}

export function fieldViolation(field: string): object {
  return { '@type': badRequestType, fieldViolations: [{ field, description: 'wrong' }] }
}

let made: KeyPairKeyObjectResult | undefined

/** Of the service account; the same one for the whole process: RSA keys take long to make. */
function keyPair(): KeyPairKeyObjectResult {
  made ??= generateKeyPairSync('rsa', { modulusLength: 2_048 })
  return made
}

export class FcmPeer {
  readonly projectId = 'acme-chat'
  readonly devices = new Map<string, AndroidDevice>()
  /** What becomes of the next messages, or token requests, instead of what would; each once. */
  readonly nextMessages: Reply[] = []
  readonly nextTokens: Reply[] = []
  now: () => number = Date.now
  tokenSeconds = 3_599
  granted = 0
  readonly #privateKey = keyPair().privateKey
  readonly #publicKey = keyPair().publicKey
  /** Access tokens and when they end. */
  readonly #tokens = new Map<string, number>()
  #http: Http2Peer | undefined

  static async start(scope: Scope): Promise<FcmPeer> {
    const peer = new FcmPeer()
    peer.#http = await Http2Peer.start(scope, (stream, asked) => void peer.#reply(stream, asked))
    return peer
  }

  get http(): Http2Peer {
    return this.#http!
  }

  /** As Google gives it. */
  get serviceAccount() {
    return {
      type: 'service_account',
      project_id: this.projectId,
      private_key_id: '0123456789abcdef',
      private_key: this.#privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      client_email: `push@${this.projectId}.iam.gserviceaccount.com`,
      client_id: '1234567890',
      auth_uri: 'https://accounts.google.com/o/oauth2/auth',
      token_uri: `${this.http.url}/token`,
    }
  }

  get credentials() {
    return { service_account: this.serviceAccount, base_url: this.http.url }
  }

  get messages(): Asked[] {
    return this.http.asked.filter(({ path }) => path !== '/token')
  }

  /** @returns its token */
  addDevice(projectId = this.projectId): string {
    const token = `${randomBytes(16).toString('base64url')}:APA91b${randomBytes(96).toString('base64url')}`
    this.devices.set(token, { projectId, shown: new Map(), all: [] })
    return token
  }

  revokeTokens(): void {
    this.#tokens.clear()
  }

  async #reply(stream: ServerHttp2Stream, asked: Asked): Promise<void> {
    const isToken = asked.path === '/token'
    const instead = (isToken ? this.nextTokens : this.nextMessages).shift()
    if (instead) return instead(stream, asked)
    const [status, body] = isToken ? await this.#grant(asked) : this.#take(asked)
    answer(status, body, { 'content-type': 'application/json; charset=UTF-8' })(stream, asked)
  }

  /** RFC 7523 §3. */
  async #grant({ method, headers, body }: Asked): Promise<[number, object]> {
    const form = new URLSearchParams(body)
    const isForm = headers['content-type'] === 'application/x-www-form-urlencoded'
    if (method !== 'POST' || !isForm || form.get('grant_type') !== grantType)
      return [400, { error: 'unsupported_grant_type' }]
    const { client_email, private_key_id, token_uri } = this.serviceAccount
    try {
      const assertion = form.get('assertion') ?? ''
      const { payload } = await jwtVerify(assertion, this.#publicKey, {
        algorithms: ['RS256'],
        issuer: client_email,
        audience: token_uri,
        requiredClaims: ['iat', 'exp'],
        maxTokenAge: '1h',
        currentDate: new Date(this.now()),
      })
      if (decodeProtectedHeader(assertion).kid !== private_key_id) throw new Error('another key')
      if (payload.exp! - payload.iat! > 3_600) throw new Error('too long')
      if (payload.scope !== scope) return [400, { error: 'invalid_scope' }]
    } catch {
      return [400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }]
    }
    this.granted++
    const token = `ya29.${randomBytes(24).toString('base64url')}`
    this.#tokens.set(token, this.now() + this.tokenSeconds * 1_000)
    return [200, { access_token: token, expires_in: this.tokenSeconds, token_type: 'Bearer' }]
  }

  #take({ method, path, headers, body }: Asked): [number, object] {
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
    if ((this.#tokens.get(token) ?? 0) <= this.now()) return [401, rpcError(401)]
    if (method !== 'POST' || path !== `/v1/projects/${this.projectId}/messages:send`)
      return [404, rpcError(404)]
    const { message } = JSON.parse(body)
    const fault = faultIn(message)
    if (fault !== undefined) return [400, rpcError(400, 'INVALID_ARGUMENT', [fieldViolation(fault)])]
    const device = this.devices.get(message.token)
    if (!device || device.isUnregistered) return [404, rpcError(404, 'UNREGISTERED')]
    if (device.projectId !== this.projectId) return [403, rpcError(403, 'SENDER_ID_MISMATCH')]
    device.all.push(message)
    const { notification } = message.android
    if (notification) device.shown.set(notification.tag, notification)
    return [200, { name: `projects/${this.projectId}/messages/0:${device.all.length}` }]
  }
}

/** The name of the first member that is wrong. */
function faultIn(message: any): string | undefined {
  const { token, data = {}, android = {}, ...others } = message
  if (!/^[\w-]+:APA91b[\w-]+$/.test(token)) return 'message.token'
  const reserved = /^(?:from|message_type|collapse_key|google.*|gcm.*)$/
  const wrong = Object.entries(data).find(([name, value]) => typeof value !== 'string' || reserved.test(name))
  if (wrong) return 'message.data'
  if (Buffer.byteLength(JSON.stringify([data, android.notification])) > 4_096) return 'message'
  const member = Object.entries(android).find(([name, value]) => !androidMembers[name]?.(value))
  return member ? `message.android.${member[0]}` : Object.keys(others)[0]
}
