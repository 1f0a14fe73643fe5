import type { Dialect } from '../../contract/failure.ts'
import type { Refusal } from '../../contract/refusal.ts'
import type { Answer } from './answer.ts'
import type { Exchange } from './exchange.ts'

/** What the HTTP door asks of a dialect. It speaks for itself: successes and failures alike come as an Answer. */
export interface DialectDoor {
  readonly dialect: Dialect
  /** Answers a request whose target belongs to this dialect. @throws Refusal for every expected failure */
  serve(exchange: Exchange): Promise<Answer>
  /** Words a failure. `exchange` is undefined when the request could not be read. */
  word(refusal: Refusal, exchange: Exchange | undefined): Answer
  /** The answer to a request whose method Node's parser does not know, when the target is this dialect's. */
  refuseMethod(path: string): Refusal
}
