// Rows of the JPush dialect that belong to devices, to reports and to whoever calls any of its APIs.
import { register } from '../devices.ts'
import { basic, send } from '../http-client.ts'
import { called, jpush, push } from './jpush-calls.ts'
import { jpushError as error, type Proof } from './proof.ts'

const deviceProofs: readonly Proof[] = [
  {
    failure: 'device_parameter_invalid',
    dialect: 'jpush',
    title: 'a registration_id that is none answers 400/7002',
    provoke: called('GET', '/v3/devices/INVALID_REGISTRATION_ID'),
    status: 400,
    body: error(7002, 'Invalid parameter: no such registration_id: INVALID_REGISTRATION_ID'),
  },
  {
    failure: 'device_parameter_invalid',
    dialect: 'jpush',
    title: 'a tag with a character that tags do not have answers 400/7002',
    provoke: called('DELETE', '/v3/tags/a-b'),
    status: 400,
    body: error(7002, 'Invalid parameter: the tag is malformed'),
  },
  {
    failure: 'device_parameters_invalid',
    dialect: 'jpush',
    title: 'giving a tag to devices that do not exist answers 400/7013 and lists them',
    provoke: async stage => {
      const { app, call } = await jpush(stage)
      const rid = await register(stage.app, app)
      return call('POST', '/v3/tags/vip', { registration_ids: { add: [rid, 'a'], remove: ['b c'] } })
    },
    status: 400,
    body: '{"error":{"code":7013,"message":"Part of the parameters are invalid","illegal_rids":["a","b c"]}}',
  },
  {
    failure: 'alias_full',
    dialect: 'jpush',
    title: 'the eleventh device of one alias answers 400/7015',
    provoke: async stage => {
      const { app, call } = await jpush(stage)
      for (let bound = 0; bound < 10; bound++) await register(stage.app, app, { alias: 'ann' })
      return call('POST', `/v3/devices/${await register(stage.app, app)}`, { alias: 'ann' })
    },
    status: 400,
    body: error(7015, 'The alias is bound to too many devices'),
  },
  {
    failure: 'not_vip',
    dialect: 'jpush',
    title: 'asking who is online as an app that is not VIP answers 403/2006',
    provoke: called('POST', '/v3/devices/status', { registration_ids: ['a'] }, { vip: false }),
    status: 403,
    body: error(2006, 'The app is not a VIP app'),
  },
]

const reportProofs: readonly Proof[] = [
  {
    failure: 'msg_ids_missing',
    dialect: 'jpush',
    title: 'a report without msg_ids answers 400/3002',
    provoke: called('GET', '/v3/received'),
    status: 400,
    body: error(3002, 'msg_ids is missing'),
  },
  {
    failure: 'report_parameter_invalid',
    dialect: 'jpush',
    title: 'a msg_id that is no number answers 400/3002',
    provoke: called('GET', '/v3/received/detail?msg_ids=1,x'),
    status: 400,
    body: error(3002, 'Invalid parameter: msg_ids must be numbers separated by commas'),
  },
  {
    failure: 'usage_unit_mismatch',
    dialect: 'jpush',
    title: 'a start that is no day answers 400/3004',
    provoke: called('GET', '/v3/users?time_unit=DAY&start=2026-01&duration=1'),
    status: 400,
    body: error(3004, 'time_unit does not match start'),
  },
  {
    failure: 'usage_too_old',
    dialect: 'jpush',
    title: 'a day of years ago answers 400/3005',
    provoke: called('GET', '/v3/users?time_unit=DAY&start=2016-01-05&duration=1'),
    status: 400,
    body: error(3005, 'Only the last 60 days can be queried'),
  },
  {
    failure: 'not_vip',
    dialect: 'jpush',
    family: 'report',
    title: 'asking for single devices’ state as an app that is not VIP answers 403/2003',
    provoke: called('POST', '/v3/status/message', { msg_id: 1, registration_ids: ['a'] }, { vip: false }),
    status: 403,
    body: error(2003, 'No permission to use this API'),
  },
]

interface Api {
  readonly family: string
  readonly path: string
  readonly missing: readonly [code: number, text: string]
  readonly wrong: readonly [code: number, text: string]
}

/** A call of each API, and how it says that the caller is not recognised. */
const apis: readonly Api[] = [
  { family: 'push', path: '/v3/push/cid', missing: [1004, 'Authen failed'], wrong: [1004, 'Authen failed'] },
  {
    family: 'report',
    path: '/v3/received?msg_ids=1',
    missing: [3001, 'Basic authentication failed'],
    wrong: [3001, 'Basic authentication failed'],
  },
  {
    family: 'device',
    path: '/v3/tags',
    missing: [7001, 'Authorization is empty'],
    wrong: [7004, 'Authentication failed'],
  },
  {
    family: 'schedule',
    path: '/v3/schedules',
    missing: [8101, 'Basic authentication failed.'],
    wrong: [8101, 'Basic authentication failed.'],
  },
]

