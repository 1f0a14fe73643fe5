// The access token by which a vendor knows who asks (RFC 6749 §4.4, §5): asked for at its token endpoint, kept until
// shortly before its end.
import type { Members, Outcome } from './channel.ts'
import type { HttpOrigins, HttpResult } from './http-request.ts'
import { readJsonObject } from './json-object.ts'
import { readRetryAfter } from './retry-after.ts'

/** Where there is no token, what that makes of the push: it has certainly not been sent. */
export type Access = { readonly token: string } | { readonly outcome: Outcome }

/** What requests to a vendor are authorised by. */
export interface TokenSource {
  /** Never rejects. */
  get(): Promise<Access>
  /** The vendor does not take it any more. @returns whether the next one is a new one */
  drop(token: string): boolean
}

export interface TokenEndpoint {
  readonly url: string
  /** That of the vendor itself. An endpoint of the operator's own that fails says nothing of the vendor. */
  readonly vendorsUrl: string
  /** What a request has to say. */
  readonly form: () => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>
  /** What a refusal is called, out of a fixed set: its other words stay where they are. */
  readonly nameOfRefusal: (answer: Members) => string | undefined
  /** By which it says that the app asks too often. */
  readonly flowStatuses: readonly number[]
  /** One that is not taken is not replaced again within that time: another would not be taken either. */
  readonly youngestMs: number
}

const lifeSecondsDefault = 3_600
/** It is renewed so long before it ends, so that none ends on its way; in the middle of a short life. */
const earlyMs = 5 * 60_000
const operatorsMs = 30 * 60_000
const tokenForm = /^[\x21-\x7e]{1,8192}$/

interface Known {
  readonly token: string
  readonly gotAt: number
  readonly renewAt: number
  readonly expiresAt: number
}

export class AccessToken implements TokenSource {
  readonly #endpoint: TokenEndpoint
  readonly #url: URL
  readonly #http: HttpOrigins
  readonly #now: () => number
  #known: Known | undefined
  /** Asked for once, however many wait. */
  #asking: Promise<Access> | undefined

  constructor(endpoint: TokenEndpoint, http: HttpOrigins, now: () => number) {
    this.#endpoint = endpoint
    this.#url = new URL(endpoint.url)
    this.#http = http
    this.#now = now
  }

  async get(): Promise<Access> {
    if (this.#known && this.#now() < this.#known.renewAt) return this.#known
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    const access = await this.#asking
    // One that is to be renewed and cannot be serves to its end.
    return 'outcome' in access && this.#known && this.#now() < this.#known.expiresAt ? this.#known : access
  }

  drop(token: string): boolean {
    // Otherwise another request has seen to it already.
    if (this.#known?.token !== token) return true
    if (this.#now() - this.#known.gotAt < this.#endpoint.youngestMs) return false
    this.#known = undefined
    return true
  }

  async #ask(): Promise<Access> {
    const result = await this.#http.request({
      origin: this.#url.origin,
      method: 'POST',
      path: this.#url.pathname,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(await this.#endpoint.form()).toString(),
    })
    const said = result.is === 'answered' ? readJsonObject(result.text) : {}
    const { access_token: token, expires_in } = said
    const isGranted = result.is === 'answered' && result.status === 200
    if (!isGranted || typeof token !== 'string' || !tokenForm.test(token))
      return { outcome: this.#outcomeOf(result, said) }
    const lifeMs = (Number(expires_in) > 0 ? Number(expires_in) : lifeSecondsDefault) * 1_000
    const gotAt = this.#now()
    const expiresAt = gotAt + lifeMs
    this.#known = { token, gotAt, expiresAt, renewAt: expiresAt - Math.min(earlyMs, lifeMs / 2) }
    return this.#known
  }

  /** Without a token the push itself was never sent: whatever happened, it can be tried again. */
  #outcomeOf(result: HttpResult, said: Members): Outcome {
    const { vendorsUrl, flowStatuses, nameOfRefusal } = this.#endpoint
    const of = this.#url.href === vendorsUrl ? 'provider' : 'app'
    if (result.is !== 'answered') return { is: 'retry', of, reason: `no access token: ${result.reason}` }
    const { status } = result
    const reason = `no access token: ${nameOfRefusal(said) ?? `status ${status}`}`
    const retryAfterMs = readRetryAfter(result.headers['retry-after'], this.#now())
    const later = {
      is: 'retry',
      status,
      reason,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    } as const
    if (flowStatuses.includes(status)) return { ...later, of: 'app' }
    if (status >= 500 || status === 408 || status === 200) return { ...later, of }
    return { is: 'retry', of: 'app', status, reason, retryAfterMs: operatorsMs }
  }
}
