// A push in the forms of Push Kit for HarmonyOS (Huawei, "Scenario-based messages: request body parameters"): each push
// type has a payload of its own. What a push says for this channel alone stands in `options.third_party_channel.hmos`
// (jpush.md §3.1.1.6) and wins.
import { createHash } from 'node:crypto'
import type { Members, VendorPush } from './channel.ts'
import { appDataOf } from './huawei-message.ts'
import { asMembers, given, isShown, shownOf } from './shown-notification.ts'

/** As the header `push-type` names them; jpush.md §3.1.1.3 knows those of notifications by the same numbers. */
const pushTypes = { alert: 0, card: 1, speech: 2, background: 6, liveView: 7, call: 10 } as const

const inboxLinesMax = 3
const categoryDefault = 'MARKETING'
const homeIntent = 'action.system.home'

export interface HmosMessage {
  readonly pushType: number
  /** The body of the request without its target. */
  readonly body: Members
}

/** @param appName is the title where a push has none */
export function hmosMessageOf(
  push: VendorPush,
  ttlSeconds: number,
  appName: string | undefined,
): HmosMessage {
  const pushType = pushTypeOf(push) ?? pushTypes.background
  const { test_message, receipt_id } = shownOf(push) ?? {}
  const own = ownOf(push)
  const pushOptions = given({
    ttl: ttlSeconds,
    testMessage: test_message ?? push.options.test_message,
    receiptId: own.receipt_id ?? receipt_id ?? push.options.receipt_id,
    biTag: own.bi_tag,
    collapseKey: own.collapse_key,
    backgroundMode: own.background_mode,
  })
  return { pushType, body: { payload: payloadOf(push, pushType, appName), pushOptions } }
}

export function isCarried(push: VendorPush): boolean {
  return pushTypeOf(push) !== undefined
}

/** A card and a live view are the system's: an app cannot refresh them with what it gets. */
export function isForSystem(push: VendorPush): boolean {
  const pushType = pushTypeOf(push)
  return pushType === pushTypes.card || pushType === pushTypes.liveView
}

/**
 * Of notifications with one `appMessageId` the first is shown, and of cards the newest version. A call would ring again, a
 * voice speak again, a live view go back to what it was; what only the app gets, it would get twice.
 */
export function isHmosRepeatable(push: VendorPush): boolean {
  const pushType = pushTypeOf(push)
  if (push.withdraws !== undefined) return true
  if (pushType === pushTypes.card) return Number(asMembers(shownOf(push)?.hm_payload)?.version) > 0
  return pushType === pushTypes.alert
}

/** Undefined = there is nothing that could be sent. */
function pushTypeOf(push: VendorPush): number | undefined {
  if (push.withdraws !== undefined) return pushTypes.background
  const { push_type = pushTypes.alert, hm_payload, extra_data } = shownOf(push) ?? {}
  const isOwnForm = push_type === pushTypes.card || push_type === pushTypes.liveView
  if (isOwnForm && asMembers(hm_payload)) return push_type
  if (push_type === pushTypes.call && extra_data !== undefined) return push_type
  if (push_type === pushTypes.speech && extra_data !== undefined && isShown(push)) return push_type
  if (isShown(push)) return pushTypes.alert
  return push.message === undefined ? undefined : pushTypes.background
}

function payloadOf(push: VendorPush, pushType: number, appName: string | undefined): Members {
  const shown = shownOf(push) ?? {}
  switch (pushType) {
    case pushTypes.card:
    case pushTypes.liveView:
      return shown.hm_payload as Members
    case pushTypes.call:
      return { extraData: asText(shown.extra_data) }
    case pushTypes.speech:
      return { extraData: asText(shown.extra_data), notification: notificationOf(push, shown, appName) }
    case pushTypes.background:
      return given({ extraData: JSON.stringify(appDataOf(push)), proxyData: ownOf(push).proxy_data })
    default:
      return { notification: notificationOf(push, shown, appName) }
  }
}

function notificationOf(push: VendorPush, shown: Members, appName: string | undefined): Members {
  const { msgId, chainRoot } = push
  const from = { ...shown, ...ownOf(push) }
  const { alert, category, large_icon, display_foreground } = from
  return {
    category: typeof category === 'string' && category !== '' ? category : categoryDefault,
    title: from.title || appName || alert,
    body: alert,
    clickAction: { ...clickOf(from), data: appDataOf(push) },
    // A push that overrides another is shown in its place; a repeat is not shown at all.
    notifyId: notifyIdOf(chainRoot || msgId),
    appMessageId: msgId,
    ...styleOf(from),
    ...soundOf(from),
    ...given({
      image: /^https:/.test(String(large_icon)) ? large_icon : undefined,
      badge: badgeOf(from),
      profileId: from.profile_id,
      foregroundShow: display_foreground === undefined ? undefined : display_foreground !== '0',
    }),
  }
}

/** 0 opens the app, 1 a page of it: by a deep link, or by an action. */
function clickOf({ intent }: Members): Members {
  const url = asMembers(intent)?.url
  if (typeof url !== 'string' || url === '' || url === homeIntent) return { actionType: 0 }
  return url.includes('://') ? { actionType: 1, uri: url } : { actionType: 1, action: url }
}

/** JPush counts 2 as lines, Huawei 3. */
function styleOf({ style, inbox }: Members): Members {
  const lines = Object.values(asMembers(inbox) ?? {}).filter(line => typeof line === 'string')
  return style === 2 && lines.length > 0 ? { style: 3, inboxContent: lines.slice(0, inboxLinesMax) } : {}
}

/** A file of the app below /resources/rawfile. */
function soundOf({ sound, sound_duration }: Members): Members {
  if (typeof sound !== 'string' || sound === '' || sound === 'default') return {}
  return given({ sound, soundDuration: sound_duration })
}

function badgeOf({ badge_add_num, badge_set_num }: Members): Members | undefined {
  if (badge_set_num !== undefined) return { setNum: badge_set_num }
  return badge_add_num === undefined ? undefined : { addNum: badge_add_num }
}

/** 31 bits, the same for each attempt: a message id has more. */
function notifyIdOf(msgId: string): number {
  return createHash('sha256').update(msgId).digest().readUInt32BE() >>> 1
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function ownOf({ options }: VendorPush): Members {
  return asMembers(asMembers(options.third_party_channel)?.hmos) ?? {}
}
