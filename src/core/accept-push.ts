// Accepting a push: whatever can refuse it is asked before the answer, whatever takes time happens after it.
import { jpushLimits } from '../contract/limits.ts'
import type { PushContents, PushRequest } from '../contract/operations/pushes.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { countPaced } from '../store/fan-outs.ts'
import type { FileOwner } from '../store/push-files.ts'
import { countToEverybody, type PushRow } from '../store/pushes.ts'
import { reachOf } from './audience.ts'
import type { Call } from './call.ts'
import { acceptForDelivery, type Targets } from './delivery.ts'
import { findOwnDevice } from './device-attributes.ts'
import { resolveImages } from './images.ts'
import { checkFile, fileOwnerOf } from './push-files.ts'
import { checkVolume, firstIdOfDay } from './push-volume.ts'
import { findOwnPush } from './reports.ts'

const { pushMutableMs, broadcastsPerDayMax, pacedPushesMax, timeToLiveSecondsMaxPlain } = jpushLimits

/**
 * Nothing is written before the last check.
 * @param fileOwner whose files it may name
 * @returns the id of the push
 * @throws Refusal as `push.send`
 */
export async function acceptPush(
  call: Call,
  sql: Sql,
  request: PushRequest,
  fileOwner = fileOwnerOf(call),
): Promise<number> {
  const { msgId, override, contents, targets } = await checkPush(call, sql, request, fileOwner)
  const { platforms, audience, timeToLiveSeconds, durationMs } = request
  const push = { msgId, platforms, audience, contents, expiresAt: call.now + timeToLiveSeconds * 1_000 }
  const accepted = { ...push, ...(override && { override }), ...(durationMs && { durationMs }) }
  await acceptForDelivery(call, sql, accepted, targets)
  return msgId
}

interface Checked {
  readonly msgId: number
  readonly override: PushRow | undefined
  /** With what its images stand for. */
  readonly contents: PushContents
  readonly targets: Targets
}

/** The order in which refusals win is jpush.md §1.9: values, then permissions and volume, then the audience. */
export async function checkPush(
  call: Call,
  sql: Sql,
  request: PushRequest,
  fileOwner: FileOwner = fileOwnerOf(call),
): Promise<Checked> {
  checkLifetime(call, request)
  await checkSingleDevice(call, sql, request)
  const override = await checkOverride(call, sql, request)
  if (request.audience !== 'all' && request.audience.file !== undefined)
    await checkFile(call, sql, request.audience.file, fileOwner)
  const contents = await checkImages(call, sql, request)
  if (request.audience === 'all') await checkBroadcasts(call, sql)
  if (request.hasActivePushConflict) throw new Refusal('active_push_conflict')
  if (request.durationMs !== undefined && (await countPaced(sql, call.app.appId)) >= pacedPushesMax)
    throw new Refusal('push_over_limit')
  const msgId = call.world.ids.next()
  const { platforms, audience } = request
  const reach = await reachOf(
    call.world,
    sql,
    { appId: call.app.appId, platforms, audience, now: call.now },
    filled => call.postpone(filled),
  )
  if (reach === 'nobody') throw new Refusal('audience_empty', {}, { msgId: String(msgId) })
  if (reach === 'inactive') throw new Refusal('audience_inactive', {}, { msgId: String(msgId) })
  await checkVolume(call, sql, reach)
  // At a speed of its own it is written down little by little, however few it is for.
  return {
    msgId,
    override,
    contents,
    targets: request.durationMs === undefined ? reach : { kind: 'query' },
  }
}

function checkLifetime({ app }: Call, { timeToLiveSeconds }: PushRequest): void {
  if (app.settings.vip || timeToLiveSeconds <= timeToLiveSecondsMaxPlain) return
  const reason = `options.time_to_live must be a whole number from 0 to ${timeToLiveSecondsMaxPlain}`
  throw new Refusal('parameter_invalid', { reason })
}

/** One id that names nobody is a mistake; among several the others count (jpush.md §3.1.1.2). */
async function checkSingleDevice(call: Call, sql: Sql, { audience }: PushRequest): Promise<void> {
  const [registrationId, ...others] = audience === 'all' ? [] : (audience.registrationId ?? [])
  if (registrationId === undefined || others.length > 0) return
  if (!(await findOwnDevice(call, sql, registrationId)))
    throw new Refusal('registration_id_invalid', { registration_id: registrationId })
}

async function checkImages(
  call: Call,
  sql: Sql,
  { contents, mediaIds = [] }: PushRequest,
): Promise<PushContents> {
  return mediaIds.length === 0 ? contents : { ...contents, images: await resolveImages(call, sql, mediaIds) }
}

async function checkOverride(call: Call, sql: Sql, request: PushRequest): Promise<PushRow | undefined> {
  if (request.overrideOf === undefined) return undefined
  const push = await findOwnPush(call, sql, request.overrideOf)
  if (!push || call.now - push.createdAt > pushMutableMs) throw new Refusal('override_invalid')
  return push
}

async function checkBroadcasts(call: Call, sql: Sql): Promise<void> {
  if (call.app.settings.vip) return
  const sent = await countToEverybody(sql, call.app.appId, firstIdOfDay(call), broadcastsPerDayMax)
  if (sent >= broadcastsPerDayMax) throw new Refusal('broadcast_limit')
}
