import type { JpushRoute } from './route.ts'

/** Every route of the dialect. */
export const jpushRoutes: readonly JpushRoute[] = []
