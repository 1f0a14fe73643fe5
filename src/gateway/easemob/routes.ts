import { callbackRoutes } from './callback-storage.ts'
import { chatFileRoutes } from './chat-files.ts'
import { chatHistoryRoutes } from './chat-history.ts'
import { contactRoutes } from './contacts.ts'
import { groupMemberRoutes } from './group-members.ts'
import { groupRoutes } from './groups.ts'
import { joinedGroupRoutes } from './joined-groups.ts'
import { legacyMessageRoutes } from './messages-legacy.ts'
import { modernMessageRoutes } from './messages-modern.ts'
import { muteRoutes } from './mutes.ts'
import { offlineQueueRoutes } from './offline-queue.ts'
import { roomRoutes } from './rooms.ts'
import type { EasemobRoute } from './route.ts'
import { sharedFileRoutes } from './shared-files.ts'
import { tokenRoutes } from './tokens.ts'
import { userBlockRoutes } from './user-blocks.ts'
import { userStateRoutes } from './user-state.ts'
import { userRoutes } from './users.ts'

/** Every route of the dialect. */
export const easemobRoutes: readonly EasemobRoute[] = [
  ...tokenRoutes,
  ...userRoutes,
  ...userStateRoutes,
  ...contactRoutes,
  ...userBlockRoutes,
  ...muteRoutes,
  ...legacyMessageRoutes,
  ...modernMessageRoutes,
  ...offlineQueueRoutes,
  ...chatHistoryRoutes,
  ...chatFileRoutes,
  ...callbackRoutes,
  ...groupRoutes,
  ...roomRoutes,
  ...groupMemberRoutes,
  ...joinedGroupRoutes,
  ...sharedFileRoutes,
]
