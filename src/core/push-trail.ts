// What has become of a push: over this server's own connections in numbers, through vendors attempt by attempt.
import type { Platform, PushContents } from '../contract/operations/pushes.ts'
import type { PushTrail } from '../contract/operations/trail.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import {
  type AttemptPlace,
  countStates,
  firstAttempt,
  listAttempts,
  type ShownAttempt,
} from '../store/dispatches.ts'
import { isFanningOut } from '../store/fan-outs.ts'
import type { PushRow } from '../store/pushes.ts'
import type { Call } from './call.ts'
import { countsOf } from './delivery.ts'

/** @returns undefined when its app is gone @throws Refusal `request_invalid` */
export async function trailOfPush(
  call: Call,
  sql: Sql,
  push: PushRow,
  after: string,
  limit: number,
): Promise<PushTrail | undefined> {
  const app = call.world.apps.findById(push.appId)
  if (!app) return undefined
  const attempts = await listAttempts(sql, push.msgId, readPlace(after), limit + 1)
  const page = attempts.slice(0, limit)
  const last = page.at(-1)
  return {
    kind: 'push',
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
    attempts: page.map(showAttempt),
    ...(attempts.length > limit && last && { next: `${last.deviceId}.${last.attempt}` }),
  }
}

export function stateOf(call: Call, { state, createdAt, expiresAt }: PushRow): PushTrail['state'] {
  if (state === 'withdrawn') return 'withdrawn'
  return expiresAt > createdAt && expiresAt <= call.now ? 'expired' : 'live'
}

function wantsSms({ content }: PushRow): boolean {
  const { kept } = JSON.parse(content) as PushContents
  return JSON.parse(kept).sms_message !== undefined
}

export function showAttempt({ msgId: _, deviceId: __, ...attempt }: ShownAttempt) {
  return attempt
}

export function noPlace(): Refusal {
  return new Refusal('request_invalid', { reason: 'after is the `next` of the page before' })
}

/** @throws Refusal `request_invalid` for what was never given out as a place */
function readPlace(text: string): AttemptPlace {
  if (text === '') return firstAttempt
  const [, deviceId, attempt] = /^(-?\d{1,15})\.(\d{1,9})$/.exec(text) ?? []
  if (deviceId === undefined || attempt === undefined) throw noPlace()
  return { deviceId: Number(deviceId), attempt: Number(attempt) }
}
