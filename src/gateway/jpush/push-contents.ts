// What a push delivers: notification, message, live activity (jpush.md §3.1.1.3–4), with the alert handed down to each
// platform, and the size rules of §3.1.1.7.
import { jpushLimits } from '../../contract/limits.ts'
import { bytesOf } from '../../contract/names.ts'
import type { Platform } from '../../contract/operations/pushes.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { PushFaults } from './push-faults.ts'
import { asObject, type JsonObject, readShape } from './push-rules.ts'
import {
  liveActivityShape,
  messageShape,
  type NotifiedPlatform,
  notificationShape,
  notificationShapes,
} from './push-tables.ts'

export interface Contents {
  readonly notification: ReadonlyMap<Platform, JsonObject>
  readonly message: JsonObject | undefined
  readonly liveActivity: JsonObject | undefined
}

/** @param push the push's members, without those that are null */
export function readContents(push: JsonObject, addressed: readonly Platform[], faults: PushFaults): Contents {
  const parts = [push.notification, push.message, push.live_activity]
  if (parts.every(isEmpty)) faults.missing('notification or message')
  const [notification, message, liveActivity] = parts.map(filled)
  if (liveActivity && (notification || message))
    faults.invalid('live_activity goes neither with notification nor with message')
  return {
    notification: notification ? readNotification(notification, addressed, faults) : new Map(),
    message: message && readMessage(message, faults),
    liveActivity: liveActivity && readLiveActivity(liveActivity, faults),
  }
}

/** An empty object counts as absent: the vendor's own examples hold one (jpush.md §5 A15). */
function isEmpty(value: unknown): boolean {
  const members = asObject(value)
  return (
    value === undefined || (members !== undefined && Object.values(members).every(member => member === null))
  )
}

function filled(value: unknown): JsonObject | undefined {
  return isEmpty(value) ? undefined : asObject(value)
}

function readNotification(
  value: JsonObject,
  addressed: readonly Platform[],
  faults: PushFaults,
): Map<Platform, JsonObject> {
  const { alert, voip, ...platforms } = readShape(notificationShape, value, 'notification', faults)
  const own = new Map<Platform, JsonObject>()
  for (const platform of Object.keys(notificationShapes) as NotifiedPlatform[]) {
    const members = asObject(platforms[platform])
    if (members) own.set(platform, readPlatform(platform, members, alert, faults))
  }
  const notification = new Map<Platform, JsonObject>()
  for (const platform of addressed) {
    const members = own.get(platform) ?? (alert === undefined ? undefined : { alert })
    const call = platform === 'ios' && voip !== undefined ? { voip } : undefined
    if (members || call) notification.set(platform, { ...members, ...call })
  }
  return notification
}

function readPlatform(
  platform: NotifiedPlatform,
  value: JsonObject,
  inherited: unknown,
  faults: PushFaults,
): JsonObject {
  const at = `notification.${platform}`
  const members = readShape(notificationShapes[platform], value, at, faults)
  if (platform === 'quickapp' && members.page === undefined) faults.missing(`${at}.page`)
  if (members.alert !== undefined) return members
  if (inherited !== undefined) return { alert: inherited, ...members }
  // The one platform whose empty object the vendor calls incomplete, not wrong.
  if (platform === 'hmos' && Object.keys(members).length === 0) faults.missing(`${at}.alert`)
  else faults.invalid(`${at}.alert is missing`)
  return members
}

function readMessage(value: JsonObject, faults: PushFaults): JsonObject {
  const message = readShape(messageShape, value, 'message', faults)
  if (message.msg_content === undefined) faults.missing('message.msg_content')
  return message
}

function readLiveActivity(value: JsonObject, faults: PushFaults): JsonObject {
  const ios = asObject(value.ios)
  if (!ios) {
    faults.missing('live_activity.ios')
    return {}
  }
  const activity = readShape(liveActivityShape, ios, 'live_activity.ios', faults)
  if (activity.event === undefined) faults.missing('live_activity.ios.event')
  if (activity.event === 'start' && activity['attributes-type'] === undefined)
    faults.missing('live_activity.ios.attributes-type')
  return activity
}

/** @throws Refusal `push_too_big` */
export function checkSizes(
  { notification, message, liveActivity }: Contents,
  addressed: readonly Platform[],
): void {
  const sizes: Readonly<Partial<Record<Platform, readonly (readonly [bytes: number, most: number])[]>>> = {
    android: [[valueBytes(notification.get('android')) + valueBytes(message), jpushLimits.androidBytesMax]],
    ios: [
      [jsonBytes(withoutCall(notification.get('ios'))), jpushLimits.iosNotificationBytesMax],
      [valueBytes(message), jpushLimits.iosMessageBytesMax],
      [jsonBytes(liveActivity), jpushLimits.liveActivityBytesMax],
    ],
    winphone: [[valueBytes(notification.get('winphone')), jpushLimits.winphoneBytesMax]],
  }
  const isTooBig = addressed.some(platform => sizes[platform]?.some(([bytes, most]) => bytes > most))
  if (isTooBig) throw new Refusal('push_too_big')
}

function withoutCall(ios: JsonObject | undefined): JsonObject | undefined {
  const { voip: _, ...members } = ios ?? {}
  return ios && members
}

/** The iOS rule counts the object with its braces. */
function jsonBytes(value: unknown): number {
  return value === undefined ? 0 : bytesOf(JSON.stringify(value))
}

/** The other rules count contents: an alert of 4000 bytes alone is not too big (contract.md §6.3 JP-400-1005). */
function valueBytes(members: JsonObject | undefined): number {
  return Object.values(members ?? {}).reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? bytesOf(value) : jsonBytes(value)),
    0,
  )
}
