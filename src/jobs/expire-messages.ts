// Removes messages between users that have had their time, from the log and from the inboxes of those who never got them.
// Readers pass over them already; this gives the space back. The inboxes are walked user by user, since an index of them
// by age would cost every send more than this walk.
import { oldestMessageId } from '../core/message-pages.ts'
import type { World } from '../core/world.ts'
import type { Sql } from '../store/db.ts'
import { deleteOldNotices, expireInbox, nextInboxOwner } from '../store/inbox.ts'
import { deleteOldReaders } from '../store/message-readers.ts'
import { deleteOldMessages } from '../store/messages.ts'
import { deleteOldReactions } from '../store/reactions.ts'
import { deleteOldHistoryViews } from '../store/roaming.ts'
import type { Job } from './runner.ts'

const rowsPerSlice = 500
const usersPerSlice = 100
const everyMs = 3_600_000

export class ExpireMessages implements Job {
  readonly name = 'expire_messages'
  readonly everyMs = everyMs
  /** The walk goes on with the first user after this one. */
  #after = 0

  async run(world: Pick<World, 'db' | 'clock' | 'config'>): Promise<boolean> {
    const below = oldestMessageId(world)
    const { removed, notices, views, reactions, readers, next } = await world.db.write(async sql => ({
      removed: await deleteOldMessages(sql, below, rowsPerSlice),
      notices: await deleteOldNotices(sql, below, rowsPerSlice),
      views: await deleteOldHistoryViews(sql, below, rowsPerSlice),
      reactions: await deleteOldReactions(sql, below, rowsPerSlice),
      readers: await deleteOldReaders(sql, below, rowsPerSlice),
      next: await expireInboxes(sql, this.#after, below),
    }))
    this.#after = next ?? 0
    return [removed, notices, views, reactions, readers].includes(rowsPerSlice) || next !== undefined
  }
}

/** Goes through a slice of the inboxes. @returns the user after whom to go on; undefined when all are done */
async function expireInboxes(sql: Sql, start: number, below: number): Promise<number | undefined> {
  let after = start
  let left = rowsPerSlice
  for (let users = 0; users < usersPerSlice; users++) {
    const uid = await nextInboxOwner(sql, after)
    if (uid === undefined) return undefined
    left -= await expireInbox(sql, uid, below, left)
    // This one may have more.
    if (left === 0) return uid - 1
    after = uid
  }
  return after
}
