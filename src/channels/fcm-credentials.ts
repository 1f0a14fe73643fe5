// What an operator gives for FCM, the service account's JSON as Google gives it, and what a device says of itself.
import { readBaseUrl } from './base-url.ts'
import { ChannelFault, type Credentials, type Members } from './channel.ts'
import { readOverride, readServiceAccount } from './service-account.ts'
import { asMembers } from './shown-notification.ts'

const names: ReadonlySet<string> = new Set(['service_account', 'token_uri', 'base_url'])
export const googleTokenUri = 'https://oauth2.googleapis.com/token'
const forms: Readonly<Record<string, RegExp>> = {
  project_id: /^[a-z0-9:.-]{1,100}$/,
  client_email: /^[\x21-\x7e]{1,300}$/,
  private_key_id: /^[\x21-\x7e]{1,200}$/,
}

/**
 * `service_account`, an object or its JSON text, is needed; a member that is not sent again stays. `token_uri` and
 * `base_url` have requests go elsewhere, null goes back to Google.
 * @throws ChannelFault
 */
export function readFcmCredentials(wanted: Members, before: Credentials | undefined): Credentials {
  const unknown = Object.keys(wanted).find(name => !names.has(name))
  if (unknown !== undefined) throw new ChannelFault(`fcm has no member ${unknown}`)
  const account = wanted.service_account === undefined ? before : readAccount(wanted.service_account)
  if (!account) throw new ChannelFault('fcm.service_account is needed')
  const { project_id, client_email, private_key_id, audience } = account.shown
  return {
    shown: {
      project_id,
      client_email,
      private_key_id,
      audience,
      ...readOverride('fcm', 'token_uri', wanted, before),
      ...readOverride('fcm', 'base_url', wanted, before),
    },
    secret: account.secret,
  }
}

/** @throws ChannelFault */
export function readFcmAddress(value: unknown): Members {
  const token = asMembers(value)?.token
  if (typeof token !== 'string' || !/^[\w:.~%+/=-]{20,4096}$/.test(token))
    throw new ChannelFault('fcm is {"token"}: the registration token of the app')
  return { token }
}

function readAccount(value: unknown): Credentials {
  const { type, ...account } = readServiceAccount('fcm.service_account', value, forms)
  if (type !== 'service_account')
    throw new ChannelFault('fcm.service_account is the JSON of a service account')
  const { project_id, client_email, private_key_id, private_key, token_uri = googleTokenUri } = account
  const audience = readBaseUrl('fcm.service_account.token_uri', token_uri)
  return { shown: { project_id, client_email, private_key_id, audience }, secret: { private_key } }
}
