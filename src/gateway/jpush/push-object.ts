// Reads the JSON of a push (jpush.md §3.1.1). It is looked at as a whole before anything is refused, since a missing
// member anywhere wins over a wrong value anywhere.
import { jpushLimits } from '../../contract/limits.ts'
import { isCid, isMediaId } from '../../contract/names.ts'
import {
  imageMembers,
  type Platform,
  type PushContents,
  type PushRequest,
} from '../../contract/operations/pushes.ts'
import { Refusal } from '../../contract/refusal.ts'
import { toIdText } from '../http/json.ts'
import { type FileAudience, readAudience, readPlatforms } from './push-audience.ts'
import { type Contents, checkSizes, readContents } from './push-contents.ts'
import { PushFaults } from './push-faults.ts'
import { asObject, type JsonObject, readShape, type Shape } from './push-rules.ts'
import { callbackShape, inAppShape, optionsShape, pushShape, smsShape } from './push-tables.ts'

export interface ReadPush {
  readonly request: PushRequest
  readonly cid: string | undefined
}

/**
 * @param appKey the caller's: a cid begins with it
 * @throws Refusal `parameter_missing`, `parameter_invalid` and its like, `unsupported_key`, `push_too_big`
 */
export function readPush(body: JsonObject, appKey: string, file: FileAudience = 'none'): ReadPush {
  const faults = new PushFaults()
  const push = readShape(pushShape, body, '', faults)
  const addressed = readPlatforms(push.platform, faults)
  const audience = readAudience(push.audience, file, faults)
  const contents = readContents(push, addressed, faults)
  const options = readPart(optionsShape, push.options, 'options', faults)
  const kept = {
    options,
    sms_message: readSms(push.sms_message, faults),
    callback: readPart(callbackShape, push.callback, 'callback', faults),
    inapp_message: readPart(inAppShape, push.inapp_message, 'inapp_message', faults),
    notification_3rd: push.notification_3rd,
  }
  const cid = readCid(push.cid, appKey, faults)
  faults.raise()
  checkSizes(contents, addressed)
  const overrideOf = toIdText(options?.override_msg_id)
  const mediaIds = mediaIdsOf(contents, kept)
  const minutes = Number(options?.big_push_duration ?? 0)
  const request = {
    sendno: toSendno(options?.sendno),
    platforms: addressed.filter(platform => isDelivered(contents, platform)),
    audience,
    contents: toTexts(contents, kept),
    timeToLiveSeconds: Number(options?.time_to_live ?? jpushLimits.timeToLiveSecondsDefault),
    ...(overrideOf !== undefined && { overrideOf }),
    ...(mediaIds.length > 0 && { mediaIds }),
    ...(minutes > 0 && { durationMs: minutes * 60_000 }),
    hasActivePushConflict: isConflict(options, contents),
  }
  return { request, cid }
}

function readPart(shape: Shape, value: unknown, at: string, faults: PushFaults): JsonObject | undefined {
  const members = asObject(value)
  return members && Object.keys(members).length > 0 ? readShape(shape, members, at, faults) : undefined
}

function readSms(value: unknown, faults: PushFaults): JsonObject | undefined {
  const sms = readPart(smsShape, value, 'sms_message', faults)
  if (sms && sms.delay_time === undefined) faults.missing('sms_message.delay_time')
  // The older form carries its text itself and has no template.
  if (sms && sms.temp_id === undefined && sms.content === undefined) faults.missing('sms_message.temp_id')
  return sms
}

function readCid(value: unknown, appKey: string, faults: PushFaults): string | undefined {
  if (value === undefined) return undefined
  if (isCid(value, appKey)) return value
  faults.refuse(new Refusal('cid_invalid'))
  return undefined
}

/** 0 is the same as none (jpush.md §5 A38). */
function toSendno(value: unknown): string {
  return value === undefined ? '0' : String(BigInt(toIdText(value)!))
}

function isConflict(options: JsonObject | undefined, { message }: Contents): boolean {
  return (
    options?.active_push === true && (message !== undefined || Number(options.big_push_duration ?? 0) > 0)
  )
}

/** What is not shaped like one is an address, or a file of the app (jpush.md §3.1.1.3). */
function mediaIdsOf({ notification }: Contents, { options, notification_3rd }: JsonObject): string[] {
  const vendors = asObject(asObject(options)?.third_party_channel)
  const instead = asObject(notification_3rd)
  const places = [...notification.values(), ...valuesOf(vendors), instead, ...valuesOf(instead)]
  const named = places.flatMap(place => imageMembers.map(name => asObject(place)?.[name]))
  return [...new Set(named.filter(isMediaId))]
}

function valuesOf(members: JsonObject | undefined): unknown[] {
  return Object.values(members ?? {})
}

function isDelivered({ notification, message, liveActivity }: Contents, platform: Platform): boolean {
  return (
    notification.has(platform) || message !== undefined || (platform === 'ios' && liveActivity !== undefined)
  )
}

function toTexts({ notification, message, liveActivity }: Contents, kept: JsonObject): PushContents {
  const texts = [...notification].map(([platform, members]) => [platform, JSON.stringify(members)] as const)
  return {
    notification: Object.fromEntries(texts),
    ...(message && { message: JSON.stringify(message) }),
    ...(liveActivity && { liveActivity: JSON.stringify(liveActivity) }),
    kept: JSON.stringify(kept),
  }
}
