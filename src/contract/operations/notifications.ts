// How users who are away are notified: the devices they are bound to, when they want to hear of what, and the texts.
import type { Binding, User } from './users.ts'

/** The notifier whose tokens are registration ids of this server's own devices. */
export const ownNotifier = 'posthouse'

export const reminds = ['DEFAULT', 'ALL', 'AT', 'NONE'] as const
/** `AT`: only what names the user; `DEFAULT`: as for everything else. */
export type Remind = (typeof reminds)[number]

export interface Notification {
  readonly remind: Remind
  /** `22:00-8:30`, wall-clock times; '' = none. */
  readonly quietInterval: string
  /** Epoch ms; 0 = not. */
  readonly quietUntil: number
}

/** What a setting is for: '' = everything, `u:{username}`, `g:{group id}`. */
interface Setting {
  readonly user: string
  readonly target: string
}

export interface PushTemplate {
  readonly name: string
  readonly title: string
  readonly content: string
  /** Epoch ms. */
  readonly createdAt: number
  readonly updatedAt: number
}

/** @throws `user_unknown` where a user is named */
export interface NotificationOperations {
  /** An empty token ends the binding. @throws `binding_invalid` for a device that is none of the app's, `invalid_request` */
  'binding.set': {
    args: { readonly user: string; readonly binding: Binding }
    /** With its bindings. */
    result: User
  }

  /** Absent members stay. @throws `invalid_request` when there are too many settings */
  'notification.set': {
    args: Setting & {
      readonly remind?: Remind
      readonly quietInterval?: string
      /** From now on; 0 = no more. */
      readonly quietMs?: number
      /** The device on which the user does it: its others are told. */
      readonly resource?: string
    }
    result: Notification
  }
  'notification.get': { args: Setting; result: Notification }
  'notification.get_many': {
    args: { readonly user: string; readonly targets: readonly string[] }
    /** In the order asked. */
    result: { notifications: Notification[] }
  }
  /** Those of conversations that have one of their own, by name. */
  'notification.list': {
    args: { readonly user: string; readonly after: string; readonly limit: number }
    result: { notifications: { readonly target: string; readonly remind: Remind }[]; next?: string }
  }
  'notification.set_language': {
    args: { readonly user: string; readonly language: string }
    result: Record<never, never>
  }
  'notification.get_language': { args: { readonly user: string }; result: { language: string } }

  /** Takes the place of one of the same name. @throws `invalid_request` when the app has too many */
  'template.put': {
    args: { readonly name: string; readonly title: string; readonly content: string }
    result: PushTemplate
  }
  /** @throws `template_unknown` */
  'template.get': { args: { readonly name: string }; result: PushTemplate }
  /** @throws `template_unknown` */
  'template.delete': { args: { readonly name: string }; result: PushTemplate }
}
