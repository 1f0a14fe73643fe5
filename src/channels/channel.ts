// What a vendor's way to a device has to be able to do: one file a vendor, behind this interface. A device that holds no
// socket of ours is reached through it.
import type { Platform } from '../contract/operations/pushes.ts'

export const channelNames = ['apns', 'fcm', 'web_push', 'huawei', 'hmos'] as const
export type ChannelName = (typeof channelNames)[number]

export type Members = Readonly<Record<string, unknown>>

/** What an operator has given for an app, split into what may be shown again and what is never shown. */
export interface Credentials {
  readonly shown: Members
  readonly secret: Readonly<Record<string, string>>
}

/** What is wrong with what an operator, or a device, has said: words for them. */
export class ChannelFault extends Error {}

/** One push as one platform's devices are to get it. */
export interface VendorPush {
  readonly msgId: string
  readonly platform: Platform
  /** As the push says it for this platform (jpush.md §3.1.1.3), the alert handed down; absent = none. */
  readonly notification?: Members
  readonly message?: Members
  readonly liveActivity?: Members
  /** `notification_3rd`: shown instead of a message that the app is not there to receive (jpush.md §3.1.1.1). */
  readonly notification3rd?: Members
  /** The push's own options (jpush.md §3.1.1.6). */
  readonly options: Members
  /** The first of the pushes that replace one another and of which this is the last; '' = it replaces none. */
  readonly chainRoot: string
  /** The push that is not to be shown any more: this one says so to the app, and shows nothing. `chainRoot` is its place. */
  readonly withdraws?: string
  /** Epoch ms. */
  readonly sentAt: number
  readonly expiresAt: number
}

/** What became of one attempt. `status` is the vendor's HTTP status; absent = there was no answer. */
export type Outcome =
  /** The vendor has taken it. */
  | { readonly is: 'accepted'; readonly status: number; readonly reason: string }
  /** It will never take it. */
  | { readonly is: 'refused'; readonly status?: number; readonly reason: string }
  /** The device's token is dead: nothing goes there any more. `since` (epoch ms), where the vendor says when it died. */
  | {
      readonly is: 'dead_token'
      readonly status: number
      readonly reason: string
      readonly since?: number
    }
  /** It was not taken, and may be at another time. `of`: whom that concerns, the whole provider, the app or this device. */
  | {
      readonly is: 'retry'
      readonly of: 'provider' | 'app' | 'device'
      readonly status?: number
      readonly reason: string
      /** As the vendor asks (Retry-After). */
      readonly retryAfterMs?: number
    }
  /** It may have been taken: the connection broke, or time ran out, after it was sent. */
  | { readonly is: 'unknown'; readonly status?: number; readonly reason: string }

/** One text that a channel keeps of an app's account, sealed: it outlives the process, and a change of the credentials. */
export interface Memory {
  /** '' = nothing is kept. */
  read(): string
  /** Resolves once it is kept, or when it cannot be. */
  write(text: string): Promise<void>
}

export interface ChannelSurroundings {
  /** Epoch ms. */
  readonly now: () => number
  /** Certificates in PEM that are trusted beside those of the system. */
  readonly ca: readonly string[]
  /** For one attempt. */
  readonly timeoutMs: number
  /** Absent = nothing is kept. */
  readonly memory?: Memory
}

/** A channel with one app's credentials. Its connections are made when they are needed, and kept. */
export interface Sender {
  /** Never rejects for anything the vendor or the network does. */
  send(address: Members, push: VendorPush): Promise<Outcome>
  close(): Promise<void>
}

export interface Channel {
  readonly name: ChannelName
  readonly platforms: readonly Platform[]
  /** Attempts of one app under way at once. */
  readonly atOnceMax: number
  /**
   * @param wanted what the operator has sent @param before what the app has, for members that are not sent again
   * @throws ChannelFault
   */
  readCredentials(wanted: Members, before: Credentials | undefined): Credentials
  /**
   * What clients call the app's account with the vendor when they hand a token on, and nothing else was agreed; absent =
   * what they have of the vendor is more than one token. @param shown of the credentials
   */
  accountName?(shown: Members): string
  /** What a device says of itself at registration, in one form. @throws ChannelFault */
  readAddress(value: unknown): Members
  /** Whose failures an address shares, where a channel speaks to several providers; absent = all share them. */
  providerOf?(address: Members): string
  /** Has the push anything that this channel carries? */
  carries(push: VendorPush): boolean
  /** Can the vendor alone do with the device what the push asks, whatever the app gets by its session? Absent = never. */
  isOnlyWay?(push: VendorPush): boolean
  /** Would a second delivery of the same push replace the first, or be dropped, at the provider or on the device? */
  isRepeatable(push: VendorPush): boolean
  open(credentials: Credentials, surroundings: ChannelSurroundings): Sender
}
