// Templates, vendor quotas and push plans (jpush.md §3.1.9): made in the vendor's console, and sold by it. No app of this
// server has them; whoever asks is told so, in the flat form of these interfaces.
import { Refusal } from '../../contract/refusal.ts'
import type { RouteMethod } from '../http/route-table.ts'
import type { JpushRoute } from './route.ts'

const interfaces: readonly (readonly [method: RouteMethod, path: string, summary: string])[] = [
  ['POST', '/v3/push/template', 'Push by a template of the console: no app here has any'],
  ['POST', '/v3/push/template/schedule', 'Schedule a push by a template: no app here has any'],
  ['GET', '/v3/push/quota', 'What vendors let an app push in a day: nothing here is counted so'],
  ['POST', '/v3/push_plan/create', 'Make a push plan: no app here has any'],
  ['POST', '/v3/push_plan/update', 'Change a push plan: no app here has any'],
  ['GET', '/v3/push_plan/list', 'Push plans: no app here has any'],
]

/** The paths whose answers are flat, for what is refused before there is a route. */
export const planPaths = ['/v3/push/template', '/v3/push/quota', '/v3/push_plan']

export const planRoutes: readonly JpushRoute[] = interfaces.map(([method, path, summary]) => ({
  method,
  path,
  summary,
  family: 'plan',
  quota: 'push',
  raises: ['not_entitled'],
  handle: async call => {
    await call.admit()
    throw new Refusal('not_entitled')
  },
}))
