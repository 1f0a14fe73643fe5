// What an operator gives for FCM, the service account's JSON as Google gives it, and what a device says of itself.
import { createPrivateKey } from 'node:crypto'
import { readBaseUrl } from './base-url.ts'
import { ChannelFault, type Credentials, type Members } from './channel.ts'
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
      ...readOverride('token_uri', wanted, before),
      ...readOverride('base_url', wanted, before),
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

function readOverride(name: 'token_uri' | 'base_url', wanted: Members, before?: Credentials): Members {
  const value = wanted[name] === undefined ? before?.shown[name] : wanted[name]
  return value === undefined || value === null ? {} : { [name]: readBaseUrl(`fcm.${name}`, value) }
}

function readAccount(value: unknown): Credentials {
  const account = asMembers(typeof value === 'string' ? parsed(value) : value)
  if (account?.type !== 'service_account')
    throw new ChannelFault('fcm.service_account is the JSON of a service account')
  for (const [name, form] of Object.entries(forms)) {
    const member = account[name]
    if (typeof member !== 'string' || !form.test(member))
      throw new ChannelFault(`fcm.service_account.${name} is missing or wrong`)
  }
  const { project_id, client_email, private_key_id, token_uri = googleTokenUri } = account
  const audience = readBaseUrl('fcm.service_account.token_uri', token_uri)
  return {
    shown: { project_id, client_email, private_key_id, audience },
    secret: { private_key: readKey(account.private_key) },
  }
}

function readKey(value: unknown): string {
  const fault = new ChannelFault('fcm.service_account.private_key is a private RSA key in PKCS#8 PEM')
  if (typeof value !== 'string' || !value.includes('-----BEGIN PRIVATE KEY-----')) throw fault
  try {
    if (createPrivateKey(value).asymmetricKeyType === 'rsa') return value.trim()
  } catch {
    // What it says may quote the key.
  }
  throw fault
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
