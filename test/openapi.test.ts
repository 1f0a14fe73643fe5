// The API description against the routes it describes, and against the rules of OpenAPI 3.1.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { failuresOf as easemobFailures } from '../src/gateway/easemob/route.ts'
import { easemobRoutes } from '../src/gateway/easemob/routes.ts'
import { failuresOf as jpushFailures } from '../src/gateway/jpush/route.ts'
import { jpushRoutes } from '../src/gateway/jpush/routes.ts'
import { failuresOf as neutralFailures } from '../src/gateway/neutral/route.ts'
import { neutralRoutes } from '../src/gateway/neutral/routes.ts'
import { templatePath } from '../src/gateway/openapi/path.ts'
import { basic, send } from './http-client.ts'
import { sharedApp } from './start-app.ts'

const app = sharedApp()
let document: any

beforeEach(async () => {
  document ??= (await send(`${app().http}/openapi.json`)).json
})

const routes = [
  ...easemobRoutes.map(route => ({
    ...route,
    path: `/:org/:app${route.path}`,
    failures: easemobFailures(route),
  })),
  ...jpushRoutes.map(route => ({ ...route, failures: jpushFailures(route) })),
  ...neutralRoutes.map(route => ({ ...route, failures: neutralFailures(route) })),
]

function operations(): { method: string; path: string; operation: any }[] {
  return Object.entries<any>(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method, path, operation })),
  )
}

function resolve({ $ref }: { $ref: string }): any {
  const found = $ref
    .slice(2)
    .split('/')
    .reduce((value, name) => value?.[name], document)
  assert.ok(found, `${$ref} leads somewhere`)
  return found
}

test('every route is an operation, and every operation a route', () => {
  const wanted = routes.map(({ method, path }) => `${method.toLowerCase()} ${templatePath(path).template}`)
  assert.deepEqual(
    operations()
      .map(({ method, path }) => `${method} ${path}`)
      .toSorted(),
    wanted.toSorted(),
  )
})

test('an operation shows each failure its route can answer, under the status it answers with', () => {
  for (const { method, path, failures } of routes) {
    const { template } = templatePath(path)
    const { responses } = document.paths[template][method.toLowerCase()]
    // A few stand under 200 (jpush.md §3.5).
    const shown = Object.values<any>(responses).flatMap(({ content }) =>
      Object.keys(content['application/json']?.examples ?? {}),
    )
    assert.deepEqual(shown.toSorted(), [...failures].toSorted(), `${method} ${template}`)
  }
})

test('an example is what the server answers', async () => {
  const shown = (path: string, method: string, status: number, id: string) =>
    resolve(document.paths[path][method].responses[status].content['application/json'].examples[id]).value
  const { demo, http, easemob } = app()
  const wrong = await send(`${http}/v3/push`, {
    headers: { Authorization: basic(demo.app_key, 'x') },
    body: {},
  })
  assert.equal(wrong.status, 401)
  assert.deepEqual(wrong.json, shown('/v3/push', 'post', 401, 'credentials_wrong'))
  const admin = await send(`${http}/admin/v1/apps`)
  assert.equal(admin.status, 401)
  assert.deepEqual(admin.json.error, shown('/admin/v1/apps', 'get', 401, 'admin_token_missing').error)
  const corrupt = await send(`${easemob}/users`, { headers: { Authorization: 'Bearer x' } })
  assert.equal(corrupt.status, 401)
  const example = shown('/{org}/{app}/users', 'get', 401, 'token_corrupt')
  assert.deepEqual({ ...corrupt.json, timestamp: 0, duration: 0 }, example)
})

test('it is OpenAPI 3.1: identifiers are unique, paths say their parameters, references lead somewhere', () => {
  assert.match(document.openapi, /^3\.1\.\d$/)
  assert.match(document.info.version, /^\d+\.\d+\.\d+/)
  const ids = operations().map(({ operation }) => operation.operationId)
  assert.equal(new Set(ids).size, ids.length)
  const shapes = Object.keys(document.paths).map(path => path.replace(/\{\w+\}/g, '{}'))
  assert.deepEqual(
    shapes.filter((shape, index) => shapes.indexOf(shape) !== index),
    [],
    'two names for one path',
  )
  const tags = document.tags.map(({ name }: { name: string }) => name)
  for (const { path, operation } of operations()) {
    const named = (operation.parameters ?? []).map(({ name }: { name: string }) => name)
    assert.deepEqual(
      named,
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
    )
    assert.match(path, /^\/[^:()*]*$/)
    assert.ok(operation.summary.length > 0)
    assert.ok(operation.tags.every((tag: string) => tags.includes(tag)))
    for (const security of operation.security)
      for (const name of Object.keys(security)) assert.ok(document.components.securitySchemes[name])
    for (const [status, { description, headers, content }] of Object.entries<any>(operation.responses)) {
      assert.match(status, /^[2-5]\d\d$/)
      assert.ok(description.length > 0)
      for (const header of Object.values<any>(headers)) resolve(header)
      for (const { schema } of Object.values<any>(content)) if (schema?.$ref) resolve(schema)
    }
  }
  for (const name of Object.keys(document.components.examples)) assert.match(name, /^[A-Za-z0-9._-]+$/)
})

test('an Easemob operation asks for a token where the server does, and nowhere else', async () => {
  const { easemob } = app()
  const wrong: string[] = []
  for (const { method, path } of easemobRoutes) {
    const { template } = templatePath(`/:org/:app${path}`)
    const { security } = document.paths[template][method.toLowerCase()]
    const isOpen = security.some((one: object) => Object.keys(one).length === 0)
    // Without a limit, users are not deleted whoever asks; a file asks for a token where no secret comes.
    const url = `${easemob}${path.replace(/:\w+/g, 'x')}?limit=1&share-secret=none`
    const { status, json } = await send(url, { method })
    const isAsked = status === 401 && json.error !== 'auth_bad_access_token'
    if (isOpen === isAsked) wrong.push(`${method} ${path} answers ${status}`)
  }
  assert.deepEqual(wrong, [])
})

test('every schema is JSON Schema, and every example of a failure has the shape its response promises', () => {
  const ajv = new Ajv2020({ strict: false })
  // Many operations share their answers, and some their bodies: one compilation serves all.
  const compiled = new Map<string, ValidateFunction>()
  const compile = (schema: object) => {
    const text = JSON.stringify(schema)
    const validate = compiled.get(text) ?? ajv.compile(schema)
    compiled.set(text, validate)
    return validate
  }
  for (const { operation } of operations()) {
    for (const { schema } of Object.values<any>(operation.requestBody?.content ?? {})) compile(schema)
    for (const { content } of Object.values<any>(operation.responses)) {
      const { schema, examples = {} } = content['application/json'] ?? {}
      if (!schema?.$ref) continue
      const validate = compile({ ...resolve(schema), additionalProperties: false })
      for (const example of Object.values<any>(examples)) {
        const { value } = resolve(example)
        assert.ok(validate(value), `${JSON.stringify(value)}: ${ajv.errorsText(validate.errors)}`)
      }
    }
  }
})

test('a pattern in a path becomes the pattern of its parameter', () => {
  assert.deepEqual(templatePath('/v3/push/:id(^(?!a|b/c).+$)/x'), {
    template: '/v3/push/{id}/x',
    params: [{ name: 'id', pattern: '^(?!a|b/c).+$' }],
  })
  assert.deepEqual(templatePath('/plain'), { template: '/plain', params: [] })
})
