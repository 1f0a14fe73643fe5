import { callbackRoutes } from './callback-storage.ts'
import { chatExportRoutes } from './chat-export.ts'
import { chatFileRoutes } from './chat-files.ts'
import { chatHistoryRoutes } from './chat-history.ts'
import { contactRoutes } from './contacts.ts'
import { conversationRoutes } from './conversations.ts'
import { groupAttributeRoutes } from './group-attributes.ts'
import { groupListRoutes } from './group-lists.ts'
import { groupMemberRoutes } from './group-members.ts'
import { groupMuteRoutes } from './group-mutes.ts'
import { groupRequestRoutes } from './group-requests.ts'
import { groupRoleRoutes } from './group-roles.ts'
import { groupShieldRoutes } from './group-shields.ts'
import { groupRoutes } from './groups.ts'
import { joinedGroupRoutes } from './joined-groups.ts'
import { messageImportRoutes } from './message-imports.ts'
import { messageReaderRoutes } from './message-readers.ts'
import { legacyMessageRoutes } from './messages-legacy.ts'
import { modernMessageRoutes } from './messages-modern.ts'
import { muteRoutes } from './mutes.ts'
import { notificationRoutes } from './notifications.ts'
import { offlineQueueRoutes } from './offline-queue.ts'
import { presenceRoutes } from './presence.ts'
import { reactionRoutes } from './reactions.ts'
import { recallRoutes } from './recalls.ts'
import { rewriteRoutes } from './rewrites.ts'
import { roamingRoutes } from './roaming.ts'
import { roomBroadcastRoutes } from './room-broadcasts.ts'
import { roomRoutes } from './rooms.ts'
import type { EasemobRoute } from './route.ts'
import { sharedFileRoutes } from './shared-files.ts'
import { threadRoutes } from './threads.ts'
import { tokenRoutes } from './tokens.ts'
import { userAttributeRoutes } from './user-attributes.ts'
import { userBlockRoutes } from './user-blocks.ts'
import { userStateRoutes } from './user-state.ts'
import { userRoutes } from './users.ts'

/** Every route of the dialect. */
export const easemobRoutes: readonly EasemobRoute[] = [
  ...tokenRoutes,
  ...userRoutes,
  ...userStateRoutes,
  ...userAttributeRoutes,
  ...presenceRoutes,
  ...notificationRoutes,
  ...contactRoutes,
  ...userBlockRoutes,
  ...muteRoutes,
  ...legacyMessageRoutes,
  ...modernMessageRoutes,
  ...roomBroadcastRoutes,
  ...offlineQueueRoutes,
  ...chatHistoryRoutes,
  ...chatExportRoutes,
  ...messageImportRoutes,
  ...recallRoutes,
  ...rewriteRoutes,
  ...roamingRoutes,
  ...conversationRoutes,
  ...messageReaderRoutes,
  ...reactionRoutes,
  ...chatFileRoutes,
  ...callbackRoutes,
  ...groupRoutes,
  ...roomRoutes,
  ...groupMemberRoutes,
  ...groupRequestRoutes,
  ...groupAttributeRoutes,
  ...groupRoleRoutes,
  ...groupListRoutes,
  ...groupMuteRoutes,
  ...groupShieldRoutes,
  ...joinedGroupRoutes,
  ...sharedFileRoutes,
  ...threadRoutes,
]
