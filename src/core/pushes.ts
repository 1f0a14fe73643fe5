// What an app server asks about its pushes: to send, check, withdraw them, and for ids that make repeats harmless.
import { randomUUID } from 'node:crypto'
import { jpushLimits } from '../contract/limits.ts'
import type { PushOperations } from '../contract/operations/pushes.ts'
import { Refusal } from '../contract/refusal.ts'
import { acceptPush, checkPush } from './accept-push.ts'
import { aliasHandlers } from './aliases.ts'
import { withdraw } from './delivery.ts'
import { attributeHandlers } from './device-attributes.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { findOwnPush, reportHandlers } from './reports.ts'
import { tagHandlers } from './tags.ts'

const { pushMutableMs } = jpushLimits

export const pushHandlers: Handlers<keyof PushOperations> = {
  ...attributeHandlers,
  ...tagHandlers,
  ...aliasHandlers,
  ...reportHandlers,

  'push.send': writes(async (call, request, sql) => {
    const msgId = await acceptPush(call, sql, request)
    return { msgId: String(msgId), sendno: request.sendno }
  }),

  'push.validate': reads(async (call, request, sql) => {
    const { msgId } = await checkPush(call, sql, request)
    return { msgId: String(msgId), sendno: request.sendno }
  }),

  'push.cids': reads(async (call, { count }) => ({
    cids: Array.from({ length: count }, () => `${call.app.app_key}-${randomUUID()}`),
  })),

  'push.withdraw': writes(async (call, { msgId }, sql) => {
    const push = await findOwnPush(call, sql, msgId)
    if (!push) throw new Refusal('push_unknown')
    if (call.now - push.createdAt > pushMutableMs) throw new Refusal('push_too_old')
    await withdraw(call, sql, push.msgId)
    return {}
  }),
}
