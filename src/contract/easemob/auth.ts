// Easemob rows for tokens, grants and registration mode.
import type { authFailures } from '../failures/auth.ts'
import { EXCEPTION } from './exceptions.ts'
import type { EasemobPart } from './part.ts'

/** The body of a refused grant has two members only (easemob.md §1.6). */
const grant = (text: string, source: string) =>
  ({ status: 400, error: 'invalid_grant', text, shape: 'oauth', source }) as const

const registrationClosed = {
  error: 'unauthorized',
  text: 'registration is not open, please contact the app admin',
  exception: EXCEPTION.security,
  source: 'S-10',
} as const

const permission = {
  error: 'unauthorized',
  text: 'Subject does not have permission [applications:{verb}:{application}:{path}]',
  exception: EXCEPTION.unauthorized,
  source: 'N-11',
} as const

const groupToken = {
  error: 'group_authorization',
  text: 'token is blank!',
  exception: EXCEPTION.groupAuthorization,
  source: 'N-14',
} as const

const adminOnly = {
  error: 'unauthorized',
  text: 'No admin user access authorized',
  exception: EXCEPTION.security,
  source: 'N-12',
} as const

const oauth = {
  status: 401,
  error: 'unauthorized',
  text: 'Unable to authenticate (OAuth)',
  exception: EXCEPTION.easemobSecurity,
  source: 'N-10',
} as const

const metadata = { error: 'metadata_error', text: 'auth error', source: 'N-83' } as const

/**
 * What a missing token yields differs by service, and a token of the wrong kind yields the same (easemob.md
 * §1.7). Registration has a failure of its own.
 */
const byService = {
  users: permission,
  activation: adminOnly,
  groups: groupToken,
  rooms: groupToken,
} as const

const badToken = (text: string, source: string) =>
  ({ status: 401, error: 'auth_bad_access_token', text, exception: EXCEPTION.security, source }) as const

const corrupt = badToken('Unable to authenticate due to corrupt access token', 'S-11')

const barred = (text: string) => ({ status: 403, error: 'forbidden_op', text, source: 'ours' }) as const

export const authRows = {
  token_missing: { ...oauth, families: byService, live: oauth },
  token_insufficient: {
    ...oauth,
    families: { ...byService, token: { live: corrupt }, metadata: { ...metadata, live: metadata } },
    live: oauth,
  },
  token_corrupt: corrupt,
  token_unknown: badToken('Unable to authenticate', 'S-12'),
  token_expired: {
    status: 401,
    error: 'expired_token',
    text: 'Unable to authenticate due to expired access token',
    exception: EXCEPTION.security,
    source: 'S-13',
    live: { error: 'unauthorized' },
  },
  app_unknown: {
    status: 400,
    error: 'organization_application_not_found',
    text: 'Could not find application for {org}/{app} from URI: {uri}',
    exception: EXCEPTION.organizationApplicationNotFound,
    source: 'S-2',
    live: { status: 404, source: 'N-18' },
  },
  registration_closed: {
    status: 401,
    ...registrationClosed,
    live: { text: "Open registration doesn't allow, so register user need token,", source: 'N-16' },
  },
  grant_invalid: grant('invalid username or password', 'S-1'),
  grant_user_unknown: {
    ...grant('invalid username or password', 'S-1'),
    live: { status: 404, text: 'user not found', source: 'N-6' },
  },
  grant_password_wrong: {
    ...grant('invalid username or password', 'S-1'),
    live: { text: 'invalid password', source: 'N-5' },
  },
  client_id_unknown: grant('client_id does not match', 'N-1'),
  client_secret_wrong: grant('client_secret does not match', 'N-2'),
  user_not_activated: grant('user not activated', 'N-3'),
  ttl_invalid: {
    status: 400,
    error: 'illegal_argument',
    text: 'ttl must be a number >= 0',
    exception: EXCEPTION.illegalArgument,
    source: 'N-8',
  },
  inherit_user_unknown: {
    status: 404,
    error: 'entity_not_found',
    text: 'User null not found',
    exception: EXCEPTION.entityNotFound,
    source: 'N-7',
  },
  inherit_conflict: {
    status: 409,
    error: 'concurrent_operation_error',
    text: 'concurrency create app user failed',
    source: 'N-9',
  },
  // The vendor documents no row for either; the words are those of the JPush dialect.
  app_blacklisted: barred('The appKey is in black list.'),
  ip_not_allowed: barred('The IP address of the caller is not allowed'),
} as const satisfies EasemobPart<typeof authFailures>
