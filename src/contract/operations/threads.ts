// Threads: conversations of some members of a group about one of its messages. A thread has members of its own, who are
// members of the group; its messages are messages to a group under the id of the thread.
import type { Removal } from './groups.ts'
import type { StoredMessage } from './messages.ts'

export interface Thread {
  readonly threadId: string
  readonly name: string
  /** A username: who has made it, or, once that user is deleted, the group's owner. */
  readonly owner: string
  /** The message it is about. */
  readonly msgId: number
  readonly groupId: string
  /** Epoch ms. */
  readonly createdAt: number
}

/** A message beside the thread that it is in, for those who are told of the thread. */
export interface ThreadMessage {
  readonly message: StoredMessage
  readonly thread: ThreadOfMessage
}

/** What a message in a thread says of the thread. */
export type ThreadOfMessage = Pick<Thread, 'name' | 'msgId' | 'groupId'>

/** What a message that a thread is about says of the thread. */
export interface ThreadOverview extends Thread {
  /** Sent in it so far, those that were recalled not counted. */
  readonly messageCount: number
  readonly lastMessage?: ThreadMessage
}

interface ThreadRef {
  readonly thread: string
  /** The device that asks, where the caller is a user: the user's other devices are told. */
  readonly resource?: string
}

interface Page {
  readonly limit: number
  readonly cursor?: string
}

type Order = 'oldest_first' | 'newest_first'

/** All throw `threads_off`; those that name a thread `thread_unknown`, and `thread_right_missing` for a user who may not. */
export interface ThreadOperations {
  /**
   * The owner is its first member. @throws `group_unknown`, `thread_outsider`, `thread_message_unknown`, `thread_exists`,
   *   `threads_too_many`, `user_groups_too_many`
   */
  'thread.create': {
    args: {
      readonly group: string
      readonly owner: string
      readonly msgId: number
      readonly name: string
      readonly resource?: string
    }
    result: { threadId: string }
  }
  /** For the group's owner and admins, and the thread's owner. */
  'thread.rename': { args: ThreadRef & { readonly name: string }; result: Record<never, never> }
  /** For the group's owner and admins. */
  'thread.delete': { args: ThreadRef; result: Record<never, never> }
  /** For members of the group. */
  'thread.get': { args: ThreadRef; result: Thread & { readonly memberCount: number } }
  /** @throws `user_unknown`, `thread_outsider`, `thread_member_already`, `user_groups_too_many` */
  'thread.join': { args: ThreadRef & { readonly user: string }; result: Thread }
  /** @throws `user_unknown`, `thread_member_absent` */
  'thread.leave': { args: ThreadRef & { readonly user: string }; result: Record<never, never> }
  /** Whoever is in it stays. @throws `thread_outsider`, `user_groups_too_many` */
  'thread.add_members': {
    args: ThreadRef & { readonly users: readonly string[] }
    result: Record<never, never>
  }
  /** For the group's owner and admins. */
  'thread.remove_members': {
    args: ThreadRef & { readonly users: readonly string[] }
    result: { removals: readonly Removal[] }
  }
  /** For members of the group, the one who came first first. */
  'thread.members': { args: ThreadRef & Page; result: { usernames: readonly string[]; next?: string } }
  /** The app's, by their age. */
  'thread.list': { args: Page & { readonly order: Order }; result: { threadIds: string[]; next?: string } }
  /** A group's, for its members, by their age. @throws `group_unknown` */
  'thread.list_of_group': {
    args: Page & { readonly group: string; readonly order: Order }
    result: { threads: Thread[]; next?: string }
  }
  /** Those a user is in, of one group or of all, by when it came. @throws `user_unknown` */
  'thread.list_joined': {
    args: Page & { readonly user: string; readonly group?: string; readonly order: Order }
    result: { threads: Thread[]; next?: string }
  }
  /** Of those of the threads that the caller may see. */
  'thread.last_messages': {
    args: { readonly threads: readonly string[] }
    result: { threads: { readonly threadId: string; readonly last?: ThreadMessage }[] }
  }
}
