// What an exchange means: the decision table of contract.md §4.3. Pure; the caller does what it says.
import { recognise } from '../../src/contract/recognise.ts'
import type { Health } from './breaker.ts'
import type { FailureForm } from './catalogue/form.ts'
import type { Advice, ErrorClass, Outcome, RetryReason } from './error.ts'
import type { Break, Exchange } from './exchange.ts'
import { memberOf, objectOf, parseJson } from './json.ts'
import type { Dialect, Operation } from './operation.ts'
import { redact } from './redact.ts'

export interface Success {
  readonly is: 'success'
  readonly value: unknown
}

export interface Trouble {
  readonly is: 'trouble'
  readonly id: string
  readonly class: ErrorClass
  readonly outcome: Outcome
  readonly advice: Advice
  readonly status?: number
  readonly code?: string
  readonly params: Readonly<Record<string, string>>
  readonly text: string
  /** May another attempt be made, and why. */
  readonly retry: 'no' | RetryReason
  readonly health: Health
}

export interface JudgeOptions {
  readonly dialect: Dialect
  /** What to do with a send that may have been executed, when no key makes a repeat harmless. */
  readonly onUnknown: 'retry' | 'park' | 'fail'
  /** The token has been renewed for this attempt: it is not what is wrong. */
  readonly isRefreshed?: boolean
}

export function judge(exchange: Exchange, operation: Operation, options: JudgeOptions): Success | Trouble {
  if (exchange.is === 'broken') return judgeBreak(exchange, operation, options)
  const { status, headers, text, bytes, isOversize } = exchange
  const isSuccess = status >= 200 && status < 300
  if (bytes && !isOversize) {
    const type = headers.get('content-type') ?? 'application/octet-stream'
    return { is: 'success', value: { bytes, type } }
  }
  const body = isOversize ? undefined : readBody(text)
  if (isSuccess && body === undefined)
    return noAnswer('answer_unreadable', status, isOversize ? 'the answer is too long' : text)
  // An empty body has nothing to say, and none of the calls that answer so has either.
  const refusal = options.dialect.readRefusal(body?.value)
  if (isSuccess && !refusal) {
    const { expects = [] } = operation
    const missing = expects.filter(name => !has(body!.value, name))
    return missing.length > 0
      ? noAnswer('answer_incomplete', status, `without ${missing.join(', ')}: ${text}`)
      : { is: 'success', value: body!.value }
  }
  const isTemporary = headers.has('retry-after')
  return judgeAnswer({ status, text, isSuccess, isTemporary, refusal }, operation, options)
}

/** @param wanted a member, as in `data.groupid`, or one of two, as in `msgs|data` */
function has(value: unknown, wanted: string): boolean {
  // Names of somebody's choice may have such characters in them.
  if (objectOf(value)?.[wanted] !== undefined) return true
  return wanted.split('|').some(path => memberOf(value, path) !== undefined)
}

function readBody(text: string): { readonly value: unknown } | undefined {
  if (text.trim() === '') return { value: {} }
  try {
    return { value: parseJson(text.replace(/^\ufeff/, '')) }
  } catch {
    return undefined
  }
}

/** A success that is none of this API: a proxy's page, or half an answer. The request may well have been executed. */
function noAnswer(id: string, status: number, text: string): Trouble {
  return {
    is: 'trouble',
    id,
    class: 'protocol',
    outcome: 'unknown',
    advice: 'page-a-human',
    status,
    params: {},
    // Half of an answer with a token in it is none either.
    text: redact(text),
    retry: 'no',
    health: 'ignored',
  }
}

const breaks: Readonly<Record<Break, { readonly class: ErrorClass; readonly health: Health }>> = {
  not_connected: { class: 'network', health: 'connect_failure' },
  untrusted: { class: 'config', health: 'ignored' },
  stale: { class: 'network', health: 'ignored' },
  reset: { class: 'network', health: 'failure' },
  cut: { class: 'network', health: 'failure' },
  timeout: { class: 'timeout', health: 'failure' },
  cancelled: { class: 'cancelled', health: 'ignored' },
}

function judgeBreak(
  { why, detail, status, isUnsent: isGivenUp }: Extract<Exchange, { is: 'broken' }>,
  operation: Operation,
  { onUnknown }: JudgeOptions,
): Trouble {
  const isUnsent = why === 'not_connected' || why === 'untrusted' || isGivenUp === true
  const mayRepeat = isRepeatable(operation, onUnknown === 'retry')
  const retry =
    why === 'not_connected'
      ? 'unsent'
      : why === 'untrusted' || why === 'cancelled' || !mayRepeat
        ? 'no'
        : why === 'stale'
          ? 'stale'
          : 'transient'
  return {
    is: 'trouble',
    id: `connection_${why}`,
    ...breaks[why],
    outcome: isUnsent ? 'not_sent' : 'unknown',
    advice: why === 'untrusted' ? 'page-a-human' : isUnsent ? 'after' : 'same-key',
    ...(status !== undefined && { status }),
    params: {},
    text: detail,
    retry,
  }
}

function isRepeatable({ repeat }: Operation, isSendRepeated: boolean): boolean {
  return repeat === 'safe' || repeat === 'keyed' || (repeat === 'send' && isSendRepeated)
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly isSuccess: boolean
  /** It says when to come back. */
  readonly isTemporary: boolean
  readonly refusal: { readonly code: string | undefined; readonly text: string } | undefined
}

