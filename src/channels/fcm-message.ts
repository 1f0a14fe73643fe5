// What a push is to FCM (Google, "REST Resource: projects.messages"): a notification that the system shows, or data for
// the app.
import type { Members, VendorPush } from './channel.ts'
import { asMembers, isShown, shownOf } from './shown-notification.ts'

/** Four weeks. */
const ttlSecondsMax = 2_419_200
const priorities = ['PRIORITY_MIN', 'PRIORITY_LOW', 'PRIORITY_DEFAULT', 'PRIORITY_HIGH', 'PRIORITY_MAX']
const bigPicture = 3
/** Of `alert_type` (jpush.md §3.1.1.3), whose -1 is all of them. */
const [soundBit, vibrateBit, lightBit] = [1, 2, 4]

/** @param now epoch ms */
export function fcmMessageOf(push: VendorPush, token: string, now: number): Members {
  const isVisible = isShown(push)
  const shown = shownOf(push)
  const id = push.chainRoot || push.msgId
  const isUrgent = isVisible && Number(shown?.priority ?? 0) >= 0
  return {
    token,
    data: dataOf(push),
    android: {
      // What shows nothing is not to wake a phone that sleeps (Google, "Set and manage Android message priority").
      priority: isUrgent ? 'HIGH' : 'NORMAL',
      ttl: `${ttlSeconds(push, now)}s`,
      // Of the notifications that wait for a device FCM keeps the newest of each of four keys; messages without a key,
      // a hundred.
      // What still waits there is not shown at all.
      ...(push.withdraws && push.chainRoot && { collapse_key: push.chainRoot }),
      ...(isVisible && { collapse_key: id, notification: notificationOf(shown!, push.options, id) }),
    },
  }
}

function ttlSeconds({ expiresAt }: VendorPush, now: number): number {
  return Math.min(Math.max(Math.floor((expiresAt - now) / 1_000), 0), ttlSecondsMax)
}

/** Each value is text, and some names are FCM's own: objects travel as JSON under ours. */
function dataOf(push: VendorPush): Members {
  const { msgId, message, sentAt, withdraws } = push
  const extras = asMembers(shownOf(push)?.extras)
  return {
    msg_id: withdraws ?? msgId,
    ...(withdraws && { withdrawn: 'true' }),
    sent_at: String(sentAt),
    ...(extras && { extras: JSON.stringify(extras) }),
    ...(message && { message: JSON.stringify(message) }),
  }
}

function notificationOf(shown: Members, options: Members, tag: string): Members {
  const { alert, title, alert_type, badge_set_num, icon_bg_color } = shown
  const own = asMembers(asMembers(options.third_party_channel)?.fcm)
  const rings = typeof alert_type === 'number' ? alert_type : undefined
  const notification = {
    title,
    body: alert,
    // On the device a notification takes the place of one with the same tag.
    tag,
    channel_id: textOf(own?.channel_id) ?? textOf(shown.channel_id),
    sound: textOf(shown.sound),
    color: matching(icon_bg_color, /^#[0-9A-Fa-f]{6}$/),
    image: pictureOf({ ...shown, ...own }),
    click_action: textOf(shown.uri_action),
    notification_priority: priorities[Number(shown.priority) + 2],
    notification_count: typeof badge_set_num === 'number' ? badge_set_num : undefined,
    default_sound: hasBit(rings, soundBit),
    default_vibrate_timings: hasBit(rings, vibrateBit),
    default_light_settings: hasBit(rings, lightBit),
  }
  return Object.fromEntries(Object.entries(notification).filter(([, value]) => value !== undefined))
}

/** FCM has one picture: large where the notification is unfolded, beside the text where it is not. */
function pictureOf({ style, big_pic_path, large_icon }: Members): string | undefined {
  const address = /^https?:\/\//
  return (style === bigPicture ? matching(big_pic_path, address) : undefined) ?? matching(large_icon, address)
}

function hasBit(bits: number | undefined, bit: number): true | undefined {
  return bits !== undefined && (bits & bit) !== 0 ? true : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function matching(value: unknown, form: RegExp): string | undefined {
  return typeof value === 'string' && form.test(value) ? value : undefined
}
