// The conversations of a user, as the user lists them.
import type { ConversationName } from './history.ts'
import type { Entry } from './inbox.ts'

export interface Conversation extends ConversationName {
  /** Epoch ms; 0 = not pinned. */
  readonly pinnedAt: number
  readonly marks: readonly number[]
  /** Messages from others since the user has last said what it has read, as far as they are counted. */
  readonly unread: number
  /** The newest message that the user can see; absent = there is none. */
  readonly last?: Entry
}

/** Who changes it: the user's other devices are told. */
interface Change {
  readonly user: string
  /** The device it comes from; '' = none. */
  readonly resource: string
}

/** @throws `user_unknown` */
export interface ConversationOperations {
  /** By the newest message, those pinned by when they were; the newest first. */
  'conversation.list': {
    args: {
      readonly user: string
      readonly only?: 'pinned' | { readonly mark: number }
      /** Those too in which the user sees no message. */
      readonly withEmpty: boolean
      readonly limit: number
      readonly offset?: number
      readonly cursor?: string
    }
    result: { conversations: Conversation[]; next?: string }
  }
  /** @throws `roaming_no_member`, and `user_unknown` for the other user too */
  'conversation.pin': {
    args: Change & { readonly conversation: ConversationName; readonly isPinned: boolean }
    /** Epoch ms; 0 = not pinned. */
    result: { pinnedAt: number }
  }
  /** Answers those that are not there. */
  'conversation.mark': {
    args: Change & {
      readonly conversations: readonly ConversationName[]
      readonly mark: number
      readonly isMarked: boolean
    }
    result: { ignored: ConversationName[] }
  }
  /** Off the list, until there is a new message. @throws `roaming_no_member` */
  'conversation.remove': {
    args: Change & { readonly conversation: ConversationName; readonly withMessages: boolean }
    result: Record<never, never>
  }
  /** All of them, with their messages. */
  'conversation.remove_all': { args: Change; result: Record<never, never> }
}
