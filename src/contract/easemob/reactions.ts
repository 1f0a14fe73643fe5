// Easemob rows for reactions: clients tell them apart by their texts.
import type { reactionFailures } from '../failures/reactions.ts'
import type { EasemobPart } from './part.ts'

const bad = (text: string, source = 'ours') => ({ status: 400, error: 'Bad Request', text, source }) as const

export const reactionRows = {
  reactions_off: bad('this appKey is not open reaction service!', 'N-90'),
  reaction_message_unknown: bad('the message does not exist'),
  reaction_forbidden: bad('the user operation is illegal!'),
  reaction_no_member: bad('The user not in this group!'),
  reaction_exists: bad('the user is already operation this message'),
  reactions_too_many: bad('The quantity has exceeded the limit!'),
  reaction_group_missing: bad('groupId can not be null!'),
} as const satisfies EasemobPart<typeof reactionFailures>
