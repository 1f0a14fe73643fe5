// What an app server asks about its pushes: to send, check, withdraw them, and for ids that make repeats harmless.
import { randomUUID } from 'node:crypto'
import { jpushLimits } from '../contract/limits.ts'
import type { BatchOutcome, BatchPush, PushOperations } from '../contract/operations/pushes.ts'
import type { Result } from '../contract/operations.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { acceptPush, checkPush } from './accept-push.ts'
import { aliasHandlers } from './aliases.ts'
import type { Call } from './call.ts'
import { attributeHandlers, needVip } from './device-attributes.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { recall, remember } from './idempotency.ts'
import { findOwnPush, reportHandlers } from './reports.ts'
import { tagHandlers } from './tags.ts'
import { withdraw } from './withdrawals.ts'

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

  'push.batch': writes(async (call, { pushes }, sql) => {
    needVip(call)
    // The pushes before one that waits would have been written.
    call.mayPostpone = false
    const outcomes: BatchOutcome[] = []
    for (const push of pushes) outcomes.push(await acceptOne(call, sql, push))
    return { outcomes }
  }),

  'push.cids': reads(async (call, { count }) => ({
    cids: Array.from({ length: count }, () => `${call.app.app_key}-${randomUUID()}`),
  })),

  'push.withdraw': writes(async (call, { msgId }, sql) => {
    const push = await findOwnPush(call, sql, msgId)
    if (!push) throw new Refusal('push_unknown')
    if (call.now - push.createdAt > pushMutableMs) throw new Refusal('push_too_old')
    await withdraw(call, sql, push)
    return {}
  }),
}

/** As `push.send` under a key: the same id answers a repeat, and a refusal leaves nothing behind. */
async function acceptOne(call: Call, sql: Sql, { request, key }: BatchPush): Promise<BatchOutcome> {
  try {
    const earlier = await recall(call, sql, key)
    if (earlier) return { msgId: (earlier.result as Result<'push.send'>).msgId }
    const result: Result<'push.send'> = {
      msgId: String(await acceptPush(call, sql, request)),
      sendno: request.sendno,
    }
    await remember(call, sql, key, result, call.now)
    return { msgId: result.msgId }
  } catch (error) {
    if (!(error instanceof Refusal) || error.cause !== undefined) throw error
    const { id, params, facts } = error
    return { refusal: { id, params, facts } }
  }
}
