// GET /openapi.json: every operation with every failure it can answer, worded as the default edition words it.
import { type FailureId, failures } from '../../contract/failures.ts'
import type { Rendered } from '../../contract/render.ts'
import { errorSchemas, headers, pathParameters, securitySchemes } from './components.ts'
import type { DescribedRoute } from './described-route.ts'
import { templatePath } from './path.ts'

const description = `Two vendors' REST contracts and the server's own: the JPush API v3 below /v1 to /v3, the Easemob
REST API below /{org}/{app}, and everything else. An operation's examples are all the failures it can answer, by their
names in the catalogue. A path or method that is not listed here is a failure too: path_unknown, method_not_allowed or
method_unknown in the dialect of its path.`

export function openApiDocument(routes: readonly DescribedRoute[], version: string): object {
  const examples = new Examples()
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const { template } = templatePath(route.path)
    paths[template] ??= {}
    paths[template][route.method.toLowerCase()] = operation(route, examples)
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Posthouse',
      version,
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map(name => ({ name })),
    paths,
    components: { schemas: errorSchemas, securitySchemes, headers, examples: examples.all },
  }
}

function operation(route: DescribedRoute, examples: Examples): object {
  const { params, template } = templatePath(route.path)
  return {
    operationId: operationId(route.method, template),
    tags: [route.tag],
    summary: route.summary,
    security: route.security.map(name => (name === 'anybody' ? {} : { [name]: [] })),
    ...(params.length > 0 && { parameters: params.map(parameter) }),
    ...(route.body && { requestBody: requestBody(route.body) }),
    responses: responses(route, examples),
  }
}

function operationId(method: string, template: string): string {
  const words = template.split(/[^A-Za-z0-9_.]+/).filter(Boolean)
  return [method.toLowerCase(), ...words].join('-')
}

function parameter({ name, pattern }: { name: string; pattern?: string }): object {
  const schema = { type: 'string', ...(pattern !== undefined && { pattern }) }
  return { name, in: 'path', required: true, description: pathParameters[name] ?? name, schema }
}

function requestBody({ types, isRequired, schema = {} }: NonNullable<DescribedRoute['body']>): object {
  return { required: isRequired, content: Object.fromEntries(types.map(type => [type, { schema }])) }
}

/** What goes wrong may stand under 200 too (jpush.md §3.5): then a 200 is either. */
function responses(route: DescribedRoute, examples: Examples): Record<string, object> {
  const { 200: failedAs200, ...others } = failed(route, examples)
  return { 200: failedAs200 ?? success(route), ...others }
}

function success({ produces, errorSchema }: DescribedRoute): object {
  const content =
    produces === undefined ? { 'application/json': { schema: { type: 'object' } } } : { [produces]: {} }
  return { description: 'Done', headers: headersOf(200, errorSchema), content }
}

/** One response a status; its examples are the failures that answer it. */
function failed(route: DescribedRoute, examples: Examples): Record<string, object> {
  const byStatus = Map.groupBy(
    [...route.failures].map(id => ({ id, worded: route.word(id) })),
    ({ worded }) => worded.status,
  )
  const { errorSchema } = route
  const errorRef = { $ref: `#/components/schemas/${errorSchema}` }
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: [...(status === 200 ? ['Done'] : []), ...group.map(({ id }) => id)].join(', '),
        headers: headersOf(status, errorSchema),
        content: {
          'application/json': {
            schema: status === 200 ? { anyOf: [errorRef, { type: 'object' }] } : errorRef,
            examples: Object.fromEntries(
              group.map(({ id, worded }) => [id, examples.refer(route, id, worded)]),
            ),
          },
        },
      },
    ]),
  )
}

function headersOf(status: number, errorSchema: DescribedRoute['errorSchema']): object {
  const names: (keyof typeof headers)[] = ['X-Request-Id']
  if (status === 429 || status === 503) names.push('Retry-After')
  if (status === 401) names.push('WWW-Authenticate')
  if (errorSchema === 'JpushError' || errorSchema === 'JpushPlanError')
    names.push('X-Rate-Limit-Limit', 'X-Rate-Limit-Quota', 'X-Rate-Limit-Remaining', 'X-Rate-Limit-Reset')
  return Object.fromEntries(names.map(name => [name, { $ref: `#/components/headers/${name}` }]))
}

/** Each wording once, however many operations can answer it. */
class Examples {
  readonly #byText = new Map<string, string>()
  readonly all: Record<string, object> = {}

  refer({ tag }: DescribedRoute, id: FailureId, { body }: Rendered): object {
    const dialect = tag.split(' ', 1)[0]!
    const text = `${dialect} ${id} ${body}`
    const known = this.#byText.get(text)
    const name = known ?? this.#nameFor(`${dialect}.${id}`, tag)
    if (known === undefined) {
      this.#byText.set(text, name)
      this.all[name] = { summary: failures[id].cause.en, value: JSON.parse(body) }
    }
    return { $ref: `#/components/examples/${name}` }
  }

  /** A second wording of the same failure carries the part that words it so. */
  #nameFor(plain: string, tag: string): string {
    return Object.hasOwn(this.all, plain)
      ? `${plain}.${tag.replace(/^\S+ /, '').replaceAll(' ', '-')}`
      : plain
  }
}
