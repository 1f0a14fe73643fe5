// Makes a call survive what can be survived: pace → breaker → credentials → attempt → judge → wait → again, within one
// deadline. What stays, surfaces as one PosthouseError with every attempt in it.
import { Breaker, type BreakerState, type Pass } from './breaker.ts'
import { type Attempt, type ErrorFields, PosthouseError, type Stopped } from './error.ts'
import { type Exchange, exchange, type HttpRequest } from './exchange.ts'
import { judge, type Trouble } from './judge.ts'
import { type ClientEvent, type EventPlace, tell } from './observer.ts'
import type { Dialect, Operation } from './operation.ts'
import { type CallerOptions, type ResolvedOptions, resolveOptions } from './options.ts'
import { Pacer } from './pacer.ts'
import { redact } from './redact.ts'
import { RetryQuota } from './retry-quota.ts'
import type { CallSpan } from './tracer.ts'
import { makeUuid } from './uuid.ts'
import { askedWait, spreadWait, throttledWait, transientWait } from './waits.ts'

export interface CallOptions {
  /** Ends the call: its attempt is broken off, and not repeated. */
  readonly signal?: AbortSignal | undefined
}

/** What a call that answers with a file returns. */
export interface FileContent {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Its media type. */
  readonly type: string
}

/** The `Authorization` header of an attempt; `''`: none. */
export interface Authority {
  header(signal: AbortSignal | undefined): Promise<string> | string
  /** The server takes this header no longer. @returns false where there is no other */
  refuse(header: string): boolean
  /** Of a user of the app, not of the app. */
  readonly isUsers?: boolean
}

interface Run {
  readonly operation: Operation
  readonly signal: AbortSignal | undefined
  readonly deadline: number
  readonly attempts: Attempt[]
  /** Those that count against the number allowed. */
  counted: number
  unsent: number
  stale: number
  isRefreshed: boolean
  /** What the last retry cost. */
  paid: number
  readonly span: CallSpan | undefined
  /** Of the span; else one of its own, by which the lines of one call are known. */
  readonly traceId: string | undefined
}

/** Of a body, in a line. */
const bodyCharsMax = 4_096

/** An attempt that is over. */
interface Tried {
  readonly request: HttpRequest
  readonly seen: Exchange
  readonly judged: Trouble | { readonly is: 'success' }
}

/** An event before it is said where. */
type Untold<Event = ClientEvent> = Event extends unknown ? Omit<Event, keyof EventPlace> : never

export class Caller {
  readonly #options: ResolvedOptions
  readonly #dialect: Dialect
  readonly #authority: Authority
  readonly #breaker: Breaker
  readonly #quota: RetryQuota
  readonly #pacer: Pacer
  readonly #host: string

