// What has become of one message or push, for whoever operates the server.
import type { Counts, Platform } from './pushes.ts'

/** An attempt to give a push to a vendor. */
export interface TrailAttempt {
  /** null = the device is gone. */
  readonly registrationId: string | null
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

export interface PushTrail {
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
  readonly dispatches: readonly { readonly channel: string; readonly state: string; readonly count: number }[]
  /** In the order of devices and attempts. */
  readonly attempts: readonly TrailAttempt[]
  /** Where to go on; absent = these were the last. */
  readonly next?: string
}

export interface TrailOperations {
  /** @param after `next` of the page before, '' at first @throws `message_not_found`, `request_invalid` */
  'message.trail': { args: { msgId: string; after: string; limit: number }; result: PushTrail }
}
