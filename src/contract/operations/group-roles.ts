// What members of a group or room may and may not there: admins, those who are barred, muted or allowed to speak while
// all others are silent; and the announcement. For the app, and for a user who is the owner or an admin: an admin acts on
// neither the owner nor another admin, and only the owner makes admins.
import type { GroupRef } from './groups.ts'

/**
 * Users of a group who are listed there.
 * - `blocked`: may not become members, and are none
 * - `allowed`: members who may speak while the group is silent
 */
export type GroupList = 'blocked' | 'allowed'

/** What became of one user of several. */
export interface ListChange {
  /** As it was sent, but a user's in lower case. */
  readonly user: string
  readonly isDone: boolean
}

export interface GroupMute {
  readonly username: string
  /** Epoch ms; 0 = no more. */
  readonly until: number
}

export interface GroupRoleHolder {
  readonly username: string
  readonly role: 'owner' | 'admin' | 'member'
  readonly isOnline: boolean
}

/** @throws `group_unknown`, and `group_right_missing` for a user who may not */
export interface GroupRoleOperations {
  /** Newest first. For every member. */
  'group_admin.list': { args: GroupRef; result: { usernames: string[] } }
  /** One who is an admin stays one. @throws `role_member_absent`, `owner_protected`, `admins_too_many` */
  'group_admin.add': { args: GroupRef & { user: string }; result: { username: string } }
  /** @throws `admin_absent` */
  'group_admin.remove': { args: GroupRef & { user: string }; result: { username: string } }
  /** All members, the one who joined first first. For every member. */
  'group_role.list': {
    args: GroupRef & { offset: number; limit: number }
    result: { holders: GroupRoleHolder[] }
  }

  /** Newest first; `cursor`: what an earlier page gave as `next`. */
  'group_list.get': {
    args: GroupRef & { list: GroupList; limit: number; cursor?: string }
    result: { usernames: string[]; next?: string }
  }
  /** A user may ask this of itself. */
  'group_list.has': {
    args: GroupRef & { list: GroupList; user: string }
    result: { username: string; isListed: boolean }
  }
  /**
   * A member who is blocked is a member no more.
   * @throws `role_member_absent`, `owner_protected`
   */
  'group_list.add_one': { args: GroupRef & { list: GroupList; user: string }; result: { username: string } }
  /** Those who are members. @throws `owner_protected` when the owner is among them */
  'group_list.add': {
    args: GroupRef & { list: GroupList; users: readonly string[] }
    result: { changes: ListChange[] }
  }
  /** Whether they were on it or not. Whoever was blocked does not become a member again. */
  'group_list.remove': {
    args: GroupRef & { list: GroupList; users: readonly string[] }
    result: { usernames: string[] }
  }

  /** Newest first. */
  'group_mute.list': { args: GroupRef; result: { mutes: GroupMute[] } }
  /** A user may ask this of itself. */
  'group_mute.has': { args: GroupRef & { user: string }; result: { isMuted: boolean } }
  /**
   * All or none. `ms`: for how long; -1 = without end, 0 = no more.
   * @throws `member_absent`, `owner_protected`
   */
  'group_mute.set': {
    args: GroupRef & { users: readonly string[]; ms: number }
    result: { mutes: GroupMute[] }
  }
  /** Lifts them. @throws `member_absent` for one who is neither a member nor muted */
  'group_mute.remove': { args: GroupRef & { users: readonly string[] }; result: { usernames: string[] } }
  /** Silences all but the owner, the admins and the allowed, or lets them speak again. */
  'group_mute.set_all': { args: GroupRef & { isMuted: boolean }; result: Record<never, never> }

  /** '' = none. For every member. */
  'group_announcement.get': { args: GroupRef; result: { text: string } }
  'group_announcement.set': { args: GroupRef & { text: string }; result: Record<never, never> }
}
