// The token by which APNs knows who asks (Apple, "Establishing a token-based connection to APNs").
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Credentials } from './channel.ts'

/** It is refused when it is older than an hour, and when it is renewed more often than every 20 minutes. */
const renewMs = 40 * 60_000
const youngestMs = 20 * 60_000

export class ProviderToken {
  readonly #teamId: string
  readonly #keyId: string
  readonly #key: KeyObject
  readonly #now: () => number
  #signed: Promise<string> | undefined
  #signedAt = 0

  constructor({ shown, secret }: Credentials, now: () => number) {
    this.#teamId = shown.team_id as string
    this.#keyId = shown.key_id as string
    this.#key = createPrivateKey(secret.key!)
    this.#now = now
  }

  get(): Promise<string> {
    if (!this.#signed || Math.abs(this.#now() - this.#signedAt) >= renewMs) this.#signed = this.#sign()
    return this.#signed
  }

  /** APNs has called it expired. @returns whether the next one is a new one: it may not be renewed too often. */
  drop(): boolean {
    if (Math.abs(this.#now() - this.#signedAt) < youngestMs) return false
    this.#signed = undefined
    return true
  }

  #sign(): Promise<string> {
    this.#signedAt = this.#now()
    return new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: this.#keyId })
      .setIssuer(this.#teamId)
      .setIssuedAt(Math.floor(this.#signedAt / 1_000))
      .sign(this.#key)
  }
}
