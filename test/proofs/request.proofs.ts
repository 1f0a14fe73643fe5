// Rows for requests that can be read but name no route, or bring a body that cannot be used.
import { type Received, type Sent, send } from '../http-client.ts'
import { RawConnection } from '../raw-connection.ts'
import { easemobError, jpushError, neutralError, type Proof, type Stage } from './proof.ts'

const illegalArgument = 'java.lang.IllegalArgumentException'
const invalid = easemobError('illegal_argument', illegalArgument, 'this is an invalid request.')

/** One call in the Easemob dialect with the token of an app that has these settings. */
const easemob =
  (path: string, { headers, ...sent }: Sent = {}, settings?: object) =>
  async (stage: Stage): Promise<Received> => {
    const app = await stage.makeApp(settings)
    return send(app.easemob + path, { ...sent, headers: { Authorization: await app.bearer(), ...headers } })
  }

const jpush =
  (path: string, { headers, ...sent }: Sent = {}) =>
  async (stage: Stage): Promise<Received> => {
    const app = await stage.makeApp()
    return send(stage.app.http + path, { ...sent, headers: { Authorization: app.basic, ...headers } })
  }

/** As the operator. */
const neutral =
  (path: string, { headers, ...sent }: Sent = {}) =>
  ({ app }: Stage): Promise<Received> =>
    send(app.http + path, {
      ...sent,
      headers: { Authorization: `Bearer ${app.runtime.admin_token}`, ...headers },
    })

