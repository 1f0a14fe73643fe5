// What a repeat of an item would be.
import type { OutboxItem } from './item.ts'

/** It may have been executed by a try whose answer was lost, whatever became of it later. */
export function mayHaveRun({ state, failure }: Pick<OutboxItem, 'state' | 'failure'>): boolean {
  return state === 'unknown' || failure?.outcome === 'unknown'
}

/** Does a server know a repeat by its key, while it remembers it? Easemob's own cloud knows none. */
export function isKeyed({ content, key }: OutboxItem, isPosthouse: boolean): boolean {
  return key !== '' && (content.kind === 'push' || isPosthouse)
}

/** The outcome of a failure that was `unknown`, once somebody has said that twice is better than never. */
export const acceptedTwice = 'accepted_twice'

/** It may have been executed, and begins anew all the same. */
export function wasAccepted({ failure }: Pick<OutboxItem, 'failure'>): boolean {
  return failure?.outcome === acceptedTwice
}
