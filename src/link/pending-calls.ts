// The calls a gateway waits for. One deadline for all means they expire in the order they were made, so one timer and
// a look at the oldest serve them all.
import { retryAfter } from '../contract/limits.ts'
import type { OperationName } from '../contract/operations.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Reply } from './link.ts'

type Resolve = (reply: Reply<OperationName>) => void

export interface PendingLimits {
  /** Longest wait for an answer. */
  readonly deadlineMs: number
  /** More calls than this at once are refused. */
  readonly inFlightMax: number
}

const sweepMs = 100

export class PendingCalls {
  readonly #calls = new Map<number, { readonly resolve: Resolve; readonly expiresAt: number }>()
  readonly #limits: PendingLimits
  readonly #sweep: NodeJS.Timeout
  #lastId = 0

  constructor(limits: PendingLimits) {
    this.#limits = limits
    this.#sweep = setInterval(() => this.#expire(), sweepMs).unref()
  }

  get size(): number {
    return this.#calls.size
  }

  /** @returns the call's number and the promise of its reply, or the refusal when too many are waiting */
  open(): { readonly id: number; readonly reply: Promise<Reply<OperationName>> } | Refusal {
    if (this.#calls.size >= this.#limits.inFlightMax) return overloaded()
    const id = ++this.#lastId
    const reply = new Promise<Reply<OperationName>>(resolve => {
      this.#calls.set(id, { resolve, expiresAt: performance.now() + this.#limits.deadlineMs })
    })
    return { id, reply }
  }

  /** A reply that comes too late finds nobody waiting and is dropped. */
  settle(id: number, reply: Reply<OperationName>): void {
    const call = this.#calls.get(id)
    if (!call) return
    this.#calls.delete(id)
    call.resolve(reply)
  }

  refuseAll(id: 'core_gone'): void {
    for (const call of this.#calls.values()) call.resolve({ refusal: new Refusal(id), facts: {} })
    this.#calls.clear()
  }

  close(): void {
    clearInterval(this.#sweep)
    this.refuseAll('core_gone')
  }

  #expire(): void {
    const now = performance.now()
    for (const [id, call] of this.#calls) {
      if (call.expiresAt > now) return
      this.settle(id, { refusal: new Refusal('core_silent'), facts: {} })
    }
  }
}

function overloaded(): Refusal {
  const { overloadLeastMs: least, overloadMostMs: most } = retryAfter
  return new Refusal('core_overloaded', {}, { retryAfterMs: least + Math.random() * (most - least) })
}
