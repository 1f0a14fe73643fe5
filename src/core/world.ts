import type { Config } from '../config.ts'
import type { Wake } from '../contract/operations/wakes.ts'
import type { Clock } from '../lib/clock.ts'
import type { MessageIds } from '../lib/message-id.ts'
import type { Db } from '../store/db.ts'
import type { Apps } from './apps.ts'
import type { BoundApps } from './bound-apps.ts'
import type { CallbackGate } from './callback-gate.ts'
import type { ChannelAccounts } from './channel-accounts.ts'
import type { KeptConversations } from './kept-conversations.ts'
import type { OnlineDevices } from './online.ts'
import type { OnlineUsers } from './online-users.ts'
import type { Passwords } from './passwords.ts'
import type { Quotas } from './quotas.ts'
import type { TagBitmaps } from './tag-bitmaps.ts'
import type { Tokens } from './tokens.ts'
import type { UserIds } from './user-ids.ts'

export interface Log {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}

export type JobName =
  | 'fan_out'
  | 'end_lost_sessions'
  | 'purge'
  | 'dissolve'
  | 'forget'
  | 'expire_messages'
  | 'forget_user_devices'
  | 'remove_contents'
  | 'sweep_contents'
  | 'callbacks'
  | 'run_schedules'
  | 'count_online'
  | 'dispatch'
  | 'forget_schedules'
  | 'fill_tag_bitmaps'

/** How much the core has been asked so far: long work of its own makes way while there is much. */
export class Activity {
  commands = 0
}

/** What the core's rules may ask for. */
export interface World {
  readonly db: Db
  readonly clock: Clock
  readonly ids: MessageIds
  readonly config: Config
  readonly log: Log
  readonly activity: Activity
  readonly apps: Apps
  readonly tokens: Tokens
  readonly passwords: Passwords
  readonly quotas: Quotas
  readonly userIds: UserIds
  readonly boundApps: BoundApps
  readonly keptConversations: KeptConversations
  readonly callbackGate: CallbackGate
  readonly channels: ChannelAccounts
  readonly tagBitmaps: TagBitmaps
  /** From 0 to 1, 1 excluded: tests set it. */
  readonly random: () => number
  readonly online: OnlineDevices
  readonly onlineUsers: OnlineUsers
  /** There is work for the job of this name: it need not wait for its turn. */
  readonly nudge: (job: JobName) => void
  /** Tells the gateways at once: only for what is already committed. Inside an operation use `call.wake`. */
  readonly wake: (wake: Wake) => void
}
