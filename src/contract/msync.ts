// The wire table of instant-messaging clients, exhaustive by type: what their SDK understands of a refusal (spec: MSYNC
// §5 step 3, §6).
import type { FailuresOf } from './failures.ts'
import type { MsyncRow } from './wire.ts'

const row = (code: number, reason: string) => ({ code, reason }) as const satisfies MsyncRow

export const msyncWire = {
  receiver_unknown: row(1, "username {username} doesn't exist!"),
  target_group_unknown: row(1, 'group not found'),
  sender_no_member: row(1, 'not in group or chatroom'),
  group_disabled: row(1, 'group is disabled'),
  user_session_gone: row(2, 'Sorry, the session has ended'),
  user_devices_too_many: row(13, 'Sorry, too many devices'),
} as const satisfies { readonly [Id in FailuresOf<'msync'>]: MsyncRow }
