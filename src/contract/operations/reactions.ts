// Reactions: what users put on messages of conversations that they are in.
import type { ChatType } from './messages.ts'

/** Of one message, as one user sees it. */
export interface Reaction {
  readonly reactionId: string
  readonly reaction: string
  /** Users behind it. */
  readonly count: number
  readonly isOwn: boolean
  /** Their usernames, the earliest first: three at most, unless a page of them was asked for. */
  readonly users: readonly string[]
}

/** The message of an id that there is none of is 0. */
interface MessageOfUser {
  readonly user: string
  readonly msgId: number
  readonly reaction: string
}

/** All throw `reactions_off`, `user_unknown`, and where one message is named what keeps the user from it. */
export interface ReactionOperations {
  /** @throws `reaction_exists`, `reactions_too_many` */
  'reaction.add': {
    args: MessageOfUser
    result: {
      reactionId: string
      chatType: ChatType
      /** Group or thread; null = it is a message between two. */
      groupId: string | null
      /** Epoch ms. */
      createdAt: number
      modifiedAt: number
    }
  }
  /** @throws `reaction_forbidden` when there is none of this user */
  'reaction.remove': { args: MessageOfUser; result: Record<never, never> }
  /** Of those of the messages that have any and that the user is with. @throws `reaction_no_member` */
  'reaction.list': {
    args: {
      readonly user: string
      readonly msgIds: readonly number[]
      /** Absent = messages between two. */
      readonly group?: string
    }
    result: { messages: { msgId: number; reactions: readonly Reaction[] }[] }
  }
  /** One reaction with a page of its users. Absent when nobody has put it there. */
  'reaction.get': {
    args: MessageOfUser & { readonly limit: number; readonly cursor?: string }
    result: { reaction?: Reaction; next?: string }
  }
}
