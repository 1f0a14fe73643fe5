/** For members, each for itself: who shields itself from a group gets none of what is said in it meanwhile. */
export interface GroupShieldOperations {
  /** @throws `group_unknown`, `group_right_missing` */
  'group.shield': {
    args: { readonly group: string; readonly isShielded: boolean }
    result: Record<never, never>
  }
}
