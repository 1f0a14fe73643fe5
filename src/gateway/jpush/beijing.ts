// The Beijing data centre's names of the same calls (jpush.md §1.1).
import type { JpushRoute } from './route.ts'

const renamed: readonly (readonly [prefix: string, alias: string])[] = [
  ['/v3/schedules', '/v3/push/schedules'],
  ['/v3/received', '/v3/report/received'],
  ['/v3/users', '/v3/report/users'],
  ['/v3/messages', '/v3/report/messages'],
  ['/v3/status/message', '/v3/report/status/message'],
  ['/v3/group/', '/v3/report/group/'],
  ['/v3/devices/', '/v3/device/'],
  ['/v3/tags', '/v3/device/tags'],
  ['/v3/aliases', '/v3/device/aliases'],
]

/** The routes that are called otherwise there, under those names. */
export function beijingRoutes(routes: readonly JpushRoute[]): readonly JpushRoute[] {
  return routes.flatMap(route => {
    const rename = renamed.find(([prefix]) => route.path.startsWith(prefix))
    return rename ? [{ ...route, path: rename[1] + route.path.slice(rename[0].length) }] : []
  })
}
