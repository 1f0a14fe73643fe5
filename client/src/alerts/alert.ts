import type { Advice } from '../error.ts'

/** `page`: somebody is to be woken; `ticket`: somebody is to look at it in working hours. */
export type Severity = 'page' | 'ticket'

/** One trouble, from when it first fired to its end. */
export interface Alert {
  /** Dialect, host, operation and id, of which there is one alert at a time. */
  readonly key: string
  /** The name of the rule. */
  readonly rule: string
  readonly severity: Severity
  readonly state: 'firing' | 'resolved'
  readonly dialect: 'jpush' | 'easemob'
  /** With its port; `''`: none, as of an outbox. */
  readonly host: string
  /** Such as `POST /v3/push`; `''`: all of them. */
  readonly operation: string
  /** The failure's id in the catalogue; where it is none, the rule's name. */
  readonly id: string
  /** What the server said, or a figure, such as an age; at most 300 characters. */
  readonly text: string
  readonly advice?: Advice
  /** How often it has happened. */
  readonly count: number
  /** Epoch ms. */
  readonly startedAt: number
  /** Epoch ms. */
  readonly lastAt: number
  /** Of the last one, to find it in the logs. */
  readonly traceId?: string
  readonly requestId?: string
  readonly itemId?: string
}

/** What a sink is given: the alerts of one severity at one host that it has not been told yet. */
export interface AlertMessage {
  /** The same however often it is sent: who has it already may drop it. */
  readonly messageId: string
  readonly severity: Severity
  readonly dialect: 'jpush' | 'easemob'
  readonly host: string
  /** Epoch ms. */
  readonly at: number
  readonly alerts: readonly Alert[]
}

/** Where alerts go. One of your own is an object with a name and a function. */
export interface AlertSink {
  /** Of its own among the sinks; it names the sink in logs and figures, and holds no secret. */
  readonly name: string
  /** Which it takes; absent: all. */
  readonly severities?: readonly Severity[]
  /** How many messages a minute it may be sent. */
  readonly perMinute?: number
  /** @throws SinkError; anything else that it throws is as a SinkError that may pass */
  send(message: AlertMessage, context: SinkContext): Promise<void> | void
}

/** What a sink is told beside the message. */
export interface SinkContext {
  /** Epoch ms. */
  readonly now: number
  /** The alerts are closed, and wait no longer. */
  readonly signal: AbortSignal
}

/** A message was not taken. Its text goes into the log: it holds no address and no key of a webhook. */
export class SinkError extends Error {
  override readonly name = 'SinkError'
  /** The same message will be refused again: it goes to the fallback. */
  readonly isFinal: boolean
  /** How long the sink asks to wait. */
  readonly retryAfterMs: number

  constructor(text: string, { isFinal = false, retryAfterMs = 0 } = {}) {
    super(text)
    this.isFinal = isFinal
    this.retryAfterMs = retryAfterMs
  }
}
