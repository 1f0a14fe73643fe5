// What instant-messaging clients ask for themselves, through the door that holds their connections: sessions, the
// queues of what they have still to get, sending.
//
// A user's queues are named `u:{peer}`, `g:{group id}` and '' for the server's notices. A device takes each of them in
// the order of the entries' ids and acknowledges by the greatest id it has. Rooms have no queue: their messages are
// read from the log while one is in them (`r:{room id}`).
import type { ChatType, RoomPriority } from './messages.ts'
import type { EditFacts, Notice } from './notices.ts'
import type { Reaction } from './reactions.ts'
import type { ThreadOfMessage, ThreadOverview } from './threads.ts'

export interface UserSessionName {
  readonly uid: number
  readonly deviceId: number
  readonly session: string
}

export interface NewUserSession {
  readonly org: string
  readonly app: string
  readonly username: string
  readonly credentials: { readonly token: string } | { readonly password: string }
  /** Names the device among the user's. */
  readonly resource: string
  readonly deviceUuid: string
  readonly deviceName: string
  readonly os: string
  readonly ip: string
  /** Named by the gateway that holds the connection. */
  readonly session: string
}

export interface OpenedUserSession {
  readonly uid: number
  readonly appId: number
  readonly deviceId: number
  readonly username: string
  /** Rooms it is in, the one joined last first; it reads each of them after the id `roomsFrom`. */
  readonly rooms: readonly string[]
  readonly roomsFrom: number
  /** Epoch ms; absent = never, or the login was by password. */
  readonly tokenExpiresAt?: number
}

export interface MessageContent {
  readonly is: 'message'
  readonly chatType: ChatType
  readonly from: string
  /** The device it was sent from; '' = none. */
  readonly resource: string
  readonly to: string
  /** JSON, as in SendArgs. */
  readonly payload: string
  /** What the sender's client has sent, in the form of msync/meta.ts `pack`; absent when it came through REST. */
  readonly body?: string
  /** Absent = it is as it was sent. */
  readonly edit?: EditFacts
  /** Where history is read: those of the message, as the reader sees them; absent = none. */
  readonly reactions?: readonly Reaction[]
  /** The thread that it is in. */
  readonly thread?: ThreadOfMessage
  /** Where history is read: the thread about it. */
  readonly overview?: ThreadOverview
  /** Of a room's message, as the app's server wants it. */
  readonly priority?: RoomPriority
}

export interface Entry {
  /** A message id: of the message, or of the notice. */
  readonly id: number
  readonly content: MessageContent | Notice
}

/** A message from a client's connection. */
export interface ClientMessage extends UserSessionName {
  /** The user and the device, as `inbox.open` has told the door. */
  readonly from: string
  readonly resource: string
  /** The client's own name for it, a decimal uint64: a repeat from the same device is answered as the first. */
  readonly clientId: string
  readonly chatType: ChatType
  readonly to: string
  /** JSON, as in SendArgs. */
  readonly payload: string
  readonly body: string
  readonly isOnlineOnly?: true
  /** Of a group or room: only these of its members. */
  readonly only?: readonly string[]
  /** Of a room: what the app's server wants it to be, where that is not what the client says in `body`. */
  readonly priority?: RoomPriority
}

/**
 * All but the first three are for a session that lives in the core's books.
 * @throws `user_session_gone`
 */
export interface InboxOperations {
  /**
   * Ends the earlier session of the same user and resource, wherever it is.
   * @throws `app_unknown`, `app_blacklisted`, `token_…`, `grant_user_unknown`, `grant_password_wrong`,
   *   `user_not_activated`, `user_devices_too_many`
   */
  'inbox.open': { args: NewUserSession; result: OpenedUserSession }
  /** For a core that has started anew: these sessions live. Answers which of the devices have another, or none. */
  'inbox.confirm': { args: { sessions: readonly UserSessionName[] }; result: { lost: number[] } }
  'inbox.close': { args: { sessions: readonly UserSessionName[] }; result: Record<never, never> }
  /** The queues in which something waits for the device; more than `countMax` entries are not counted. */
  'inbox.waiting': {
    args: UserSessionName
    result: { queues: { readonly queue: string; readonly count: number }[] }
  }
  /**
   * What waits in one queue, oldest first, without acknowledging anything: `limit` entries, or as many as one answer to a
   * client holds. `after`: an id the device has all up to.
   */
  'inbox.pull': {
    args: UserSessionName & { readonly queue: string; readonly after?: number; readonly limit: number }
    result: { entries: Entry[] }
  }
  /** The device has everything up to this id; what comes next. An id that was never given out acknowledges nothing. */
  'inbox.acknowledge': {
    args: InboxOperations['inbox.pull']['args'] & { readonly through: number }
    result: { entries: Entry[] }
  }
  /** `at`: epoch ms. @throws what keeps this user from sending this there */
  'inbox.send': { args: ClientMessage; result: { msgId: number; at: number } }
  /** A signal from a client. @throws as `inbox.send`, and what forbids a recall or an edit */
  'inbox.signal': {
    args: Omit<ClientMessage, 'payload'> & {
      readonly signal: 'read' | 'delivered' | 'recall' | 'channel_read' | 'edit'
      readonly about: number
      readonly groupAck?: { readonly content: string }
      /** Of an edit: the new payload. */
      readonly payload?: string
    }
    result: {
      msgId: number
      at: number
      /** Of an edit: what was told to the others. */
      edit?: EditFacts
    }
  }
  /** @throws `target_room_unknown`, `group_full`, and what keeps this user out */
  'inbox.enter_room': {
    args: UserSessionName & { readonly room: string; readonly leavesOthers: boolean; readonly text: string }
    result: {
      /** A message id: the session reads the room's messages after it. */
      readonly from: number
      readonly memberCount: number
      readonly createdAt: number
      readonly isAllMuted: boolean
      /** May the user speak while all others are silent? */
      readonly isAllowed: boolean
      /** Epoch ms; 0 = the user is not muted. */
      readonly mutedUntil: number
    }
  }
  'inbox.leave_room': { args: UserSessionName & { readonly room: string }; result: Record<never, never> }
  /** A room's messages, and signals about them, after an id. @throws `sender_no_member` when the user is in it no longer */
  'inbox.read_room': {
    args: UserSessionName & { readonly room: string; readonly after: number; readonly limit: number }
    result: {
      entries: Entry[]
      /** There may be more after them. */
      hasMore: boolean
    }
  }
}
