// Easemob rows for recalls, edits, roaming and the export of messages.
import type { historyFailures } from '../failures/history.ts'
import { EXCEPTION } from './exceptions.ts'
import type { EasemobPart } from './part.ts'

const recall = (status: number, text: string, source: string) =>
  ({ status, error: 'message_recall_error', text, exception: EXCEPTION.messageRecall, source }) as const

const rewrite = (text: string) =>
  ({
    status: 403,
    error: 'message_rewrite_error',
    text,
    exception: EXCEPTION.messageRewrite,
    source: 'ours',
  }) as const

const illegal = (text: string, source: string) =>
  ({ status: 400, error: 'illegal_argument', text, exception: EXCEPTION.illegalArgument, source }) as const

export const historyRows = {
  recall_off: {
    status: 403,
    error: 'forbidden_op',
    text: 'message recall service is unopened',
    exception: EXCEPTION.easemobForbidden,
    source: 'N-50',
  },
  recall_param_empty: recall(400, "param {param} can't be empty", 'N-45'),
  recall_receiver_wrong: recall(400, "can't find msg to", 'N-46'),
  recall_message_unknown: recall(403, 'not_found msg', 'N-48'),
  recall_too_late: recall(403, 'exceed recall time limit', 'N-47'),
  edit_off: { ...rewrite('The rewrite message feature is not open.'), source: 'N-51' },
  edit_message_unknown: rewrite('not_found msg'),
  edit_forbidden: rewrite('only the sender can rewrite the message'),
  edit_not_text: rewrite('only text messages can be rewritten'),
  edits_too_many: rewrite('exceed rewrite count limit'),
  import_time_invalid: {
    status: 400,
    error: 'message_send_error',
    text: 'param msg_timestamp is invalid',
    exception: EXCEPTION.messageSend,
    source: 'ours',
  },
  roaming_off: {
    status: 400,
    error: 'service open exception',
    text: 'this appKey not open message roaming',
    exception: EXCEPTION.serviceOpen,
    source: 'N-91',
  },
  roaming_no_member: {
    status: 403,
    error: 'forbidden_op',
    text: 'users are not members of this group!',
    exception: EXCEPTION.groupForbidden,
    source: 'ours',
  },
  export_hour_malformed: illegal('This chatmessage request is not supported', 'N-57'),
  export_unstored: illegal(
    'illegal arguments: appkey: {org}#{app}, time: {hour}, maybe chat message history is expired or unstored',
    'N-58',
  ),
  export_empty: {
    status: 404,
    error: 'storage_object_not_found',
    text: 'Failed to find chat message history download url for appkey: {org}#{app}, time: {hour}',
    exception: EXCEPTION.storageObjectNotFound,
    source: 'N-59',
  },
  export_link_invalid: {
    status: 403,
    error: 'forbidden_op',
    text: 'the download url has expired or is not valid',
    exception: EXCEPTION.easemobForbidden,
    source: 'ours',
  },
} as const satisfies EasemobPart<typeof historyFailures>
