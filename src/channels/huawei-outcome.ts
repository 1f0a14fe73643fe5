// What Push Kit answers, and what that means (Huawei, "Sending Downlink Messages", error codes; for HarmonyOS,
// "Scenario-based messages: response parameters"). Its two API versions share their codes. The code in the body counts
// before the status: refusals come with 200 and with 400.
import type { Members, Outcome } from './channel.ts'
import type { HttpResult } from './http-request.ts'
import { readJsonObject } from './json-object.ts'
import { readRetryAfter } from './retry-after.ts'
import { asMembers } from './shown-notification.ts'

type Meaning =
  | 'accepted'
  | 'some'
  | 'payload'
  | 'token'
  | 'access'
  | 'app'
  | 'device'
  | 'provider'
  | 'flow'
  | 'test_flow'

const meanings: Readonly<Record<string, readonly [Meaning, string]>> = {
  80000000: ['accepted', 'accepted'],
  80100000: ['some', 'some tokens are illegal'],
  80100001: ['payload', 'a parameter is wrong'],
  80100003: ['payload', 'the message has the wrong structure'],
  80100004: ['payload', 'the time to live is wrong'],
  80100013: ['payload', 'collapse_key is wrong'],
  80100016: ['payload', 'the message has sensitive words'],
  80100017: ['flow', 'too many tasks'],
  80100018: ['payload', 'the review does not belong to the message'],
  80100022: ['payload', 'the image has not been verified'],
  80200001: ['access', 'the token of access is not taken'],
  80200003: ['access', 'the token of access has expired'],
  80200005: ['access', 'the token of access has expired'],
  80200006: ['app', 'the token of access is disabled'],
  // Push is not enabled; or the device's token is another app's, which is nothing that should hold up the others.
  80300002: ['device', 'the app may not send to this token'],
  80300007: ['token', 'the token is not valid'],
  80300008: ['payload', 'the message is too big'],
  80300010: ['payload', 'too many tokens'],
  80300011: ['payload', 'the app may not send messages of this urgency'],
  80300013: ['payload', 'the address for receipts is wrong'],
  80300029: ['test_flow', 'too many test messages'],
  80300030: ['payload', 'too many tokens for a test message'],
  80300036: ['app', 'the token of access lives too long'],
  80300037: ['app', 'the app may send nothing, as a penalty'],
  80600003: ['app', 'Huawei could not check the token of access'],
  81000001: ['provider', 'Push Kit fails'],
}

/** Why a token of HarmonyOS is not taken. Any other reason speaks of the push: a right that is lacking, a wrong form. */
const reasons: Readonly<Record<string, Meaning>> = {
  tokenFormatError: 'token',
  tokenPlatformNotSupport: 'token',
  appinfoError: 'app',
  disableSendHuaweiMsgBecauseOfPenalty: 'app',
}

const operatorsMs = 30 * 60_000

export function isTokenRefused(result: HttpResult): boolean {
  return result.is === 'answered' && meaningOf(result, '').meaning === 'access'
}

/** @param token the device's, to be found among the illegal ones */
export function huaweiOutcomeOf(result: HttpResult, token: string, now: number): Outcome {
  if (result.is === 'unprocessed') return { is: 'retry', of: 'provider', reason: result.reason }
  if (result.is === 'unknown') return { is: 'unknown', reason: result.reason }
  const { status } = result
  const { meaning, reason } = meaningOf(result, token)
  const retryAfterMs = readRetryAfter(result.headers['retry-after'], now)
  const later = { is: 'retry', status, reason, ...(retryAfterMs !== undefined && { retryAfterMs }) } as const
  const operators = { is: 'retry', status, reason, retryAfterMs: operatorsMs } as const
  switch (meaning) {
    case 'accepted':
      return { is: 'accepted', status, reason }
    case 'some':
      return { is: someOf(saidIn(result.text), token), status, reason }
    case 'token':
      return { is: 'dead_token', status, reason }
    case 'payload':
      return { is: 'refused', status, reason }
    case 'access':
    case 'app':
      return { ...operators, of: 'app' }
    case 'device':
      return { ...operators, of: 'device' }
    case 'test_flow':
      // Messages that are no tests are not held up.
      return { ...later, of: 'device' }
    case 'flow':
      return { ...later, of: 'app' }
    case 'provider':
      return { ...later, of: 'provider' }
    case undefined:
      return { is: 'unknown', status, reason }
  }
}

type Answered = Extract<HttpResult, { readonly is: 'answered' }>

/** Only codes are repeated: the words beside them hold tokens of devices. */
function meaningOf(
  { status, text }: Answered,
  token: string,
): { readonly meaning: Meaning | undefined; readonly reason: string } {
  const code = codeIn(text)
  const [meaning, words] = (code !== undefined && meanings[code]) || []
  if (meaning === undefined) return { meaning: byStatus(status, code), reason: code ?? `status ${status}` }
  const why = meaning === 'some' || meaning === 'token' ? reasonIn(saidIn(text), token) : undefined
  if (why !== undefined) return { meaning: reasons[why] ?? 'payload', reason: `${code}: ${why}` }
  return { meaning, reason: meaning === 'accepted' ? words! : `${code}: ${words}` }
}

function byStatus(status: number, code: string | undefined): Meaning | undefined {
  if (status === 401) return 'access'
  // The quota of the app; "spread your messages" (error code 503).
  if (status === 503 || status === 429) return 'flow'
  if (status >= 500) return 'provider'
  // "Check the URI": an app id that there is not.
  if (status === 404) return 'app'
  if (status >= 300) return 'payload'
  return code === undefined ? undefined : 'payload'
}

function codeIn(text: string): string | undefined {
  const { code } = readJsonObject(text)
  return /^\d{8}$/.test(String(code)) ? String(code) : undefined
}

/** Of tokens there is JSON in the words: {"success", "failure", "illegal_tokens"}, for HarmonyOS {…, "illegalTokens"}. */
function saidIn(text: string): Members {
  const { msg } = readJsonObject(text)
  return asMembers(msg) ?? readJsonObject(String(msg))
}

function someOf(
  { success, illegal_tokens: illegal }: Members,
  token: string,
): 'dead_token' | 'accepted' | 'refused' {
  if (Array.isArray(illegal) && illegal.includes(token)) return 'dead_token'
  return success === 1 ? 'accepted' : 'refused'
}

/** `illegalTokens` is {reason: tokens}. Where none was taken, it is the reason of the one that was sent. */
function reasonIn({ success, illegalTokens }: Members, token: string): string | undefined {
  const groups = Object.entries(asMembers(illegalTokens) ?? {}).filter(([why]) =>
    /^[A-Za-z]{1,64}$/.test(why),
  )
  const own = groups.find(([, tokens]) => Array.isArray(tokens) && tokens.includes(token))
  return (own ?? (success === 1 ? undefined : groups[0]))?.[0]
}
