// Easemob rows for contacts and blocks.
import type { contactFailures } from '../failures/contacts.ts'
import { EXCEPTION } from './exceptions.ts'
import type { EasemobPart } from './part.ts'

const exceeded = (text: string, source: string) =>
  ({ status: 403, error: 'exceed_limit', text, exception: EXCEPTION.groupExceedLimit, source }) as const

export const contactRows = {
  contacts_too_many: exceeded('user contact number exceed limit', 'N-33'),
  contact_absent: {
    status: 404,
    error: 'service_resource_not_found',
    text: 'Service resource not found',
    exception: EXCEPTION.resourceNotFound,
    source: 'S-14',
  },
  block_user_unknown: {
    status: 400,
    error: 'illegal_argument',
    // The blanks are the vendor's.
    text: 'attempt to adding new block[{username}] for user[{owner}],but user[{username}] not found.',
    exception: EXCEPTION.illegalArgument,
    source: 'N-34',
  },
  blocks_too_many: exceeded('user block number exceed limit', 'ours'),
} as const satisfies EasemobPart<typeof contactFailures>
