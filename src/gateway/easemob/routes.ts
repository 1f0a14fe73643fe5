import type { EasemobRoute } from './route.ts'

/** Every route of the dialect. */
export const easemobRoutes: readonly EasemobRoute[] = []
