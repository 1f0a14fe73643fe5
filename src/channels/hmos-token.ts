// The token by which Push Kit of HarmonyOS knows who asks: none is given for it, it is sent itself (Huawei, "Generating a
// JWT based on a service account").
import { createPrivateKey } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Credentials } from './channel.ts'
import { SignedToken } from './signed-token.ts'

const audience = 'https://oauth-login.cloud.huawei.com/oauth2/v3/token'
const lifeSeconds = 3_600
const renewMs = 55 * 60_000
const youngestMs = 60_000

export function hmosToken({ shown, secret }: Credentials, now: () => number): SignedToken {
  const key = createPrivateKey(secret.private_key!)
  const sign = (at: number) =>
    new SignJWT()
      .setProtectedHeader({ alg: 'PS256', typ: 'JWT', kid: shown.key_id as string })
      .setIssuer(shown.sub_account as string)
      .setAudience(audience)
      .setIssuedAt(at)
      .setExpirationTime(at + lifeSeconds)
      .sign(key)
  return new SignedToken({ sign, renewMs, youngestMs }, now)
}
