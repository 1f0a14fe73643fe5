// The outbox on the disk, in one SQLite file that several processes may share. What is committed has been synced.
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { finalStates, type OutboxItem, type OutboxState } from './item.ts'

const schema = `
CREATE TABLE IF NOT EXISTS outbox (
  item_id TEXT PRIMARY KEY,
  place INTEGER NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  content TEXT NOT NULL,
  conversation TEXT NOT NULL,
  key TEXT NOT NULL,
  key_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  due_at INTEGER,
  expires_at INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  misses INTEGER NOT NULL,
  failure TEXT,
  result TEXT,
  owner TEXT,
  lease_until INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS outbox_conversation ON outbox (conversation, place) WHERE conversation <> '';
CREATE INDEX IF NOT EXISTS outbox_state ON outbox (state, changed_at);
CREATE INDEX IF NOT EXISTS outbox_owner ON outbox (lease_until) WHERE owner IS NOT NULL;
`

export type NewItem = Pick<OutboxItem, 'itemId' | 'content' | 'conversation' | 'createdAt' | 'expiresAt'> &
  Partial<Pick<OutboxItem, 'state' | 'key' | 'keyAt' | 'dueAt' | 'failure' | 'tries'>>

export type Changes = Partial<
  Pick<
    OutboxItem,
    'state' | 'key' | 'keyAt' | 'dueAt' | 'tries' | 'misses' | 'failure' | 'result' | 'content' | 'expiresAt'
  >
>

/** Which items; what is not named filters nothing. */
export interface ItemFilter {
  readonly states?: readonly OutboxState[]
  readonly conversation?: string
  /** Its last failure's id in the catalogue. */
  readonly failureId?: string
  /** Epoch ms. */
  readonly createdBefore?: number
  readonly createdAfter?: number
}

export interface ClaimOptions {
  /** Epoch ms. */
  readonly now: number
  readonly leaseMs: number
  readonly count: number
  /** Epoch ms. */
  readonly keysFrom: number
}

interface Work {
  readonly run: () => unknown
  readonly resolve: (result: never) => void
  readonly reject: (error: unknown) => void
}

type Row = Readonly<Record<string, SQLInputValue>>

const columns: Readonly<Record<keyof Changes, string>> = {
  state: 'state',
  key: 'key',
  keyAt: 'key_at',
  dueAt: 'due_at',
  expiresAt: 'expires_at',
  tries: 'tries',
  misses: 'misses',
  failure: 'failure',
  result: 'result',
  content: 'content',
}

export class SqliteStore {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #works: Work[] = []

  /** @param path a file, made readable to its owner alone where it is new @throws Error of SQLite */
  constructor(path: string) {
    this.#db = new DatabaseSync(path, { timeout: 5_000 })
    // A statement that has succeeded has survived the loss of power.
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    this.#db.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`)
  }

  /** @throws Error of SQLite: it is not kept */
  insert(item: NewItem): Promise<void> {
    return this.#write(() => this.#insert(item))
  }

