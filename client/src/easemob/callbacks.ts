// Callbacks that the app's own server has not taken: easemob.md §5.3. For the app.
import type { CallOptions } from '../caller.ts'
import { ask, askList, once } from './ask.ts'
import type { EasemobClient } from './client.ts'

/** Callbacks that were not taken, of ten minutes. */
export interface FailedCallbacks {
  /** The ten minutes that they are of: `yyyyMMddHHmm`, UTC. */
  readonly date: string
  readonly size: number
  /** How often it was tried again by hand. */
  readonly retry: number
}

/** Of the last three days, by ten minutes. */
export function getFailedCallbacks(
  client: EasemobClient,
  options: CallOptions = {},
): Promise<readonly FailedCallbacks[]> {
  return askList(client, { method: 'GET', template: '/callbacks/storage/info' }, options)
}

/** Which callbacks, and where to. */
export interface RetryCallbacks extends CallOptions {
  /** As listed. */
  readonly date: string
  /** Absent: where they were meant for. */
  readonly targetUrl?: string
}

/** Sends the callbacks of ten minutes again. A repeat would send them twice. @returns false where there are none */
export async function retryCallbacks(
  client: EasemobClient,
  { signal, ...body }: RetryCallbacks,
): Promise<boolean> {
  const call = { method: 'POST', template: '/callbacks/storage/retry', body, ...once() }
  return (await ask<'success' | 'failure'>(client, call, { signal })) === 'success'
}
