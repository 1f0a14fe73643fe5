// The catalogue: every failure this product knows, by its permanent id. An id is never given another meaning.

import type { Wire } from './failure.ts'
import { authFailures } from './failures/auth.ts'
import { contactFailures } from './failures/contacts.ts'
import { developerFailures } from './failures/developers.ts'
import { deviceFailures } from './failures/device.ts'
import { fileFailures } from './failures/files.ts'
import { groupRightFailures } from './failures/group-rights.ts'
import { groupRoleFailures } from './failures/group-roles.ts'
import { groupFailures } from './failures/groups.ts'
import { historyFailures } from './failures/history.ts'
import { httpFailures } from './failures/http.ts'
import { inboxFailures } from './failures/inbox.ts'
import { messageFailures } from './failures/messages.ts'
import { pushFailures } from './failures/push.ts'
import { reactionFailures } from './failures/reactions.ts'
import { scheduleFailures } from './failures/schedules.ts'
import { serviceFailures } from './failures/service.ts'
import { threadFailures } from './failures/threads.ts'
import { userSettingFailures } from './failures/user-settings.ts'
import { userFailures } from './failures/users.ts'

export const failures = {
  ...httpFailures,
  ...serviceFailures,
  ...authFailures,
  ...userFailures,
  ...userSettingFailures,
  ...contactFailures,
  ...messageFailures,
  ...historyFailures,
  ...reactionFailures,
  ...threadFailures,
  ...inboxFailures,
  ...groupFailures,
  ...groupRoleFailures,
  ...groupRightFailures,
  ...fileFailures,
  ...pushFailures,
  ...scheduleFailures,
  ...deviceFailures,
  ...developerFailures,
}

export type FailureId = keyof typeof failures

/** The parameters a failure's texts need, all as strings. */
export type FailureParams<Id extends FailureId> = {
  readonly [Name in (typeof failures)[Id]['params'][number]]: string
}

/**
 * The failures a dialect has to answer: its wire table is a Record over these, so a missing row does not
 * compile.
 */
export type FailuresOf<D extends Wire> = {
  [Id in FailureId]: D extends (typeof failures)[Id]['dialects'][number] ? Id : never
}[FailureId]

export function isFailureId(id: string): id is FailureId {
  return Object.hasOwn(failures, id)
}
