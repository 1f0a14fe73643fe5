// A token that is made here, not asked for: a JWT signed with the app's key, used until it is to be renewed.
import type { TokenSource } from './access-token.ts'
import type { Memory } from './channel.ts'

export interface Signing {
  /** @param at seconds since 1970 */
  readonly sign: (at: number) => Promise<string>
  readonly renewMs: number
  /** One that is not taken is not replaced within that time. */
  readonly youngestMs: number
  /** Where the token outlives the process, as long as this is who signs; absent = it does not. */
  readonly kept?: { readonly memory: Memory; readonly signer: string }
}

interface Kept {
  readonly token: string
  /** Epoch ms. */
  readonly signedAt: number
  readonly signer: string
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
    this.#recall()
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
    const signedAt = this.#signedAt
    const token = await this.#signing.sign(Math.floor(signedAt / 1_000))
    const { kept } = this.#signing
    // Before it is used.
    if (kept) await kept.memory.write(JSON.stringify({ token, signedAt, signer: kept.signer } satisfies Kept))
    this.#token = token
    return token
  }

  #recall(): void {
    const { kept } = this.#signing
    const text = kept?.memory.read() ?? ''
    if (text === '') return
    const { token, signedAt, signer } = JSON.parse(text) as Kept
    if (signer !== kept!.signer) return
    this.#token = token
    this.#signed = Promise.resolve(token)
    this.#signedAt = signedAt
  }

  /** A clock that has been set back makes it old, too: it would be one from the future. */
  #age(): number {
    return Math.abs(this.#now() - this.#signedAt)
  }
}
