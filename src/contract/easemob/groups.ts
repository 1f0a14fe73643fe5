// Easemob rows for groups and chat rooms.
import type { groupFailures } from '../failures/groups.ts'
import { EXCEPTION } from './exceptions.ts'
import type { EasemobPart } from './part.ts'

const notFound = {
  status: 404,
  error: 'service_resource_not_found',
  text: 'Service resource not found',
  exception: EXCEPTION.groupServiceResourceNotFound,
  source: 'S-14',
} as const

const liveNotFound = (text: string, source: string) =>
  ({
    status: 404,
    error: 'resource_not_found',
    text,
    exception: EXCEPTION.groupResourceNotFound,
    source,
  }) as const

const liveUserUnknown = liveNotFound("username {username} doesn't exist!", 'N-66')

const memberUnknown = {
  status: 400,
  error: 'illegal_argument',
  text: "group member {username} doesn't exist",
  exception: EXCEPTION.illegalArgument,
  source: 'S-9',
  live: liveUserUnknown,
} as const

const invalid = (text: string, source: string) =>
  ({
    status: 400,
    error: 'invalid_parameter',
    text,
    exception: EXCEPTION.groupInvalidParameter,
    source,
  }) as const

const forbidden = (text: string, source: string) =>
  ({ status: 403, error: 'forbidden_op', text, exception: EXCEPTION.groupForbidden, source }) as const

const exceeds = (text: string, source: string) =>
  ({ status: 403, error: 'exceed_limit', text, exception: EXCEPTION.groupExceedLimit, source }) as const

export const groupRows = {
  group_unknown: { ...notFound, live: liveNotFound('grpID {group} does not exist!', 'N-61') },
  group_details_unknown: { ...notFound, live: { text: 'do not find this group:{group}', source: 'N-60' } },
  member_unknown: memberUnknown,
  single_member_unknown: { ...notFound, live: liveUserUnknown },
  owner_unknown: memberUnknown,
  public_missing: invalid('group must contain public field!', 'N-62'),
  room_name_missing: invalid('chatroom must contain title/name field!', 'N-62b'),
  group_name_blocked: {
    status: 403,
    error: 'group_name_violation',
    text: '{name} is violation, please change it.',
    source: 'N-73',
  },
  field_missing: invalid('{field} must be provided', 'N-63'),
  field_invalid: invalid('{field} is not valid', 'ours'),
  avatar_too_long: invalid('avatar length is too big', 'N-64'),
  group_id_exists: {
    status: 400,
    error: 'illegal_argument',
    text: 'group ID {group} already exists!',
    exception: EXCEPTION.illegalArgument,
    source: 'N-65',
  },
  name_too_long: exceeds('title cannot exceed to {limit}', 'N-71'),
  description_too_long: exceeds('desc cannot exceed to {limit}', 'N-71'),
  maxusers_too_large: exceeds('maxUsers cannot exceed {limit}', 'N-71'),
  maxusers_below_count: forbidden(
    'current user count is larger than the maxUsers that you want to update !',
    'N-71',
  ),
  fields_unknown: invalid('some of [{fields}] are not valid fields', 'N-70'),
  members_too_many_to_add: invalid('addMembers: addMembers number more than maxSize : {limit}', 'N-72'),
  members_too_many_to_kick: invalid('kickMember: kickMembers number more than maxSize : {limit}', 'N-72'),
  group_full: exceeds('members size is greater than max user size !', 'N-69'),
  groups_too_many: {
    ...exceeds('appKey:{app} has create too many groups!', 'N-67'),
    families: { rooms: { text: 'appKey:{app} has create too many chatrooms!' } },
  },
  user_groups_too_many: {
    ...exceeds('user {username} has joined too many groups!', 'N-68'),
    families: { rooms: { text: 'user {username} has joined too many chatrooms!' } },
  },
  // It ends with a newline on the wire.
  member_already: forbidden(
    'can not join this group, reason:user: {username} already in group: {group}\n',
    'N-74',
  ),
  member_absent: forbidden('users [{username}] are not members of this group!', 'N-75'),
  new_owner_absent: forbidden("user: {username} doesn't exist in group: {group}", 'N-76'),
  new_owner_same: forbidden('new owner and old owner are the same', 'N-77'),
  owner_protected: forbidden('forbidden operation on group owner!', 'N-78'),
} as const satisfies EasemobPart<typeof groupFailures>
