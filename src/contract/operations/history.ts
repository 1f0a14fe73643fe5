// What becomes of messages that were sent: taken back, changed, read again.
import type { Entry } from './inbox.ts'
import type { ChatType, StoredMessage } from './messages.ts'

export interface HistoryOperations {
  /** By the app's own server. What became of each, in their order. @throws `recall_off` */
  'history.recall': { args: { readonly messages: readonly Recall[] }; result: { outcomes: RecallOutcome[] } }
  /**
   * By the app's own server, for the user who has sent the message.
   * @throws `edit_off`, `edit_message_unknown`, `edit_forbidden`, `edit_not_text`, `edits_too_many`
   */
  'history.edit': {
    /** `payload`: JSON, as in SendArgs; without `ext` that of the message stays. */
    args: { readonly msgId: number; readonly user: string; readonly payload: string }
    result: { count: number }
  }
  /** A page of one conversation, as the user sees it. @throws `roaming_off`, `user_unknown`, `roaming_no_member` */
  'history.page': {
    args: {
      readonly user: string
      readonly conversation: ConversationName
      /** A message id: what lies beyond it, in the direction of reading. Absent = from the end. */
      readonly after?: number
      readonly order: 'newest_first' | 'oldest_first'
      readonly limit: number
      /** Types of content (`txt`, `img`, …); absent = all. */
      readonly types?: readonly string[]
      /** Epoch ms, both included. */
      readonly since?: number
      readonly until?: number
      /** Only what this user has sent. */
      readonly sender?: string
    }
    /** `next`: where the next page begins. */
    result: { username: string; entries: Entry[]; isLast: boolean; next?: number }
  }
  /** Removes from the user's own view: everything that was sent until now or until a moment, or single messages. */
  'history.hide': {
    args: {
      readonly user: string
      readonly conversation: ConversationName
      /** Epoch ms, included. */
      readonly until?: number
      readonly msgIds?: readonly number[]
    }
    result: Record<never, never>
  }
  /** A signed permission to read one hour. @throws `export_unstored`, `export_empty` */
  'history.offer_hour': {
    /** `yyyyMMddHH`, UTC. */
    args: { readonly hour: string }
    /** `expiresAt`: epoch ms. */
    result: { expiresAt: number; signature: string }
  }
  /** Messages of one hour after an id, for whoever has a permission. @throws `export_link_invalid` */
  'history.read_hour': {
    args: {
      readonly hour: string
      readonly expiresAt: number
      readonly signature: string
      readonly after: number
    }
    result: { messages: StoredMessage[]; isLast: boolean }
  }
}

export interface Recall {
  readonly msgId: number
  readonly chatType: ChatType
  readonly to: string
  /** Who is said to have done it. */
  readonly from: string
  /** However old it is. */
  readonly isForced: boolean
}

/** Names in lower case. */
export type RecallOutcome =
  | { readonly from: string; readonly to: string }
  | { readonly refusedAs: 'recall_message_unknown' | 'recall_receiver_wrong' | 'recall_too_late' }

/** A user (a name), or a group or room (an id), seen from a user. */
export interface ConversationName {
  readonly with: string
  readonly isGroup: boolean
}
