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
  /** Something waits for these users in this queue; not for the device it came from (0 = none). */
  | {
      readonly kind: 'inbox'
      readonly queue: string
      readonly users: readonly number[]
      readonly origin: number
    }
  /** A room has something new to read. */
  | { readonly kind: 'room'; readonly room: string; readonly origin: number }
  /** These users have entered a room, or are in it no longer. */
  | {
      readonly kind: 'room_members'
      readonly room: string
      readonly users: readonly number[]
      readonly areIn: boolean
      /** A message id: those who have entered read the room after it. Absent = after this moment. */
      readonly from?: number
    }
  /** The sessions of a user may last until then (epoch ms; null = as long as they like). */
  | { readonly kind: 'token_renewed'; readonly uid: number; readonly expiresAt: number | null }
  /** These sessions of a user end. */
  | {
      readonly kind: 'end_user_sessions'
      readonly uid: number
      /** Absent = all of them. */
      readonly deviceId?: number
      readonly session?: string
      readonly because: 'takenOver' | 'removed' | 'kicked' | 'passwordChanged'
    }