const callerProofs: readonly Proof[] = apis.flatMap(({ family, path, missing, wrong }): Proof[] => [
  {
    failure: 'credentials_missing',
    dialect: 'jpush',
    family,
    title: `a ${family} call without credentials answers 401/${missing[0]}`,
    provoke: ({ app }) => send(`${app.http}${path}`),
    status: 401,
    headers: { 'WWW-Authenticate': /^Basic /, 'X-Rate-Limit-Limit': null },
    body: error(...missing),
  },
  {
    failure: 'credentials_wrong',
    dialect: 'jpush',
    family,
    title: `a ${family} call with another secret answers 401/${wrong[0]}`,
    provoke: ({ app }) => {
      const headers = { Authorization: basic(app.demo.app_key, '0f1e2d3c4b5a69788796a5b4') }
      return send(`${app.http}${path}`, { headers })
    },
    status: 401,
    headers: { 'WWW-Authenticate': /^Basic /, 'X-Rate-Limit-Limit': null },
    body: error(...wrong),
  },
])

const policyProofs: readonly Proof[] = [
  {
    failure: 'app_blacklisted',
    dialect: 'jpush',
    title: 'an app that its operator barred answers 403/2003',
    provoke: called('POST', '/v3/push', push, { blacklisted: true }),
    status: 403,
    body: error(2003, 'The appKey is in black list.'),
  },
  {
    failure: 'ip_not_allowed',
    dialect: 'jpush',
    title: 'a caller outside the allow-list answers 403/2004',
    provoke: called('POST', '/v3/push', push, { ip_allowlist: ['10.0.0.0/8'] }),
    status: 403,
    body: error(2004, 'The IP address of the caller is not allowed'),
  },
  {
    failure: 'rate_limited',
    dialect: 'jpush',
    title: 'a call past the minute’s limit answers 429/2002 with the window in its headers',
    provoke: async stage => {
      const { call } = await jpush(stage, { limits: { push_per_minute: 1 } })
      await call('GET', '/v3/push/cid')
      return call('GET', '/v3/push/cid')
    },
    status: 429,
    headers: {
      'Retry-After': /^(?:[1-9]|[1-5]\d|60)$/,
      'X-Rate-Limit-Limit': '1',
      'X-Rate-Limit-Quota': '1',
      'X-Rate-Limit-Remaining': '0',
      'X-Rate-Limit-Reset': /^(?:[1-9]|[1-5]\d|60)$/,
    },
    body: error(2002, 'Rate limit exceeded'),
  },
  {
    failure: 'retired',
    dialect: 'jpush',
    title: 'the API of 2015 answers 410/9410 and names what replaces it',
    provoke: ({ app }) => send(`${app.http}/v2/push`, { body: {} }),
    status: 410,
    body: error(
      9410,
      'The interface has gone offline: The v2 API was retired on 2015-12-31. Use POST /v3/push.',
    ),
  },
  {
    failure: 'retired',
    dialect: 'jpush',
    title: 'an interface that the operator retired answers 410/9410 with the notice',
    provoke: called('GET', '/v3/received?msg_ids=1', undefined, {
      retired: [{ method: 'GET', path: '/v3/received', notice: 'Use GET /v3/received/detail.' }],
    }),
    status: 410,
    body: error(9410, 'The interface has gone offline: Use GET /v3/received/detail.'),
  },
  {
    failure: 'path_unknown',
    dialect: 'jpush',
    title: 'a path that is no interface answers 404/9404',
    provoke: called('POST', '/v3/pushes', push),
    status: 404,
    body: error(9404, 'The resource does not exist'),
  },
]

const methods = [
  { family: 'push', path: '/v3/push', code: 1001, allow: 'POST', method: 'GET' },
  { family: 'report', path: '/v3/status/message', code: 3002, allow: 'POST', method: 'GET' },
  { family: 'device', path: '/v3/devices/status', code: 7002, allow: 'POST', method: 'GET' },
  { family: 'schedule', path: '/v3/schedules/x/msg_ids', code: 8100, allow: 'GET, HEAD', method: 'POST' },
] as const

const methodProofs: readonly Proof[] = methods.map(({ family, path, code, allow, method }) => ({
  failure: 'method_not_allowed',
  dialect: 'jpush',
  family,
  title: `${method} ${path} answers 405/${code} with the methods it takes`,
  provoke: called(method, path),
  status: 405,
  headers: { Allow: allow },
  body: error(code, 'The interface does not support requests for this method'),
}))

export const proofs: readonly Proof[] = [
  ...deviceProofs,
  ...reportProofs,
  ...callerProofs,
  ...policyProofs,
  ...methodProofs,
]
