// A push in the form of Push Kit (Huawei, "Sending Downlink Messages": Message, AndroidConfig, AndroidNotification). What
// a push says for Huawei alone stands in `options.third_party_channel.huawei` (jpush.md §3.1.1.6) and wins.
import type { Members, VendorPush } from './channel.ts'
import { asMembers, given, isShown, shownOf } from './shown-notification.ts'

const inboxLinesMax = 5

/**
 * `message` without its tokens.
 * @param appName is the title where a push has none
 */
export function huaweiMessageOf(push: VendorPush, ttlSeconds: number, appName: string | undefined): Members {
  const own = asMembers(asMembers(push.options.third_party_channel)?.huawei) ?? {}
  const shown = shownOf(push)
  return {
    data: JSON.stringify(appDataOf(push)),
    android: {
      ttl: `${ttlSeconds}s`,
      ...given({
        collapse_key: own.collapse_key,
        category: own.category,
        urgency: own.urgency,
        receipt_id: own.receipt_id,
        bi_tag: own.bi_tag,
        target_user_type: own.target_user_type ?? (push.options.test_message === true ? 1 : undefined),
      }),
      ...(isShown(push) && { notification: notificationOf(push, { ...shown, ...own }, appName) }),
    },
  }
}

/** What the app gets: at once where nothing is shown, with the tap on the notification where it is. */
export function appDataOf(push: VendorPush): Members {
  const { msgId, message, sentAt, expiresAt, withdraws } = push
  return {
    msg_id: withdraws ?? msgId,
    ...(withdraws && { withdrawn: true }),
    ...given({ extras: shownOf(push)?.extras, message }),
    sent_at: sentAt,
    expires_at: expiresAt,
  }
}

/** @param from the notification, and over it what is said for Huawei */
function notificationOf(
  { msgId, chainRoot }: VendorPush,
  from: Members,
  appName: string | undefined,
): Members {
  const { alert, priority } = from
  const title = from.title || appName || alert
  return {
    title,
    body: alert,
    // A repeat, and a push that overrides another, are shown in its place.
    tag: from.tag ?? (chainRoot || msgId),
    click_action: clickActionOf(from),
    importance: from.importance ?? (Number(priority) < 0 ? 'LOW' : 'NORMAL'),
    ...styleOf(from, title),
    ...soundOf(from.sound),
    ...given({
      channel_id: from.channel_id,
      image: /^https:/.test(String(from.large_icon)) ? from.large_icon : undefined,
      // A file of the app: Push Kit takes no address for it.
      icon: /^https?:/.test(String(from.small_icon_uri)) ? undefined : from.small_icon_uri,
      color: /^#[\dA-Fa-f]{6}$/.test(String(from.icon_bg_color)) ? from.icon_bg_color : undefined,
      badge: badgeOf(from),
      foreground_show: from.display_foreground === undefined ? undefined : from.display_foreground !== '0',
    }),
  }
}

/** 1 opens a page of the app, by intent or action; 3 opens the app. */
function clickActionOf({ click_action, intent, uri_action }: Members): Members {
  const own = asMembers(click_action)
  if (own) return own
  const url = asMembers(intent)?.url
  if (typeof url === 'string' && url !== '') return { type: 1, intent: url }
  return typeof uri_action === 'string' && uri_action !== '' ? { type: 1, action: uri_action } : { type: 3 }
}

/** JPush counts 1 as a long text and 2 as lines, Huawei 1 and 3. It has no big picture. */
function styleOf({ style, big_text, inbox }: Members, title: unknown): Members {
  if (style === 1 && typeof big_text === 'string') return { style: 1, big_title: title, big_body: big_text }
  const lines = Object.values(asMembers(inbox) ?? {}).filter(line => typeof line === 'string')
  return style === 2 && lines.length > 0 ? { style: 3, inbox_content: lines.slice(0, inboxLinesMax) } : {}
}

/** A file of the app, without its extension, below /raw. */
function soundOf(sound: unknown): Members {
  if (typeof sound !== 'string' || sound === '' || sound === 'default') return {}
  const name = sound.replace(/^\/raw\//, '').replace(/\.\w+$/, '')
  return { sound: `/raw/${name}`, default_sound: false }
}

/** Without the class of the app's first activity there is none. */
function badgeOf({ badge_class, badge_add_num, badge_set_num }: Members): Members | undefined {
  if (typeof badge_class !== 'string' || badge_class === '') return undefined
  return given({ class: badge_class, add_num: badge_add_num, set_num: badge_set_num })
}
