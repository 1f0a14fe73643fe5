// Who has read a message of a group.
export interface ReaderOperations {
  /** In the order in which they have said so. @throws `group_unknown`, `group_right_missing` */
  'message.readers': {
    args: {
      readonly group: string
      readonly msgId: number
      readonly limit: number
      readonly cursor?: string
    }
    result: { usernames: string[]; total: number; next?: string }
  }
}
