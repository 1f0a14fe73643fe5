// Easemob rows for what users may not do with groups and rooms, and for attributes.
import type { groupRightFailures } from '../failures/group-rights.ts'
import { EXCEPTION } from './exceptions.ts'
import type { EasemobPart } from './part.ts'

// The number by which the vendor's Web SDK tells that a limit is exceeded.
const limitExceeded = 60_009

export const groupRightRows = {
  group_right_missing: {
    status: 401,
    error: 'group_authorization',
    text: 'you have no permission to do this,group fields require group admin privileges to be modified',
    exception: EXCEPTION.groupAuthorization,
    source: 'N-15',
  },
  group_request_absent: {
    status: 404,
    error: 'resource_not_found',
    text: 'there is no request of user: {username} in group: {group}',
    exception: EXCEPTION.groupResourceNotFound,
    source: 'ours',
  },
  metadata_group_unknown: {
    status: 404,
    error: 'service_resource_not_found',
    text: 'Service resource not found',
    exception: EXCEPTION.groupServiceResourceNotFound,
    source: 'S-14',
    live: { error: 'metadata_error', text: 'group not exists', source: 'N-87' },
  },
  member_attributes_too_large: {
    status: 400,
    error: 'metadata_error',
    text: 'exceeds chatgroup user metadata {what} limit',
    errorCode: limitExceeded,
    source: 'N-87',
  },
  member_attributes_conflict: {
    status: 409,
    error: 'metadata_error',
    text: 'concurrent change',
    source: 'N-87',
  },
  room_attributes_too_many: {
    status: 400,
    error: 'metadata_error',
    text: 'number of metadata is exceeding maximum limit : {limit}',
    errorCode: limitExceeded,
    source: 'ours',
  },
} as const satisfies EasemobPart<typeof groupRightFailures>
