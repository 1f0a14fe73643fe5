// The dialect's routes for the API description.
import { renderJpush } from '../../contract/render.ts'
import type { JpushFamily } from '../../contract/wire.ts'
import {
  type DescribedRoute,
  type ErrorSchema,
  formBody,
  jsonBody,
  type Security,
} from '../openapi/described-route.ts'
import { failuresOf, type JpushRoute } from './route.ts'
import { jpushRoutes } from './routes.ts'

export function describeJpush(): DescribedRoute[] {
  return jpushRoutes.map(route => {
    const { method, path, summary, family, body, schema, isUpload } = route
    const types = isUpload ? formBody : jsonBody
    return {
      method,
      path,
      summary,
      tag: `jpush ${family}`,
      security: securityOf(route),
      ...((body || isUpload) && { body: { types, isRequired: true, ...(schema && { schema }) } }),
      failures: failuresOf(route),
      word: id => renderJpush({ id, params: {}, facts: {} }, { family }),
      errorSchema: errorSchemaOf(family),
    }
  })
}

function securityOf({ secretOf }: JpushRoute): Security[] {
  if (secretOf === 'developer') return ['developer']
  return secretOf === 'app_or_developer' ? ['basic', 'developer'] : ['basic']
}

function errorSchemaOf(family: JpushFamily): ErrorSchema {
  if (family === 'plan') return 'JpushPlanError'
  return family === 'admin' ? 'JpushAdminError' : 'JpushError'
}
