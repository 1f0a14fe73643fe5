// Easemob rows for admins, barred, muted and allowed members.
import type { groupRoleFailures } from '../failures/group-roles.ts'
import { EXCEPTION } from './exceptions.ts'
import type { EasemobPart } from './part.ts'

const invalid = (text: string) =>
  ({
    status: 400,
    error: 'invalid_parameter',
    text,
    exception: EXCEPTION.groupInvalidParameter,
    source: 'N-72',
  }) as const

const forbidden = (text: string, source: string) =>
  ({ status: 403, error: 'forbidden_op', text, exception: EXCEPTION.groupForbidden, source }) as const

const exceeds = (text: string) =>
  ({
    status: 403,
    error: 'exceed_limit',
    text,
    exception: EXCEPTION.groupExceedLimit,
    source: 'ours',
  }) as const

export const groupRoleRows = {
  role_member_absent: {
    status: 404,
    error: 'resource_not_found',
    text: "user: {username} doesn't exist in group: {group}",
    exception: EXCEPTION.groupResourceNotFound,
    source: 'N-79',
  },
  admin_absent: forbidden('user:{username} is not admin of group:{group}', 'N-80'),
  admins_too_many: exceeds('admins number more than maxSize : {limit}'),
  members_too_many_to_block: invalid('userNames is more than max limit : {limit}'),
  members_too_many_to_unblock: invalid('removeBlacklist: list size more than max limit : {limit}'),
  members_too_many_to_mute: invalid('userNames size is more than max limit : {limit}'),
  members_too_many_to_unmute: invalid('removeMute member size more than max limit : {limit}'),
  announcement_too_long: exceeds('announcement cannot exceed to {limit}'),
  // The vendor names the code alone; the words are those for names.
  announcement_blocked: {
    status: 403,
    error: 'group_announce_violation',
    text: 'the announcement is violation, please change it.',
    source: 'N-81',
  },
  // By these words the vendor's Web SDK tells a client that it may not come in.
  member_blocked: forbidden(
    'can not join this group, reason:user: {username} is in the blacklist of group: {group}',
    'ours',
  ),
} as const satisfies EasemobPart<typeof groupRoleFailures>
