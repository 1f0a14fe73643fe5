// When a provider, or an app's account with it, is left alone: after so many failures in a row, or as it asks.
import type { Clock } from '../lib/clock.ts'

export interface ChannelGateLimits {
  /** Failures in a row that close it. */
  readonly failuresMax: number
  /** How long it rests then; twice as long each time it fails again, up to the second. */
  readonly restMs: number
  readonly restMsMax: number
}

/** Keys that anything is known of: devices may name providers as they like, and the oldest are forgotten. */
const statesMax = 10_000

interface State {
  failures: number
  rests: number
  closedUntil: number
  /** One attempt is under way to see whether it works again. */
  isTrying: boolean
}

export class ChannelGate {
  readonly #clock: Clock
  readonly #limits: ChannelGateLimits
  readonly #states = new Map<string, State>()

  constructor(clock: Clock, limits: ChannelGateLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** How many attempts may begin now: after a rest one, to see. */
  room(key: string): number {
    const state = this.#states.get(key)
    if (!state || state.rests === 0) return state && state.closedUntil > this.#clock.now() ? 0 : Infinity
    return state.closedUntil > this.#clock.now() || state.isTrying ? 0 : 1
  }

  /** Ms until it is tried again; 0 = now. */
  restOf(key: string): number {
    return Math.max(0, (this.#states.get(key)?.closedUntil ?? 0) - this.#clock.now())
  }

  /** Attempts begin. */
  begin(key: string): void {
    const state = this.#states.get(key)
    if (state && state.rests > 0) state.isTrying = true
  }

  succeeded(key: string): void {
    const state = this.#states.get(key)
    if (state && state.closedUntil <= this.#clock.now()) this.#states.delete(key)
  }

  failed(key: string): void {
    const state = this.#state(key)
    state.failures++
    state.isTrying = false
    const { failuresMax, restMs, restMsMax } = this.#limits
    if (state.rests === 0 && state.failures < failuresMax) return
    const now = this.#clock.now()
    // What was sent before it closed does not make the rest longer.
    if (state.closedUntil > now) return
    state.closedUntil = now + Math.min(restMs * 2 ** state.rests, restMsMax)
    state.rests++
  }

  /** It has asked for a pause. */
  pause(key: string, ms: number): void {
    const state = this.#state(key)
    state.isTrying = false
    state.closedUntil = Math.max(state.closedUntil, this.#clock.now() + ms)
  }

  /** Whatever was wrong has been mended. */
  open(key: string): void {
    this.#states.delete(key)
  }

  #state(key: string): State {
    const state = this.#states.get(key) ?? { failures: 0, rests: 0, closedUntil: 0, isTrying: false }
    this.#states.set(key, state)
    if (this.#states.size > statesMax) this.#states.delete(this.#states.keys().next().value!)
    return state
  }
}
