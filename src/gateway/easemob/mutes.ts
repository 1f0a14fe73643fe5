// Users who may not send (easemob.md §2.12, global mute).
import { Type } from 'typebox'
import { easemobLimits } from '../../contract/limits.ts'
import type { MuteSeconds } from '../../contract/operations/contacts.ts'
import { messageEnvelope } from './envelope.ts'
import { readCount } from './paging.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { userOf } from './user-need.ts'

const { muteSecondsMax, mutesPageDefault, mutesPageMax } = easemobLimits

const path = '/mutes'
const shared = {
  path,
  family: 'messages',
  need: (call: EasemobCall) => ({ is: 'app', verb: call.exchange.method.toLowerCase(), path }),
} as const satisfies Partial<EasemobRoute>

const seconds = Type.Optional(Type.Integer({ minimum: -1, maximum: muteSecondsMax }))

export const muteRoutes: readonly EasemobRoute[] = [
  {
    ...shared,
    method: 'POST',
    summary:
      'Mute a user: {"username", "chat"?, "groupchat"?, "chatroom"?} in seconds; -1 = for ever, 0 = no more',
    body: 'json',
    schema: Type.Object(
      {
        username: Type.String({ minLength: 1 }),
        chat: seconds,
        groupchat: seconds,
        chatroom: seconds,
      },
      // The name and one kind at least.
      { minProperties: 2 },
    ),
    raises: ['user_unknown'],
    handle: async call => {
      const { username, chat, groupchat, chatroom } = call.members as { username: string } & MuteSeconds
      const wanted = {
        ...(chat !== undefined && { chat }),
        ...(groupchat !== undefined && { groupchat }),
        ...(chatroom !== undefined && { chatroom }),
      }
      await call.run('mute.set', { user: username, seconds: wanted })
      return messageEnvelope(call, { path, data: { result: 'ok' } })
    },
  },
  {
    ...shared,
    method: 'GET',
    path: '/mutes/:user',
    summary: 'For how many seconds more is a user muted? -1 = for ever, 0 = not',
    raises: ['user_unknown'],
    handle: async call => {
      const { username, seconds: left } = await call.run('mute.get', { user: userOf(call) })
      const { org, app } = call.place
      const data = { userid: `${org}#${app}_${username}`, ...left, unixtime: unixTime() }
      return messageEnvelope(call, { path, data })
    },
  },
  {
    ...shared,
    method: 'GET',
    summary:
      'Who is muted in which kind of chat, and for how many seconds more: ?pageNum, ?pageSize up to 50',
    raises: [],
    handle: async call => {
      const limit = Math.min(readCount(call, 'pageSize', 1) ?? mutesPageDefault, mutesPageMax)
      const offset = ((readCount(call, 'pageNum', 1) ?? 1) - 1) * limit
      const { mutes } = await call.run('mute.list', { offset, limit })
      const data = mutes.map(({ username, chatType, seconds: left }) => ({ username, [chatType]: left }))
      return messageEnvelope(call, { path, data: { data, unixtime: unixTime() } })
    },
  },
]

function unixTime(): number {
  return Math.floor(Date.now() / 1_000)
}
