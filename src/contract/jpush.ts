// The JPush wire table, exhaustive by type: a failure of this dialect without a row does not compile. Only
// statuses of the seed's table occur, with 408 as the one exception (contract.md §3.5).
import type { FailuresOf } from './failures.ts'
import type { JpushFamily, JpushRow, Rows } from './wire.ts'

const vendor = (status: number, code: number, text: string) =>
  ({ status, code, text, origin: 'vendor' }) as const satisfies JpushRow

/** The vendor gives these statuses no code; 9 with the status behind it is ours. */
const extension = (status: number, text: string) =>
  ({ status, code: 9000 + status, text, origin: 'extension' }) as const satisfies JpushRow

/** A request that cannot be read: the family's code for an illegal parameter. */
const illegal = {
  report: { code: 3002 },
  device: { code: 7002 },
  schedule: { code: 8100 },
  admin: { code: 4003 },
} as const satisfies Rows<JpushRow, JpushFamily>['families']

const unreadable = (text: string) =>
  ({ ...vendor(400, 1003, text), families: illegal }) as const satisfies Rows<JpushRow, JpushFamily>

/** A body that is no JSON object: the schedule API has words of its own for it. */
const noJsonObject = {
  ...unreadable('The request body is not a valid JSON object'),
  families: {
    ...unreadable('').families,
    schedule: { code: 8100, text: 'The schedule-task is invalid: request data is not json' },
  },
} as const satisfies Rows<JpushRow, JpushFamily>

/** A server that cannot work now, in the one code that each API has for 503. */
const unavailable = (text: string) =>
  ({
    ...vendor(503, 1030, text),
    families: { device: { code: 7030 }, schedule: { code: 8203 } },
  }) as const satisfies Rows<JpushRow, JpushFamily>

const authentication = {
  ...vendor(401, 1004, 'Authen failed'),
  families: {
    report: { code: 3001, text: 'Basic authentication failed' },
    schedule: { code: 8101, text: 'Basic authentication failed.' },
  },
} as const satisfies Rows<JpushRow, JpushFamily>

