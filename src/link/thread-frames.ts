// What travels between the two threads: arrays of frames as one JSON text. A batch costs one crossing, and JSON is
// cheaper here than structured clone (and the same bytes would serve a network link).
import type { FailureId } from '../contract/failures.ts'
import type { Wake } from '../contract/operations/wakes.ts'
import type { CallerFacts, Command, OperationName, Replay, Result } from '../contract/operations.ts'
import { Refusal, type RefusalFacts } from '../contract/refusal.ts'
import type { Reply } from './link.ts'

export interface CommandFrame {
  readonly id: number
  /** When the gateway sent it (epoch ms): the core refuses what has waited past its own deadline. */
  readonly sentAt: number
  readonly command: Command
}

export interface ReplyFrame {
  readonly id: number
  readonly result?: Result<OperationName>
  readonly replay?: Replay
  readonly refused?: {
    readonly id: FailureId
    readonly params: Readonly<Record<string, string>>
    readonly facts: RefusalFacts
  }
  readonly facts: CallerFacts
}

/** Gateway → core. `freeze` is a shared cell the core waits on until it turns 1. */
export type ToCore =
  | { readonly commands: string }
  | { readonly drain: boolean }
  | { readonly freeze: SharedArrayBuffer }
  | { readonly stop: true }

/** Core → gateway. */
export type FromCore =
  | { readonly ready: true }
  | { readonly replies: string; readonly wakes: readonly Wake[] }

export function toReplyFrame(id: number, reply: Reply<OperationName>): ReplyFrame {
  if (!('refusal' in reply)) return { id, ...reply }
  const { refusal, facts } = reply
  return { id, refused: { id: refusal.id, params: refusal.params, facts: refusal.facts }, facts }
}

export function fromReplyFrame(frame: ReplyFrame): Reply<OperationName> {
  const { refused, facts, replay } = frame
  if (refused) return { refusal: reviveRefusal(refused), facts }
  return { result: frame.result!, facts, ...(replay && { replay }) }
}

/** The parameters were checked against the id where the refusal was made; the wire cannot carry that proof. */
function reviveRefusal({ id, params, facts }: NonNullable<ReplyFrame['refused']>): Refusal {
  const Revive = Refusal as new (id: FailureId, params: object, facts: RefusalFacts) => Refusal
  return new Revive(id, params, facts)
}
