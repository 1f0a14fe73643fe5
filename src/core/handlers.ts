import { appGroupHandlers } from './app-groups.ts'
import { appHandlers } from './apps.ts'
import { callbackHandlers } from './callback-storage.ts'
import { contactHandlers } from './contacts.ts'
import { conversationHandlers } from './conversations.ts'
import { developerAppHandlers } from './developer-apps.ts'
import { developerHandlers } from './developers.ts'
import { deviceHandlers } from './devices.ts'
import { editHandlers } from './edits.ts'
import { exportHandlers } from './exports.ts'
import { fileHandlers } from './files.ts'
import { memberAttributeHandlers } from './group-attributes.ts'
import { groupFileHandlers } from './group-files.ts'
import { groupListHandlers } from './group-lists.ts'
import { groupMuteHandlers } from './group-mutes.ts'
import { groupRequestHandlers } from './group-requests.ts'
import { groupRoleHandlers } from './group-roles.ts'
import { groupShieldHandlers } from './group-shields.ts'
import { groupHandlers } from './groups.ts'
import type { Handlers } from './handler.ts'
import { imageHandlers } from './images.ts'
import { inboxHandlers } from './inbox.ts'
import { readerHandlers } from './message-readers.ts'
import { messageHandlers } from './messages.ts'
import { notificationHandlers } from './notifications.ts'
import { presenceHandlers } from './presence.ts'
import { pushFileHandlers } from './push-files.ts'
import { pushHandlers } from './pushes.ts'
import { reactionHandlers } from './reactions.ts'
import { recallHandlers } from './recall.ts'
import { roamingHandlers } from './roaming.ts'
import { roomAttributeHandlers } from './room-attributes.ts'
import { scheduleHandlers } from './schedules.ts'
import { serviceHandlers } from './service.ts'
import { superAdminHandlers } from './super-admins.ts'
import { threadHandlers } from './threads.ts'
import { trailHandlers } from './trail.ts'
import { usageHandlers } from './usage.ts'
import { attributeHandlersOfUsers } from './user-attributes.ts'
import { blockHandlers } from './user-blocks.ts'
import { muteHandlers } from './user-mutes.ts'
import { userHandlers } from './users.ts'

/** Every operation, by name: a missing one does not compile. */
export const handlers: Handlers = {
  ...appHandlers,
  ...appGroupHandlers,
  ...developerHandlers,
  ...developerAppHandlers,
  ...serviceHandlers,
  ...userHandlers,
  ...attributeHandlersOfUsers,
  ...presenceHandlers,
  ...notificationHandlers,
  ...contactHandlers,
  ...blockHandlers,
  ...muteHandlers,
  ...groupHandlers,
  ...groupRequestHandlers,
  ...memberAttributeHandlers,
  ...roomAttributeHandlers,
  ...superAdminHandlers,
  ...groupRoleHandlers,
  ...groupListHandlers,
  ...groupMuteHandlers,
  ...groupShieldHandlers,
  ...fileHandlers,
  ...groupFileHandlers,
  ...messageHandlers,
  ...readerHandlers,
  ...recallHandlers,
  ...editHandlers,
  ...roamingHandlers,
  ...conversationHandlers,
  ...exportHandlers,
  ...reactionHandlers,
  ...threadHandlers,
  ...callbackHandlers,
  ...inboxHandlers,
  ...pushHandlers,
  ...pushFileHandlers,
  ...imageHandlers,
  ...scheduleHandlers,
  ...usageHandlers,
  ...trailHandlers,
  ...deviceHandlers,
}
