import { adminRoutes } from './admin.ts'
import { consoleRoutes } from './console.ts'
import { imageRoutes } from './images.ts'
import { operationsRoutes } from './operations.ts'
import { registrationRoutes } from './registrations.ts'
import type { NeutralRoute } from './route.ts'
import { trailRoutes } from './trail.ts'

/** Every route that belongs to neither vendor. */
export const neutralRoutes: readonly NeutralRoute[] = [
  ...operationsRoutes,
  ...consoleRoutes,
  ...registrationRoutes,
  ...imageRoutes,
  ...adminRoutes,
  ...trailRoutes,
]
