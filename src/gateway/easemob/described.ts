// The dialect's routes for the API description.
import { renderEasemob } from '../../contract/render.ts'
import { type DescribedRoute, jsonBody, type Security } from '../openapi/described-route.ts'
import { type EasemobRoute, failuresOf } from './route.ts'
import { easemobRoutes } from './routes.ts'

const formBody = [...jsonBody, 'application/x-www-form-urlencoded']

export function describeEasemob(): DescribedRoute[] {
  return easemobRoutes.map(route => {
    const { method, path, summary, family = 'users', body, schema, produces } = route
    return {
      method,
      path: `/:org/:app${path === '/' ? '' : path}`,
      summary,
      tag: `easemob ${family}`,
      security: securityOf(route),
      ...(body && {
        body: {
          types: typesOf(body),
          isRequired: body !== 'optional',
          ...(schema && { schema }),
        },
      }),
      ...(produces && { produces }),
      failures: failuresOf(route),
      word: id =>
        renderEasemob({ id, params: {}, facts: {} }, { edition: 'seed', family, timestamp: 0, duration: 0 }),
      errorSchema: 'EasemobError',
    }
  })
}

function typesOf(body: NonNullable<EasemobRoute['body']>): readonly string[] {
  if (body === 'form_data') return formBody
  return body === 'form' ? formBody : jsonBody
}

const open: ReadonlySet<string> = new Set([
  'GET /token',
  'POST /token',
  'POST /users',
  'GET /chatfiles/:file',
  'GET /chatmessages/:hour/:file',
])

/** Where none is needed (for registration only while the app has it open), one that comes is checked all the same. */
function securityOf({ path, method }: EasemobRoute): Security[] {
  return open.has(`${method} ${path}`) ? ['token', 'anybody'] : ['token']
}
