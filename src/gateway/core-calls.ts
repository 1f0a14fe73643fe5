// How a door asks the core: the answer, or the refusal thrown; either way the exchange learns who called.

import type { Caller } from '../contract/operations/caller.ts'
import type { Args, IdempotencyKey, OperationName, Replay, Result } from '../contract/operations.ts'
import type { Link } from '../link/link.ts'
import type { Exchange } from './http/exchange.ts'

export interface Performed<Name extends OperationName> {
  readonly result: Result<Name>
  readonly replay?: Replay
}

/** @throws Refusal whatever the core, or the link to it, refused */
export async function perform<Name extends OperationName>(
  link: Link,
  exchange: Exchange,
  op: Name,
  args: Args<Name>,
  caller: Caller,
  key?: IdempotencyKey,
): Promise<Performed<Name>> {
  const reply = await link.call({ op, args, caller, request: exchange.id, ...(key && { key }) })
  // What is known of the caller stays known when the core has gone since.
  exchange.facts = { ...exchange.facts, ...reply.facts }
  if ('refusal' in reply) throw reply.refusal
  return reply
}