/** A request line whose method no parser knows. */
const frob =
  (path: string) =>
  async ({ app }: Stage): Promise<Received> => {
    const connection = await RawConnection.open(app.http)
    await connection.send(`FROB ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
    const answer = await connection.next()
    connection.destroy()
    return answer
  }

const xml = { body: '<a/>', headers: { 'Content-Type': 'application/xml' } }
const broken = { body: '{"username":"u1","pw"="x"}' }
const infinite = { body: '{"username":1e400}' }
const seedFault =
  "Unexpected character ('=' (code 61)): was expecting a colon to separate field name and value\n at [Source: java.io.BufferedInputStream@<hex>; line: 1, column: 23]"

const routes: readonly Proof[] = [
  {
    failure: 'path_unknown',
    dialect: 'easemob',
    title: 'an interface that is not offered answers 500 web_application',
    provoke: easemob('/nosuch'),
    status: 500,
    headers: { Allow: null },
    body: easemobError(
      'web_application',
      'javax.ws.rs.WebApplicationException',
      'javax.ws.rs.WebApplicationException',
    ),
  },
  {
    failure: 'path_unknown',
    dialect: 'easemob',
    edition: 'live',
    title: 'an interface that is not offered answers 404 service_resource_not_found',
    provoke: easemob('/nosuch', {}, { edition: 'live' }),
    status: 404,
    body: easemobError(
      'service_resource_not_found',
      'org.apache.usergrid.services.exceptions.ServiceResourceNotFoundException',
      'Service resource not found',
    ),
  },
  {
    failure: 'path_unknown',
    dialect: 'neutral',
    title: 'a path that belongs to nobody answers 404',
    provoke: ({ app }) => send(`${app.http}/nosuch`),
    status: 404,
    body: neutralError('path_unknown', 'There is nothing at this path'),
  },
  {
    failure: 'method_not_allowed',
    dialect: 'easemob',
    title: 'a method that the path does not offer answers 500 unsupported_service_operation with Allow',
    provoke: easemob('/users', { method: 'PUT' }),
    status: 500,
    headers: { Allow: /GET, HEAD, POST/ },
    body: easemobError(
      'unsupported_service_operation',
      'org.apache.usergrid.services.exceptions.UnsupportedServiceOperationException',
      'Service operation not supported',
    ),
  },
  {
    failure: 'method_not_allowed',
    dialect: 'easemob',
    edition: 'live',
    title: 'a method that the path does not offer answers 405 with Allow',
    provoke: easemob('/users', { method: 'PUT' }, { edition: 'live' }),
    status: 405,
    headers: { Allow: /GET, HEAD, POST/ },
    body: easemobError(
      'method_not_allowed',
      'org.apache.usergrid.services.exceptions.UnsupportedServiceOperationException',
      'Method Not Allowed',
    ),
  },
  {
    failure: 'method_not_allowed',
    dialect: 'neutral',
    title: 'a method that the path does not offer answers 405 with Allow',
    provoke: neutral('/admin/v1/apps', { method: 'DELETE' }),
    status: 405,
    headers: { Allow: 'GET, HEAD, POST' },
    body: neutralError('method_not_allowed', 'The path does not offer this method'),
  },
  {
    failure: 'method_unknown',
    dialect: 'easemob',
    title: 'a method nobody knows answers 501',
    provoke: frob('/demo/chat/users'),
    status: 501,
    body: easemobError('not_implemented', undefined, 'Not Implemented'),
  },
  {
    failure: 'method_unknown',
    dialect: 'neutral',
    title: 'a method nobody knows answers 501',
    provoke: frob('/healthz'),
    status: 501,
    body: neutralError('method_unknown', 'The request method is not known'),
  },
  {
    failure: 'https_required',
    dialect: 'jpush',
    title: 'plain HTTP to a server that wants HTTPS answers 404/1020',
    provoke: async stage => send(`${(await stage.start({ POSTHOUSE_HTTPS_ONLY: '1' })).http}/v3/push`),
    status: 404,
    body: jpushError(1020, 'Only HTTPS is supported'),
  },
]

const bodies: readonly Proof[] = [
  {
    failure: 'body_too_large',
    dialect: 'easemob',
    title: 'a body of 5121 bytes answers 413',
    provoke: easemob('/users', { body: `{"username":"${'x'.repeat(5_106)}"}` }),
    status: 413,
    body: easemobError(
      'Request Entity Too Large',
      'RequestEntityTooLargeException',
      'Request Entity Too Large',
    ),
  },
  {
    failure: 'body_too_large',
    dialect: 'jpush',
    title: 'a body of more than 64 KiB answers 400/1005',
    provoke: jpush('/v3/push', { body: 'x'.repeat(65_537) }),
    status: 400,
    body: jpushError(1005, 'The request body is too big, the limit is 65536 bytes'),
  },
  {
    failure: 'body_too_large',
    dialect: 'neutral',
    title: 'a body of more than 64 KiB answers 413',
    provoke: neutral('/admin/v1/apps', { body: 'x'.repeat(65_537) }),
    status: 413,
    body: neutralError('body_too_large', 'The request body is too large, the limit is 65536 bytes'),
  },
  {
    failure: 'media_type_unsupported',
    dialect: 'easemob',
    title: 'XML answers 400 illegal_argument',
    provoke: easemob('/users', xml),
    status: 400,
    body: invalid,
  },
  {
    failure: 'media_type_unsupported',
    dialect: 'easemob',
    edition: 'live',
    title: 'XML answers 415',
    provoke: easemob('/users', xml, { edition: 'live' }),
    status: 415,
    body: easemobError('web_application', 'javax.ws.rs.WebApplicationException', 'Unsupported Media Type'),
  },
  {
    failure: 'media_type_unsupported',
    dialect: 'jpush',
    title: 'XML answers 404/9404: the format of the request is not supported',
    provoke: jpush('/v3/push', xml),
    status: 404,
    body: jpushError(9404, 'The format of the request is not supported'),
  },
  {
    failure: 'media_type_unsupported',
    dialect: 'neutral',
    title: 'XML answers 415',
    provoke: neutral('/admin/v1/apps', xml),
    status: 415,
    body: neutralError('media_type_unsupported', 'The format of the request body is not supported'),
  },
  {
    failure: 'json_malformed',
    dialect: 'easemob',
    title: 'a body that is no JSON answers 400 json_parse and says where',
    provoke: easemob('/users', broken),
    status: 400,
    body: easemobError('json_parse', 'org.codehaus.jackson.JsonParseException', seedFault),
  },
  {
    failure: 'json_malformed',
    dialect: 'easemob',
    family: 'messages_modern',
    title: 'a message that is no JSON answers 400 json_parse and says where',
    provoke: easemob('/messages/users', broken),
    status: 400,
    body: easemobError('json_parse', 'org.codehaus.jackson.JsonParseException', seedFault),
  },
  {
    failure: 'json_malformed',
    dialect: 'easemob',
    edition: 'live',
    family: 'messages_modern',
    title: 'a message that is no JSON answers 400 invalid_request_body',
    provoke: easemob('/messages/users', broken, { edition: 'live' }),
    status: 400,
    body: easemobError(
      'invalid_request_body',
      illegalArgument,
      'Request body is invalid. Please check body is correct.',
    ),
  },
  ...ofEachApi(
    'json_malformed',
    'a body that is no JSON',
    broken,
    'The request body is not a valid JSON object',
    'The schedule-task is invalid: request data is not json',
  ),
  {
    failure: 'json_malformed',
    dialect: 'neutral',
    title: 'a body that is no JSON answers 400 and says where',
    provoke: neutral('/admin/v1/apps', broken),
    status: 400,
    body: neutralError(
      'json_malformed',
      "The request body is not JSON: Unexpected character ('=' (code 61)): was expecting a colon to separate field name and value (line 1, column 23)",
    ),
  },
  {
    failure: 'json_value_invalid',
    dialect: 'easemob',
    title: 'a number that nobody can hold answers 400 illegal_argument',
    provoke: easemob('/users', infinite),
    status: 400,
    body: easemobError(
      'illegal_argument',
      illegalArgument,
      'The request body holds a value that is not valid',
    ),
  },
  ...ofEachApi(
    'json_value_invalid',
    'a number that nobody can hold',
    infinite,
    'The request body holds a value that is not valid',
  ),
  {
    failure: 'json_value_invalid',
    dialect: 'neutral',
    title: 'a number that nobody can hold answers 400',
    provoke: neutral('/admin/v1/apps', infinite),
    status: 400,
    body: neutralError('json_value_invalid', 'The request body holds a value that is not valid'),
  },
  {
    failure: 'body_not_object',
    dialect: 'easemob',
    title: 'JSON that is no object answers 400 illegal_argument',
    provoke: easemob('/users', { body: '"x"' }),
    status: 400,
    body: invalid,
  },
  ...ofEachApi(
    'body_not_object',
    'JSON that is no object',
    { body: '"x"' },
    'The request body is not a valid JSON object',
    'The schedule-task is invalid: request data is not json',
  ),
  {
    failure: 'body_not_object',
    dialect: 'neutral',
    title: 'JSON that is no object answers 400',
    provoke: neutral('/admin/v1/apps', { body: '"x"' }),
    status: 400,
    body: neutralError('body_not_object', 'The request body is not a JSON object'),
  },
]

/** The same body to a route of each JPush API. */
function ofEachApi(
  failure: Proof['failure'],
  what: string,
  sent: Sent,
  text: string,
  ofSchedules = text,
): Proof[] {
  const apis = [
    { path: '/v3/push', code: 1003 },
    { family: 'report', path: '/v3/status/message', code: 3002 },
    { family: 'device', path: '/v3/devices/status', code: 7002 },
    { family: 'schedule', path: '/v3/schedules', code: 8100 },
  ]
  return apis.map(({ path, code, ...family }) => ({
    failure,
    dialect: 'jpush',
    ...family,
    title: `${what} answers 400/${code}`,
    provoke: jpush(path, sent),
    status: 400,
    headers: { 'X-Rate-Limit-Limit': /^\d+$/ },
    body: jpushError(code, code === 8100 ? ofSchedules : text),
  }))
}

const user = (username: string, key: string): Sent => ({
  body: { username, password: 'pw' },
  headers: { 'Idempotency-Key': key },
})

const keys: readonly Proof[] = [
  {
    failure: 'idempotency_key_invalid',
    dialect: 'easemob',
    title: 'a key of 256 characters answers 400 illegal_argument',
    provoke: easemob('/users', user('ann', 'k'.repeat(256))),
    status: 400,
    body: easemobError('illegal_argument', illegalArgument, 'Idempotency-Key is not legal'),
  },
  {
    failure: 'idempotency_key_reused',
    dialect: 'easemob',
    title: 'a key used for another request answers 400 illegal_argument',
    provoke: async stage => {
      const app = await stage.makeApp()
      await send(`${app.easemob}/users`, user('ann', 'key'))
      return send(`${app.easemob}/users`, user('ben', 'key'))
    },
    status: 400,
    body: easemobError('illegal_argument', illegalArgument, 'Idempotency-Key was used with another request'),
  },
]

export const proofs: readonly Proof[] = [...routes, ...bodies, ...keys]
