import { easemobLimits } from '../contract/limits.ts'
import { cutConversations, openConversation } from '../store/conversations.ts'
import type { Sql } from '../store/db.ts'
import type { Call } from './call.ts'

const { conversationsMax, conversationsKept } = easemobLimits

/**
 * Makes sure that a conversation has its row among the user's, and that those do not become too many.
 * @param readThrough of a new row: a message id, what was said up to it counts as read
 */
export async function keepConversation(
  call: Call,
  sql: Sql,
  uid: number,
  conversation: string,
  readThrough: number,
): Promise<void> {
  if (await openConversation(sql, uid, conversation, readThrough))
    await cutConversations(sql, call.app.appId, uid, {
      most: conversationsMax,
      kept: conversationsKept,
      except: conversation,
    })
}
