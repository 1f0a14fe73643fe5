// The token by which APNs knows who asks (Apple, "Establishing a token-based connection to APNs").
import { createHash, createPrivateKey } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Credentials, Memory } from './channel.ts'
import { SignedToken } from './signed-token.ts'

/** It is refused when it is older than an hour, and when it is renewed more often than every 20 minutes. */
const renewMs = 40 * 60_000
const youngestMs = 20 * 60_000

/** @param memory a server that starts again within these 20 minutes may not come with another */
export function apnsToken({ shown, secret }: Credentials, now: () => number, memory?: Memory): SignedToken {
  const key = createPrivateKey(secret.key!)
  const sign = (at: number) =>
    new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: shown.key_id as string })
      .setIssuer(shown.team_id as string)
      .setIssuedAt(at)
      .sign(key)
  const signer = createHash('sha256').update(`${shown.team_id} ${shown.key_id} ${secret.key}`).digest('hex')
  return new SignedToken({ sign, renewMs, youngestMs, ...(memory && { kept: { memory, signer } }) }, now)
}
