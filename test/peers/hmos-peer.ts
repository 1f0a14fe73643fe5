// Push Kit for HarmonyOS, API version 3, as it is documented: tokens are checked with the public key, messages member by
// member, devices show what a message id or a notification's number make of it.
import { generateKeyPairSync, type KeyPairKeyObjectResult, randomBytes } from 'node:crypto'
import { decodeProtectedHeader, errors, jwtVerify } from 'jose'
import {
  type HttpAnswer,
  type HttpAsked,
  HttpPeer,
  type HttpPeerOptions,
  type HttpReply,
  send,
} from './http-peer.ts'
import { saying } from './huawei-peer.ts'

interface Scope {
  after(fn: () => Promise<void> | void): void
}

export interface HarmonyDevice {
  /** Why its token is not taken any more. */
  illegal?: string
  /** By the number that a notification is shown under. */
  readonly shown: Map<number, any>
  /** Each request it was sent, with its push type. */
  readonly all: any[]
  readonly messageIds: Set<string>
}

const messageBytesMax = 4_096
const ttlSecondsMax = 1_296_000
const audience = 'https://oauth-login.cloud.huawei.com/oauth2/v3/token'
const categories =
  /^(?:IM|VOIP|MISS_CALL|SUBSCRIPTION|TRAVEL|HEALTH|WORK|ACCOUNT|EXPRESS|FINANCE|DEVICE_REMINDER|MAIL|PLAY_VOICE|MARKETING)$/

let made: KeyPairKeyObjectResult | undefined

/** The same one for the whole process: RSA keys take long to make. */
function keyPair(): KeyPairKeyObjectResult {
  made ??= generateKeyPairSync('rsa', { modulusLength: 2_048 })
  return made
}

export class HmosPeer {
  readonly http: HttpPeer
  readonly projectId = '388421841221667201'
  readonly devices = new Map<string, HarmonyDevice>()
  /** What becomes of the next requests instead of what would; each once. */
  readonly next: HttpReply[] = []
  /** Epoch ms. */
  now: () => number = Date.now

  private constructor(http: HttpPeer) {
    this.http = http
    http.reply = (answer, asked) => (this.next.shift() ?? this.#take)(answer, asked)
  }

  static async start(scope: Scope, options: HttpPeerOptions = {}): Promise<HmosPeer> {
    return new HmosPeer(await HttpPeer.start(scope, () => undefined, options))
  }

  /** As Huawei gives it. */
  get serviceAccount() {
    return {
      project_id: this.projectId,
      key_id: 'd1c6bf6a0a3b4a1e8f2c7d5e9b0a4c3f',
      private_key: keyPair().privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      sub_account: '110812345',
      auth_uri: 'https://oauth-login.cloud.huawei.com/oauth2/v3/authorize',
      token_uri: audience,
      auth_provider_cert_uri: 'https://oauth-login.cloud.huawei.com/oauth2/v3/certs',
      client_cert_uri: 'https://oauth-login.cloud.huawei.com/oauth2/v3/x509?client_id=',
    }
  }

  get credentials() {
    return { service_account: this.serviceAccount, base_url: this.http.origin }
  }

  /** @returns its token */
  addDevice(): string {
    const token = `MAMzLg${randomBytes(48).toString('base64url')}`
    this.devices.set(token, { shown: new Map(), all: [], messageIds: new Set() })
    return token
  }

  readonly #take = async (answer: HttpAnswer, asked: HttpAsked): Promise<void> => {
    const { method, path, headers, body } = asked
    if (method !== 'POST' || path !== `/v3/${this.projectId}/messages:send`) return send(answer, 404)
    const say = (status: number, code: number, msg: unknown) => saying(status, code, msg)(answer, asked)
    const fault = await this.#faultInToken(headers.authorization)
    if (fault) return say(401, ...fault)
    const { target, ...message } = JSON.parse(body.toString())
    const type = headers['push-type']
    const wrong = wrongIn(type, message)
    if (wrong) return say(400, 80100003, `Illegal payload, ${wrong}`)
    if (Buffer.byteLength(JSON.stringify(message)) > messageBytesMax)
      return say(400, 80300008, 'Push message size is too long.')
    const tokens: unknown[] = target?.token ?? []
    if (tokens.length < 1 || tokens.length > 1_000) return say(400, 80300010, 'token count')
    const device = this.devices.get(String(tokens[0]))
    const why = device ? device.illegal : 'tokenFormatError'
    if (why) return say(200, 80300007, { success: 0, failure: 1, illegalTokens: { [why]: tokens } })
    device!.all.push({ type, ...message })
    show(device!, message.payload.notification)
    return say(200, 80000000, 'Success')
  }

