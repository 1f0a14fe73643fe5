// Pushes to devices, the tags and aliases that address them, and what became of them.

import type { IdempotencyKey } from '../operations.ts'
import type { RefusalLike } from '../render.ts'
import type { ImageUrls } from './images.ts'

/** What a device can be. JPush's names, and `web`, which a push addresses with `all` only. */
export const platforms = ['android', 'ios', 'hmos', 'quickapp', 'winphone', 'web'] as const
export type Platform = (typeof platforms)[number]

/**
 * The members of a notification that may name an image by its media_id (jpush.md §3.1.1.3), as those of
 * `options.third_party_channel` may.
 */
export const imageMembers = ['big_pic_path', 'large_icon', 'small_icon_uri'] as const

/**
 * Who is meant: members are combined with AND, the entries of one with OR (`tagAnd`: AND, `tagNot`: none of them). An
 * absent member asks for nothing; each present one holds at least one entry, without repeats.
 */
export interface Audience {
  readonly tag?: readonly string[]
  readonly tagAnd?: readonly string[]
  readonly tagNot?: readonly string[]
  readonly alias?: readonly string[]
  readonly registrationId?: readonly string[]
  /** A file of names (push-files.ts): stands alone. */
  readonly file?: string
}

/**
 * What devices receive, each part as JSON text: nobody between the caller and the device takes it apart, so numbers of
 * any length arrive as they were sent.
 */
export interface PushContents {
  /** An absent platform gets no notification. */
  readonly notification: Readonly<Partial<Record<Platform, string>>>
  readonly message?: string
  /** For ios only. */
  readonly liveActivity?: string
  /** Accepted and kept, but nothing that a device of this release acts on: options, callback, sms_message … */
  readonly kept: string
  /** What the images stand for that the other parts name, by media_id; the core fills it in. */
  readonly images?: Readonly<Record<string, ImageUrls>>
}

export interface PushRequest {
  /** The caller's own number for it, '0' = none: comes back as it is. */
  readonly sendno: string
  /** Those addressed for which there is something to deliver. */
  readonly platforms: readonly Platform[]
  readonly audience: 'all' | Audience
  readonly contents: PushContents
  /** 0 = only for devices that are online now. */
  readonly timeToLiveSeconds: number
  /** The push this one replaces: a decimal number, not yet known to exist. */
  readonly overrideOf?: string
  /** At one speed, so that the last device has its turn after so long. Absent = as fast as may be. */
  readonly durationMs?: number
  /** The images that `contents` names, each once; not yet known to exist. Absent = none. */
  readonly mediaIds?: readonly string[]
  /** options.active_push stands beside something it does not go with (jpush.md §3.1.1.6). */
  readonly hasActivePushConflict: boolean
}

export interface BatchPush {
  readonly request: PushRequest
  readonly key: IdempotencyKey
}

export type BatchOutcome = { readonly msgId: string } | { readonly refusal: RefusalLike }

export interface DeviceChanges {
  /** Every tag goes before `tagsAdd` come. */
  readonly clearTags?: boolean
  readonly tagsRemove?: readonly string[]
  /** After the removals: a tag in both lists stays. */
  readonly tagsAdd?: readonly string[]
  /** '' = none. */
  readonly alias?: string
  readonly mobile?: string
}

export interface DeviceSeen {
  readonly isOnline: boolean
  /** Epoch ms. */
  readonly lastOnlineAt: number
}

/** Devices, each once: those meant, and what they have confirmed. */
export interface Count {
  readonly target: number
  readonly received: number
  readonly displayed: number
  readonly opened: number
}

export type Counts = Readonly<Partial<Record<Platform, Count>>>

export interface PushReport {
  readonly msgId: string
  readonly platforms: readonly Platform[]
  /** What it holds. */
  readonly hasNotification: boolean
  readonly hasMessage: boolean
  readonly hasLiveActivity: boolean
  readonly counts: Counts
  /** What went through vendors: devices given to one, and taken by it. */
  readonly channels: readonly ChannelCount[]
}

export interface ChannelCount {
  readonly channel: string
  readonly platform: Platform
  readonly target: number
  readonly sent: number
}

/** jpush.md §3.2.3: 0 delivered, 1 not delivered, 2 no device of this app, 3 no target of the push. */
export type DeliveryStatus = 0 | 1 | 2 | 3

export interface PushOperations {
  /**
   * @throws `parameter_invalid`, `registration_id_invalid`, `override_invalid`, `image_unknown`, `broadcast_limit`,
   * `volume_unreasonable`, `active_push_conflict`, `audience_…`
   */
  'push.send': { args: PushRequest; result: { msgId: string; sendno: string } }
  /** The same checks, no effect. */
  'push.validate': { args: PushRequest; result: { msgId: string; sendno: string } }
  /**
   * Pushes that have nothing to do with each other: each is accepted or refused, and repeated, by itself.
   * @throws `not_vip`
   */
  'push.batch': { args: { pushes: readonly BatchPush[] }; result: { outcomes: BatchOutcome[] } }
  'push.cids': { args: { count: number }; result: { cids: string[] } }
  'push.withdraw': { args: { msgId: string }; result: Record<never, never> }

  'push.received': {
    args: { msgIds: readonly string[] }
    /** Those that are pushes of the app, in the order asked. */
    result: { pushes: PushReport[] }
  }
  /** As `push.received`, for apps that may see all of it. @throws `not_vip` */
  'push.report': { args: { msgIds: readonly string[] }; result: { pushes: PushReport[] } }
  'push.delivery': {
    args: { msgId: string; registrationIds: readonly string[] }
    result: { statuses: Record<string, DeliveryStatus> }
  }

  'device.attributes': {
    args: { registrationId: string }
    result: { tags: string[]; alias: string; mobile: string }
  }
  'device.change': { args: { registrationId: string; changes: DeviceChanges }; result: Record<never, never> }
  'device.seen': {
    args: { registrationIds: readonly string[] }
    /** null = no device of this app. */
    result: { devices: Record<string, DeviceSeen | null> }
  }

  'tag.list': { args: Record<never, never>; result: { tags: string[] } }
  'tag.has': { args: { tag: string; registrationId: string }; result: { has: boolean } }
  'tag.change': {
    args: { tag: string; add: readonly string[]; remove: readonly string[] }
    result: Record<never, never>
  }
  'tag.delete': { args: { tag: string; platforms: readonly Platform[] }; result: Record<never, never> }

  'alias.devices': {
    args: { alias: string; platforms: readonly Platform[] }
    result: { devices: { registrationId: string; platform: Platform; lastOnlineAt: number }[] }
  }
  'alias.unbind': {
    args: { alias: string; registrationIds: readonly string[] }
    result: Record<never, never>
  }
  'alias.delete': { args: { alias: string; platforms: readonly Platform[] }; result: Record<never, never> }
}
