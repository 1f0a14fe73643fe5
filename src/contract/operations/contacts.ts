// Contacts of users, whom they have blocked, whom the app's server has muted. A user is named by username, in any case,
// or by uuid.
import type { ChatType } from './messages.ts'
import type { User } from './users.ts'

export interface Contact {
  readonly username: string
  /** What the owner of the list calls the contact; '' = nothing. */
  readonly remark: string
}

/** Two users, one of whom owns the list. */
interface Pair {
  readonly owner: string
  readonly user: string
}

interface PairOfUsers {
  readonly owner: User
  readonly user: User
}

/** A list, newest first. */
interface ListRequest {
  readonly owner: string
  readonly limit: number
  /** What an earlier page gave as `next`; one that cannot be read begins at the start. */
  readonly cursor?: string
}

/** Seconds, for each kind of chat: -1 = for ever, 0 = not at all; a kind that is not named stays as it is. */
export type MuteSeconds = { readonly [Kind in ChatType]?: number }

/** @throws `user_unknown` when one of the users named does not exist */
export interface ContactOperations {
  /**
   * Without asking the other: each is in the other's list then. A user who calls for itself needs the other's
   * invitation where messages need a contact, and where the other has blocked it.
   * @throws `contacts_too_many`, `invalid_request` for oneself, `contact_absent` when there is no such invitation
   */
  'contact.add': { args: Pair; result: PairOfUsers }
  /** They may be no contacts. */
  'contact.remove': { args: Pair; result: PairOfUsers }
  'contact.list': { args: ListRequest; result: { contacts: Contact[]; next?: string } }
  /** @throws `contact_absent` */
  'contact.set_remark': { args: Pair & { readonly remark: string }; result: Record<never, never> }
  /** Asks others to become contacts. @throws `contacts_too_many`, `invalid_request` for oneself */
  'contact.invite': {
    args: { readonly owner: string; readonly users: readonly string[]; readonly reason: string }
    result: Record<never, never>
  }
  /** The owner takes the user's invitation. @throws `contact_absent` when there is none, `contacts_too_many` */
  'contact.accept': { args: Pair; result: Record<never, never> }
  /** @throws `contact_absent` when there is none */
  'contact.decline': { args: Pair; result: Record<never, never> }

  /**
   * All of them or none; what they and the owner have asked of each other is forgotten. Answers their names, whether they were blocked already or not.
   * @throws `block_user_unknown`, `blocks_too_many`, `invalid_request` for oneself
   */
  'block.add': {
    args: { readonly owner: string; readonly users: readonly string[] }
    result: { usernames: string[] }
  }
  'block.list': { args: ListRequest; result: { usernames: string[]; next?: string } }
  /** It may not be blocked. */
  'block.remove': { args: Pair; result: PairOfUsers }
  /** As `block.remove` for those of them that exist; answers their names. */
  'block.remove_many': {
    args: { readonly owner: string; readonly users: readonly string[] }
    result: { usernames: string[] }
  }

  'mute.set': { args: { readonly user: string; readonly seconds: MuteSeconds }; result: Record<never, never> }
  /** Seconds that are left of each, as in MuteSeconds. */
  'mute.get': {
    args: { readonly user: string }
    result: { username: string; seconds: Required<MuteSeconds> }
  }
  /** One entry for each kind that a user is muted in. */
  'mute.list': {
    args: { readonly offset: number; readonly limit: number }
    result: { mutes: { readonly username: string; readonly chatType: ChatType; readonly seconds: number }[] }
  }
}
