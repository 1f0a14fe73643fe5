// The dialect's routes for the API description.
import { renderJpush } from '../../contract/render.ts'
import { type DescribedRoute, jsonBody } from '../openapi/described-route.ts'
import { failuresOf } from './route.ts'
import { jpushRoutes } from './routes.ts'

const formBody = ['multipart/form-data'] as const

export function describeJpush(): DescribedRoute[] {
  return jpushRoutes.map(route => {
    const { method, path, summary, family, body, schema, isUpload } = route
    return {
      method,
      path,
      summary,
      tag: `jpush ${family}`,
      security: ['basic'],
      ...(body && { body: { types: jsonBody, isRequired: true, ...(schema && { schema }) } }),
      ...(isUpload && { body: { types: formBody, isRequired: true, ...(schema && { schema }) } }),
      failures: failuresOf(route),
      word: id => renderJpush({ id, params: {}, facts: {} }, { family }),
      errorSchema: family === 'plan' ? 'JpushPlanError' : 'JpushError',
    }
  })
}
