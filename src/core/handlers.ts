import { appHandlers } from './apps.ts'
import { deviceHandlers } from './devices.ts'
import { groupHandlers } from './groups.ts'
import type { Handlers } from './handler.ts'
import { inboxHandlers } from './inbox.ts'
import { messageHandlers } from './messages.ts'
import { pushHandlers } from './pushes.ts'
import { serviceHandlers } from './service.ts'
import { userHandlers } from './users.ts'

/** Every operation, by name: a missing one does not compile. */
export const handlers: Handlers = {
  ...appHandlers,
  ...serviceHandlers,
  ...userHandlers,
  ...groupHandlers,
  ...messageHandlers,
  ...inboxHandlers,
  ...pushHandlers,
  ...deviceHandlers,
}
