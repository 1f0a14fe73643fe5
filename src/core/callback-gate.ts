// How much may be under way to the servers of apps, and when one is left alone: a server that is dead must not hold up
// the messages of everybody.
import { type CallbackAnswer, type CallbackRequest, postCallback } from '../channels/callback.ts'
import type { Clock } from '../lib/clock.ts'

export interface GateLimits {
  /** Requests of one rule under way at once; what comes on top goes unanswered. */
  readonly askedMax: number
  /** Requests of all rules for whose answers commands wait: these have their place in the link as long. */
  readonly awaitedMax: number
  /** So many failures within the span close a rule for the rest. */
  readonly failuresMax: number
  readonly failuresWithinMs: number
  readonly restMs: number
}

interface State {
  underWay: number
  failures: number[]
  closedUntil: number
}

export class CallbackGate {
  readonly #clock: Clock
  readonly #limits: GateLimits
  readonly #states = new Map<string, State>()
  #awaited = 0

  constructor(clock: Clock, limits: GateLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** Is the rule resting? */
  isClosed(rule: string): boolean {
    return (this.#states.get(rule)?.closedUntil ?? 0) > this.#clock.now()
  }

  /** As `ask`, for a command that waits for the answer. */
  async askNow(rule: string, request: CallbackRequest): Promise<CallbackAnswer | undefined> {
    if (this.#awaited >= this.#limits.awaitedMax) return undefined
    this.#awaited++
    const answer = await this.ask(rule, request)
    this.#awaited--
    return answer
  }

  /** @returns undefined when no answer came, or none was asked for */
  async ask(rule: string, request: CallbackRequest): Promise<CallbackAnswer | undefined> {
    if (this.isClosed(rule)) return undefined
    const state = this.#states.get(rule) ?? { underWay: 0, failures: [], closedUntil: 0 }
    if (state.underWay >= this.#limits.askedMax) return undefined
    this.#states.set(rule, state)
    state.underWay++
    const answer = await postCallback(request)
    state.underWay--
    if (answer?.status === 200) state.failures = []
    else this.#fail(state)
    if (state.underWay === 0 && state.failures.length === 0 && !this.isClosed(rule)) this.#states.delete(rule)
    return answer
  }

  #fail(state: State): void {
    const now = this.#clock.now()
    const { failuresMax, failuresWithinMs, restMs } = this.#limits
    state.failures = state.failures.filter(at => at > now - failuresWithinMs)
    state.failures.push(now)
    if (state.failures.length < failuresMax) return
    state.failures = []
    state.closedUntil = now + restMs
  }
}
