export type ChatType = 'chat' | 'groupchat' | 'chatroom'

/** What clients may let go of first when a room says too much. */
export type RoomPriority = 'high' | 'normal' | 'low'

export interface SendArgs {
  readonly chatType: ChatType
  /** Need not be a user. */
  readonly from: string
  /** Usernames, or ids of groups or rooms; each counts as one message. */
  readonly targets: readonly string[]
  /** Of a group: only these of its members (usernames). Absent = all. */
  readonly only?: readonly string[]
  /** JSON, kept as it is: `{"bodies":[…],"ext":{…}}`. */
  readonly payload: string
  /** Not kept for those who are away. */
  readonly isOnlineOnly?: true
  /** The sender's own devices get it too. */
  readonly isSynced?: true
  /** Of a group: these (usernames) do not find it in the conversation when they read it again. */
  readonly forgottenBy?: readonly string[]
  /** Of a room. */
  readonly priority?: RoomPriority
}

/** A message of another service: it is in the history from its own moment on, and goes into nobody's queue. */
export interface ImportArgs {
  readonly chatType: 'chat' | 'groupchat'
  readonly from: string
  readonly target: string
  readonly payload: string
  /** Epoch ms; absent = now. */
  readonly sentAt?: number
}

export interface StoredMessage {
  readonly msgId: number
  /** Epoch ms. */
  readonly sentAt: number
  readonly chatType: ChatType
  readonly from: string
  readonly to: string
  readonly payload: string
}

export interface MessageOperations {
  /** `ids` in the order of the targets; null = there is no such target, and nothing was sent to it. */
  'message.send': { args: SendArgs; result: { ids: (number | null)[] } }
  /**
   * To every chat room of the app, in each as a message of its own.
   * @returns the id of the one in the oldest room; one that no message has when there is no room
   * @throws `broadcast_off`, `broadcast_rooms_too_many`, `message_rate_reached`
   */
  'message.broadcast': {
    args: Pick<SendArgs, 'from' | 'payload' | 'priority'>
    result: { msgId: number }
  }
  /** @throws `targets_unknown`, `import_time_invalid` */
  'message.import': { args: ImportArgs; result: { msgId: number } }
  /** How many messages wait for a user. */
  'message.count_waiting': { args: { user: string }; result: { username: string; count: number } }
  'message.is_waiting': { args: { user: string; msgId: number }; result: { isWaiting: boolean } }
  /** Messages of the app, oldest first. */
  'message.list': {
    args: {
      /** `select * where timestamp > {ms}`, or another single comparison; absent = all. */
      readonly query?: string
      /** From an earlier page; what is none is as good as absent. */
      readonly cursor?: string
      readonly limit: number
    }
    /** `next`: the cursor of the next page, there when more may follow. */
    result: { messages: StoredMessage[]; next?: string }
  }
}
