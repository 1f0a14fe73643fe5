// The access token by which Google knows who asks: got for a signed assertion (RFC 7523 §2.1, 4; Google, "Using OAuth 2.0
// for server to server applications"), kept until shortly before its end.
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import type { ChannelSurroundings, Credentials, Outcome } from './channel.ts'
import { googleTokenUri } from './fcm-credentials.ts'
import { HttpOrigins, type HttpResult } from './http-request.ts'
import { readRetryAfter } from './retry-after.ts'

const scope = 'https://www.googleapis.com/auth/firebase.messaging'
const assertionSeconds = 3_600
/** Before its end a new one is got, so that none ends on its way. */
const restMs = 5 * 60_000
const operatorsMs = 30 * 60_000
/** One that is not taken is not replaced again within that time: another would not be taken either. */
const youngestMs = 60_000

export type Access = { readonly token: string } | { readonly outcome: Outcome }

interface Known {
  readonly token: string
  readonly gotAt: number
  readonly renewAt: number
  readonly expiresAt: number
}

export class AccessToken {
  readonly #credentials: Credentials
  readonly #key: KeyObject
  readonly #url: URL
  readonly #http: HttpOrigins
  readonly #now: () => number
  #known: Known | undefined
  #asking: Promise<Access> | undefined

  constructor(credentials: Credentials, surroundings: ChannelSurroundings) {
    const { audience, token_uri = audience } = credentials.shown
    this.#credentials = credentials
    this.#key = createPrivateKey(credentials.secret.private_key!)
    this.#url = new URL(token_uri as string)
    this.#http = new HttpOrigins(surroundings)
    this.#now = surroundings.now
  }

  /** Asked for once, however many wait for it. Never rejects. */
  async get(): Promise<Access> {
    if (this.#known && this.#now() < this.#known.renewAt) return this.#known
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    const access = await this.#asking
    // One that is to be renewed and cannot be serves to its end.
    const isOld = 'outcome' in access && this.#known !== undefined && this.#now() < this.#known.expiresAt
    return isOld ? this.#known! : access
  }

  /** Google does not take it any more. @returns whether the next one is a new one */
  drop(token: string): boolean {
    // Otherwise another request has seen to it already.
    if (this.#known?.token !== token) return true
    if (this.#now() - this.#known.gotAt < youngestMs) return false
    this.#known = undefined
    return true
  }

  close(): Promise<void> {
    return this.#http.close()
  }

  async #ask(): Promise<Access> {
    const body = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: await this.#assert(),
    })
    const result = await this.#http.request({
      origin: this.#url.origin,
      method: 'POST',
      path: this.#url.pathname,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    })
    const granted = grantedBy(result)
    // An endpoint of the operator's own that fails says nothing of Google.
    const of = this.#url.href === googleTokenUri ? 'provider' : 'app'
    if (!granted) return { outcome: outcomeOf(result, of, this.#now()) }
    const [gotAt, lifeMs] = [this.#now(), granted.seconds * 1_000]
    const expiresAt = gotAt + lifeMs
    this.#known = {
      token: granted.token,
      gotAt,
      expiresAt,
      renewAt: expiresAt - Math.min(restMs, lifeMs / 2),
    }
    return this.#known
  }

  #assert(): Promise<string> {
    const { client_email, private_key_id, audience } = this.#credentials.shown
    const issuedAt = Math.floor(this.#now() / 1_000)
    return new SignJWT({ scope })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: private_key_id as string })
      .setIssuer(client_email as string)
      .setAudience(audience as string)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + assertionSeconds)
      .sign(this.#key)
  }
}

function grantedBy(result: HttpResult): { readonly token: string; readonly seconds: number } | undefined {
  if (result.is !== 'answered' || result.status !== 200) return undefined
  try {
    const { access_token: token, expires_in: seconds } = JSON.parse(result.text)
    const isUsable = typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) && Number.isFinite(seconds)
    return isUsable ? { token, seconds } : undefined
  } catch {
    return undefined
  }
}

/** Without a token the push itself was never sent: whatever happened, it can be tried again. */
function outcomeOf(result: HttpResult, of: 'provider' | 'app', now: number): Outcome {
  if (result.is !== 'answered') return { is: 'retry', of, reason: `no access token: ${result.reason}` }
  const { status } = result
  const reason = `no access token: ${errorIn(result.text) ?? `status ${status}`}`
  const isTheirs = status >= 500 || status === 429 || status === 408
  if (!isTheirs) return { is: 'retry', of: 'app', status, reason, retryAfterMs: operatorsMs }
  const retryAfterMs = readRetryAfter(result.headers['retry-after'], now)
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
  return { is: 'retry', of, status, reason, ...wait }
}

/** RFC 6749 §5.2. */
function errorIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text)
    return typeof error === 'string' && /^[a-z_]{1,64}$/.test(error) ? error : undefined
  } catch {
    return undefined
  }
}
