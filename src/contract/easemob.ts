// The Easemob wire table, exhaustive by type: a failure of this dialect without a row does not compile.
import { authRows } from './easemob/auth.ts'
import { contactRows } from './easemob/contacts.ts'
import { fileRows } from './easemob/files.ts'
import { groupRightRows } from './easemob/group-rights.ts'
import { groupRoleRows } from './easemob/group-roles.ts'
import { groupRows } from './easemob/groups.ts'
import { historyRows } from './easemob/history.ts'
import { httpRows, serviceRows } from './easemob/http.ts'
import { messageRows } from './easemob/messages.ts'
import { reactionRows } from './easemob/reactions.ts'
import { threadRows } from './easemob/threads.ts'
import { userSettingRows } from './easemob/user-settings.ts'
import { userRows } from './easemob/users.ts'
import type { FailuresOf } from './failures.ts'
import type { EasemobFamily, EasemobRow, Rows } from './wire.ts'

export const easemobWire = {
  ...httpRows,
  ...serviceRows,
  ...authRows,
  ...userRows,
  ...userSettingRows,
  ...contactRows,
  ...messageRows,
  ...historyRows,
  ...reactionRows,
  ...threadRows,
  ...groupRows,
  ...groupRoleRows,
  ...groupRightRows,
  ...fileRows,
} as const satisfies { readonly [Id in FailuresOf<'easemob'>]: Rows<EasemobRow, EasemobFamily> }
