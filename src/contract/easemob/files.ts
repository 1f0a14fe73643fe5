// Easemob rows for files.
import type { fileFailures } from '../failures/files.ts'
import { EXCEPTION } from './exceptions.ts'
import type { EasemobPart } from './part.ts'

export const fileRows = {
  file_missing: {
    status: 400,
    error: 'illegal_argument',
    text: 'file must be provided.',
    exception: EXCEPTION.illegalArgument,
    source: 'N-52',
  },
  file_too_large: {
    status: 413,
    error: 'Request Entity Too Large',
    text: 'Request Entity Too Large',
    exception: EXCEPTION.tooLarge,
    source: 'S-15',
    live: { text: 'the file size exceeds the maximum limit.', source: 'N-53' },
  },
  file_unknown: {
    status: 404,
    error: 'service_resource_not_found',
    text: 'Service resource not found',
    exception: EXCEPTION.resourceNotFound,
    source: 'S-14',
    live: {
      error: 'entity_not_found',
      text: 'file may not exists',
      exception: EXCEPTION.entityNotFound,
      source: 'N-54',
    },
  },
  file_expired: { status: 404, error: 'file_expired', text: 'file {file} is expired', source: 'N-55' },
  file_secret_wrong: {
    status: 401,
    error: 'auth_bad_access_token',
    text: 'Unable to authenticate due to corrupt access token',
    exception: EXCEPTION.security,
    source: 'N-56',
  },
  // The words by which the vendor's Web SDK tells this 403 from any other.
  file_forbidden: { status: 403, error: 'forbidden_op', text: 'chatfile no permission', source: 'ours' },
  group_files_too_many: {
    status: 403,
    error: 'exceed_limit',
    text: 'share files number more than maxSize : {limit}',
    exception: EXCEPTION.groupExceedLimit,
    source: 'ours',
  },
  range_unsatisfiable: {
    status: 416,
    error: 'range_not_satisfiable',
    text: 'Range Not Satisfiable',
    source: 'ours',
  },
} as const satisfies EasemobPart<typeof fileFailures>
