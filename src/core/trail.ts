import type { TrailOperations } from '../contract/operations/trail.ts'
import { Refusal } from '../contract/refusal.ts'
import { findPush } from '../store/pushes.ts'
import { type Handlers, reads } from './handler.ts'
import { trailOfMessage } from './message-trail.ts'
import { trailOfPush } from './push-trail.ts'

export const trailHandlers: Handlers<keyof TrailOperations> = {
  'message.trail': reads(async (call, { msgId, after, limit }, sql) => {
    const id = /^\d{1,16}$/.test(msgId) ? Number(msgId) : 0
    const push = await findPush(sql, id)
    const trail = push ? await trailOfPush(call, sql, push, after, limit) : undefined
    const found = trail ?? (await trailOfMessage(call, sql, id, after, limit))
    if (!found) throw new Refusal('message_not_found', { msg_id: msgId })
    return found
  }),
}
