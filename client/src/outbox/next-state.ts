// What becomes of an item whose send has failed. Pure.
import { PosthouseError } from '../error.ts'
import type { Random } from '../waits.ts'
import type { OutboxItem, OutboxOptions, OutboxState } from './item.ts'

export interface Next {
  readonly state: OutboxState
  readonly dueAt: number | null
  readonly tries: number
  readonly misses: number
}

export interface Verdict {
  readonly next: Next
  /** Whatever a later try says, this or an earlier one may have been executed. */
  readonly mayHaveRun: boolean
  /** It was not sent, and the server will have forgotten the key by the next try. */
  readonly forgetsKey: boolean
}

export interface Surroundings {
  readonly options: OutboxOptions
  readonly now: number
  readonly random: Random
  /** Is a repeat of what may have been executed harmless, or wanted all the same? */
  readonly mayRepeat: boolean
}

export function judgeFailure(item: OutboxItem, error: unknown, around: Surroundings): Verdict {
  const { options, now, random, mayRepeat } = around
  const failure = error instanceof PosthouseError ? error : undefined
  // A refusal by a limit, or of credentials, comes before the server looks at the key: it says nothing of the try before.
  const mayHaveRun = failure?.outcome === 'unknown' || !failure || item.failure?.outcome === 'unknown'
  // What keeps every item from being sent, such as wrong credentials, is not this item's fault.
  const isMiss = failure?.outcome === 'not_sent' || failure?.class === 'auth'
  const tries = item.tries + (isMiss ? 0 : 1)
  const misses = isMiss ? item.misses + 1 : 0
  const backoff = isMiss
    ? Math.min(options.missMsMax, 1_000 * 2 ** Math.min(30, item.misses))
    : (options.waitsMs[tries - 1] ?? Number.POSITIVE_INFINITY)
  const asked = Math.min(options.waitMsMax, failure?.retryAfterMs ?? 0)
  const at = now + Math.max(backoff * (0.8 + 0.4 * random()), asked)
  const isOver = !Number.isFinite(at) || (!isMiss && failure !== undefined && isHopeless(failure))
  const isKeyDead = at > item.keyAt + options.keyMsMax
  const isKept = !isOver && (!mayHaveRun || (mayRepeat && !isKeyDead))
  const state = mayHaveRun ? 'unknown' : isKept ? 'waiting' : 'dead'
  return {
    next: { state, dueAt: isKept ? Math.ceil(at) : null, tries, misses },
    mayHaveRun,
    forgetsKey: !mayHaveRun && isKeyDead,
  }
}

/** The same request will be refused again, whoever does what about it. */
function isHopeless({ advice, outcome }: PosthouseError): boolean {
  return outcome === 'rejected' && (advice === 'never' || advice === 'split')
}
