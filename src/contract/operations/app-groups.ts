// Groups of apps that are pushed to with one call (jpush.md §3.1.5).
import type { RefusalLike } from '../render.ts'
import type { PushReport, PushRequest } from './pushes.ts'

export interface AppGroup {
  readonly org: string
  readonly name: string
  /** Names of apps of the organisation. */
  readonly apps: readonly string[]
  /** Callers write `group-` before it. */
  readonly group_key: string
  readonly group_master_secret: string
}

/** What became of a push to a group in one of its apps. */
export type GroupOutcome =
  | { readonly appKey: string; readonly msgId: string }
  | { readonly appKey: string; readonly refusal: RefusalLike }

export interface AppGroupOperations {
  /** @throws `app_group_exists`, `app_not_found`, `org_reserved`, `name_illegal`, `app_group_too_large` */
  'app_group.create': { args: { org: string; name: string; apps: readonly string[] }; result: AppGroup }
  'app_group.list': { args: Record<never, never>; result: { groups: AppGroup[] } }
  /** @throws `app_group_unknown`, `app_not_found`, `app_group_too_large` */
  'app_group.change': { args: { org: string; name: string; apps: readonly string[] }; result: AppGroup }
  /** @throws `app_group_unknown` */
  'app_group.delete': { args: { org: string; name: string }; result: AppGroup }

  /** Needs the group's secret. Each app accepts or refuses the push by itself. */
  'group_push.send': {
    args: PushRequest
    result: { groupMsgId: string; sendno: string; outcomes: GroupOutcome[] }
  }
  /** Needs the group's secret: what a push to the group became in its apps, those in which it was accepted. */
  'group_push.report': {
    args: { groupMsgIds: readonly string[] }
    result: { groups: { groupMsgId: string; pushes: PushReport[] }[] }
  }
}
