import type { Edition } from '../failure.ts'
import type { ChatType } from './messages.ts'

/** Which messages are told to the app's own server (easemob.md §5). */
export interface CallbackRule {
  readonly name: string
  /** `before`: asked whether a client's message may pass. `after`: told of every message. */
  readonly phase: 'before' | 'after'
  readonly url: string
  readonly secret: string
  readonly enabled: boolean
  /** Empty = all. */
  readonly chat_types: readonly ChatType[]
  /** `txt`, `img` …; empty = all. */
  readonly message_types: readonly string[]
  /** `after` only. */
  readonly events: readonly CallbackEvent[]
  /** `before` only. */
  readonly timeout_ms: number
  /** `before` only: what becomes of the message when no usable answer comes. */
  readonly on_failure: 'deliver' | 'refuse'
}

/**
 * Once a message; once for each receiver who was away; a user logs in, logs out or is displaced; something happens in a
 * group or room; between contacts.
 */
export type CallbackEvent = 'chat' | 'chat_offline' | 'user_status' | 'group' | 'contact'

/** Who comes first: a device's own session, the vendor where it has none; or the vendor in any case. */
export type ChannelRule = 'session_first' | 'vendor_always'

/**
 * What an app is with vendors, without its secrets: `apns`, `fcm` … by name. `notifiers`: what clients call them in
 * `notifier_name`, each with the channel it stands for and what holds for its addresses (`environment`, `topic`).
 */
export type ChannelSettings = {
  readonly rule?: ChannelRule
  readonly notifiers?: Readonly<
    Record<string, { readonly channel: string } & Readonly<Record<string, unknown>>>
  >
} & Readonly<Record<string, unknown>>

export interface AppSettings {
  readonly registration: 'open' | 'authorised'
  readonly edition: Edition
  readonly token_ttl_seconds: number
  readonly vip: boolean
  readonly blacklisted: boolean
  /** May clients send to their contacts only? */
  readonly messages_need_contact: boolean
  readonly message_recall: boolean
  readonly message_edit: boolean
  readonly message_roaming: boolean
  readonly user_attributes: boolean
  readonly presence: boolean
  readonly reactions: boolean
  readonly threads: boolean
  /** May the app's server send one message to all chat rooms? */
  readonly room_broadcast: boolean
  /** Nobody puts them into the name or the announcement of a group or room. */
  readonly blocked_words: readonly string[]
  /** Addresses or CIDR blocks from which the app's own credentials are taken; empty = all. */
  readonly ip_allowlist: readonly string[]
  readonly limits: {
    /** null = unlimited. */
    readonly easemob_calls_per_second: number | null
    readonly messages_per_minute: number | null
    readonly room_broadcasts_per_minute: number
    readonly push_per_minute: number
    readonly report_per_minute: number
    readonly device_per_minute: number
    readonly schedule_per_minute: number
    readonly file_per_minute: number
    /** null = unlimited. */
    readonly pushes_per_device_per_day: number | null
  }
  readonly retired: readonly { readonly method: string; readonly path: string; readonly notice: string }[]
  readonly channels: ChannelSettings
  readonly callbacks: readonly CallbackRule[]
}

export interface AppCredentials {
  readonly org: string
  readonly app: string
  readonly uuid: string
  readonly client_id: string
  readonly client_secret: string
  readonly app_key: string
  readonly master_secret: string
}

export interface AppOperations {
  'app.create': { args: { org: string; app: string }; result: AppCredentials }
  'app.list': { args: Record<never, never>; result: { apps: AppCredentials[] } }
  'app.get': { args: { org: string; app: string }; result: AppCredentials & { settings: AppSettings } }
  /** `settings` holds the members to change; the rest stay. */
  'app.change': {
    args: { org: string; app: string; settings: Partial<AppSettings> }
    result: AppCredentials & { settings: AppSettings }
  }
  'app.delete': { args: { org: string; app: string }; result: AppCredentials }
  /** Does nothing: for a door that has only the caller to check before it answers a failure of its own. */
  'app.admit': { args: Record<never, never>; result: Record<never, never> }
}
