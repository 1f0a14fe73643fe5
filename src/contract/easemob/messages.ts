// Easemob rows for messages sent through REST.
import type { messageFailures } from '../failures/messages.ts'
import { EXCEPTION } from './exceptions.ts'
import type { EasemobPart } from './part.ts'

const illegal = (text: string, source: string) =>
  ({ status: 400, error: 'illegal_argument', text, exception: EXCEPTION.illegalArgument, source }) as const

const sendError = (text: string, source: string) =>
  ({ status: 400, error: 'message_send_error', text, exception: EXCEPTION.messageSend, source }) as const

export const messageRows = {
  from_empty: {
    ...illegal("from can't be empty", 'N-36'),
    families: { messages_modern: sendError("param from can't be empty", 'N-40') },
  },
  target_type_invalid: illegal("target_type can only be 'users' or 'chatgroups' or 'chatrooms'", 'N-37'),
  param_empty: sendError("param {param} can't be empty", 'N-40'),
  ext_not_object: sendError('param ext must be JSONObject', 'N-40'),
  targets_too_many: sendError("params {param}'s size can't exceed limit {limit}", 'N-41'),
  message_body_invalid: {
    ...illegal('this is an invalid request.', 'N-35'),
    families: {
      messages_modern: {
        live: {
          error: 'invalid_request_body',
          text: 'Request body is invalid. Please check body is correct.',
          source: 'N-39',
        },
      },
    },
  },
  message_too_large: {
    ...illegal('message is too large', 'N-38'),
    families: {
      messages_modern: { live: { ...sendError('message is too large', 'N-42'), errorCode: 14007 } },
    },
  },
  message_rate_reached: { ...sendError('message send reach limit', 'N-43'), status: 403 },
  broadcast_off: {
    status: 403,
    error: 'forbidden_op',
    text: 'message broadcast service is unopened',
    exception: EXCEPTION.easemobForbidden,
    source: 'N-44',
  },
  broadcast_rooms_too_many: {
    status: 403,
    error: 'exceed_limit',
    text: 'chatrooms number more than maxSize : {limit}',
    exception: EXCEPTION.groupExceedLimit,
    source: 'ours',
  },
  targets_unknown: {
    status: 404,
    error: 'service_resource_not_found',
    text: 'Service resource not found',
    exception: EXCEPTION.resourceNotFound,
    source: 'S-14',
  },
} as const satisfies EasemobPart<typeof messageFailures>
