// Requests to Push Kit, which has an API version for Huawei's Android phones and one for HarmonyOS: what both ask for.
import type { TokenSource } from './access-token.ts'
import type { ChannelSurroundings, Members, Outcome, Sender, VendorPush } from './channel.ts'
import type { HttpOrigins } from './http-request.ts'
import { huaweiOutcomeOf, isTokenRefused } from './huawei-outcome.ts'

export const pushKitUrl = 'https://push-api.cloud.huawei.com'
/** Without the tokens. */
const messageBytesMax = 4_096
/** 15 days. */
const ttlSecondsMax = 1_296_000

export interface HuaweiRequest {
  readonly headers?: Readonly<Record<string, string>>
  /** Without the device's token: what counts as the message. */
  readonly message: Members
  readonly bodyFor: (token: string) => Members
}

export interface HuaweiApi {
  readonly url: string
  readonly requestOf: (push: VendorPush, ttlSeconds: number) => HuaweiRequest
}

export class HuaweiSender implements Sender {
  readonly #api: HuaweiApi
  readonly #url: URL
  readonly #http: HttpOrigins
  readonly #access: TokenSource
  readonly #now: () => number

  constructor(
    api: HuaweiApi,
    http: HttpOrigins,
    access: TokenSource,
    { now }: Pick<ChannelSurroundings, 'now'>,
  ) {
    this.#api = api
    this.#url = new URL(api.url)
    this.#http = http
    this.#access = access
    this.#now = now
  }

  async send(address: Members, push: VendorPush): Promise<Outcome> {
    const ttlSeconds = Math.ceil((push.expiresAt - this.#now()) / 1_000)
    if (ttlSeconds <= 0) return { is: 'refused', reason: 'it has expired' }
    const request = this.#api.requestOf(push, Math.min(ttlSeconds, ttlSecondsMax))
    const bytes = Buffer.byteLength(JSON.stringify(request.message))
    if (bytes > messageBytesMax)
      return { is: 'refused', reason: `${bytes} bytes, not ${messageBytesMax} at most` }
    return this.#post(request, address.token as string, true)
  }

  close(): Promise<void> {
    return this.#http.close()
  }

  /** @param mayRenew the token of access may be older than Huawei thinks good */
  async #post(request: HuaweiRequest, token: string, mayRenew: boolean): Promise<Outcome> {
    const access = await this.#access.get()
    if ('outcome' in access) return access.outcome
    const result = await this.#http.request({
      origin: this.#url.origin,
      method: 'POST',
      path: this.#url.pathname,
      headers: {
        authorization: `Bearer ${access.token}`,
        'content-type': 'application/json; charset=utf-8',
        ...request.headers,
      },
      body: JSON.stringify(request.bodyFor(token)),
    })
    if (isTokenRefused(result) && this.#access.drop(access.token) && mayRenew)
      return this.#post(request, token, false)
    return huaweiOutcomeOf(result, token, this.#now())
  }
}