  constructor(options: CallerOptions, dialect: Dialect, authority: Authority) {
    this.#options = resolveOptions(options)
    this.#dialect = dialect
    this.#authority = authority
    const { breaker, quota, clock, random, onBreaker, baseUrl } = this.#options
    this.#host = new URL(baseUrl).host
    this.#breaker = new Breaker(breaker, clock, random, state => {
      onBreaker?.(state)
      this.#tell('', { is: 'breaker', state })
    })
    this.#quota = new RetryQuota(quota)
    this.#pacer = new Pacer(clock)
  }

  /** What keeps calls from being made or repeated, and what lifts it. */
  get state(): { readonly breaker: BreakerState; readonly retryQuota: number } {
    return { breaker: this.#breaker.state, retryQuota: this.#quota.left }
  }

  /** Retries are allowed again at once: for a person who knows that the trouble is over. */
  resetRetryQuota(): void {
    this.#quota.reset()
  }

  /** @returns the answer's JSON, integers beyond 2^53 as strings; a `FileContent` where files answer @throws PosthouseError */
  async call(operation: Operation, { signal }: CallOptions = {}): Promise<unknown> {
    const { clock, timeouts, logger, tracer } = this.#options
    const startedAt = clock.now()
    const span = tracer?.startCall(this.#placeOf(operation.name))
    const run: Run = {
      operation,
      signal,
      deadline: startedAt + timeouts.callMs,
      attempts: [],
      counted: 0,
      unsent: 0,
      stale: 0,
      isRefreshed: false,
      paid: 0,
      span,
      traceId: span?.traceId ?? (logger && makeUuid().replaceAll('-', '')),
    }
    try {
      const value = await this.#untilDone(run)
      this.#quota.refund(run.paid)
      this.#end(run, clock.now() - startedAt)
      return value
    } catch (error) {
      if (error instanceof PosthouseError) this.#end(run, clock.now() - startedAt, error)
      else span?.end()
      throw error
    }
  }

  #end({ operation, attempts, span, traceId }: Run, ms: number, error?: PosthouseError): void {
    const { logger } = this.#options
    const more = { ms, ...(traceId && { traceId }) }
    const { dialect, host } = this.#placeOf(operation.name)
    if (error) logger?.error({ ...error.toJSON(), host, ...more }, 'call failed')
    else {
      const fields = { dialect, host, operation: operation.name, attempts: attempts.length }
      logger?.info({ ...fields, ...more }, 'call succeeded')
    }
    span?.end(error)
    this.#tell(operation.name, {
      is: 'call',
      outcome: error?.outcome ?? 'accepted',
      id: error?.id ?? 'ok',
      attempts: attempts.length,
      isUsers: this.#authority.isUsers === true,
      retryQuota: this.#quota.left,
      ...(error && { error }),
      ...more,
    })
  }

  #placeOf(operation: string): EventPlace {
    return { dialect: this.#dialect.name, host: this.#host, operation }
  }

  #tell(operation: string, event: Untold): void {
    const { observers, logger } = this.#options
    if (observers.length > 0) tell(observers, { ...this.#placeOf(operation), ...event }, logger)
  }

  async #untilDone(run: Run): Promise<unknown> {
    for (;;) {
      await this.#pace(run)
      const pass = this.#enter(run)
      const judged = await this.#attempt(run, pass)
      if (judged.is === 'success') return judged.value
      const { trouble, asked } = judged
      const waitMs = this.#mayRetry(run, trouble, asked)
      if (waitMs === 0) continue
      this.#tell(run.operation.name, { is: 'wait', why: 'retry', ms: waitMs })
      await this.#options.clock.wait(waitMs, run.signal)
      if (run.signal?.aborted) throw this.#errorOf(run, { ...trouble, class: 'cancelled' })
    }
  }

  async #pace(run: Run): Promise<void> {
    const { isPaced, clock } = this.#options
    const waitMs = isPaced ? this.#pacer.reserve(run.operation.quota) : 0
    if (waitMs === 0) return
    if (clock.now() + waitMs > run.deadline)
      throw this.#notSent(run, 'paced_out', 'throttled', 'deadline', waitMs)
    this.#tell(run.operation.name, { is: 'wait', why: 'pace', ms: waitMs })
    await clock.wait(waitMs, run.signal)
    if (run.signal?.aborted) throw this.#notSent(run, 'connection_cancelled', 'cancelled')
  }

  #enter(run: Run): Pass {
    const pass = this.#breaker.enter()
    if (typeof pass === 'number') throw this.#notSent(run, 'breaker_open', 'unavailable', 'breaker', pass)
    return pass
  }

  async #attempt(run: Run, pass: Pass) {
    const { clock, timeouts, bytesMax, baseUrl, onUnknown, random } = this.#options
    const { operation, signal } = run
    let isLeft = false
    try {
      const authorization = await this.#authorize(run)
      const { body } = operation
      const at = clock.now()
      const url = baseUrl + operation.path
      const span = run.span?.startAttempt(operation.method, url, run.attempts.length + 1)
      const headers = {
        ...(authorization && { Authorization: authorization }),
        Accept: operation.answers === 'file' ? '*/*' : 'application/json',
        ...(body && !isForm(body) && { 'Content-Type': 'application/json' }),
        ...operation.headers,
        ...span?.headers,
      }
      const request: HttpRequest = {
        method: operation.method,
        url,
        headers,
        ...(body && { body: isForm(body) ? body : JSON.stringify(body) }),
      }
      const timeoutMs = Math.max(1, Math.min(timeouts.attemptMs, run.deadline - at))
      const isFile = operation.answers === 'file'
      const reading = { fetch: this.#options.fetch, bytesMax, isFile, signal, timeoutMs }
      const seen = await exchange(request, reading)
      const judged = judge(seen, operation, { dialect: this.#dialect, onUnknown })
      this.#breaker.leave(pass, judged.is === 'success' ? 'success' : judged.health)
      isLeft = true
      if (seen.is === 'answer') this.#pacer.observe(operation.quota, seen.headers)
      const attempt = this.#record(run, at, { request, seen, judged })
      span?.end(attempt)
      if (judged.is === 'success') return judged
      let trouble = judged
      if (trouble.retry === 'refresh' && (run.isRefreshed || !this.#authority.refuse(authorization)))
        trouble = { ...trouble, retry: 'no' }
      const isLimit = trouble.class === 'throttled'
      const askedMs = seen.is === 'answer' ? askedWait(seen.headers, clock.now(), isLimit) : undefined
      return { is: 'trouble', trouble, asked: askedMs && spreadWait(askedMs, random) } as const
    } finally {
      // Credentials that could not be had say nothing of this host; the place of a probe is free again.
      if (!isLeft) this.#breaker.leave(pass, 'ignored')
    }
  }

  /** Without credentials nothing is sent, whatever became of the attempt to get them. */
  async #authorize({ operation, signal, attempts }: Run): Promise<string> {
    try {
      return await this.#authority.header(signal)
    } catch (error) {
      if (!(error instanceof PosthouseError)) throw error
      const own = { operation: operation.name, attempts: [...attempts, ...error.attempts] }
      const outcome = wasLost(attempts) ? 'unknown' : 'not_sent'
      const key = operation.key !== undefined && { key: operation.key }
      throw new PosthouseError({ ...error, ...own, ...key, outcome })
    }
  }

  #record(run: Run, at: number, { request, seen, judged }: Tried): Attempt {
    const { clock, logger, onAttempt } = this.#options
    const { name } = run.operation
    const requestId = seen.is === 'answer' ? (seen.headers.get('x-request-id') ?? undefined) : undefined
    const attempt: Attempt = {
      at,
      tookMs: clock.now() - at,
      ...(seen.status !== undefined && { status: seen.status }),
      id: judged.is === 'success' ? 'ok' : judged.id,
      outcome: judged.is === 'success' ? 'accepted' : judged.outcome,
      ...(seen.is === 'broken' && { detail: seen.detail }),
      ...(requestId !== undefined && { requestId }),
    }
    run.attempts.push(attempt)
    const nth = run.attempts.length
    if (logger) {
      const { dialect, host, operation } = this.#placeOf(name)
      const line = { dialect, host, operation, attempt: nth, ...attempt, traceId: run.traceId }
      logger.info({ ...line, ...this.#bodiesOf(request, seen) }, 'attempt')
    }
    onAttempt?.({ ...attempt, operation: name })
    this.#tell(name, { is: 'attempt', attempt, nth })
    return attempt
  }

  /** Their sizes, in bytes; themselves only where that is wanted. */
  #bodiesOf({ body }: HttpRequest, seen: Exchange): object {
    const text = typeof body === 'string' ? body : undefined
    const answered = seen.is === 'answer' ? seen : undefined
    const cut = (one: string) => redact(one.slice(0, bodyCharsMax))
    return {
      ...(text !== undefined && { requestBytes: new TextEncoder().encode(text).length }),
      ...(answered && { responseBytes: answered.size }),
      ...(this.#options.logBodies && {
        ...(text !== undefined && { requestBody: cut(text) }),
        ...(answered?.text && { responseBody: cut(answered.text) }),
      }),
    }
  }

  /** @returns the wait before the next attempt, which is paid for @throws PosthouseError where there is none */
  #mayRetry(run: Run, trouble: Trouble, asked: number | undefined): number {
    const { retry, clock, random } = this.#options
    const kind = trouble.retry
    if (kind === 'no') throw this.#errorOf(run, trouble, asked)
    if (kind === 'refresh') {
      run.isRefreshed = true
      return 0
    }
    if (kind === 'stale' && run.stale < retry.staleRetries) {
      run.stale++
      return 0
    }
    const isFree = kind === 'unsent' && run.unsent < retry.unsentRetries
    if (isFree) run.unsent++
    else run.counted++
    const backoff =
      kind === 'throttled'
        ? Math.max(this.#dialect.throttledMsMin, throttledWait(run.counted, retry.throttled, random))
        : transientWait(run.counted + run.unsent, retry.transient, random)
    const waitMs = asked || backoff
    if (run.counted >= retry.attempts) throw this.#errorOf(run, trouble, waitMs, 'attempts')
    if (waitMs > retry.waitMsMax || clock.now() + waitMs >= run.deadline)
      throw this.#errorOf(run, trouble, waitMs, 'deadline')
    const paid = this.#quota.take(isFree ? 'free' : kind === 'throttled' ? 'throttled' : 'transient')
    if (paid === undefined) throw this.#errorOf(run, trouble, waitMs, 'quota')
    run.paid = paid
    run.attempts.push({ ...run.attempts.pop()!, waitMs })
    return waitMs
  }

  #errorOf(
    { operation, attempts }: Run,
    trouble: Trouble,
    retryAfterMs?: number,
    stopped?: Stopped,
  ): PosthouseError {
    const { is: _is, retry: _retry, health: _health, ...fields } = trouble
    const outcome = isLost(operation, attempts, trouble) ? 'unknown' : fields.outcome
    const requestId = attempts.at(-1)?.requestId
    return new PosthouseError({
      ...fields,
      outcome,
      dialect: this.#dialect.name,
      operation: operation.name,
      attempts,
      ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
      ...(requestId !== undefined && { requestId }),
      ...(operation.key !== undefined && { key: operation.key }),
      ...(stopped && { stopped }),
    })
  }

  /** What was not even tried, this time. */
  #notSent(
    run: Run,
    id: string,
    kind: ErrorFields['class'],
    stopped?: Stopped,
    retryAfterMs?: number,
  ): PosthouseError {
    const trouble: Trouble = {
      is: 'trouble',
      id,
      class: kind,
      outcome: 'not_sent',
      advice: 'after',
      params: {},
      text: '',
      retry: 'no',
      health: 'ignored',
    }
    return this.#errorOf(run, trouble, retryAfterMs, stopped)
  }
}

/** May one of these have executed it, of which no answer came? */
function wasLost(attempts: readonly Attempt[]): boolean {
  return attempts.some(({ outcome }) => outcome === 'unknown')
}

/** A refusal of the request itself; others come before a server looks at the key, or while the first is under way. */
const decided = /^(?:request|policy|missing|gone|too_large)$/

/** May an earlier attempt have executed it, whatever became of the last? Under a key, what was decided is for all. */
function isLost({ repeat }: Operation, attempts: readonly Attempt[], last: Trouble): boolean {
  const isForAll = repeat !== 'send' && last.outcome === 'rejected' && decided.test(last.class)
  return !isForAll && wasLost(attempts)
}

/** Not in every runtime is there a `FormData`. */
function isForm(body: object): body is FormData | URLSearchParams {
  return body instanceof URLSearchParams || (typeof FormData !== 'undefined' && body instanceof FormData)
}
