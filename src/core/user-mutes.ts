// Users whom the app's server keeps from sending, everywhere, for a time or for ever.
import type { ContactOperations } from '../contract/operations/contacts.ts'
import type { ChatType } from '../contract/operations/messages.ts'
import { deleteMute, listMutes, listMutesOf, muteForever, putMute } from '../store/user-mutes.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { getUser } from './user-record.ts'

type MuteOperation = Extract<keyof ContactOperations, `mute.${string}`>

const chatTypes: readonly ChatType[] = ['chat', 'groupchat', 'chatroom']

export const muteHandlers: Handlers<MuteOperation> = {
  'mute.set': writes(async (call, { user, seconds }, sql) => {
    const { uid, appId } = await getUser(call, sql, user)
    for (const chatType of chatTypes) {
      const wanted = seconds[chatType]
      if (wanted === undefined) continue
      if (wanted === 0) await deleteMute(sql, uid, chatType)
      else await putMute(sql, { uid, appId }, chatType, wanted < 0 ? muteForever : call.now + wanted * 1_000)
    }
    return {}
  }),

  'mute.get': reads(async (call, { user }, sql) => {
    const { uid, username } = await getUser(call, sql, user)
    const seconds: Record<ChatType, number> = { chat: 0, groupchat: 0, chatroom: 0 }
    for (const { chatType, endsAt } of await listMutesOf(sql, uid, call.now))
      seconds[chatType] = secondsLeft(endsAt, call.now)
    return { username, seconds }
  }),

  'mute.list': reads(async (call, { offset, limit }, sql) => {
    const rows = await listMutes(sql, call.app.appId, call.now, offset, limit)
    return {
      mutes: rows.map(({ username, chatType, endsAt }) => ({
        username,
        chatType,
        seconds: secondsLeft(endsAt, call.now),
      })),
    }
  }),
}

/** Not less than there are: a mute of which part of a second is left lasts. */
function secondsLeft(endsAt: number, now: number): number {
  return endsAt === muteForever ? -1 : Math.ceil((endsAt - now) / 1_000)
}
