// Who has read a message of a group, as the vendor's Web SDK asks for it.
import { easemobLimits } from '../../contract/limits.ts'
import { shortEnvelope } from './envelope.ts'
import { groupOf } from './group-calls.ts'
import { toMessageId } from './message-ids.ts'
import { readCount } from './paging.ts'
import type { EasemobRoute } from './route.ts'
import { anyToken } from './user-need.ts'

const { readersPageDefault, readersPageMax } = easemobLimits

export const messageReaderRoutes: readonly EasemobRoute[] = [
  {
    method: 'GET',
    path: '/chatgroups/:group/acks/:message',
    summary: 'Who has read a message of a group: ?limit, key',
    family: 'groups',
    need: anyToken,
    raises: ['group_unknown', 'group_right_missing'],
    handle: async call => {
      const message = call.params.message!
      const cursor = call.query('key')
      const { usernames, total, next } = await call.run('message.readers', {
        group: groupOf(call),
        msgId: toMessageId(message),
        limit: Math.min(readCount(call, 'limit', 1) ?? readersPageDefault, readersPageMax),
        ...(cursor && { cursor }),
      })
      const data = {
        ackmid: message,
        userlist: usernames,
        total,
        is_last: next === undefined,
        next_key: next ?? '',
        timestamp: Date.now(),
      }
      return shortEnvelope(call, { data, count: usernames.length })
    },
  },
]
