// What the core may ask of a database. Two engines can stand behind it with one SQL text: parameters are $1, $2 …,
// types TEXT, BIGINT and INTEGER, ids and times are made by us, nothing engine-specific (style.md 3.6).

export type SqlValue = string | number | null | Uint8Array

export interface Sql {
  all<Row>(text: string, ...params: SqlValue[]): Promise<Row[]>
  one<Row>(text: string, ...params: SqlValue[]): Promise<Row | undefined>
  /** Returns how many rows changed. */
  run(text: string, ...params: SqlValue[]): Promise<number>
}

export interface Db {
  /**
   * Runs `work` in a transaction and answers after the commit that survives power loss. Several works may share one
   * commit, and a work may be run again after a rollback: it must have no effect outside the database, and must not
   * wait for anything but the database.
   * @throws Refusal `store_unavailable` when the database cannot take writes (disk full, read-only, corrupt)
   */
  write<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  /** Runs `work` on committed rows only. It must not write. */
  read<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  /** Writes a consistent copy to `file` (which must not exist) while the database is in use. */
  backup(file: string): Promise<void>
  close(): Promise<void>
}
