// The token of access that Huawei gives an app for its id and secret (Huawei, "OAuth 2.0 client credentials").
import { AccessToken } from './access-token.ts'
import type { Credentials, Members } from './channel.ts'
import type { HttpOrigins } from './http-request.ts'

const huaweiTokenUrl = 'https://oauth-login.cloud.huawei.com/oauth2/v3/token'

export function huaweiToken(
  { shown, secret }: Credentials,
  http: HttpOrigins,
  now: () => number,
): AccessToken {
  const { app_id, token_url = huaweiTokenUrl } = shown
  const form = {
    grant_type: 'client_credentials',
    client_id: app_id as string,
    client_secret: secret.app_secret!,
  }
  const endpoint = {
    url: token_url as string,
    vendorsUrl: huaweiTokenUrl,
    form: () => form,
    nameOfRefusal,
    flowStatuses: [429, 503],
    youngestMs: 0,
  }
  return new AccessToken(endpoint, http, now)
}

/** `error` and `sub_error` are numbers (Huawei, "Account Kit server error codes"). */
function nameOfRefusal({ error, sub_error }: Members): string | undefined {
  const codes = [error, sub_error].filter(code => /^\d{1,10}$/.test(String(code)))
  return codes.length > 0 ? `error ${codes.join(' ')}` : undefined
}
