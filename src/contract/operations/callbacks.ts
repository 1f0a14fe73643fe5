// Callbacks that an app's server has not taken yet.

export interface CallbackOperations {
  /** Those that have failed, by spans of ten minutes (epoch ms) of when they were made; `countMax` of each at most. */
  'callback.failed': {
    args: Record<never, never>
    result: { spans: { readonly from: number; readonly size: number; readonly retries: number }[] }
  }
  /** Sends again now what failed of those made in a span of ten minutes. @returns how many */
  'callback.retry': { args: { from: number; url?: string }; result: { count: number } }
}

export const callbackSpanMs = 600_000
