// A user shields itself from what is said in a group (easemob.md §2.10.3).
import { dataEnvelope } from './envelope.ts'
import { groupOf } from './group-calls.ts'
import type { EasemobRoute } from './route.ts'
import { anyToken } from './user-need.ts'

const ways = [
  ['POST', true, 'Get no more messages of a group'],
  ['DELETE', false, 'Get messages of a group again'],
] as const

export const groupShieldRoutes: readonly EasemobRoute[] = ways.map(([method, isShielded, summary]) => ({
  method,
  path: '/chatgroups/:group/shield',
  summary,
  family: 'groups',
  need: anyToken,
  raises: ['group_unknown', 'group_right_missing'],
  handle: async call => {
    await call.run('group.shield', { group: groupOf(call), isShielded })
    return dataEnvelope(call, { data: { result: true } })
  },
}))
