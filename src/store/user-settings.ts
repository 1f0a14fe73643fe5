import { forgetConversations } from './conversations.ts'
import type { Sql } from './db.ts'
import { forgetNotifications } from './notification-settings.ts'
import { forgetPresence } from './presence.ts'
import { forgetHistoryViews } from './roaming.ts'
import { forgetAttributes } from './user-attributes.ts'
import { forgetBindings } from './user-bindings.ts'

/** What a user has set, has removed from its own view, and what others have subscribed of it. @returns how many rows */
export async function forgetUserSettings(sql: Sql, uid: number): Promise<number> {
  let count = 0
  for (const forget of [
    forgetBindings,
    forgetNotifications,
    forgetAttributes,
    forgetPresence,
    forgetHistoryViews,
    forgetConversations,
  ])
    count += await forget(sql, uid)
  return count
}
