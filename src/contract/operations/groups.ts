// Groups and chat rooms: one set of operations for both, told apart by `kind`. Group ids are decimal numbers, written
// as text; usernames come out in lower case and go in in any.

/** A room is a group that keeps no messages for those who are away. */
export type GroupKind = 'group' | 'room'

/** The group or room meant: one that does not exist, or is of the other kind, is `group_unknown`. */
export interface GroupRef {
  readonly kind: GroupKind
  readonly group: string
}

export interface GroupSettings {
  readonly name: string
  readonly description: string
  readonly isPublic: boolean
  /** The owner included. */
  readonly maxUsers: number
  /** Joining needs approval. */
  readonly membersOnly: boolean
  /** Members may invite. */
  readonly allowInvites: boolean
  readonly inviteNeedConfirm: boolean
  readonly custom: string
  /** '' = none. */
  readonly avatar: string
}

export interface NewGroup extends Omit<GroupSettings, 'maxUsers'> {
  readonly kind: GroupKind
  /** Absent = the next free one. */
  readonly groupId?: number
  /** Absent = the contract's default. */
  readonly maxUsers?: number
  readonly scale: 'normal' | 'large'
  readonly owner: string
  /** Beside the owner. */
  readonly members: readonly string[]
  /** A user who makes it asks these members first. */
  readonly asksMembers?: true
}

export interface Group extends GroupSettings {
  readonly groupId: string
  readonly owner: string
  readonly scale: string
  readonly isDisabled: boolean
  readonly isMuted: boolean
  /** The owner included. */
  readonly memberCount: number
  /** Epoch ms. */
  readonly createdAt: number
  readonly modifiedAt: number
}

export type MemberRole = 'owner' | 'admin' | 'member'

export interface Member {
  readonly username: string
  readonly role: MemberRole
  /** Epoch ms. */
  readonly joinedAt: number
}

export type MemberOrder = 'oldest_first' | 'newest_first'

/** What became of a user who was to be removed. */
export interface Removal {
  /** As it was sent, but a member's in lower case. */
  readonly user: string
  readonly isRemoved: boolean
}

/**
 * A user's own token reaches as far as the user does: it makes groups of its own; of a group the owner and the admins may
 * run it, the owner alone hands it over or dissolves it, its members see who is in it. Otherwise `group_right_missing`.
 */
export interface GroupOperations {
  /** @throws `owner_unknown`, `member_unknown`, `group_id_exists`, `groups_too_many`, `user_groups_too_many`, `group_full` */
  'group.create': { args: NewGroup; result: { groupId: string } }
  /** Newest first. */
  'group.list': {
    args: {
      kind: GroupKind
      /** Absent = as many as the edition shows unasked. */
      limit?: number
      /** What an earlier page gave as `next`; one that cannot be read begins at the start. */
      cursor?: string
      /** Absent = 0. */
      offset?: number
      isPublic?: true
    }
    result: { groups: Group[]; next?: string }
  }
  /**
   * Those that exist, in the order asked; when one only is asked for, its members, and for a user that is one of them
   * whether it has shielded itself.
   * @throws `group_details_unknown` when none exists
   */
  'group.get': {
    args: { kind: GroupKind; groups: readonly string[] }
    result: { groups: (Group & { members?: Member[]; isShielded?: boolean })[] }
  }
  /** @throws `fields_unknown`, `maxusers_below_count`, `new_owner_same`, `owner_unknown`, `new_owner_absent` */
  'group.change': {
    args: GroupRef & {
      changes: Partial<GroupSettings>
      newOwner?: string
      /** Names of members that mean nothing here: refused where the edition wants it. */
      unknownFields: readonly string[]
      /** Names of members that no edition lets pass. */
      fixedFields: readonly string[]
    }
    result: Record<never, never>
  }
  'group.set_disabled': { args: GroupRef & { isDisabled: boolean }; result: Record<never, never> }
  'group.delete': { args: GroupRef; result: Record<never, never> }

  'group.members': {
    args: GroupRef & { order: MemberOrder; offset: number; limit: number; cursor?: string }
    result: { members: Member[]; next?: string }
  }
  /** Without the owner, page by page as `group.list`. */
  'group.plain_members': {
    args: GroupRef & { order: MemberOrder; limit: number; cursor?: string }
    result: { usernames: string[]; next?: string }
  }
  'group.has_member': { args: GroupRef & { user: string }; result: { isMember: boolean } }
  /** @throws `single_member_unknown`, `member_already` (groups only), `user_groups_too_many`, `group_full` */
  'group.add_member': { args: GroupRef & { user: string }; result: { username: string } }
  /**
   * All or none: `added` are those that were no members before. `isSilent`: nobody is told, they neither.
   * @throws `member_unknown`; `member_already` when a group has all of them; `user_groups_too_many`, `group_full`
   */
  'group.add_members': {
    args: GroupRef & { usernames: readonly string[]; isSilent?: boolean }
    result: { added: string[] }
  }
  /** @throws `owner_protected`, `member_absent` */
  'group.remove_member': { args: GroupRef & { user: string }; result: { username: string } }
  /** @throws `owner_protected` when the owner is among them, `member_absent` when no member is */
  'group.remove_members': {
    args: GroupRef & { users: readonly string[] }
    result: { removals: Removal[] }
  }

  /** Puts a user into several: those it is in then, of the ids asked for. @throws `user_unknown` */
  'group.join_many': {
    args: { user: string; groups: readonly string[] }
    result: { joined: { group: string; isMember: boolean }[] }
  }
  /** Those a user is in, the one joined last first. @throws `user_unknown` */
  'group.joined': {
    args: { kind: GroupKind; user: string; offset: number; limit: number; withRoles?: boolean }
    result: { groups: (Group & { role?: MemberRole })[]; total: number }
  }
}