export const jpushWire = {
  path_unknown: extension(404, 'The resource does not exist'),
  method_not_allowed: {
    ...vendor(405, 1001, 'The interface does not support requests for this method'),
    families: { ...illegal, admin: { code: 4001, text: 'Get HTTP method is not allowed' } },
  },
  http_malformed: unreadable('The request is not well-formed HTTP'),
  transfer_coding_unknown: unreadable('The transfer coding is not supported'),
  host_invalid: unreadable('The Host header is missing or not valid'),
  http_version_unsupported: unreadable('The HTTP version is not supported'),
  head_too_large: unreadable('The request line or the headers are too large'),
  target_invalid: unreadable('The request target is not valid'),
  query_invalid: {
    ...vendor(400, 1003, 'The query parameter {name} is not valid'),
    families: { report: illegal.report, device: illegal.device, schedule: illegal.schedule },
  },
  header_repeated: unreadable('The header {name} may occur only once'),
  expectation_unknown: unreadable('The Expect header is not supported'),
  request_timeout: extension(408, 'The request did not arrive in time'),
  body_too_large: {
    ...vendor(400, 1005, 'The request body is too big, the limit is {limit} bytes'),
    families: { admin: illegal.admin },
  },
  media_type_unsupported: extension(404, 'The format of the request is not supported'),
  json_malformed: noJsonObject,
  json_value_invalid: unreadable('The request body holds a value that is not valid'),
  body_not_object: noJsonObject,
  retired: extension(410, 'The interface has gone offline: {notice}'),
  https_required: vendor(404, 1020, 'Only HTTPS is supported'),

  internal: {
    ...vendor(500, 1000, 'System internal error'),
    families: {
      report: { code: 10 },
      device: { code: 7000, text: 'Internal error' },
      schedule: { code: 8200, text: 'Server internal error.' },
      admin: { code: 10, text: 'System error' },
    },
  },
  core_gone: extension(502, 'The business server is offline or upgrading, please try again later'),
  core_silent: extension(
    504,
    'The server is running, but it cannot respond to the request, please try again later',
  ),
  core_deadline_passed: {
    ...unavailable('Internal service timeout'),
    families: {
      device: { code: 7030 },
      schedule: { code: 8203, text: 'Execute action timeout, please try later again' },
    },
  },
  core_draining: unavailable('The server is shutting down, please try again later'),
  core_overloaded: {
    ...unavailable('The server is busy, please try again later'),
    families: { device: { code: 7030, text: 'System busy, please retry later' }, schedule: { code: 8203 } },
  },
  store_unavailable: unavailable('The server could not respond to the request, please try again later'),
  rate_limited: vendor(429, 2002, 'Rate limit exceeded'),
  node_rate_limited: unavailable('The server takes no more requests at the moment, please try again later'),

  credentials_missing: {
    ...authentication,
    families: {
      ...authentication.families,
      device: { code: 7001, text: 'Authorization is empty' },
      admin: { code: 4006, text: 'Authentication failed: it is not a valid authorization string' },
    },
  },
  credentials_wrong: {
    ...authentication,
    families: { ...authentication.families, device: { code: 7004, text: 'Authentication failed' } },
  },
  app_blacklisted: vendor(403, 2003, 'The appKey is in black list.'),
  ip_not_allowed: vendor(403, 2004, 'The IP address of the caller is not allowed'),
  volume_unreasonable: vendor(403, 2005, 'Too many messages to the same users'),
  not_vip: {
    ...vendor(403, 2006, 'The app is not a VIP app'),
    families: { report: { code: 2003, text: 'No permission to use this API' } },
  },
  not_entitled: vendor(403, 2007, 'No right to use this API'),
  broadcast_limit: vendor(403, 2008, 'The limit of broadcasts for this day is reached'),

  parameter_missing: {
    ...vendor(400, 1002, 'Missing parameter: {name}'),
    families: { admin: { code: 4002, text: 'Request parameter {name} is null or empty' } },
  },
  parameter_invalid: vendor(400, 1003, '{reason}'),
  unsupported_key: vendor(400, 1009, 'Unsupported key {key}'),
  push_too_big: vendor(400, 1005, 'The message is too big'),
  app_key_illegal: {
    ...vendor(400, 1008, 'Invalid app_key'),
    families: { device: { code: 7008, text: 'appkey does not exist' } },
  },
  audience_empty: vendor(400, 1011, 'cannot find user by this audience'),
  audience_inactive: vendor(
    400,
    1011,
    'cannot find user by this audience or has been inactive for more than 255 days',
  ),
  active_push_conflict: vendor(400, 1035, 'active_push does not support this push'),
  push_unknown: vendor(400, 1003, 'msg_id does not exist'),
  push_too_old: vendor(400, 1003, 'msg_id is more than one day old'),
  override_invalid: vendor(400, 1003, 'override_msg_id does not exist or is more than one day old'),
  cid_invalid: vendor(400, 1003, 'Invalid cid'),
  push_over_limit: vendor(400, 1012, 'The push has exceeded the limit'),
  push_file_unknown: vendor(400, 1003, 'file_id does not exist or has expired'),
  push_files_full: vendor(400, 1003, 'There are {limit} files already'),
  image_unknown: vendor(400, 1003, 'media_id does not exist or has expired'),
  images_full: vendor(400, 1003, 'There are {limit} images already'),
  registration_id_invalid: vendor(400, 1003, 'The registration_id {registration_id} is invalid!'),
  registration_ids_invalid: vendor(400, 1003, 'Part of the registration_ids are invalid'),

  msg_ids_missing: vendor(400, 3002, 'msg_ids is missing'),
  usage_unit_mismatch: vendor(400, 3004, 'time_unit does not match start'),
  usage_too_old: vendor(400, 3005, 'Only the last {days} days can be queried'),
  report_parameter_invalid: vendor(400, 3002, 'Invalid parameter: {reason}'),
  device_parameter_invalid: vendor(400, 7002, 'Invalid parameter: {reason}'),
  device_parameters_invalid: vendor(400, 7013, 'Part of the parameters are invalid'),
  schedule_invalid: vendor(400, 8100, 'The schedule-task is invalid: {reason}'),
  schedule_unknown: vendor(404, 8104, "Request schedule operation doesn't exist"),
  alias_full: vendor(400, 7015, 'The alias is bound to too many devices'),

  developer_key_unknown: vendor(401, 4004, 'Authentication failed: dev_key does not exist'),
  developer_secret_wrong: vendor(401, 4005, 'Authentication failed: dev_key and dev_secret are not matched'),
  developer_not_permitted: vendor(401, 4007, 'Permission not granted'),
  developer_files_denied: vendor(403, 1105, 'No permission to use files with the developer credential'),
  admin_parameter_invalid: vendor(400, 4003, 'Request parameter {name} is null or empty'),
  // Under 200, as the vendor says them (jpush.md 5-A30).
  certificate_exists: vendor(200, 1010, 'certificate exists already'),
  certificate_invalid: vendor(200, 1012, 'certificate invalid'),
  admin_app_key_invalid: vendor(200, 1013, 'appkey invalid'),
  certificate_missing: vendor(200, 1014, 'no certificate file'),
  app_delete_failed: vendor(200, 1015, 'app delete fail'),
  developer_apps_full: extension(403, 'There are {limit} apps already'),
} as const satisfies { readonly [Id in FailuresOf<'jpush'>]: Rows<JpushRow, JpushFamily> }
