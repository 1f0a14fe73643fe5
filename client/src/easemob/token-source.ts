// The app's token: fetched once for all who need it, before it expires, and again when the server takes it no longer.
import type { Authority } from '../caller.ts'
import type { Clock } from '../clock.ts'

export interface Token {
  readonly access_token: string
  /** Seconds; 0: for ever. */
  readonly expires_in: number
}

/** Fetched anew when this share of its life is over: no call meets its last second. */
const renewAfter = 0.9

export class TokenSource implements Authority {
  readonly #fetch: () => Promise<Token>
  readonly #clock: Clock
  #current: { readonly header: string; readonly renewAt: number } | undefined
  #fetching: Promise<string> | undefined

  constructor(fetch: () => Promise<Token>, clock: Clock) {
    this.#fetch = fetch
    this.#clock = clock
  }

  header(): Promise<string> | string {
    if (this.#current && this.#clock.now() < this.#current.renewAt) return this.#current.header
    this.#fetching ??= this.#renew().finally(() => {
      this.#fetching = undefined
    })
    return this.#fetching
  }

  /** One that has been replaced meanwhile was refused for all who still used it. */
  refuse(header: string): boolean {
    if (this.#current?.header === header) this.#current = undefined
    return true
  }

  async #renew(): Promise<string> {
    const at = this.#clock.now()
    const { access_token, expires_in } = await this.#fetch()
    const lifeMs = expires_in > 0 ? expires_in * 1_000 * renewAfter : Number.POSITIVE_INFINITY
    this.#current = { header: `Bearer ${access_token}`, renewAt: at + lifeMs }
    return this.#current.header
  }
}
