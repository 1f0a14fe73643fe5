// Failures that one edition words alike for the same status, so that no client can tell them apart. Only
// what stands here may look alike: a test compares these sets with the wire tables.
import type { FailureId } from './failures.ts'

export type LookAlikes = readonly (readonly FailureId[])[]

/** The vendor's one text for everything that a path names and the app does not have (seed S-14). */
const notFound = [
  'user_unknown',
  'contact_absent',
  'targets_unknown',
  'group_unknown',
  'group_details_unknown',
  'metadata_group_unknown',
  'single_member_unknown',
  'file_unknown',
  'template_unknown',
] as const

/** Names must not be probed by the answer (seed S-1). */
const badGrant = ['grant_invalid', 'grant_user_unknown', 'grant_password_wrong', 'oldpassword_wrong'] as const

/** The vendor's text for a body of the wrong structure (easemob.md N-35). */
const wrongStructure = [
  'media_type_unsupported',
  'body_not_object',
  'invalid_request',
  'message_body_invalid',
] as const

export const easemobLookAlikes = {
  seed: [
    notFound,
    badGrant,
    wrongStructure,
    ['token_missing', 'token_insufficient'],
    ['token_corrupt', 'file_secret_wrong'],
    ['body_too_large', 'file_too_large'],
    ['inherit_user_unknown', 'password_user_unknown'],
    ['member_unknown', 'owner_unknown'],
  ],
  live: [
    ['path_unknown', 'user_unknown', 'contact_absent', 'template_unknown', 'targets_unknown'],
    ['grant_invalid', 'oldpassword_wrong'],
    ['body_not_object', 'invalid_request', 'message_body_invalid'],
    ['json_malformed', 'body_not_object', 'message_body_invalid'],
    ['token_missing', 'token_insufficient'],
    ['token_insufficient', 'token_corrupt', 'file_secret_wrong'],
    ['inherit_user_unknown', 'password_user_unknown'],
    ['member_unknown', 'single_member_unknown', 'owner_unknown'],
  ],
} as const satisfies Record<'seed' | 'live', LookAlikes>

export const jpushLookAlikes = [
  ['credentials_missing', 'credentials_wrong'],
  ['json_malformed', 'body_not_object'],
] as const satisfies LookAlikes
