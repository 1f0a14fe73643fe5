// How the sessions of users ask the core. While it is away or has too much to do, a command waits and is sent again, as
// long as somebody still wants its answer: all of them may be repeated (a message is known by its client's id for it).
import type { Args, OperationName, Result } from '../../contract/operations.ts'
import type { Refusal } from '../../contract/refusal.ts'
import type { Link } from '../../link/link.ts'

/** Refusals that time may mend. */
const passing: ReadonlySet<string> = new Set([
  'core_gone',
  'core_silent',
  'core_overloaded',
  'core_deadline_passed',
])

export interface Wanted {
  /** Epoch ms; then the last refusal is the answer. Absent = as long as it takes. */
  readonly until?: number
  readonly isWanted: () => boolean
}

export class CoreCommands {
  readonly #link: Link
  readonly #retryMs: number

  constructor(link: Link, retryMs: number) {
    this.#link = link
    this.#retryMs = retryMs
  }

  /** @throws Refusal */
  async call<Name extends OperationName>(
    op: Name,
    args: Args<Name>,
    appId: number | undefined,
    { until = Number.POSITIVE_INFINITY, isWanted }: Wanted,
  ): Promise<Result<Name>> {
    const caller = { as: 'door', ...(appId !== undefined && { appId }) } as const
    for (;;) {
      const reply = await this.#link.call({ op, args, caller, request: 'im' })
      if (!('refusal' in reply)) return reply.result
      const mayPass = passing.has(reply.refusal.id) && Date.now() + this.#retryMs < until && isWanted()
      if (!mayPass) throw reply.refusal
      await this.#pause(reply.refusal)
    }
  }

  /** Those who were turned away together do not come back together. */
  #pause({ facts }: Refusal): Promise<void> {
    const ms = this.#retryMs * (0.5 + Math.random())
    return new Promise(resolve => setTimeout(resolve, Math.min(facts.retryAfterMs ?? ms, ms)).unref())
  }
}
