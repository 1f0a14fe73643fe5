// Makes a call survive what can be survived: pace → breaker → credentials → attempt → judge → wait → again, within one
// deadline. What stays, surfaces as one PosthouseError with every attempt in it.
import { Breaker, type BreakerState, type Pass } from './breaker.ts'
import { type Attempt, type ErrorFields, PosthouseError, type RetryReason, type Stopped } from './error.ts'
import { type Exchange, exchange, type HttpRequest } from './exchange.ts'
import { judge, type Success, type Trouble } from './judge.ts'
import { type ClientEvent, type EventPlace, tell } from './observer.ts'
import type { Dialect, Operation } from './operation.ts'
import { type CallerOptions, type ResolvedOptions, resolveOptions } from './options.ts'
import { Pacer } from './pacer.ts'
import { redact } from './redact.ts'
import type { RetryBudget } from './retry-quota.ts'
import type { AttemptSpan, CallSpan } from './tracer.ts'
import { makeUuid } from './uuid.ts'
import { askedWait, spreadWait, throttledWait, transientWait } from './waits.ts'

/** What every call takes beside what it is about. */
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
  /** How long the next attempt was held back. */
  pacedMs: number
  readonly span: CallSpan | undefined
  /** Of the span; else one of its own, by which the lines of one call are known. */
  readonly traceId: string | undefined
}

/** What was decided after an attempt that failed. */
type Decision =
  | { readonly retry: RetryReason; readonly waitMs: number; readonly isAsked?: boolean }
  | { readonly stopped: NonNullable<Attempt['stopped']>; readonly retryAfterMs?: number }

/** An attempt that is over. */
interface Tried {
  readonly request: HttpRequest
  readonly seen: Exchange
  readonly judged: Success | Trouble
  readonly attempt: Attempt
  readonly span: AttemptSpan | undefined
  /** What the server asks to wait. */
  readonly askedMs: number | undefined
}

/** Where others starve, reads go on. */
export type OperationClass = 'read' | 'write'

/** What keeps calls from being made or repeated. */
export interface CallerState {
  readonly breaker: BreakerState
  /** What is left to pay for retries with, of `quota.capacity`: those of GETs, and those of all that changes anything. */
  readonly retryQuota: Readonly<Record<OperationClass, number>>
}

/** Of a body, in a line. */
const bodyCharsMax = 4_096

/** An event before it is said where. */
type Untold<Event = ClientEvent> = Event extends unknown ? Omit<Event, keyof EventPlace> : never

