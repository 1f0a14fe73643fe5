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
  /**
   * Writes a consistent copy to `file` while the database is in use; asking again for the same file joins the copy
   * under way.
   * @returns its size in bytes, or undefined when it takes longer than `waitMs`: ask again
   * @throws Error in words for the operator when the file exists, cannot be written, or another copy is under way
   */
  backup(file: string, waitMs: number): Promise<number | undefined>
  close(): Promise<void>
}
