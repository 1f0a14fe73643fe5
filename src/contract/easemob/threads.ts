// Easemob rows for threads: clients tell them apart by status and `error_code`.
import type { threadFailures } from '../failures/threads.ts'
import type { EasemobPart } from './part.ts'

const row = (status: number, errorCode: number | undefined, text: string, source = 'ours') =>
  ({ status, error: 'group_error', text, source, ...(errorCode !== undefined && { errorCode }) }) as const

export const threadRows = {
  threads_off: row(403, 40000, 'thread not open.', 'N-89'),
  thread_unknown: row(404, 40011, 'thread:{thread} not found'),
  thread_exists: row(400, 40002, 'the message has a thread already'),
  thread_message_unknown: row(400, undefined, 'the message is not in the group'),
  thread_right_missing: row(401, 40001, 'no permission to operate the thread'),
  threads_too_many: row(403, 40005, 'threads of this app exceed the limit'),
  thread_member_already: row(403, 40004, 'user:{username} is in the thread already'),
  thread_member_absent: row(404, 40012, 'user:{username} is not in the thread'),
  thread_outsider: row(403, undefined, 'user:{username} is not in group:{group}'),
} as const satisfies EasemobPart<typeof threadFailures>
