// The shape of a dialect's wire table: failure → status, code, text. One row answers a failure; `families`
// and `live` say where a group of routes, or the live edition, answers differently.
import type { Edition } from './failure.ts'

/** Groups of Easemob routes that word the same failure differently (easemob.md §1.7, §3.4). */
export type EasemobFamily =
  | 'users'
  | 'registration' // POST /users
  | 'activation' // …/activate, …/deactivate
  | 'token'
  | 'groups'
  | 'rooms'
  | 'messages' // POST /messages, the older form
  | 'messages_modern' // POST /messages/users, /messages/chatgroups, /messages/chatrooms
  | 'files' // /chatfiles
  | 'metadata' // /metadata

/** The JPush APIs, each with its own block of codes (jpush.md §4). `plan` has those of push, in a flat form (§1.6 E6). */
export type JpushFamily = 'push' | 'report' | 'device' | 'schedule' | 'plan' | 'admin'

export interface EasemobRow {
  readonly status: number
  /** The `error` member. */
  readonly error: string
  /** The `error_description` member: a template. */
  readonly text: string
  /** The `exception` member; absent where the vendor sends none. */
  readonly exception?: string
  /** `oauth`: two members only (easemob.md §1.6). */
  readonly shape?: 'envelope' | 'oauth'
  readonly errorCode?: number
  /** Where it comes from: `S-7` (seed), `N-19` (easemob.md §3.4), `U` (usergrid.md), `ours`. */
  readonly source: string
}

export interface JpushRow {
  readonly status: number
  readonly code: number
  readonly text: string
  /** `vendor` for a documented code, `extension` for a code of ours (9xxx). */
  readonly origin: 'vendor' | 'extension'
}

export interface NeutralRow {
  readonly status: number
  readonly text: string
  /** What `WWW-Authenticate` asks for; with a 401 only. */
  readonly challenge?: string
}

export interface MsyncRow {
  /** `Status.error_code`. */
  readonly code: number
  /** `Status.reason`: a template. */
  readonly reason: string
}

/** A row with its deviations: first what a family says, then what the live edition says. */
export type Rows<Row, Family extends string = string> = Row & {
  readonly families?: { readonly [Name in Family]?: Partial<Row> & { readonly live?: Partial<Row> } }
  readonly live?: Partial<Row>
}

/**
 * The row that answers in `edition` for `family`. A family's own `live` outranks the row's, which outranks the
 * family: a live text that holds for all families is written once.
 */
export function pickRow<Row extends object>(rows: Rows<Row>, edition: Edition, family: string): Row {
  const { families, live, ...base } = rows
  const own = families && Object.hasOwn(families, family) ? families[family] : undefined
  const { live: ownLive, ...byFamily } = own ?? {}
  const picked = { ...base, ...byFamily }
  return (edition === 'live' ? { ...picked, ...live, ...ownLive } : picked) as unknown as Row
}
