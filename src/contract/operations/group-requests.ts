// How users come into groups by themselves: they ask to join, they are invited, they leave. Each is for the user whose
// token calls. Groups only: a room is entered by whoever wants to.

/** The user who calls has to be a member where nothing else is said. */
interface RequestedGroup {
  readonly group: string
}

export interface Invitee {
  readonly username: string
  /** It was a member already otherwise. */
  readonly isInvited: boolean
}

/** @throws `group_unknown`; `group_right_missing` for who may not, or is no user */
export interface GroupRequestOperations {
  /**
   * Joins at once, or asks the owner and the admins where the group wants it so. A group that is not public is unknown
   * to those who are not in it.
   * @throws `member_already`, `user_groups_too_many`, `group_full`
   */
  'group_request.ask': {
    args: RequestedGroup & { readonly message: string }
    result: { username: string; isMember: boolean }
  }
  /** For the owner, the admins and the app. @throws `group_request_absent`, and what `group_request.ask` does */
  'group_request.answer': {
    args: RequestedGroup & { readonly user: string; readonly accepts: boolean; readonly reason: string }
    result: { username: string }
  }
  /**
   * For the owner and the admins, and for every member where the group allows it. Whoever is invited is a member at
   * once, or is asked, as the group wants it.
   * @throws `member_unknown`, `member_already` when all of them are members, `user_groups_too_many`, `group_full`
   */
  'group_invitation.send': {
    args: RequestedGroup & { readonly usernames: readonly string[] }
    result: { invitees: Invitee[] }
  }
  /** For who is invited. @throws `group_request_absent`, and what `group_request.ask` does */
  'group_invitation.answer': {
    args: RequestedGroup & { readonly user: string; readonly accepts: boolean }
    result: { username: string }
  }
  /** The caller is a member no more. @throws `owner_protected`, `member_absent` */
  'group.quit': { args: RequestedGroup; result: Record<never, never> }
}
