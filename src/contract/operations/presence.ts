// What users tell others about where and how they are: they publish it, others subscribe for a time.

export interface Presence {
  readonly username: string
  /** Epoch ms: when a session of the user last began or ended; 0 = never. */
  readonly lastSeenAt: number
  /** Epoch ms: when the asking user's subscription ends; 0 = there is none. */
  readonly expiresAt: number
  /** The user's own words. */
  readonly ext: string
  /** By resource: 0 = offline, 1 = online, others as the app means them. */
  readonly statuses: Readonly<Record<string, number>>
}

/** Up to as many as the contract allows; who does not exist is left out of the result. */
interface Named {
  readonly user: string
  readonly users: readonly string[]
}

/** @throws `presence_off`, `user_unknown` */
export interface PresenceOperations {
  /** @throws `presence_resource_unknown`, `presence_ext_too_big` */
  'presence.publish': {
    args: { readonly user: string; readonly resource: string; readonly status: number; readonly ext: string }
    result: Record<never, never>
  }
  /** @throws `presence_of_oneself`, `presence_subscriptions_too_many` */
  'presence.subscribe': { args: Named & { readonly seconds: number }; result: { presences: Presence[] } }
  'presence.unsubscribe': { args: Named; result: Record<never, never> }
  'presence.get': { args: Named; result: { presences: Presence[] } }
  /** The subscription that ends first comes first. */
  'presence.list': {
    args: { readonly user: string; readonly offset: number; readonly limit: number }
    result: { total: number; subscriptions: { readonly username: string; readonly expiresAt: number }[] }
  }
}
