import { legacyMessageRoutes } from './messages-legacy.ts'
import { modernMessageRoutes } from './messages-modern.ts'
import { offlineQueueRoutes } from './offline-queue.ts'
import type { EasemobRoute } from './route.ts'

/** Every route of the dialect. */
export const easemobRoutes: readonly EasemobRoute[] = [
  ...legacyMessageRoutes,
  ...modernMessageRoutes,
  ...offlineQueueRoutes,
]
