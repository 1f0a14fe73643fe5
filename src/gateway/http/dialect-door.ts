import type { Dialect } from '../../contract/failure.ts'
import type { Refusal } from '../../contract/refusal.ts'
import type { Answer, FileAnswer } from './answer.ts'
import type { Exchange } from './exchange.ts'

/** Where a failure happened, for the way it is worded. */
export interface Spot {
  readonly requestId: string
  /** Normalised as far as it could be read; `/` when it could not. */
  readonly path: string
  /** Undefined when the bytes never became a request. */
  readonly exchange: Exchange | undefined
}

/** What the HTTP door asks of a dialect. It speaks for itself: successes and failures alike come as an Answer. */
export interface DialectDoor {
  readonly dialect: Dialect
  /** Answers a request whose target belongs to this dialect. @throws Refusal for every expected failure */
  serve(exchange: Exchange): Promise<Answer | FileAnswer>
  word(refusal: Refusal, spot: Spot): Answer
  /** The refusal of a request whose method Node's parser does not know, when the target is this dialect's. */
  refuseMethod(path: string): Refusal
}
