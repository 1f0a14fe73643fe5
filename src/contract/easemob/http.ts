// Easemob rows for requests that cannot be read, throttling and the server's own trouble.
import type { httpFailures } from '../failures/http.ts'
import type { serviceFailures } from '../failures/service.ts'
import type { EasemobRow } from '../wire.ts'
import { EXCEPTION } from './exceptions.ts'
import type { EasemobPart } from './part.ts'

const illegal = (text: string, source = 'ours') =>
  ({ status: 400, error: 'illegal_argument', text, exception: EXCEPTION.illegalArgument, source }) as const

/** Documented as a status only (easemob.md §4): name and text are ours. */
const plain = (status: number, error: string, text: string) =>
  ({ status, error, text, source: 'ours' }) as const satisfies EasemobRow

const reachLimit = {
  error: 'reach_limit',
  text: 'This request has reached api limit',
  exception: EXCEPTION.reachLimit,
} as const

/** What the message calls of the live edition say of any body they cannot read. */
const bodyInvalid = {
  error: 'invalid_request_body',
  text: 'Request body is invalid. Please check body is correct.',
  exception: EXCEPTION.illegalArgument,
  source: 'N-39',
} as const

export const httpRows = {
  path_unknown: {
    status: 500,
    error: 'web_application',
    text: 'javax.ws.rs.WebApplicationException',
    exception: EXCEPTION.webApplication,
    source: 'S-19',
    live: {
      status: 404,
      error: 'service_resource_not_found',
      text: 'Service resource not found',
      exception: EXCEPTION.resourceNotFound,
      source: 'N-32',
    },
  },
  method_not_allowed: {
    status: 500,
    error: 'unsupported_service_operation',
    text: 'Service operation not supported',
    exception: EXCEPTION.unsupportedOperation,
    source: 'S-18',
    live: { status: 405, error: 'method_not_allowed', text: 'Method Not Allowed', source: 'N-31' },
  },
  method_unknown: plain(501, 'not_implemented', 'Not Implemented'),
  http_malformed: illegal('The request is not well-formed HTTP'),
  transfer_coding_unknown: plain(501, 'not_implemented', 'Transfer coding not implemented'),
  host_invalid: illegal('The Host header is missing or not valid'),
  http_version_unsupported: illegal('The HTTP version is not supported'),
  head_too_large: illegal('The request line or the headers are too large'),
  target_invalid: illegal('The request target is not valid'),
  query_invalid: illegal('The query parameter {name} is not valid'),
  header_repeated: illegal('The header {name} may occur only once'),
  expectation_unknown: illegal('The Expect header is not supported'),
  request_timeout: plain(408, 'request_timeout', 'Request Timeout'),
  body_too_large: {
    status: 413,
    error: 'Request Entity Too Large',
    text: 'Request Entity Too Large',
    exception: EXCEPTION.tooLarge,
    source: 'S-15',
  },
  media_type_unsupported: {
    ...illegal('this is an invalid request.', 'N-35'),
    live: {
      status: 415,
      error: 'web_application',
      text: 'Unsupported Media Type',
      exception: EXCEPTION.webApplication,
      source: 'N-30',
    },
  },
  json_malformed: {
    status: 400,
    error: 'json_parse',
    text: '{fault}\n at [Source: java.io.BufferedInputStream@{source}; line: {line}, column: {column}]',
    exception: EXCEPTION.jsonParse,
    source: 'S-5',
    families: { messages_modern: { live: bodyInvalid } },
  },
  json_value_invalid: illegal('The request body holds a value that is not valid'),
  body_not_object: {
    ...illegal('this is an invalid request.', 'N-35'),
    families: { messages_modern: { live: bodyInvalid } },
  },
  idempotency_key_invalid: illegal('Idempotency-Key is not legal'),
  idempotency_key_reused: illegal('Idempotency-Key was used with another request'),
  idempotency_key_in_flight: plain(
    409,
    'concurrent_operation_error',
    'A request under this Idempotency-Key is running',
  ),
} as const satisfies EasemobPart<typeof httpFailures>

export const serviceRows = {
  internal: plain(500, 'internal_server_error', 'Internal Server Error'),
  core_gone: plain(502, 'bad_gateway', 'Bad Gateway'),
  core_silent: plain(504, 'gateway_timeout', 'Gateway Timeout'),
  core_deadline_passed: plain(
    503,
    'service_unavailable',
    'Service Unavailable: the request was not finished in time',
  ),
  core_draining: plain(503, 'service_unavailable', 'Service Unavailable: the server is shutting down'),
  core_overloaded: plain(503, 'service_unavailable', 'Service Unavailable: the server is busy'),
  store_unavailable: plain(503, 'service_unavailable', 'Service Unavailable'),
  rate_limited: { status: 429, ...reachLimit, source: 'S-16' },
  // The seed's own words for 503: the interface is being limited.
  node_rate_limited: { status: 503, ...reachLimit, source: 'S-503' },
} as const satisfies EasemobPart<typeof serviceFailures>
