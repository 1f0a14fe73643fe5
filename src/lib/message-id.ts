// Ids of messages and pushes: one space, increasing in time, below 2^53 so that a client that reads them as numbers
// keeps them whole (jpush.md §1.10). Milliseconds since 2015 × 4096 + a count within the millisecond.
import type { Clock } from './clock.ts'

const idEpoch = Date.UTC(2015, 0, 1)
const idsPerMs = 4096

export class MessageIds {
  readonly #clock: Clock
  #last: number

  /** @param last the greatest id ever given out: a clock that went back must not repeat one. */
  constructor(clock: Clock, last = 0) {
    this.#clock = clock
    this.#last = last
  }

  /** The greatest id given out so far: what is yet to come is greater. */
  get last(): number {
    return this.#last
  }

  next(): number {
    this.#last = Math.max(this.#last + 1, (this.#clock.now() - idEpoch) * idsPerMs)
    return this.#last
  }
}

/** The moment (epoch ms) an id was made. */
export function timeOfMessageId(id: number): number {
  return Math.floor(id / idsPerMs) + idEpoch
}

/** The smallest id that a moment can have. */
export function messageIdAt(timeMs: number): number {
  return Math.max(0, (timeMs - idEpoch) * idsPerMs)
}
