// What APNs answers, and what that means (Apple, "Handling notification responses from APNs").
import type { Outcome } from './channel.ts'
import type { Http2Result } from './http2.ts'
import { readRetryAfter } from './retry-after.ts'

/** What is known of a token beside what APNs says of it. */
export interface Circumstances {
  /** It was sent to the app on the device: calls and activities have tokens of their own. */
  readonly isToApp: boolean
  /** The device has said, or the push has not asked otherwise, that this is the token's environment. */
  readonly isItsEnvironment: boolean
  /** The device has said so, or others have been reached under this topic. */
  readonly isItsTopic: boolean
  /** The device has said which app it is. */
  readonly isTopicOfDevice: boolean
  /** A token of the provider's that has been called expired will be a new one next time. */
  readonly dropToken: () => boolean
  /** The app has shown a certificate of its own to open the connection. */
  readonly hasCertificate: boolean
}

type Meaning =
  | 'payload'
  | 'token'
  | 'environment'
  | 'topic'
  | 'own topic'
  | 'app'
  | 'expired'
  | 'device'
  | 'provider'

const meanings: Readonly<Record<string, Meaning>> = {
  BadCollapseId: 'payload',
  BadDeviceToken: 'environment',
  BadExpirationDate: 'payload',
  BadMessageId: 'payload',
  BadPriority: 'payload',
  BadTopic: 'own topic',
  DeviceTokenNotForTopic: 'topic',
  DuplicateHeaders: 'payload',
  IdleTimeout: 'provider',
  InvalidPushType: 'payload',
  MissingDeviceToken: 'payload',
  MissingTopic: 'own topic',
  PayloadEmpty: 'payload',
  TopicDisallowed: 'own topic',
  BadCertificate: 'app',
  BadCertificateEnvironment: 'app',
  ExpiredProviderToken: 'expired',
  Forbidden: 'app',
  InvalidProviderToken: 'app',
  MissingProviderToken: 'app',
  UnrelatedKeyIdInToken: 'app',
  BadEnvironmentKeyIdInToken: 'app',
  // Seen beside the documented spelling.
  BadEnvironmentKeyInToken: 'app',
  BadPath: 'payload',
  MethodNotAllowed: 'payload',
  ExpiredToken: 'token',
  Unregistered: 'token',
  PayloadTooLarge: 'payload',
  TooManyProviderTokenUpdates: 'app',
  TooManyRequests: 'device',
  InternalServerError: 'provider',
  ServiceUnavailable: 'provider',
  Shutdown: 'provider',
}

/** Alerts of TLS that are about the certificate of the client (RFC 8446 §6.2), as OpenSSL names them. */
const certificateRefused = /ERR_SSL_\w*ALERT_(?:\w*CERTIFICATE\w*|UNKNOWN_CA|ACCESS_DENIED)/

/** Until an operator has looked at it. */
const operatorsMs = 30 * 60_000
const renewedMs = 1_000

export function apnsOutcomeOf(result: Http2Result, now: number, about: Circumstances): Outcome {
  if (result.is === 'unprocessed') {
    const { reason } = result
    // Whoever is turned away for a certificate of its own must not give others' provider a rest.
    if (about.hasCertificate && certificateRefused.test(reason))
      return { is: 'retry', of: 'app', reason, retryAfterMs: operatorsMs }
    return { is: 'retry', of: 'provider', reason }
  }
  if (result.is === 'unknown') return { is: 'unknown', reason: result.reason }
  const { status } = result
  if (status === 200) return { is: 'accepted', status, reason: 'accepted' }
  const said = saidIn(result.text)
  const reason = said.reason ?? `status ${status} without a reason`
  const later = { is: 'retry', status, reason } as const
  switch (meaningOf(status, said.reason, about)) {
    case 'token':
      return { is: 'dead_token', status, reason, ...(said.since !== undefined && { since: said.since }) }
    case 'expired':
      return { ...later, of: 'app', retryAfterMs: about.dropToken() ? renewedMs : operatorsMs }
    case 'app':
      return { ...later, of: 'app', retryAfterMs: operatorsMs }
    case 'device':
    case 'provider': {
      const retryAfterMs = readRetryAfter(result.headers['retry-after'], now)
      const of = status === 429 ? 'device' : 'provider'
      return { ...later, of, ...(retryAfterMs !== undefined && { retryAfterMs }) }
    }
    case 'unknown':
      return { is: 'unknown', status, reason }
    case 'payload':
      return { is: 'refused', status, reason }
  }
}

/**
 * A wrong setting must not end the tokens of a whole app: BadDeviceToken may mean the other environment, and
 * DeviceTokenNotForTopic another bundle id, so each ends a token only where that cannot be the cause.
 */
function meaningOf(
  status: number,
  reason: string | undefined,
  about: Circumstances,
): Exclude<Meaning, 'environment' | 'topic' | 'own topic'> | 'unknown' {
  const meaning = reason === undefined ? undefined : meanings[reason]
  switch (meaning) {
    case 'token':
      return about.isToApp ? 'token' : 'payload'
    case 'environment':
      return about.isToApp && about.isItsEnvironment ? 'token' : 'payload'
    case 'topic':
      return about.isToApp && about.isItsTopic ? 'token' : 'payload'
    case 'own topic':
      // One device that says it is another app is not the operator's mistake.
      return about.isTopicOfDevice ? 'payload' : 'app'
    case undefined:
      return meaningOfStatus(status)
    default:
      return meaning
  }
}

function meaningOfStatus(status: number): 'payload' | 'app' | 'device' | 'provider' | 'unknown' {
  // A gateway on the way has lost the answer, not the request.
  if (status === 504) return 'unknown'
  if (status === 429) return 'device'
  if (status >= 500) return 'provider'
  return status === 401 || status === 403 || status === 407 ? 'app' : 'payload'
}

/** The timestamp is in milliseconds: when APNs last saw that the token was no longer valid. */
function saidIn(text: string): { readonly reason?: string; readonly since?: number } {
  try {
    const { reason, timestamp } = JSON.parse(text)
    return {
      ...(typeof reason === 'string' && /^[A-Za-z]{1,64}$/.test(reason) && { reason }),
      ...(Number.isSafeInteger(timestamp) && { since: timestamp }),
    }
  } catch {
    return {}
  }
}
