// A circuit breaker for one host.
//
// closed ──(half of at least 20 calls in 30 s failed, or 8 connections in a row)──▶ open
// open ──(its time is over)──▶ half_open: lets three probes through
// half_open ──(two of them succeed)──▶ closed, as new
// half_open ──(two of them fail)──▶ open, twice as long as before
//
// A call enters and leaves; whichever way it leaves, by an answer that says nothing of the server too, frees its place.
// One that entered before a state ended says nothing of the next.
import type { Clock } from './clock.ts'
import type { Random } from './waits.ts'

/** When calls stop because the host is unwell, and how it is tried again. */
export interface BreakerOptions {
  readonly windowMs: number
  readonly callsMin: number
  /** 0–1: from which share of failures. */
  readonly failureRate: number
  /** Connections that failed one after another. */
  readonly connectFailuresMax: number
  readonly openMs: number
  readonly openMsMax: number
  readonly probes: number
  /** Probes that have to succeed. */
  readonly probesToClose: number
  /** 0–1: so much longer or shorter it may stay open. Callers that were cut off together do not probe together. */
  readonly spread: number
}

/** `closed`: calls are made; `open`: none; `half_open`: a few, to see. */
export type BreakerState = 'closed' | 'open' | 'half_open'
/** `ignored`: an answer that says nothing of the server's health. */
export type Health = 'success' | 'failure' | 'connect_failure' | 'ignored'
/** What `enter` gives and `leave` takes. */
export interface Pass {
  readonly epoch: number
}

/** The window in so many parts; the oldest goes as a whole. */
const slices = 10

export class Breaker {
  readonly #options: BreakerOptions
  readonly #clock: Clock
  readonly #random: Random
  readonly #onChange: (state: BreakerState) => void
  #state: BreakerState = 'closed'
  /** Changes with the state, so that a late answer is not counted in another. */
  #epoch = 0
  #window: { readonly slice: number; calls: number; failures: number }[] = []
  #connectFailures = 0
  #openings = 0
  #openUntil = 0
  #probing = 0
  #probesOk = 0
  #probesFailed = 0

  constructor(
    options: BreakerOptions,
    clock: Clock,
    random: Random,
    onChange: (state: BreakerState) => void = () => {},
  ) {
    this.#options = options
    this.#clock = clock
    this.#random = random
    this.#onChange = onChange
  }

  get state(): BreakerState {
    return this.#state
  }

  /** @returns a pass to give back to `leave`; the ms until it is worth asking again where the call may not be made */
  enter(): Pass | number {
    const now = this.#clock.now()
    if (this.#state === 'open') {
      if (now < this.#openUntil) return this.#openUntil - now
      this.#change('half_open')
    }
    if (this.#state === 'half_open') {
      const taken = this.#probing + this.#probesOk + this.#probesFailed
      if (taken >= this.#options.probes) return this.#options.openMs
      this.#probing++
    }
    return { epoch: this.#epoch }
  }

  leave({ epoch }: Pass, health: Health): void {
    if (epoch !== this.#epoch) return
    if (this.#state === 'half_open') this.#judgeProbe(health)
    else if (this.#state === 'closed') this.#judgeCall(health)
  }

  #judgeProbe(health: Health): void {
    const { probes, probesToClose } = this.#options
    this.#probing--
    if (health === 'ignored') return
    if (health === 'success') this.#probesOk++
    else this.#probesFailed++
    if (this.#probesOk >= probesToClose) this.#close()
    else if (this.#probesFailed > probes - probesToClose) this.#open()
  }

  #judgeCall(health: Health): void {
    if (health === 'ignored') return
    this.#connectFailures = health === 'connect_failure' ? this.#connectFailures + 1 : 0
    const isFailure = health !== 'success'
    const slice = this.#slice()
    slice.calls++
    if (isFailure) slice.failures++
    const { callsMin, failureRate, connectFailuresMax } = this.#options
    const calls = this.#window.reduce((sum, part) => sum + part.calls, 0)
    const failures = this.#window.reduce((sum, part) => sum + part.failures, 0)
    const isUnwell = calls >= callsMin && failures >= calls * failureRate
    if (isFailure && (isUnwell || this.#connectFailures >= connectFailuresMax)) this.#open()
  }

  #slice() {
    const now = Math.floor((this.#clock.now() / this.#options.windowMs) * slices)
    this.#window = this.#window.filter(({ slice }) => slice > now - slices && slice <= now)
    const last = this.#window.at(-1)
    if (last?.slice === now) return last
    const fresh = { slice: now, calls: 0, failures: 0 }
    this.#window.push(fresh)
    return fresh
  }

  #open(): void {
    const { openMs, openMsMax, spread } = this.#options
    const ms = Math.min(openMsMax, openMs * 2 ** this.#openings++)
    this.#openUntil = this.#clock.now() + ms * (1 - spread + 2 * spread * this.#random())
    this.#change('open')
  }

  #close(): void {
    this.#openings = 0
    this.#change('closed')
  }

  #change(state: BreakerState): void {
    this.#state = state
    this.#epoch++
    this.#window = []
    this.#connectFailures = 0
    this.#probing = 0
    this.#probesOk = 0
    this.#probesFailed = 0
    this.#onChange(state)
  }
}
