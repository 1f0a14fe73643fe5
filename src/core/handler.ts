import type { Args, OperationName, Result } from '../contract/operations.ts'
import type { Sql } from '../store/db.ts'
import type { Call } from './call.ts'

/**
 * How an operation runs: in one transaction that reads or writes. A `write` may be run twice (see `Db.write`), so it
 * keeps its effects to the database and to `call.wake` and `call.afterCommit`.
 */
export interface Handler<Name extends OperationName> {
  readonly in: 'read' | 'write'
  /** Slow work before the transaction, such as a password hash; runs once. */
  readonly prepare?: (call: Call, args: Args<Name>) => Promise<unknown>
  readonly run: (call: Call, args: Args<Name>, sql: Sql, prepared: never) => Promise<Result<Name>>
}

export type Handlers<Names extends OperationName = OperationName> = {
  readonly [Name in Names]: Handler<Name>
}

export function reads<Name extends OperationName>(
  run: (call: Call, args: Args<Name>, sql: Sql) => Promise<Result<Name>>,
): Handler<Name> {
  return { in: 'read', run }
}

export function writes<Name extends OperationName>(
  run: (call: Call, args: Args<Name>, sql: Sql) => Promise<Result<Name>>,
): Handler<Name> {
  return { in: 'write', run }
}

/** As `writes`, with `prepare` done first, outside the transaction. */
export function writesAfter<Name extends OperationName, Prepared>(
  prepare: (call: Call, args: Args<Name>) => Promise<Prepared>,
  run: (call: Call, args: Args<Name>, sql: Sql, prepared: Prepared) => Promise<Result<Name>>,
): Handler<Name> {
  return { in: 'write', prepare, run }
}

/** As `reads`, with `prepare` done first, outside the transaction. */
export function readsAfter<Name extends OperationName, Prepared>(
  prepare: (call: Call, args: Args<Name>) => Promise<Prepared>,
  run: (call: Call, args: Args<Name>, sql: Sql, prepared: Prepared) => Promise<Result<Name>>,
): Handler<Name> {
  return { in: 'read', prepare, run }
}
