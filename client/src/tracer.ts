// What a caller asks of who makes its spans (spans.ts): they are paid for by those who want them.
import type { Attempt, PosthouseError } from './error.ts'
import type { EventPlace } from './observer.ts'

/** Makes the spans of calls; `traceWith` of `posthouse-client/spans` makes one of an OpenTelemetry tracer. */
export interface CallTracer {
  /** Its parent is what is active where the call is made. */
  startCall(place: EventPlace): CallSpan
}

/** The span of a call. */
export interface CallSpan {
  /** 32 hex digits; undefined where nothing is traced. */
  readonly traceId: string | undefined
  /** @param nth from 1 */
  startAttempt(method: string, url: string, nth: number): AttemptSpan | undefined
  end(error?: PosthouseError): void
}

/** The span of an attempt, below that of its call. */
export interface AttemptSpan {
  /** W3C Trace Context: `traceparent`, and `tracestate` where there is one. */
  readonly headers: Readonly<Record<string, string>>
  end(attempt: Attempt): void
}
