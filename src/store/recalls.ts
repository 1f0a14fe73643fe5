// Messages that are taken back: out of the log, and out of the queues of those who have not had them.
import type { Sql } from './db.ts'
import { dropReactions } from './reactions.ts'

export async function deleteMessage(sql: Sql, msgId: number): Promise<void> {
  await sql.run('DELETE FROM messages WHERE msg_id = $1', msgId)
  await dropReactions(sql, msgId)
}

export async function removeEntry(sql: Sql, uid: number, queue: string, entryId: number): Promise<void> {
  await sql.run('DELETE FROM inbox WHERE uid = $1 AND queue = $2 AND entry_id = $3', uid, queue, entryId)
}

/** From the queues of all members. */
export async function removeEntryOfGroup(
  sql: Sql,
  groupId: number,
  queue: string,
  entryId: number,
): Promise<void> {
  await sql.run(
    `DELETE FROM inbox WHERE queue = $1 AND entry_id = $2
       AND uid IN (SELECT uid FROM group_members WHERE group_id = $3)`,
    queue,
    entryId,
    groupId,
  )
}
