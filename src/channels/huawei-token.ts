// The token of access that Huawei gives an app for its id and secret (RFC 6749 §4.4; Huawei, "OAuth 2.0 client
// credentials").
import type { Members, Outcome } from './channel.ts'
import type { HttpOrigins, HttpResult } from './http-request.ts'
import { readJsonObject } from './json-object.ts'
import { readRetryAfter } from './retry-after.ts'

export type Access = { readonly token: string } | { readonly outcome: Outcome }

interface Account {
  readonly id: string
  readonly secret: string
}

export const huaweiTokenUrl = 'https://oauth-login.cloud.huawei.com/oauth2/v3/token'

const lifeSecondsDefault = 3_600
/** It is renewed so long before it ends, or in the middle of a short life. */
const earlyMs = 300_000
const operatorsMs = 30 * 60_000

interface Known {
  readonly token: string
  readonly renewAt: number
  readonly expiresAt: number
}

export class HuaweiToken {
  readonly #http: HttpOrigins
  readonly #url: URL
  readonly #account: Account
  readonly #now: () => number
  #known: Known | undefined
  /** Asked for once, however many wait. */
  #asking: Promise<Access> | undefined

  constructor(http: HttpOrigins, url: string, account: Account, now: () => number) {
    this.#http = http
    this.#url = new URL(url)
    this.#account = account
    this.#now = now
  }

  /** Where there is none, what that makes of the push: it has certainly not been sent. */
  async get(): Promise<Access> {
    if (this.#known && this.#now() < this.#known.renewAt) return this.#known
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    const access = await this.#asking
    // One that is to be renewed and cannot be serves to its end.
    return 'outcome' in access && this.#known && this.#now() < this.#known.expiresAt ? this.#known : access
  }

  /** It was not taken. Another that has been asked for in the meantime stays. */
  drop(token: string): void {
    if (this.#known?.token === token) this.#known = undefined
  }

  async #ask(): Promise<Access> {
    const { id, secret } = this.#account
    const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret }
    const result = await this.#http.request({
      origin: this.#url.origin,
      method: 'POST',
      path: this.#url.pathname,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    })
    // An endpoint of the operator's own that fails says nothing of Huawei.
    const of = this.#url.href === huaweiTokenUrl ? 'provider' : 'app'
    if (result.is !== 'answered')
      return { outcome: { is: 'retry', of, reason: `no token: ${result.reason}` } }
    const said = readJsonObject(result.text)
    const { access_token: token, expires_in } = said
    if (result.status !== 200 || typeof token !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(token))
      return { outcome: outcomeOf(result, said, of, this.#now()) }
    const lifeMs = (Number(expires_in) > 0 ? Number(expires_in) : lifeSecondsDefault) * 1_000
    const expiresAt = this.#now() + lifeMs
    this.#known = { token, expiresAt, renewAt: expiresAt - Math.min(earlyMs, lifeMs / 2) }
    return this.#known
  }
}

/** `error` and `sub_error` are numbers (Huawei, "Account Kit server error codes"); its words stay where they are. */
function outcomeOf(
  { status, headers }: HttpResult & { is: 'answered' },
  { error, sub_error }: Members,
  of: 'provider' | 'app',
  now: number,
): Outcome {
  const codes = [error, sub_error].filter(code => /^\d{1,10}$/.test(String(code)))
  const reason = `no token: ${codes.length > 0 ? `error ${codes.join(' ')}` : `status ${status}`}`
  const retryAfterMs = readRetryAfter(headers['retry-after'], now)
  const later = { is: 'retry', status, reason, ...(retryAfterMs !== undefined && { retryAfterMs }) } as const
  if (status === 429 || status === 503) return { ...later, of: 'app' }
  if (status >= 500 || status === 200) return { ...later, of }
  return { is: 'retry', of: 'app', status, reason, retryAfterMs: operatorsMs }
}