function judgeAnswer(answer: Answer, operation: Operation, options: JudgeOptions): Trouble {
  const { status, text, isSuccess, isTemporary, refusal } = answer
  const { dialect } = options
  const code = refusal?.code
  const found =
    refusal && recognise(dialect.forms, { status: isSuccess ? undefined : status, code, text: refusal.text })
  const isKnown = found !== undefined && found.by !== 'code-alone'
  const forms = isKnown ? dialect.forms.filter(form => found.candidates.includes(form.id)) : []
  const likely = likeliest(forms, operation, options)
  const id = likely?.id ?? found?.id ?? `status_${status}`
  const advice = likely?.advice
  const isLimit = !isKnown && status === dialect.limits.bareStatus
  // Where several failures read alike, the worst of them.
  const mayHaveRun = isKnown
    ? forms.some(form => form.mayHaveRun)
    : status >= 500 && status !== 501 && !isLimit
  const kind = isLimit ? 'throttled' : classOf(status, id, code, dialect)
  const outcome = status >= 300 && status < 400 ? 'not_sent' : mayHaveRun ? 'unknown' : 'rejected'
  return {
    is: 'trouble',
    id,
    class: kind,
    outcome,
    advice: advice ?? adviceOf(kind, mayHaveRun),
    status,
    ...(code !== undefined && { code }),
    params: found?.params ?? {},
    // What is none of the dialect's refusals may repeat what it was asked.
    text: refusal?.text ?? redact(text),
    retry:
      kind === 'auth'
        ? isRenewable(forms, options)
          ? 'refresh'
          : 'no'
        : retryOf({ status, kind, advice, mayHaveRun, isTemporary }, operation),
    health: healthOf(status, isKnown ? mayHaveRun : !isLimit, dialect),
  }
}

/** Of failures that read alike: the one that this call is known to meet, else a token that a new one cures, if it is old. */
function likeliest(
  forms: readonly FailureForm[],
  { meets }: Operation,
  { isRefreshed = false }: JudgeOptions,
): FailureForm | undefined {
  return (
    forms.find(({ id }) => meets?.includes(id)) ??
    forms.find(({ advice }) => (advice === 'refresh-auth') !== isRefreshed) ??
    forms[0]
  )
}

const classes: Readonly<Record<number, ErrorClass>> = {
  401: 'auth',
  403: 'policy',
  404: 'missing',
  408: 'transient',
  409: 'conflict',
  410: 'gone',
  413: 'too_large',
  429: 'throttled',
  502: 'upstream',
  503: 'unavailable',
  504: 'upstream',
}

function classOf(status: number, id: string, code: string | undefined, { limits }: Dialect): ErrorClass {
  if (limits.plan.includes(id) || (code !== undefined && limits.plan.includes(code))) return 'plan_limit'
  if (limits.throttled.includes(id)) return 'throttled'
  // RFC 9110 §15: an unknown status is as the first of its class.
  if (status >= 300 && status < 400) return 'config'
  return classes[status] ?? (status >= 500 && status !== 501 ? 'transient' : 'request')
}

/** May a new token help? Not twice; and where it is not known what is wrong, it may. */
function isRenewable(forms: readonly FailureForm[], { dialect, isRefreshed = false }: JudgeOptions): boolean {
  if (dialect.name !== 'easemob' || isRefreshed) return false
  return forms.length === 0 || forms.some(({ advice }) => advice === 'refresh-auth')
}

interface Meaning {
  readonly status: number
  readonly kind: ErrorClass
  readonly advice: Advice | undefined
  readonly mayHaveRun: boolean
  readonly isTemporary: boolean
}

function retryOf(
  { status, kind, advice, mayHaveRun, isTemporary }: Meaning,
  operation: Operation,
): Trouble['retry'] {
  if (kind === 'plan_limit' || kind === 'config') return 'no'
  if (kind === 'throttled') return 'throttled'
  if (kind === 'too_large') return isTemporary ? 'throttled' : 'no'
  // Who answers has passed the request on more often than a connection that ended: a send without a key is not repeated.
  if (mayHaveRun && !isRepeatable(operation, false)) return 'no'
  if (status === 409) return 'throttled'
  if (mayHaveRun || status === 408) return 'transient'
  if (status >= 500 && status !== 501 && advice !== 'never')
    return advice === 'after' ? 'throttled' : 'transient'
  return advice === 'after' ? 'throttled' : 'no'
}

function adviceOf(kind: ErrorClass, mayHaveRun: boolean): Advice {
  if (kind === 'throttled') return 'after'
  if (kind === 'auth' || kind === 'gone' || kind === 'plan_limit' || kind === 'config') return 'page-a-human'
  if (kind === 'too_large') return 'split'
  return mayHaveRun ? 'same-key' : 'never'
}

/** A limit says nothing of the server's health, and a rule that refuses says that it lives. */
function healthOf(status: number, isTrouble: boolean, { name, limits }: Dialect): Health {
  if (status === 408 || status === 429) return 'ignored'
  if (status < 500 || status === 501) return 'success'
  if (status === 503 && name === 'easemob')
    return isTrouble && limits.bareStatus === undefined ? 'failure' : 'ignored'
  return status === 500 && !isTrouble ? 'ignored' : 'failure'
}
