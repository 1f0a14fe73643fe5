// Easemob rows for accounts and the query language of the user list.
import type { userFailures } from '../failures/users.ts'
import { EXCEPTION } from './exceptions.ts'
import type { EasemobPart } from './part.ts'

const illegal = (text: string, source: string) =>
  ({ status: 400, error: 'illegal_argument', text, exception: EXCEPTION.illegalArgument, source }) as const

const duplicate = (text: string, source: string) =>
  ({
    status: 400,
    error: 'duplicate_unique_property_exists',
    text,
    exception: EXCEPTION.duplicate,
    source,
  }) as const

const queryToken = (text: string) =>
  ({ status: 400, error: 'query_token', text, exception: EXCEPTION.queryToken, source: 'U' }) as const

export const userRows = {
  username_missing: illegal('Entity user requires a property named username', 'S-3'),
  password_missing: illegal('password or pin must provided', 'S-4 S-6'),
  username_illegal: illegal('username [{username}] is not legal', 'N-19'),
  username_too_long: illegal('USERNAME_TOO_LONG', 'N-20'),
  password_too_long: illegal('PASSWORD_TOO_LONG', 'ours'),
  nickname_too_long: illegal('NICKNAME_TOO_LONG', 'N-21'),
  // No blank between the application and `Entity`: recorded so, and the seed prints it so.
  user_exists: duplicate(
    'Application {application}Entity user requires that property named username be unique, value of {username} exists',
    'S-7',
  ),
  // The vendor lists the passwords; a secret never goes into an error.
  batch_password_conflict: duplicate(
    'the same user {username} has a different password, the passwords are ***',
    'N-22',
  ),
  batch_too_large: illegal(
    'Request body array size[{size}] had almost reached or been greater than the upper range value[{max}]',
    'N-23',
  ),
  newpassword_missing: illegal('newpassword is required', 'S-8'),
  oldpassword_missing: illegal('oldPassword is required', 'N-24'),
  oldpassword_wrong: {
    status: 400,
    error: 'invalid_grant',
    text: 'invalid username or password',
    shape: 'oauth',
    source: 'S-1',
  },
  user_unknown: {
    status: 404,
    error: 'service_resource_not_found',
    text: 'Service resource not found',
    exception: EXCEPTION.resourceNotFound,
    source: 'S-14',
  },
  password_user_unknown: {
    status: 404,
    error: 'entity_not_found',
    text: 'User null not found',
    exception: EXCEPTION.entityNotFound,
    source: 'N-7',
  },
  status_batch_too_large: illegal('request body exceeds maximum limit, maximum limit is 100', 'N-27'),
  query_parse: {
    status: 400,
    error: 'query_parse',
    text: "The query cannot be parsed. The token '{text}' at column {column} on line {line} cannot be parsed",
    exception: EXCEPTION.queryParse,
    source: 'U',
  },
  query_token: queryToken("NoViableAltException('{text}'@[1:1: Tokens])"),
  query_string_open: queryToken('MismatchedTokenException(-1!=39)'),
  query_order_by_split: queryToken('MismatchedTokenException(32!=98)'),
  query_sort_repeated: {
    status: 400,
    error: 'query_parse',
    text: 'Attempted to set sort order for {property} more than once',
    exception: EXCEPTION.queryParse,
    source: 'U',
  },
  full_text_index_missing: {
    status: 500,
    error: 'no_full_text_index',
    text: "Entity 'user' with property named '{property}' is not full text indexed. You cannot use the 'contains' operand on this field",
    exception: EXCEPTION.noFullTextIndex,
    source: 'S-17',
  },
  index_missing: {
    status: 500,
    error: 'no_index',
    text: "Entity 'user' with property named '{property}' is not indexed.  You cannot use the this field in queries.",
    exception: EXCEPTION.noIndex,
    source: 'U',
  },
  invalid_request: illegal('this is an invalid request.', 'N-35'),
  user_limit_reached: {
    status: 429,
    error: 'resource_limited',
    text: 'You have exceeded the limit of the Free edition. Please upgrade to higher edition.',
    source: 'N-29',
    live: {
      text: 'You have exceeded the limit of the community edition,Please upgrade to the enterprise edition',
    },
  },
} as const satisfies EasemobPart<typeof userFailures>
