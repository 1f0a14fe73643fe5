// What the core tells its gateways without being asked. A wake-up carries ids only: losing one delays a message,
// never loses it.

export type Wake =
  /** These devices have something new to pull. */
  | { readonly kind: 'push'; readonly msgId: number; readonly devices: readonly number[] }
  /** Every device of the app has something new to pull. */
  | { readonly kind: 'broadcast'; readonly msgId: number; readonly appId: number }
  /** Another session took the device over, or it was deleted or became another platform's: end this session. */
  | {
      readonly kind: 'end_session'
      readonly deviceId: number
      readonly session: string
      readonly because: 'takenOver' | 'removed'
    }
