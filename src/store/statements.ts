import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Sql, SqlValue } from './db.ts'

interface Prepared {
  readonly statement: StatementSync
  /** Which parameter each `?` takes; undefined when they come in order, once each. */
  readonly order: readonly number[] | undefined
  readonly writes: boolean
}

/** Texts kept prepared; lists of parameters make many of one statement. */
const preparedMax = 2_000
/** A query, also one with a common table expression. */
const query = /^\s*(?:SELECT|WITH(?![\s\S]*\b(?:INSERT|UPDATE|DELETE)\b))\b/i

/** Prepares each SQL text once and counts writes, so that a group knows which of its members touched the database. */
export class Statements implements Sql {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<string, Prepared>()
  /** Statements that may have changed rows since it was last reset to 0. */
  written = 0
  /** False while a work runs that has promised not to. */
  mayWrite = true

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  async all<Row>(text: string, ...params: SqlValue[]): Promise<Row[]> {
    const { statement, order, writes } = this.#get(text)
    if (writes) this.#countWrite(text)
    return statement.all(...arrange(params, order)) as Row[]
  }

  async one<Row>(text: string, ...params: SqlValue[]): Promise<Row | undefined> {
    const { statement, order, writes } = this.#get(text)
    if (writes) this.#countWrite(text)
    return statement.get(...arrange(params, order)) as Row | undefined
  }

  async run(text: string, ...params: SqlValue[]): Promise<number> {
    const { statement, order } = this.#get(text)
    this.#countWrite(text)
    const changes = Number(statement.run(...arrange(params, order)).changes)
    // What has changed nothing has not to be taken back, should the work be refused.
    if (changes === 0) this.written--
    return changes
  }

  #countWrite(text: string): void {
    if (!this.mayWrite) throw new Error(`a read must not write: ${text}`)
    this.written++
  }

  #get(text: string): Prepared {
    const known = this.#prepared.get(text)
    if (known) return known
    const order: number[] = []
    const positional = text.replace(/\$(\d+)/g, (_, digits: string) => {
      order.push(Number(digits) - 1)
      return '?'
    })
    const isInOrder = order.every((parameter, index) => parameter === index)
    const prepared = {
      statement: this.#database.prepare(positional),
      order: isInOrder ? undefined : order,
      writes: !query.test(text),
    }
    if (this.#prepared.size >= preparedMax) this.#prepared.clear()
    this.#prepared.set(text, prepared)
    return prepared
  }
}

function arrange(params: readonly SqlValue[], order: readonly number[] | undefined): readonly SqlValue[] {
  return order ? order.map(parameter => params[parameter] as SqlValue) : params
}
