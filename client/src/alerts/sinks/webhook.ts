import type { AlertSink } from '../alert.ts'
import { hmacOf } from './hmac.ts'
import { checkStatus, checkUrl, post, type WebhookOptions } from './post.ts'
import { isFiring } from './words.ts'

/** A receiver of your own. */
export interface SignedWebhookOptions extends WebhookOptions {
  /**
   * `whsec_` and base64 of 24 to 64 bytes. Several, while one is replaced by another: the receiver takes what any of them has
   * signed. Absent: the messages are not signed.
   */
  readonly secrets?: readonly string[]
}

/**
 * A webhook of your own: `POST { type: 'alert.firing' | 'alert.resolved', timestamp, data: AlertMessage }`, signed by
 * Standard Webhooks 1.0 (standardwebhooks.com): `webhook-id` is the message's, the same however often it is sent;
 * `webhook-timestamp` seconds; `webhook-signature` `v1,` and the base64 of HMAC-SHA-256 over `id.timestamp.body`. Its
 * libraries verify it. Any 2xx has taken it; 408, 425, 429 and 5xx are tried again, after `Retry-After`; other answers are
 * final.
 * @throws TypeError for an address or a secret that is none
 */
export function webhookSink({
  name = 'webhook',
  url,
  secrets = [],
  fetch,
  ...rest
}: SignedWebhookOptions): AlertSink {
  checkUrl(name, url)
  const keys = secrets.map(secret => readSecret(name, secret))
  return {
    name,
    ...rest,
    async send(message, context) {
      const { messageId, at } = message
      const type = isFiring(message) ? 'alert.firing' : 'alert.resolved'
      const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data: message })
      const seconds = Math.floor(context.now / 1_000)
      const signed = `${messageId}.${seconds}.${body}`
      const signatures = await Promise.all(keys.map(async key => `v1,${await hmacOf(key, signed)}`))
      const headers = {
        'webhook-id': messageId,
        'webhook-timestamp': String(seconds),
        ...(signatures.length > 0 && { 'webhook-signature': signatures.join(' ') }),
      }
      checkStatus(await post({ url, body, headers, fetch }, context), url)
    },
  }
}

function readSecret(name: string, secret: string): Uint8Array<ArrayBuffer> {
  try {
    const bytes = Uint8Array.from(atob(secret.replace(/^whsec_/, '')), char => char.charCodeAt(0))
    if (bytes.length >= 24) return bytes
  } catch {
    // Said below, without it.
  }
  throw new TypeError(`a secret of the sink ${name} is not base64 of at least 24 bytes`)
}
