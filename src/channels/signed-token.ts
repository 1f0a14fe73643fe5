// A token that is made here, not asked for: a JWT signed with the app's key, used until it is to be renewed.
import type { TokenSource } from './access-token.ts'

export interface Signing {
  /** @param at seconds since 1970 */
  readonly sign: (at: number) => Promise<string>
  readonly renewMs: number
  /** One that is not taken is not replaced within that time. */
  readonly youngestMs: number
}

export class SignedToken implements TokenSource {
  readonly #signing: Signing
  readonly #now: () => number
  #signed: Promise<string> | undefined
  #token = ''
  #signedAt = 0

  constructor(signing: Signing, now: () => number) {
    this.#signing = signing
    this.#now = now
  }

  async get(): Promise<{ readonly token: string }> {
    if (!this.#signed || this.#age() >= this.#signing.renewMs) this.#signed = this.#sign()
    return { token: await this.#signed }
  }

  drop(token: string): boolean {
    // Otherwise another request has seen to it already.
    if (!this.#signed || this.#token !== token) return true
    if (this.#age() < this.#signing.youngestMs) return false
    this.#signed = undefined
    return true
  }

  async #sign(): Promise<string> {
    this.#signedAt = this.#now()
    this.#token = ''
    this.#token = await this.#signing.sign(Math.floor(this.#signedAt / 1_000))
    return this.#token
  }

  /** A clock that has been set back makes it old, too: it would be one from the future. */
  #age(): number {
    return Math.abs(this.#now() - this.#signedAt)
  }
}
