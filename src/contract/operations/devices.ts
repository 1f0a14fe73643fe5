// What devices ask for themselves: registration, sessions, and the queue of what they have still to acknowledge.
import type { Platform } from './pushes.ts'

export interface Registration {
  readonly registrationId: string
  readonly platform: Platform
  /** '' = none. */
  readonly alias: string
  readonly tags: readonly string[]
  /** Vendor channels the device can also be reached by, as it described them. */
  readonly channels: Readonly<Record<string, unknown>>
}

export interface RegistrationChanges {
  readonly platform?: Platform
  readonly alias?: string
  /** The tags it has afterwards; or those that come and go. */
  readonly tags?: readonly string[]
  readonly tagsAdd?: readonly string[]
  readonly tagsRemove?: readonly string[]
  readonly channels?: Readonly<Record<string, unknown>>
}

/** A live connection of a device; at most one a device, named by the gateway that holds it. */
export interface SessionName {
  readonly deviceId: number
  readonly session: string
}

export interface OpenedSession {
  readonly deviceId: number
  readonly appId: number
  readonly platform: Platform
  /** A message id: what is greater was accepted after the session began. */
  readonly openedAt: number
}

export interface QueueRequest {
  readonly deviceId: number
  /** As `session.open` answered. */
  readonly openedAt: number
  /** A message id: every broadcast up to it is acknowledged, as the session knows. 0 when it knows nothing. */
  readonly settled: number
  /** Entries wanted at most. */
  readonly limit: number
}

export interface Queue {
  readonly deviceId: number
  /** Pushes the device has still to acknowledge, oldest first. */
  readonly msgIds: readonly number[]
  /** A message id: every broadcast up to it is in `msgIds` or needs nothing more. */
  readonly through: number
  /** There is more than `msgIds`. */
  readonly hasMore: boolean
}

/** What a push says to the devices of each of its platforms. */
export interface PushPayloads {
  readonly msgId: number
  readonly isBroadcast: boolean
  /**
   * JSON text: `{msg_id, override_msg_id?, notification?, message?, sent_at, expires_at}`, times in epoch ms. What has the
   * same `override_msg_id`, or it as `msg_id`, is shown in each other's place, the newest of them. With `withdrawn: true`
   * it is no push: the one with that `msg_id` is not to be shown any more.
   */
  readonly payloads: Readonly<Partial<Record<Platform, string>>>
}

/** Devices of one app and platform that say the same of the same push. */
export interface Receipts {
  readonly msgId: number
  readonly appId: number
  readonly platform: Platform
  readonly devices: readonly number[]
}

export interface DeviceOperations {
  /** Needs an app key. @throws `device_parameter_invalid`, `alias_full` */
  'registration.create': {
    args: RegistrationChanges & { readonly platform: Platform }
    result: { registrationId: string; password: string }
  }
  /** Needs the device itself. @throws `registration_unknown`, `device_parameter_invalid`, `alias_full` */
  'registration.change': {
    args: { registrationId: string; changes: RegistrationChanges }
    result: Registration
  }
  'registration.delete': { args: { registrationId: string }; result: Record<never, never> }

  /** Ends the device's earlier session, wherever it is. @throws `device_credentials_wrong` for another app's key */
  'session.open': { args: { session: string; appKey: string }; result: OpenedSession }
  /** For a core that has started anew: these sessions live. Answers which of them are the device's no longer. */
  'session.confirm': { args: { sessions: readonly SessionName[] }; result: { lost: number[] } }
  /** `settled` as in a QueueRequest. */
  'session.close': {
    args: { sessions: readonly (SessionName & { readonly settled: number })[] }
    result: Record<never, never>
  }

  'queue.pull': { args: { devices: readonly QueueRequest[] }; result: { queues: Queue[] } }
  /** Of those that exist. */
  'queue.contents': { args: { msgIds: readonly number[] }; result: { contents: PushPayloads[] } }
  /** Counts each device once, whatever it repeats; what is opened was displayed, and what is displayed received. */
  'queue.acknowledge': {
    args: {
      received: readonly Receipts[]
      displayed: readonly Receipts[]
      opened: readonly Receipts[]
    }
    result: Record<never, never>
  }
}
