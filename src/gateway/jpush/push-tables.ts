// The documented members of a push, object by object (jpush.md §3.1.1.3–6).
import { jpushLimits } from '../../contract/limits.ts'
import type { Platform } from '../../contract/operations/pushes.ts'
import {
  anything,
  anyWhole,
  between,
  bytesUpTo,
  charsUpTo,
  either,
  flag,
  id,
  integer64,
  listOf,
  matching,
  number,
  object,
  objectWith,
  oneOf,
  type Shape,
  text,
  time,
  whole,
} from './push-rules.ts'

/** What personalised copies fall back to. */
const alternates = { alternate_alert: text, alternate_title: text, alternate_content: text }

const badge = either(
  whole(0, 99),
  matching(/^(?:[+-]?\d{1,2}|auto|)$/, 'a string such as "+1", "-1", "5" or ""'),
)
const flagOrDigit = either(flag, oneOf(0, 1))
const intent = objectWith({ url: text })
const sound = either(text, objectWith({ critical: either(flagOrDigit, number), name: text, volume: number }))
const button = objectWith({
  name: charsUpTo(20),
  action_type: whole(1, 4),
  action: charsUpTo(300),
  data: charsUpTo(100),
})

export type NotifiedPlatform = Exclude<Platform, 'web'>

export const notificationShapes: Readonly<Record<NotifiedPlatform, Shape>> = {
  android: {
    isOpen: false,
    rules: {
      ...alternates,
      alert: text,
      title: text,
      builder_id: anyWhole,
      channel_id: bytesUpTo(1_000),
      priority: whole(-2, 2),
      category: text,
      style: whole(0, 3),
      alert_type: whole(-1, 7),
      big_text: text,
      inbox: object,
      big_pic_path: text,
      extras: object,
      large_icon: text,
      intent,
      small_icon_uri: text,
      icon_bg_color: text,
      uri_activity: text,
      // Of the C# client.
      uri_flag: text,
      uri_action: text,
      badge_class: text,
      badge_add_num: whole(1, 99),
      badge_set_num: whole(0, 99),
      sound: text,
      show_begin_time: time,
      show_end_time: time,
      display_foreground: oneOf('0', '1'),
      custom_buttons: listOf(button),
      mipns_content_forshort: text,
      oppns_content_forshort: text,
      vpns_content_forshort: text,
      mzpns_content_forshort: text,
    },
  },
  ios: {
    isOpen: false,
    rules: {
      ...alternates,
      alert: either(text, object),
      sound,
      badge,
      'content-available': flagOrDigit,
      'mutable-content': flagOrDigit,
      category: text,
      'thread-id': text,
      'interruption-level': oneOf('active', 'critical', 'passive', 'time-sensitive'),
      extras: object,
    },
  },
  hmos: {
    isOpen: true,
    rules: {
      alert: text,
      title: text,
      category: text,
      large_icon: text,
      intent,
      badge_add_num: whole(1, 99),
      badge_set_num: whole(0, 99),
      test_message: flag,
      receipt_id: text,
      extras: object,
      style: oneOf(0, 2),
      inbox: object,
      push_type: oneOf(0, 1, 2, 7, 10),
      extra_data: either(text, object),
      display_foreground: oneOf('0', '1'),
      sound: text,
      sound_duration: whole(1, 60),
      hm_payload: object,
    },
  },
  quickapp: { isOpen: false, rules: { ...alternates, alert: text, title: text, page: text, extras: object } },
  winphone: {
    isOpen: false,
    rules: { ...alternates, alert: text, title: text, _open_page: text, extras: object },
  },
}

/** Members of `notification` beside its platforms. */
export const notificationShape: Shape = {
  isOpen: false,
  rules: {
    ...alternates,
    alert: text,
    // The older Java client sends it with every notification, and no document names it.
    ai_opportunity: flag,
    voip: object,
    ...Object.fromEntries(Object.keys(notificationShapes).map(platform => [platform, object])),
  },
}

export const messageShape: Shape = {
  isOpen: false,
  rules: {
    ...alternates,
    msg_content: text,
    title: text,
    content_type: text,
    // Of the older Java client.
    test_message: flag,
    extras: object,
  },
}

export const liveActivityShape: Shape = {
  isOpen: true,
  rules: {
    event: oneOf('start', 'update', 'end'),
    'content-state': object,
    'attributes-type': text,
    attributes: object,
    alert: objectWith({ title: text, body: text, sound: text }),
    'dismissal-date': anyWhole,
    'stale-date': anyWhole,
    'relevance-score': between(1, 100),
    'apns-priority': oneOf(5, 10),
  },
}

export const smsShape: Shape = {
  isOpen: true,
  rules: {
    delay_time: whole(0, 86_400),
    temp_id: id,
    signid: integer64,
    temp_para: object,
    active_filter: flag,
    content: charsUpTo(480),
  },
}

export const optionsShape: Shape = {
  isOpen: true,
  rules: {
    sendno: integer64,
    time_to_live: whole(0, jpushLimits.timeToLiveSecondsMax),
    override_msg_id: id,
    apns_production: either(flag, matching(/^(?:true|false)$/i, '"true" or "false"')),
    apns_collapse_id: bytesUpTo(64),
    big_push_duration: whole(0, 1_400),
    classification: oneOf(0, 1),
    third_party_channel: object,
    target_event: listOf(text),
    active_push: flag,
    need_backup: flag,
    test_message: flag,
    test_model: flag,
    alternate_set: flag,
    auto_truncation: flag,
    mkt_enable: flag,
    notification_switch_filter: flag,
    receipt_id: text,
    business_operation_code: text,
    notification_3rd_ver: oneOf('v1', 'v2'),
    geofence: object,
    portal_extra: object,
  },
}

export const callbackShape: Shape = { isOpen: true, rules: { url: text, params: object, type: whole(1, 15) } }

export const inAppShape: Shape = { isOpen: true, rules: { inapp_message: flag } }

/** The push itself. Each object is read by its own table. */
export const pushShape: Shape = {
  isOpen: false,
  rules: {
    platform: anything,
    audience: anything,
    cid: anything,
    notification: object,
    message: object,
    live_activity: object,
    notification_3rd: object,
    inapp_message: object,
    sms_message: object,
    callback: object,
    options: object,
  },
}
