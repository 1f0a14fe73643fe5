// The routes that belong to neither vendor, for the API description.
import { renderNeutral } from '../../contract/render.ts'
import { type DescribedRoute, jsonBody, type Security } from '../openapi/described-route.ts'
import { failuresOf, type NeutralRoute } from './route.ts'
import { neutralRoutes } from './routes.ts'

export function describeNeutral(): DescribedRoute[] {
  return neutralRoutes.map(route => {
    const { method, path, summary, body, schema, produces } = route
    const [, first = ''] = path.split('/')
    return {
      method,
      path,
      summary,
      tag: `server ${parts.get(first) ?? 'operations'}`,
      security: securityOf(route),
      ...(body && { body: { types: jsonBody, isRequired: true, ...(schema && { schema }) } }),
      ...(produces && { produces }),
      failures: failuresOf(route),
      word: id => renderNeutral({ id, params: {}, facts: {} }, { requestId: 'k3j9x2-17' }),
      errorSchema: 'NeutralError',
    }
  })
}

const parts: ReadonlyMap<string, string> = new Map([
  ['admin', 'administration'],
  ['device', 'devices'],
  ['console', 'console'],
])

function securityOf({ need, path }: NeutralRoute): Security[] {
  if (need === 'operator') return ['admin']
  return path.startsWith('/device/') ? ['device'] : ['anybody']
}
