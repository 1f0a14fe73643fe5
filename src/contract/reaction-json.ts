// The reactions of a message as clients read them, in a page of history or in a notice of the server (easemob.md §2.12).
import type { Reaction } from './operations/reactions.ts'

/** What has just been done to a reaction, and by whom. */
export interface ReactionChange {
  readonly reactionType: 'create' | 'delete'
  readonly operator: string
}

/** As one user sees it. */
export function toReactionJson({ reaction, count, isOwn, users }: Reaction): object {
  return { reaction, count, state: isOwn, userList: users }
}

/** As everybody sees it. */
export function toSharedReactionJson({ reaction, count, users }: Reaction, op?: ReactionChange): object {
  return { reaction, count, userList: users, ...(op && { op: [op] }) }
}
