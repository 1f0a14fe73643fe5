// Spans of calls and attempts: `tracer: traceWith(trace.getTracer('orders'))`. The shapes are of `@opentelemetry/api`;
// nothing of it is needed to build this.
import type { PosthouseError } from './error.ts'
import type { EventPlace } from './observer.ts'
import type { AttemptSpan, CallSpan, CallTracer } from './tracer.ts'

type Attributes = { [name: string]: string | number | boolean | undefined }

/** As `SpanContext` of `@opentelemetry/api`. */
interface SpanContext {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
  readonly traceState?: { serialize(): string }
}

/** As `Span` of `@opentelemetry/api`. */
export interface Span {
  spanContext(): SpanContext
  setAttributes(attributes: Attributes): unknown
  setStatus(status: { code: number; message?: string }): unknown
  recordException(exception: { name: string; message: string }): void
  end(): void
}

/** As `Context` of `@opentelemetry/api`. */
interface Context {
  getValue(key: symbol): unknown
  setValue(key: symbol, value: unknown): Context
  deleteValue(key: symbol): Context
}

/** As `Tracer` of `@opentelemetry/api`. */
export interface Tracer {
  startSpan(name: string, options?: { kind?: number; attributes?: Attributes }, context?: Context): Span
}

const kindInternal = 0
const kindClient = 2
const statusError = 2
/** By which the API finds the span of a context: the symbol is registered, so every copy of it has the same. */
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN')

/** @param tracer of `@opentelemetry/api`, whichever SDK is behind it @returns the `tracer` of clients */
export function traceWith(tracer: Tracer): CallTracer {
  return { startCall: place => new TracedCall(tracer, place) }
}

/**
 * The span of one call, of kind INTERNAL; its parent is what is active where the call is made. Its attempts are spans of
 * kind CLIENT below it, with the attributes of the semantic conventions for HTTP; the second and later ones say how many
 * came before them.
 */
class TracedCall implements CallSpan {
  readonly #tracer: Tracer
  readonly #span: Span
  readonly #name: string

  constructor(tracer: Tracer, { dialect, host, operation }: EventPlace) {
    this.#tracer = tracer
    this.#name = operation
    const attributes = { 'posthouse.dialect': dialect, 'posthouse.operation': operation, ...addressOf(host) }
    this.#span = tracer.startSpan(operation, { kind: kindInternal, attributes })
  }

  /** Undefined where nothing is traced. */
  get traceId(): string | undefined {
    const { traceId } = this.#span.spanContext()
    return /[^0]/.test(traceId) ? traceId : undefined
  }

  /** @param url as it is asked for; its query may hold a signature and is left out @param nth from 1 */
  startAttempt(method: string, url: string, nth: number): AttemptSpan | undefined {
    if (this.traceId === undefined) return undefined
    const attributes = {
      'http.request.method': method,
      'url.full': url.split('?')[0],
      ...addressOf(new URL(url).host),
      ...(nth > 1 && { 'http.request.resend_count': nth - 1 }),
    }
    const span = this.#tracer.startSpan(this.#name, { kind: kindClient, attributes }, contextOf(this.#span))
    return {
      headers: headersOf(span.spanContext()),
      end({ id, status, outcome, requestId }) {
        span.setAttributes({
          'http.response.status_code': status,
          'posthouse.outcome': outcome,
          'http.response.header.x-request-id': requestId,
        })
        if (id !== 'ok') fail(span, id)
        span.end()
      },
    }
  }

  end(error?: PosthouseError): void {
    this.#span.setAttributes({ 'posthouse.outcome': error?.outcome ?? 'accepted' })
    if (error) {
      this.#span.recordException(error)
      fail(this.#span, error.id)
    }
    this.#span.end()
  }
}

function fail(span: Span, id: string): void {
  span.setAttributes({ 'error.type': id })
  span.setStatus({ code: statusError, message: id })
}

function addressOf(host: string): Attributes {
  const { hostname, port } = new URL(`http://${host}`)
  return { 'server.address': hostname, ...(port && { 'server.port': Number(port) }) }
}

/** Needs no context manager: the parent is named. */
function contextOf(span: Span): Context {
  const make = (getValue: Context['getValue']): Context => ({
    getValue,
    setValue: (key, value) => make(asked => (asked === key ? value : getValue(asked))),
    deleteValue: key => make(asked => (asked === key ? undefined : getValue(asked))),
  })
  return make(key => (key === spanKey ? span : undefined))
}

function headersOf({ traceId, spanId, traceFlags, traceState }: SpanContext): Record<string, string> {
  const flags = traceFlags.toString(16).padStart(2, '0')
  const state = traceState?.serialize()
  return { traceparent: `00-${traceId}-${spanId}-${flags}`, ...(state && { tracestate: state }) }
}
