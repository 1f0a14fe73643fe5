// On the disk, in a SQLite file that several processes may share, an outbox's too. What is committed has been synced.
import { openSqliteFile } from '../sqlite-file.ts'
import type { AlertStore } from './store.ts'

const schema = `
CREATE TABLE IF NOT EXISTS alert_records (
  kind TEXT NOT NULL,
  record_key TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (kind, record_key)
) STRICT;
`

/** @param path a file, made where it is not there @throws Error of SQLite */
export function sqliteStore(path: string): AlertStore {
  const db = openSqliteFile(path)
  db.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`)
  const get = db.prepare('SELECT body FROM alert_records WHERE kind = ? AND record_key = ?')
  const list = db.prepare('SELECT body FROM alert_records WHERE kind = ? ORDER BY record_key')
  const put = db.prepare(
    `INSERT INTO alert_records (kind, record_key, body) VALUES (?, ?, ?)
     ON CONFLICT (kind, record_key) DO UPDATE SET body = excluded.body`,
  )
  const remove = db.prepare('DELETE FROM alert_records WHERE kind = ? AND record_key = ?')
  return {
    survives: true,
    get(kind, key) {
      const row = get.get(kind, key)
      return row && JSON.parse(row.body as string)
    },
    list: kind => list.all(kind).map(row => JSON.parse(row.body as string)),
    put: (kind, key, value) => void put.run(kind, key, JSON.stringify(value)),
    delete: (kind, key) => void remove.run(kind, key),
    atomically(change) {
      // At once: two processes that both read and then write would each have to give way to the other.
      db.exec('BEGIN IMMEDIATE')
      try {
        const result = change()
        db.exec('COMMIT')
        return result
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK')
        throw error
      }
    },
    close: () => db.close(),
  }
}
