// What the stores over SQL have alike: everything but how a statement gets to the engine.
import type { OutboxItem, OutboxState } from './item.ts'
import type { Row, Sql } from './sql.ts'
import {
  changeItem,
  claimDue,
  countItems,
  type Engine,
  importItems,
  insertItems,
  type Procedure,
  purgeItems,
  recoverItems,
  renewLeases,
  selectAudits,
  selectItem,
  selectItems,
  selectNextAt,
  toAudit,
  toItem,
  updateItem,
} from './statements.ts'
import type {
  AuditFilter,
  AuditRow,
  ChangeMore,
  Changes,
  Claim,
  ClaimOptions,
  Hand,
  Imported,
  ItemFilter,
  NewItem,
  OutboxStore,
} from './store.ts'

export abstract class SqlStore implements OutboxStore {
  protected abstract readonly engine: Engine

  /** One statement. */
  protected abstract run(statement: Sql, isRead: boolean): Promise<readonly Row[]>
  /** All of its statements in one transaction. */
  protected abstract transact<Result>(procedure: Procedure<Result>): Promise<Result>

  async insert(item: NewItem): Promise<void> {
    await this.run(insertItems([item]), false)
  }

  claim(owner: string, options: ClaimOptions): Promise<Claim> {
    return this.transact(claimDue(this.engine, owner, options))
  }

  async renew(owner: string, itemIds: readonly string[], until: number): Promise<void> {
    if (itemIds.length > 0) await this.run(renewLeases(owner, itemIds, until), false)
  }

  async change(seen: OutboxItem, changes: Changes, more: ChangeMore): Promise<OutboxItem | undefined> {
    if (more.hand || more.children?.length) return this.transact(changeItem(seen, changes, more))
    const [row] = await this.run(updateItem(seen, changes, more.now), false)
    return row && toItem(row)
  }

  recover(now: number, isRepeated: (item: OutboxItem) => boolean): Promise<readonly OutboxItem[]> {
    return this.transact(recoverItems(this.engine, now, isRepeated))
  }

  import(items: readonly OutboxItem[], hand: Hand, now: number): Promise<Imported> {
    return this.transact(importItems(items, hand, now))
  }

  async nextAt(now: number): Promise<number | undefined> {
    const [row] = await this.run(selectNextAt(now), true)
    return row?.at === null ? undefined : Number(row?.at)
  }

  async find(itemId: string): Promise<OutboxItem | undefined> {
    const [row] = await this.run(selectItem(itemId), true)
    return row && toItem(row)
  }

  async list(filter: ItemFilter, count: number, after?: string): Promise<readonly OutboxItem[]> {
    return (await this.run(selectItems(this.engine, filter, count, after), true)).map(toItem)
  }

  async count(filter: ItemFilter = {}): Promise<Readonly<Partial<Record<OutboxState, number>>>> {
    const rows = await this.run(countItems(this.engine, filter), true)
    return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]))
  }

  async audits(filter: AuditFilter, count: number, after?: string): Promise<readonly AuditRow[]> {
    return (await this.run(selectAudits(filter, count, after), true)).map(toAudit)
  }

  purge(sentBefore: number, deadBefore: number, deadMax: number): Promise<void> {
    return this.transact(purgeItems(this.engine, sentBefore, deadBefore, deadMax))
  }
}
