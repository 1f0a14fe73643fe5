import type { Sql } from './db.ts'

/** The greatest id ever given to a push or a message; 0 before the first. */
export async function greatestMessageId(sql: Sql): Promise<number> {
  const row = await sql.one<{ greatest: number }>(
    `SELECT COALESCE(MAX(greatest), 0) AS greatest FROM (
       SELECT MAX(msg_id) AS greatest FROM pushes UNION ALL SELECT MAX(msg_id) AS greatest FROM messages
     ) AS ids`,
  )
  return row!.greatest
}
