// The link between gateways and cores: commands with a deadline one way, wake-ups the other.

import type { Wake } from '../contract/operations/wakes.ts'
import type { CallerFacts, Command, OperationName, Replay, Result } from '../contract/operations.ts'
import type { Refusal } from '../contract/refusal.ts'

export interface Done<Name extends OperationName> {
  readonly result: Result<Name>
  readonly facts: CallerFacts
  readonly replay?: Replay
}

export interface Refused {
  readonly refusal: Refusal
  readonly facts: CallerFacts
}

export type Reply<Name extends OperationName> = Done<Name> | Refused

/** The gateway's end. */
export interface Link {
  /**
   * Never throws: a core that is gone, silent past the deadline or overwhelmed is a refusal like any other
   * (`core_gone`, `core_silent`, `core_overloaded`).
   */
  call<Name extends OperationName>(command: Command<Name>): Promise<Reply<Name>>
  /** Called for each wake-up, in order. */
  onWake(listener: (wake: Wake) => void): void
  /** Called when a core is there again after an absence: sessions have to attach anew. */
  onCoreStart(listener: () => void): void
}

/** The core's end: what answers a command, sent at `sentAt` (epoch ms). Never rejects. */
export type Serve = (command: Command, sentAt: number) => Promise<Reply<OperationName>>

export type CoreState = 'running' | 'stopped' | 'frozen' | 'draining'
