// Names and values that belong to a member of a group, or to a room; and the users who may manage every room of an app.

export type Attributes = Readonly<Record<string, string>>

/** What became of each attribute named. */
export interface AttributeChanges {
  readonly done: readonly string[]
  /** Why not, by name. */
  readonly failed: Readonly<Record<string, string>>
}

export interface GroupAttributeOperations {
  /**
   * For the member itself, the owner, the admins and the app. An empty value takes the attribute away.
   * @throws `metadata_group_unknown`, `group_right_missing`, `member_absent`, `member_attributes_too_large`
   */
  'member_attributes.set': {
    args: { readonly group: string; readonly user: string; readonly attributes: Attributes }
    /** All that the member has afterwards. */
    result: { attributes: Attributes }
  }
  /**
   * For members and the app. Members only are answered.
   * @throws `metadata_group_unknown`, `group_right_missing`
   */
  'member_attributes.get': {
    args: {
      readonly group: string
      readonly users: readonly string[]
      /** Empty = all. */
      readonly names: readonly string[]
    }
    result: { members: { readonly username: string; readonly attributes: Attributes }[] }
  }

  /**
   * As a user who is in the room: what another has set stays unless `isForced`.
   * @throws `group_unknown`, `user_unknown`, `member_absent`
   */
  'room_attributes.set': {
    args: {
      readonly room: string
      readonly user: string
      readonly attributes: Attributes
      readonly isForced: boolean
      /** They go when the user leaves the room. */
      readonly goWithUser: boolean
    }
    result: AttributeChanges
  }
  /** As `room_attributes.set`. */
  'room_attributes.remove': {
    args: {
      readonly room: string
      readonly user: string
      readonly names: readonly string[]
      readonly isForced: boolean
    }
    result: AttributeChanges
  }
  /** @throws `group_unknown` */
  'room_attributes.get': {
    args: {
      readonly room: string
      /** Empty = all. */
      readonly names: readonly string[]
    }
    result: { attributes: Attributes }
  }

  /** @throws `single_member_unknown` */
  'super_admin.add': { args: { readonly user: string }; result: { username: string } }
  /** It may be none. @throws `single_member_unknown` */
  'super_admin.remove': { args: { readonly user: string }; result: { username: string } }
  /** The one added last first. */
  'super_admin.list': {
    args: { readonly offset: number; readonly limit: number }
    result: { usernames: string[] }
  }
}
