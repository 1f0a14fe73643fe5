// A service account as vendors give it: a JSON file with a private key in it.
import { createPrivateKey } from 'node:crypto'
import { readBaseUrl } from './base-url.ts'
import { ChannelFault, type Credentials, type Members } from './channel.ts'
import { asMembers } from './shown-notification.ts'

/**
 * @param name of the member, for the words of the fault
 * @param value an object, or its JSON text
 * @param forms of the members that are needed beside the key
 * @throws ChannelFault
 */
export function readServiceAccount(
  name: string,
  value: unknown,
  forms: Readonly<Record<string, RegExp>>,
): Members & { readonly private_key: string } {
  const account = asMembers(typeof value === 'string' ? parsed(value) : value)
  if (!account) throw new ChannelFault(`${name} is the JSON of a service account`)
  for (const [member, form] of Object.entries(forms)) {
    const said = account[member]
    if (typeof said !== 'string' || !form.test(said))
      throw new ChannelFault(`${name}.${member} is missing or wrong`)
  }
  return { ...account, private_key: readKey(`${name}.private_key`, account.private_key) }
}

/** What has requests go elsewhere; one that is not sent again stays, null goes back to the vendor. @throws ChannelFault */
export function readOverride(
  channel: string,
  name: 'token_uri' | 'base_url',
  wanted: Members,
  before?: Credentials,
): Members {
  const value = wanted[name] === undefined ? before?.shown[name] : wanted[name]
  return value === undefined || value === null ? {} : { [name]: readBaseUrl(`${channel}.${name}`, value) }
}

function readKey(name: string, value: unknown): string {
  const fault = new ChannelFault(`${name} is a private RSA key in PKCS#8 PEM`)
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
