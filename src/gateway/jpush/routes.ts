import { adminRoutes } from './admin.ts'
import { aliasRoutes } from './aliases.ts'
import { batchRoutes } from './batch.ts'
import { beijingRoutes } from './beijing.ts'
import { deviceRoutes } from './devices.ts'
import { fileRoutes } from './files.ts'
import { groupPushRoutes } from './group-push.ts'
import { imageRoutes } from './images.ts'
import { messageReportRoutes } from './message-reports.ts'
import { planRoutes } from './plans.ts'
import { pushRoutes } from './push.ts'
import { reportRoutes } from './reports.ts'
import type { JpushRoute } from './route.ts'
import { scheduleRoutes } from './schedules.ts'
import { tagRoutes } from './tags.ts'
import { usageRoutes } from './usage.ts'

const routes = [
  ...pushRoutes,
  ...batchRoutes,
  ...fileRoutes,
  ...imageRoutes,
  ...planRoutes,
  ...groupPushRoutes,
  ...deviceRoutes,
  ...tagRoutes,
  ...aliasRoutes,
  ...reportRoutes,
  ...messageReportRoutes,
  ...usageRoutes,
  ...scheduleRoutes,
]

/** Every route of the dialect. */
export const jpushRoutes: readonly JpushRoute[] = [...routes, ...beijingRoutes(routes), ...adminRoutes]
