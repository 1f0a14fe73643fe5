// What reaches users beside messages: signals about messages, events of groups, rooms and contacts, notices of the
// server. Names are usernames in lower case; a group or room is named by its id.
import type { ChatType } from './messages.ts'
import type { ThreadOfMessage } from './threads.ts'

/** Of a message that is no longer as it was sent. */
export interface EditFacts {
  readonly sender: string
  /** Epoch ms. */
  readonly sentAt: number
  readonly operator: string
  /** Epoch ms. */
  readonly editedAt: number
  readonly count: number
}

/** About a message that was sent before; it travels in the queue of that conversation. */
export interface Signal {
  readonly is: 'signal'
  readonly signal: 'read' | 'delivered' | 'recall' | 'channel_read' | 'edit'
  readonly chatType: ChatType
  readonly from: string
  /** The device it was sent from; '' = none. */
  readonly resource: string
  readonly to: string
  /** The message it is about. */
  readonly msgId: number
  /** A group receipt, with what the reader says. */
  readonly groupAck?: {
    readonly content: string
    /** How many have read the message by now; absent = that is not counted. */
    readonly readers?: number
  }
  /** Of an edit: the new payload, JSON, as in SendArgs, and who has edited how often. */
  readonly edit?: EditFacts & { readonly payload: string }
  /** What the sender's client has sent, as in MessageContent; absent when it came through REST. */
  readonly body?: string
  /** The thread that the message is in. */
  readonly thread?: ThreadOfMessage
}

export type GroupEventName =
  | 'created'
  | 'destroyed'
  | 'join_requested'
  | 'join_accepted'
  | 'join_declined'
  | 'invited'
  | 'invite_accepted'
  | 'invite_declined'
  | 'removed'
  | 'blocked'
  | 'unblocked'
  | 'updated'
  | 'joined'
  | 'left'
  | 'added'
  | 'owner_changed'
  | 'admin_added'
  | 'admin_removed'
  | 'muted'
  | 'unmuted'
  | 'announcement_changed'
  | 'announcement_deleted'
  | 'file_uploaded'
  | 'file_deleted'
  | 'allowed'
  | 'disallowed'
  | 'all_muted'
  | 'all_unmuted'
  | 'disabled'
  | 'enabled'
  | 'attributes_set'
  | 'attributes_removed'
  | 'member_attributes_set'

/** Something has happened in a group or room; it travels in the queue of the server's notices. */
export interface GroupEvent {
  readonly is: 'group_event'
  readonly event: GroupEventName
  readonly groupId: string
  readonly isRoom: boolean
  /** The group's name. */
  readonly name: string
  /** Who did it: a username, or '' = the app's own server. */
  readonly from: string
  /** Whom it concerns. At least one. */
  readonly to: readonly string[]
  /** The text that goes with it: a reason, an announcement, a shared file as JSON, attributes as JSON. */
  readonly text: string
  /** Of `updated`: the group as it is now. */
  readonly settings?: { readonly name: string; readonly description: string; readonly maxUsers: number }
  /** Of `muted`: until when, epoch ms. */
  readonly until?: number
  /** Members afterwards, the owner included, where it has changed. */
  readonly memberCount?: number
}

export type ThreadEventName = 'created' | 'destroyed' | 'joined' | 'left' | 'removed' | 'renamed'

/** A user has done something with a thread, or was removed from it: for that user's devices. */
export interface ThreadEvent {
  readonly is: 'thread_event'
  readonly event: ThreadEventName
  readonly threadId: string
  /** The thread's name. */
  readonly name: string
  readonly groupId: string
  /** Who did it: a username, or '' = the app's own server. */
  readonly from: string
  readonly to: string
}

export interface ContactEvent {
  readonly is: 'contact_event'
  readonly event: 'invited' | 'removed' | 'accepted' | 'declined' | 'remote_accepted' | 'remote_declined'
  readonly from: string
  readonly to: string
  readonly reason: string
}

/** JSON that clients read by its `type` (presence and the like). */
export interface ServerNotice {
  readonly is: 'server_notice'
  readonly payload: string
}

export type Notice = Signal | GroupEvent | ThreadEvent | ContactEvent | ServerNotice
