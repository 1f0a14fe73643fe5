/** The accounts of an app. Names are in lower case wherever they come out, in any case where they go in. */
export interface User {
  readonly uuid: string
  readonly username: string
  readonly nickname?: string
  readonly activated: boolean
  /** Epoch ms. */
  readonly createdAt: number
  readonly modifiedAt: number
  /** `notification_…` members that were set. */
  readonly pushSettings: PushSettings
  /** Absent where nobody asked for them, and when there are none. */
  readonly bindings?: readonly Binding[]
}

/** A device that the user is pushed to while away. */
export interface Binding {
  /** The app's own name of the device. */
  readonly deviceName: string
  readonly notifier: string
  readonly token: string
}

export type PushSettings = Readonly<Record<string, number | boolean>>

/** What a registration asks for; nothing of it has been checked. */
export interface AccountRequest {
  readonly username?: string
  readonly password?: string
  readonly nickname?: string
}

export interface TokenRequest {
  /** 0 = never expires; absent = as long as the app says. */
  readonly ttlSeconds?: number
}

export interface TokenGrant {
  readonly token: string
  readonly expiresInSeconds: number
}

export interface UserPageRequest {
  /** Absent = the contract's default; more than the contract allows is that much. */
  readonly limit?: number
  /** What an earlier page gave as `next`; one that cannot be read begins at the start. */
  readonly cursor?: string
  /** A query of usergrid.md §5. */
  readonly query?: string
}

export interface UserPage {
  readonly users: readonly User[]
  /** What the query's `select` asks for, instead of whole users. */
  readonly list?: readonly unknown[]
  /** The place of the first user of the next page; absent on the last. */
  readonly next?: string
}

/** A live connection of a user. */
export interface UserSession {
  readonly resource: string
  readonly deviceUuid: string
  readonly deviceName: string
}

export interface UserOperations {
  /** @throws `client_id_unknown`, `client_secret_wrong` */
  'token.for_app': {
    args: TokenRequest & { clientId: string; clientSecret: string }
    result: TokenGrant & { appUuid: string }
  }
  /** @throws `grant_user_unknown`, `grant_password_wrong`, `user_not_activated` */
  'token.for_user': {
    args: TokenRequest & { username: string; password: string }
    result: TokenGrant & { user: User }
  }
  /**
   * Without the user's password: the caller is the app.
   * @throws `inherit_user_unknown`, `user_not_activated`, `username_illegal`, `username_too_long`
   */
  'token.inherit': {
    args: TokenRequest & { username: string; createsUser: boolean }
    result: TokenGrant & { user: User }
  }

  /**
   * Until when the caller's own token is good (epoch ms); the user's sessions last as long from now on. Null = never
   * expires, or the caller is the app.
   */
  'token.renew': { args: { user: string }; result: { expiresAt: number | null } }

  /** @throws what is wrong with the account, in the order of easemob.md §2.2.1; `user_exists` */
  'user.register': { args: AccountRequest; result: User }
  /** `taken`: names that exist already, where the edition registers the others all the same. */
  'user.register_many': {
    args: { accounts: readonly AccountRequest[] }
    result: { users: User[]; taken: string[] }
  }
  /** With its bindings. */
  'user.get': { args: { user: string }; result: User }
  'user.list': { args: UserPageRequest; result: UserPage }
  'user.delete': { args: { user: string }; result: User }
  /** Deletes the page that `user.list` would show. */
  'user.delete_many': { args: UserPageRequest; result: UserPage }
  /** `oldPassword` counts only when the caller is the user. */
  'user.set_password': {
    args: { user: string; newPassword: string; oldPassword?: string }
    result: Record<never, never>
  }
  /** Absent members stay; a null removes one. */
  'user.edit': {
    args: {
      user: string
      nickname?: string | null
      pushSettings: Readonly<Record<string, number | boolean | null>>
    }
    result: User
  }
  'user.set_nicknames': {
    args: { nicknames: readonly { readonly user: string; readonly nickname: string }[] }
    result: { users: User[] }
  }
  'user.activate': { args: { user: string }; result: User }
  'user.deactivate': { args: { user: string }; result: User }

  'user.get_sessions': { args: { user: string }; result: { username: string; sessions: UserSession[] } }
  /** For each name, existing or not: does the user have a live session? */
  'user.are_online': { args: { users: readonly string[] }; result: { online: boolean[] } }
  'user.end_sessions': { args: { user: string; resource?: string }; result: Record<never, never> }
}
