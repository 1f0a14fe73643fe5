// Makes a call survive what can be survived: pace → breaker → credentials → attempt → judge → wait → again, within one
// deadline. What stays, surfaces as one PosthouseError with every attempt in it.
import { Breaker, type BreakerState, type Pass } from './breaker.ts'
import { type Attempt, type ErrorFields, PosthouseError, type RetryReason, type Stopped } from './error.ts'
import { exchange, type HttpRequest } from './exchange.ts'
import { judge, type Success, type Trouble } from './judge.ts'
import type { Dialect, Operation } from './operation.ts'
import { type CallerOptions, type ResolvedOptions, resolveOptions } from './options.ts'
import { Pacer } from './pacer.ts'
import type { RetryBudget } from './retry-quota.ts'
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
}

/** What was decided after an attempt that failed. */
type Decision =
  | { readonly retry: RetryReason; readonly waitMs: number; readonly isAsked?: boolean }
  | { readonly stopped: NonNullable<Attempt['stopped']>; readonly retryAfterMs?: number }

/** Of one attempt. */
interface Seen {
  readonly judged: Success | Trouble
  readonly attempt: Attempt
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

export class Caller {
  readonly #options: ResolvedOptions
  readonly #dialect: Dialect
  readonly #authority: Authority
  readonly #breaker: Breaker
  readonly #quotas: Readonly<Record<OperationClass, RetryBudget>>
  readonly #pacer: Pacer

  constructor(options: CallerOptions, dialect: Dialect, authority: Authority) {
    this.#options = resolveOptions(options)
    this.#dialect = dialect
    this.#authority = authority
    const { breaker, quota, clock, random, onBreaker } = this.#options
    this.#breaker = new Breaker(breaker, clock, random, onBreaker)
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
      pacedMs: 0,
    }
    try {
      const value = await this.#untilDone(run)
      this.#quotaOf(run).refund(run.paid)
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
      const { judged, attempt, askedMs } = await this.#attempt(run, pass)
      if (judged.is === 'success') {
        this.#record(run, attempt)
        return judged.value
      }
      const decision = this.#decide(run, judged, askedMs)
      if ('stopped' in decision) {
        const { stopped, retryAfterMs } = decision
        this.#record(run, { ...attempt, stopped })
        throw this.#errorOf(run, judged, retryAfterMs, isStopped(stopped) ? stopped : undefined)
      }
      this.#record(run, { ...attempt, ...decision })
      if (decision.waitMs === 0) continue
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
    await clock.wait(waitMs, run.signal)
    if (run.signal?.aborted) throw this.#notSent(run, 'connection_cancelled', 'cancelled')
  }

  #enter(run: Run): Pass {
    const pass = this.#breaker.enter()
    if (typeof pass === 'number') throw this.#notSent(run, 'breaker_open', 'unavailable', 'breaker', pass)
    return pass
  }

  async #attempt(run: Run, pass: Pass): Promise<Seen> {
    const { clock, timeouts, bytesMax, baseUrl, onUnknown, random, retry } = this.#options
    const { operation, signal } = run
    let isLeft = false
    try {
      const authorization = await this.#authorize(run)
      const { body } = operation
      const at = clock.now()
      // The token took all the time there was.
      if (at >= run.deadline) throw this.#notSent(run, 'connection_timeout', 'timeout', 'deadline')
      const requestHeaders = {
        ...(authorization && { Authorization: authorization }),
        Accept: operation.answers === 'file' ? '*/*' : 'application/json',
        ...(body && !isForm(body) && { 'Content-Type': 'application/json' }),
        ...operation.headers,
      }
      const request: HttpRequest = {
        method: operation.method,
        url: baseUrl + operation.path,
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
      const isLimit = judged.is === 'trouble' && judged.class === 'throttled'
      const askedMs = headers && askedWait(headers, clock.now(), isLimit)
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
      return { judged, attempt, askedMs: askedMs && spreadWait(askedMs, random, retry.spread) }
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

  #record(run: Run, attempt: Attempt): void {
    const { logger, onAttempt } = this.#options
    const { operation, attempts } = run
    attempts.push(attempt)
    logger?.info({ operation: operation.name, attempt: attempts.length, ...attempt }, 'attempt')
    onAttempt?.({ ...attempt, operation: operation.name })
  }

  #quotaOf({ operation: { method } }: Run): RetryBudget {
    return this.#quotas[method === 'GET' ? 'read' : 'write']
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
