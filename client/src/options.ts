// Every default of the client, in one place (contract.md §4.2), and how a caller changes it.
import type { BreakerOptions, BreakerState } from './breaker.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Attempt } from './error.ts'
import { type Observer, observersOf } from './observer.ts'
import { type PaceOptions, paceDefaults } from './pacer.ts'
import type { Rates } from './rates.ts'
import { type RetryBudget, RetryQuota, type RetryQuotaOptions } from './retry-quota.ts'
import type { CallTracer } from './tracer.ts'
import type { BackoffOptions, Random, SpreadOptions } from './waits.ts'

/** One JSON line an attempt and one a call, for a logger of pino's shape. */
export interface Logger {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}

/** What may be changed of how calls are made; every member has a default but the address. */
export interface CallerOptions {
  /** Such as `https://api.jpush.cn`; with no path, or with one that every call is below. */
  readonly baseUrl: string
  readonly fetch?: typeof fetch
  readonly timeouts?: Partial<Timeouts>
  readonly retry?: Partial<RetryOptions>
  /** What retries are paid for from, reads and other calls apart; or another budget for each, such as `shareBudget`. */
  readonly quota?: Partial<RetryQuotaOptions> | (() => RetryBudget)
  readonly breaker?: Partial<BreakerOptions>
  /** Read of an answer, in bytes. */
  readonly bytesMax?: Partial<BytesMax>
  /** Calls are slowed down before a limit is met that the answers tell of. Default true. */
  readonly isPaced?: boolean
  /** How near to a limit. */
  readonly pace?: Partial<PaceOptions>
  /**
   * What is allowed where no answer tells of it, of which `pace.share` is spent, by this client alone: `documented` by the
   * vendor (for apps that have no other contract), or by quota. Default none.
   */
  readonly rates?: 'documented' | Rates
  /**
   * What to do with a send that may have been executed, when no key makes a repeat harmless: `retry` after a timeout or
   * a lost connection (the Easemob page's own advice; the receiver may get it twice), never after a gateway's 502 or
   * 504; `park` and `fail`: throw at once, with the outcome `unknown`. Default `retry`.
   */
  readonly onUnknown?: 'retry' | 'park' | 'fail'
  readonly logger?: Logger
  /** The lines of attempts have their bodies too, cut at 4,096 characters, without secrets, passwords and tokens. Default false. */
  readonly logBodies?: boolean
  /**
   * `traceWith` of `posthouse-client/spans`, with a tracer of OpenTelemetry: makes a span of each call and of each attempt,
   * which the request names in `traceparent`.
   */
  readonly tracer?: CallTracer
  /** Told of calls, attempts, waits and changes of the breaker. */
  readonly observer?: Observer | readonly Observer[]
  readonly onAttempt?: (attempt: Attempt & { readonly operation: string }) => void
  readonly onBreaker?: (state: BreakerState) => void
  readonly clock?: Clock
  /** 0 ≤ x < 1. */
  readonly random?: Random
}

/** How long is waited, in ms. */
export interface Timeouts {
  /** One attempt, to the last byte of its answer. */
  readonly attemptMs: number
  /** A call with all its attempts and waits. */
  readonly callMs: number
}

/** How often and after what back-off a call is attempted again. */
export interface RetryOptions {
  /** The first included. */
  readonly attempts: number
  /** More of them where the server was not reached at all. */
  readonly unsentRetries: number
  /** More, at once, where a connection that had served before was found closed: a pool may hold several such. */
  readonly staleRetries: number
  readonly transient: BackoffOptions
  readonly throttled: BackoffOptions
  /** The least wait after a limit, where the answer names none: 1 000 at Easemob, 0 at JPush, whose answers name one. */
  readonly throttledMsMin?: number
  /** What is added to a wait that was asked for: not all who were told the same come back at once. */
  readonly spread: SpreadOptions
  /** What is to be waited for longer is left to the caller, or to the outbox: `retryAfterMs` says how long. */
  readonly waitMsMax: number
}

/** What is read of an answer, in bytes; what is longer is an error, `answer_unreadable`. */
export interface BytesMax {
  readonly success: number
  /** Of a success that is a file. */
  readonly file: number
  readonly error: number
}

type Optional = 'logger' | 'tracer' | 'observer' | 'onAttempt' | 'onBreaker'

export interface ResolvedOptions extends Required<Omit<CallerOptions, Optional>> {
  readonly timeouts: Timeouts
  readonly retry: RetryOptions
  readonly quota: () => RetryBudget
  readonly breaker: BreakerOptions
  readonly pace: PaceOptions
  readonly bytesMax: BytesMax
  readonly logger: Logger | undefined
  readonly tracer: CallTracer | undefined
  readonly observers: readonly Observer[]
  readonly onAttempt: CallerOptions['onAttempt'] | undefined
  readonly onBreaker: CallerOptions['onBreaker'] | undefined
}

export function resolveOptions(options: CallerOptions): ResolvedOptions {
  return {
    baseUrl: checkBaseUrl(options.baseUrl),
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    timeouts: { attemptMs: 10_000, callMs: 30_000, ...options.timeouts },
    retry: {
      attempts: 3,
      unsentRetries: 2,
      staleRetries: 3,
      transient: { baseMs: 100, maxMs: 20_000 },
      throttled: { baseMs: 1_000, maxMs: 60_000 },
      spread: { share: 0.1, maxMs: 1_000 },
      waitMsMax: 10_000,
      ...options.retry,
    },
    quota: quotaMaker(options.quota),
    breaker: {
      windowMs: 30_000,
      callsMin: 20,
      failureRate: 0.5,
      connectFailuresMax: 8,
      openMs: 15_000,
      openMsMax: 120_000,
      probes: 3,
      probesToClose: 2,
      spread: 0.2,
      ...options.breaker,
    },
    bytesMax: { success: 1_048_576, file: 67_108_864, error: 65_536, ...options.bytesMax },
    isPaced: options.isPaced ?? true,
    pace: { ...paceDefaults, ...options.pace },
    rates: options.rates ?? {},
    onUnknown: options.onUnknown ?? 'retry',
    logger: options.logger,
    logBodies: options.logBodies ?? false,
    tracer: options.tracer,
    observers: observersOf(options.observer),
    onAttempt: options.onAttempt,
    onBreaker: options.onBreaker,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  }
}

function quotaMaker(quota: CallerOptions['quota']): () => RetryBudget {
  if (typeof quota === 'function') return quota
  return () => new RetryQuota({ capacity: 500, transientCost: 14, throttledCost: 5, ...quota })
}

/** @throws TypeError for what is no http or https URL */
function checkBaseUrl(baseUrl: string): string {
  const { protocol, username, password, search, hash } = new URL(baseUrl)
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`${protocol}// is not spoken here`)
  if (username || password || search || hash)
    throw new TypeError('baseUrl has credentials, a query or a fragment: those are given elsewhere')
  return baseUrl.replace(/\/+$/, '')
}
