// What a push is to APNs: its push type, its priority and its JSON (Apple, "Generating a remote notification",
// "Sending notification requests to APNs", "Starting and updating Live Activities with ActivityKit push notifications").
import type { ApnsAddress } from './apns-credentials.ts'
import type { Members, VendorPush } from './channel.ts'
import { asMembers, shownOf } from './shown-notification.ts'

export type PushType = 'alert' | 'background' | 'voip' | 'liveactivity'

export interface ApnsContent {
  readonly pushType: PushType
  readonly priority: 5 | 10
  /** JSON. */
  readonly payload: string
}

export const payloadBytesMax: Readonly<Record<PushType, number>> = {
  alert: 4_096,
  background: 4_096,
  liveactivity: 4_096,
  voip: 5_120,
}

/** A call is a call where the device has a token for calls, or where there is nothing else in the push. */
export function pushTypeOf(push: VendorPush, voipToken?: string): PushType {
  if (push.liveActivity) return 'liveactivity'
  const shown = shownOf(push)
  if (asMembers(shown?.voip) && (voipToken !== undefined || shown?.alert === undefined)) return 'voip'
  return shown && isVisible(shown) ? 'alert' : 'background'
}

export function apnsContentOf(push: VendorPush, address: ApnsAddress): ApnsContent {
  const pushType = pushTypeOf(push, address.voipToken)
  switch (pushType) {
    case 'liveactivity':
      return activityOf(push)
    case 'voip':
      return { pushType, priority: 10, payload: JSON.stringify(withId(push, shownOf(push)?.voip)) }
    case 'alert':
      return alertOf(push)
    case 'background':
      // Priority 10 is an error for it.
      return { pushType, priority: 5, payload: backgroundOf(push) }
  }
}

/** With the message that the push has beside it, where both fit; the message waits for the app in any case. */
function alertOf(push: VendorPush): ApnsContent {
  const shown = shownOf(push)!
  const members = withId(push, shown.extras, { aps: apsOf(shown) })
  const whole = JSON.stringify({ ...members, ...(push.message && { message: push.message }) })
  const payload = Buffer.byteLength(whole) > payloadBytesMax.alert ? JSON.stringify(members) : whole
  return { pushType: 'alert', priority: 10, payload }
}

function backgroundOf(push: VendorPush): string {
  const { extras } = push.notification ?? {}
  const message = push.message && { message: push.message }
  return JSON.stringify(withId(push, extras, { ...message, aps: { 'content-available': 1 } }))
}

function activityOf({ liveActivity, msgId, sentAt }: VendorPush): ApnsContent {
  const { 'apns-priority': priority, ...activity } = liveActivity!
  // The device shows the state with the latest of them.
  const aps = { timestamp: Math.floor(sentAt / 1_000), ...activity }
  return {
    pushType: 'liveactivity',
    priority: priority === 5 ? 5 : 10,
    payload: JSON.stringify({ msg_id: msgId, aps }),
  }
}

/** What the app gets is at the top level; a member of the caller's that has a name of ours gives way. */
function withId({ msgId, withdraws }: VendorPush, extras: unknown, ours: Members = {}): Members {
  return { ...asMembers(extras), msg_id: withdraws ?? msgId, ...(withdraws && { withdrawn: true }), ...ours }
}

function isVisible(shown: Members): boolean {
  return hasAlert(shown) || badgeOf(shown.badge) !== undefined || soundOf(shown.sound) !== undefined
}

function hasAlert({ alert }: Members): boolean {
  return typeof alert === 'string' ? alert !== '' : asMembers(alert) !== undefined
}

function apsOf(shown: Members): Members {
  const aps = {
    alert: hasAlert(shown) ? alertIn(shown) : undefined,
    sound: soundOf(shown.sound),
    badge: badgeOf(shown.badge),
    'content-available': flagOf(shown['content-available']),
    'mutable-content': flagOf(shown['mutable-content']),
    category: shown.category,
    'thread-id': shown['thread-id'],
    'interruption-level': shown['interruption-level'],
  }
  return Object.fromEntries(Object.entries(aps).filter(([, value]) => value !== undefined))
}

/** `notification_3rd` in its flat form has its title beside its text. */
function alertIn({ alert, title }: Members): unknown {
  return typeof alert === 'string' && typeof title === 'string' && title !== ''
    ? { title, body: alert }
    : alert
}

/** The number that the app is to show. APNs cannot add: of "+1" and "-1" only the device knows what becomes. */
function badgeOf(badge: unknown): number | undefined {
  if (typeof badge === 'number') return badge
  if (badge === '') return 0
  return typeof badge === 'string' && /^\d+$/.test(badge) ? Number(badge) : undefined
}

function soundOf(sound: unknown): unknown {
  const members = asMembers(sound)
  if (!members) return typeof sound === 'string' && sound !== '' ? sound : undefined
  return 'critical' in members ? { ...members, critical: flagOf(members.critical) ?? 0 } : members
}

/** APNs knows 1 and nothing. */
function flagOf(value: unknown): 1 | undefined {
  return value === true || value === 1 ? 1 : undefined
}
