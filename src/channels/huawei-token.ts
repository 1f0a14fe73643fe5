// The token of access that Huawei gives an app for its id and secret (RFC 6749 §4.4; Huawei, "OAuth 2.0 client
// credentials").
import type { Outcome } from './channel.ts'
import type { HttpOrigins, HttpResult } from './http-request.ts'
import { readJsonObject } from './json-object.ts'
import { readRetryAfter } from './retry-after.ts'

export type Access = { readonly token: string } | { readonly outcome: Outcome }

interface Account {
  readonly id: string
  readonly secret: string
}

const lifeSecondsDefault = 3_600
/** It is renewed so long before it ends, or after nine tenths of a short life. */
const earlyMs = 300_000
const operatorsMs = 30 * 60_000

export class HuaweiToken {
  readonly #http: HttpOrigins
  readonly #url: URL
  readonly #account: Account
  readonly #now: () => number
  #known: { readonly token: string; readonly goodUntil: number } | undefined
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
    if (this.#known && this.#known.goodUntil > this.#now()) return this.#known
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
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
    if (result.is !== 'answered')
      return { outcome: { is: 'retry', of: 'provider', reason: `no token: ${result.reason}` } }
    const said = readJsonObject(result.text)
    const { access_token: token, expires_in } = said
    if (result.status !== 200 || typeof token !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(token))
      return { outcome: outcomeOf(result, said, this.#now()) }
    const lifeMs = (Number(expires_in) > 0 ? Number(expires_in) : lifeSecondsDefault) * 1_000
    this.#known = { token, goodUntil: this.#now() + Math.max(lifeMs - earlyMs, lifeMs * 0.9) }
    return this.#known
  }
}

/** `error` and `sub_error` are numbers (Huawei, "Account Kit server error codes"); its words stay where they are. */
function outcomeOf(
  { status, headers }: HttpResult & { is: 'answered' },
  { error, sub_error }: Readonly<Record<string, unknown>>,
  now: number,
): Outcome {
  const codes = [error, sub_error].filter(code => /^\d{1,10}$/.test(String(code)))
  const reason = `no token: ${codes.length > 0 ? `error ${codes.join(' ')}` : `status ${status}`}`
  const retryAfterMs = readRetryAfter(headers['retry-after'], now)
  const later = { is: 'retry', status, reason, ...(retryAfterMs !== undefined && { retryAfterMs }) } as const
  if (status === 429 || status === 503) return { ...later, of: 'app' }
  if (status >= 500 || status === 200) return { ...later, of: 'provider' }
  return { is: 'retry', of: 'app', status, reason, retryAfterMs: operatorsMs }
}