export class Caller {
  readonly #options: ResolvedOptions
  readonly #dialect: Dialect
  readonly #authority: Authority
  readonly #breaker: Breaker
  readonly #quotas: Readonly<Record<OperationClass, RetryBudget>>
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
    this.#quotas = { read: quota(), write: quota() }
    const { rates, pace } = this.#options
    this.#pacer = new Pacer(clock, rates === 'documented' ? dialect.rates : rates, pace)
  }

  /** What keeps calls from being made or repeated, and what lifts it. */
  get state(): CallerState {
    const { read, write } = this.#quotas
    return { breaker: this.#breaker.state, retryQuota: { read: read.left, write: write.left } }
  }

  /** Retries are allowed again at once: for a person who knows that the trouble is over. */
  resetRetryQuota(): void {
    for (const quota of Object.values(this.#quotas)) quota.reset()
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
      pacedMs: 0,
      span,
      traceId: span?.traceId ?? (logger && makeUuid().replaceAll('-', '')),
    }
    try {
      const value = await this.#untilDone(run)
      this.#quotaOf(run).refund(run.paid)
      this.#end(run, clock.now() - startedAt)
      return value
    } catch (error) {
      if (error instanceof PosthouseError) this.#end(run, clock.now() - startedAt, error)
      else span?.end()
      throw error
    }
  }

  #end(run: Run, ms: number, error?: PosthouseError): void {
    const { operation, attempts, span, traceId } = run
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
      class: classOf(run),
      retryQuota: this.#quotaOf(run).left,
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
      const tried = await this.#attempt(run, pass)
      const { judged, askedMs } = tried
      if (judged.is === 'success') {
        this.#record(run, tried)
        return judged.value
      }
      const decision = this.#decide(run, judged, askedMs)
      if ('stopped' in decision) {
        const { stopped, retryAfterMs } = decision
        this.#record(run, tried, { stopped })
        throw this.#errorOf(run, judged, retryAfterMs, isStopped(stopped) ? stopped : undefined)
      }
      this.#record(run, tried, decision)
      if (decision.waitMs === 0) continue
      this.#tell(run.operation.name, { is: 'wait', why: 'retry', ms: decision.waitMs })
      await this.#options.clock.wait(decision.waitMs, run.signal)
      if (run.signal?.aborted) throw this.#errorOf(run, { ...judged, class: 'cancelled' })
    }
  }

  async #pace(run: Run): Promise<void> {
    const { isPaced, clock } = this.#options
    const { quota, units } = run.operation
    const leftMs = run.deadline - clock.now()
    const waitMs = isPaced ? this.#pacer.reserve(quota, units, leftMs) : 0
    run.pacedMs = waitMs
    if (waitMs === 0) return
    if (waitMs > leftMs) throw this.#notSent(run, 'paced_out', 'throttled', 'deadline', waitMs)
    this.#tell(run.operation.name, { is: 'wait', why: 'pace', ms: waitMs })
    await clock.wait(waitMs, run.signal)
    if (run.signal?.aborted) throw this.#notSent(run, 'connection_cancelled', 'cancelled')
  }

  #enter(run: Run): Pass {
    const pass = this.#breaker.enter()
    if (typeof pass === 'number') throw this.#notSent(run, 'breaker_open', 'unavailable', 'breaker', pass)
    return pass
  }

  async #attempt(run: Run, pass: Pass): Promise<Tried> {
    const { clock, timeouts, bytesMax, baseUrl, onUnknown, random, retry } = this.#options
    const { operation, signal } = run
    let isLeft = false
    try {
      const authorization = await this.#authorize(run)
      const { body } = operation
      const at = clock.now()
      // The token took all the time there was.
      if (at >= run.deadline) throw this.#notSent(run, 'connection_timeout', 'timeout', 'deadline')
      const url = baseUrl + operation.path
      const span = run.span?.startAttempt(operation.method, url, run.attempts.length + 1)
      const requestHeaders: Record<string, string> = {
        Accept: operation.answers === 'file' ? '*/*' : 'application/json',
      }
      if (authorization) requestHeaders.Authorization = authorization
      if (body && !isForm(body)) requestHeaders['Content-Type'] = 'application/json'
      Object.assign(requestHeaders, operation.headers, span?.headers)
      const request: HttpRequest = {
        method: operation.method,
        url,
        headers: requestHeaders,
        ...(body && { body: isForm(body) ? body : JSON.stringify(body) }),
      }
      const timeoutMs = Math.max(1, Math.min(timeouts.attemptMs, run.deadline - at))
      const isFile = operation.answers === 'file'
      const reading = { fetch: this.#options.fetch, bytesMax, isFile, signal, timeoutMs }
      const seen = await exchange(request, reading)
      const { isRefreshed } = run
      let judged = judge(seen, operation, { dialect: this.#dialect, onUnknown, isRefreshed })
      this.#breaker.leave(pass, judged.is === 'success' ? 'success' : judged.health)
      isLeft = true
      const headers = seen.is === 'answer' ? seen.headers : undefined
      if (headers) this.#pacer.observe(operation.quota, headers)
      if (judged.is === 'trouble' && judged.retry === 'refresh' && !this.#authority.refuse(authorization))
        judged = { ...judged, retry: 'no' }
      const askedMs =
        judged.is === 'trouble' && headers
          ? askedWait(headers, clock.now(), judged.class === 'throttled')
          : undefined
      const requestId = headers?.get('x-request-id')
      const attempt: Attempt = {
        at,
        tookMs: clock.now() - at,
        ...(run.pacedMs > 0 && { pacedMs: run.pacedMs }),
        ...(seen.status !== undefined && { status: seen.status }),
        id: judged.is === 'success' ? 'ok' : judged.id,
        outcome: judged.is === 'success' ? 'accepted' : judged.outcome,
        ...(seen.is === 'broken' && { detail: seen.detail }),
        ...(requestId && { requestId }),
      }
      return {
        request,
        seen,
        judged,
        attempt,
        span,
        askedMs: askedMs && spreadWait(askedMs, random, retry.spread),
      }
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

  #record(run: Run, { request, seen, attempt: made, span }: Tried, decision?: Partial<Attempt>): void {
    const { logger, onAttempt } = this.#options
    const { name } = run.operation
    const attempt = { ...made, ...decision }
    const nth = run.attempts.push(attempt)
    if (logger) {
      const { dialect, host, operation } = this.#placeOf(name)
      const line = { dialect, host, operation, attempt: nth, ...attempt, traceId: run.traceId }
      logger.info({ ...line, ...this.#bodiesOf(request, seen) }, 'attempt')
    }
    onAttempt?.({ ...attempt, operation: name })
    this.#tell(name, { is: 'attempt', attempt, nth })
    span?.end(attempt)
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

  #quotaOf(run: Run): RetryBudget {
    return this.#quotas[classOf(run)]
  }

  /** Another attempt, which is paid for, or none. */
  #decide(run: Run, { retry: kind, outcome, class: of }: Trouble, asked: number | undefined): Decision {
    const { retry, clock, random } = this.#options
    const told = asked !== undefined && { retryAfterMs: asked }
    if (of === 'cancelled') return { stopped: 'cancelled', ...told }
    if (kind === 'no') return { stopped: outcome === 'unknown' ? 'unrepeatable' : 'refused', ...told }
    if (kind === 'refresh') {
      run.isRefreshed = true
      return { retry: kind, waitMs: 0 }
    }
    if (kind === 'stale' && run.stale < retry.staleRetries) {
      run.stale++
      return { retry: kind, waitMs: 0 }
    }
    const isFree = kind === 'unsent' && run.unsent < retry.unsentRetries
    if (isFree) run.unsent++
    else run.counted++
    const backoff =
      kind === 'throttled'
        ? Math.max(
            retry.throttledMsMin ?? this.#dialect.throttledMsMin,
            throttledWait(run.counted, retry.throttled, random),
          )
        : transientWait(run.counted + run.unsent, retry.transient, random)
    const waitMs = asked || backoff
    const stop = (stopped: Stopped) => ({ stopped, retryAfterMs: waitMs })
    if (run.counted >= retry.attempts) return stop('attempts')
    if (waitMs > retry.waitMsMax || clock.now() + waitMs >= run.deadline) return stop('deadline')
    const cost = isFree ? 'free' : kind === 'throttled' ? 'throttled' : 'transient'
    const paid = this.#quotaOf(run).take(cost)
    if (paid === undefined) return stop('quota')
    run.paid = paid
    return { retry: kind, waitMs, ...(asked && { isAsked: true }) }
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

function isStopped(stopped: NonNullable<Attempt['stopped']>): stopped is Stopped {
  return stopped !== 'refused' && stopped !== 'unrepeatable' && stopped !== 'cancelled'
}

/** Not in every runtime is there a `FormData`. */
function isForm(body: object): body is FormData | URLSearchParams {
  return body instanceof URLSearchParams || (typeof FormData !== 'undefined' && body instanceof FormData)
}

function classOf({ operation }: Run): OperationClass {
  return operation.method === 'GET' ? 'read' : 'write'
}
