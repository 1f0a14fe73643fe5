// Everything a door can ask of the core, by name: what goes in, what comes out. Refusals are named in failures.ts.
import type { AppGroupOperations } from './operations/app-groups.ts'
import type { AppOperations } from './operations/apps.ts'
import type { CallbackOperations } from './operations/callbacks.ts'
import type { Caller } from './operations/caller.ts'
import type { ContactOperations } from './operations/contacts.ts'
import type { ConversationOperations } from './operations/conversations.ts'
import type { DeveloperOperations } from './operations/developers.ts'
import type { DeviceOperations } from './operations/devices.ts'
import type { FileOperations } from './operations/files.ts'
import type { GroupAttributeOperations } from './operations/group-attributes.ts'
import type { GroupRequestOperations } from './operations/group-requests.ts'
import type { GroupRoleOperations } from './operations/group-roles.ts'
import type { GroupShieldOperations } from './operations/group-shields.ts'
import type { GroupOperations } from './operations/groups.ts'
import type { HistoryOperations } from './operations/history.ts'
import type { ImageOperations } from './operations/images.ts'
import type { InboxOperations } from './operations/inbox.ts'
import type { ReaderOperations } from './operations/message-readers.ts'
import type { MessageOperations } from './operations/messages.ts'
import type { NotificationOperations } from './operations/notifications.ts'
import type { PresenceOperations } from './operations/presence.ts'
import type { PushFileOperations } from './operations/push-files.ts'
import type { PushOperations } from './operations/pushes.ts'
import type { ReactionOperations } from './operations/reactions.ts'
import type { ScheduleOperations } from './operations/schedules.ts'
import type { ServiceOperations } from './operations/service.ts'
import type { ThreadOperations } from './operations/threads.ts'
import type { TrailOperations } from './operations/trail.ts'
import type { UsageOperations } from './operations/usage.ts'
import type { AttributeOperations } from './operations/user-attributes.ts'
import type { UserOperations } from './operations/users.ts'

export interface Operations
  extends AppOperations,
    AppGroupOperations,
    DeveloperOperations,
    ServiceOperations,
    UserOperations,
    AttributeOperations,
    PresenceOperations,
    NotificationOperations,
    ContactOperations,
    GroupOperations,
    GroupRequestOperations,
    GroupAttributeOperations,
    GroupRoleOperations,
    GroupShieldOperations,
    FileOperations,
    MessageOperations,
    ReaderOperations,
    HistoryOperations,
    ConversationOperations,
    ReactionOperations,
    ThreadOperations,
    CallbackOperations,
    InboxOperations,
    PushOperations,
    PushFileOperations,
    ImageOperations,
    ScheduleOperations,
    UsageOperations,
    TrailOperations,
    DeviceOperations {}

export type OperationName = keyof Operations
export type Args<Name extends OperationName> = Operations[Name]['args']
export type Result<Name extends OperationName> = Operations[Name]['result']

/** A repeat under the same key within its lifetime is answered with the first result and done once. */
export interface IdempotencyKey {
  /** The route, so that one key cannot replay another route's result. */
  readonly scope: string
  readonly value: string
  /** Digest of the request without its key. */
  readonly fingerprint: string
  /** What another request under the same key gets. */
  readonly onMismatch: 'first_result' | 'refuse'
}

export interface Command<Name extends OperationName = OperationName> {
  readonly op: Name
  readonly args: Args<Name>
  readonly caller: Caller
  /** The request id: finds the log line of a failure. */
  readonly request: string
  readonly key?: IdempotencyKey
}

/** What the door learns about the caller, whether the command was done or refused. */
export interface CallerFacts {
  readonly appUuid?: string
  readonly edition?: 'seed' | 'live'
  /** The caller's window of its quota class, for the rate headers of jpush.md §1.7. */
  readonly quota?: { readonly limit: number; readonly remaining: number; readonly resetMs: number }
}

export interface Replay {
  /** When the first result was made (epoch ms), and how long it took. */
  readonly at: number
  readonly tookMs: number
  /** Was this command the first under its key, or a repeat? */
  readonly isRepeat: boolean
  /** The repeat differed from the first request. */
  readonly isMismatch: boolean
}
