// What the client says of itself while it works, for whoever counts or watches: metrics, alerts.
import type { BreakerState } from './breaker.ts'
import type { OperationClass } from './caller.ts'
import type { Attempt, Outcome, PosthouseError } from './error.ts'
import type { Logger } from './options.ts'
import type { OutboxItem, OutboxState } from './outbox/item.ts'

/** Where something has happened. */
export interface EventPlace {
  readonly dialect: 'jpush' | 'easemob'
  /** With its port, such as `api.jpush.cn`; `''`: none, as of what waits in an outbox. */
  readonly host: string
  /** Such as `POST /v3/push`; `''`: all of them. */
  readonly operation: string
}

/** An attempt of a call has ended. */
export interface AttemptEvent extends EventPlace {
  readonly is: 'attempt'
  readonly attempt: Attempt
  /** From 1. */
  readonly nth: number
}

/** A call has ended. */
export interface CallEvent extends EventPlace {
  readonly is: 'call'
  readonly outcome: Outcome
  /** The failure's id in the catalogue, or `ok`. */
  readonly id: string
  readonly attempts: number
  readonly ms: number
  readonly error?: PosthouseError
  /** It was made in the name of a user, with a token that nobody here can renew. */
  readonly isUsers: boolean
  /** Reads pay their retries by themselves, and so does what changes something. */
  readonly class: OperationClass
  /** What is left to pay retries with, in this class. */
  readonly retryQuota: number
  readonly traceId?: string
}

/** A call waits: to try again, or for its turn before a limit is met. */
export interface WaitEvent extends EventPlace {
  readonly is: 'wait'
  readonly why: 'retry' | 'pace'
  readonly ms: number
}

/** The breaker of a host has changed. */
export interface BreakerEvent extends EventPlace {
  readonly is: 'breaker'
  readonly state: BreakerState
}

/** How many cids are ready. */
export interface CidsEvent extends EventPlace {
  readonly is: 'cids'
  readonly type: 'push' | 'schedule'
  readonly left: number
  /** One was wanted, none was there, and none could be fetched. */
  readonly isStarved: boolean
}

/** An item of an outbox has changed, or was put in. */
export interface ItemEvent extends EventPlace {
  readonly is: 'item'
  readonly item: OutboxItem
}

/** How an outbox stands, each minute. */
export interface OutboxEvent extends EventPlace {
  readonly is: 'outbox'
  readonly counts: Readonly<Partial<Record<OutboxState, number>>>
  /** How long the oldest has been waiting that is still to be sent; 0: none waits. */
  readonly oldestMs: number
}

/** What an observer hears; `is` tells them apart. */
export type ClientEvent =
  | AttemptEvent
  | CallEvent
  | WaitEvent
  | BreakerEvent
  | CidsEvent
  | ItemEvent
  | OutboxEvent

/** Called at once, while the client waits: it has to be quick. What it throws is logged, and changes nothing. */
export type Observer = (event: ClientEvent) => void

export function observersOf(observer: Observer | readonly Observer[] = []): readonly Observer[] {
  return typeof observer === 'function' ? [observer] : observer
}

export function tell(observers: readonly Observer[], event: ClientEvent, logger: Logger | undefined): void {
  for (const observer of observers) {
    try {
      observer(event)
    } catch (error) {
      logger?.error({ err: error, event: event.is }, 'an observer failed')
    }
  }
}
