// The wire table of instant-messaging clients, exhaustive by type: what their SDK understands of a refusal (spec: MSYNC
// §5 step 3, §6).
import type { FailuresOf } from './failures.ts'
import type { MsyncRow } from './wire.ts'

const row = (code: number, reason: string) => ({ code, reason }) as const satisfies MsyncRow

export const msyncWire = {
  internal: row(1, 'Sorry, an internal error has occurred'),
  core_gone: row(1, 'Sorry, the server is busy, try again later'),
  core_silent: row(1, 'Sorry, the server does not answer, try again later'),
  core_deadline_passed: row(1, 'Sorry, the server was not in time, try again later'),
  core_overloaded: row(1, 'Sorry, the server has too much to do, try again later'),
  store_unavailable: row(1, 'Sorry, the server cannot store anything at the moment'),
  app_unknown: row(4, 'Sorry, app not found'),
  app_blacklisted: row(12, 'Sorry, the app is barred'),
  login_invalid: row(4, 'Sorry, {what}'),
  token_corrupt: row(1, 'Sorry, token or password does not match login info'),
  token_unknown: row(1, 'Sorry, token or password does not match login info'),
  token_expired: row(1, 'Sorry, token expired'),
  grant_user_unknown: row(1, 'Sorry, user not found'),
  grant_password_wrong: row(1, 'Sorry, token or password does not match login info'),
  user_not_activated: row(12, 'Sorry, the user is barred'),
  client_message_invalid: row(4, 'Sorry, {what}'),
  receivers_too_many: row(1, 'limit directed users'),
  client_operation_unknown: row(9, 'Sorry, the operation is not known'),
  message_too_large: row(7, 'Sorry, data is too large'),
  target_room_unknown: row(1, 'grpID {room} does not exist!'),
  group_full: row(1, 'group member list is full!'),
  user_groups_too_many: row(1, '{username} has joined too many chatrooms'),
  receiver_unknown: row(1, "username {username} doesn't exist!"),
  target_group_unknown: row(1, 'group not found'),
  sender_no_member: row(1, 'not in group or chatroom'),
  sender_blocked: row(1, 'blocked'),
  sender_muted: row(7, 'user is mute'),
  sender_no_contact: row(1, 'nonroster'),
  member_muted: row(15, 'user is mute'),
  group_muted: row(1, 'not in group or chatroom white list'),
  // The words by which the SDK knows it.
  member_blocked: row(1, 'can not join this group, reason:user: {username} is in the blacklist'),
  callback_refused: row(19, '{reason}'),
  group_disabled: row(1, 'group is disabled'),
  recall_off: row(1, 'message recall disabled'),
  edit_off: row(1, 'message edit disabled'),
  recall_message_unknown: row(1, 'not_found msg'),
  recall_forbidden: row(1, 'no right to recall this message'),
  recall_too_late: row(1, 'exceed recall time limit'),
  edit_message_unknown: row(1, 'message not found'),
  edit_forbidden: row(1, 'no right to edit this message'),
  edit_not_text: row(1, 'only text messages can be edited'),
  edits_too_many: row(1, 'exceed edit count limit'),
  user_session_gone: row(2, 'Sorry, the session has ended'),
  user_devices_too_many: row(13, 'Sorry, too many devices'),
} as const satisfies { readonly [Id in FailuresOf<'msync'>]: MsyncRow }
