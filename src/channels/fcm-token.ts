// The access token that Google gives for a signed assertion (RFC 7523 §2.1, 4; Google, "Using OAuth 2.0 for server to
// server applications").
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import { AccessToken } from './access-token.ts'
import type { Credentials, Members } from './channel.ts'
import { googleTokenUri } from './fcm-credentials.ts'
import type { HttpOrigins } from './http-request.ts'

const scope = 'https://www.googleapis.com/auth/firebase.messaging'
const assertionSeconds = 3_600
const youngestMs = 60_000

export function fcmToken({ shown, secret }: Credentials, http: HttpOrigins, now: () => number): AccessToken {
  const { audience, token_uri = audience } = shown
  const key = createPrivateKey(secret.private_key!)
  const endpoint = {
    url: token_uri as string,
    vendorsUrl: googleTokenUri,
    form: async () => ({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: await assertionOf(shown, key, now()),
    }),
    nameOfRefusal,
    flowStatuses: [429],
    youngestMs,
  }
  return new AccessToken(endpoint, http, now)
}

function assertionOf(
  { client_email, private_key_id, audience }: Members,
  key: KeyObject,
  now: number,
): Promise<string> {
  const issuedAt = Math.floor(now / 1_000)
  return new SignJWT({ scope })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: private_key_id as string })
    .setIssuer(client_email as string)
    .setAudience(audience as string)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + assertionSeconds)
    .sign(key)
}

/** RFC 6749 §5.2. */
function nameOfRefusal({ error }: Members): string | undefined {
  return typeof error === 'string' && /^[a-z_]{1,64}$/.test(error) ? error : undefined
}