  async #faultInToken(authorization = ''): Promise<[code: number, words: string] | undefined> {
    const [, token = ''] = /^Bearer (\S+)$/.exec(authorization) ?? []
    const { key_id, sub_account } = this.serviceAccount
    try {
      const { payload } = await jwtVerify(token, keyPair().publicKey, {
        algorithms: ['PS256'],
        typ: 'JWT',
        issuer: sub_account,
        audience,
        requiredClaims: ['iat', 'exp'],
        currentDate: new Date(this.now()),
      })
      if (decodeProtectedHeader(token).kid !== key_id) return [80200001, 'Authentication Error.']
      return payload.exp! - payload.iat! > 86_400
        ? [80300036, 'JWT expire period over threshold.']
        : undefined
    } catch (error) {
      const isOld = error instanceof errors.JWTExpired
      return isOld ? [80200005, 'Jwt token expired.'] : [80200001, 'Authentication Error.']
    }
  }
}

/** Of one message id the first is shown, of one number the last. */
function show(device: HarmonyDevice, notification: any): void {
  if (!notification || device.messageIds.has(notification.appMessageId)) return
  device.messageIds.add(notification.appMessageId)
  device.shown.set(notification.notifyId ?? device.shown.size, notification)
}

/** The mandatory members and the forms that the reference gives. */
function wrongIn(type: unknown, { payload, pushOptions, ...others }: any): string | undefined {
  if (Object.keys(others).length > 0) return 'unknown member'
  if (typeof payload !== 'object') return 'payload'
  const fault = faultInOptions(pushOptions ?? {})
  if (fault) return fault
  const { notification, extraData } = payload
  const hasExtraData = typeof extraData === 'string'
  switch (type) {
    case '0':
      return faultInNotification(notification)
    case '1':
      return Number.isInteger(payload.version) && payload.formId !== undefined
        ? undefined
        : 'formId or version'
    case '2':
      if (notification?.category !== 'PLAY_VOICE') return 'category'
      return hasExtraData ? faultInNotification(notification) : 'extraData'
    case '6':
    case '10':
      return hasExtraData && notification === undefined ? undefined : 'extraData'
    case '7':
      return Number.isInteger(payload.activityId) && payload.activityData ? undefined : 'activityId'
    default:
      return 'The header does not contain valid push-type'
  }
}

function faultInOptions({ testMessage = false, ttl = 86_400, collapseKey = -1, ...others }: any) {
  if (typeof testMessage !== 'boolean') return 'testMessage'
  if (!Number.isInteger(ttl) || ttl < 1 || ttl > ttlSecondsMax) return 'ttl'
  if (!Number.isInteger(collapseKey) || collapseKey < -1 || collapseKey > 100) return 'collapseKey'
  return Object.keys(others).find(name => !['biTag', 'receiptId', 'backgroundMode'].includes(name))
}

function faultInNotification(notification: any): string | undefined {
  const {
    category,
    title,
    body,
    clickAction,
    style = 0,
    inboxContent,
    image,
    badge,
    ...others
  } = notification ?? {}
  const {
    notifyId = -1,
    appMessageId = 'none',
    sound,
    soundDuration,
    foregroundShow = true,
    profileId,
    ...rest
  } = others
  if (!categories.test(category)) return 'category'
  if (typeof title !== 'string' || title === '' || typeof body !== 'string' || body === '')
    return 'title or body'
  const { actionType, action, uri, data = {} } = clickAction ?? {}
  if (actionType !== 0 && !(actionType === 1 && (action || uri))) return 'clickAction'
  if (typeof data !== 'object') return 'data'
  if (style !== 0 && !(style === 3 && inboxContent?.length > 0 && inboxContent.length <= 3)) return 'style'
  if (image !== undefined && !/^https:/.test(image)) return 'image'
  const { addNum = 1, setNum = 0 } = badge ?? {}
  if (!(addNum > 0 && addNum < 100 && setNum >= 0 && setNum < 100)) return 'badge'
  if (!Number.isInteger(notifyId) || notifyId < -1 || notifyId > 2_147_483_647) return 'notifyId'
  if (!/^[\w+/=\s-]{1,64}$/.test(appMessageId)) return 'appMessageId'
  if (soundDuration !== undefined && (sound === undefined || soundDuration < 1 || soundDuration > 60))
    return 'soundDuration'
  if (typeof foregroundShow !== 'boolean') return 'foregroundShow'
  if (profileId !== undefined && profileId.length > 64) return 'profileId'
  return Object.keys(rest)[0]
}
