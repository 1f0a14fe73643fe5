// Who asks, and what the core has to check before it does anything: identity, right, quota. The doors say which
// credentials came; the core alone decides.

/** A bearer token of an app or a user (easemob.md §1.4). */
export interface TokenCaller {
  readonly as: 'token'
  readonly org: string
  readonly app: string
  /** The request path without its leading slash, for the unknown-app text (seed S-2). */
  readonly uri: string
  readonly token: string | undefined
  readonly ip: string
  /** Calls of one bucket share a rate limit, per app. */
  readonly bucket: string
  readonly need: Need
  /** An earlier command of the same request has been counted against the limit. */
  readonly isCounted?: boolean
}

export type Need =
  /** Anybody; a token, if one came, must still be sound. */
  | { readonly is: 'open' }
  /** The same, for a call that brings the app's client id and secret. */
  | { readonly is: 'client' }
  /** The app's own token. */
  | { readonly is: 'app'; readonly verb: string; readonly path: string }
  /** The app's token, or the token of the user that is named (username or uuid, as sent). */
  | { readonly is: 'self'; readonly user: string; readonly verb: string; readonly path: string }
  /** Any live token of this app. */
  | { readonly is: 'token'; readonly verb: string; readonly path: string }
  /** What the app's registration mode asks for; `many` always needs the app's token (easemob.md §1.8). */
  | { readonly is: 'registration'; readonly many: boolean }

export type QuotaClass = 'push' | 'report' | 'device' | 'schedule' | 'file'

/** appKey and master secret, of an app or of a group of apps (jpush.md §1.4). */
export interface SecretCaller {
  readonly as: 'secret'
  /** Absent = an app. */
  readonly of?: 'app_group' | 'app_or_developer'
  readonly key: string | undefined
  readonly secret: string | undefined
  /** Something else came in the place of both. */
  readonly isMalformed?: boolean
  readonly ip: string
  readonly quota: QuotaClass
  /** `/v3/push` style path and method, for the routes an operator has retired. */
  readonly method: string
  readonly path: string
  /** As above. */
  readonly isCounted?: boolean
}

/** devKey and devSecret of a developer account, for the apps of its organisation (jpush.md §1.4, §3.5). */
export interface DeveloperCaller {
  readonly as: 'developer'
  readonly key: string | undefined
  readonly secret: string | undefined
}

/** A device that knows its app's key only: it may register. */
export interface AppKeyCaller {
  readonly as: 'app_key'
  readonly key: string | undefined
  readonly ip: string
}

/** A registered device. */
export interface DeviceCaller {
  readonly as: 'device'
  readonly registrationId: string | undefined
  readonly password: string | undefined
}

/** This server's own doors: sessions they hold, the operator they have recognised. */
export interface DoorCaller {
  readonly as: 'door'
  /** For what belongs to an app: that of the session it holds. */
  readonly appId?: number
}

export type Caller = TokenCaller | SecretCaller | DeveloperCaller | AppKeyCaller | DeviceCaller | DoorCaller
