// The push object (jpush.md §3.1.1). Its maps are open where the vendor adds members.

/** What a device runs on. */
export type Platform = 'android' | 'ios' | 'hmos' | 'quickapp' | 'winphone'
type Members = Readonly<Record<string, unknown>>

/** Different keys are combined with AND. */
export interface Audience {
  /** Devices with any of these tags; at most 20. */
  readonly tag?: readonly string[]
  /** Devices with all of them; at most 20. */
  readonly tag_and?: readonly string[]
  /** Devices with none of them; at most 20. */
  readonly tag_not?: readonly string[]
  /** At most 1,000. */
  readonly alias?: readonly string[]
  /** At most 1,000. */
  readonly registration_id?: readonly string[]
  readonly segment?: readonly string[]
  readonly abtest?: readonly string[]
  readonly live_activity_id?: string
  /** Of `uploadFile`; with `sendFilePush` only. */
  readonly file?: { readonly file_id: string }
}

/** What an Android device shows. */
export interface AndroidNotification extends Members {
  readonly alert?: string
  readonly title?: string
  readonly builder_id?: number
  readonly channel_id?: string
  /** −2 … 2. */
  readonly priority?: number
  readonly category?: string
  readonly style?: 0 | 1 | 2 | 3
  readonly alert_type?: number
  readonly extras?: Members
}

/** What an iPhone shows: at most 2,000 bytes. */
export interface IosNotification extends Members {
  /** A text, or an APNs alert. */
  readonly alert?: string | Members
  readonly sound?: string | Members
  /** A number sets it, `"+1"` adds. */
  readonly badge?: number | string
  readonly 'content-available'?: boolean
  readonly 'mutable-content'?: boolean
  readonly category?: string
  readonly 'thread-id'?: string
  readonly extras?: Members
}

/** What devices show, each platform its own. Android’s and the message together have at most 4,000 bytes. */
export interface Notification {
  /** For each platform that says none of its own. */
  readonly alert?: string
  readonly android?: AndroidNotification
  readonly ios?: IosNotification
  readonly hmos?: Members
  readonly quickapp?: Members
  readonly winphone?: Members
  readonly voip?: Members
}

/** What goes to the app on the device and is not shown. */
export interface Message {
  readonly msg_content: string
  readonly title?: string
  readonly content_type?: string
  readonly extras?: Members
}

/** How a push is sent. */
export interface PushOptions extends Members {
  readonly sendno?: number
  /** Seconds; 0: only to those who are online. Default a day. */
  readonly time_to_live?: number
  /** The msg_id of the push that this one replaces. */
  readonly override_msg_id?: string
  /** Default true. */
  readonly apns_production?: boolean
  readonly apns_collapse_id?: string
  /** Minutes over which the push is spread, 1–1,400. */
  readonly big_push_duration?: number
  readonly third_party_channel?: Readonly<Record<string, Members>>
}

/** What is sent, whoever gets it. */
export interface PushContent {
  readonly platform: 'all' | readonly Platform[]
  readonly notification?: Notification
  readonly message?: Message
  readonly sms_message?: Members
  readonly notification_3rd?: Members
  readonly live_activity?: Members
  readonly inapp_message?: { readonly inapp_message: boolean }
  readonly callback?: Members
  readonly options?: PushOptions
}

/** A push: at least one of `notification`, `message` and `live_activity`. */
export interface Push extends PushContent {
  readonly audience: 'all' | Audience
  /** Absent: taken from the client's pool. */
  readonly cid?: string
}
