// How devices use an app (jpush.md §3.2.6).
import type { Platform } from './pushes.ts'

export interface PeriodUsage {
  /** Epoch ms: when the period began. */
  readonly from: number
  /** Devices, each once: those that registered, were connected, and connected anew. */
  readonly platforms: Readonly<
    Partial<
      Record<Platform, { readonly registered: number; readonly online: number; readonly active: number }>
    >
  >
}

interface Wanted {
  readonly unit: 'HOUR' | 'DAY' | 'MONTH'
  /** Epoch ms: the start of the first period, and that of the one after the last. */
  readonly from: number
  readonly until: number
}

export interface UsageOperations {
  /** Periods with something in them, in the order of time. @throws `not_vip`, `usage_too_old` */
  'usage.report': { args: Wanted; result: { periods: PeriodUsage[] } }
  /** Of all apps of the group; needs its secret. @throws `usage_too_old` */
  'usage.report_of_group': { args: Wanted; result: { periods: PeriodUsage[] } }
}
