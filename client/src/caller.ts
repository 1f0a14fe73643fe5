// Makes a call survive what can be survived: pace → breaker → credentials → attempt → judge → wait → again, within one
// deadline. What stays, surfaces as one PosthouseError with every attempt in it.
import { Breaker, type BreakerState, type Pass } from './breaker.ts'
import { type Attempt, type ErrorFields, PosthouseError, type Stopped } from './error.ts'
import { type Exchange, exchange, type HttpRequest } from './exchange.ts'
import { judge, type Trouble } from './judge.ts'
import type { Dialect, Operation } from './operation.ts'
import { type CallerOptions, type ResolvedOptions, resolveOptions } from './options.ts'
import { Pacer } from './pacer.ts'
import { RetryQuota } from './retry-quota.ts'
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
}

export class Caller {
  readonly #options: ResolvedOptions
  readonly #dialect: Dialect
  readonly #authority: Authority
  readonly #breaker: Breaker
  readonly #quota: RetryQuota
  readonly #pacer: Pacer

  constructor(options: CallerOptions, dialect: Dialect, authority: Authority) {
    this.#options = resolveOptions(options)
    this.#dialect = dialect
    this.#authority = authority
    const { breaker, quota, clock, random, onBreaker } = this.#options
    this.#breaker = new Breaker(breaker, clock, random, onBreaker)
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
    const { clock, timeouts, logger } = this.#options
    const startedAt = clock.now()
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
    }
    try {
      const value = await this.#untilDone(run)
      this.#quota.refund(run.paid)
      const fields = { operation: operation.name, attempts: run.attempts.length, ms: clock.now() - startedAt }
      logger?.info(fields, 'call succeeded')
      return value
    } catch (error) {
      if (error instanceof PosthouseError)
        logger?.error({ ...error.toJSON(), ms: clock.now() - startedAt }, 'call failed')
      throw error
    }
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
      const headers = {
        ...(authorization && { Authorization: authorization }),
        Accept: operation.answers === 'file' ? '*/*' : 'application/json',
        ...(body && !isForm(body) && { 'Content-Type': 'application/json' }),
        ...operation.headers,
      }
      const request: HttpRequest = {
        method: operation.method,
        url: baseUrl + operation.path,
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
      this.#record(run, at, seen, judged)
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

  #record(run: Run, at: number, seen: Exchange, judged: Trouble | { readonly is: 'success' }): void {
    const { clock, logger, onAttempt } = this.#options
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
    const line = { operation: run.operation.name, attempt: run.attempts.length, ...attempt }
    logger?.info(line, 'attempt')
    onAttempt?.({ ...attempt, operation: run.operation.name })
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
