// What FCM answers, and what that means (Google, "FCM error codes", "Best practices when sending FCM messages at scale").
import type { Outcome } from './channel.ts'
import type { Http2Result } from './http2.ts'
import { readRetryAfter } from './retry-after.ts'

export interface Circumstances {
  /** Devices have been reached with these credentials: they are those of the app. */
  readonly isProven: boolean
  /** The access token is not taken. @returns whether the next one will be a new one */
  readonly dropToken: () => boolean
}

/** Until an operator has looked at it. */
const operatorsMs = 30 * 60_000
/** Where there is no Retry-After: a minute for a quota, ten seconds at least for a failure. */
const quotaMs = 60_000
const failureMs = 10_000
const renewedMs = 1_000

const fcmError = 'type.googleapis.com/google.firebase.fcm.v1.FcmError'
const badRequest = 'type.googleapis.com/google.rpc.BadRequest'
const quotaFailure = 'type.googleapis.com/google.rpc.QuotaFailure'

/** @param now epoch ms */
export function fcmOutcomeOf(result: Http2Result, now: number, about: Circumstances): Outcome {
  if (result.is === 'unprocessed') return { is: 'retry', of: 'provider', reason: result.reason }
  if (result.is === 'unknown') return { is: 'unknown', reason: result.reason }
  const { status } = result
  if (status === 200) return { is: 'accepted', status, reason: 'accepted' }
  const said = saidIn(result.text)
  const reason = said.code ?? said.status ?? `status ${status} without a code`
  const later = { is: 'retry', status, reason } as const
  const asked = readRetryAfter(result.headers['retry-after'], now)
  const operators = { ...later, of: 'app', retryAfterMs: operatorsMs } as const
  const dead = { is: 'dead_token', status, reason } as const
  const refused = { is: 'refused', status, reason } as const
  switch (said.code) {
    case 'UNREGISTERED':
      return dead
    case 'INVALID_ARGUMENT':
      return said.isAboutToken ? dead : refused
    case 'SENDER_ID_MISMATCH':
      // Another account than the app's would end every token of it.
      return about.isProven ? dead : refused
    case 'THIRD_PARTY_AUTH_ERROR':
    case 'APNS_AUTH_ERROR':
      return operators
    case 'QUOTA_EXCEEDED':
      return { ...later, of: said.isQuotaOfDevice ? 'device' : 'app', retryAfterMs: asked ?? quotaMs }
    case 'UNAVAILABLE':
    case 'INTERNAL':
      return { ...later, of: 'provider', retryAfterMs: asked ?? failureMs }
  }
  // UNSPECIFIED_ERROR, or not of FCM itself: the status is all there is.
  if (status === 504) return { is: 'unknown', status, reason }
  if (status === 429) return { ...later, of: 'app', retryAfterMs: asked ?? quotaMs }
  if (status >= 500) return { ...later, of: 'provider', retryAfterMs: asked ?? failureMs }
  if (status === 401 && about.dropToken()) return { ...operators, retryAfterMs: renewedMs }
  // Without a code of FCM's, 403 is a right that the account lacks and 404 a project that there is not.
  if (status === 401 || status === 403 || status === 404) return operators
  return said.isAboutToken ? dead : refused
}

interface Said {
  readonly code?: string
  readonly status?: string
  readonly isAboutToken?: boolean
  readonly isQuotaOfDevice?: boolean
}

interface Detail {
  readonly '@type'?: unknown
  readonly errorCode?: unknown
  readonly fieldViolations?: unknown
  readonly violations?: unknown
}

function saidIn(text: string): Said {
  let error: { status?: unknown; message?: unknown; details?: unknown }
  try {
    error = JSON.parse(text)?.error ?? {}
  } catch {
    return {}
  }
  const details: Detail[] = (Array.isArray(error.details) ? error.details : []).filter(
    detail => typeof detail === 'object' && detail !== null,
  )
  const detailOf = (type: string) => details.find(detail => detail['@type'] === type)
  const code = word(detailOf(fcmError)?.errorCode)
  const status = word(error.status)
  return {
    ...(code !== undefined && { code }),
    ...(status !== undefined && { status }),
    isAboutToken:
      names(detailOf(badRequest)?.fieldViolations, 'field', /^message\.token$/) ||
      /\bregistration token is not a valid\b/.test(String(error.message)),
    isQuotaOfDevice: names(detailOf(quotaFailure)?.violations, 'subject', /\b(?:device|token)/),
  }
}

function names(violations: unknown, member: 'field' | 'subject', form: RegExp): boolean {
  return Array.isArray(violations) && violations.some(violation => form.test(String(violation?.[member])))
}

/** Words of Google's alone: a text may repeat the token. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Z][A-Z_]{1,63}$/.test(value) ? value : undefined
}