  /**
   * Takes due items, in their order; of a conversation only the first that is not done. They are this owner's until the
   * lease is over; those whose key is of use are being sent from then on. Those whose time to live is over are expired
   * instead. @param keysFrom keys that are older are of no use any more
   */
  claim(owner: string, { now, leaseMs, count, keysFrom }: ClaimOptions): Promise<readonly OutboxItem[]> {
    return this.#write(() => {
      this.#run(
        `UPDATE outbox SET state = 'expired', due_at = NULL, version = version + 1, changed_at = ?1
         WHERE due_at IS NOT NULL AND expires_at <= ?1 AND due_at <= ?1 AND lease_until <= ?1`,
        now,
      )
      const rows = this.#all(
        `SELECT item_id FROM outbox AS o
         WHERE due_at <= ?1 AND lease_until <= ?1
           AND (conversation = '' OR NOT EXISTS (
             SELECT 1 FROM outbox AS e
             WHERE e.conversation = o.conversation AND e.place < o.place AND e.state IN ('pending', 'sending', 'waiting')
           ) AND NOT EXISTS (
             SELECT 1 FROM outbox AS e
             WHERE e.conversation = o.conversation AND e.place < o.place AND e.state = 'unknown' AND e.due_at IS NOT NULL
           ))
         ORDER BY due_at, place LIMIT ?2`,
        now,
        count,
      )
      return rows.map(({ item_id }) => {
        this.#run(
          `UPDATE outbox SET owner = ?2, lease_until = ?3, version = version + 1, changed_at = ?5,
             due_at = CASE WHEN key <> '' AND key_at > ?4 THEN NULL ELSE due_at END,
             state = CASE WHEN key <> '' AND key_at > ?4 THEN 'sending' ELSE state END
           WHERE item_id = ?1`,
          item_id!,
          owner,
          now + leaseMs,
          keysFrom,
          now,
        )
        return this.find(item_id as string)!
      })
    })
  }

  /** Prolongs what the owner has. */
  renew(owner: string, until: number): Promise<unknown> {
    return this.#write(() => this.#run('UPDATE outbox SET lease_until = ?2 WHERE owner = ?1', owner, until))
  }

  /**
   * Changes an item that is still as it was seen, and lets go of it unless it is being sent; with it, children are put in.
   * @returns false where another has changed it: nothing is done
   */
  change(
    seen: OutboxItem,
    changes: Changes,
    now: number,
    children: readonly NewItem[] = [],
  ): Promise<boolean> {
    return this.#write(() => this.#change(seen, changes, now, children))
  }

  #change(seen: OutboxItem, changes: Changes, now: number, children: readonly NewItem[] = []): boolean {
    const entries = Object.entries(changes) as [keyof Changes, unknown][]
    const sets = entries.map(([name], index) => `${columns[name]} = ?${index + 4}`)
    const lease = changes.state === 'sending' ? [] : ['owner = NULL', 'lease_until = 0']
    const all = ['version = version + 1', 'changed_at = ?3', ...lease, ...sets]
    const { changes: changed } = this.#run(
      `UPDATE outbox SET ${all.join(', ')} WHERE item_id = ?1 AND version = ?2`,
      seen.itemId,
      seen.version,
      now,
      ...entries.map(([name, value]) => toColumn(name, value)),
    )
    if (changed === 0) return false
    for (const child of children) this.#insert(child)
    return true
  }

  /**
   * What a process that died was sending may have been sent. @param isRepeated it is tried again by itself, under the key
   * it had @returns how many
   */
  recover(now: number, isRepeated: (item: OutboxItem) => boolean): Promise<number> {
    const failure = { id: 'process_died', outcome: 'unknown' }
    return this.#write(() => {
      const rows = this.#all(`SELECT * FROM outbox WHERE owner IS NOT NULL AND lease_until <= ?1`, now)
      const left = rows.map(toItem).filter(({ state }) => state === 'sending')
      for (const item of left)
        this.#change(item, { state: 'unknown', dueAt: isRepeated(item) ? now : null, failure }, now)
      return left.length
    })
  }

  /** When, after now, the next item is due or a lease is over; undefined: never. */
  nextAt(now: number): number | undefined {
    const [row] = this.#all(
      `SELECT MIN(at) AS at FROM (
         SELECT MIN(due_at) AS at FROM outbox WHERE due_at > ?1
         UNION ALL SELECT MIN(lease_until) FROM outbox WHERE owner IS NOT NULL AND lease_until > ?1
       ) AS moments`,
      now,
    )
    return (row?.at as number | null) ?? undefined
  }

  find(itemId: string): OutboxItem | undefined {
    const [row] = this.#all('SELECT * FROM outbox WHERE item_id = ?1', itemId)
    return row && toItem(row)
  }

  /** In the order they were put in. @param after the item before */
  list(filter: ItemFilter, count: number, after?: string): readonly OutboxItem[] {
    const { text, values } = where(filter)
    const from = after === undefined ? '' : 'AND place > (SELECT place FROM outbox WHERE item_id = ?)'
    return this.#all(
      `SELECT * FROM outbox WHERE ${text} ${from} ORDER BY place LIMIT ?`,
      ...values,
      ...(after === undefined ? [] : [after]),
      count,
    ).map(toItem)
  }

  /** By state. */
  count(filter: ItemFilter = {}): Readonly<Partial<Record<OutboxState, number>>> {
    const { text, values } = where(filter)
    const rows = this.#all(
      `SELECT state, COUNT(*) AS count FROM outbox WHERE ${text} GROUP BY state`,
      ...values,
    )
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
  }

  /** Deletes what was done before, and of the dead those beyond `deadMax`, the oldest first. */
  purge(sentBefore: number, deadBefore: number, deadMax: number): Promise<void> {
    return this.#write(() => {
      this.#run(`DELETE FROM outbox WHERE state IN ('sent', 'cancelled') AND changed_at < ?1`, sentBefore)
      this.#run(`DELETE FROM outbox WHERE state IN ('dead', 'expired') AND changed_at < ?1`, deadBefore)
      this.#run(
        `DELETE FROM outbox WHERE item_id IN (
           SELECT item_id FROM outbox WHERE state IN ('dead', 'expired') ORDER BY changed_at DESC LIMIT -1 OFFSET ?1)`,
        deadMax,
      )
    })
  }

  close(): void {
    this.#db.close()
  }

  #insert(item: NewItem): void {
    const { itemId, content, conversation, createdAt, expiresAt } = item
    const { state = 'pending', key = '', keyAt = 0, failure = null, tries = 0 } = item
    const dueAt = item.dueAt === undefined ? createdAt : item.dueAt
    this.#run(
      `INSERT INTO outbox (item_id, place, version, state, content, conversation, key, key_at, created_at, changed_at, due_at,
         expires_at, tries, misses, failure, result, owner, lease_until)
       VALUES (?1, (SELECT COALESCE(MAX(place), 0) + 1 FROM outbox), 0, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9, ?10, 0, ?11, NULL,
         NULL, 0)`,
      itemId,
      state,
      JSON.stringify(content),
      conversation,
      key,
      keyAt,
      createdAt,
      dueAt,
      expiresAt,
      tries,
      failure && JSON.stringify(failure),
    )
  }

  /** What is asked for in one turn of the event loop shares one sync of the disk; each is done by itself, or not at all. */
  #write<Result>(run: () => Result): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#works.push({ run, resolve, reject })
    if (this.#works.length === 1) setImmediate(() => this.#commit())
    return promise
  }

  #commit(): void {
    const works = this.#works
    this.#works = []
    const done: (() => void)[] = []
    try {
      // At once: two processes that both read and then write would each have to give way to the other.
      this.#db.exec('BEGIN IMMEDIATE')
      for (const work of works) done.push(this.#runOne(work))
      this.#db.exec('COMMIT')
      for (const tell of done) tell()
    } catch (error) {
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK')
      for (const { reject } of works) reject(error)
    }
  }

  /** @returns what tells its caller, once it is committed @throws Error that concerns all: the transaction is gone */
  #runOne({ run, resolve, reject }: Work): () => void {
    this.#db.exec('SAVEPOINT work')
    try {
      const result = run()
      this.#db.exec('RELEASE work')
      return () => resolve(result as never)
    } catch (error) {
      if (!this.#db.isTransaction) throw error
      this.#db.exec('ROLLBACK TO work; RELEASE work')
      return () => reject(error)
    }
  }

  #run(sql: string, ...values: SQLInputValue[]): { changes: number | bigint } {
    return this.#prepare(sql).run(...values)
  }

  #all(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return this.#prepare(sql).all(...values) as Row[]
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#db.prepare(sql)
    this.#statements.set(sql, known)
    return known
  }
}

