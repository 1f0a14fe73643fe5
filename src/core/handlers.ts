import { appHandlers } from './apps.ts'
import { callbackHandlers } from './callback-storage.ts'
import { contactHandlers } from './contacts.ts'
import { deviceHandlers } from './devices.ts'
import { fileHandlers } from './files.ts'
import { groupFileHandlers } from './group-files.ts'
import { groupHandlers } from './groups.ts'
import type { Handlers } from './handler.ts'
import { inboxHandlers } from './inbox.ts'
import { messageHandlers } from './messages.ts'
import { pushHandlers } from './pushes.ts'
import { serviceHandlers } from './service.ts'
import { blockHandlers } from './user-blocks.ts'
import { muteHandlers } from './user-mutes.ts'
import { userHandlers } from './users.ts'

/** Every operation, by name: a missing one does not compile. */
export const handlers: Handlers = {
  ...appHandlers,
  ...serviceHandlers,
  ...userHandlers,
  ...contactHandlers,
  ...blockHandlers,
  ...muteHandlers,
  ...groupHandlers,
  ...fileHandlers,
  ...groupFileHandlers,
  ...messageHandlers,
  ...callbackHandlers,
  ...inboxHandlers,
  ...pushHandlers,
  ...deviceHandlers,
}
