// What both dialects share; the calls are in `posthouse-client/jpush` and `posthouse-client/easemob`.
export type { BreakerOptions, BreakerState } from './breaker.ts'
export type { CallOptions, FileContent } from './caller.ts'
export type { Clock } from './clock.ts'
export type { Advice, Attempt, ErrorClass, ErrorFields, Outcome, Stopped } from './error.ts'
export { PosthouseError } from './error.ts'
export type { BytesMax, CallerOptions, Logger, RetryOptions, Timeouts } from './options.ts'
export type { RetryQuotaOptions } from './retry-quota.ts'
export type { BackoffOptions } from './waits.ts'
