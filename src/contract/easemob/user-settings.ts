// Easemob rows for bindings, push templates, user attributes and presence.
import type { userSettingFailures } from '../failures/user-settings.ts'
import { EXCEPTION } from './exceptions.ts'
import type { EasemobPart } from './part.ts'

const illegal = (text: string, source = 'N-88') =>
  ({ status: 400, error: 'illegal_argument', text, exception: EXCEPTION.illegalArgument, source }) as const

const metadata = (text: string, source: string) =>
  ({ status: 403, error: 'metadata_error', text, source }) as const

export const userSettingRows = {
  binding_invalid: illegal('device_token is not a registration id of this app', 'ours'),
  template_unknown: {
    status: 404,
    error: 'service_resource_not_found',
    text: 'Service resource not found',
    exception: EXCEPTION.resourceNotFound,
    source: 'S-14',
  },
  attributes_off: {
    status: 403,
    error: 'FORBIDDEN',
    text: '{appkey} user metadata service not allow',
    source: 'N-84',
  },
  attributes_too_large: metadata(
    'size of metadata for this single user exceeds the user defined limit, {limit}Bytes',
    'N-85',
  ),
  attributes_of_app_too_large: metadata(
    'total size of user metadata for this app exceeds the user defined limit, {limit}Bytes',
    'N-86',
  ),
  presence_off: {
    status: 400,
    error: 'service open exception',
    text: 'the app not open presence',
    source: 'N-88',
  },
  presence_failed: illegal('set presence failed'),
  presence_ext_missing: illegal('ext cannot be null'),
  presence_ext_too_big: illegal('ext is too big'),
  presence_resource_unknown: illegal('resource not exist'),
  presence_of_oneself: illegal("you can't sub yourself"),
  presence_subscriptions_too_many: illegal('too many sub presence'),
  presence_queries_too_many: illegal('too many get presences'),
  presence_unsubscriptions_too_many: illegal('too many unsub presences'),
  presence_pages_too_large: illegal('too many queries'),
  presence_usernames_empty: illegal('usernames is empty'),
} as const satisfies EasemobPart<typeof userSettingFailures>
