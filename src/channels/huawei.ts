// Pushes to Huawei's devices up to HarmonyOS 4: HMS Push Kit, API version 1, with an OAuth token of the app (Huawei,
// "Sending Downlink Messages"). Later systems have another API, and tokens that this one does not take.
import { readBaseUrl } from './base-url.ts'
import {
  type Channel,
  ChannelFault,
  type ChannelSurroundings,
  type Credentials,
  type Members,
  type Outcome,
  type Sender,
  type VendorPush,
} from './channel.ts'
import { HttpOrigins } from './http-request.ts'
import { huaweiMessageOf, messageBytesMax } from './huawei-message.ts'
import { huaweiOutcomeOf, isTokenRefused } from './huawei-outcome.ts'
import { HuaweiToken, huaweiTokenUrl } from './huawei-token.ts'
import { shownOf } from './shown-notification.ts'

const baseUrl = 'https://push-api.cloud.huawei.com'
const members: ReadonlySet<string> = new Set(['app_id', 'app_secret', 'app_name', 'base_url', 'token_url'])
const secretCharsMax = 512
const appNameCharsMax = 40
/** Its length is not to be relied on (Huawei, "Obtaining a push token"). */
const tokenCharsMax = 1_024

export const huawei: Channel = {
  name: 'huawei',
  platforms: ['android'],
  atOnceMax: 100,
  readCredentials,
  readAddress,
  carries: push => isShown(push) || push.message !== undefined,
  // Of notifications with one tag the last is shown. What only the app gets, it gets twice.
  isRepeatable: isShown,
  open: (credentials, surroundings) => new HuaweiSender(credentials, surroundings),
}

function isShown(push: VendorPush): boolean {
  const { alert } = shownOf(push) ?? {}
  return alert !== undefined && alert !== ''
}

class HuaweiSender implements Sender {
  readonly #appName: string | undefined
  readonly #origin: string
  readonly #path: string
  readonly #http: HttpOrigins
  readonly #token: HuaweiToken
  readonly #now: () => number

  constructor(credentials: Credentials, surroundings: ChannelSurroundings) {
    const { app_id, app_name, base_url = baseUrl, token_url = huaweiTokenUrl } = credentials.shown
    const url = new URL(`${base_url}/v1/${app_id}/messages:send`)
    this.#appName = app_name as string | undefined
    this.#origin = url.origin
    this.#path = url.pathname
    this.#now = surroundings.now
    this.#http = new HttpOrigins(surroundings)
    const account = { id: app_id as string, secret: credentials.secret.app_secret! }
    this.#token = new HuaweiToken(this.#http, token_url as string, account, surroundings.now)
  }

  async send(address: Members, push: VendorPush): Promise<Outcome> {
    const ttlSeconds = Math.ceil((push.expiresAt - this.#now()) / 1_000)
    if (ttlSeconds <= 0) return { is: 'refused', reason: 'it has expired' }
    const message = huaweiMessageOf(push, { ttlSeconds, appName: this.#appName })
    const bytes = Buffer.byteLength(JSON.stringify(message))
    if (bytes > messageBytesMax)
      return { is: 'refused', reason: `${bytes} bytes, not ${messageBytesMax} at most` }
    const token = address.token as string
    const body = JSON.stringify({ validate_only: false, message: { ...message, token: [token] } })
    return this.#post(body, token, true)
  }

  close(): Promise<void> {
    return this.#http.close()
  }

  /** @param mayRenew the token of access may be older than Huawei thinks good */
  async #post(body: string, token: string, mayRenew: boolean): Promise<Outcome> {
    const access = await this.#token.get()
    if ('outcome' in access) return access.outcome
    const result = await this.#http.request({
      origin: this.#origin,
      method: 'POST',
      path: this.#path,
      headers: {
        authorization: `Bearer ${access.token}`,
        'content-type': 'application/json; charset=utf-8',
      },
      body,
    })
    if (isTokenRefused(result)) {
      this.#token.drop(access.token)
      if (mayRenew) return this.#post(body, token, false)
    }
    return huaweiOutcomeOf(result, token, this.#now())
  }
}

/**
 * `app_id` (the OAuth client id) and `app_secret` are needed; a member that is not sent again stays, `null` takes an
 * optional one away.
 */
function readCredentials(wanted: Members, before: Credentials | undefined): Credentials {
  const unknown = Object.keys(wanted).find(name => !members.has(name))
  if (unknown !== undefined) throw new ChannelFault(`huawei has no member ${unknown}`)
  const { app_id, app_name, base_url, token_url } = { ...before?.shown, ...wanted }
  const app_secret = wanted.app_secret ?? before?.secret.app_secret
  if (typeof app_id !== 'string' || !/^\d{1,64}$/.test(app_id))
    throw new ChannelFault('huawei.app_id is the app’s OAuth 2.0 client id, a number as text')
  if (
    typeof app_secret !== 'string' ||
    !/^[\x21-\x7e]+$/.test(app_secret) ||
    app_secret.length > secretCharsMax
  )
    throw new ChannelFault('huawei.app_secret is the app’s OAuth 2.0 client secret')
  if (isGiven(app_name) && (typeof app_name !== 'string' || !isName(app_name)))
    throw new ChannelFault(`huawei.app_name is a text of 1 to ${appNameCharsMax} characters`)
  return {
    shown: {
      app_id,
      ...(isGiven(app_name) && { app_name }),
      ...(isGiven(base_url) && { base_url: readBaseUrl('huawei.base_url', base_url) }),
      ...(isGiven(token_url) && { token_url: readBaseUrl('huawei.token_url', token_url) }),
    },
    secret: { app_secret },
  }
}

function readAddress(value: unknown): Members {
  const token = typeof value === 'object' && value !== null && 'token' in value ? value.token : undefined
  if (typeof token !== 'string' || token.length > tokenCharsMax || !/^[\x21-\x7e]+$/.test(token))
    throw new ChannelFault('huawei is {"token"}: what HmsInstanceId.getToken gives')
  return { token }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

function isName(text: string): boolean {
  return text.trim() !== '' && text.length <= appNameCharsMax
}
