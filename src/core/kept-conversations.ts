// The rows that make a conversation one of its user's, and which of them are there already: every message asks for two.
import { easemobLimits } from '../contract/limits.ts'
import { Lru } from '../lib/lru.ts'
import { cutConversations, openConversation } from '../store/conversations.ts'
import type { Sql } from '../store/db.ts'
import type { Call } from './call.ts'

const { conversationsMax, conversationsKept } = easemobLimits
const rowsMax = 50_000

export class KeptConversations {
  /** Of conversations with users, those used last. */
  readonly #rows = new Lru<string, true>(rowsMax)

  /**
   * Makes sure that a conversation has its row among the user's, and that those do not become too many.
   * @param readThrough of a new row: a message id, what was said up to it counts as read
   */
  async keep(call: Call, sql: Sql, uid: number, conversation: string, readThrough: number): Promise<void> {
    const key = `${uid} ${conversation}`
    if (this.#rows.get(key)) return
    if (await openConversation(sql, uid, conversation, readThrough))
      await this.#cut(call, sql, uid, conversation)
    // Rows of groups go when the user leaves; those of users only when there are too many, and with the user.
    if (conversation.startsWith('u:')) call.afterCommit(() => this.#rows.set(key, true))
  }

  async #cut(call: Call, sql: Sql, uid: number, except: string): Promise<void> {
    const limits = { most: conversationsMax, kept: conversationsKept, except }
    if ((await cutConversations(sql, call.app.appId, uid, limits)) === 0) return
    // At once for what comes next in this commit, and after it for what was seen before.
    this.#rows.clear()
    call.afterCommit(() => this.#rows.clear())
  }
}
