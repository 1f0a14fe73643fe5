// Templates, vendor quotas and push plans (jpush.md §3.1.9), test devices (§3.3.5): made in the vendor's console, and sold
// by it. No app of this server has them; whoever asks is told so, of the first three in the flat form they have.
import { Refusal } from '../../contract/refusal.ts'
import type { RouteMethod } from '../http/route-table.ts'
import type { JpushRoute } from './route.ts'

type Interface = readonly [method: RouteMethod, path: string, summary: string]

const plans: readonly Interface[] = [
  ['POST', '/v3/push/template', 'Push by a template of the console: no app here has any'],
  ['POST', '/v3/push/template/schedule', 'Schedule a push by a template: no app here has any'],
  ['GET', '/v3/push/quota', 'What vendors let an app push in a day: nothing here is counted so'],
  ['POST', '/v3/push_plan/create', 'Make a push plan: no app here has any'],
  ['POST', '/v3/push_plan/update', 'Change a push plan: no app here has any'],
  ['PUT', '/v3/push_plan/update', 'The same'],
  ['GET', '/v3/push_plan/list', 'Push plans: no app here has any'],
]

const testDevices: readonly Interface[] = [
  ['POST', '/v3/test/model/add', 'Make a device a test device: no app here has any'],
  ['POST', '/v3/test/model/update', 'Change a test device: no app here has any'],
  ['PUT', '/v3/test/model/update', 'The same'],
  ['POST', '/v3/test/model/delete/:rid', 'A device is no test device any more: no app here has any'],
  ['DELETE', '/v3/test/model/delete/:rid', 'The same'],
  ['GET', '/v3/test/model/list', 'Test devices: no app here has any'],
]

/** The paths whose answers are flat, for what is refused before there is a route. */
export const planPaths = ['/v3/push/template', '/v3/push/quota', '/v3/push_plan']

export const planRoutes: readonly JpushRoute[] = [
  ...plans.map(plan => refusing(plan, { family: 'plan', quota: 'push' })),
  ...testDevices.map(device => refusing(device, { family: 'device', quota: 'device' })),
]

function refusing([method, path, summary]: Interface, api: Pick<JpushRoute, 'family' | 'quota'>): JpushRoute {
  return {
    method,
    path,
    summary,
    ...api,
    raises: ['not_entitled'],
    handle: async call => {
      await call.admit()
      throw new Refusal('not_entitled')
    },
  }
}
