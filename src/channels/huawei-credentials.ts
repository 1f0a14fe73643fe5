// What an operator gives for Push Kit, and what a device says of itself, where its two API versions do not differ.
import { readBaseUrl } from './base-url.ts'
import { ChannelFault, type Credentials, type Members } from './channel.ts'
import { asMembers } from './shown-notification.ts'

const members: ReadonlySet<string> = new Set(['app_id', 'app_secret', 'app_name', 'base_url', 'token_url'])
const secretCharsMax = 512
const appNameCharsMax = 40
/** Its length is not to be relied on (Huawei, "Obtaining a push token"). */
const tokenCharsMax = 1_024

/**
 * `app_id` (the OAuth client id) and `app_secret` are needed; a member that is not sent again stays, `null` takes an
 * optional one away.
 * @throws ChannelFault
 */
export function readHuaweiCredentials(wanted: Members, before: Credentials | undefined): Credentials {
  const unknown = Object.keys(wanted).find(name => !members.has(name))
  if (unknown !== undefined) throw new ChannelFault(`huawei has no member ${unknown}`)
  const { app_id, app_name, base_url, token_url } = { ...before?.shown, ...wanted }
  const app_secret = wanted.app_secret ?? before?.secret.app_secret
  if (typeof app_id !== 'string' || !/^\d{1,64}$/.test(app_id))
    throw new ChannelFault('huawei.app_id is the app’s OAuth 2.0 client id, a number as text')
  if (
    typeof app_secret !== 'string' ||
    !/^[\x21-\x7e]+$/.test(app_secret) ||
    app_secret.length > secretCharsMax
  )
    throw new ChannelFault('huawei.app_secret is the app’s OAuth 2.0 client secret')
  return {
    shown: {
      app_id,
      ...readAppName('huawei', app_name),
      ...(isGiven(base_url) && { base_url: readBaseUrl('huawei.base_url', base_url) }),
      ...(isGiven(token_url) && { token_url: readBaseUrl('huawei.token_url', token_url) }),
    },
    secret: { app_secret },
  }
}

/** `app_name`, the title of what has none. @throws ChannelFault */
export function readAppName(channel: string, value: unknown): Members {
  if (!isGiven(value)) return {}
  if (typeof value !== 'string' || value.trim() === '' || value.length > appNameCharsMax)
    throw new ChannelFault(`${channel}.app_name is a text of 1 to ${appNameCharsMax} characters`)
  return { app_name: value }
}

/**
 * @param source what gives the token to the app, for the words of the fault
 * @throws ChannelFault
 */
export function readPushToken(channel: string, source: string, value: unknown): Members {
  const token = asMembers(value)?.token
  if (typeof token !== 'string' || token.length > tokenCharsMax || !/^[\x21-\x7e]+$/.test(token))
    throw new ChannelFault(`${channel} is {"token"}: what ${source} gives`)
  return { token }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
