// The wire table of the doors that belong to no vendor: administration, device registration, unclaimed paths.
import type { FailuresOf } from './failures.ts'
import type { NeutralRow, Rows } from './wire.ts'

const row = (status: number, text: string) => ({ status, text }) as const satisfies NeutralRow

const basic = (text: string) =>
  ({ status: 401, text, challenge: 'Basic realm="device"' }) as const satisfies NeutralRow

const bearer = (text: string) => ({ status: 401, text, challenge: 'Bearer' }) as const satisfies NeutralRow

export const neutralWire = {
  path_unknown: row(404, 'There is nothing at this path'),
  method_not_allowed: row(405, 'The path does not offer this method'),
  method_unknown: row(501, 'The request method is not known'),
  http_malformed: row(400, 'The request is not well-formed HTTP'),
  transfer_coding_unknown: row(501, 'The transfer coding is not supported'),
  host_invalid: row(400, 'The Host header is missing or not valid'),
  http_version_unsupported: row(505, 'The HTTP version is not supported'),
  head_too_large: row(431, 'The request line or the headers are too large'),
  target_invalid: row(400, 'The request target is not valid'),
  header_repeated: row(400, 'The header {name} may occur only once'),
  expectation_unknown: row(417, 'The Expect header is not supported'),
  request_timeout: row(408, 'The request did not arrive in time'),
  body_too_large: row(413, 'The request body is too large, the limit is {limit} bytes'),
  media_type_unsupported: row(415, 'The format of the request body is not supported'),
  json_malformed: row(400, 'The request body is not JSON: {fault} (line {line}, column {column})'),
  json_value_invalid: row(400, 'The request body holds a value that is not valid'),
  body_not_object: row(400, 'The request body is not a JSON object'),

  internal: row(500, 'An unexpected error happened inside the server'),
  core_gone: row(502, 'The core is down or restarting'),
  core_silent: row(504, 'The core did not answer in time'),
  core_deadline_passed: row(503, 'The request was not finished in time'),
  core_draining: row(503, 'The server is shutting down'),
  core_overloaded: row(503, 'The server is busy'),
  store_unavailable: row(503, 'The storage is not available'),
  node_rate_limited: row(503, 'The server takes no more requests at the moment'),

  credentials_missing: basic('Basic credentials are missing'),
  app_blacklisted: row(403, 'The app is barred'),
  credentials_wrong: basic('The credentials are wrong'),
  device_credentials_wrong: basic('The password of the registration is wrong'),
  device_parameter_invalid: row(400, 'Invalid parameter: {reason}'),
  alias_full: row(409, 'The alias is bound to too many devices'),
  registration_unknown: row(404, 'There is no such registration'),

  image_unknown: row(404, 'There is no such image'),
  range_unsatisfiable: row(416, 'The range lies beyond the end of the file'),

  request_invalid: row(400, '{reason}'),
  admin_token_missing: bearer('The admin token is missing'),
  admin_token_wrong: bearer('The admin token is wrong'),
  app_exists: row(409, 'The app {org}/{app} exists already'),
  app_not_found: row(404, 'There is no app {org}/{app}'),
  message_not_found: row(404, 'There is no push or message {msg_id}'),
  app_group_exists: row(409, 'There is a group {org}/{name}'),
  app_group_unknown: row(404, 'There is no group {org}/{name}'),
  app_group_too_large: row(400, 'A group has at most {limit} apps'),
  developer_exists: row(409, 'There is a developer account {org}/{name}'),
  developer_unknown: row(404, 'There is no developer account {org}/{name}'),
  org_reserved: row(400, 'The organisation name {org} is reserved'),
  name_illegal: row(400, 'The name {name} is not legal'),
  setting_invalid: row(400, 'The setting {setting} is not valid: {reason}'),
  core_state_invalid: row(409, 'The core cannot go into this state now'),
} as const satisfies { readonly [Id in FailuresOf<'neutral'>]: Rows<NeutralRow> }
