import type { Platform, PushContents } from '../contract/operations/pushes.ts'
import type { PushTrail, TrailOperations } from '../contract/operations/trail.ts'
import { Refusal } from '../contract/refusal.ts'
import { countStates, listAttempts, type ShownAttempt } from '../store/dispatches.ts'
import { isFanningOut } from '../store/fan-outs.ts'
import { findPush, type PushRow } from '../store/pushes.ts'
import type { Call } from './call.ts'
import { countsOf } from './delivery.ts'
import { type Handlers, reads } from './handler.ts'

export const trailHandlers: Handlers<keyof TrailOperations> = {
  'message.trail': reads(async (call, { msgId, after, limit }, sql) => {
    const push = /^\d{1,16}$/.test(msgId) ? await findPush(sql, Number(msgId)) : undefined
    const app = push && call.world.apps.findById(push.appId)
    if (!push || !app) throw new Refusal('message_not_found', { msg_id: msgId })
    const attempts = await listAttempts(sql, push.msgId, readPlace(after), limit + 1)
    const page = attempts.slice(0, limit)
    const last = page.at(-1)
    return {
      msgId: String(push.msgId),
      org: app.org,
      app: app.app,
      acceptedAt: push.createdAt,
      expiresAt: push.expiresAt,
      state: stateOf(call, push),
      platforms: push.platforms.split(',') as Platform[],
      isBroadcast: push.isBroadcast === 1,
      isBeingFannedOut: await isFanningOut(sql, push.msgId),
      counts: await countsOf(sql, push.msgId),
      wantsSms: wantsSms(push),
      dispatches: (await countStates(sql, push.msgId)).map(count => ({ ...count })),
      attempts: page.map(show),
      ...(attempts.length > limit && last && { next: `${last.deviceId}.${last.attempt}` }),
    }
  }),
}

function stateOf(call: Call, { state, createdAt, expiresAt }: PushRow): PushTrail['state'] {
  if (state === 'withdrawn') return 'withdrawn'
  return expiresAt > createdAt && expiresAt <= call.now ? 'expired' : 'live'
}

function wantsSms({ content }: PushRow): boolean {
  const { kept } = JSON.parse(content) as PushContents
  return JSON.parse(kept).sms_message !== undefined
}

function show({ msgId: _, deviceId: __, ...attempt }: ShownAttempt) {
  return attempt
}

/** @throws Refusal `request_invalid` for what was never given out as a place */
function readPlace(text: string): { readonly deviceId: number; readonly attempt: number } {
  if (text === '') return { deviceId: 0, attempt: 0 }
  const [, deviceId, attempt] = /^(\d{1,15})\.(\d{1,9})$/.exec(text) ?? []
  if (deviceId === undefined || attempt === undefined)
    throw new Refusal('request_invalid', { reason: 'after is the `next` of the page before' })
  return { deviceId: Number(deviceId), attempt: Number(attempt) }
}
