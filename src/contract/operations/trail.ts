// What has become of one message or push, for whoever operates the server.
import type { ChatType } from './messages.ts'
import type { Counts, Platform } from './pushes.ts'

/** An attempt to give a push to a vendor. */
export interface TrailAttempt {
  /** null = the device is gone, or it is a user's binding. */
  readonly registrationId: string | null
  /** Whose binding it went to, and the app's name of the device; null = it went to a device. */
  readonly username: string | null
  readonly deviceName: string | null
  readonly channel: string
  /** From 1. */
  readonly attempt: number
  /** Epoch ms: when it began. */
  readonly at: number
  readonly tookMs: number
  readonly outcome: string
  /** The vendor's; null = there was no answer. */
  readonly status: number | null
  readonly reason: string
  readonly retryAfterMs: number | null
}

export interface TrailDispatches {
  readonly channel: string
  readonly state: string
  readonly count: number
}

export interface PushTrail {
  readonly kind: 'push'
  readonly msgId: string
  readonly org: string
  readonly app: string
  readonly acceptedAt: number
  readonly expiresAt: number
  readonly state: 'live' | 'withdrawn' | 'expired'
  readonly platforms: readonly Platform[]
  readonly isBroadcast: boolean
  /** Devices are still being written down, or gone through for vendors. */
  readonly isBeingFannedOut: boolean
  /** Over this server's own connections. */
  readonly counts: Counts
  /** The push asked for a text message as well: nothing here sends any. */
  readonly wantsSms: boolean
  /** Devices given to vendors, by channel and by how far that has come. */
  readonly dispatches: readonly TrailDispatches[]
  /** In the order of devices and attempts. */
  readonly attempts: readonly TrailAttempt[]
  /** Where to go on; absent = these were the last. */
  readonly next?: string
}

/** A device of a user that a message is for. */
export interface TrailDevice {
  readonly username: string
  /** null = the user has never logged in. */
  readonly resource: string | null
  readonly isOnline: boolean
  /** It has confirmed the message, or what came after it. When, is kept by nobody. */
  readonly hasAcknowledged: boolean
  /** The message is in the user's queue still. */
  readonly isWaiting: boolean
  /** Epoch ms; null = the user has not said that it has read it. */
  readonly readAt: number | null
}

/** Of a message between users. One that was taken back has none. */
export interface MessageTrail {
  readonly kind: 'message'
  readonly msgId: string
  readonly org: string
  readonly app: string
  readonly acceptedAt: number
  readonly expiresAt: number
  readonly state: 'live' | 'expired'
  readonly chatType: ChatType
  readonly from: string
  readonly to: string
  /** Users by uid, each with its devices; none for what is sent into a room, which has no queues. */
  readonly devices: readonly TrailDevice[]
  /** The pushes that tell those who were away of it: each has a trail of its own. */
  readonly pushes: readonly { readonly msgId: string; readonly state: PushTrail['state'] }[]
  /** Of all these pushes. */
  readonly dispatches: readonly TrailDispatches[]
  /** In the order of pushes, devices and attempts: after the last of `devices`. */
  readonly attempts: readonly TrailAttempt[]
  readonly next?: string
}

export interface TrailOperations {
  /** @param after `next` of the page before, '' at first @throws `message_not_found`, `request_invalid` */
  'message.trail': { args: { msgId: string; after: string; limit: number }; result: PushTrail | MessageTrail }
}