/** Nobody sends, waits for or asks about it any more. */
export function isFinal({ state }: Pick<OutboxItem, 'state'>): boolean {
  return finalStates.includes(state)
}

function where(filter: ItemFilter): { readonly text: string; readonly values: readonly SQLInputValue[] } {
  const { states, conversation, failureId, createdBefore, createdAfter } = filter
  const parts: [string, readonly SQLInputValue[]][] = []
  if (states) parts.push([`state IN (${states.map(() => '?').join(', ')})`, states])
  if (conversation !== undefined) parts.push(['conversation = ?', [conversation]])
  if (failureId !== undefined) parts.push([`json_extract(failure, '$.id') = ?`, [failureId]])
  if (createdBefore !== undefined) parts.push(['created_at < ?', [createdBefore]])
  if (createdAfter !== undefined) parts.push(['created_at >= ?', [createdAfter]])
  return {
    text: parts.map(([text]) => text).join(' AND ') || '1 = 1',
    values: parts.flatMap(([, values]) => values),
  }
}

function toColumn(name: keyof Changes, value: unknown): SQLInputValue {
  const isJson = name === 'failure' || name === 'result' || name === 'content'
  if (!isJson) return value as SQLInputValue
  return value === null || value === undefined ? null : JSON.stringify(value)
}

function toItem(row: Row): OutboxItem {
  const json = (value: SQLInputValue | undefined) => (typeof value === 'string' ? JSON.parse(value) : null)
  return {
    itemId: row.item_id as string,
    version: row.version as number,
    state: row.state as OutboxState,
    content: json(row.content),
    conversation: row.conversation as string,
    key: row.key as string,
    keyAt: row.key_at as number,
    createdAt: row.created_at as number,
    changedAt: row.changed_at as number,
    dueAt: row.due_at as number | null,
    expiresAt: row.expires_at as number,
    tries: row.tries as number,
    misses: row.misses as number,
    failure: json(row.failure),
    result: json(row.result),
  }
}
