// What waits for a user (easemob.md §2.3).
import { shortEnvelope } from './envelope.ts'
import type { EasemobRoute } from './route.ts'
import { appOnly, userOf } from './user-need.ts'

const messageIdForm = /^[1-9]\d{0,15}$/

export const offlineQueueRoutes: readonly EasemobRoute[] = [
  {
    method: 'GET',
    path: '/users/:user/offline_msg_count',
    summary: 'How many messages wait for a user',
    need: appOnly,
    raises: ['user_unknown'],
    handle: async call => {
      const { username, count } = await call.run('message.count_waiting', { user: userOf(call) })
      return shortEnvelope(call, { data: Object.fromEntries([[username, count]]), count: 0 })
    },
  },
  {
    method: 'GET',
    path: '/users/:user/offline_msg_status/:message',
    summary: 'Has a message been delivered to a user? One never sent counts as delivered',
    need: appOnly,
    raises: ['user_unknown'],
    handle: async call => {
      const message = call.params.message!
      // What is no id waits for nobody; the user is looked for all the same.
      const msgId = messageIdForm.test(message) ? Number(message) : 0
      const { isWaiting } = await call.run('message.is_waiting', { user: userOf(call), msgId })
      const data = Object.fromEntries([[message, isWaiting ? 'undelivered' : 'delivered']])
      return shortEnvelope(call, { data, count: 0 })
    },
  },
]
